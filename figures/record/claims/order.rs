//! Claims of the order chapter: distances, crystal nuclei.

use crate::record::ledger::{Finding, Ours};

use super::published::Published;

pub(super) fn of_sample(sample: &Published<'_>) -> Vec<Finding> {
    let analysis = sample.analysis;
    let crystal = analysis.atoms.len() - sample.amorphous_atoms();
    let nuclei = 100.0 * crystal as f64 / analysis.atoms.len() as f64;
    let (_, _, closest) = analysis.atoms.closest_pair();
    vec![
        sample.finding("trace.min_distance", Ours::Number(closest)),
        sample.finding("nuclei.fraction", Ours::Number(nuclei)),
    ]
}
