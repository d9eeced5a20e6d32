//! Fig. 2: the four motifs of polytetrahedral packing and their populations.

use std::process::ExitCode;

use amorphous_packing::data::{EXPERIMENT, Sample};
use amorphous_packing::report::packing::{motif_table, population_table};
use anyhow::Result;
use figures::harness::load::{load, rows_of};
use figures::panels::packing::{motif_fractions, populations};
use figures::scenes::motifs::{COLOURS, motifs};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Fig. 2: the four motifs and their populations", fig2)
}

fn fig2(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let loaded = load(options, &EXPERIMENT, stages)?;
    let entries = loaded.entries();
    let (shown, analysis) = loaded.shown(Sample::TaFilm);
    let against_delta = stages.time("populations", || {
        population_table(&[rows_of(shown, analysis)])
    })?;

    let layout = Layout::grid(
        style::DOUBLE_COLUMN_MM,
        &[(38.0, "aaaaaaaaaaaa"), (58.0, "bbbbbbcccccc")],
    );
    let scenes = motifs(analysis, &layout, 'a');
    let figure = Figure::new("fig2", "Motifs of polytetrahedral packing", layout)
        .panel('a', scenes)
        .panel('b', populations(&against_delta, shown.id()))
        .panel('c', motif_fractions(&motif_table(&entries)?));
    let chosen = format!(
        "{COLOURS} Those of the smallest critical *δ*, {}.",
        style::sample_label(shown)
    );
    Ok(loaded.documented(figure.footnote(&chosen)))
}
