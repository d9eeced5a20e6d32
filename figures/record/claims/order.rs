//! Claims of the order chapter: distances, crystal nuclei.

use amorphous_packing::numerics::percent;

use crate::record::ledger::{Finding, Ours};

use super::published::Published;

pub(super) fn of_sample(sample: &Published<'_>) -> Vec<Finding> {
    let analysis = sample.analysis;
    let crystal = analysis.crystal.count();
    let nuclei = percent(crystal, analysis.atoms.len());
    let (_, _, closest) = analysis.atoms.closest_pair();
    vec![
        sample.finding("trace.min_distance", Ours::Number(closest)),
        sample.finding("nuclei.fraction", Ours::Number(nuclei)),
    ]
}
