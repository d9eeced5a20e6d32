//! Fig. S14: sizes of the networks of four-, five- and six-fold bipyramids.

use std::process::ExitCode;

use amorphous_packing::analysis::Region;
use amorphous_packing::data::EXPERIMENT;
use amorphous_packing::report::network::size_table;
use figures::harness::load::load;
use figures::panels::network;
use figures::{Figure, Layout, style};

fn main() -> ExitCode {
    figures::draw("Fig. S14: sizes of the networks", |options, stages| {
        let loaded = load(options, &EXPERIMENT, stages)?;
        let networks = loaded.networks(&[4, 5, 6], Region::Amorphous, stages);
        let table = size_table(&networks.entries())?;

        let layout = Layout::even(style::DOUBLE_COLUMN_MM, 48.0, 1, loaded.samples.len());
        let figure = Figure::new("figs14", "Sizes of the networks", layout)
            .panel_for_each(&loaded.ids(), |sample| {
                network::sizes_by_motif(&table, sample.id())
            })?
            .table("figs14", &table);
        Ok(loaded.documented(figure))
    })
}
