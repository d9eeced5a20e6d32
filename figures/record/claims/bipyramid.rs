//! Claims of the bipyramid chapter: the ratios of alpha, beta and gamma, theta, the bond angles.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::bipyramid::{
    BipyramidShape, PENTAGON_DEG, TETRAHEDRON_DEG, bond_angle_peaks, corners, mean_of, shape_of,
};
use amorphous_packing::geometry::ideal_bipyramid;
use amorphous_packing::numerics::mean;

use crate::record::ledger::{Finding, Ours};

use super::published::{Published, of_all};

/// A peak of the bond angles may stand this far, in degrees, from the angle of the ideal motif.
const PEAK_TOLERANCE_DEG: f64 = 10.0;
/// Two samples are distorted alike when their mean ratios of bonds are this close (the ideal
/// bipyramid is 0.026 away in alpha over gamma) …
const RATIO_TOLERANCE: f64 = 0.005;
/// … and their mean thetas, in degrees (the ideal is 10 away).
const THETA_TOLERANCE_DEG: f64 = 1.0;

/// What geometry alone decides.
pub(super) fn ideal() -> Finding {
    let (caps, ring) = ideal_bipyramid();
    let ideal = shape_of(caps, &ring);
    Finding::new(
        "bipyramid.ideal",
        None,
        Ours::Number(ideal.alpha / ideal.gamma),
    )
}

pub(super) fn of_sample(sample: &Published<'_>) -> Vec<Finding> {
    let all = sample.analysis.pentagonal_shapes(Region::All);
    let amorphous = sample.analysis.pentagonal_shapes(Region::Amorphous);
    let [alpha, beta, theta] = mean_shape(&all);
    vec![
        sample.finding("bipyramid.alpha_gamma", Ours::Number(excess_percent(alpha))),
        sample.finding("bipyramid.beta_gamma", Ours::Number(excess_percent(beta))),
        sample.finding("bipyramid.theta", Ours::Number(theta)).or(
            "motifs that touch the amorphous region",
            mean_shape(&amorphous)[2],
        ),
    ]
}

pub(super) fn pooled(samples: &[Published<'_>]) -> Vec<Finding> {
    let of = |region| -> Vec<BipyramidShape> {
        let shapes = samples.iter().map(|s| s.analysis.pentagonal_shapes(region));
        shapes.flatten().collect()
    };
    let all = of(Region::All);
    let [alpha, beta, _] = mean_shape(&all);
    let beta = of_all("bipyramid.beta_gamma", Ours::Number(excess_percent(beta)));
    let beta = beta_by_other_averages(&all)
        .into_iter()
        .fold(beta, |finding, (how, ratio)| {
            finding.or(how, excess_percent(ratio))
        });
    vec![
        of_all("bipyramid.alpha_gamma", Ours::Number(excess_percent(alpha))),
        beta.or(
            "motifs that touch the amorphous region",
            excess_percent(mean_shape(&of(Region::Amorphous))[1]),
        )
        .or(
            "median of the ten bonds over median of the five, per bipyramid",
            excess_percent(mean_ratio_of_medians(samples)),
        ),
        Finding::new(
            "bond_angle.peaks",
            None,
            Ours::holds(samples.iter().all(peaks_are_ideal)),
        ),
    ]
}

/// Whether the liquid is distorted as every one of the samples is.
pub(super) fn liquid(samples: &[Published<'_>], liquid: &Analysis) -> Finding {
    let [alpha, beta, theta] = mean_shape(&liquid.pentagonal_shapes(Region::All));
    let alike = samples.iter().all(|sample| {
        let [a, b, t] = mean_shape(&sample.analysis.pentagonal_shapes(Region::All));
        (a - alpha).abs() < RATIO_TOLERANCE
            && (b - beta).abs() < RATIO_TOLERANCE
            && (t - theta).abs() < THETA_TOLERANCE_DEG
    });
    Finding::new("bipyramid.liquid", None, Ours::holds(alike))
}

fn excess_percent(ratio: f64) -> f64 {
    100.0 * (ratio - 1.0)
}

/// The means of alpha/gamma, beta/gamma, and theta in degrees.
fn mean_shape(shapes: &[BipyramidShape]) -> [f64; 3] {
    let of = |measure| mean_of(shapes, measure).unwrap_or(0.0);
    [
        of(BipyramidShape::alpha_over_gamma),
        of(BipyramidShape::beta_over_gamma),
        of(|shape| shape.theta_deg),
    ]
}

/// Beta over gamma by other averages of the same bonds.
fn beta_by_other_averages(shapes: &[BipyramidShape]) -> [(&'static str, f64); 4] {
    let column =
        |measure: fn(&BipyramidShape) -> f64| -> Vec<f64> { shapes.iter().map(measure).collect() };
    let means = |measure| mean(&column(measure)).unwrap_or(f64::NAN);
    let medians = |measure| median(column(measure));
    [
        (
            "mean of all bonds over mean of all bonds",
            means(|s| s.beta) / means(|s| s.gamma),
        ),
        (
            "median of beta over median of gamma",
            medians(|s| s.beta) / medians(|s| s.gamma),
        ),
        (
            "median of the ratios",
            medians(BipyramidShape::beta_over_gamma),
        ),
        (
            "inverse of the mean of gamma over beta",
            1.0 / means(|s| s.gamma / s.beta),
        ),
    ]
}

/// The mean over bipyramids of the median of the cap–ring bonds over that of the ring bonds.
fn mean_ratio_of_medians(samples: &[Published<'_>]) -> f64 {
    let ratios = samples.iter().flat_map(|sample| {
        let analysis = sample.analysis;
        let motifs = analysis.bipyramids(5, Region::All).into_iter();
        motifs.map(|motif| {
            let (caps, ring) = corners(&analysis.triangulation, &analysis.ring(motif));
            let beta = caps
                .iter()
                .flat_map(|cap| ring.iter().map(|atom| cap.distance(*atom)));
            let next = ring.iter().cycle().skip(1);
            let gamma = ring.iter().zip(next).map(|(a, b)| a.distance(*b));
            median(beta.collect()) / median(gamma.collect())
        })
    });
    mean(&ratios.collect::<Vec<f64>>()).unwrap_or(f64::NAN)
}

/// The middle value, or the mean of the middle two.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n => 0.5 * (values[(n - 1) / 2] + values[n / 2]),
    }
}

/// Two peaks, at the internal angles of the face of a tetrahedron and of a pentagon.
fn peaks_are_ideal(sample: &Published<'_>) -> bool {
    let angles = sample.analysis.bond_angles();
    let peaks = angles.map(|angles| bond_angle_peaks(&angles));
    let near = |peak: f64, ideal: f64| (peak - ideal).abs() <= PEAK_TOLERANCE_DEG;
    peaks.is_ok_and(|peaks| {
        peaks.len() == 2 && near(peaks[0], TETRAHEDRON_DEG) && near(peaks[1], PENTAGON_DEG)
    })
}
