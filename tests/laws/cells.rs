//! Skew cells, and cells that are repeated along some directions only: the same atoms described in
//! another way have the same packing.

use amorphous_packing::analysis::{Analysis, Lengths, Nuclei, Region, pair_distribution};
use amorphous_packing::atoms::{AtomId, Atoms, Boundary, Cell, Element, Vec3};
use amorphous_packing::network::Extent;
use amorphous_packing::numerics::{Mask, Numbered};
use amorphous_packing::order::Regulation;
use amorphous_packing::packing::Smoothing;
use amorphous_packing::progress::Silent;
use approx::assert_relative_eq;
use proptest::prelude::*;

use crate::support::{FCC, boxed, crystal, molten};

const W: f64 = 4.0;
/// Four cells of the molten lattice.
const EDGE: f64 = 16.0;

fn in_cell(positions: &[Vec3], lattice: [Vec3; 3], periodic: [bool; 3]) -> Atoms {
    let boundary = Boundary::Periodic(Cell::new(lattice, periodic));
    Atoms::new(Element::Ta, positions.to_vec(), boundary).unwrap()
}

fn analysed(atoms: Atoms) -> Analysis {
    let builder = Analysis::builder(atoms)
        .shell(W)
        .lengths(Lengths::PUBLISHED);
    builder.nuclei(Nuclei::Sought).run(&Silent).unwrap()
}

/// How many bipyramids of five each atom caps.
fn capped(analysis: &Analysis) -> Vec<usize> {
    let mut counts = vec![0; analysis.atoms.len()];
    for motif in analysis.bipyramids(5, Region::All) {
        for cap in analysis.ring(motif).caps {
            counts[cap.atom.index()] += 1;
        }
    }
    counts
}

/// How many packing tetrahedra each atom has.
fn tetrahedra(analysis: &Analysis) -> Vec<usize> {
    let mut counts = vec![0; analysis.atoms.len()];
    for t in analysis.accepted.marked() {
        for corner in analysis.triangulation.corners(t) {
            counts[corner.atom.index()] += 1;
        }
    }
    counts
}

/// Sizes of the networks, and their lengths; those that run through the cell have none.
fn networks(analysis: &Analysis) -> Vec<(usize, Option<i64>)> {
    let found = analysis.networks(5, Region::All).networks;
    let length = |extent: Extent| extent.length().map(|length| (1e6 * length).round() as i64);
    let mut all: Vec<_> = found.iter().map(|n| (n.size(), length(n.extent))).collect();
    all.sort_unstable();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// The box and a skew cell are two bases of one lattice.
    #[test]
    fn a_skew_basis_of_the_same_lattice_changes_nothing(points in molten(4, 0.7)) {
        let edge = |x: f64, y: f64, z: f64| EDGE * Vec3::new(x, y, z);
        let skew = [edge(1.0, 0.0, 0.0), edge(1.0, 1.0, 0.0), edge(0.0, -1.0, 1.0)];
        let upright = analysed(boxed(points.clone(), Vec3::splat(EDGE)));
        let leaning = analysed(in_cell(&points, skew, [true; 3]));
        prop_assert_eq!(upright.triangulation.len(), leaning.triangulation.len());
        prop_assert_eq!(upright.accepted.count(), leaning.accepted.count());
        prop_assert_eq!(tetrahedra(&upright), tetrahedra(&leaning));
        prop_assert_eq!(capped(&upright), capped(&leaning));
        prop_assert_eq!(networks(&upright), networks(&leaning));
        prop_assert_eq!(&upright.crystal, &leaning.crystal);
        for (a, b) in upright.bond_order.iter().zip(&leaning.bond_order) {
            assert_relative_eq!(a.q6_bar, b.q6_bar, epsilon = 1e-12);
        }
        let [a, b] = [&upright, &leaning].map(Analysis::voronoi_cells);
        for atom in AtomId::first(a.atoms()) {
            let volumes = [&a, &b].map(|cells| cells.cell(atom).unwrap().volume);
            assert_relative_eq!(volumes[0], volumes[1], max_relative = 1e-9);
        }
        let of = |analysis: &Analysis, cells| {
            let regulated = analysis.regulated_cells(cells, Regulation::default());
            regulated.iter().map(|cell| cell.index()).collect::<Vec<_>>()
        };
        prop_assert_eq!(of(&upright, &a), of(&leaning, &b));
        let [g, h] = [&upright, &leaning]
            .map(|of| pair_distribution(&of.atoms, Lengths::PUBLISHED).unwrap());
        for (g, h) in g.g.iter().zip(&h.g) {
            assert_relative_eq!(g, h, epsilon = 1e-12);
        }
    }

    /// A slab that repeats along x and y is the middle of an open block of its images.
    #[test]
    fn a_slab_is_the_middle_of_its_images(points in molten(4, 0.7)) {
        let lattice = [EDGE * Vec3::X, EDGE * Vec3::new(0.3, 1.0, 0.0), EDGE * Vec3::Z];
        let periodic = [true, true, false];
        let slab = analysed(in_cell(&points, lattice, periodic));
        let Boundary::Periodic(cell) = slab.atoms.boundary() else {
            unreachable!("it was given a cell");
        };
        let block = cell.with_images(slab.atoms.positions(), 30.0).into_iter();
        let block: Vec<Vec3> = block.map(|(place, _)| place).collect();
        let block = analysed(Atoms::new(Element::Ta, block, Boundary::Open).unwrap());
        let home = slab.atoms.len();
        prop_assert_eq!(&tetrahedra(&slab)[..], &tetrahedra(&block)[..home]);
        prop_assert_eq!(&capped(&slab)[..], &capped(&block)[..home]);
        let marks = |mask: Mask<AtomId>| mask.iter().take(home).collect::<Vec<bool>>();
        prop_assert_eq!(marks(slab.surface_atoms()), marks(block.surface_atoms()));
        prop_assert!(slab.surface_atoms().count() > 20, "it has a surface");
        for (a, b) in slab.bond_order.iter().zip(&block.bond_order) {
            assert_relative_eq!(a.q6_bar, b.q6_bar, epsilon = 1e-12);
        }
    }
}

/// A grid along skew axes could not be smoothed.
#[test]
fn a_skew_cell_has_no_density_map() {
    let lattice = [
        EDGE * Vec3::X,
        EDGE * Vec3::new(0.3, 1.0, 0.0),
        EDGE * Vec3::Z,
    ];
    let sites = crystal(FCC, Vec3::splat(4.0), [4; 3]);
    let analysis = analysed(in_cell(&sites, lattice, [true; 3]));
    let refused = analysis.density_map(Smoothing::of_fwhm(W)).unwrap_err();
    assert!(
        refused.to_string().contains("the cell is skew"),
        "{refused}"
    );
}
