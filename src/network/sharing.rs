//! Vertex and edge sharing of bipyramid skeletons.
//!
//! Main text, "The PBN", Fig. 5a–c. The corners of a skeleton are the centroids of tetrahedra: two
//! skeletons share a vertex when the bipyramids have exactly one tetrahedron (four atoms) in
//! common, an edge when exactly two (five atoms). More is not possible for two different edges of
//! a triangulation: either the two capping edges are two sides of one triangle, with a tetrahedron
//! on each side of it, or they are opposite edges of one tetrahedron.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::geometry::{EdgeRings, Image, TetrahedronId};
use crate::packing::MotifId;

/// Two bipyramids that share atoms, by their places in the list given to [`sharing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The first bipyramid.
    pub first: u32,
    /// The second bipyramid, after the first.
    pub second: u32,
    /// Add this to the images of the second ring to see it beside the first.
    pub shift: Image,
}

/// All pairs of bipyramids that share atoms, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sharing {
    /// Pairs with exactly one common tetrahedron.
    pub vertex: Vec<Link>,
    /// Pairs with exactly two common tetrahedra.
    pub edge: Vec<Link>,
}

/// How many vertex- and edge-sharing neighbours each bipyramid has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeighbourCounts {
    /// Vertex-sharing neighbours, per bipyramid.
    pub vertex: Vec<u32>,
    /// Edge-sharing neighbours, per bipyramid.
    pub edge: Vec<u32>,
}

// ANCHOR: sharing
/// Finds which of the `motifs` share vertices and edges of their skeletons.
pub fn sharing(rings: &EdgeRings, motifs: &[MotifId]) -> Sharing {
    let common = common_tetrahedra(&owners(rings, motifs));
    let with = |tetrahedra| {
        let found = common.iter().filter(|(_, count)| **count == tetrahedra);
        found.map(|(link, _)| *link).collect()
    };
    Sharing {
        vertex: with(1),
        edge: with(2),
    }
}
// ANCHOR_END: sharing

/// A tetrahedron, a bipyramid that owns it, and the image in which that bipyramid sees it.
type Owner = (TetrahedronId, u32, Image);

/// All owners of all tetrahedra, those of one tetrahedron together.
fn owners(rings: &EdgeRings, motifs: &[MotifId]) -> Vec<Owner> {
    let mut owners: Vec<Owner> = motifs
        .par_iter()
        .enumerate()
        .flat_map_iter(|(place, &motif)| {
            let tetrahedra = rings.ring(motif as usize).tetrahedra;
            tetrahedra
                .iter()
                .map(move |t| (t.id, place as u32, t.shift))
        })
        .collect();
    owners.par_sort_unstable();
    owners
}

// ANCHOR: common-tetrahedra
/// The pairs of bipyramids that own tetrahedra together, and how many.
fn common_tetrahedra(owners: &[Owner]) -> BTreeMap<Link, u32> {
    let mut common = BTreeMap::new();
    for group in owners.chunk_by(|a, b| a.0 == b.0) {
        for (k, &(_, first, here)) in group.iter().enumerate() {
            for &(_, second, there) in &group[k + 1..] {
                let link = Link {
                    first,
                    second,
                    shift: here - there,
                };
                *common.entry(link).or_default() += 1;
            }
        }
    }
    common
}
// ANCHOR_END: common-tetrahedra

impl Sharing {
    /// The number of neighbours of each of the `motifs` bipyramids.
    pub fn neighbour_counts(&self, motifs: usize) -> NeighbourCounts {
        let count = |links: &[Link]| {
            let mut counts = vec![0; motifs];
            for link in links {
                counts[link.first as usize] += 1;
                counts[link.second as usize] += 1;
            }
            counts
        };
        NeighbourCounts {
            vertex: count(&self.vertex),
            edge: count(&self.edge),
        }
    }
}
