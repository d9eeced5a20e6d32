//! The dihedral angle phi between two edge-sharing bipyramids.
//!
//! Main text, "The PBN", Fig. 5f. In a perfect icosahedron twelve bipyramids meet, their skeletons
//! form a regular dodecahedron, and phi is 116.565°.

use std::f64::consts::PI;

use glam::DMat3;
use rayon::prelude::*;

use crate::atoms::Vec3;
use crate::geometry::{Plane, Ring, Triangulation, Vertex, best_plane, incentre};
use crate::packing::MotifId;

use super::motif_networks::MotifNetworks;
use super::sharing::Link;

// ANCHOR: skeleton
/// The skeleton of a bipyramid: the centroids (incentres) of its tetrahedra in ring order, in
/// ångström.
pub fn skeleton(triangulation: &Triangulation, ring: &Ring) -> Vec<Vec3> {
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
pub fn skeleton_planes(triangulation: &Triangulation, motifs: &[MotifId]) -> Vec<Plane> {
    motifs
        .par_iter()
        .map(|&motif| best_plane(&skeleton(triangulation, &triangulation.ring(motif))))
        .collect()
}

// ANCHOR: dihedral
/// `φ = 180° − arccos |n₁·n₂|` of two skeleton planes, in degrees (90 to 180).
///
/// The absolute value is what the published analysis takes: a plane has no outward side of its
/// own. It folds the few angles below 90° to above.
pub fn dihedral_deg(first: &Plane, second: &Plane) -> f64 {
    let cosine = first.normal.dot(second.normal).abs().min(1.0);
    180.0 - cosine.acos().to_degrees()
}
// ANCHOR_END: dihedral

/// `φ = 180° − arccos n₁·n₂` of an edge-sharing pair in degrees (0 to 180), the normals pointing
/// away from the capping atom that the two bipyramids share: the angle inside the surface that
/// their skeletons begin about that atom. `None` when they share no capping atom.
///
/// Of two planes that are almost parallel the capping atoms decide the side, so that no angle is
/// folded; the paper's mean needs [`dihedral_deg`].
pub fn dihedral_oriented(
    triangulation: &Triangulation,
    (motifs, planes): (&[MotifId], &[Plane]),
    link: &Link,
) -> Option<f64> {
    let [first, second] = [link.first, link.second].map(|place| {
        let ring = triangulation.ring(motifs[place as usize]);
        (ring.caps, planes[place as usize].normal)
    });
    let seen = second.0.map(|cap| cap.shifted(link.shift));
    let shared = first.0.into_iter().find(|cap| seen.contains(cap))?;
    let outward = |caps: [Vertex; 2], normal: Vec3| {
        let far = if caps[0] == shared { caps[1] } else { caps[0] };
        let axis = triangulation.position(far) - triangulation.position(shared);
        if normal.dot(axis) < 0.0 {
            -normal
        } else {
            normal
        }
    };
    let cosine = outward(first.0, first.1).dot(outward(seen, second.1));
    Some(180.0 - cosine.clamp(-1.0, 1.0).acos().to_degrees())
}

/// The dihedral angle of three skeletons that share an edge evenly, in degrees: regular pentagons about
/// one edge, each a third of a turn from the next, as nothing hinders them; measured as every other.
pub fn unfrustrated_dihedral_deg() -> f64 {
    let radius = 0.5 / (PI / 5.0).sin();
    // The edge lies on z, its middle at the origin; the pentagon extends to +x.
    let corner = |k: u32| {
        let angle = PI + (2.0 * f64::from(k) + 1.0) * PI / 5.0;
        let apothem = radius * (PI / 5.0).cos();
        Vec3::new(apothem + radius * angle.cos(), 0.0, radius * angle.sin())
    };
    let planes = [0.0, 1.0, 2.0].map(|turn| {
        let turned = DMat3::from_rotation_z(turn * 2.0 * PI / 3.0);
        let pentagon: Vec<Vec3> = (0..5).map(|k| turned * corner(k)).collect();
        best_plane(&pentagon)
    });
    let [a, b, c] = &planes;
    (dihedral_deg(a, b) + dihedral_deg(b, c) + dihedral_deg(c, a)) / 3.0
}

/// The dihedral angles of all edge-sharing pairs ([`dihedral_deg`]), in degrees.
pub fn dihedral_angles(triangulation: &Triangulation, found: &MotifNetworks) -> Vec<f64> {
    let planes = skeleton_planes(triangulation, &found.motifs);
    let links = found.sharing.edge.iter();
    links
        .map(|link| dihedral_deg(&planes[link.first as usize], &planes[link.second as usize]))
        .collect()
}

/// The dihedral angles of all edge-sharing pairs with the normals oriented outward from the shared
/// capping atom ([`dihedral_oriented`]), in degrees.
pub fn oriented_dihedral_angles(triangulation: &Triangulation, found: &MotifNetworks) -> Vec<f64> {
    let planes = skeleton_planes(triangulation, &found.motifs);
    let links = found.sharing.edge.iter();
    links
        .filter_map(|link| dihedral_oriented(triangulation, (&found.motifs, &planes), link))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_skeletons_about_an_edge_share_the_full_turn() {
        assert!((unfrustrated_dihedral_deg() - 120.0).abs() < 1e-9);
    }
}
