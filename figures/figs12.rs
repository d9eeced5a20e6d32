//! Fig. S12: neighbours of the pentagonal bipyramids of the two palladium nanoparticles.

use amorphous_packing::sample::Sample;
use figures::panels;
use figures::{Chart, Figure, Layout, Panel, Series, style};
use polars::prelude::DataFrame;

/// The page: a panel for each sample.
pub(crate) fn page(sharing: &DataFrame, samples: &[Sample]) -> Figure {
    let layout = Layout::even(style::DOUBLE_COLUMN_MM, 58.0, 2, samples.len());
    let figure = Figure::new("figs12", "Neighbours of pentagonal bipyramids", layout);
    ('a'..)
        .zip(samples)
        .fold(figure, |figure, (letter, &sample)| {
            figure.panel(letter, neighbours(sharing, sample).without_table())
        })
        .table("figs12", sharing)
}

fn neighbours(table: &DataFrame, sample: Sample) -> Panel {
    let series = [
        ("vertex_fraction", "Vertex sharing", style::VERTEX_SHARING),
        ("edge_fraction", "Edge sharing", style::EDGE_SHARING),
    ];
    let series = series.map(|(column, label, colour)| {
        let series = Series::column(column).label(label).colour(colour);
        series.only("sample", sample.id())
    });
    let chart = Chart::new("Number of neighbours", "Fraction of bipyramids");
    panels::grouped_bars(table, "neighbours", series.into(), chart).titled(sample.label())
}
