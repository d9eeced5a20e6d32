//! Fig. S8: bond order of the atoms, and the faces of their Voronoi cells.

use std::process::ExitCode;

use amorphous_packing::data::EXPERIMENT;
use amorphous_packing::report::voronoi::{bond_order_table, edge_table};
use figures::harness::load::load;
use figures::panels::order::{bond_order_map, edge_bars};
use figures::{Figure, Layout, style};

fn main() -> ExitCode {
    figures::draw(
        "Fig. S8: bond order and Voronoi faces",
        |options, stages| {
            let loaded = load(options, &EXPERIMENT, stages)?;
            let cells = loaded.regulated_cells(stages);
            let atoms = loaded.entries().into_iter();
            let atoms = atoms.map(|rows| rows.with(rows.of.bond_order.as_slice()));
            let orders = bond_order_table(&atoms.collect::<Vec<_>>())?;
            let faces = edge_table(&cells.entries())?;
            let ids = loaded.ids();

            let layout = Layout::even(style::DOUBLE_COLUMN_MM, 62.0, 2, ids.len() + 1);
            let last = ('a'..).nth(ids.len()).unwrap_or('d');
            let figure = Figure::new("figs8", "Bond order and Voronoi faces", layout)
                .panel_for_each(&ids, |sample| bond_order_map(&orders, sample.id()))?
                .panel(last, edge_bars(&faces))
                .table("figs8", &orders);
            Ok(loaded.documented(figure))
        },
    )
}
