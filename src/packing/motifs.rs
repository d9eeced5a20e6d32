//! The n-fold bipyramids: Delaunay edges whose complete ring of n tetrahedra is accepted.
//!
//! Methods, "Polytetrahedral packing analysis"; Fig. 2a. The quadrilateral (4), pentagonal (5)
//! and hexagonal (6) bipyramids are main motifs, the 7- and 8-fold ones are rare.

use crate::geometry::{EdgeRings, Ring};

use super::Criteria;

/// A motif by the index of its ring in [`EdgeRings`].
pub type MotifId = u32;

/// The ring sizes that count as motifs. Rings of three exist too and are none: the second
/// tetrahedron of a triplet would share a face with both others.
pub const BIPYRAMID_FOLDS: std::ops::RangeInclusive<usize> = 4..=8;

// ANCHOR: bipyramids
/// The bipyramids of `fold` tetrahedra, by increasing ring index.
pub fn bipyramids(rings: &EdgeRings, criteria: Criteria, fold: usize) -> Vec<MotifId> {
    (0..rings.len() as MotifId)
        .filter(|&index| {
            let ring = rings.ring(index as usize);
            ring.fold() == fold && criteria.accept(ring.extreme)
        })
        .collect()
}
// ANCHOR_END: bipyramids

// ANCHOR: touching
/// Those motifs that touch the amorphous region: at least one tetrahedron is amorphous.
pub fn touching(rings: &EdgeRings, motifs: &[MotifId], amorphous: &[bool]) -> Vec<MotifId> {
    let touches = |ring: Ring<'_>| ring.tetrahedra.iter().any(|t| amorphous[t.id as usize]);
    motifs
        .iter()
        .copied()
        .filter(|&motif| touches(rings.ring(motif as usize)))
        .collect()
}
// ANCHOR_END: touching
