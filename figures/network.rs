//! The panels of the network chapter, which Fig. 5 and Figs. S12, S14 and S15 share.

use amorphous_packing::sample::Sample;
use polars::prelude::DataFrame;

use crate::frame::Legend;
use crate::panels::{self, Chart, Panel};
use crate::series::Series;
use crate::style;

/// The motifs that form networks, as the tables name them.
pub const MOTIFS: [&str; 3] = ["quadrilateral", "pentagonal", "hexagonal"];

/// Bipyramids by the number of their vertex- and edge-sharing neighbours (Fig. 5c, S12).
pub fn neighbours(table: &DataFrame, sample: Sample) -> Panel {
    let series = [
        ("vertex_fraction", "Vertex sharing", style::VERTEX_SHARING),
        ("edge_fraction", "Edge sharing", style::EDGE_SHARING),
    ];
    let series = series.map(|(column, label, colour)| {
        let series = Series::column(column).label(label).colour(colour);
        series.only("sample", sample.id())
    });
    let chart = Chart::new("Number of neighbours", "Fraction of bipyramids")
        .when_empty("no pentagonal bipyramids");
    panels::grouped_bars(table, "neighbours", series.into(), chart).titled(sample.label())
}

/// The dihedral angles of edge-sharing pairs, their mean dashed (Fig. 5f).
pub fn dihedral(table: &DataFrame, mean_deg: Option<f64>) -> Panel {
    let chart = Chart::new("Dihedral angle *φ* (°)", "Fraction of pairs")
        .shares()
        .when_empty("no edge-sharing pairs");
    let chart = mean_deg.into_iter().fold(chart, |chart, mean| {
        chart.mark(mean, &format!("mean {mean:.1}°"), style::BLACK)
    });
    let series = Series::by_sample(table, "count");
    panels::histogram(table, ("phi_low_deg", "phi_high_deg"), series, chart)
        .titled("Edge-sharing pairs")
}

/// The population of partial icosahedra (Fig. 5g).
pub fn filling(table: &DataFrame) -> Panel {
    let chart = Chart::new("Icosahedral filling *n*", "Population")
        .log_y()
        .legend(Legend::TopRight)
        .when_empty("no pentagonal bipyramids");
    panels::grouped_bars(table, "n", Series::by_sample(table, "fraction"), chart)
}

/// Networks of one motif by size (Fig. 5i, S14).
pub fn sizes(table: &DataFrame, sample: Sample, motif: &str) -> Panel {
    let chart = Chart::new("Size of the network (bipyramids)", "Number of networks")
        .when_empty("no networks");
    panels::size_histogram(table, "size", vec![of_motif(sample, motif)], chart)
        .titled(&title(sample, motif))
}

/// Networks of one motif by length (S15).
pub fn lengths(table: &DataFrame, sample: Sample, motif: &str) -> Panel {
    let bins = ("length_low_angstrom", "length_high_angstrom");
    let chart = Chart::new("Length of the network (Å)", "Number of networks")
        .log_y()
        .when_empty("no networks");
    panels::histogram(table, bins, vec![of_motif(sample, motif)], chart)
        .titled(&title(sample, motif))
}

fn of_motif(sample: Sample, motif: &str) -> Series {
    Series::column("networks")
        .only("sample", sample.id())
        .only("motif", motif)
        .colour(style::colour(motif))
}

fn title(sample: Sample, motif: &str) -> String {
    format!("{}, {}", sample.label(), style::label(motif).to_lowercase())
}
