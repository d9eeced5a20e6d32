//! The interface of nuclei with a known bond order: a flat surface, a known decay, nothing at all.

use amorphous_packing::atoms::{AtomId, Vec3};
use amorphous_packing::geometry::Triangulation;
use amorphous_packing::numerics::Mask;
use amorphous_packing::order::{interface_profile, nuclei};
use approx::assert_relative_eq;

use crate::support::{BCC, analysed, crystal, open};

/// A block of atoms, and the place of the middle plane.
fn block() -> (Vec<Vec3>, f64) {
    (crystal(BCC, Vec3::splat(3.3), [14, 7, 7]), 0.5 * 13.5 * 3.3)
}

#[test]
fn a_plane_has_the_distances_of_a_plane_and_its_decay_is_found() {
    let (points, middle) = block();
    let width = 3.7;
    // Linear at the surface to the atoms' spacing, so that the surface is the plane itself.
    let order = |x: f64| 0.3 * (-(x - middle) / width).exp() + 0.2;
    let s: Vec<f64> = points.iter().map(|p| order(p[0])).collect();
    let crystal: Mask<AtomId> = s.iter().map(|&s| s >= 0.5).collect();
    let triangulation = Triangulation::new(&open(points.clone())).unwrap();
    let profile = interface_profile(&triangulation, &s, &crystal);
    let counted: u64 = profile.bins.iter().map(|bin| bin.atoms).sum();
    let near = points
        .iter()
        .filter(|p| (p[0] - middle).abs() < 14.0)
        .count();
    assert!(counted as usize >= near);
    for bin in &profile.bins {
        // A bin of 1 Å holds one or two planes of atoms, anywhere in it.
        let (high, low) = (
            order(middle + bin.distance_angstrom - 1.0),
            order(middle + bin.distance_angstrom + 1.0),
        );
        assert!(
            low < bin.mean_normalised_boo && bin.mean_normalised_boo < high,
            "{bin:?}"
        );
    }
    let fit = profile.fit(-3.0).unwrap();
    assert_relative_eq!(fit.width_angstrom, width, epsilon = 0.6);
    assert_relative_eq!(fit.b, 0.2, epsilon = 0.03);
    assert!(fit.width_error_angstrom > 0.0 && fit.width_error_angstrom < 1.0);
}

#[test]
fn groups_are_nuclei_from_thirteen_crystal_atoms_on() {
    let (points, _) = block();
    let near =
        |p: &Vec3, x: f64, reach: f64| p.distance_squared(Vec3::new(x, 9.9, 9.9)) < reach * reach;
    // About an atom of a body-centred cubic lattice: 15 atoms within 3.5 Å, 9 within 3 Å.
    let ordered = |p: &Vec3| near(p, 9.9, 3.5) || near(p, 33.0, 3.0);
    let s: Vec<f64> = points
        .iter()
        .map(|p| if ordered(p) { 0.9 } else { 0.1 })
        .collect();
    let crystal: Mask<AtomId> = s.iter().map(|&s| s > 0.5).collect();
    let triangulation = Triangulation::new(&open(points)).unwrap();
    let found = nuclei(&triangulation, &s, &crystal);
    let sizes: Vec<usize> = found.iter().map(Vec::len).collect();
    assert_eq!(sizes, [15]);
    let profile = interface_profile(&triangulation, &s, &crystal);
    assert!(
        profile
            .bins
            .iter()
            .all(|bin| bin.distance_angstrom > 0.0 || bin.atoms <= 15)
    );
}

#[test]
fn no_crystal_one_order_everywhere_and_all_crystal_have_no_profile() {
    let (points, _) = block();
    let atoms = points.len();
    let triangulation = Triangulation::new(&open(points)).unwrap();
    for (s, crystal) in [
        (0.1, false),
        (0.1, true),
        (0.9, true),
        (0.9, false),
        (0.5, true),
    ] {
        let crystal = Mask::all(atoms, crystal);
        let profile = interface_profile(&triangulation, &vec![s; atoms], &crystal);
        assert!(profile.bins.is_empty());
        assert_eq!(profile.fit(-3.0), None);
    }
}

#[test]
fn a_sample_without_nuclei_has_an_empty_profile() {
    let analysis = analysed(open(crystal(BCC, Vec3::splat(3.3), [1, 2, 2])), 3.9);
    assert!(analysis.interface_profile().bins.is_empty());
    assert!(analysis.nuclei().is_empty());
}
