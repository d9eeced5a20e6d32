//! The tables behind Fig. 4 and Supplementary Fig. 11: one row per sample, bin or vertex. The
//! entries are sample ids and analyses; shapes are those of all pentagonal bipyramids, angles
//! those about amorphous atoms.

use polars::prelude::*;

use crate::analysis::{Analysis, Region};
use crate::atoms::Vec3;
use crate::geometry::ideal_bipyramid;
use crate::stats::{Histogram, mean};

use super::{
    AverageBipyramid, BipyramidShape, average_bipyramid, bipyramid_shapes, bond_angles, corners,
    shape_of,
};

/// The bins of theta in degrees: from, width, number.
const THETA_BINS: (f64, f64, usize) = (0.0, 1.0, 90);

/// What the tables call the ideal bipyramid.
pub const IDEAL: &str = "ideal";

/// The shapes of the pentagonal bipyramids of a region.
pub fn pentagonal_shapes(analysis: &Analysis, region: Region) -> Vec<BipyramidShape> {
    let motifs = analysis.bipyramids(5, region);
    bipyramid_shapes(&analysis.triangulation, &motifs)
}

/// The mean of a measure over shapes; `None` of none.
pub fn mean_of(shapes: &[BipyramidShape], measure: fn(&BipyramidShape) -> f64) -> Option<f64> {
    let values: Vec<f64> = shapes.iter().map(measure).collect();
    mean(&values)
}

/// The mean ratios of the bonds, those of the ideal bipyramid first (Fig. 4b): `sample,
/// alpha_over_gamma, beta_over_gamma`; empty where a sample has no bipyramid.
///
/// # Errors
/// Only those of polars.
pub fn ratio_table(entries: &[(&str, &Analysis)]) -> PolarsResult<DataFrame> {
    let (caps, ring) = ideal_bipyramid();
    let mut shapes = vec![(IDEAL, vec![shape_of(caps, &ring)])];
    for (sample, analysis) in entries {
        shapes.push((sample, pentagonal_shapes(analysis, Region::All)));
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
pub fn theta_table(entries: &[(&str, &Analysis)]) -> PolarsResult<DataFrame> {
    let (from, width, bins) = THETA_BINS;
    let mut rows = Rows::default();
    for (sample, analysis) in entries {
        let shapes = pentagonal_shapes(analysis, Region::All);
        let thetas = shapes.iter().map(|shape| shape.theta_deg);
        rows.add(sample, &Histogram::of(thetas, from, width, bins));
    }
    df!(
        "sample" => rows.samples,
        "theta_low_deg" => rows.low,
        "theta_high_deg" => rows.high,
        "count" => rows.counts,
    )
}

/// The mean of theta (the dashed lines of Fig. 4c): `sample, theta_mean_deg`.
///
/// # Errors
/// Only those of polars.
pub fn theta_mean_table(entries: &[(&str, &Analysis)]) -> PolarsResult<DataFrame> {
    let samples: Vec<&str> = entries.iter().map(|(sample, _)| *sample).collect();
    let means: Vec<Option<f64>> = entries.iter().map(|(_, a)| mean_theta_deg(a)).collect();
    df!("sample" => samples, "theta_mean_deg" => means)
}

/// The distortion against temperature (Fig. 4b, d): `temperature_k, theta_mean_deg,
/// alpha_over_gamma, beta_over_gamma`, means over all bipyramids. The entries are temperatures in
/// kelvin and analyses of simulated frames.
///
/// # Errors
/// Only those of polars.
pub fn distortion_temperature_table(frames: &[(f64, &Analysis)]) -> PolarsResult<DataFrame> {
    let shapes: Vec<Vec<BipyramidShape>> = frames
        .iter()
        .map(|(_, analysis)| pentagonal_shapes(analysis, Region::All))
        .collect();
    let column = |measure: fn(&BipyramidShape) -> f64| -> Vec<Option<f64>> {
        let rows = shapes.iter();
        rows.map(|shapes| mean_of(shapes, measure)).collect()
    };
    df!(
        "temperature_k" => frames.iter().map(|(kelvin, _)| *kelvin).collect::<Vec<_>>(),
        "theta_mean_deg" => column(|shape| shape.theta_deg),
        "alpha_over_gamma" => column(BipyramidShape::alpha_over_gamma),
        "beta_over_gamma" => column(BipyramidShape::beta_over_gamma),
    )
}

/// The mean theta of all pentagonal bipyramids in degrees; `None` without any.
pub fn mean_theta_deg(analysis: &Analysis) -> Option<f64> {
    let shapes = pentagonal_shapes(analysis, Region::All);
    mean_of(&shapes, |shape| shape.theta_deg)
}

/// The distribution of the bond angles (Supplementary Fig. 11): `sample, angle_low_deg,
/// angle_high_deg, probability`; the probabilities of a sample sum to one.
///
/// # Errors
/// Only those of polars.
pub fn bond_angle_table(entries: &[(&str, &Analysis)]) -> PolarsResult<DataFrame> {
    let mut rows = Rows::default();
    let mut probability = Vec::new();
    for (sample, analysis) in entries {
        let Analysis { atoms, crystal, .. } = analysis;
        let histogram = bond_angles(atoms, crystal, analysis.first_valley_angstrom);
        let histogram = histogram.map_err(|error| polars_err!(ComputeError: "{error}"))?;
        let total: u64 = histogram.counts.iter().sum();
        let share = |&count: &u64| count as f64 / total.max(1) as f64;
        probability.extend(histogram.counts.iter().map(share));
        rows.add(sample, &histogram);
    }
    df!(
        "sample" => rows.samples,
        "angle_low_deg" => rows.low,
        "angle_high_deg" => rows.high,
        "probability" => probability,
    )
}

/// The average of all pentagonal bipyramids of a sample; `None` without any.
pub fn average_of(analysis: &Analysis) -> Option<AverageBipyramid> {
    let motifs = analysis.bipyramids(5, Region::All);
    let places = motifs.iter().filter_map(|&motif| {
        let (caps, ring) = corners(&analysis.triangulation, &analysis.ring(motif));
        Some((caps, ring.try_into().ok()?))
    });
    average_bipyramid(&places.collect::<Vec<([Vec3; 2], [Vec3; 5])>>())
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
    let ideal = caps.into_iter().chain(ring).map(|v| v.map(|x| gamma * x));
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

/// The columns of a table of histograms.
#[derive(Default)]
struct Rows<'a> {
    samples: Vec<&'a str>,
    low: Vec<f64>,
    high: Vec<f64>,
    counts: Vec<u64>,
}

impl<'a> Rows<'a> {
    fn add(&mut self, sample: &'a str, histogram: &Histogram) {
        for (bin, count) in histogram.counts.iter().enumerate() {
            let (low, high) = histogram.edges(bin);
            self.samples.push(sample);
            self.low.push(low);
            self.high.push(high);
            self.counts.push(*count);
        }
    }
}
