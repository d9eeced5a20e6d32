//! The average bipyramid, bond angles, populations and dihedral angles: exact answers, and the
//! same answer two ways.

use amorphous_packing::analysis::Region;
use amorphous_packing::atoms::{AtomId, Vec3};
use amorphous_packing::bipyramid::{
    BondAngleError, PENTAGON_DEG, TETRAHEDRON_DEG, average_bipyramid, bond_angle_peaks,
    bond_angles, shape_of,
};
use amorphous_packing::geometry::{TetrahedronId, Triangulation, ideal_bipyramid};
use amorphous_packing::network::oriented_dihedral_angles;
use amorphous_packing::numerics::{Mask, Numbered};
use amorphous_packing::packing::{
    Criteria, DELTAS, PopulationsError, accepted_tetrahedra, bipyramids, is_amorphous, populations,
    populations_at, triplets,
};
use approx::assert_relative_eq;
use glam::DQuat;
use proptest::prelude::*;

use crate::support::{analysed, boxed, centred_icosahedron, molten, open, vectors};

type Bipyramid = ([Vec3; 2], [Vec3; 5]);

/// A bipyramid of bonds of about 3 Å, each coordinate displaced.
fn distorted(by: &[Vec3; 7]) -> Bipyramid {
    let (caps, ring) = ideal_bipyramid();
    let place = |v: Vec3, d: Vec3| 3.0 * v + d;
    (
        [0, 1].map(|k| place(caps[k], by[k])),
        [0, 1, 2, 3, 4].map(|k| place(ring[k], by[2 + k])),
    )
}

/// The same bipyramid with other names for its vertices, moved, turned and perhaps mirrored.
fn copy((caps, ring): &Bipyramid, way: usize, turn: Vec3, by: Vec3) -> Bipyramid {
    let rotation = DQuat::from_scaled_axis(turn);
    let sign = if way / 20 % 2 == 1 { -1.0 } else { 1.0 };
    let moved = |v: Vec3| rotation * v.with_x(sign * v.x) + by;
    let step = if way / 5 % 2 == 1 { 4 } else { 1 };
    let swap = usize::from(way / 10 % 2 == 1);
    (
        [0, 1].map(|k| moved(caps[(k + swap) % 2])),
        [0, 1, 2, 3, 4].map(|k| moved(ring[(way + step * k) % 5])),
    )
}

/// All distances between the vertices, in an order that no naming of them changes.
fn distances((caps, ring): &Bipyramid) -> Vec<f64> {
    let vertices: Vec<Vec3> = caps.iter().chain(ring).copied().collect();
    let pairs = vertices.iter().enumerate();
    let mut all: Vec<f64> = pairs
        .flat_map(|(k, a)| vertices[k + 1..].iter().map(|b| a.distance(*b)))
        .collect();
    all.sort_unstable_by(f64::total_cmp);
    all
}

/// Whether one theta is nearest to the mean by more than rounding.
fn has_one_first_target(all: &[Bipyramid]) -> bool {
    let thetas: Vec<f64> = all
        .iter()
        .map(|(caps, ring)| shape_of(*caps, ring).theta_deg)
        .collect();
    let mean = thetas.iter().sum::<f64>() / thetas.len() as f64;
    let mut off: Vec<f64> = thetas.iter().map(|theta| (theta - mean).abs()).collect();
    off.sort_unstable_by(f64::total_cmp);
    off[1] - off[0] > 1e-6
}

fn displaced() -> impl Strategy<Value = [Vec3; 7]> {
    prop::array::uniform7(vectors(-0.3..0.3))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_average_of_copies_of_one_bipyramid_is_that_bipyramid(
        by in displaced(),
        ways in prop::collection::vec((
            0..40_usize,
            vectors(-3.0..3.0),
            vectors(-50.0..50.0),
        ), 1..12),
    ) {
        let one = distorted(&by);
        let copies: Vec<Bipyramid> =
            ways.into_iter().map(|(way, turn, by)| copy(&one, way, turn, by)).collect();
        let average = average_bipyramid(&copies).unwrap();
        prop_assert!(average.spread_angstrom < 1e-9, "{}", average.spread_angstrom);
        let found = distances(&(average.caps, average.ring));
        for (a, b) in found.iter().zip(distances(&one)) {
            prop_assert!((a - b).abs() < 1e-9, "{} {}", a, b);
        }
        let (shape, expected) = (average.shape(), shape_of(one.0, &one.1));
        prop_assert!((shape.theta_deg - expected.theta_deg).abs() < 1e-6);
        prop_assert!((shape.alpha - expected.alpha).abs() < 1e-9);
    }

    #[test]
    fn the_average_does_not_depend_on_where_the_bipyramids_lie(
        many in prop::collection::vec(displaced(), 3..8),
        turn in vectors(-3.0..3.0),
        by in vectors(-50.0..50.0),
    ) {
        let before: Vec<Bipyramid> = many.iter().map(distorted).collect();
        prop_assume!(has_one_first_target(&before));
        let after: Vec<Bipyramid> = before.iter().map(|one| copy(one, 0, turn, by)).collect();
        let [a, b] = [before, after].map(|all| average_bipyramid(&all).unwrap());
        prop_assert!((a.spread_angstrom - b.spread_angstrom).abs() < 1e-6);
        for (x, y) in a.caps.iter().chain(&a.ring).zip(b.caps.iter().chain(&b.ring)) {
            prop_assert!(x.distance(*y) < 1e-5, "{:?} {:?}", x, y);
        }
    }

    #[test]
    fn populations_by_threshold_are_those_by_definition(points in molten(3, 0.7), cut in 0.0..9.0_f64) {
        let crystal: Mask<AtomId> = points.iter().map(|p| p[0] < cut).collect();
        let atoms = open(points);
        let triangulation = Triangulation::new(&atoms).unwrap();
        let criteria = Criteria::new(4.0);
        let found = populations_at(&triangulation, criteria, &DELTAS, &crystal).unwrap();
        for (delta, found) in DELTAS.into_iter().zip(found) {
            let criteria = criteria.with_delta_max(delta);
            prop_assert_eq!(populations(&triangulation, criteria, &crystal), found);
            let accepted = accepted_tetrahedra(&triangulation, criteria);
            let amorphous = |t: &TetrahedronId| {
                accepted[*t] && is_amorphous(triangulation.corners(*t), &crystal)
            };
            let ids: Vec<TetrahedronId> = triangulation.tetrahedra().filter(amorphous).collect();
            let share = |members: Vec<TetrahedronId>| {
                let inside = ids.iter().filter(|t| members.contains(t)).count();
                if ids.is_empty() { 0.0 } else { inside as f64 / ids.len() as f64 }
            };
            let bipyramid = |fold| {
                let motifs = bipyramids(&triangulation, &accepted, fold).into_iter();
                share(motifs.flat_map(|m| triangulation.ring(m).tetrahedra).map(|t| t.id).collect())
            };
            let triplet = share(triplets(&triangulation, &accepted).concat());
            prop_assert_eq!(found.motifs, [triplet, bipyramid(4), bipyramid(5), bipyramid(6)]);
        }
    }

    #[test]
    fn oriented_dihedral_angles_do_not_depend_on_where_the_box_begins(
        points in molten(3, 0.6),
        by in vectors(0.0..12.0),
    ) {
        let angles = |by: Vec3| -> Vec<f64> {
            let moved = points.iter().map(|p| *p + by).collect();
            let analysis = analysed(boxed(moved, Vec3::splat(12.0)), 4.0);
            let found = analysis.networks(5, Region::All);
            let mut angles = oriented_dihedral_angles(&analysis.triangulation, &found);
            assert_eq!(angles.len(), found.sharing.edge.len());
            angles.sort_unstable_by(f64::total_cmp);
            angles
        };
        let (here, there) = (angles(Vec3::ZERO), angles(by));
        prop_assume!(!here.is_empty());
        prop_assert_eq!(here.len(), there.len());
        for (a, b) in here.iter().zip(there) {
            prop_assert!((a - b).abs() < 1e-5, "{} {}", a, b);
        }
    }

    #[test]
    fn bond_angles_are_those_of_the_double_loop(points in molten(2, 0.6), cut in 0.0..9.0_f64) {
        let crystal: Mask<AtomId> = points.iter().map(|p| p[1] < cut).collect();
        let cutoff = 3.7;
        let mut expected = vec![0_u64; 180];
        for (i, &centre) in points.iter().enumerate().filter(|(i, _)| !crystal[AtomId::at(*i)]) {
            let near = |&(j, p): &(usize, &Vec3)| i != j && centre.distance(*p) < cutoff;
            let bonded: Vec<Vec3> =
                points.iter().enumerate().filter(near).map(|(_, p)| *p).collect();
            for (k, &a) in bonded.iter().enumerate() {
                for &b in &bonded[k + 1..] {
                    let angle = (a - centre).angle_between(b - centre).to_degrees();
                    expected[(angle as usize).min(179)] += 1;
                }
            }
        }
        prop_assume!(expected.iter().sum::<u64>() > 0);
        let found = bond_angles(&open(points), &crystal, cutoff).unwrap();
        prop_assert_eq!(found.counts, expected);
    }
}

#[test]
fn the_average_of_ideal_bipyramids_is_ideal() {
    let ideal = ideal_bipyramid();
    let copies: Vec<Bipyramid> = (0..40)
        .map(|way| {
            copy(
                &ideal,
                way,
                Vec3::new(0.3 * way as f64, 1.0, -0.2),
                Vec3::splat(way as f64),
            )
        })
        .collect();
    let average = average_bipyramid(&copies).unwrap();
    let shape = average.shape();
    assert_relative_eq!(shape.alpha_over_gamma(), 1.051_462_2, epsilon = 1e-7);
    assert_relative_eq!(shape.beta_over_gamma(), 1.0, epsilon = 1e-12);
    assert!(shape.theta_deg < 1e-5, "{}", shape.theta_deg);
    assert_eq!(average_bipyramid(&[]), None);
}

#[test]
fn the_average_of_an_icosahedron_is_its_bipyramid() {
    let analysis = analysed(open(centred_icosahedron(2.8)), 3.5);
    let average = analysis.average_bipyramid().unwrap();
    assert!(
        average.spread_angstrom < 1e-7,
        "{}",
        average.spread_angstrom
    );
    // A cap in the centre, one on the surface: the ring bonds are 5 % longer than the radius.
    assert_relative_eq!(average.shape().alpha, 2.8, epsilon = 1e-9);
    assert_relative_eq!(
        average.shape().alpha_over_gamma(),
        1.0 / 1.051_462_2,
        epsilon = 1e-7
    );
}

#[test]
fn oriented_dihedral_angles_of_an_icosahedron_are_116_565_degrees() {
    let analysis = analysed(open(centred_icosahedron(2.8)), 3.5);
    let found = analysis.networks(5, Region::All);
    let angles = oriented_dihedral_angles(&analysis.triangulation, &found);
    assert_eq!(angles.len(), 30);
    for phi in angles {
        assert_relative_eq!(phi, 116.565_051_177, epsilon = 1e-8);
    }
}

#[test]
fn bond_angles_of_an_icosahedron_are_60_63_108_116_and_180_degrees() {
    let atoms = open(centred_icosahedron(2.8));
    // About the centre 30 pairs at 63.43°, 30 at 116.57°, 6 at 180°; about each corner, in bonds
    // to the centre and to five corners, 5 at 58.28°, 5 at 60° and 5 at 108°.
    let found = bond_angles(&atoms, &Mask::all(13, false), 3.5).unwrap();
    let filled: Vec<(usize, u64)> = found
        .counts
        .iter()
        .copied()
        .enumerate()
        .filter(|b| b.1 > 0)
        .collect();
    let count = |range: std::ops::Range<usize>| -> u64 { found.counts[range].iter().sum() };
    assert_eq!(count(58..59), 60, "{filled:?}");
    assert_eq!(count(59..61), 60);
    assert_eq!(count(63..64), 30);
    assert_eq!(count(107..109), 60);
    assert_eq!(count(116..117), 30);
    assert_eq!(count(179..180), 6);
    assert_eq!(count(0..180), 246);
    let peaks = bond_angle_peaks(&found);
    for ideal in [TETRAHEDRON_DEG, PENTAGON_DEG] {
        assert!(
            peaks.iter().any(|peak| (peak - ideal).abs() < 5.0),
            "{peaks:?}"
        );
    }
}

#[test]
fn a_distortion_or_a_cutoff_that_cannot_be_is_refused_by_name() {
    let atoms = open(centred_icosahedron(2.8));
    for cutoff in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let refused = bond_angles(&atoms, &Mask::all(13, false), cutoff).unwrap_err();
        assert!(matches!(refused, BondAngleError::BadCutoff(_)));
        assert!(refused.to_string().contains("cutoff"), "{refused}");
    }
    let analysis = analysed(atoms, 3.5);
    for delta in [-0.1, f64::NAN] {
        let refused = populations_at(
            &analysis.triangulation,
            analysis.criteria,
            &[0.1, delta],
            &analysis.crystal,
        );
        let refused = refused.unwrap_err();
        assert!(matches!(refused, PopulationsError::BadDelta(_)));
        assert!(refused.to_string().contains("delta"), "{refused}");
    }
}
