//! The panels of the network chapter, which Fig. 5 and Figs. S12, S14 and S15 share.

use anyhow::Result;
use polars::prelude::DataFrame;

use crate::charts::plots;
use crate::page::panel::side_by_side;
use crate::page::style::label;
use crate::{Chart, Legend, Panel, Series, style};

/// The motifs that form networks, as the tables name them.
const MOTIFS: [&str; 3] = ["quadrilateral", "pentagonal", "hexagonal"];

/// Bipyramids by the number of their vertex- and edge-sharing neighbours (Fig. 5c, S12).
pub fn neighbours(table: &DataFrame, sample: &str) -> Panel {
    let series = [
        ("vertex_fraction", "Vertex sharing", style::VERTEX_SHARING),
        ("edge_fraction", "Edge sharing", style::EDGE_SHARING),
    ];
    let series = series.map(|(column, label, colour)| {
        let series = Series::column(column).label(label).colour(colour);
        series.only("sample", sample)
    });
    let chart = Chart::new("Number of neighbours", "Fraction of bipyramids")
        .when_empty("no pentagonal bipyramids");
    plots::grouped_bars(table, "neighbours", series.into(), chart).titled(&label(sample))
}

/// The dihedral angles of edge-sharing pairs, their mean dashed (Fig. 5f).
pub fn dihedral(table: &DataFrame, mean_deg: Option<f64>) -> Panel {
    let chart = Chart::new("Dihedral angle *φ* (°)", "Fraction of pairs")
        .shares()
        .x_range(90.0..180.0)
        .when_empty("no edge-sharing pairs");
    let chart = mean_deg.into_iter().fold(chart, |chart, mean| {
        chart.mark(mean, &format!("mean {mean:.1}°"), style::BLACK)
    });
    let series = Series::by_sample(table, "count");
    plots::histogram(table, ("phi_low_deg", "phi_high_deg"), series, chart)
        .titled("Edge-sharing pairs")
}

/// The population of partial icosahedra (Fig. 5g).
pub fn filling(table: &DataFrame) -> Panel {
    let chart = Chart::new("Icosahedral filling *n*", "Population")
        .log_y()
        .legend(Legend::TopRight)
        .when_empty("no pentagonal bipyramids");
    plots::grouped_bars(table, "n", Series::by_sample(table, "fraction"), chart)
        .titled("Partial icosahedra")
}

/// Pentagonal networks by size (Fig. 5i).
pub fn pentagonal_sizes(table: &DataFrame, sample: &str) -> Panel {
    let chart = Chart::new("Size of the network (bipyramids)", "Number of networks")
        .when_empty("no networks");
    plots::size_histogram(table, "size", vec![of_motif(sample, "pentagonal")], chart)
        .titled(&label(sample))
}

/// Networks by size, one chart per motif on the same axes (S14).
///
/// # Errors
/// When the table lacks a column.
pub fn sizes_by_motif(table: &DataFrame, sample: &str) -> Result<Panel> {
    let chart = Chart::new("Size of the network (bipyramids)", "Number of networks")
        .log_x()
        .x_holds(of_sample(sample, "size").extent(table)?)
        .y_holds(of_sample(sample, "networks").extent(table)?)
        .when_empty("no networks");
    Ok(by_motif(sample, |motif| {
        plots::size_histogram(table, "size", vec![of_motif(sample, motif)], chart.clone())
    }))
}

/// Networks by length, one chart per motif on the same axes (S15).
///
/// # Errors
/// When the table lacks a column.
pub fn lengths_by_motif(table: &DataFrame, sample: &str) -> Result<Panel> {
    let bins = ("length_low_angstrom", "length_high_angstrom");
    let chart = Chart::new("Length of the network (Å)", "Number of networks")
        .log_y()
        .x_holds(of_sample(sample, bins.0).extent(table)?)
        .x_holds(of_sample(sample, bins.1).extent(table)?)
        .y_holds(of_sample(sample, "networks").extent(table)?)
        .when_empty("no networks");
    Ok(by_motif(sample, |motif| {
        plots::histogram(table, bins, vec![of_motif(sample, motif)], chart.clone())
    }))
}

fn by_motif(sample: &str, chart: impl Fn(&str) -> Panel) -> Panel {
    let charts = MOTIFS.map(|motif| {
        let name = style::label(motif).to_lowercase();
        chart(motif).titled(&format!("{}, {name}", label(sample)))
    });
    side_by_side(charts.into())
}

fn of_sample(sample: &str, column: &str) -> Series {
    Series::column(column).only("sample", sample)
}

fn of_motif(sample: &str, motif: &str) -> Series {
    of_sample(sample, "networks")
        .only("motif", motif)
        .colour(style::colour(motif))
}
