//! The rings of tetrahedra about the Delaunay edges.
//!
//! Around an edge inside the sample the tetrahedra close into a ring. The atoms of the edge are
//! the capping pair of a bipyramid, the other atoms its ring atoms; the ring is also the face
//! that the Voronoi cells of the capping pair share. Every ring carries its critical delta, the
//! largest delta of its tetrahedra: a bipyramid exists at every `delta_max` not smaller than it.

use std::ops::Range;

use rayon::prelude::*;

use crate::atoms::Boundary;

use super::{Image, TetrahedronId, TetrahedronShape, Triangulation, Vertex};

/// A tetrahedron of a ring and the image in which the ring sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RingTetrahedron {
    /// The tetrahedron.
    pub id: TetrahedronId,
    /// Add this to the images of its corners to see it where the ring is.
    pub shift: Image,
}

/// All closed rings of a triangulation, those about one edge after those about another.
#[derive(Debug, Default)]
pub struct EdgeRings {
    caps: Vec<[Vertex; 2]>,
    starts: Vec<u32>,
    tetrahedra: Vec<RingTetrahedron>,
    atoms: Vec<Vertex>,
    extremes: Vec<TetrahedronShape>,
}

// ANCHOR: ring
/// One closed ring: `n` tetrahedra about an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ring<'a> {
    /// The two atoms of the edge, sorted: the capping atoms.
    pub caps: [Vertex; 2],
    /// The ring atoms in cyclic order.
    pub atoms: &'a [Vertex],
    /// The tetrahedra in the same order: number `k` holds the ring atoms `k` and `k + 1`.
    pub tetrahedra: &'a [RingTetrahedron],
    /// The largest delta (the critical delta), edge and circumradius of the tetrahedra: a
    /// criterion that accepts this shape accepts every tetrahedron of the ring.
    pub extreme: TetrahedronShape,
}
// ANCHOR_END: ring

impl<'a> Ring<'a> {
    /// The number of tetrahedra about the edge.
    pub fn fold(&self) -> usize {
        self.tetrahedra.len()
    }

    /// The capping atoms, then the ring atoms.
    pub fn vertices(self) -> impl Iterator<Item = Vertex> + 'a {
        self.caps.into_iter().chain(self.atoms.iter().copied())
    }
}

impl EdgeRings {
    /// Walks around every edge of the triangulation and keeps the rings that close.
    pub fn new(triangulation: &Triangulation) -> EdgeRings {
        let around = match triangulation.boundary() {
            Boundary::Open => around::<false>,
            Boundary::Periodic(_) => around::<true>,
        };
        // Each ring is collected where its first tetrahedron is, however these are divided.
        let tetrahedra = triangulation.len();
        let chunks = match rayon::current_num_threads() {
            1 => 1,
            threads => (8 * threads).min(tetrahedra.div_ceil(4096)).max(1),
        };
        let end = |chunk: usize| (chunk * tetrahedra / chunks) as TetrahedronId;
        let found: Vec<EdgeRings> = (0..chunks)
            .into_par_iter()
            .map(|chunk| around(triangulation, end(chunk)..end(chunk + 1)))
            .collect();
        let mut found = found.into_iter();
        let mut all = found.next().unwrap_or_default();
        found.for_each(|chunk| all.append(chunk));
        all
    }

    /// The number of rings.
    pub fn len(&self) -> usize {
        self.caps.len()
    }

    /// Whether no ring closes.
    pub fn is_empty(&self) -> bool {
        self.caps.is_empty()
    }

    /// The capping atoms of a ring.
    #[inline]
    pub(super) fn caps(&self, index: usize) -> [Vertex; 2] {
        self.caps[index]
    }

    /// Where the atoms and tetrahedra of a ring lie.
    #[inline]
    pub(super) fn range(&self, index: usize) -> Range<usize> {
        let end = match self.starts.get(index + 1) {
            Some(&start) => start as usize,
            None => self.tetrahedra.len(),
        };
        self.starts[index] as usize..end
    }

    /// The ring with this index.
    #[inline]
    pub fn ring(&self, index: usize) -> Ring<'_> {
        let range = self.range(index);
        Ring {
            caps: self.caps[index],
            atoms: &self.atoms[range.clone()],
            tetrahedra: &self.tetrahedra[range],
            extreme: self.extremes[index],
        }
    }

    /// All rings, by increasing smallest tetrahedron.
    pub fn iter(&self) -> impl Iterator<Item = Ring<'_>> {
        (0..self.len()).map(|index| self.ring(index))
    }

    fn append(&mut self, mut later: EdgeRings) {
        let offset = self.tetrahedra.len() as u32;
        self.starts
            .extend(later.starts.iter().map(|start| start + offset));
        self.caps.append(&mut later.caps);
        self.tetrahedra.append(&mut later.tetrahedra);
        self.atoms.append(&mut later.atoms);
        self.extremes.append(&mut later.extremes);
    }
}

/// The rings whose first tetrahedron is one of these; in open space no image need be looked at.
fn around<const PERIODIC: bool>(
    triangulation: &Triangulation,
    tetrahedra: Range<TetrahedronId>,
) -> EdgeRings {
    let mut rings = EdgeRings::default();
    rings.tetrahedra.reserve(6 * tetrahedra.len());
    rings.atoms.reserve(6 * tetrahedra.len());
    // The edges that have been walked around, one bit each.
    let mut walked = vec![0_u8; tetrahedra.len()];
    for first in tetrahedra.clone() {
        for (edge, (caps, others)) in EDGES.into_iter().enumerate() {
            if walked[(first - tetrahedra.start) as usize] >> edge & 1 == 1 {
                continue;
            }
            let start = rings.tetrahedra.len();
            let mark = |t: TetrahedronId, edge: u8| {
                if t < tetrahedra.start {
                    return false;
                }
                if let Some(walked) = walked.get_mut((t - tetrahedra.start) as usize) {
                    *walked |= 1 << edge;
                }
                true
            };
            match rings.walk::<PERIODIC>(triangulation, first, others, mark) {
                Some(extreme) => {
                    let corners = triangulation.corners(first);
                    rings.extremes.push(extreme);
                    rings.starts.push(start as u32);
                    rings.caps.push(caps.map(|k| corners[k]));
                }
                None => {
                    rings.tetrahedra.truncate(start);
                    rings.atoms.truncate(start);
                }
            }
        }
    }
    rings
}

impl EdgeRings {
    /// Walks once around the edge of `first` opposite to `others`, telling `mark` each tetrahedron
    /// and which of its edges it is. `None` when the walk meets the surface, or a tetrahedron for
    /// which `mark` says no: the ring is collected from there.
    #[inline]
    fn walk<const PERIODIC: bool>(
        &mut self,
        triangulation: &Triangulation,
        first: TetrahedronId,
        others: [usize; 2],
        mut mark: impl FnMut(TetrahedronId, u8) -> bool,
    ) -> Option<TetrahedronShape> {
        let mut extreme = TetrahedronShape::SMALLEST;
        let mut here = RingTetrahedron {
            id: first,
            shift: Image::HOME,
        };
        let [mut left, mut front] = others;
        loop {
            if !mark(here.id, OPPOSITE[left][front]) {
                return None;
            }
            extreme = extreme.max(triangulation.shape(here.id));
            let corners = triangulation.corners(here.id);
            let place = |corner: Vertex| {
                if PERIODIC {
                    corner.shifted(here.shift)
                } else {
                    corner
                }
            };
            self.tetrahedra.push(here);
            self.atoms.push(place(corners[left]));
            let pivot = place(corners[front]);
            let next = triangulation.neighbour(here.id, left)?;
            here.id = next.tetrahedron;
            if PERIODIC {
                here.shift = here.shift + next.shift;
            }
            if here.id == first && here.shift == Image::HOME {
                return Some(extreme);
            }
            let corners = triangulation.corners(here.id);
            let is_pivot = |corner: Vertex| {
                if PERIODIC {
                    corner.shifted(here.shift) == pivot
                } else {
                    corner.atom == pivot.atom
                }
            };
            front = usize::from(next.apex);
            left = (0..4).find(|&k| k != front && is_pivot(corners[k]))?;
        }
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
