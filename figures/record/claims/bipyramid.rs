//! Claims of the bipyramid chapter: the ratios of alpha, beta and gamma, theta, the bond angles.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::bipyramid::{
    BetaOverGamma, BipyramidShape, MeanShape, PENTAGON_DEG, TETRAHEDRON_DEG, bond_angle_peaks,
    corners, mean_ratio_of_medians, shape_of,
};
use amorphous_packing::geometry::ideal_bipyramid;

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

/// The region that a convention may leave the nuclei out by.
const AMORPHOUS: &str = "motifs that touch the amorphous region";

pub(super) fn of_sample(sample: &Published<'_>) -> Vec<Finding> {
    let means = |region| MeanShape::of(&sample.analysis.pentagonal_shapes(region));
    let (Some(all), Some(amorphous)) = (means(Region::All), means(Region::Amorphous)) else {
        return Vec::new();
    };
    vec![
        sample.finding("bipyramid.alpha_gamma", excess(all.alpha_over_gamma)),
        sample.finding("bipyramid.beta_gamma", excess(all.beta_over_gamma)),
        sample
            .finding("bipyramid.theta", Ours::Number(all.theta_deg))
            .or(AMORPHOUS, amorphous.theta_deg),
    ]
}

pub(super) fn pooled(samples: &[Published<'_>]) -> Vec<Finding> {
    let peaks = samples.iter().all(peaks_are_ideal);
    let mut findings = vec![Finding::new("bond_angle.peaks", None, Ours::holds(peaks))];
    findings.extend(ratios(samples).into_iter().flatten());
    findings
}

fn ratios(samples: &[Published<'_>]) -> Option<[Finding; 2]> {
    let of = |region| -> Vec<BipyramidShape> {
        let shapes = samples.iter().map(|s| s.analysis.pentagonal_shapes(region));
        shapes.flatten().collect()
    };
    let shapes = of(Region::All);
    let all = MeanShape::of(&shapes)?;
    let amorphous = MeanShape::of(&of(Region::Amorphous))?;
    let other = BetaOverGamma::of(&shapes)?;
    let bipyramids = samples.iter().flat_map(|Published { analysis, .. }| {
        let motifs = analysis.bipyramids(5, Region::All).into_iter();
        motifs.map(|motif| corners(&analysis.triangulation, &analysis.ring(motif)))
    });
    let others = [
        ("mean of all bonds over mean of all bonds", other.of_means),
        ("median of beta over median of gamma", other.of_medians),
        ("median of the ratios", other.median),
        (
            "inverse of the mean of gamma over beta",
            other.inverse_of_inverse,
        ),
        (AMORPHOUS, amorphous.beta_over_gamma),
        (
            "median of the ten bonds over median of the five, per bipyramid",
            mean_ratio_of_medians(bipyramids)?,
        ),
    ];
    let beta = of_all("bipyramid.beta_gamma", excess(all.beta_over_gamma));
    let beta = others.into_iter().fold(beta, |finding, (how, ratio)| {
        finding.or(how, excess_percent(ratio))
    });
    let alpha = of_all("bipyramid.alpha_gamma", excess(all.alpha_over_gamma));
    Some([alpha, beta])
}

/// Whether the liquid is distorted as every one of the samples is.
pub(super) fn liquid(samples: &[Published<'_>], liquid: &Analysis) -> Option<Finding> {
    let means = |analysis: &Analysis| MeanShape::of(&analysis.pentagonal_shapes(Region::All));
    let liquid = means(liquid)?;
    let samples: Vec<MeanShape> = samples
        .iter()
        .map(|sample| means(sample.analysis))
        .collect::<Option<_>>()?;
    let alike = samples
        .iter()
        .all(|sample| sample.is_like(&liquid, RATIO_TOLERANCE, THETA_TOLERANCE_DEG));
    Some(Finding::new("bipyramid.liquid", None, Ours::holds(alike)))
}

fn excess(ratio: f64) -> Ours {
    Ours::Number(excess_percent(ratio))
}

fn excess_percent(ratio: f64) -> f64 {
    100.0 * (ratio - 1.0)
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
