//! Claims of the packing chapter: tetrahedra, abundance of the motifs.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::packing::{DELTAS, Populations, populations_at, triplets};

use crate::record::ledger::{Finding, Ours};

use super::published::{Published, of_all};

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
    vec![
        atoms_in_tetrahedra(samples),
        of_all("abundance.bipyramids", touching).or(
            "all motifs, those inside the nuclei too",
            count(Region::All) as f64,
        ),
    ]
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
fn atoms_in_tetrahedra(samples: &[Published<'_>]) -> Finding {
    let shares: Vec<(&Published<'_>, f64)> = samples
        .iter()
        .flat_map(|sample| {
            at_deltas(sample, &[0.2])
                .into_iter()
                .map(move |at| (sample, at))
        })
        .map(|(sample, at)| (sample, at.atoms_in_tetrahedra))
        .collect();
    let weight = |sample: &Published<'_>| sample.amorphous_atoms() as f64;
    let atoms: f64 = shares.iter().map(|(sample, _)| weight(sample)).sum();
    let packed: f64 = shares
        .iter()
        .map(|(sample, share)| share * weight(sample))
        .sum();
    let pooled = of_all("tetrahedra.atoms", Ours::Number(100.0 * packed / atoms));
    shares.iter().fold(pooled, |finding, (sample, share)| {
        finding.or(&format!("{} alone, at delta 0.2", sample.id), 100.0 * share)
    })
}

/// At delta 0.255 pentagonal bipyramids are the most abundant motif; below 0.2, where there is any
/// motif at all, triplets are.
fn order_holds(sample: &Published<'_>) -> bool {
    let found = at_deltas(sample, &DELTAS);
    DELTAS.iter().zip(found).all(|(&delta, found)| {
        let motifs = found.motifs;
        let leads = |k: usize| (0..4).all(|other| other == k || motifs[k] > motifs[other]);
        match delta {
            _ if delta < 0.2 => leads(0) || motifs == [0.0; 4],
            0.255 => leads(2),
            _ => true,
        }
    })
}

/// Each main motif is at least ten times as frequent as all 7- and 8-fold bipyramids together.
fn others_are_rare(analysis: &Analysis) -> bool {
    let count = |fold| analysis.bipyramids(fold, Region::All).len();
    let rare = count(7) + count(8);
    let triplets = triplets(&analysis.triangulation, &analysis.accepted).len();
    [triplets, count(4), count(5), count(6)]
        .iter()
        .all(|&main| main >= 10 * rare)
}
