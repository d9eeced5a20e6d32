//! Perfect crystals: as degenerate as it gets.

use amorphous_packing::analysis::Analysis;
use amorphous_packing::atoms::{Atoms, Vec3};
use amorphous_packing::order::averaged_bond_order;
use approx::assert_relative_eq;

use crate::support::{
    BCC, FCC, HCP, analysed, block_edges, boxed, crystal, hcp_cell, open, sanity_check,
};

struct Lattice {
    name: &'static str,
    basis: &'static [Vec3],
    /// Edges of the cell in Å.
    cell: Vec3,
    /// First valley of g(r) in Å.
    w: f64,
    q4_bar: f64,
    q6_bar: f64,
}

/// q̄4 and q̄6 from Mickel et al., J. Chem. Phys. 138, 044501 (2013).
fn lattices() -> [Lattice; 3] {
    let lattice = |name, basis, cell, w, [q4_bar, q6_bar]: [f64; 2]| Lattice {
        name,
        basis,
        cell,
        w,
        q4_bar,
        q6_bar,
    };
    [
        lattice("bcc", BCC, Vec3::splat(3.304), 3.9, [0.036_370, 0.510_688]),
        lattice("fcc", FCC, Vec3::splat(3.89), 3.3, [0.190_941, 0.574_524]),
        lattice("hcp", HCP, hcp_cell(2.75), 3.3, [0.097_222, 0.484_762]),
    ]
}

fn sound(analysis: &Analysis) {
    sanity_check(analysis);
    for t in analysis.triangulation.tetrahedra() {
        let edge = analysis.triangulation.shape(t).longest_edge;
        assert!(
            analysis.triangulation.volume(t) > 1e-6 * edge.powi(3),
            "a flat tetrahedron"
        );
    }
}

#[test]
fn open_crystals_keep_no_flat_tetrahedron() {
    for Lattice { basis, cell, w, .. } in lattices() {
        sound(&analysed(open(crystal(basis, cell, [5, 4, 4])), w));
    }
}

#[test]
fn periodic_crystals_fill_the_box() {
    for Lattice {
        name,
        basis,
        cell,
        w,
        ..
    } in lattices()
    {
        let cells = [4, 3, 3];
        let edges = block_edges(cell, cells);
        let analysis = analysed(boxed(crystal(basis, cell, cells), edges), w);
        sound(&analysis);
        let triangulation = &analysis.triangulation;
        let volumes = triangulation.tetrahedra().map(|t| triangulation.volume(t));
        let filled: f64 = volumes.sum();
        assert_relative_eq!(filled, edges.element_product(), max_relative = 1e-9);
        if name == "bcc" {
            // Every bcc Voronoi cell is a truncated octahedron: 24 vertices, each of 4 cells.
            assert_eq!(triangulation.len(), 6 * analysis.atoms.len());
        }
    }
}

#[test]
fn bond_order_of_crystals_is_the_reference() {
    for Lattice {
        name,
        basis,
        cell,
        w,
        q4_bar,
        q6_bar,
    } in lattices()
    {
        let cells = [4, 4, 4];
        let edges = block_edges(cell, cells);
        let atoms: Atoms = boxed(crystal(basis, cell, cells), edges);
        for order in averaged_bond_order(&atoms, w) {
            assert!(
                (order.q4_bar - q4_bar).abs() < 1e-5,
                "{name}: q̄4 = {}",
                order.q4_bar
            );
            assert!(
                (order.q6_bar - q6_bar).abs() < 1e-5,
                "{name}: q̄6 = {}",
                order.q6_bar
            );
        }
    }
}
