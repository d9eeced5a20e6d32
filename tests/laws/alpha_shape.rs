//! The alpha shape: known volumes, and membership two ways.

use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{AlphaShape, Triangulation};
use approx::assert_relative_eq;
use proptest::prelude::*;

use crate::support::{BCC, crystal, molten, open};

fn shape(points: Vec<Vec3>, alpha: f64) -> AlphaShape {
    AlphaShape::new(&Triangulation::new(&open(points)).unwrap(), alpha)
}

#[test]
fn a_block_of_crystal_is_filled_and_a_gap_in_it_is_not() {
    // Tetrahedra of a body-centred cubic crystal: circumradius a √5/4.
    let (a, cells) = (4.0, 5);
    let points = crystal(BCC, Vec3::splat(a), [cells; 3]);
    let (low, high) = (
        a * 1.25_f64.sqrt() / 2.0 - 0.01,
        a * 1.25_f64.sqrt() / 2.0 + 0.01,
    );
    assert!(shape(points.clone(), low).tetrahedra().is_empty());
    let whole = shape(points.clone(), high);
    assert!(whole.contains(Vec3::new(8.1, 7.9, 6.3)));
    assert!(!whole.contains(Vec3::new(-1.0, 8.0, 8.0)));
    // Two blocks apart: the space between them belongs to neither.
    let apart = points.iter().map(|p| *p + 40.0 * Vec3::X);
    let both = shape(points.iter().copied().chain(apart).collect(), high);
    assert_relative_eq!(
        both.volume_cubic_angstrom(),
        2.0 * whole.volume_cubic_angstrom(),
        max_relative = 1e-9
    );
    assert!(!both.contains(Vec3::new(30.0, 8.0, 8.0)));
    assert!(both.contains(Vec3::new(48.0, 8.0, 8.0)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn the_volume_is_the_share_of_the_points_that_are_inside(points in molten(3, 0.8)) {
        let shape = shape(points, 3.0);
        let (mut inside, mut all) = (0_u32, 0_u32);
        // A grid about the block of edge 12 Å.
        for x in 0..60 {
            for y in 0..60 {
                for z in 0..60 {
                    let at = Vec3::from([x, y, z].map(|n| f64::from(n) * 0.25 - 2.4));
                    all += 1;
                    inside += u32::from(shape.contains(at));
                }
            }
        }
        let counted = f64::from(inside) / f64::from(all) * 15.0_f64.powi(3);
        let volume = shape.volume_cubic_angstrom();
        prop_assert!((counted / volume - 1.0).abs() < 0.03, "{counted} {volume}");
    }

    #[test]
    fn every_corner_and_centre_of_a_tetrahedron_is_inside(points in molten(3, 0.8)) {
        let shape = shape(points, 3.0);
        for corners in shape.corners() {
            let centre = corners.iter().sum::<Vec3>() / 4.0;
            prop_assert!(shape.contains(centre));
            prop_assert!(corners.iter().all(|&corner| shape.contains(corner)));
        }
    }
}
