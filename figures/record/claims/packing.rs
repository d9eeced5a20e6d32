//! Claims of the packing chapter: tetrahedra, abundance of the motifs.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::numerics::weighted_mean;
use amorphous_packing::packing::{DELTA_MAX, DELTAS, Populations, populations_at};

use crate::record::ledger::{Finding, Ours};

use super::published::{Published, of_all};

/// The places of two of the motifs in [`Populations::motifs`].
const TRIPLET: usize = 0;
pub(super) const PENTAGONAL: usize = 2;
/// The other motifs are far rarer when each main one is so many times as frequent as all of them.
const RARER: usize = 10;

pub(super) fn of_sample(sample: &Published<'_>) -> Vec<Finding> {
    let rare = others_are_rare(sample.analysis);
    vec![
        sample.finding("motifs.order", Ours::holds(order_holds(sample))),
        sample.finding("motifs.others", Ours::holds(rare)),
    ]
}

pub(super) fn pooled(samples: &[Published<'_>]) -> Vec<Finding> {
    let count = |region| -> usize {
        let counts = samples
            .iter()
            .map(|s| s.analysis.bipyramids(5, region).len());
        counts.sum()
    };
    let touching = Ours::Count(count(Region::Amorphous) as i64);
    let bipyramids = of_all("abundance.bipyramids", touching).or(
        "all motifs, those inside the nuclei too",
        count(Region::All) as f64,
    );
    let mut findings: Vec<Finding> = atoms_in_tetrahedra(samples).into_iter().collect();
    findings.push(bipyramids);
    findings
}

/// The populations at each of these distortions; none when one of them cannot be a distortion.
fn at_deltas(sample: &Published<'_>, deltas: &[f64]) -> Vec<Populations> {
    let Analysis {
        triangulation,
        criteria,
        crystal,
        ..
    } = sample.analysis;
    populations_at(triangulation, *criteria, deltas, crystal).unwrap_or_default()
}

/// The pooled percentage at delta 0.2; sample by sample it falls on either side.
fn atoms_in_tetrahedra(samples: &[Published<'_>]) -> Option<Finding> {
    let share =
        |sample: &Published<'_>| Some(at_deltas(sample, &[0.2]).first()?.atoms_in_tetrahedra);
    let shares: Vec<f64> = samples.iter().map(share).collect::<Option<_>>()?;
    let weights = samples.iter().map(|sample| sample.amorphous_atoms() as f64);
    let pooled = weighted_mean(shares.iter().copied().zip(weights))?;
    let pooled = of_all("tetrahedra.atoms", Ours::Number(100.0 * pooled));
    let each = samples.iter().zip(&shares);
    Some(each.fold(pooled, |finding, (sample, share)| {
        finding.or(&format!("{} alone, at delta 0.2", sample.id), 100.0 * share)
    }))
}

/// At delta 0.255 pentagonal bipyramids are the most abundant motif; below 0.2, where there is any
/// motif at all, triplets are.
fn order_holds(sample: &Published<'_>) -> bool {
    let found = at_deltas(sample, &DELTAS);
    DELTAS.iter().zip(found).all(|(&delta, found)| match delta {
        _ if delta < 0.2 => found.leader() == Some(TRIPLET) || found.is_without_motifs(),
        DELTA_MAX => found.leader() == Some(PENTAGONAL),
        _ => true,
    })
}

/// Each main motif is at least [`RARER`] times as frequent as all 7- and 8-fold bipyramids together.
fn others_are_rare(analysis: &Analysis) -> bool {
    let count = |fold| analysis.bipyramids(fold, Region::All).len();
    let rare = count(7) + count(8);
    let triplets = analysis.triplets(Region::All).len();
    [triplets, count(4), count(5), count(6)]
        .iter()
        .all(|&main| main >= RARER * rare)
}
