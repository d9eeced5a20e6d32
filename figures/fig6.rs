//! Fig. 6: networks of pentagonal bipyramids in the simulated liquid and glass.

use std::process::ExitCode;

use amorphous_packing::analysis::Region;
use amorphous_packing::data::Sample;
use amorphous_packing::report::network::filling_table;
use amorphous_packing::report::packing::population_temperature_table;
use anyhow::Result;
use figures::harness::load::load;
use figures::page::panel::placeholder;
use figures::panels::liquid::{filling, kelvin, populations, shown};
use figures::scenes::liquid::{SNAPSHOT_COLOURS, snapshot};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Fig. 6: networks in the liquid and the glass", fig6)
}

fn fig6(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let loaded = load(options, &Sample::quench(), stages)?;
    let shown = shown(&loaded.ids());
    let networks = loaded.networks_of(&shown, &[5], Region::Amorphous, stages);
    let motifs = stages.time("populations", || {
        population_temperature_table(&loaded.frames())
    })?;

    let layout = Layout::grid(
        style::DOUBLE_COLUMN_MM,
        &[(62.0, "aaabbb"), (62.0, "ccddee")],
    );
    let mut figure = Figure::new("fig6", "Networks in the liquid and the glass", layout)
        .panel('a', populations(&motifs))
        .panel('b', filling(&filling_table(&networks.entries())?, &shown))
        .footnote(SNAPSHOT_COLOURS);
    for (place, letter) in ['c', 'd', 'e'].into_iter().enumerate() {
        let panel = match shown.get(place) {
            Some(&sample) => snapshot(networks.of(sample)?).titled(&kelvin(sample)),
            None => placeholder("no further frame was asked for"),
        };
        figure = figure.panel(letter, panel);
    }
    Ok(loaded.documented(figure))
}
