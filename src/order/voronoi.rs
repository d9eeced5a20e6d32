//! The Voronoi index: how many faces with three, four, five and six edges an atom's cell has.
//!
//! Main text, "AET of monatomic amorphous materials", and Methods, "Voronoi tessellation and
//! coordination number"; Fig. 1d, Supplementary Figs. 8d and 13.

use rayon::prelude::*;

use crate::atoms::{AtomId, Vec3};
use crate::geometry::{
    ConvexCell, TetrahedronShape, Triangulation, Vertex, VoronoiCell, VoronoiCells,
};
use crate::numerics::{Mask, Numbered};

/// Faces smaller than this fraction of the cell's surface are no contact of neighbours (Methods).
pub const SMALLEST_FACE: f64 = 0.01;

/// The indices that the paper counts as distorted icosahedra.
pub const DISTORTED_ICOSAHEDRA: [VoronoiIndex; 4] =
    [[0, 0, 12, 0], [0, 1, 10, 2], [0, 2, 8, 2], [0, 2, 8, 1]];

/// The Voronoi index `⟨n₃, n₄, n₅, n₆⟩`: faces with three, four, five and six edges.
pub type VoronoiIndex = [u32; 4];

/// Which neighbours of a Voronoi cell count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regulation {
    /// The least area of a face as a fraction of the cell's surface.
    pub smallest_face: f64,
    /// The largest distance of a neighbour in ångström; infinite in the main analysis.
    pub farthest_angstrom: f64,
}

impl Default for Regulation {
    /// The rule of Methods.
    fn default() -> Regulation {
        Regulation {
            smallest_face: SMALLEST_FACE,
            farthest_angstrom: f64::INFINITY,
        }
    }
}

/// A Voronoi cell rebuilt from the neighbours that count.
#[derive(Debug, Clone, PartialEq)]
pub struct RegulatedCell {
    /// The atom.
    pub atom: AtomId,
    /// The number of edges of every face, in ascending order.
    pub edges: Vec<u32>,
    /// The longest edge in ångström.
    pub longest_edge: f64,
    /// The largest distortion delta of the tetrahedra that the atom forms with three neighbours
    /// whose faces meet in a corner.
    pub largest_delta: f64,
}

impl RegulatedCell {
    // ANCHOR: index
    /// The index; faces with more than six edges do not enter it.
    pub fn index(&self) -> VoronoiIndex {
        [3, 4, 5, 6].map(|n| self.edges.iter().filter(|&&edges| edges == n).count() as u32)
    }
    // ANCHOR_END: index

    /// The coordination number: the number of faces.
    pub fn coordination(&self) -> usize {
        self.edges.len()
    }

    /// Whether the index is one of [`DISTORTED_ICOSAHEDRA`].
    pub fn is_distorted_icosahedron(&self) -> bool {
        DISTORTED_ICOSAHEDRA.contains(&self.index())
    }
}

/// The closed cells of the marked atoms, each rebuilt from the neighbours that count, by atom.
///
/// Neighbours are dropped once, by the areas of the full cell. A cell that no longer closes is
/// left out.
pub fn regulated_cells(
    triangulation: &Triangulation,
    cells: &VoronoiCells,
    marked: &Mask<AtomId>,
    regulation: Regulation,
) -> Vec<RegulatedCell> {
    AtomId::par_first(cells.atoms())
        .filter(|&atom| marked[atom])
        .filter_map(|atom| regulated(triangulation, cells.cell(atom)?, regulation))
        .collect()
}

fn regulated(
    triangulation: &Triangulation,
    cell: VoronoiCell<'_>,
    regulation: Regulation,
) -> Option<RegulatedCell> {
    let centre = triangulation.position(Vertex::home(cell.atom));
    // ANCHOR: regulation
    let smallest = regulation.smallest_face * cell.area();
    let neighbours: Vec<Vec3> = cell
        .faces
        .iter()
        .filter(|face| face.area >= smallest)
        .map(|face| triangulation.position(face.neighbour) - centre)
        .filter(|displacement| displacement.length() <= regulation.farthest_angstrom)
        .collect();
    let rebuilt = ConvexCell::about(&neighbours)?;
    // ANCHOR_END: regulation
    let mut edges: Vec<u32> = rebuilt.faces().iter().map(|f| f.edges() as u32).collect();
    edges.sort_unstable();
    Some(RegulatedCell {
        atom: cell.atom,
        edges,
        longest_edge: rebuilt.longest_edge(),
        largest_delta: largest_delta(&rebuilt, &neighbours),
    })
}

/// The largest delta of the tetrahedra between the centre and three neighbours that meet.
fn largest_delta(cell: &ConvexCell, neighbours: &[Vec3]) -> f64 {
    let mut largest = 0.0_f64;
    for meeting in cell.meeting() {
        for three in meeting.windows(3) {
            let [a, b, c] = [0, 1, 2].map(|k| neighbours[three[k]]);
            largest = largest.max(TetrahedronShape::of([Vec3::ZERO, a, b, c]).delta);
        }
    }
    largest
}
