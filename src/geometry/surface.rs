//! The surface of an open sample: the boundary of its alpha complex.

use crate::atoms::AtomId;
use crate::numerics::Mask;

use super::delaunay::TetrahedronId;
use super::triangulation::Triangulation;

/// Which atoms lie on the boundary of the complex of the tetrahedra whose circumscribed sphere has
/// a radius of at most `alpha` ångström, or on no such tetrahedron at all.
///
/// These are the atoms that a ball of radius `alpha` can touch from the outside or from a void.
/// Faces beside a flat tetrahedron of a perfect crystal, which the triangulation leaves out, count
/// as boundary too.
pub fn surface_atoms(triangulation: &Triangulation, alpha: f64) -> Mask<AtomId> {
    let solid: Mask<TetrahedronId> = Mask::of(triangulation.len(), |t| {
        triangulation.circumradius(t) <= alpha
    });
    let mut inside: Mask<AtomId> = Mask::all(triangulation.atoms(), false);
    let mut surface = inside.clone();
    for t in solid.marked() {
        let corners = triangulation.corners(t);
        for (apex, neighbour) in triangulation.neighbours(t).into_iter().enumerate() {
            inside[corners[apex].atom] = true;
            if neighbour.is_none_or(|n| !solid[n.tetrahedron]) {
                for k in (0..4).filter(|&k| k != apex) {
                    surface[corners[k].atom] = true;
                }
            }
        }
    }
    let marks = surface.iter().zip(inside.iter());
    marks.map(|(surface, inside)| surface || !inside).collect()
}
