//! The Delaunay triangulation of a sample, open or periodic, as the chapters know it.
//!
//! The finder is [`Delaunay`]. The tetrahedra are in its canonical order, so that nothing depends on
//! how they were found. Only who is whose neighbour is stored; shapes and rings follow from that and
//! the positions sooner than they could be fetched from memory, where they would be the larger part.

use std::sync::Arc;

use rayon::prelude::*;

use crate::atoms::{Atoms, Boundary, Cell, Vec3};
use crate::numerics::{Mask, Numbered};

use super::delaunay::{Across, Delaunay, DelaunayError, TetrahedronId};
use super::image::{Image, Vertex};
use super::plane::best_plane;
use super::tetrahedron::{TetrahedronShape, circumradius, longest_edge, six_volumes};

/// A tetrahedron is flat when six times its volume is below this fraction of the cube of its
/// longest edge: four lattice sites in one plane, written with finitely many digits.
const FLAT: f64 = 1e-10;

/// Where a sample is repeated along some directions only, it is closed along the others with a gap of so
/// many mean distances of its atoms, and what lies across the gap is left out: the tetrahedra of empty
/// spheres that reach from one surface to the other. A packing tetrahedron's sphere is a third as wide.
const GAP: f64 = 8.0;

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
    /// Another reason.
    #[error(transparent)]
    Delaunay(#[from] DelaunayError),
}

/// The Delaunay tetrahedra of a sample with their neighbours. Flat ones (four atoms in
/// one plane) are left out: a flat square has a delta of 0.243 and would pass for packing.
#[derive(Debug)]
pub struct Triangulation {
    delaunay: Delaunay,
    positions: Arc<Vec<Vec3>>,
    boundary: Boundary,
}

impl Triangulation {
    /// Triangulates the atoms.
    ///
    /// # Errors
    /// [`GeometryError::Flat`] when all atoms lie in one plane; another [`GeometryError`] when the
    /// periodic box is too thin or the atoms are too many.
    pub fn new(atoms: &Atoms) -> Result<Triangulation, GeometryError> {
        Triangulation::of(atoms.shared_positions(), atoms.boundary())
    }

    /// Triangulates places that are not repeated.
    pub(super) fn open(positions: Vec<Vec3>) -> Result<Triangulation, GeometryError> {
        Triangulation::of(Arc::new(positions), Boundary::Open)
    }

    fn of(shared: Arc<Vec<Vec3>>, boundary: Boundary) -> Result<Triangulation, GeometryError> {
        let positions = shared.as_slice();
        let flat = || GeometryError::Flat {
            atoms: positions.len(),
        };
        let delaunay = match boundary {
            Boundary::Open if all_coplanar(positions) => return Err(flat()),
            Boundary::Open => Delaunay::open(positions),
            Boundary::Periodic(cell) => {
                let gap = GAP * spacing(positions, &cell);
                Delaunay::periodic(positions, cell.closed_about(positions, gap))
            }
        };
        let mut triangulation = Triangulation {
            delaunay: delaunay.map_err(|error| match error {
                DelaunayError::Flat { .. } => flat(),
                other => GeometryError::Delaunay(other),
            })?,
            positions: shared,
            boundary,
        };
        triangulation.drop_flat_and_outer();
        Ok(triangulation)
    }

    /// Leaves out the flat tetrahedra, and those across the gap of an open direction.
    fn drop_flat_and_outer(&mut self) {
        // ANCHOR: across-the-gap
        let open = self.boundary.directions().map(|periodic| !periodic);
        let is_outer = |t: TetrahedronId| {
            let corners = self.corners(t).into_iter();
            let mut images = corners.map(|corner| corner.image.0);
            images.any(|image| (0..3).any(|k| open[k] && image[k] != 0))
        };
        // ANCHOR_END: across-the-gap
        let dropped: Mask<TetrahedronId> = Mask::of(self.len(), |t| {
            let corners = self.corner_positions(t);
            let flat = six_volumes(&corners) <= FLAT * longest_edge(&corners).powi(3);
            flat || is_outer(t)
        });
        if dropped.iter().any(|dropped| dropped) {
            self.delaunay.without(&dropped);
        }
    }

    /// The number of tetrahedra.
    pub fn len(&self) -> usize {
        self.delaunay.len()
    }

    /// Whether there is no tetrahedron.
    pub fn is_empty(&self) -> bool {
        self.delaunay.is_empty()
    }

    /// All tetrahedra, by number.
    pub fn tetrahedra(&self) -> impl DoubleEndedIterator<Item = TetrahedronId> + use<> {
        TetrahedronId::first(self.len())
    }

    /// All tetrahedra, by number, for several threads.
    pub fn par_tetrahedra(&self) -> impl IndexedParallelIterator<Item = TetrahedronId> + use<> {
        TetrahedronId::par_first(self.len())
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
    #[inline]
    pub fn corners(&self, t: TetrahedronId) -> [Vertex; 4] {
        self.delaunay.corners(t)
    }

    /// The tetrahedra across the faces; entry `k` lies opposite to corner `k`. `None` at the
    /// surface.
    #[inline]
    pub fn neighbours(&self, t: TetrahedronId) -> [Option<Across>; 4] {
        self.delaunay.neighbours(t)
    }

    /// The tetrahedron across the face opposite to corner `k`.
    #[inline]
    pub fn neighbour(&self, t: TetrahedronId, k: usize) -> Option<Across> {
        self.delaunay.neighbour(t, k)
    }

    /// The tetrahedron across the face opposite to corner `k`, and which of its corners is not on
    /// that face.
    #[inline]
    pub(super) fn beside(&self, t: TetrahedronId, k: usize) -> Option<(TetrahedronId, usize)> {
        self.delaunay.beside(t, k)
    }

    /// One of the corners.
    #[inline]
    pub(super) fn corner(&self, t: TetrahedronId, k: usize) -> Vertex {
        self.delaunay.corner(t, k)
    }

    /// The image of a corner.
    #[inline]
    pub(super) fn image(&self, t: TetrahedronId, corner: usize) -> Image {
        self.delaunay.image(t, corner)
    }

    /// Size and distortion, measured anew at each call.
    #[inline]
    pub fn shape(&self, t: TetrahedronId) -> TetrahedronShape {
        TetrahedronShape::of(self.corner_positions(t))
    }

    /// The radius of the circumscribed sphere in ångström, as in [`Triangulation::shape`].
    #[inline]
    pub fn circumradius(&self, t: TetrahedronId) -> f64 {
        circumradius(&self.corner_positions(t))
    }

    /// Where the atoms lie, in ångström.
    pub fn positions(&self) -> &[Vec3] {
        &self.positions
    }

    /// Where a corner lies, in ångström.
    #[inline]
    pub fn position(&self, vertex: Vertex) -> Vec3 {
        let home = self.positions[vertex.atom.index()];
        match self.boundary {
            Boundary::Open => home,
            Boundary::Periodic(cell) => home + vertex.image.displacement(&cell),
        }
    }

    /// The volume of a tetrahedron in Å³.
    pub fn volume(&self, t: TetrahedronId) -> f64 {
        six_volumes(&self.corner_positions(t)) / 6.0
    }

    /// Where the four corners lie, in ångström.
    #[inline]
    pub fn corner_positions(&self, t: TetrahedronId) -> [Vec3; 4] {
        self.corners(t).map(|corner| self.position(corner))
    }
}

/// The mean distance in ångström of the points of a cell, by the space that they take.
fn spacing(points: &[Vec3], cell: &Cell) -> f64 {
    (cell.space_about(points, 0.0) / points.len() as f64).cbrt()
}

/// Whether all points lie in one plane, to within rounding.
fn all_coplanar(points: &[Vec3]) -> bool {
    let plane = best_plane(points);
    let (mut height, mut extent) = (0.0_f64, 0.0_f64);
    for &point in points {
        let from_centre = point - plane.centre;
        height = height.max(from_centre.dot(plane.normal).abs());
        extent = extent.max(from_centre.length());
    }
    height <= 1e-9 * extent
}
