//! Fig. S14: sizes of the networks of four-, five- and six-fold bipyramids.

use amorphous_packing::sample::Sample;
use figures::panels::{self, Chart, Panel};
use figures::series::Series;
use figures::{Figure, Layout, style};
use polars::prelude::DataFrame;

/// The motifs that form networks, as the tables name them.
const MOTIFS: [&str; 3] = ["quadrilateral", "pentagonal", "hexagonal"];

/// The page: a row for each sample, in it one chart per motif.
pub(crate) fn page(sizes: &DataFrame, samples: &[Sample]) -> Figure {
    let rows = ["a", "b", "c", "d"].map(|letter| (54.0, letter));
    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &rows[..samples.len()]);
    let figure = Figure::new("figs14", "Sizes of the networks", layout);
    ('a'..)
        .zip(samples)
        .fold(figure, |figure, (letter, &sample)| {
            let charts = MOTIFS.map(|motif| chart(sizes, sample, motif));
            figure.panel(letter, panels::side_by_side(charts.into()))
        })
        .table("figs14", sizes)
}

fn chart(table: &DataFrame, sample: Sample, motif: &str) -> Panel {
    let series = Series::column("networks")
        .only("sample", sample.id())
        .only("motif", motif)
        .colour(style::colour(motif));
    let chart = Chart::new("Size of the network (bipyramids)", "Number of networks")
        .when_empty("no networks");
    let title = format!("{}, {}", sample.label(), style::label(motif).to_lowercase());
    panels::size_histogram(table, "size", vec![series], chart).titled(&title)
}
