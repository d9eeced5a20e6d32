//! The surface of the crystal nuclei, and how far from it a point lies.

use std::collections::BTreeMap;
use std::num::NonZero;

use kiddo::{ImmutableKdTree, SquaredEuclidean};
use rayon::prelude::*;
use smallvec::SmallVec;

use crate::atoms::{AtomId, Vec3};
use crate::geometry::{TetrahedronId, Triangulation, crossed_edges, fan};
use crate::numerics::{Mask, Numbered, arrays};
use crate::order::nuclei::{CORE_MEMBERS, CRYSTAL_THRESHOLD};

/// The corners of a triangle in ångström.
pub(super) type Triangle = [Vec3; 3];

/// The nuclei: groups of atoms whose normalised bond order `s` reaches the threshold, connected by
/// edges of the `tetrahedra`, with at least thirteen `crystal` atoms. Those with more atoms first.
pub(super) fn nuclei_among(
    triangulation: &Triangulation,
    tetrahedra: &[TetrahedronId],
    s: &[f64],
    crystal: &Mask<AtomId>,
) -> Vec<Vec<AtomId>> {
    let ordered = |atom: AtomId| s[atom.index()] >= CRYSTAL_THRESHOLD;
    let mut group: Vec<AtomId> = AtomId::first(s.len()).collect();
    for &t in tetrahedra {
        let corners = triangulation.corners(t).map(|corner| corner.atom);
        let mut inside = corners.into_iter().filter(|&atom| ordered(atom));
        if let Some(first) = inside.next() {
            for other in inside {
                let [a, b] = [first, other].map(|atom| root(&mut group, atom));
                group[a.max(b).index()] = a.min(b);
            }
        }
    }
    let mut members: BTreeMap<AtomId, Vec<AtomId>> = BTreeMap::new();
    for atom in AtomId::first(s.len()).filter(|&atom| ordered(atom)) {
        members
            .entry(root(&mut group, atom))
            .or_default()
            .push(atom);
    }
    let is_crystal = |atom: &&AtomId| crystal[**atom];
    let mut nuclei: Vec<Vec<AtomId>> = members
        .into_values()
        .filter(|atoms| atoms.iter().filter(is_crystal).count() >= CORE_MEMBERS)
        .collect();
    nuclei.sort_by_key(|atoms| (std::cmp::Reverse(atoms.len()), atoms[0]));
    nuclei
}

/// The representative of an atom's group, with the way to it halved.
fn root(group: &mut [AtomId], mut atom: AtomId) -> AtomId {
    while group[atom.index()] != atom {
        group[atom.index()] = group[group[atom.index()].index()];
        atom = group[atom.index()];
    }
    atom
}

/// The surface on which the linearly interpolated bond order is one half, about the atoms `inside`
/// the nuclei (marching tetrahedra). The ordered corners of one tetrahedron belong to one group, so
/// that a tetrahedron with a corner inside has no other ordered corner outside.
pub(super) fn surface(
    triangulation: &Triangulation,
    tetrahedra: &[TetrahedronId],
    s: &[f64],
    inside: &Mask<AtomId>,
) -> Vec<Triangle> {
    let mut triangles = Vec::new();
    for &t in tetrahedra {
        let atoms = triangulation.corners(t).map(|corner| corner.atom);
        let places = triangulation.corner_positions(t);
        // ANCHOR: marching
        let crossing = |&(within, without): &(usize, usize)| {
            let [from, to] = [within, without].map(|corner| s[atoms[corner].index()]);
            let portion = (from - CRYSTAL_THRESHOLD) / (from - to);
            places[within] + portion * (places[without] - places[within])
        };
        let crossed = crossed_edges(atoms.map(|atom| inside[atom]));
        let polygon: SmallVec<[Vec3; 4]> = crossed.iter().map(crossing).collect();
        triangles.extend(fan(&polygon));
        // ANCHOR_END: marching
    }
    triangles
}

/// The distance of every point from the nearest of the triangles, of which there is at least one.
pub(super) fn distances(points: &[Vec3], triangles: &[Triangle]) -> Vec<f64> {
    let centre = |&[a, b, c]: &Triangle| (a + b + c) / 3.0;
    let centres: Vec<Vec3> = triangles.iter().map(centre).collect();
    let tree = ImmutableKdTree::new_from_slice(arrays(&centres))
        .expect("finite positions make a valid tree");
    let radius = triangles
        .iter()
        .flat_map(|t| t.map(|corner| corner.distance(centre(t))))
        .fold(0.0, f64::max);
    let every = NonZero::new(triangles.len()).expect("there is a triangle");
    points
        .par_iter()
        .map(|&point| {
            let place = point.to_array();
            let nearest = tree
                .query(&place)
                .nearest_one::<SquaredEuclidean<f64>>()
                .execute();
            // The nearest triangle has its centre no farther away than this.
            let bound = to_triangle(point, &triangles[nearest.item as usize]);
            let reach = (bound + radius) * (1.0 + 1e-9);
            tree.query(&place)
                .nearest_n::<SquaredEuclidean<f64>>(every)
                .within(reach * reach)
                .execute()
                .iter()
                .map(|centre| to_triangle(point, &triangles[centre.item as usize]))
                .fold(bound, f64::min)
        })
        .collect()
}

/// The distance of a point from a triangle (Ericson, Real-Time Collision Detection, 2005, 5.1.5).
fn to_triangle(point: Vec3, &[a, b, c]: &Triangle) -> f64 {
    let (ab, ac, bc) = (b - a, c - a, c - b);
    let [ap, bp, cp] = [a, b, c].map(|corner| point - corner);
    let (ab_a, ac_a) = (ab.dot(ap), ac.dot(ap));
    let (ab_b, ac_b) = (ab.dot(bp), ac.dot(bp));
    let (ab_c, ac_c) = (ab.dot(cp), ac.dot(cp));
    // The areas of the triangles that the foot of the point makes with the edges.
    let over_c = ab_a * ac_b - ab_b * ac_a;
    let over_b = ab_c * ac_a - ab_a * ac_c;
    let over_a = ab_b * ac_c - ab_c * ac_b;
    let foot = if ab_a <= 0.0 && ac_a <= 0.0 {
        a
    } else if ab_b >= 0.0 && ac_b <= ab_b {
        b
    } else if ac_c >= 0.0 && ab_c <= ac_c {
        c
    } else if over_c <= 0.0 && ab_a >= 0.0 && ab_b <= 0.0 {
        a + ab_a / (ab_a - ab_b) * ab
    } else if over_b <= 0.0 && ac_a >= 0.0 && ac_c <= 0.0 {
        a + ac_a / (ac_a - ac_c) * ac
    } else if over_a <= 0.0 && ac_b >= ab_b && ab_c >= ac_c {
        let (from_b, from_c) = (ac_b - ab_b, ab_c - ac_c);
        b + from_b / (from_b + from_c) * bc
    } else {
        let sum = over_a + over_b + over_c;
        a + over_b / sum * ab + over_c / sum * ac
    };
    point.distance(foot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_from_a_triangle_is_that_of_its_nearest_point() {
        let triangle = [Vec3::ZERO, 4.0 * Vec3::X, 3.0 * Vec3::Y];
        for (point, expected) in [
            ([1.0, 1.0, 2.0], 2.0),
            ([-3.0, -4.0, 0.0], 5.0),
            ([7.0, 0.0, 4.0], 5.0),
            ([0.0, 6.0, 4.0], 5.0),
            ([2.0, -3.0, 4.0], 5.0),
            ([-3.0, 1.0, 4.0], 5.0),
            // Beyond the hypotenuse by 3, above by 4.
            ([2.0 + 0.6 * 3.0, 1.5 + 0.8 * 3.0, 4.0], 5.0),
        ] {
            let found = to_triangle(Vec3::from(point), &triangle);
            assert!((found - expected).abs() < 1e-12, "{point:?}: {found}");
        }
    }
}
