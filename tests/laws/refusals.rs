//! Bad input is refused in one sentence that names the offender.

use amorphous_packing::analysis::Analysis;
use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::progress::Silent;

use crate::support::{FCC, crystal, open};
use acceptance::errors::sentence;

fn refusal(positions: Vec<Vec3>, boundary: Boundary) -> String {
    sentence(&Atoms::new(Element::Pd, positions, boundary).unwrap_err())
}

fn some_atoms() -> Vec<Vec3> {
    crystal(FCC, Vec3::splat(4.0), [2; 3])
}

#[test]
fn fewer_than_five_atoms() {
    let message = refusal(some_atoms()[..4].to_vec(), Boundary::Open);
    assert!(message.starts_with("the sample has 4 atoms"), "{message}");
    let message = refusal(Vec::new(), Boundary::Open);
    assert!(message.starts_with("the sample has 0 atoms"), "{message}");
}

#[test]
fn a_position_that_is_no_place() {
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut positions = some_atoms();
        positions[7][1] = wrong;
        let message = refusal(positions, Boundary::Open);
        assert!(message.starts_with("atom 7 "), "{message}");
    }
}

#[test]
fn two_atoms_at_one_place() {
    let mut positions = some_atoms();
    positions[19] = positions[3];
    let message = refusal(positions, Boundary::Open);
    assert!(message.starts_with("atoms 3 and 19 "), "{message}");
    // Across the boundary of a periodic box too.
    let mut positions = some_atoms();
    positions[19] = positions[3] + 8.0 * Vec3::new(0.0, 1.0, 2.0);
    let message = refusal(positions, Boundary::periodic(Vec3::splat(8.0)));
    assert!(message.starts_with("atoms 3 and 19 "), "{message}");
}

#[test]
fn a_box_without_room() {
    for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let message = refusal(some_atoms(), Boundary::periodic(Vec3::new(8.0, wrong, 8.0)));
        assert!(
            message.starts_with("the periodic box has the edges"),
            "{message}"
        );
    }
}

#[test]
fn atoms_in_one_plane_or_on_one_line() {
    let tilted = |x: f64, y: f64| Vec3::new(x, y, 0.3 * x - 0.7 * y);
    let plane: Vec<Vec3> = (0..40)
        .map(|k| tilted(f64::from(k % 7), f64::from(k / 7)))
        .collect();
    let line: Vec<Vec3> = (0..9)
        .map(|k| tilted(f64::from(k), 2.0 * f64::from(k)))
        .collect();
    for positions in [plane, line] {
        let error = Analysis::new(open(positions), Some(4.0), &Silent).unwrap_err();
        let message = sentence(&error);
        assert!(
            message.contains("lie in one plane or on one line"),
            "{message}"
        );
    }
}

#[test]
fn a_shell_distance_that_cannot_be_one() {
    for wrong in [0.0, -3.9, f64::NAN, f64::INFINITY] {
        let error = Analysis::new(open(some_atoms()), Some(wrong), &Silent).unwrap_err();
        let message = sentence(&error);
        assert!(
            message.starts_with("the first-neighbour distance is"),
            "{message}"
        );
    }
    let error = Analysis::new(open(some_atoms()), None, &Silent).unwrap_err();
    let message = sentence(&error);
    assert!(message.contains("a larger sample is needed"), "{message}");
}
