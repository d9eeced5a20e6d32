//! Motions that must not matter: rotation, translation, scale, and the order of the atoms.

use std::collections::BTreeSet;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{AtomId, Vec3};
use amorphous_packing::numerics::Numbered;
use glam::DQuat;
use proptest::prelude::*;

use crate::support::{analysed, molten, open, sanity_check, vectors};

const W: f64 = 4.0;

/// The bipyramids of 4 to 8 tetrahedra as sets of atoms, capping atoms first.
type Motifs = BTreeSet<(Vec<AtomId>, Vec<AtomId>)>;

fn motifs(analysis: &Analysis, name: impl Fn(AtomId) -> AtomId) -> Motifs {
    let sorted = |ids: Vec<AtomId>| {
        let mut ids: Vec<AtomId> = ids.into_iter().map(&name).collect();
        ids.sort_unstable();
        ids
    };
    (4..=8)
        .flat_map(|fold| analysis.bipyramids(fold, Region::All))
        .map(|motif| {
            let ring = analysis.ring(motif);
            let caps = ring.caps.iter().map(|cap| cap.atom).collect();
            let atoms = ring.atoms.iter().map(|atom| atom.atom).collect();
            (sorted(caps), sorted(atoms))
        })
        .collect()
}

/// Whether rounding could change what is accepted: a tetrahedron on the edge of the criteria, or
/// a fifth atom on the sphere of a tetrahedron.
fn on_the_edge(analysis: &Analysis) -> bool {
    let criteria = analysis.criteria;
    let triangulation = &analysis.triangulation;
    triangulation.tetrahedra().any(|t| {
        let shape = triangulation.shape(t);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9 * b;
        let corners = triangulation.corner_positions(t);
        close(1.0 + shape.delta, 1.0 + criteria.delta_max)
            || close(shape.longest_edge, criteria.edge_max_angstrom)
            || close(shape.circumradius, criteria.circumradius_max_angstrom)
            || triangulation.neighbours(t).into_iter().flatten().any(|n| {
                let apex = triangulation.corners(n.tetrahedron)[n.apex as usize];
                let apex = triangulation.position(apex.shifted(n.shift));
                let centre = circumcentre(corners);
                close(apex.distance(centre), shape.circumradius)
            })
    })
}

fn circumcentre([o, a, b, c]: [Vec3; 4]) -> Vec3 {
    let (a, b, c) = (a - o, b - o, c - o);
    let sum = b.cross(c) * a.length_squared()
        + c.cross(a) * b.length_squared()
        + a.cross(b) * c.length_squared();
    o + sum / (2.0 * a.dot(b.cross(c)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rigid_motion_leaves_the_motifs_alone(
        points in molten(3, 0.6),
        axis in vectors(-1.0..1.0),
        angle in 0.0..6.0_f64,
        by in vectors(-50.0..50.0),
    ) {
        let rotation = DQuat::from_scaled_axis(axis * angle);
        let moved = points.iter().map(|&p| rotation * p + by).collect();
        let before = analysed(open(points), W);
        prop_assume!(!on_the_edge(&before));
        let after = analysed(open(moved), W);
        sanity_check(&after);
        let expected = motifs(&before, |id| id);
        prop_assert!(!expected.is_empty());
        prop_assert_eq!(motifs(&after, |id| id), expected);
    }

    #[test]
    fn scale_leaves_the_motifs_alone(points in molten(3, 0.6), factor in 0.3..1.0_f64) {
        // Only shrinking: the largest circumradius is an absolute length and would bite.
        let before = analysed(open(points.clone()), W);
        prop_assume!(!on_the_edge(&before));
        let mut shapes = before.triangulation.tetrahedra().map(|t| before.triangulation.shape(t));
        prop_assume!(shapes.all(|shape| {
            shape.longest_edge > W || shape.circumradius <= 4.0 || shape.delta > 0.255
        }));
        let scaled = points.iter().map(|p| *p * factor).collect();
        let after = analysed(open(scaled), W * factor);
        prop_assert_eq!(motifs(&after, |id| id), motifs(&before, |id| id));
    }

    #[test]
    fn the_order_of_the_atoms_does_not_matter(
        (points, order) in molten(3, 0.6).prop_flat_map(|points| {
            let order: Vec<usize> = (0..points.len()).collect();
            (Just(points), Just(order).prop_shuffle())
        }),
    ) {
        let shuffled = order.iter().map(|&k| points[k]).collect();
        let before = analysed(open(points), W);
        let after = analysed(open(shuffled), W);
        prop_assert_eq!(
            motifs(&after, |id| AtomId::at(order[id.index()])),
            motifs(&before, |id| id)
        );
        let sizes = |analysis: &Analysis| {
            let networks = analysis.networks(5, Region::All).networks;
            networks.iter().map(|n| (n.size(), n.atoms.len())).collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(sizes(&after), sizes(&before));
    }
}
