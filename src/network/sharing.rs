//! Vertex and edge sharing of bipyramid skeletons.
//!
//! Main text, "The PBN", Fig. 5a–c. The corners of a skeleton are the centroids of tetrahedra: two
//! skeletons share a vertex when the bipyramids have exactly one tetrahedron (four atoms) in
//! common, an edge when exactly two (five atoms). More is not possible for two different edges of
//! a triangulation: either the two capping edges are two sides of one triangle, with a tetrahedron
//! on each side of it, or they are opposite edges of one tetrahedron.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use rayon::prelude::*;
use smallvec::SmallVec;

use crate::geometry::{Image, Triangulation};
use crate::numerics::{Grouped, Numbered};
use crate::packing::MotifId;

/// Two bipyramids that share atoms, by their places in the list of motifs given to [`sharing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The place of the first bipyramid in the list of motifs.
    pub first: u32,
    /// The place of the second bipyramid in the list of motifs, at or after the first.
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

/// Why it cannot be found which motifs share atoms.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum SharingError {
    /// The motifs, which are looked up by their numbers, are not sorted, or one of them is twice in
    /// the list.
    #[error(
        "the motifs are not in increasing order: number {place} does not follow the one before it; \
         sort them and leave out repetitions"
    )]
    Unsorted {
        /// The place in the list, counted from 0, of the first motif that is not larger than the
        /// one before it.
        place: usize,
    },
}

// ANCHOR: sharing
/// Finds which of the `motifs`, given by increasing number, share vertices and edges of their
/// skeletons.
///
/// # Errors
/// [`SharingError::Unsorted`] when a motif does not have a larger number than the one before it.
pub fn sharing(triangulation: &Triangulation, motifs: &[MotifId]) -> Result<Sharing, SharingError> {
    check_order(motifs)?;
    let surrounded = surrounded_edges(triangulation, motifs);
    let mut sharing = Sharing::default();
    for (from, batch) in (0..).step_by(BATCH).zip(motifs.chunks(BATCH)) {
        let common: Vec<_> = (from..from + batch.len() as u32)
            .into_par_iter()
            .map(|place| common_tetrahedra(triangulation, motifs, &surrounded, place))
            .collect();
        for links in common.iter().flat_map(|all| all.chunk_by(|a, b| a == b)) {
            match links.len() {
                1 => sharing.vertex.push(links[0]),
                2 => sharing.edge.push(links[0]),
                _ => {}
            }
        }
    }
    Ok(sharing)
}
// ANCHOR_END: sharing

/// That the motifs can be looked up by their numbers.
fn check_order(motifs: &[MotifId]) -> Result<(), SharingError> {
    match motifs.windows(2).position(|pair| pair[0] >= pair[1]) {
        Some(before) => Err(SharingError::Unsorted { place: before + 1 }),
        None => Ok(()),
    }
}

/// So many motifs at a time are looked at side by side: enough to divide, and little to hold.
const BATCH: usize = 1 << 14;

/// Which edges of each tetrahedron a motif surrounds, one bit each.
fn surrounded_edges(triangulation: &Triangulation, motifs: &[MotifId]) -> Vec<u8> {
    let mut surrounded = Vec::new();
    surrounded.resize_with(triangulation.len(), || AtomicU8::new(0));
    motifs.par_iter().for_each(|&motif| {
        for t in triangulation.ring(motif).tetrahedra {
            surrounded[t.id.index()].fetch_or(1 << t.edge, Relaxed);
        }
    });
    surrounded.into_iter().map(AtomicU8::into_inner).collect()
}

/// The links of one motif to later ones, each once for each common tetrahedron, sorted: every other
/// edge of its tetrahedra that a motif surrounds is one.
fn common_tetrahedra(
    triangulation: &Triangulation,
    motifs: &[MotifId],
    surrounded: &[u8],
    first: u32,
) -> SmallVec<[Link; 16]> {
    // ANCHOR: common-tetrahedra
    let mut common = SmallVec::new();
    for t in triangulation.ring(motifs[first as usize]).tetrahedra {
        let others = surrounded[t.id.index()] & !(1 << t.edge);
        for edge in (0..6).filter(|edge| others >> edge & 1 == 1) {
            let (other, there) = triangulation.ring_about(t.id, edge);
            let Ok(second) = motifs.binary_search(&other) else {
                continue;
            };
            let second = second as u32;
            // In a thin box a motif meets itself; that counts from one side.
            if (first, t.shift) < (second, there) {
                let shift = t.shift - there;
                common.push(Link {
                    first,
                    second,
                    shift,
                });
            }
        }
    }
    common.sort_unstable();
    // ANCHOR_END: common-tetrahedra
    common
}

/// The motifs linked to each of so many, each in the image in which that one sees it; in the order of
/// the links.
pub fn linked(motifs: usize, links: &[Link]) -> Grouped<(u32, Image)> {
    Grouped::new(motifs, || {
        links.iter().flat_map(|link| {
            let back = (link.first, Image::HOME - link.shift);
            [(link.first, (link.second, link.shift)), (link.second, back)]
        })
    })
}

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

#[cfg(test)]
mod tests {
    use super::*;

    use crate::atoms::{Atoms, Boundary, Element, Vec3};
    use crate::geometry::{TetrahedronId, icosahedron};
    use crate::numerics::Mask;
    use crate::packing::bipyramids;

    #[test]
    fn motifs_in_another_order_or_twice_are_refused() -> Result<(), Box<dyn std::error::Error>> {
        let corners: Vec<Vec3> = icosahedron().into_iter().chain([Vec3::ZERO]).collect();
        let atoms = Atoms::new(Element::Ta, corners, Boundary::Open)?;
        let triangulation = Triangulation::new(&atoms)?;
        let all: Mask<TetrahedronId> = Mask::all(triangulation.len(), true);
        let mut motifs = bipyramids(&triangulation, &all, 5);
        assert_eq!(sharing(&triangulation, &motifs)?.edge.len(), 30);
        motifs.swap(6, 7);
        let unsorted = |place| Err::<Sharing, _>(SharingError::Unsorted { place });
        assert_eq!(sharing(&triangulation, &motifs), unsorted(7));
        motifs[7] = motifs[6];
        assert_eq!(sharing(&triangulation, &motifs), unsorted(7));
        assert_eq!(sharing(&triangulation, &[]), Ok(Sharing::default()));
        Ok(())
    }
}
