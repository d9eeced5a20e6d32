//! Fig. S9: populations of the motifs, and atoms in tetrahedra, against the largest distortion.

use std::process::ExitCode;

use amorphous_packing::data::EXPERIMENT;
use amorphous_packing::report::packing::population_table;
use figures::harness::load::load;
use figures::panels::packing::populations_with_atoms;
use figures::{Figure, Layout, style};

fn main() -> ExitCode {
    figures::draw(
        "Fig. S9: populations against distortion",
        |options, stages| {
            let loaded = load(options, &EXPERIMENT, stages)?;
            let table = stages.time("populations", || population_table(&loaded.entries()))?;

            let layout = Layout::even(style::DOUBLE_COLUMN_MM, 60.0, 3, loaded.samples.len());
            let figure = Figure::new("figs9", "Populations against distortion", layout)
                .panel_for_each(&loaded.ids(), |sample| {
                    Ok(populations_with_atoms(&table, sample.id()))
                })?
                .table("figs9", &table);
            Ok(loaded.documented(figure))
        },
    )
}
