//! The rings of tetrahedra about the Delaunay edges.
//!
//! Around an edge inside the sample the tetrahedra close into a ring. The atoms of the edge are
//! the capping pair of a bipyramid, the other atoms its ring atoms; the ring is also the face
//! that the Voronoi cells of the capping pair share.
//!
//! There are more than seven rings for each atom, of five tetrahedra on average: stored,
//! they would be five times as large as the triangulation. They are walked instead, when they are
//! asked for, from face to face.

use std::cmp::Ordering;

use rayon::prelude::*;
use smallvec::SmallVec;

use crate::numerics::{Numbered, numbered};

use super::delaunay::{TetrahedronId, through};
use super::image::{Image, Vertex};
use super::tetrahedron::TetrahedronShape;
use super::triangulation::Triangulation;

numbered! {
    /// A ring by its first tetrahedron, the one with the smallest number, and which of the six edges
    /// (0 … 5) of that it surrounds: eight times the tetrahedron plus the edge.
    pub struct RingId;
}

impl RingId {
    /// The ring that would begin at an edge of a tetrahedron.
    #[inline]
    fn beginning(t: TetrahedronId, edge: u8) -> RingId {
        RingId::new(8 * t.number() + u32::from(edge))
    }

    /// Its first tetrahedron.
    #[inline]
    fn tetrahedron(self) -> TetrahedronId {
        TetrahedronId::new(self.number() / 8)
    }

    /// The edge of that which it surrounds.
    #[inline]
    fn edge(self) -> usize {
        self.index() % 8
    }
}

/// A tetrahedron of a ring and the image in which the ring sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RingTetrahedron {
    /// The tetrahedron.
    pub id: TetrahedronId,
    /// Which of its six edges the ring surrounds.
    pub edge: u8,
    /// Add this to the images of its corners to see it where the ring is.
    pub shift: Image,
}

// ANCHOR: ring
/// One closed ring: `n` tetrahedra about an edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    /// The two atoms of the edge, sorted: the capping atoms.
    pub caps: [Vertex; 2],
    /// The ring atoms in cyclic order.
    pub atoms: SmallVec<[Vertex; USUAL_FOLD]>,
    /// The tetrahedra in the same order: number `k` holds the ring atoms `k` and `k + 1`.
    pub tetrahedra: SmallVec<[RingTetrahedron; USUAL_FOLD]>,
}
// ANCHOR_END: ring

/// Rings of more tetrahedra are rare in dense packing.
const USUAL_FOLD: usize = 8;

impl Ring {
    /// The number of tetrahedra about the edge.
    pub fn fold(&self) -> usize {
        self.tetrahedra.len()
    }

    /// The capping atoms, then the ring atoms.
    pub fn vertices(&self) -> impl Iterator<Item = Vertex> {
        self.caps.into_iter().chain(self.atoms.iter().copied())
    }
}

/// One tetrahedron on the way around an edge.
#[derive(Clone, Copy)]
struct Step {
    id: TetrahedronId,
    /// The corner off the edge that the tetrahedron before has too.
    left: usize,
    /// The corner off the edge that the next tetrahedron has too.
    front: usize,
}

impl Step {
    fn first(id: RingId) -> Step {
        let [left, front] = EDGES[id.edge()].1;
        Step {
            id: id.tetrahedron(),
            left,
            front,
        }
    }

    /// Which of the edges of the tetrahedron is the one walked around.
    #[inline]
    fn edge(self) -> u8 {
        OPPOSITE[self.left][self.front]
    }

    /// The number that the ring would have, were this its first tetrahedron.
    ///
    /// No two tetrahedra of a ring are images of each other about the same edge: a displacement
    /// that leaves the edge where it is is none.
    #[inline]
    fn number(self) -> RingId {
        RingId::beginning(self.id, self.edge())
    }
}

impl Triangulation {
    /// The closed rings whose tetrahedra are all among those that `keep` keeps, by increasing
    /// number, each with its fold, the number of its tetrahedra.
    pub fn rings_among(
        &self,
        keep: impl Fn(TetrahedronId) -> bool + Send + Sync,
    ) -> impl ParallelIterator<Item = (RingId, usize)> {
        const CHUNK: usize = 4096;
        let tetrahedra = self.len();
        let chunks = (0..tetrahedra.div_ceil(CHUNK)).into_par_iter();
        chunks.flat_map_iter(move |chunk| {
            let mut found = Vec::new();
            let chunk = chunk * CHUNK..tetrahedra.min((chunk + 1) * CHUNK);
            for t in chunk.map(TetrahedronId::at).filter(|&t| keep(t)) {
                for id in (0..EDGES.len() as u8).map(|edge| RingId::beginning(t, edge)) {
                    found.extend(self.fold_among(&keep, id).map(|fold| (id, fold)));
                }
            }
            found
        })
    }

    /// All closed rings, by increasing number.
    pub fn rings(&self) -> impl ParallelIterator<Item = Ring> {
        self.rings_among(|_| true).map(|(id, _)| self.ring(id))
    }

    /// The closed ring with this number, one that [`Triangulation::rings_among`] gave for this
    /// triangulation: another may be about an edge at the surface, whose ring does not close, or of
    /// no tetrahedron.
    pub fn ring(&self, id: RingId) -> Ring {
        let mut ring = Ring {
            caps: self.caps(id),
            atoms: SmallVec::new(),
            tetrahedra: SmallVec::new(),
        };
        for (step, shift) in self.around(id) {
            let atom = self.corner(step.id, step.left);
            ring.atoms.push(atom.shifted(shift));
            ring.tetrahedra.push(RingTetrahedron {
                id: step.id,
                edge: step.edge(),
                shift,
            });
        }
        ring
    }

    /// The capping atoms of a ring.
    #[inline]
    pub fn caps(&self, id: RingId) -> [Vertex; 2] {
        let edge = EDGES[id.edge()].0;
        edge.map(|k| self.corner(id.tetrahedron(), k))
    }

    /// The tetrahedra of a closed ring in cyclic order, each with the image in which the ring sees
    /// it.
    #[inline]
    pub(super) fn around_edge(&self, id: RingId) -> impl Iterator<Item = (TetrahedronId, Image)> {
        self.around(id).map(|(step, shift)| (step.id, shift))
    }

    /// The number of the closed ring about an edge of a tetrahedron, and the image in which it sees
    /// the tetrahedron.
    pub(crate) fn ring_about(&self, t: TetrahedronId, edge: u8) -> (RingId, Image) {
        let steps = self.around(RingId::beginning(t, edge));
        let numbers = steps.map(|(step, shift)| (step.number(), Image::HOME - shift));
        let none = (RingId::new(u32::MAX), Image::HOME);
        numbers.min_by_key(|(number, _)| *number).unwrap_or(none)
    }

    /// The largest delta (the critical delta: the bipyramid exists at every `delta_max` not smaller
    /// than it), edge and circumradius of the tetrahedra of a ring.
    pub fn extreme(&self, ring: &Ring) -> TetrahedronShape {
        let shapes = ring.tetrahedra.iter().map(|t| self.shape(t.id));
        shapes.fold(TetrahedronShape::SMALLEST, TetrahedronShape::max)
    }

    /// The fold of a ring; `None` when it does not close among those that `keep` keeps, or begins
    /// at a smaller number.
    #[inline]
    fn fold_among(&self, keep: impl Fn(TetrahedronId) -> bool, id: RingId) -> Option<usize> {
        let mut step = Step::first(id);
        for fold in 1.. {
            step = self.next(step)?;
            match step.number().cmp(&id) {
                Ordering::Less => return None,
                Ordering::Equal => return Some(fold),
                Ordering::Greater if !keep(step.id) => return None,
                Ordering::Greater => {}
            }
        }
        None
    }

    /// The steps of a closed ring, and the images in which their tetrahedra are seen from the first.
    #[inline]
    fn around(&self, id: RingId) -> impl Iterator<Item = (Step, Image)> {
        let first = (Step::first(id), Image::HOME);
        std::iter::successors(Some(first), move |&(step, shift)| {
            let next = self.next(step).filter(|next| next.number() != id)?;
            // The corner in front is the one to the left there.
            let displaced = self.image(step.id, step.front) - self.image(next.id, next.left);
            Some((next, shift + displaced))
        })
    }

    /// Through the face before one; `None` at the surface.
    #[inline]
    fn next(&self, step: Step) -> Option<Step> {
        let (id, apex) = self.beside(step.id, step.left)?;
        Some(Step {
            id,
            left: through(step.left, apex, step.front),
            front: apex,
        })
    }
}

/// The six edges of a tetrahedron, each with the two corners that are not on it.
const EDGES: [([usize; 2], [usize; 2]); 6] = [
    ([0, 1], [2, 3]),
    ([0, 2], [1, 3]),
    ([0, 3], [1, 2]),
    ([1, 2], [0, 3]),
    ([1, 3], [0, 2]),
    ([2, 3], [0, 1]),
];

/// The number of the edge in [`EDGES`] that is opposite to two corners.
const OPPOSITE: [[u8; 4]; 4] = [[0, 5, 4, 3], [5, 0, 2, 1], [4, 2, 0, 0], [3, 1, 0, 0]];
