//! Partial icosahedra: how many of the twelve bipyramids of an icosahedron surround an atom.
//!
//! Main text, "The PBN", Fig. 5g, Fig. 6b. An atom that is a capping atom of `n` bipyramids is the
//! centre of an icosahedron of which `n` of 12 are filled.

use std::collections::BTreeMap;

use crate::atoms::AtomId;
use crate::geometry::Triangulation;
use crate::numerics::{Numbered, weighted_mean};
use crate::packing::MotifId;

use super::networks::Network;

/// One bin of the population of partial icosahedra.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FillingBin {
    /// The number of filled sites `n`, from 1.
    pub n: u32,
    /// Partial icosahedra. For `n = 1` distinct bipyramids: both capping atoms of an isolated
    /// bipyramid have a filling of one, but it is one object.
    pub count: u64,
    /// Atoms with this filling.
    pub atoms: u64,
}

// ANCHOR: filling
/// The number of bipyramids of which each atom is a capping atom.
pub fn icosahedral_filling(triangulation: &Triangulation, motifs: &[MotifId]) -> Vec<u32> {
    let mut filling = vec![0; triangulation.atoms()];
    for &motif in motifs {
        for cap in triangulation.ring(motif).caps {
            filling[cap.atom.index()] += 1;
        }
    }
    filling
}
// ANCHOR_END: filling

/// The partial icosahedra that a network alone builds: the atoms that are capping atoms of at
/// least `least` of its bipyramids, with that number, sorted (Fig. 5h).
pub fn partial_icosahedra(
    network: &Network,
    triangulation: &Triangulation,
    motifs: &[MotifId],
    least: u32,
) -> Vec<(AtomId, u32)> {
    let mut filling: BTreeMap<AtomId, u32> = BTreeMap::new();
    for &(member, _) in &network.members {
        for cap in triangulation.ring(motifs[member as usize]).caps {
            *filling.entry(cap.atom).or_default() += 1;
        }
    }
    filling.retain(|_, n| *n >= least);
    filling.into_iter().collect()
}

/// The fillings of the partial icosahedra that a network alone builds ([`partial_icosahedra`]), the
/// largest first.
pub fn network_fillings(
    network: &Network,
    triangulation: &Triangulation,
    motifs: &[MotifId],
    least: u32,
) -> Vec<u32> {
    let found = partial_icosahedra(network, triangulation, motifs, least);
    let mut fillings: Vec<u32> = found.into_iter().map(|(_, n)| n).collect();
    fillings.sort_unstable_by(|a, b| b.cmp(a));
    fillings
}

/// The mean of `n` over the partial icosahedra of a population; `None` without any.
pub fn mean_filling(bins: &[FillingBin]) -> Option<f64> {
    weighted_mean(bins.iter().map(|bin| (f64::from(bin.n), bin.count as f64)))
}

/// The population of partial icosahedra from `n = 1` to the largest filling.
pub fn filling_population(
    filling: &[u32],
    triangulation: &Triangulation,
    motifs: &[MotifId],
) -> Vec<FillingBin> {
    let largest = filling.iter().copied().max().unwrap_or(0);
    let mut atoms = vec![0_u64; largest as usize + 1];
    for &n in filling {
        atoms[n as usize] += 1;
    }
    let single = motifs.iter().filter(|&&motif| {
        let caps = triangulation.ring(motif).caps;
        caps.iter().any(|cap| filling[cap.atom.index()] == 1)
    });
    let single = single.count() as u64;
    (1..=largest)
        .map(|n| FillingBin {
            n,
            count: if n == 1 { single } else { atoms[n as usize] },
            atoms: atoms[n as usize],
        })
        .collect()
}
