//! Fig. S11: bond angles of the three samples, and those of ideal motifs.

use std::process::ExitCode;

use amorphous_packing::data::EXPERIMENT;
use amorphous_packing::report::bipyramid::bond_angle_table;
use figures::harness::load::load;
use figures::panels::bipyramid::{bond_angles, ideal_angles};
use figures::{Figure, Layout, style};

fn main() -> ExitCode {
    figures::draw("Fig. S11: bond angles", |options, stages| {
        let loaded = load(options, &EXPERIMENT, stages)?;
        let table = stages.time("bond angles", || bond_angle_table(&loaded.entries()))?;

        // The letter after the samples' is that of the ideal values.
        let samples = loaded.samples.len();
        let layout = Layout::even(style::DOUBLE_COLUMN_MM, 52.0, 2, samples + 1);
        let ideal = ('a'..).nth(samples).unwrap_or('d');
        let figure = Figure::new("figs11", "Bond angles", layout)
            .panel_for_each(&loaded.ids(), |sample| bond_angles(&table, sample.id()))?
            .panel(ideal, ideal_angles())
            .table("figs11", &table);
        Ok(loaded.documented(figure))
    })
}
