//! The surface of the crystal nuclei, and how far from it a point lies.

use std::collections::BTreeMap;
use std::num::NonZero;

use kiddo::{ImmutableKdTree, SquaredEuclidean};
use rayon::prelude::*;

use crate::atoms::{AtomId, Vec3};
use crate::geometry::{TetrahedronId, Triangulation, distance, dot, sub};
use crate::order::CRYSTAL_THRESHOLD;

/// Fewer crystal atoms than this are no nucleus: as many as see each other in the core of one.
pub(super) const FEWEST_CRYSTAL_ATOMS: usize = 13;

/// The corners of a triangle in ångström.
pub(super) type Triangle = [Vec3; 3];

/// The nuclei: groups of atoms whose normalised bond order `s` reaches the threshold, connected by
/// edges of the `tetrahedra`, with at least thirteen `crystal` atoms. Those with more atoms first.
pub(super) fn nuclei_among(
    triangulation: &Triangulation,
    tetrahedra: &[TetrahedronId],
    s: &[f64],
    crystal: &[bool],
) -> Vec<Vec<AtomId>> {
    let ordered = |atom: AtomId| s[atom as usize] >= CRYSTAL_THRESHOLD;
    let mut group: Vec<AtomId> = (0..s.len() as AtomId).collect();
    for &t in tetrahedra {
        let corners = triangulation.corners(t).map(|corner| corner.atom);
        let mut inside = corners.into_iter().filter(|&atom| ordered(atom));
        if let Some(first) = inside.next() {
            for other in inside {
                let [a, b] = [first, other].map(|atom| root(&mut group, atom));
                group[a.max(b) as usize] = a.min(b);
            }
        }
    }
    let mut members: BTreeMap<AtomId, Vec<AtomId>> = BTreeMap::new();
    for atom in (0..s.len() as AtomId).filter(|&atom| ordered(atom)) {
        members
            .entry(root(&mut group, atom))
            .or_default()
            .push(atom);
    }
    let is_crystal = |atom: &&AtomId| crystal[**atom as usize];
    let mut nuclei: Vec<Vec<AtomId>> = members
        .into_values()
        .filter(|atoms| atoms.iter().filter(is_crystal).count() >= FEWEST_CRYSTAL_ATOMS)
        .collect();
    nuclei.sort_by_key(|atoms| (std::cmp::Reverse(atoms.len()), atoms[0]));
    nuclei
}

/// The representative of an atom's group, with the way to it halved.
fn root(group: &mut [AtomId], mut atom: AtomId) -> AtomId {
    while group[atom as usize] != atom {
        group[atom as usize] = group[group[atom as usize] as usize];
        atom = group[atom as usize];
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
    inside: &[bool],
) -> Vec<Triangle> {
    let mut triangles = Vec::new();
    for &t in tetrahedra {
        let atoms = triangulation.corners(t).map(|corner| corner.atom as usize);
        let places = triangulation.corner_positions(t);
        let (within, without): (Vec<usize>, Vec<usize>) = (0..4).partition(|&k| inside[atoms[k]]);
        // ANCHOR: marching
        let crossing = |k: usize, l: usize| {
            let [from, to] = [k, l].map(|corner| s[atoms[corner]]);
            let portion = (from - CRYSTAL_THRESHOLD) / (from - to);
            [0, 1, 2].map(|axis| places[k][axis] + portion * (places[l][axis] - places[k][axis]))
        };
        match (&within[..], &without[..]) {
            (&[a], &[b, c, d]) => triangles.push([b, c, d].map(|out| crossing(a, out))),
            (&[a, b, c], &[d]) => triangles.push([a, b, c].map(|within| crossing(within, d))),
            (&[a, b], &[c, d]) => {
                let [ac, ad, bc, bd] =
                    [(a, c), (a, d), (b, c), (b, d)].map(|(k, l)| crossing(k, l));
                triangles.push([ac, ad, bd]);
                triangles.push([ac, bd, bc]);
            }
            _ => {}
        }
        // ANCHOR_END: marching
    }
    triangles
}

/// The distance of every point from the nearest of the triangles, of which there is at least one.
pub(super) fn distances(points: &[Vec3], triangles: &[Triangle]) -> Vec<f64> {
    let centres: Vec<Vec3> = triangles
        .iter()
        .map(|t| [0, 1, 2].map(|k| (t[0][k] + t[1][k] + t[2][k]) / 3.0))
        .collect();
    let tree =
        ImmutableKdTree::new_from_slice(&centres).expect("finite positions make a valid tree");
    let radius = triangles
        .iter()
        .zip(&centres)
        .flat_map(|(t, centre)| t.map(|corner| distance(corner, *centre)))
        .fold(0.0, f64::max);
    let every = NonZero::new(triangles.len()).expect("there is a triangle");
    points
        .par_iter()
        .map(|&point| {
            let nearest = tree
                .query(&point)
                .nearest_one::<SquaredEuclidean<f64>>()
                .execute();
            // The nearest triangle has its centre no farther away than this.
            let bound = to_triangle(point, &triangles[nearest.item as usize]);
            let reach = (bound + radius) * (1.0 + 1e-9);
            tree.query(&point)
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
    let along =
        |from: Vec3, edge: Vec3, portion: f64| [0, 1, 2].map(|k| from[k] + portion * edge[k]);
    let (ab, ac, bc) = (sub(b, a), sub(c, a), sub(c, b));
    let [ap, bp, cp] = [a, b, c].map(|corner| sub(point, corner));
    let (ab_a, ac_a) = (dot(ab, ap), dot(ac, ap));
    let (ab_b, ac_b) = (dot(ab, bp), dot(ac, bp));
    let (ab_c, ac_c) = (dot(ab, cp), dot(ac, cp));
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
        along(a, ab, ab_a / (ab_a - ab_b))
    } else if over_b <= 0.0 && ac_a >= 0.0 && ac_c <= 0.0 {
        along(a, ac, ac_a / (ac_a - ac_c))
    } else if over_a <= 0.0 && ac_b >= ab_b && ab_c >= ac_c {
        let (from_b, from_c) = (ac_b - ab_b, ab_c - ac_c);
        along(b, bc, from_b / (from_b + from_c))
    } else {
        let sum = over_a + over_b + over_c;
        let on_ab = along(a, ab, over_b / sum);
        along(on_ab, ac, over_c / sum)
    };
    distance(point, foot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_from_a_triangle_is_that_of_its_nearest_point() {
        let triangle = [[0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 3.0, 0.0]];
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
            let found = to_triangle(point, &triangle);
            assert!((found - expected).abs() < 1e-12, "{point:?}: {found}");
        }
    }
}
