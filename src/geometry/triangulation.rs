//! The Delaunay triangulation of a sample, open or periodic.
//!
//! The tetrahedra are found by a crate for now; this type is what the chapters know, so that the
//! finder can change without them. Every tetrahedron is stored once, in one canonical way:
//! corners sorted by atom and image, the first corner in the home box; tetrahedra sorted. The
//! result therefore does not depend on the order in which they were found.
//!
//! A periodic sample is padded with images of itself up to a skin, triangulated as an open one,
//! and the tetrahedra whose first corner lies in the home box are kept: of every tetrahedron of
//! the infinite crystal of boxes exactly one copy does. The skin is thick enough when no kept
//! circumsphere leaves the padded region; otherwise it is enlarged.
//!
//! On a perfect lattice more than four atoms lie on one empty sphere and the tetrahedra are not
//! unique. The finder's choice then need not repeat with the box; where the volumes do not add
//! up to the box, the choice is made unique by displacing every atom, and its images alike, by
//! less than any measure can tell.

use rayon::prelude::*;
use simple_delaunay_lib::delaunay_3d::delaunay_struct_3d::DelaunayStructure3D;
use simple_delaunay_lib::delaunay_3d::simplicial_struct_3d::Node;

use crate::atoms::{AtomId, Atoms, Boundary, Vec3};

use super::tetrahedron::circumcentre_from_first;
use super::{Image, TetrahedronShape, Vertex, best_plane, cross, dot, norm, sub};

/// The index of a tetrahedron in its [`Triangulation`].
pub type TetrahedronId = u32;

/// The tetrahedron on the other side of a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Neighbour {
    /// The tetrahedron.
    pub tetrahedron: TetrahedronId,
    /// Add this to the images of its corners to see it from this side of the face.
    pub shift: Image,
    /// Which of its corners (0 … 3) is not on the shared face.
    pub apex: u8,
}

/// A tetrahedron is flat when six times its volume is below this fraction of the cube of its
/// longest edge: four lattice sites in one plane, written with finitely many digits.
const FLAT: f64 = 1e-10;

/// The displacement that makes a degenerate periodic choice unique, in mean atomic spacings.
const NUDGE: f64 = 1e-8;

/// Why a sample has no triangulation.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum GeometryError {
    /// The atoms span no volume.
    #[error(
        "the {atoms} atoms lie in one plane or on one line, so that no tetrahedron can be formed; \
         a three-dimensional sample is needed"
    )]
    Flat {
        /// Number of atoms.
        atoms: usize,
    },
    /// The finder gave up.
    #[error("the Delaunay triangulation of the {atoms} atoms failed: {reason}")]
    Failed {
        /// Number of atoms.
        atoms: usize,
        /// What the finder said.
        reason: String,
    },
}

/// The Delaunay tetrahedra of a sample with their neighbours and shapes. Flat ones (four atoms in
/// one plane) are left out: a flat square has a delta of 0.243 and would pass for packing.
#[derive(Debug)]
pub struct Triangulation {
    corners: Vec<[Vertex; 4]>,
    neighbours: Vec<[Option<Neighbour>; 4]>,
    shapes: Vec<TetrahedronShape>,
    positions: Vec<Vec3>,
    boundary: Boundary,
}

impl Triangulation {
    /// Triangulates the atoms.
    ///
    /// # Errors
    /// [`GeometryError::Flat`] when all atoms lie in one plane.
    pub fn new(atoms: &Atoms) -> Result<Triangulation, GeometryError> {
        let corners = match atoms.boundary() {
            Boundary::Open => open_tetrahedra(atoms)?,
            Boundary::Periodic(edges) => periodic_tetrahedra(atoms, edges)?,
        };
        let mut triangulation = Triangulation {
            corners,
            neighbours: Vec::new(),
            shapes: Vec::new(),
            positions: atoms.positions().to_vec(),
            boundary: atoms.boundary(),
        };
        triangulation.shapes = (0..triangulation.len() as TetrahedronId)
            .into_par_iter()
            .map(|t| TetrahedronShape::of(triangulation.corner_positions(t)))
            .collect();
        triangulation.neighbours = face_neighbours(&triangulation.corners);
        Ok(triangulation)
    }

    /// The number of tetrahedra.
    pub fn len(&self) -> usize {
        self.corners.len()
    }

    /// Whether there is no tetrahedron.
    pub fn is_empty(&self) -> bool {
        self.corners.is_empty()
    }

    /// The number of atoms.
    pub fn atoms(&self) -> usize {
        self.positions.len()
    }

    /// What surrounds the atoms.
    pub fn boundary(&self) -> Boundary {
        self.boundary
    }

    /// The four corners, sorted, the first in the home box.
    pub fn corners(&self, t: TetrahedronId) -> [Vertex; 4] {
        self.corners[t as usize]
    }

    /// The tetrahedra across the faces; entry `k` lies opposite to corner `k`. `None` at the
    /// surface.
    pub fn neighbours(&self, t: TetrahedronId) -> [Option<Neighbour>; 4] {
        self.neighbours[t as usize]
    }

    /// Size and distortion.
    pub fn shape(&self, t: TetrahedronId) -> TetrahedronShape {
        self.shapes[t as usize]
    }

    /// Where the atoms lie, in ångström.
    pub fn positions(&self) -> &[Vec3] {
        &self.positions
    }

    /// Where a corner lies, in ångström.
    pub fn position(&self, vertex: Vertex) -> Vec3 {
        place(&self.positions, self.boundary, vertex)
    }

    /// The volume of a tetrahedron in Å³.
    pub fn volume(&self, t: TetrahedronId) -> f64 {
        six_volumes(&self.corner_positions(t)) / 6.0
    }

    /// Where the four corners lie, in ångström.
    pub fn corner_positions(&self, t: TetrahedronId) -> [Vec3; 4] {
        self.corners(t).map(|corner| self.position(corner))
    }
}

fn place(positions: &[Vec3], boundary: Boundary, vertex: Vertex) -> Vec3 {
    let home = positions[vertex.atom as usize];
    match boundary {
        Boundary::Open => home,
        Boundary::Periodic(edges) => {
            [0, 1, 2].map(|k| home[k] + f64::from(vertex.image.0[k]) * edges[k])
        }
    }
}

fn open_tetrahedra(atoms: &Atoms) -> Result<Vec<[Vertex; 4]>, GeometryError> {
    let points = atoms.positions();
    let mut tetrahedra: Vec<[Vertex; 4]> = delaunay(points)?
        .into_iter()
        .filter(|&t| !is_flat(t.map(|v| points[v])))
        .map(|mut t| {
            t.sort_unstable();
            t.map(|v| Vertex {
                atom: v as AtomId,
                image: Image::HOME,
            })
        })
        .collect();
    tetrahedra.par_sort_unstable();
    Ok(tetrahedra)
}

fn periodic_tetrahedra(atoms: &Atoms, edges: Vec3) -> Result<Vec<[Vertex; 4]>, GeometryError> {
    let volume: f64 = edges.iter().product();
    let spacing = (volume / atoms.len() as f64).cbrt();
    let nudged: Vec<Vec3> = atoms
        .positions()
        .iter()
        .enumerate()
        .map(|(atom, &position)| nudge(position, atom, NUDGE * spacing))
        .collect();
    for found_at in [atoms.positions(), &nudged] {
        // Three shells of neighbours, a skin that no liquid outgrows.
        let mut skin = 4.5 * spacing;
        let tetrahedra = loop {
            match padded_tetrahedra(atoms, found_at, edges, skin)? {
                Some(tetrahedra) => break tetrahedra,
                None => skin *= 1.5,
            }
        };
        let corners = |t: &[Vertex; 4]| t.map(|v| place(atoms.positions(), atoms.boundary(), v));
        let filled: f64 = tetrahedra
            .iter()
            .map(|t| six_volumes(&corners(t)) / 6.0)
            .sum();
        if (filled - volume).abs() <= 1e-9 * volume {
            return Ok(tetrahedra);
        }
    }
    Err(GeometryError::Failed {
        atoms: atoms.len(),
        reason: "the tetrahedra do not fill the periodic box".to_owned(),
    })
}

/// Moves a position by up to `size` along each axis, in a way fixed by the atom's index.
fn nudge(position: Vec3, atom: usize, size: f64) -> Vec3 {
    let mut state = atom as u64;
    position.map(|x| {
        // SplitMix64 (Steele, Lea & Flood 2014).
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let unit = ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
        x + size * (2.0 * unit - 1.0)
    })
}

/// The canonical tetrahedra of the box, or `None` when the skin is too thin to be sure of them.
/// They are searched among the positions `found_at` and judged at the true ones.
fn padded_tetrahedra(
    atoms: &Atoms,
    found_at: &[Vec3],
    edges: Vec3,
    skin: f64,
) -> Result<Option<Vec<[Vertex; 4]>>, GeometryError> {
    let vertices = padded(atoms, edges, skin);
    let at = |positions: &[Vec3]| -> Vec<Vec3> {
        let place = |&vertex| place(positions, atoms.boundary(), vertex);
        vertices.iter().map(place).collect()
    };
    let (points, search) = (at(atoms.positions()), at(found_at));
    let mut kept = Vec::new();
    for t in delaunay(&search)? {
        let mut corners = t.map(|v| vertices[v]);
        corners.sort_unstable();
        let places = t.map(|v| points[v]);
        if corners[0].image != Image::HOME || is_flat(places) {
            continue;
        }
        if !sphere_inside(&places, edges, skin) {
            return Ok(None);
        }
        kept.push(corners);
    }
    kept.par_sort_unstable();
    Ok(Some(kept))
}

/// All images of the atoms that lie in the box or within `skin` of it.
fn padded(atoms: &Atoms, edges: Vec3, skin: f64) -> Vec<Vertex> {
    let reach = edges.map(|edge| (skin / edge).ceil() as i8);
    let mut vertices = Vec::with_capacity(4 * atoms.len());
    for x in -reach[0]..=reach[0] {
        for y in -reach[1]..=reach[1] {
            for z in -reach[2]..=reach[2] {
                let image = Image([x, y, z]);
                for (atom, home) in atoms.positions().iter().enumerate() {
                    let near = (0..3).all(|k| {
                        let p = home[k] + f64::from(image.0[k]) * edges[k];
                        -skin <= p && p <= edges[k] + skin
                    });
                    if near {
                        vertices.push(Vertex {
                            atom: atom as AtomId,
                            image,
                        });
                    }
                }
            }
        }
    }
    vertices
}

fn sphere_inside(corners: &[Vec3; 4], edges: Vec3, skin: f64) -> bool {
    let from_first = circumcentre_from_first(corners);
    let radius = norm(from_first);
    (0..3).all(|k| {
        let centre = corners[0][k] + from_first[k];
        centre - radius >= -skin && centre + radius <= edges[k] + skin
    })
}

/// The Delaunay tetrahedra of some points, by point index, in no particular order.
fn delaunay(points: &[Vec3]) -> Result<Vec<[usize; 4]>, GeometryError> {
    if all_coplanar(points) {
        return Err(GeometryError::Flat {
            atoms: points.len(),
        });
    }
    let failed = |reason: String| GeometryError::Failed {
        atoms: points.len(),
        reason,
    };
    let mut structure = DelaunayStructure3D::new();
    structure
        .insert_vertices(&points.to_vec(), true)
        .map_err(|e| failed(e.to_string()))?;
    let simplicial = structure.get_simplicial();
    let mut tetrahedra = Vec::with_capacity(simplicial.get_nb_tetrahedra());
    for t in 0..simplicial.get_nb_tetrahedra() {
        let nodes = simplicial
            .get_tetrahedron(t)
            .map_err(|e| failed(e.to_string()))?
            .nodes();
        if let [
            Node::Value(a),
            Node::Value(b),
            Node::Value(c),
            Node::Value(d),
        ] = nodes
        {
            tetrahedra.push([a, b, c, d]);
        }
    }
    Ok(tetrahedra)
}

/// Whether all points lie in one plane, to within rounding.
fn all_coplanar(points: &[Vec3]) -> bool {
    let plane = best_plane(points);
    let (mut height, mut extent) = (0.0_f64, 0.0_f64);
    for &point in points {
        let from_centre = sub(point, plane.centre);
        height = height.max(dot(from_centre, plane.normal).abs());
        extent = extent.max(norm(from_centre));
    }
    height <= 1e-9 * extent
}

/// Whether four points lie in one plane.
fn is_flat(corners: [Vec3; 4]) -> bool {
    let longest = TetrahedronShape::of(corners).longest_edge;
    six_volumes(&corners) <= FLAT * longest.powi(3)
}

/// Six times the volume, in Å³.
pub(super) fn six_volumes(corners: &[Vec3; 4]) -> f64 {
    let [a, b, c] = [1, 2, 3].map(|k| sub(corners[k], corners[0]));
    dot(a, cross(b, c)).abs()
}

/// A face as seen from one of its two tetrahedra, in a form equal for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Face {
    /// The corners, shifted so that the first is in the home box.
    corners: [Vertex; 3],
    tetrahedron: TetrahedronId,
    /// What that shift took away from the images of this tetrahedron.
    origin: Image,
    apex: u8,
}

fn face_neighbours(corners: &[[Vertex; 4]]) -> Vec<[Option<Neighbour>; 4]> {
    let mut faces: Vec<Face> = corners
        .par_iter()
        .enumerate()
        .flat_map_iter(|(t, corners)| {
            (0..4).map(move |apex| {
                let mut three = [corners[0]; 3];
                let others = (0..4).filter(|&k| k != apex);
                for (slot, k) in three.iter_mut().zip(others) {
                    *slot = corners[k];
                }
                let origin = three[0].image;
                Face {
                    corners: three.map(|v| v.shifted(Image::HOME - origin)),
                    tetrahedron: t as TetrahedronId,
                    origin,
                    apex: apex as u8,
                }
            })
        })
        .collect();
    faces.par_sort_unstable();
    let mut neighbours = vec![[None; 4]; corners.len()];
    // A face belongs to at most two tetrahedra; should a degenerate choice not repeat with the
    // box, a face with another number of owners is a surface.
    for owners in faces.chunk_by(|a, b| a.corners == b.corners) {
        if let &[one, other] = owners {
            for (from, to) in [(one, other), (other, one)] {
                neighbours[from.tetrahedron as usize][from.apex as usize] = Some(Neighbour {
                    tetrahedron: to.tetrahedron,
                    shift: from.origin - to.origin,
                    apex: to.apex,
                });
            }
        }
    }
    neighbours
}
