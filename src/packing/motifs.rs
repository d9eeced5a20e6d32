//! The n-fold bipyramids: Delaunay edges whose complete ring of n tetrahedra is accepted.
//!
//! Methods, "Polytetrahedral packing analysis"; Fig. 2a. The quadrilateral (4), pentagonal (5)
//! and hexagonal (6) bipyramids are main motifs, the 7- and 8-fold ones are rare.

use rayon::prelude::*;

use crate::geometry::{RingId, TetrahedronId, Triangulation};
use crate::numerics::Mask;

/// A motif by the number of its ring.
pub type MotifId = RingId;

/// The ring sizes that count as motifs. Rings of three exist too and are none: the second
/// tetrahedron of a triplet would share a face with both others.
pub const BIPYRAMID_FOLDS: std::ops::RangeInclusive<usize> = 4..=8;

// ANCHOR: bipyramids
/// The bipyramids of `fold` tetrahedra, all of them accepted, by increasing number.
pub fn bipyramids(
    triangulation: &Triangulation,
    accepted: &Mask<TetrahedronId>,
    fold: usize,
) -> Vec<MotifId> {
    triangulation
        .rings_among(|t| accepted[t])
        .filter(|&(_, tetrahedra)| tetrahedra == fold)
        .map(|(ring, _)| ring)
        .collect()
}
// ANCHOR_END: bipyramids

// ANCHOR: touching
/// Those motifs that touch the amorphous region: at least one tetrahedron is amorphous.
pub fn touching(
    triangulation: &Triangulation,
    motifs: &[MotifId],
    is_amorphous: impl Fn(TetrahedronId) -> bool + Sync,
) -> Vec<MotifId> {
    let touches = |&motif: &MotifId| {
        let ring = triangulation.ring(motif);
        ring.tetrahedra.iter().any(|t| is_amorphous(t.id))
    };
    motifs.par_iter().copied().filter(touches).collect()
}
// ANCHOR_END: touching
