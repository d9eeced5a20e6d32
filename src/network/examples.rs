//! The bipyramids and networks that are shown as examples, chosen by rule.
//!
//! Fig. 5a, b, d, e and h. Of several candidates the rules always choose the same one, whatever
//! the order in which they were found.

use std::cmp::Reverse;

use crate::atoms::AtomId;
use crate::geometry::{Image, Ring, Triangulation, Vertex};
use crate::packing::MotifId;

use super::filling::network_fillings;
use super::networks::Network;
use super::sharing::{Link, linked};

/// A bipyramid and those that share atoms with it, by their places in the list of motifs, each
/// with the image in which the first sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The bipyramid, in its own image; then its neighbours, sorted.
    pub members: Vec<(u32, Image)>,
}

impl Cluster {
    /// The number of neighbours of the bipyramid.
    pub fn neighbours(&self) -> usize {
        self.members.len().saturating_sub(1)
    }
}

/// The least distorted of the pairs `links` with exactly so many atoms in common (Fig. 5a: four,
/// b: five): the smallest sum of the two critical deltas; of equal sums the earliest pair. `None`
/// without such pairs.
///
/// A pair may have more atoms in common than its tetrahedra account for: ring atoms that lie
/// between two capping edges without a tetrahedron of both.
pub fn clearest_pair(
    triangulation: &Triangulation,
    motifs: &[MotifId],
    links: &[Link],
    common_atoms: usize,
) -> Option<Link> {
    let ring = |place: u32| triangulation.ring(motifs[place as usize]);
    let common = |link: &Link| {
        let (first, second) = (ring(link.first), ring(link.second));
        let seen = |vertex: &Vertex| {
            let mut there = second.vertices().map(|v| v.shifted(link.shift));
            there.any(|other| other == *vertex)
        };
        first.vertices().filter(seen).count()
    };
    let distortion = |link: &Link| {
        let critical = |place| triangulation.extreme(&ring(place)).delta;
        let [one, other] = [link.first, link.second].map(critical);
        one + other
    };
    let pairs = links.iter().filter(|link| common(link) == common_atoms);
    let smaller = |a: &&Link, b: &&Link| distortion(a).total_cmp(&distortion(b)).then(a.cmp(b));
    pairs.min_by(smaller).copied()
}

/// The bipyramid with the most neighbours in `links`, with those neighbours (Fig. 5d, e); of
/// several the one whose sorted atoms come first. `None` without links.
pub fn richest_cluster(
    triangulation: &Triangulation,
    motifs: &[MotifId],
    links: &[Link],
) -> Option<Cluster> {
    let neighbours = linked(motifs.len(), links);
    let sorted_atoms = |place: u32| sorted_atoms(&triangulation.ring(motifs[place as usize]));
    let centre = (0..motifs.len() as u32)
        .filter(|&place| !neighbours.of(place).is_empty())
        .min_by_key(|&place| (Reverse(neighbours.of(place).len()), sorted_atoms(place)))?;
    let mut around = neighbours.of(centre).to_vec();
    around.sort_unstable();
    let mut members = vec![(centre, Image::HOME)];
    members.append(&mut around);
    Some(Cluster { members })
}

/// The smallest network that holds partial icosahedra of all the `fillings` (Fig. 5h), by its
/// place in `networks`; of equal size the earliest. `None` when no network does.
///
/// A network holds them when each can be given an atom of its own with exactly that filling; it
/// may hold more.
pub fn smallest_network_with(
    fillings: &[u32],
    networks: &[Network],
    triangulation: &Triangulation,
    motifs: &[MotifId],
) -> Option<usize> {
    let least = fillings.iter().copied().min().unwrap_or(0);
    let count = |all: &[u32], n: u32| all.iter().filter(|&&other| other == n).count();
    let holds = |network: &Network| {
        let found = network_fillings(network, triangulation, motifs, least);
        fillings
            .iter()
            .all(|&n| count(&found, n) >= count(fillings, n))
    };
    (0..networks.len())
        .filter(|&place| holds(&networks[place]))
        .min_by_key(|&place| networks[place].size())
}

fn sorted_atoms(ring: &Ring) -> Vec<AtomId> {
    let mut atoms: Vec<AtomId> = ring.vertices().map(|vertex| vertex.atom).collect();
    atoms.sort_unstable();
    atoms
}
