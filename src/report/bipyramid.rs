//! The tables behind Fig. 4 and Supplementary Fig. 11: one row per sample, bin or vertex. Shapes are
//! those of all pentagonal bipyramids, angles those about amorphous atoms.

use polars::prelude::*;

use crate::analysis::{Analysis, Region};
use crate::atoms::Vec3;
use crate::bipyramid::{AverageBipyramid, BipyramidShape, mean_of, shape_of};
use crate::geometry::ideal_bipyramid;
use crate::numerics::{Bins, Histogram};

use super::rows::{Rows, histogram_table, samples, temperatures};

/// The width of the bins of theta in degrees, and their number.
const THETA_BINS: (f64, usize) = (1.0, 90);

/// What the tables call the ideal bipyramid.
pub const IDEAL: &str = "ideal";

/// The mean ratios of the bonds, those of the ideal bipyramid first (Fig. 4b): `sample,
/// alpha_over_gamma, beta_over_gamma`; empty where a sample has no bipyramid.
///
/// # Errors
/// Only those of polars.
pub fn ratio_table(entries: &[Rows<'_, &Analysis>]) -> PolarsResult<DataFrame> {
    let (caps, ring) = ideal_bipyramid();
    let mut shapes = vec![(IDEAL, vec![shape_of(caps, &ring)])];
    for Rows { sample, of, .. } in entries {
        shapes.push((sample, of.pentagonal_shapes(Region::All)));
    }
    let column = |measure: fn(&BipyramidShape) -> f64| -> Vec<Option<f64>> {
        let rows = shapes.iter();
        rows.map(|(_, shapes)| mean_of(shapes, measure)).collect()
    };
    df!(
        "sample" => shapes.iter().map(|(sample, _)| *sample).collect::<Vec<_>>(),
        "alpha_over_gamma" => column(BipyramidShape::alpha_over_gamma),
        "beta_over_gamma" => column(BipyramidShape::beta_over_gamma),
    )
}

/// The distribution of theta (Fig. 4c): `sample, theta_low_deg, theta_high_deg, count`.
///
/// # Errors
/// Only those of polars.
pub fn theta_table(entries: &[Rows<'_, &Analysis>]) -> PolarsResult<DataFrame> {
    let (width, count) = THETA_BINS;
    let histograms = entries.iter().map(|rows| {
        let shapes = rows.of.pentagonal_shapes(Region::All);
        let thetas = shapes.iter().map(|shape| shape.theta_deg);
        rows.with(Histogram::of(thetas, Bins::of_width(width), count))
    });
    histogram_table(
        &histograms.collect::<Vec<_>>(),
        ("theta_low_deg", "theta_high_deg"),
    )
}

/// The mean of theta (the dashed lines of Fig. 4c): `sample, theta_mean_deg`.
///
/// # Errors
/// Only those of polars.
pub fn theta_mean_table(entries: &[Rows<'_, &Analysis>]) -> PolarsResult<DataFrame> {
    let mean_theta = |rows: &Rows<'_, &Analysis>| {
        mean_of(&rows.of.pentagonal_shapes(Region::All), |shape| {
            shape.theta_deg
        })
    };
    let means: Vec<Option<f64>> = entries.iter().map(mean_theta).collect();
    df!("sample" => samples(entries), "theta_mean_deg" => means)
}

/// The distortion against temperature (Fig. 4b, d): `temperature_k, theta_mean_deg,
/// alpha_over_gamma, beta_over_gamma`, means over all bipyramids.
///
/// # Errors
/// Only those of polars.
pub fn distortion_temperature_table(frames: &[Rows<'_, &Analysis>]) -> PolarsResult<DataFrame> {
    let shapes: Vec<Vec<BipyramidShape>> = frames
        .iter()
        .map(|rows| rows.of.pentagonal_shapes(Region::All))
        .collect();
    let column = |measure: fn(&BipyramidShape) -> f64| -> Vec<Option<f64>> {
        let rows = shapes.iter();
        rows.map(|shapes| mean_of(shapes, measure)).collect()
    };
    df!(
        "temperature_k" => temperatures(frames),
        "theta_mean_deg" => column(|shape| shape.theta_deg),
        "alpha_over_gamma" => column(BipyramidShape::alpha_over_gamma),
        "beta_over_gamma" => column(BipyramidShape::beta_over_gamma),
    )
}

/// The distribution of the bond angles (Supplementary Fig. 11): `sample, angle_low_deg,
/// angle_high_deg, probability`; the probabilities of a sample sum to one.
///
/// # Errors
/// Only those of polars.
pub fn bond_angle_table(entries: &[Rows<'_, &Analysis>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut probability) = (Vec::new(), Vec::new());
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for Rows { sample, of, .. } in entries {
        let histogram = of.bond_angles();
        let histogram = histogram.map_err(|error| polars_err!(ComputeError: "{error}"))?;
        let total: u64 = histogram.counts.iter().sum();
        for (ends, count) in histogram.rows() {
            samples.push(*sample);
            low.push(ends.0);
            high.push(ends.1);
            probability.push(count as f64 / total.max(1) as f64);
        }
    }
    df!(
        "sample" => samples,
        "angle_low_deg" => low,
        "angle_high_deg" => high,
        "probability" => probability,
    )
}

/// The vertices of the ideal and of the average bipyramid (Fig. 4a): `bipyramid, vertex,
/// x_angstrom, y_angstrom, z_angstrom`. The ideal one has the ring bonds of the average.
///
/// # Errors
/// Only those of polars.
pub fn average_table(average: &AverageBipyramid) -> PolarsResult<DataFrame> {
    const VERTICES: [&str; 7] = [
        "cap_1", "cap_2", "ring_1", "ring_2", "ring_3", "ring_4", "ring_5",
    ];
    let gamma = average.shape().gamma;
    let (caps, ring) = ideal_bipyramid();
    let ideal = caps.into_iter().chain(ring).map(|v| gamma * v);
    let ours = average.caps.iter().chain(&average.ring).copied();
    let places: Vec<Vec3> = ideal.chain(ours).collect();
    let axis = |k: usize| places.iter().map(|place| place[k]).collect::<Vec<_>>();
    df!(
        "bipyramid" => [[IDEAL; 7], ["average"; 7]].concat(),
        "vertex" => [VERTICES, VERTICES].concat(),
        "x_angstrom" => axis(0),
        "y_angstrom" => axis(1),
        "z_angstrom" => axis(2),
    )
}
