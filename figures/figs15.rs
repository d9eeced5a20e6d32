//! Fig. S15: lengths of the networks of four-, five- and six-fold bipyramids.

use amorphous_packing::sample::Sample;
use figures::panels::{self, Chart, Panel};
use figures::series::Series;
use figures::{Figure, Layout, style};
use polars::prelude::DataFrame;

/// The motifs that form networks, as the tables name them.
const MOTIFS: [&str; 3] = ["quadrilateral", "pentagonal", "hexagonal"];

/// The page: a row for each sample, in it one chart per motif.
pub(crate) fn page(lengths: &DataFrame, samples: &[Sample]) -> Figure {
    let rows = ["a", "b", "c", "d"].map(|letter| (54.0, letter));
    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &rows[..samples.len()]);
    let figure = Figure::new("figs15", "Lengths of the networks", layout);
    ('a'..)
        .zip(samples)
        .fold(figure, |figure, (letter, &sample)| {
            let charts = MOTIFS.map(|motif| chart(lengths, sample, motif));
            figure.panel(letter, panels::side_by_side(charts.into()))
        })
        .table("figs15", lengths)
}

fn chart(table: &DataFrame, sample: Sample, motif: &str) -> Panel {
    let series = Series::column("networks")
        .only("sample", sample.id())
        .only("motif", motif)
        .colour(style::colour(motif));
    let bins = ("length_low_angstrom", "length_high_angstrom");
    let chart = Chart::new("Length of the network (Å)", "Number of networks")
        .log_y()
        .when_empty("no networks");
    let title = format!("{}, {}", sample.label(), style::label(motif).to_lowercase());
    panels::histogram(table, bins, vec![series], chart).titled(&title)
}
