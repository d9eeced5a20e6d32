//! The panels of the packing chapter, which Figs. 2 and S9 share.

use polars::prelude::DataFrame;

use crate::charts::plots;
use crate::page::style::label;
use crate::{Chart, Legend, Panel, Series, style};

/// The populations of the four motifs against the largest distortion (Fig. 2b).
pub fn populations(table: &DataFrame, sample: &str) -> Panel {
    let chart = population_chart("Fraction of tetrahedra");
    plots::curves(table, "delta", motifs(sample), chart).titled(&label(sample))
}

/// The same, with the share of the atoms that take part in tetrahedra (S9).
pub fn populations_with_atoms(table: &DataFrame, sample: &str) -> Panel {
    let atoms = Series::column("atoms_in_tetrahedra")
        .only("sample", sample)
        .label("Atoms in tetrahedra")
        .colour(style::TA_FILM);
    let series = [motifs(sample), vec![atoms]].concat();
    let chart = population_chart("Fraction").y_range(0.0..1.0);
    plots::curves(table, "delta", series, chart.legend(Legend::Above)).titled(&label(sample))
}

/// The populations at the distortion of the main analysis, a bar for each sample (Fig. 2c).
pub fn motif_fractions(table: &DataFrame) -> Panel {
    let chart = Chart::new("", "Fraction of tetrahedra").when_empty("no motifs");
    let series = Series::by_sample(table, "fraction");
    plots::grouped_bars(table, "motif", series, chart).titled("Motifs at *δ* ≤ 0.255")
}

fn population_chart(y_title: &str) -> Chart {
    Chart::new("Largest distortion *δ*", y_title)
        .x_range(0.05..0.35)
        .legend(Legend::TopLeft)
        .when_empty("no motifs")
}

fn motifs(sample: &str) -> Vec<Series> {
    style::MOTIFS
        .iter()
        .map(|&(motif, label, colour)| {
            let series = Series::column(motif).label(label).colour(colour);
            series.only("sample", sample)
        })
        .collect()
}
