//! Fig. S13: how distorted the distorted icosahedra are.

use std::process::ExitCode;

use amorphous_packing::data::EXPERIMENT;
use amorphous_packing::report::voronoi::distortion_table;
use figures::harness::load::load;
use figures::panels::order::distortion;
use figures::{Figure, Layout, style};

fn main() -> ExitCode {
    figures::draw(
        "Fig. S13: distortion of the icosahedra",
        |options, stages| {
            let loaded = load(options, &EXPERIMENT, stages)?;
            let cells = loaded.regulated_cells(stages);
            let table = distortion_table(&cells.entries())?;

            let layout = Layout::even(style::SINGLE_COLUMN_MM, 62.0, 1, 1);
            let figure = Figure::new("figs13", "Distortion of the icosahedra", layout)
                .panel('a', distortion(&table).without_table())
                .table("figs13", &table);
            Ok(loaded.documented(figure))
        },
    )
}
