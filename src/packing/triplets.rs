//! Triplets: three tetrahedra in a row, the loosest motif.
//!
//! Methods, "Polytetrahedral packing analysis", motif (1). A triplet is a path a–b–c in the graph
//! of face-sharing tetrahedra in which a or c is a loose end (it shares no other face), and none
//! of the three lies on a cycle of four to eight tetrahedra: those belong to larger motifs. The
//! cycle is any simple cycle of the graph, not only a ring about one edge.

use rayon::prelude::*;

use crate::geometry::{TetrahedronId, Triangulation};

/// The cycle lengths that make a larger motif.
const CYCLE: std::ops::RangeInclusive<usize> = 4..=8;

/// The pairs of accepted tetrahedra that share a face, smaller index first, sorted.
pub fn face_pairs(
    triangulation: &Triangulation,
    accepted: &[bool],
) -> Vec<(TetrahedronId, TetrahedronId)> {
    let mut pairs: Vec<_> = (0..triangulation.len() as TetrahedronId)
        .into_par_iter()
        .filter(|&t| accepted[t as usize])
        .flat_map_iter(|t| {
            face_neighbours(triangulation, accepted, t)
                .filter(move |&other| t < other)
                .map(move |other| (t, other))
        })
        .collect();
    pairs.par_sort_unstable();
    pairs
}

/// The triplets among the accepted tetrahedra: end, middle, end; the smaller end first; sorted.
pub fn triplets(triangulation: &Triangulation, accepted: &[bool]) -> Vec<[TetrahedronId; 3]> {
    triplets_beside(triangulation, accepted, |_| false)
}

/// As [`triplets`], where `in_ring` knows tetrahedra of accepted rings: a ring is a cycle, and
/// what lies on one need not be searched.
pub(super) fn triplets_beside(
    triangulation: &Triangulation,
    accepted: &[bool],
    in_ring: impl Fn(TetrahedronId) -> bool + Sync,
) -> Vec<[TetrahedronId; 3]> {
    // ANCHOR: triplets
    let neighbours = |t| face_neighbours(triangulation, accepted, t);
    let loose = |t| neighbours(t).count() == 1;
    let core = two_core(triangulation, accepted);
    let cyclic = |t| in_ring(t) || on_cycle(triangulation, &core, t);
    let mut triplets: Vec<[TetrahedronId; 3]> = (0..triangulation.len() as TetrahedronId)
        .into_par_iter()
        .filter(|&a| accepted[a as usize] && loose(a))
        .flat_map_iter(|a| {
            neighbours(a)
                .filter(|&b| !cyclic(b))
                .flat_map(move |b| neighbours(b).map(move |c| [a, b, c]))
        })
        // A path between two loose ends is found from both; the smaller end reports it.
        .filter(|&[a, _, c]| c != a && !(c < a && loose(c)))
        .filter(|&[_, _, c]| !cyclic(c))
        .map(|[a, b, c]| [a.min(c), b, a.max(c)])
        .collect();
    // ANCHOR_END: triplets
    triplets.par_sort_unstable();
    triplets
}

fn face_neighbours(
    triangulation: &Triangulation,
    accepted: &[bool],
    t: TetrahedronId,
) -> impl Iterator<Item = TetrahedronId> {
    triangulation
        .neighbours(t)
        .into_iter()
        .flatten()
        .map(|neighbour| neighbour.tetrahedron)
        .filter(|&other| accepted[other as usize])
}

/// The graph without its loose ends, their loose ends, and so on: all cycles lie in it.
fn two_core(triangulation: &Triangulation, accepted: &[bool]) -> Vec<bool> {
    let mut core = accepted.to_vec();
    let degree = |core: &[bool], t| face_neighbours(triangulation, core, t).count();
    let mut loose: Vec<TetrahedronId> = (0..triangulation.len() as TetrahedronId)
        .filter(|&t| core[t as usize] && degree(&core, t) < 2)
        .collect();
    while let Some(t) = loose.pop() {
        if std::mem::replace(&mut core[t as usize], false) {
            loose
                .extend(face_neighbours(triangulation, &core, t).filter(|&n| degree(&core, n) < 2));
        }
    }
    core
}

/// Whether a simple cycle of [`CYCLE`] tetrahedra passes through `t`.
fn on_cycle(triangulation: &Triangulation, core: &[bool], t: TetrahedronId) -> bool {
    core[t as usize] && closes(triangulation, core, &mut vec![t])
}

// ANCHOR: cycle
/// Depth-first search for a way back to the start of `path`.
fn closes(triangulation: &Triangulation, core: &[bool], path: &mut Vec<TetrahedronId>) -> bool {
    let (first, last) = (path[0], path[path.len() - 1]);
    for next in face_neighbours(triangulation, core, last) {
        if next == first && CYCLE.contains(&path.len()) {
            return true;
        }
        if path.len() < *CYCLE.end() && !path.contains(&next) {
            path.push(next);
            if closes(triangulation, core, path) {
                return true;
            }
            path.pop();
        }
    }
    false
}
// ANCHOR_END: cycle
