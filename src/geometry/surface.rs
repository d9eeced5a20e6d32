//! The surface of an open sample: the boundary of its alpha complex.

use rayon::prelude::*;

use crate::geometry::{TetrahedronId, Triangulation};

/// Which atoms lie on the boundary of the complex of the tetrahedra whose circumscribed sphere has
/// a radius of at most `alpha` ångström, or on no such tetrahedron at all.
///
/// These are the atoms that a ball of radius `alpha` can touch from the outside or from a void.
/// Faces beside a flat tetrahedron of a perfect crystal, which the triangulation leaves out, count
/// as boundary too.
pub fn surface_atoms(triangulation: &Triangulation, alpha: f64) -> Vec<bool> {
    let solid: Vec<bool> = (0..triangulation.len() as TetrahedronId)
        .into_par_iter()
        .map(|t| triangulation.circumradius(t) <= alpha)
        .collect();
    let solid = |t: TetrahedronId| solid[t as usize];
    let mut inside = vec![false; triangulation.atoms()];
    let mut surface = vec![false; triangulation.atoms()];
    for t in (0..triangulation.len() as TetrahedronId).filter(|&t| solid(t)) {
        let corners = triangulation.corners(t);
        for (apex, neighbour) in triangulation.neighbours(t).into_iter().enumerate() {
            inside[corners[apex].atom as usize] = true;
            if neighbour.is_none_or(|n| !solid(n.tetrahedron)) {
                for k in (0..4).filter(|&k| k != apex) {
                    surface[corners[k].atom as usize] = true;
                }
            }
        }
    }
    surface
        .iter()
        .zip(inside)
        .map(|(surface, inside)| *surface || !inside)
        .collect()
}
