//! The Voronoi cells of a sample: the dual of its triangulation.
//!
//! The face between two atoms is the ring of tetrahedra about their Delaunay edge: its corners are
//! the centres of the circumscribed spheres, its edges as many as the ring has tetrahedra.

use rayon::prelude::*;

use crate::atoms::{AtomId, Vec3};

use super::tetrahedron::circumcentre_from_first;
use super::{
    ConvexCell, EdgeRings, Image, Ring, TetrahedronId, Triangulation, Vertex, cross, distance, dot,
    norm, sub,
};

/// A face of a Voronoi cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VoronoiFace {
    /// The atom on the other side, seen from the home image of the cell's atom.
    pub neighbour: Vertex,
    /// The area in Å².
    pub area: f64,
    /// The number of edges.
    pub edges: u32,
}

/// The closed Voronoi cell of one atom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VoronoiCell<'a> {
    /// The atom.
    pub atom: AtomId,
    /// The volume in Å³.
    pub volume: f64,
    /// The faces, by neighbour.
    pub faces: &'a [VoronoiFace],
}

impl VoronoiCell<'_> {
    /// The surface in Å².
    pub fn area(&self) -> f64 {
        self.faces.iter().map(|face| face.area).sum()
    }
}

/// The Voronoi cells of all atoms; those at the surface of an open sample are open and have
/// neither faces nor a volume.
#[derive(Debug)]
pub struct VoronoiCells {
    /// Where the faces of an atom begin; one more at the end.
    starts: Vec<u32>,
    faces: Vec<VoronoiFace>,
    volumes: Vec<Option<f64>>,
}

impl VoronoiCells {
    /// The cells of all atoms, from the triangulation and the rings about its edges.
    ///
    /// In a perfect crystal the rings with a flat tetrahedron do not close; cells with such a ring
    /// are cut by the bisecting planes to their neighbours instead.
    pub fn new(triangulation: &Triangulation, rings: &EdgeRings) -> VoronoiCells {
        let unclosed = unclosed(triangulation);
        let centres: Vec<Vec3> = (0..triangulation.len() as TetrahedronId)
            .into_par_iter()
            .map(|t| circumcentre_from_first(&triangulation.corner_positions(t)))
            .collect();
        let mut faces: Vec<(AtomId, VoronoiFace)> = (0..rings.len())
            .into_par_iter()
            .flat_map_iter(|k| both_sides(triangulation, &centres, rings.ring(k)))
            .filter(|(atom, _)| !unclosed[*atom as usize])
            .collect();
        faces.par_extend(cut_cells(triangulation, &unclosed));
        faces.par_sort_unstable_by_key(|(atom, face)| (*atom, face.neighbour));
        let mut cells = VoronoiCells {
            starts: vec![0],
            faces: Vec::with_capacity(faces.len()),
            volumes: Vec::with_capacity(triangulation.atoms()),
        };
        let mut faces = faces.into_iter().peekable();
        for atom in 0..triangulation.atoms() as AtomId {
            let mut volume = None;
            let centre = triangulation.position(home(atom));
            while let Some((_, face)) = faces.next_if(|(owner, _)| *owner == atom) {
                let height = 0.5 * distance(centre, triangulation.position(face.neighbour));
                *volume.get_or_insert(0.0) += face.area * height / 3.0;
                cells.faces.push(face);
            }
            cells.volumes.push(volume);
            cells.starts.push(cells.faces.len() as u32);
        }
        cells
    }

    /// The number of atoms, with open and closed cells.
    pub fn atoms(&self) -> usize {
        self.volumes.len()
    }

    /// The cell of an atom; `None` when it is open.
    pub fn cell(&self, atom: AtomId) -> Option<VoronoiCell<'_>> {
        let k = atom as usize;
        let faces = self.starts[k] as usize..self.starts[k + 1] as usize;
        Some(VoronoiCell {
            atom,
            volume: self.volumes[k]?,
            faces: &self.faces[faces],
        })
    }

    /// All closed cells, by atom.
    pub fn closed(&self) -> impl Iterator<Item = VoronoiCell<'_>> {
        (0..self.atoms() as AtomId).filter_map(|atom| self.cell(atom))
    }
}

fn home(atom: AtomId) -> Vertex {
    Vertex {
        atom,
        image: Image::HOME,
    }
}

/// Which atoms lie on a face with a tetrahedron on one side only, or in no tetrahedron: at the
/// surface, or beside a flat tetrahedron that was left out.
fn unclosed(triangulation: &Triangulation) -> Vec<bool> {
    let mut unclosed = vec![true; triangulation.atoms()];
    for t in 0..triangulation.len() as TetrahedronId {
        for corner in triangulation.corners(t) {
            unclosed[corner.atom as usize] = false;
        }
    }
    for t in 0..triangulation.len() as TetrahedronId {
        let corners = triangulation.corners(t);
        for (apex, neighbour) in triangulation.neighbours(t).into_iter().enumerate() {
            for k in (0..4).filter(|&k| k != apex && neighbour.is_none()) {
                unclosed[corners[k].atom as usize] = true;
            }
        }
    }
    unclosed
}

/// The face of a ring, as the cells of its two capping atoms see it.
fn both_sides(
    triangulation: &Triangulation,
    centres: &[Vec3],
    ring: Ring<'_>,
) -> [(AtomId, VoronoiFace); 2] {
    let [a, b] = ring.caps.map(|cap| triangulation.position(cap));
    let axis = sub(b, a);
    // ANCHOR: dual-face
    let corners: Vec<Vec3> = ring
        .tetrahedra
        .iter()
        .map(|t| {
            let first = triangulation.corners(t.id)[0].shifted(t.shift);
            let (place, centre) = (triangulation.position(first), centres[t.id as usize]);
            [0, 1, 2].map(|k| place[k] + centre[k] - a[k])
        })
        .collect();
    let next = corners.iter().cycle().skip(1);
    let twice: f64 = corners
        .iter()
        .zip(next)
        .map(|(&p, &q)| dot(cross(p, q), axis))
        .sum();
    let area = 0.5 * twice.abs() / norm(axis);
    let edges = ring.fold() as u32;
    // ANCHOR_END: dual-face
    [[0, 1], [1, 0]].map(|[one, other]| {
        let (own, neighbour) = (ring.caps[one], ring.caps[other]);
        let neighbour = neighbour.shifted(Image::HOME - own.image);
        (
            own.atom,
            VoronoiFace {
                neighbour,
                area,
                edges,
            },
        )
    })
}

/// The faces of the closed cells among those of the marked atoms, cut by planes.
fn cut_cells(triangulation: &Triangulation, marked: &[bool]) -> Vec<(AtomId, VoronoiFace)> {
    let mut edges: Vec<(AtomId, Vertex)> = (0..triangulation.len() as TetrahedronId)
        .into_par_iter()
        .flat_map_iter(|t| {
            let corners = triangulation.corners(t);
            let pairs = (0..4).flat_map(|i| (0..4).filter(move |&j| j != i).map(move |j| (i, j)));
            pairs
                .filter(move |&(i, _)| marked[corners[i].atom as usize])
                .map(move |(i, j)| {
                    let from = corners[i];
                    (from.atom, corners[j].shifted(Image::HOME - from.image))
                })
        })
        .collect();
    edges.par_sort_unstable();
    edges.dedup();
    let groups: Vec<&[(AtomId, Vertex)]> = edges.chunk_by(|a, b| a.0 == b.0).collect();
    groups
        .into_par_iter()
        .flat_map_iter(|group| {
            let atom = group[0].0;
            let centre = triangulation.position(home(atom));
            let place =
                |&(_, neighbour): &(AtomId, Vertex)| sub(triangulation.position(neighbour), centre);
            let neighbours: Vec<Vec3> = group.iter().map(place).collect();
            let cell = ConvexCell::about(&neighbours);
            let faces = cell.iter().flat_map(|cell| {
                cell.faces().iter().map(|face| VoronoiFace {
                    neighbour: group[face.neighbour].1,
                    area: cell.area(face),
                    edges: face.edges() as u32,
                })
            });
            faces.map(|face| (atom, face)).collect::<Vec<_>>()
        })
        .collect()
}
