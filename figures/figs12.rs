//! Fig. S12: neighbours of the pentagonal bipyramids of the two palladium nanoparticles.

use std::process::ExitCode;

use amorphous_packing::analysis::Region;
use amorphous_packing::data::Sample;
use amorphous_packing::report::network::neighbour_table;
use figures::harness::load::load;
use figures::panels::network::neighbours;
use figures::{Figure, Layout, style};

fn main() -> ExitCode {
    figures::draw(
        "Fig. S12: neighbours of pentagonal bipyramids",
        |options, stages| {
            let loaded = load(options, &[Sample::Pd1, Sample::Pd2], stages)?;
            let networks = loaded.networks(&[5], Region::Amorphous, stages);
            let table = neighbour_table(&networks.entries())?;

            let layout = Layout::even(style::DOUBLE_COLUMN_MM, 58.0, 2, loaded.samples.len());
            let figure = Figure::new("figs12", "Neighbours of pentagonal bipyramids", layout)
                .panel_for_each(&loaded.ids(), |sample| Ok(neighbours(&table, sample.id())))?
                .table("figs12", &table);
            Ok(loaded.documented(figure))
        },
    )
}
