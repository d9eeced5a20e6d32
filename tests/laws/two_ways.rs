//! The same answer two ways: the triangulation and its rings against their definitions.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

use amorphous_packing::atoms::{AtomId, Vec3};
use amorphous_packing::geometry::{TetrahedronId, TetrahedronShape, Triangulation};
use amorphous_packing::numerics::Numbered;
use amorphous_packing::packing::{Criteria, accepted_tetrahedra, face_pairs, triplets};
use glam::DMat4;
use proptest::prelude::*;
use rayon::iter::ParallelIterator;

use crate::support::{molten, open, scattered};

/// All sets of four atoms whose circumscribed sphere holds no fifth atom.
fn delaunay_by_definition(points: &[Vec3]) -> BTreeSet<[AtomId; 4]> {
    let n = points.len();
    let mut found = BTreeSet::new();
    for a in 0..n {
        for b in a + 1..n {
            for c in b + 1..n {
                for d in c + 1..n {
                    let four = [a, b, c, d];
                    let empty = (0..n)
                        .filter(|k| !four.contains(k))
                        .all(|k| outside(four.map(|v| points[v]), points[k]));
                    if empty {
                        found.insert(four.map(AtomId::at));
                    }
                }
            }
        }
    }
    found
}

fn outside(corners: [Vec3; 4], point: Vec3) -> bool {
    let lifted = |corner: Vec3| {
        let from = corner - point;
        from.extend(from.length_squared()).to_array()
    };
    let insphere = DMat4::from_cols_array_2d(&corners.map(lifted));
    let [a, b, c, d] = corners;
    let orientation = (b - a).cross(c - a).dot(d - a);
    insphere.determinant() * orientation > 0.0
}

fn atoms_of(triangulation: &Triangulation) -> BTreeSet<[AtomId; 4]> {
    triangulation
        .tetrahedra()
        .map(|t| triangulation.corners(t).map(|corner| corner.atom))
        .collect()
}

/// Closed rings by definition: the tetrahedra that hold both atoms of an edge, when every third
/// atom is in exactly two of them.
fn rings_by_definition(
    tetrahedra: &BTreeSet<[AtomId; 4]>,
) -> BTreeMap<[AtomId; 2], BTreeSet<[AtomId; 4]>> {
    let mut about: BTreeMap<[AtomId; 2], BTreeSet<[AtomId; 4]>> = BTreeMap::new();
    for t in tetrahedra {
        for i in 0..4 {
            for j in i + 1..4 {
                about.entry([t[i], t[j]]).or_default().insert(*t);
            }
        }
    }
    about.retain(|edge, ring| {
        let mut seen: BTreeMap<AtomId, usize> = BTreeMap::new();
        for atom in ring.iter().flatten().filter(|atom| !edge.contains(atom)) {
            *seen.entry(*atom).or_default() += 1;
        }
        seen.values().all(|&count| count == 2)
    });
    about
}

/// Triplets straight from their definition: every path of three, every simple cycle enumerated.
fn triplets_by_definition(pairs: &[(TetrahedronId, TetrahedronId)]) -> Vec<[TetrahedronId; 3]> {
    let mut graph: BTreeMap<TetrahedronId, BTreeSet<TetrahedronId>> = BTreeMap::new();
    for &(a, b) in pairs {
        graph.entry(a).or_default().insert(b);
        graph.entry(b).or_default().insert(a);
    }
    let mut cyclic = BTreeSet::new();
    for &start in graph.keys() {
        let mut paths = vec![vec![start]];
        while let Some(path) = paths.pop() {
            for &next in &graph[path.last().unwrap()] {
                if next == start && (4..=8).contains(&path.len()) {
                    cyclic.insert(start);
                } else if path.len() < 8 && !path.contains(&next) {
                    paths.push(path.iter().copied().chain([next]).collect());
                }
            }
        }
    }
    let mut found = Vec::new();
    for (&b, around) in &graph {
        for &a in around {
            for &c in around.range((Excluded(a), Unbounded)) {
                let loose = graph[&a].len() == 1 || graph[&c].len() == 1;
                if loose && [a, b, c].iter().all(|t| !cyclic.contains(t)) {
                    found.push([a, b, c]);
                }
            }
        }
    }
    found.sort_unstable();
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn triangulation_is_every_empty_sphere(points in scattered(6..22, 10.0, 0.5)) {
        prop_assume!(points.len() >= 5);
        let expected = delaunay_by_definition(&points);
        let triangulation = Triangulation::new(&open(points)).unwrap();
        prop_assert_eq!(atoms_of(&triangulation), expected);
    }

    #[test]
    fn rings_are_what_surrounds_an_edge(points in scattered(8..60, 10.0, 0.5)) {
        prop_assume!(points.len() >= 5);
        let triangulation = Triangulation::new(&open(points)).unwrap();
        let expected = rings_by_definition(&atoms_of(&triangulation));
        let mut found = BTreeMap::new();
        for ring in triangulation.rings().collect::<Vec<_>>() {
            let corners = |id| triangulation.corners(id).map(|corner| corner.atom);
            let tetrahedra: BTreeSet<_> = ring.tetrahedra.iter().map(|t| corners(t.id)).collect();
            let shapes = ring.tetrahedra.iter().map(|t| triangulation.shape(t.id));
            let critical = shapes.fold(0.0, |most: f64, s: TetrahedronShape| most.max(s.delta));
            prop_assert_eq!(triangulation.extreme(&ring).delta, critical);
            found.insert(ring.caps.map(|cap| cap.atom), tetrahedra);
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn triplets_are_loose_paths_off_every_cycle(
        points in molten(2, 0.7),
        delta_max in 0.1..0.3_f64,
    ) {
        let triangulation = Triangulation::new(&open(points)).unwrap();
        let criteria = Criteria::new(4.0).with_delta_max(delta_max);
        let accepted = accepted_tetrahedra(&triangulation, criteria);
        let expected = triplets_by_definition(&face_pairs(&triangulation, &accepted));
        prop_assert_eq!(triplets(&triangulation, &accepted), expected);
    }
}
