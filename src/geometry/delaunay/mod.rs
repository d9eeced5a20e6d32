//! The Delaunay triangulation of points in space: exact, incremental, open or periodic.
//!
//! The points are inserted one by one ([`insert`]) in an order in which each lies near the one
//! before it ([`order`]), so that the walk to its place is short ([`locate`]). All decisions are
//! exact, and where points lie on one sphere a symbolic perturbation makes them unique
//! ([`predicates`]): the tetrahedra depend on the set of places alone, never on the order in which
//! the points are given or inserted. They are stored in one canonical way ([`canonical`]).

mod boxes;
mod canonical;
mod insert;
mod locate;
mod mesh;
mod order;
mod parts;
mod periodic;
mod predicates;
mod scale;

use crate::atoms::Vec3;

use super::{Image, Vertex};
use mesh::{Cell, Side};
use scale::Scale;

/// The index of a tetrahedron in its [`Delaunay`] or [`super::Triangulation`].
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

/// Why points have no triangulation.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum DelaunayError {
    /// The points span no volume.
    #[error(
        "the {points} points lie in one plane or on one line, so that no tetrahedron can be \
         formed; points that span a volume are needed"
    )]
    Flat {
        /// Number of points.
        points: usize,
    },
    /// Two points lie in one place.
    #[error("points {first} and {second} (counted from 0) lie at the same place; remove one")]
    Coincident {
        /// The smaller index.
        first: u32,
        /// The larger index.
        second: u32,
    },
    /// A coordinate is NaN or infinite.
    #[error("point {point} (counted from 0) has no finite place; remove or correct it")]
    NotFinite {
        /// Its index.
        point: u32,
    },
    /// The lattice vectors span no volume, or far too thin a cell.
    #[error(
        "the periodic cell with the lattice vectors {lattice} is flat, or too thin for the points \
         in it; repeat it along its short side"
    )]
    ThinCell {
        /// The lattice vectors as text.
        lattice: String,
    },
    /// The tetrahedra cannot be numbered.
    #[error(
        "{points} points are too many for one triangulation, which has at most 2^29 tetrahedra; \
         triangulate parts of the sample"
    )]
    TooMany {
        /// Number of points.
        points: usize,
    },
}

/// The Delaunay tetrahedra of points, each with its neighbours: all of them, also flat ones.
///
/// Every tetrahedron is stored once, in one canonical way: corners sorted by point and image, the
/// first corner in the home cell; tetrahedra sorted. The result therefore does not depend on how
/// it was found.
#[derive(Debug, Default, PartialEq)]
pub struct Delaunay {
    cells: Vec<Cell>,
    /// The images of the corners; empty in open space.
    images: Vec<[Image; 4]>,
}

/// That there are not too many points, all in finite places.
fn check(points: &[Vec3]) -> Result<(), DelaunayError> {
    if u32::try_from(points.len()).is_err() {
        return Err(DelaunayError::TooMany {
            points: points.len(),
        });
    }
    let is_finite = |p: &Vec3| p.iter().all(|x| x.is_finite());
    match points.iter().position(|p| !is_finite(p)) {
        Some(point) => Err(DelaunayError::NotFinite {
            point: point as u32,
        }),
        None => Ok(()),
    }
}

impl Delaunay {
    /// Triangulates points in open space (any unit).
    ///
    /// Coordinates that differ by a factor of more than about 10⁹⁰ are rounded to that.
    ///
    /// ```
    /// use amorphous_packing::geometry::Delaunay;
    /// let [l, r] = [-1., 1.];
    /// let octahedron = [[l, 0., 0.], [r, 0., 0.], [0., l, 0.], [0., r, 0.], [0., 0., l], [0., 0., r]];
    /// let delaunay = Delaunay::open(&octahedron)?;
    /// // Six points on one sphere: four tetrahedra about one of the diagonals.
    /// assert_eq!(delaunay.len(), 4);
    /// # Ok::<(), amorphous_packing::geometry::DelaunayError>(())
    /// ```
    ///
    /// # Errors
    /// [`DelaunayError`] when the points span no volume, when two coincide, or when a coordinate is
    /// not finite.
    pub fn open(points: &[Vec3]) -> Result<Delaunay, DelaunayError> {
        check(points)?;
        let scale = Scale::of(points);
        let scaled: Vec<Vec3> = points.iter().map(|&p| scale.apply(p)).collect();
        parts::open(scaled, parts::parts_for(points.len()))
    }

    /// Triangulates points that are repeated without end by three lattice vectors. The points
    /// (any unit) lie in the cell that the vectors span from the origin.
    ///
    /// The places are rounded to about 16 digits of the cell, so that the images are the same
    /// points displaced exactly; the choice among tetrahedra on one sphere then repeats with the
    /// cell.
    ///
    /// ```
    /// use amorphous_packing::geometry::Delaunay;
    /// // The primitive cell of the body-centred cubic lattice, with one point.
    /// let lattice = [[-0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.5, 0.5, -0.5]];
    /// assert_eq!(Delaunay::periodic(&[[0.0; 3]], lattice)?.len(), 6);
    /// # Ok::<(), amorphous_packing::geometry::DelaunayError>(())
    /// ```
    ///
    /// # Errors
    /// [`DelaunayError`] when two points coincide, when a coordinate is not finite, or when the
    /// lattice vectors span no volume.
    pub fn periodic(points: &[Vec3], lattice: [Vec3; 3]) -> Result<Delaunay, DelaunayError> {
        periodic::periodic(points, lattice)
    }

    /// The number of tetrahedra.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is no tetrahedron.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The four corners, sorted, the first in the home cell.
    #[inline]
    pub fn corners(&self, t: TetrahedronId) -> [Vertex; 4] {
        canonical::vertices(&self.cells, &self.images, t)
    }

    /// The tetrahedra across the faces; entry `k` lies opposite to corner `k`. `None` at the
    /// surface.
    #[inline]
    pub fn neighbours(&self, t: TetrahedronId) -> [Option<Neighbour>; 4] {
        [0, 1, 2, 3].map(|k| self.neighbour(t, k))
    }

    /// The tetrahedron across the face opposite to corner `k`.
    #[inline]
    pub fn neighbour(&self, t: TetrahedronId, k: usize) -> Option<Neighbour> {
        let (tetrahedron, apex) = self.beside(t, k)?;
        let shared = usize::from(k == 0);
        Some(Neighbour {
            tetrahedron,
            shift: self.image(t, shared) - self.image(tetrahedron, through(k, apex, shared)),
            apex: apex as u8,
        })
    }

    /// The tetrahedron across the face opposite to corner `k`, and which of its corners is not on
    /// that face.
    #[inline]
    pub(super) fn beside(&self, t: TetrahedronId, k: usize) -> Option<(TetrahedronId, usize)> {
        let side = self.cells[t as usize].across[k].there()?;
        Some((side.cell(), side.corner()))
    }

    /// One of the corners.
    #[inline]
    pub(super) fn corner(&self, t: TetrahedronId, k: usize) -> Vertex {
        Vertex {
            atom: self.cells[t as usize].corners[k],
            image: self.image(t, k),
        }
    }

    /// The image of a corner.
    #[inline]
    pub(super) fn image(&self, t: TetrahedronId, corner: usize) -> Image {
        let images = self.images.get(t as usize);
        images.map_or(Image::HOME, |images| images[corner])
    }

    /// The same without some of the tetrahedra: where they were, there is a surface.
    pub(super) fn without(&mut self, dropped: &[bool]) {
        let mut new_id = Vec::with_capacity(dropped.len());
        let mut kept = 0;
        for &drop in dropped {
            new_id.push((!drop).then_some(kept));
            kept += u32::from(!drop);
        }
        for side in self.cells.iter_mut().flat_map(|cell| &mut cell.across) {
            let id = side.there().and_then(|old| new_id[old.cell() as usize]);
            *side = id.map_or(Side::NONE, |id| Side::new(id, side.corner()));
        }
        fn keep<T>(list: &mut Vec<T>, dropped: &[bool]) {
            let mut dropped = dropped.iter();
            list.retain(|_| dropped.next() == Some(&false));
        }
        keep(&mut self.cells, dropped);
        if !self.images.is_empty() {
            keep(&mut self.images, dropped);
        }
    }
}

/// Which corner of the tetrahedron across the face opposite to corner `k` the corner `shared`, not
/// `k`, is; `apex` is the corner there that is not on the face. The corners being sorted on both
/// sides alike, nothing need be compared.
#[inline]
pub(super) fn through(k: usize, apex: usize, shared: usize) -> usize {
    let on_face = shared - usize::from(shared > k);
    on_face + usize::from(on_face >= apex)
}
