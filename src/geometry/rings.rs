//! The rings of tetrahedra about the Delaunay edges.
//!
//! Around an edge inside the sample the tetrahedra close into a ring. The atoms of the edge are
//! the capping pair of a bipyramid, the other atoms its ring atoms; the ring is also the face
//! that the Voronoi cells of the capping pair share. Every ring carries its critical delta, the
//! largest delta of its tetrahedra: a bipyramid exists at every `delta_max` not smaller than it.

use rayon::prelude::*;

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
        const CHUNK: usize = 4096;
        let chunks: Vec<EdgeRings> = (0..triangulation.len().div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let mut rings = EdgeRings::default();
                let end = ((chunk + 1) * CHUNK).min(triangulation.len());
                for t in chunk * CHUNK..end {
                    rings.collect(triangulation, t as TetrahedronId);
                }
                rings
            })
            .collect();
        let mut all = EdgeRings::default();
        for chunk in chunks {
            all.append(chunk);
        }
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

    /// The ring with this index.
    pub fn ring(&self, index: usize) -> Ring<'_> {
        let end = match self.starts.get(index + 1) {
            Some(&start) => start as usize,
            None => self.tetrahedra.len(),
        };
        let range = self.starts[index] as usize..end;
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

    /// Adds the rings about the six edges of `t` in which no tetrahedron comes before `t`.
    fn collect(&mut self, triangulation: &Triangulation, t: TetrahedronId) {
        for (edge, others) in EDGES {
            let start = self.tetrahedra.len();
            if !self.walk(triangulation, t, edge, others) {
                self.tetrahedra.truncate(start);
                self.atoms.truncate(start);
                continue;
            }
            let corners = triangulation.corners(t);
            let shapes = self.tetrahedra[start..]
                .iter()
                .map(|ring| triangulation.shape(ring.id));
            self.extremes
                .push(shapes.fold(TetrahedronShape::SMALLEST, TetrahedronShape::max));
            self.starts.push(start as u32);
            self.caps.push(edge.map(|k| corners[k]));
        }
    }

    /// Walks once around an edge of `first`; false when the walk meets the surface or an earlier
    /// tetrahedron (the ring is collected from there).
    fn walk(
        &mut self,
        triangulation: &Triangulation,
        first: TetrahedronId,
        edge: [usize; 2],
        others: [usize; 2],
    ) -> bool {
        let corners = triangulation.corners(first);
        let caps = edge.map(|k| corners[k]);
        let mut here = RingTetrahedron {
            id: first,
            shift: Image::HOME,
        };
        let [mut left, mut front] = others;
        loop {
            self.tetrahedra.push(here);
            let corners = triangulation.corners(here.id);
            self.atoms.push(corners[left].shifted(here.shift));
            let Some(next) = triangulation.neighbours(here.id)[left] else {
                return false;
            };
            let pivot = corners[front].shifted(here.shift);
            here = RingTetrahedron {
                id: next.tetrahedron,
                shift: here.shift + next.shift,
            };
            if here.id == first && here.shift == Image::HOME {
                return true;
            }
            if here.id < first {
                return false;
            }
            let corners = triangulation.corners(here.id);
            // In a box of few atoms a ring can meet an image of its first tetrahedron; of the
            // two ways to start, the one at the earlier edge counts.
            if here.id == first {
                let seen = caps.map(|cap| (0..4).find(|&k| corners[k].shifted(here.shift) == cap));
                if seen < edge.map(Some) {
                    return false;
                }
            }
            front = next.apex as usize;
            left = (0..4)
                .find(|&k| k != front && corners[k].shifted(here.shift) == pivot)
                .unwrap_or(front);
            debug_assert!(
                caps.iter()
                    .all(|cap| corners.iter().any(|c| c.shifted(here.shift) == *cap))
            );
        }
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

/// The six edges of a tetrahedron, each with the two corners that are not on it.
const EDGES: [([usize; 2], [usize; 2]); 6] = [
    ([0, 1], [2, 3]),
    ([0, 2], [1, 3]),
    ([0, 3], [1, 2]),
    ([1, 2], [0, 3]),
    ([1, 3], [0, 2]),
    ([2, 3], [0, 1]),
];
