//! The dihedral angle phi between two edge-sharing bipyramids.
//!
//! Main text, "The PBN", Fig. 5f. In a perfect icosahedron twelve bipyramids meet, their skeletons
//! form a regular dodecahedron, and phi is 116.565°.

use rayon::prelude::*;

use crate::atoms::Vec3;
use crate::geometry::{EdgeRings, Plane, Ring, Triangulation, best_plane, dot, incentre};
use crate::packing::MotifId;

// ANCHOR: skeleton
/// The skeleton of a bipyramid: the centroids (incentres) of its tetrahedra in ring order, in
/// ångström.
pub fn skeleton(triangulation: &Triangulation, ring: Ring<'_>) -> Vec<Vec3> {
    ring.tetrahedra
        .iter()
        .map(|t| {
            let corners = triangulation.corners(t.id);
            incentre(corners.map(|corner| triangulation.position(corner.shifted(t.shift))))
        })
        .collect()
}
// ANCHOR_END: skeleton

/// The least-squares plane of each skeleton.
pub fn skeleton_planes(
    triangulation: &Triangulation,
    rings: &EdgeRings,
    motifs: &[MotifId],
) -> Vec<Plane> {
    motifs
        .par_iter()
        .map(|&motif| best_plane(&skeleton(triangulation, rings.ring(motif as usize))))
        .collect()
}

// ANCHOR: dihedral
/// `φ = 180° − arccos |n₁·n₂|` of two skeleton planes, in degrees (90 to 180).
///
/// The absolute value is what the published analysis takes: a plane has no outward side of its
/// own. It folds the few angles below 90° to above.
pub fn dihedral_deg(first: &Plane, second: &Plane) -> f64 {
    let cosine = dot(first.normal, second.normal).abs().min(1.0);
    180.0 - cosine.acos().to_degrees()
}
// ANCHOR_END: dihedral
