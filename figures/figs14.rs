//! Fig. S14: sizes of the networks of four-, five- and six-fold bipyramids.

use amorphous_packing::sample::Sample;
use anyhow::Result;
use figures::panels;
use figures::{Chart, Figure, Layout, Panel, Series, style};
use polars::prelude::DataFrame;

/// The motifs that form networks, as the tables name them.
const MOTIFS: [&str; 3] = ["quadrilateral", "pentagonal", "hexagonal"];

/// The page: a row for each sample, in it one chart per motif, on the same axes.
pub(crate) fn page(sizes: &DataFrame, samples: &[Sample]) -> Result<Figure> {
    let layout = Layout::even(style::DOUBLE_COLUMN_MM, 48.0, 1, samples.len());
    let mut figure = Figure::new("figs14", "Sizes of the networks", layout);
    for (letter, &sample) in ('a'..).zip(samples) {
        figure = figure.panel(letter, row(sizes, sample)?);
    }
    Ok(figure.table("figs14", sizes))
}

fn row(table: &DataFrame, sample: Sample) -> Result<Panel> {
    let of_sample = |column: &str| Series::column(column).only("sample", sample.id());
    let chart = Chart::new("Size of the network (bipyramids)", "Number of networks")
        .log_x()
        .x_holds(of_sample("size").extent(table)?)
        .y_holds(of_sample("networks").extent(table)?)
        .when_empty("no networks");
    let panel = |motif: &str| {
        let series = of_sample("networks")
            .only("motif", motif)
            .colour(style::colour(motif));
        let title = format!("{}, {}", sample.label(), style::label(motif).to_lowercase());
        panels::size_histogram(table, "size", vec![series], chart.clone()).titled(&title)
    };
    Ok(panels::side_by_side(MOTIFS.map(panel).into()))
}
