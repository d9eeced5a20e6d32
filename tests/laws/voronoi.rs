//! Voronoi cells: they fill the box, close, look alike from both sides, do not mind motions, and
//! are those of the definition.

use amorphous_packing::analysis::Analysis;
use amorphous_packing::atoms::{AtomId, Atoms, Boundary, Vec3};
use amorphous_packing::geometry::{ConvexCell, Image, Vertex, VoronoiCells, fan};
use amorphous_packing::numerics::{Bounds, Mask, Numbered};
use amorphous_packing::order::{RegulatedCell, Regulation, regulated_cells};
use approx::assert_relative_eq;
use glam::DQuat;
use proptest::prelude::*;

use crate::support::{
    BCC, FCC, HCP, analysed, block_edges, boxed, centred_icosahedron, crystal, hcp_cell, molten,
    open, vectors,
};

pub(crate) const W: f64 = 4.0;
pub(crate) const EDGE: f64 = 12.0;

pub(crate) fn cells(analysis: &Analysis) -> VoronoiCells {
    VoronoiCells::new(&analysis.triangulation)
}

fn regulated(analysis: &Analysis) -> Vec<RegulatedCell> {
    let everyone = Mask::all(analysis.atoms.len(), true);
    let rule = Regulation::default();
    regulated_cells(&analysis.triangulation, &cells(analysis), &everyone, rule)
}

/// The cells of a sample by definition: the bisecting planes to all other atoms.
fn by_definition(points: &[Vec3], atom: usize) -> Option<ConvexCell> {
    let others = points.iter().enumerate().filter(|(k, _)| *k != atom);
    let displaced: Vec<Vec3> = others.map(|(_, p)| *p - points[atom]).collect();
    ConvexCell::about(&displaced)
}

fn convex_volume(cell: &ConvexCell) -> f64 {
    let cones = cell.faces().iter().map(|face| {
        let polygon = cell.polygon(face);
        let volumes = fan(&polygon).map(|[a, b, c]| a.dot(b.cross(c)).abs() / 6.0);
        volumes.sum::<f64>()
    });
    cones.sum()
}

pub(crate) fn sorted(mut faces: Vec<(u32, f64)>) -> Vec<(u32, f64)> {
    faces.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    faces
}

pub(crate) fn same_faces(ours: Vec<(u32, f64)>, theirs: Vec<(u32, f64)>) {
    assert_eq!(ours.len(), theirs.len(), "{ours:?} {theirs:?}");
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours.0, theirs.0);
        assert_relative_eq!(ours.1, theirs.1, max_relative = 1e-6, epsilon = 1e-7);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn periodic_cells_fill_the_box_and_close(points in molten(3, 0.6)) {
        let analysis = analysed(boxed(points, Vec3::splat(EDGE)), W);
        let cells = cells(&analysis);
        prop_assert_eq!(cells.closed().count(), analysis.atoms.len());
        let filled: f64 = cells.closed().map(|cell| cell.volume).sum();
        assert_relative_eq!(filled, EDGE.powi(3), max_relative = 1e-9);
        for cell in cells.closed() {
            // Three edges meet in a corner, two faces in an edge.
            let edges = cell.faces.iter().map(|f| f.edges as usize).sum::<usize>() / 2;
            prop_assert_eq!(2 * edges / 3 + cell.faces.len(), edges + 2);
            for face in cell.faces {
                let there = cells.cell(face.neighbour.atom).unwrap();
                let back = Vertex {
                    atom: cell.atom,
                    image: Image::HOME - face.neighbour.image,
                };
                let seen = there.faces.iter().find(|f| f.neighbour == back).unwrap();
                prop_assert_eq!((seen.area, seen.edges), (face.area, face.edges));
            }
        }
    }

    #[test]
    fn open_cells_are_those_of_the_definition(points in molten(3, 0.6)) {
        let analysis = analysed(open(points.clone()), W);
        let cells = cells(&analysis);
        prop_assert!(cells.closed().count() > 0);
        for atom in 0..points.len() {
            let expected = by_definition(&points, atom);
            match (cells.cell(AtomId::at(atom)), expected) {
                (None, None) => (),
                (Some(ours), Some(theirs)) => {
                    assert_relative_eq!(ours.volume, convex_volume(&theirs), max_relative = 1e-6);
                    let faces = theirs.faces().iter();
                    let faces = faces.map(|face| (face.edges() as u32, theirs.area(face)));
                    let ours = ours.faces.iter().map(|face| (face.edges, face.area));
                    let wide = |faces: Vec<(u32, f64)>| {
                        // A cell at the surface can reach so far that its areas lose digits.
                        faces.iter().all(|face| face.1 < 1e4).then_some(faces)
                    };
                    if let Some(ours) = wide(sorted(ours.collect())) {
                        same_faces(ours, sorted(faces.collect()));
                    }
                }
                // Closed, but farther out than a cell that is cut can reach.
                (Some(ours), None) => prop_assert!(ours.volume > 1e4),
                (None, Some(theirs)) => {
                    prop_assert!(false, "atom {atom} has a closed cell: {theirs:?}");
                }
            }
        }
    }

    #[test]
    fn rigid_motion_leaves_volumes_and_indices_alone(
        points in molten(3, 0.6),
        axis in vectors(-1.0..1.0),
        by in vectors(-50.0..50.0),
    ) {
        let rotation = DQuat::from_scaled_axis(axis);
        let moved = points.iter().map(|&p| rotation * p + by).collect();
        let (before, after) = (analysed(open(points), W), analysed(open(moved), W));
        let ordinary = |cell: &RegulatedCell| cell.longest_edge < 100.0;
        let [before_cells, after_cells] = [&before, &after].map(regulated);
        let mut compared = 0;
        for cell in before_cells.iter().filter(|cell| ordinary(cell)) {
            let other = after_cells.iter().find(|other| other.atom == cell.atom).unwrap();
            prop_assert_eq!(cell.index(), other.index());
            prop_assert_eq!(cell.coordination(), other.coordination());
            assert_relative_eq!(cell.largest_delta, other.largest_delta, epsilon = 1e-9);
            let [one, two] = [&before, &after].map(|a| cells(a).cell(cell.atom).unwrap().volume);
            assert_relative_eq!(one, two, max_relative = 1e-6);
            compared += 1;
        }
        prop_assert!(compared > 0);
    }
}

#[test]
fn the_centre_of_an_icosahedron_has_twelve_five_edged_faces() {
    let analysis = analysed(open(centred_icosahedron(2.8)), 3.5);
    let found = regulated(&analysis);
    assert_eq!(found.len(), 1, "the shell is open");
    assert_eq!(
        (found[0].atom, found[0].index()),
        (AtomId::new(12), [0, 0, 12, 0])
    );
    assert!(found[0].is_distorted_icosahedron());
    // Three edges of the radius and three of the surface, 5.146 % longer.
    let ratio = 1.051_462;
    assert_relative_eq!(
        found[0].largest_delta,
        2.0 * ratio / (1.0 + ratio) - 1.0,
        epsilon = 1e-6
    );
}

struct Lattice {
    basis: &'static [Vec3],
    cell: Vec3,
    index: [u32; 4],
}

fn lattices() -> [Lattice; 3] {
    let lattice = |basis, cell, index| Lattice { basis, cell, index };
    [
        lattice(FCC, Vec3::splat(4.0), [0, 12, 0, 0]),
        lattice(HCP, hcp_cell(2.75), [0, 12, 0, 0]),
        lattice(BCC, Vec3::splat(3.304), [0, 6, 0, 8]),
    ]
}

fn in_box(lattice: &Lattice, moved: impl Fn(Vec3) -> Vec3) -> Atoms {
    let cells = [4, 3, 3];
    let edges = block_edges(lattice.cell, cells);
    let sites = crystal(lattice.basis, lattice.cell, cells);
    boxed(sites.into_iter().map(moved).collect(), edges)
}

#[test]
fn perfect_crystals_have_the_cells_of_their_lattice() {
    for lattice in lattices() {
        let exact = lattice.cell.element_product() / lattice.basis.len() as f64;
        let periodic = analysed(in_box(&lattice, |site| site), W);
        let sites = crystal(lattice.basis, lattice.cell, [5, 5, 5]);
        let block = analysed(open(sites), W);
        for analysis in [periodic, block] {
            let cells = cells(&analysis);
            let deep = Bounds {
                low: 1.9 * lattice.cell,
                high: 3.1 * lattice.cell,
            };
            let inside = |position: &Vec3| match analysis.atoms.boundary() {
                Boundary::Periodic(_) => true,
                Boundary::Open => deep.contains(*position),
            };
            let everyone: Mask<AtomId> = analysis.atoms.positions().iter().map(inside).collect();
            let rule = Regulation::default();
            let found = regulated_cells(&analysis.triangulation, &cells, &everyone, rule);
            assert_eq!(found.len(), everyone.count());
            for cell in found {
                assert_eq!(cell.index(), lattice.index);
                let volume = cells.cell(cell.atom).unwrap().volume;
                assert_relative_eq!(volume, exact, max_relative = 1e-9);
            }
        }
    }
}

/// Jitter parts the corners of the fcc cell in which four faces meet: its twelve faces then have
/// three to six edges. In the bcc cell three meet, and the index stays.
#[test]
fn a_jittered_crystal_keeps_its_neighbours() {
    for lattice in lattices() {
        let jitter = |site: Vec3| {
            let phase = 12.9898 * site[0] + 78.233 * site[1] + 37.719 * site[2];
            site + 0.02 * Vec3::new(1.0, 2.0, 3.0).map(|k| (phase * k).sin())
        };
        let analysis = analysed(in_box(&lattice, jitter), W);
        let found = regulated(&analysis);
        assert_eq!(found.len(), analysis.atoms.len());
        let faces = lattice.index.iter().sum::<u32>() as usize;
        for cell in found {
            assert_eq!(cell.coordination(), faces);
            if lattice.basis.len() == BCC.len() {
                assert_eq!(cell.index(), lattice.index);
            }
        }
    }
}

#[test]
fn a_sample_that_is_all_surface_has_no_cell() {
    let corners = crystal(&[Vec3::ZERO], Vec3::ONE, [2; 3]);
    let analysis = analysed(open(corners), 1.2);
    assert_eq!(cells(&analysis).closed().count(), 0);
    assert!(regulated(&analysis).is_empty());
}
