//! Claims of the pair distribution: the second peak, and the match with the liquid.

use amorphous_packing::analysis::AnalysisError;
use amorphous_packing::data::carried::carried_pair_distribution;
use amorphous_packing::data::frames::TA_QUENCH;

use crate::record::ledger::{Finding, Ours};

use super::published::Published;

/// Peaks and valleys agree when their positions, in multiples of the first peak's, differ by no
/// more than this portion.
const TOLERANCE: f64 = 0.05;
/// How many valleys and peaks behind the first peak are compared: up to the fourth peak.
const COMPARED: usize = 6;

/// The experimental curves, one by one and against that of the simulated liquid.
pub(super) fn pooled(samples: &[Published<'_>]) -> Result<Vec<Finding>, AnalysisError> {
    let curves = samples
        .iter()
        .map(|sample| sample.analysis.amorphous_pair_distribution())
        .collect::<Result<Vec<_>, _>>()?;
    // The slightest dip in a smoothed curve would count as a split.
    let whole = curves.iter().all(|curve| !curve.second_peak_is_split(0.0));
    let liquid =
        carried_pair_distribution(&TA_QUENCH[0]).map(|curve| curve.relative_extrema(COMPARED));
    let matches = liquid.is_ok_and(|liquid| {
        let mut curves = curves.iter();
        curves.all(|curve| match_within(&curve.relative_extrema(COMPARED), &liquid))
    });
    Ok(vec![
        Finding::new("pdf.no_split", None, Ours::holds(whole)),
        Finding::new("pdf.liquid_match", None, Ours::holds(matches))
            .from_committed("data/ta_pair_distribution.csv"),
    ])
}

fn match_within(ours: &[f64], theirs: &[f64]) -> bool {
    let near = |(ours, theirs): (&f64, &f64)| (ours / theirs - 1.0).abs() <= TOLERANCE;
    ours.len() == COMPARED && theirs.len() == COMPARED && ours.iter().zip(theirs).all(near)
}
