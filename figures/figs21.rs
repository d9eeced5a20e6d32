//! Fig. S21: the networks of pentagonal bipyramids at three temperatures of the quench.

use std::process::ExitCode;

use amorphous_packing::analysis::Region;
use amorphous_packing::report::liquid::growth_table;
use anyhow::Result;
use figures::harness::load::load;
use figures::panels::liquid::{default_shown, kelvin};
use figures::scenes::liquid::{BOX_COLOURS, box_of_networks, largest_described};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Fig. S21: networks at three temperatures", figs21)
}

fn figs21(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let loaded = load(options, &default_shown(), stages)?;
    let networks = loaded.networks(&[5], Region::Amorphous, stages);

    let layout = Layout::even(style::DOUBLE_COLUMN_MM, 66.0, 3, loaded.samples.len());
    let figure = Figure::new("figs21", "Networks at three temperatures", layout)
        .panel_for_each(&loaded.ids(), |sample| {
            let entry = networks.of(sample)?;
            let title = format!("{}: {}", kelvin(sample), largest_described(entry));
            Ok(box_of_networks(entry).titled(&title))
        })?
        .table("figs21", &growth_table(&networks.frames())?)
        .footnote(BOX_COLOURS);
    Ok(loaded.documented(figure))
}
