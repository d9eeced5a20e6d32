//! The panels of the pair distribution: Fig. 1c.

use amorphous_packing::data::Sample;
use amorphous_packing::order::PairDistribution;
use amorphous_packing::report::Rows;
use anyhow::{Context, Result};
use polars::prelude::DataFrame;

use crate::charts::plots;
use crate::harness::load::{Loaded, rows_of};
use crate::harness::stages::Stages;
use crate::page::style::sample_label;
use crate::{Chart, Panel, Series, style};

/// How far the curves are drawn, in multiples of the position of the first peak.
const FARTHEST: f64 = 4.5;

/// g(r) of the amorphous part of every loaded sample.
///
/// # Errors
/// When a sample has too few amorphous atoms.
pub fn curves_of(
    loaded: &Loaded,
    stages: &mut Stages,
) -> Result<Vec<Rows<'static, PairDistribution>>> {
    stages.time("pair distribution", || {
        let samples = loaded.samples.iter();
        samples
            .map(|(sample, analysis)| {
                let curve = analysis.amorphous_pair_distribution();
                let curve = curve.with_context(|| format!("{sample} has no g(r)"))?;
                Ok(rows_of(*sample, curve))
            })
            .collect()
    })
}

/// The same rows, as the tables take them.
pub fn borrowed<'a>(
    curves: &'a [Rows<'a, PairDistribution>],
) -> Vec<Rows<'a, &'a PairDistribution>> {
    curves.iter().map(|rows| rows.with(&rows.of)).collect()
}

/// The curves against `r/R1`, the simulation dotted (Fig. 1c).
pub fn curves(table: &DataFrame, samples: &[Sample]) -> Panel {
    let series = samples.iter().map(|&sample| {
        let series = Series::column("g")
            .only("sample", sample.id())
            .label(sample_label(sample))
            .colour(style::sample_colour(sample));
        match sample.temperature_k() {
            Some(_) => series.colour(style::BLACK).dotted(),
            None => series,
        }
    });
    let chart = Chart::new("*r*/*R*_{1}", "*g*(*r*)")
        .x_range(0.0..FARTHEST)
        .y_range(0.0..2.0)
        .when_empty("no pair distribution");
    plots::curves(table, "r_over_r1", series.collect(), chart).titled("Pair distribution")
}
