//! The mass density of what has a known one.

use amorphous_packing::atoms::{Element, Vec3};
use amorphous_packing::geometry::{Triangulation, surface_atoms};
use amorphous_packing::numerics::Mask;
use amorphous_packing::packing::{Smoothing, Surroundings, atomic_densities, density_map};
use approx::assert_relative_eq;
use proptest::prelude::*;

use crate::support::{BCC, analysed, boxed, crystal, molten, open};

/// The Avogadro constant in units of 10²⁴: g/mol per Å³ over it is g/cm³.
const AVOGADRO: f64 = 0.602_214_076;
const CELL: f64 = 3.304;

fn exact() -> f64 {
    2.0 * Element::Ta.mass_g_per_mol() / (AVOGADRO * CELL.powi(3))
}

fn bcc(cells: usize) -> Vec<Vec3> {
    crystal(BCC, Vec3::splat(CELL), [cells; 3])
}

#[test]
fn a_perfect_crystal_has_its_density_everywhere() {
    let cells = 10;
    let analysis = analysed(open(bcc(cells)), 3.9);
    let map = analysis.density_map(Smoothing::of_sigma(1.0)).unwrap();
    // Cells at the surface are larger; the Gaussian reaches four of its sigma.
    let margin = 2.0 * CELL + 4.0;
    let deep = margin..(cells as f64 - 0.5) * CELL - margin;
    let mut compared = 0;
    for z in 0..map.grid.shape[2] {
        for y in 0..map.grid.shape[1] {
            for x in 0..map.grid.shape[0] {
                let position = map.grid.position([x, y, z]).to_array();
                if position.iter().all(|p| deep.contains(p)) {
                    let density = map.density[map.grid.index([x, y, z])].unwrap();
                    assert_relative_eq!(density, exact(), max_relative = 1e-9);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 500);
    let edge = 6.0 * CELL;
    let analysis = analysed(boxed(bcc(6), Vec3::splat(edge)), 3.9);
    let densities = atomic_densities(
        &analysis.atoms,
        &analysis.voronoi_cells(),
        &Mask::all(analysis.atoms.len(), false),
    );
    for density in densities {
        assert_relative_eq!(density.unwrap(), exact(), max_relative = 1e-9);
    }
}

#[test]
fn what_is_all_crystal_has_no_amorphous_density() {
    let analysis = analysed(open(bcc(10)), 3.9);
    let map = analysis.density_map(Smoothing::of_fwhm(3.9)).unwrap();
    assert!(!map.at(Surroundings::Crystal).is_empty());
    assert!(map.at(Surroundings::With).is_empty());
    let nothing = analysed(open(bcc(2)), 3.9);
    let empty = nothing.density_map(Smoothing::of_fwhm(3.9)).unwrap();
    assert!(empty.density.iter().all(Option::is_none));
}

#[test]
fn surface_atoms_of_a_block_are_its_faces() {
    // Jittered, so that no tetrahedron is flat.
    let sites = crystal(BCC, Vec3::splat(CELL), [6; 3]);
    let jittered: Vec<Vec3> = sites
        .iter()
        .map(|site| {
            let phase = 12.9898 * site[0] + 78.233 * site[1] + 37.719 * site[2];
            *site + 0.01 * Vec3::new(1.0, 2.0, 3.0).map(|k| (phase * k).sin())
        })
        .collect();
    let triangulation = Triangulation::new(&open(jittered)).unwrap();
    let surface = surface_atoms(&triangulation, 2.5);
    for (site, surface) in sites.iter().zip(surface.iter()) {
        let last = 5.5 * CELL;
        // Corner and body atoms of the outermost cells.
        let along = site.to_array();
        let outside = along.iter().any(|&x| x < 0.1 || x > last - 0.1);
        let deep = along
            .iter()
            .all(|&x| x > 0.9 * CELL && x < last - 0.9 * CELL);
        assert!(!outside || surface, "{site:?} lies at a face");
        assert!(!deep || !surface, "{site:?} lies inside");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn smoothing_keeps_the_density_between_its_extremes(points in molten(4, 0.5), sigma in 0.5..4.0) {
        let analysis = analysed(boxed(points, Vec3::splat(16.0)), 4.0);
        let nobody = Mask::all(analysis.atoms.len(), false);
        let densities = atomic_densities(&analysis.atoms, &analysis.voronoi_cells(), &nobody);
        let known: Vec<f64> = densities.iter().flatten().copied().collect();
        let low = known.iter().copied().fold(f64::INFINITY, f64::min);
        let high = known.iter().copied().fold(0.0, f64::max);
        let packed = analysis.packed_tetrahedra();
        let smoothing = Smoothing::of_sigma(sigma);
        let map = density_map(&analysis.triangulation, &densities, &nobody, &packed, smoothing);
        // Tetrahedra fill the periodic box, so that every grid point has a density.
        prop_assert!(map.density.iter().all(|d| d.is_some_and(|d| low <= d && d <= high)));
        let all = map.at(Surroundings::With).len() + map.at(Surroundings::Without).len();
        prop_assert_eq!(all, map.grid.len());
    }
}
