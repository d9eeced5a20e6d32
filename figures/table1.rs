//! Supplementary Table 1: data collection, reconstruction and refinement of the three samples.

use std::process::ExitCode;

use anyhow::Result;
use figures::panels::precision::statistics;
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Table 1: data collection and refinement", table1)
}

fn table1(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let store = options.running.source.store_offline()?;
    let panel = stages.time("statistics", || statistics(&store))?;
    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(76.0, "a")]);
    Ok(Figure::new(
        "table1",
        "Data collection, reconstruction and refinement",
        layout,
    )
    .panel('a', panel)
    .footnote("300 kV: Methods. R over all pixels of all images of an area, one scale.")
    .footnote(
        "Reconstructions: the nine areas of the film in data/resire_areas.csv, 500 iterations.",
    ))
}
