//! The interface of nuclei with a known bond order: a flat surface, a known decay, nothing at all.

use amorphous_packing::atoms::{AtomId, Vec3};
use amorphous_packing::geometry::Triangulation;
use amorphous_packing::numerics::Mask;
use amorphous_packing::order::{ALPHA_ANGSTROM, interface_profile, nuclei};
use approx::assert_relative_eq;

use crate::support::{BCC, analysed, crystal, open};

/// A block of atoms.
fn block() -> Vec<Vec3> {
    crystal(BCC, Vec3::splat(3.3), [14, 7, 7])
}

/// A surface that is exactly a plane, halfway between two of the planes of atoms, which lie 1 Å apart:
/// every plane is a bin of the profile, all its atoms in the middle of the bin. So nothing is rounded
/// and the decay has to come back to the last digits.
#[test]
fn a_plane_has_the_distances_of_a_plane_and_its_decay_is_found() {
    let cells = [14, 7, 7];
    let points = crystal(BCC, Vec3::splat(2.0), cells);
    let middle = 13.5;
    let (a, width, b) = (0.3, 3.7, 0.2);
    // An edge of a tetrahedron leads one or two planes on. Linear that far from the surface, the bond
    // order is one half on the plane itself, whatever edge it is interpolated along.
    let order = |x: f64| {
        if x < 2.0 {
            0.5 - 0.05 * x.max(-2.0)
        } else {
            a * (-x / width).exp() + b
        }
    };
    let s: Vec<f64> = points.iter().map(|p| order(p.x - middle)).collect();
    let crystal: Mask<AtomId> = s.iter().map(|&s| s >= 0.5).collect();
    let triangulation = Triangulation::new(&open(points)).unwrap();
    let profile = interface_profile(&triangulation, &s, &crystal);
    assert_eq!(profile.bins.len(), 2 * cells[0]);
    for (plane, bin) in profile.bins.iter().enumerate() {
        assert_eq!(bin.distance_angstrom, plane as f64 - middle);
        assert_eq!(bin.atoms as usize, cells[1] * cells[2], "{bin:?}");
        let expected = order(bin.distance_angstrom);
        assert_relative_eq!(bin.mean_normalised_boo, expected, epsilon = 1e-12);
    }
    let fit = profile.fit(2.0).unwrap();
    assert_relative_eq!(fit.width_angstrom, width, epsilon = 1e-6);
    assert_relative_eq!(fit.a, a, epsilon = 1e-6);
    assert_relative_eq!(fit.b, b, epsilon = 1e-6);
    assert!(fit.width_error_angstrom < 1e-6, "{fit:?}");
}

#[test]
fn groups_are_nuclei_from_thirteen_crystal_atoms_on() {
    let points = block();
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
    let found = nuclei(&triangulation, &s, &crystal, ALPHA_ANGSTROM);
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
    let points = block();
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
