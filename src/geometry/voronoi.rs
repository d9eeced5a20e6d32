//! The Voronoi cells of a sample: the dual of its triangulation.
//!
//! The face between two atoms is the ring of tetrahedra about their Delaunay edge: its corners are
//! the centres of the circumscribed spheres, its edges as many as the ring has tetrahedra.

use rayon::prelude::*;

use crate::atoms::{AtomId, Vec3};
use crate::numerics::{Grouped, Mask, Numbered};

use super::convex_cell::ConvexCell;
use super::delaunay::TetrahedronId;
use super::image::{Image, Vertex};
use super::rings::RingId;
use super::tetrahedron::{Circumsphere, circumcentre};
use super::triangulation::Triangulation;

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
    /// The cells of all atoms.
    ///
    /// In a perfect crystal the rings with a flat tetrahedron do not close; cells with such a ring
    /// are cut by the bisecting planes to their neighbours instead.
    pub fn new(triangulation: &Triangulation) -> VoronoiCells {
        let unclosed = unclosed(triangulation);
        let centres: Vec<Vec3> = triangulation
            .par_tetrahedra()
            .map(|t| circumcentre(&triangulation.corner_positions(t)))
            .collect();
        let faces: Vec<DualFace> = triangulation
            .rings_among(|_| true)
            .map(|(ring, fold)| DualFace {
                caps: triangulation.caps(ring),
                area: area(triangulation, &centres, ring),
                edges: fold as u32,
            })
            .collect();
        drop(centres);
        let sides = sides(&faces, &unclosed);
        let cut = cut_cells(triangulation, &unclosed);
        let cell = |atom: AtomId| {
            let own = sides.of(atom.number()).iter();
            let mut faces: Vec<VoronoiFace> = own.map(|&side| seen_from(&faces, side)).collect();
            if unclosed[atom] {
                let from = cut.partition_point(|(owner, _)| *owner < atom);
                let own = cut[from..].iter().take_while(|(owner, _)| *owner == atom);
                faces.extend(own.map(|(_, face)| *face));
            }
            faces.sort_unstable_by_key(|face| face.neighbour);
            let centre = triangulation.position(Vertex::home(atom));
            let volume = faces.iter().fold(None, |volume: Option<f64>, face| {
                let height = 0.5 * centre.distance(triangulation.position(face.neighbour));
                Some(volume.unwrap_or(0.0) + face.area * height / 3.0)
            });
            (faces, volume)
        };
        const CHUNK: usize = 4096;
        let atoms = triangulation.atoms();
        let chunks: Vec<VoronoiCells> = (0..atoms.div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let mut cells = VoronoiCells::none();
                for atom in chunk * CHUNK..((chunk + 1) * CHUNK).min(atoms) {
                    let (faces, volume) = cell(AtomId::at(atom));
                    cells.faces.extend(faces);
                    cells.starts.push(cells.faces.len() as u32);
                    cells.volumes.push(volume);
                }
                cells
            })
            .collect();
        let mut cells = VoronoiCells::none();
        for chunk in chunks {
            let start = cells.faces.len() as u32;
            let ends = chunk.starts[1..].iter().map(|end| start + end);
            cells.starts.extend(ends);
            cells.faces.extend(chunk.faces);
            cells.volumes.extend(chunk.volumes);
        }
        cells
    }

    /// The cells of no atoms.
    fn none() -> VoronoiCells {
        VoronoiCells {
            starts: vec![0],
            faces: Vec::new(),
            volumes: Vec::new(),
        }
    }

    /// The number of atoms, with open and closed cells.
    pub fn atoms(&self) -> usize {
        self.volumes.len()
    }

    /// The cell of an atom; `None` when it is open.
    pub fn cell(&self, atom: AtomId) -> Option<VoronoiCell<'_>> {
        let k = atom.index();
        let faces = self.starts[k] as usize..self.starts[k + 1] as usize;
        Some(VoronoiCell {
            atom,
            volume: self.volumes[k]?,
            faces: &self.faces[faces],
        })
    }

    /// All closed cells, by atom.
    pub fn closed(&self) -> impl Iterator<Item = VoronoiCell<'_>> {
        AtomId::first(self.atoms()).filter_map(|atom| self.cell(atom))
    }
}

/// Which atoms lie on a face with a tetrahedron on one side only, or in no tetrahedron: at the
/// surface, or beside a flat tetrahedron that was left out.
fn unclosed(triangulation: &Triangulation) -> Mask<AtomId> {
    let mut unclosed = Mask::all(triangulation.atoms(), true);
    for t in triangulation.tetrahedra() {
        for corner in triangulation.corners(t) {
            unclosed[corner.atom] = false;
        }
    }
    for t in triangulation.tetrahedra() {
        let corners = triangulation.corners(t);
        for (apex, neighbour) in triangulation.neighbours(t).into_iter().enumerate() {
            for k in (0..4).filter(|&k| k != apex && neighbour.is_none()) {
                unclosed[corners[k].atom] = true;
            }
        }
    }
    unclosed
}

/// Where the centre of the sphere about a tetrahedron of a ring lies; `centres` has them at home.
#[inline]
fn centre(
    triangulation: &Triangulation,
    centres: &[Vec3],
    (t, shift): (TetrahedronId, Image),
) -> Vec3 {
    if shift == Image::HOME {
        centres[t.index()]
    } else {
        centre_in_image(triangulation, (t, shift))
    }
}

/// The same for a tetrahedron that the ring sees in another image than home.
#[inline(never)]
fn centre_in_image(triangulation: &Triangulation, (t, shift): (TetrahedronId, Image)) -> Vec3 {
    let corners = triangulation.corner_positions(t);
    let first = triangulation.corner(t, 0).shifted(shift);
    triangulation.position(first) + Circumsphere::of(&corners).centre()
}

/// The area of the face of a ring.
#[inline]
fn area(triangulation: &Triangulation, centres: &[Vec3], ring: RingId) -> f64 {
    let [a, b] = triangulation
        .caps(ring)
        .map(|cap| triangulation.position(cap));
    let axis = b - a;
    // ANCHOR: dual-face
    let tetrahedra = triangulation.around_edge(ring);
    let mut corners = tetrahedra.map(|t| centre(triangulation, centres, t) - a);
    let first = corners.next().unwrap_or_default();
    let (mut p, mut twice) = (first, 0.0);
    for q in corners {
        twice += p.cross(q).dot(axis);
        p = q;
    }
    twice += p.cross(first).dot(axis);
    0.5 * twice.abs() / axis.length()
    // ANCHOR_END: dual-face
}

/// The face that the cells of two atoms share: the dual of the edge between them.
struct DualFace {
    caps: [Vertex; 2],
    area: f64,
    edges: u32,
}

/// The faces that the cell of each atom has, if it is not marked: the number of the face, and
/// whether the atom is its second cap.
fn sides(faces: &[DualFace], marked: &Mask<AtomId>) -> Grouped<(u32, bool)> {
    Grouped::new(marked.len(), || {
        let sides = faces.iter().enumerate().flat_map(|(k, face)| {
            let [a, b] = face.caps.map(|cap| cap.atom);
            [(a, (k as u32, false)), (b, (k as u32, true))]
        });
        let unmarked = sides.filter(|(atom, _)| !marked[*atom]);
        unmarked.map(|(atom, side)| (atom.number(), side))
    })
}

/// A face, seen from the cell of its first or second cap.
fn seen_from(faces: &[DualFace], (face, second): (u32, bool)) -> VoronoiFace {
    let DualFace { caps, area, edges } = faces[face as usize];
    let (own, other) = (caps[usize::from(second)], caps[usize::from(!second)]);
    VoronoiFace {
        neighbour: other.shifted(Image::HOME - own.image),
        area,
        edges,
    }
}

/// The faces of the closed cells among those of the marked atoms, cut by planes.
fn cut_cells(triangulation: &Triangulation, marked: &Mask<AtomId>) -> Vec<(AtomId, VoronoiFace)> {
    let mut edges: Vec<(AtomId, Vertex)> = triangulation
        .par_tetrahedra()
        .flat_map_iter(|t| {
            let corners = triangulation.corners(t);
            let pairs = (0..4).flat_map(|i| (0..4).filter(move |&j| j != i).map(move |j| (i, j)));
            pairs
                .filter(move |&(i, _)| marked[corners[i].atom])
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
            let centre = triangulation.position(Vertex::home(atom));
            let place =
                |&(_, neighbour): &(AtomId, Vertex)| triangulation.position(neighbour) - centre;
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
