//! The Voronoi index: how many faces with three, four, five and six edges an atom's cell has.
//!
//! Main text, "AET of monatomic amorphous materials", and Methods, "Voronoi tessellation and
//! coordination number"; Fig. 1d, Supplementary Figs. 8d and 13.

use rayon::prelude::*;

use crate::atoms::{AtomId, Vec3};
use crate::geometry::{
    ConvexCell, TetrahedronShape, Triangulation, Vertex, VoronoiCell, VoronoiCells,
};
use crate::numerics::{Mask, Numbered, percent};

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

/// What is said of many cells together; they may be those of several samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellStatistics {
    /// The number of cells.
    pub cells: usize,
    /// The mean coordination number.
    pub mean_coordination: f64,
    /// Faces with five edges among those with three to six, in percent.
    pub five_edged_percent: f64,
    /// Cells with one of the [`DISTORTED_ICOSAHEDRA`].
    pub icosahedra: usize,
    /// Of these cells those whose tetrahedra are all accepted: the largest delta is at most
    /// `delta_max`.
    pub slight_icosahedra: usize,
}

impl CellStatistics {
    /// Of these cells; zeros where there is none.
    pub fn of<'a>(
        cells: impl IntoIterator<Item = &'a RegulatedCell>,
        delta_max: f64,
    ) -> CellStatistics {
        let (mut count, mut coordination) = (0, 0);
        let (mut faces, mut five_edged) = (0, 0);
        let (mut icosahedra, mut slight_icosahedra) = (0, 0);
        for cell in cells {
            let index = cell.index();
            count += 1;
            coordination += cell.coordination();
            faces += index.iter().sum::<u32>() as usize;
            five_edged += index[2] as usize;
            let is_icosahedron = cell.is_distorted_icosahedron();
            icosahedra += usize::from(is_icosahedron);
            slight_icosahedra += usize::from(is_icosahedron && cell.largest_delta <= delta_max);
        }
        CellStatistics {
            cells: count,
            mean_coordination: coordination as f64 / count.max(1) as f64,
            five_edged_percent: percent(five_edged, faces),
            icosahedra,
            slight_icosahedra,
        }
    }

    /// The distorted icosahedra in percent of the cells.
    pub fn icosahedra_percent(&self) -> f64 {
        percent(self.icosahedra, self.cells)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_count_what_they_say() {
        let cell = |edges: &[u32], largest_delta| RegulatedCell {
            atom: AtomId::new(0),
            edges: edges.to_vec(),
            longest_edge: 1.0,
            largest_delta,
        };
        let icosahedron = [5; 12];
        let cells = [
            cell(&icosahedron, 0.1),
            cell(&icosahedron, 0.4),
            // A cube, and a cell one of whose faces has more edges than an index tells.
            cell(&[4; 6], 0.2),
            cell(&[3, 4, 5, 6, 7], 0.2),
        ];
        let found = CellStatistics::of(&cells, 0.255);
        assert_eq!(
            (found.cells, found.icosahedra, found.slight_icosahedra),
            (4, 2, 1)
        );
        assert_eq!(found.mean_coordination, (12.0 + 12.0 + 6.0 + 5.0) / 4.0);
        assert_eq!(found.five_edged_percent, 100.0 * 25.0 / 34.0);
        assert_eq!(found.icosahedra_percent(), 50.0);
        let nothing = CellStatistics::of(&[], 0.255);
        assert_eq!(
            (nothing.mean_coordination, nothing.icosahedra_percent()),
            (0.0, 0.0)
        );
    }
}
