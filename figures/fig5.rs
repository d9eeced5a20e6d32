//! Fig. 5: how pentagonal bipyramids share vertices and edges, and the networks they form.

use amorphous_packing::sample::Sample;
use figures::panels::{self, placeholder};
use figures::{Chart, Figure, Layout, Panel, Series, style};
use polars::prelude::DataFrame;

/// The tables of the figure, one for each quantitative panel, all samples in each.
pub(crate) struct Tables {
    /// Panel c: neighbours of a bipyramid.
    pub(crate) sharing: DataFrame,
    /// Panel f: dihedral angles of edge-sharing pairs.
    pub(crate) dihedral: DataFrame,
    /// Panel f: the mean dihedral angle over all samples; `None` without a pair.
    pub(crate) dihedral_mean_deg: Option<f64>,
    /// Panel g: icosahedral filling.
    pub(crate) filling: DataFrame,
    /// Panel i: sizes of the networks.
    pub(crate) sizes: DataFrame,
}

/// The page; panels c and i show `sample`, the others all samples of their table.
pub(crate) fn page(tables: &Tables, sample: Sample) -> Figure {
    let later = || placeholder("three-dimensional view: drawn by a later chapter");
    let layout = Layout::grid(
        style::DOUBLE_COLUMN_MM,
        &[
            (44.0, "aaabbbcccccc"),
            (44.0, "dddeeeffffff"),
            (50.0, "gggggghhhhhh"),
            (62.0, "iiiiijjjjjjj"),
        ],
    );
    Figure::new("fig5", "Networks of pentagonal bipyramids", layout)
        .panel('a', later().titled("Vertex sharing"))
        .panel('b', later().titled("Edge sharing"))
        .panel('c', panels::neighbours(&tables.sharing, sample))
        .panel('d', later().titled("Vertex-sharing cluster"))
        .panel('e', later().titled("Edge-sharing cluster"))
        .panel('f', dihedral(&tables.dihedral, tables.dihedral_mean_deg))
        .panel('g', filling(&tables.filling))
        .panel('h', later().titled("Network with partial icosahedra"))
        .panel('i', sizes(&tables.sizes, sample))
        .panel('j', later().titled("Largest network"))
}

fn dihedral(table: &DataFrame, mean_deg: Option<f64>) -> Panel {
    let chart = Chart::new("Dihedral angle *φ* (°)", "Fraction of pairs")
        .shares()
        .x_range(90.0..180.0)
        .when_empty("no edge-sharing pairs");
    let chart = mean_deg.into_iter().fold(chart, |chart, mean| {
        chart.mark(mean, &format!("mean {mean:.1}°"), style::BLACK)
    });
    let series = Series::by_sample(table, "count");
    panels::histogram(table, ("phi_low_deg", "phi_high_deg"), series, chart)
        .titled("Edge-sharing pairs")
}

fn filling(table: &DataFrame) -> Panel {
    let chart = Chart::new("Icosahedral filling *n*", "Population");
    panels::grouped_bars(table, "n", Series::by_sample(table, "fraction"), chart)
}

fn sizes(table: &DataFrame, sample: Sample) -> Panel {
    let series = Series::column("networks")
        .only("sample", sample.id())
        .only("motif", "pentagonal")
        .colour(style::FIVE_FOLD);
    let chart = Chart::new("Size of the network (bipyramids)", "Number of networks")
        .when_empty("no networks");
    panels::size_histogram(table, "size", vec![series], chart).titled(sample.label())
}
