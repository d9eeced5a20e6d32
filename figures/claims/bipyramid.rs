//! Claims of the bipyramid chapter: the ratios of alpha, beta and gamma, and theta.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::bipyramid::{bipyramid_shape, shape_of};
use amorphous_packing::geometry::ideal_bipyramid;
use amorphous_packing::stats::mean;

use crate::ledger::{Finding, Ours};

use super::{Published, of_all};

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
    let [alpha, beta, theta] = mean_shape(&shapes(sample.analysis));
    vec![
        sample.finding("bipyramid.alpha_gamma", excess_percent(alpha)),
        sample.finding("bipyramid.beta_gamma", excess_percent(beta)),
        sample.finding("bipyramid.theta", Ours::Number(theta)),
    ]
}

pub(super) fn pooled(samples: &[Published<'_>]) -> Vec<Finding> {
    let all: Vec<[f64; 3]> = samples.iter().flat_map(|s| shapes(s.analysis)).collect();
    let [alpha, beta, _] = mean_shape(&all);
    vec![
        of_all("bipyramid.alpha_gamma", excess_percent(alpha)),
        of_all("bipyramid.beta_gamma", excess_percent(beta)),
    ]
}

fn excess_percent(ratio: f64) -> Ours {
    Ours::Number(100.0 * (ratio - 1.0))
}

/// Alpha/gamma, beta/gamma, and theta in degrees of every pentagonal bipyramid.
fn shapes(analysis: &Analysis) -> Vec<[f64; 3]> {
    let motifs = analysis.bipyramids(5, Region::All).into_iter();
    motifs
        .map(|motif| bipyramid_shape(&analysis.triangulation, analysis.ring(motif)))
        .map(|s| [s.alpha / s.gamma, s.beta / s.gamma, s.theta_deg])
        .collect()
}

fn mean_shape(shapes: &[[f64; 3]]) -> [f64; 3] {
    [0, 1, 2].map(|k| {
        let one: Vec<f64> = shapes.iter().map(|shape| shape[k]).collect();
        mean(&one).unwrap_or(0.0)
    })
}
