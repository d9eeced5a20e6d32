//! Perfect crystals: as degenerate as it gets.

use amorphous_packing::analysis::Analysis;
use amorphous_packing::atoms::{Atoms, Vec3};
use amorphous_packing::order::averaged_bond_order;
use approx::assert_relative_eq;

use crate::support::{BCC, FCC, HCP, analysed, boxed, crystal, hcp_cell, open, sanity_check};

/// Basis, cell edges in Å, first-valley distance in Å, q̄4, q̄6 (Mickel et al., J. Chem. Phys.
/// 138, 044501, 2013).
fn lattices() -> [(&'static str, &'static [Vec3], Vec3, f64, f64, f64); 3] {
    [
        ("bcc", BCC, [3.304; 3], 3.9, 0.036_370, 0.510_688),
        ("fcc", FCC, [3.89; 3], 3.3, 0.190_941, 0.574_524),
        ("hcp", HCP, hcp_cell(2.75), 3.3, 0.097_222, 0.484_762),
    ]
}

fn sound(analysis: &Analysis) {
    sanity_check(analysis);
    for t in 0..analysis.triangulation.len() as u32 {
        let edge = analysis.triangulation.shape(t).longest_edge;
        assert!(
            analysis.triangulation.volume(t) > 1e-6 * edge.powi(3),
            "a flat tetrahedron"
        );
    }
}

#[test]
fn open_crystals_keep_no_flat_tetrahedron() {
    for (_, basis, cell, w, _, _) in lattices() {
        sound(&analysed(open(crystal(basis, cell, [5, 4, 4])), w));
    }
}

#[test]
fn periodic_crystals_fill_the_box() {
    for (name, basis, cell, w, _, _) in lattices() {
        let cells = [4, 3, 3];
        let edges = [0, 1, 2].map(|k| cell[k] * cells[k] as f64);
        let analysis = analysed(boxed(crystal(basis, cell, cells), edges), w);
        sound(&analysis);
        let triangulation = &analysis.triangulation;
        let filled: f64 = (0..triangulation.len() as u32)
            .map(|t| triangulation.volume(t))
            .sum();
        assert_relative_eq!(filled, edges.iter().product(), max_relative = 1e-9);
        if name == "bcc" {
            // Every bcc Voronoi cell is a truncated octahedron: 24 vertices, each of 4 cells.
            assert_eq!(triangulation.len(), 6 * analysis.atoms.len());
        }
    }
}

#[test]
fn bond_order_of_crystals_is_the_reference() {
    for (name, basis, cell, w, q4, q6) in lattices() {
        let cells = [4, 4, 4];
        let edges = [0, 1, 2].map(|k| cell[k] * cells[k] as f64);
        let atoms: Atoms = boxed(crystal(basis, cell, cells), edges);
        for order in averaged_bond_order(&atoms, w) {
            assert!(
                (order.q4_bar - q4).abs() < 1e-5,
                "{name}: q̄4 = {}",
                order.q4_bar
            );
            assert!(
                (order.q6_bar - q6).abs() < 1e-5,
                "{name}: q̄6 = {}",
                order.q6_bar
            );
        }
    }
}
