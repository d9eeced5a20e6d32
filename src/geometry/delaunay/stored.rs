//! The tetrahedra as they are kept: every one once, with its neighbours.

use crate::atoms::AtomId;
use crate::geometry::image::{Image, NearImage, Vertex};
use crate::numerics::{Mask, Numbered, numbered};

use super::simplex::{Side, Simplex};

numbered! {
    /// The number of a tetrahedron in its [`Delaunay`] or [`super::super::Triangulation`].
    pub struct TetrahedronId;
}

/// The tetrahedron on the other side of a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Across {
    /// The tetrahedron.
    pub tetrahedron: TetrahedronId,
    /// Add this to the images of its corners to see it from this side of the face.
    pub shift: Image,
    /// Which of its corners (0 … 3) is not on the shared face.
    pub apex: u8,
}

/// The Delaunay tetrahedra of points, each with its neighbours: all of them, also flat ones.
///
/// Every tetrahedron is stored once, in one canonical way: corners sorted by point and image, the
/// first corner in the home cell; tetrahedra sorted. The result therefore does not depend on how
/// it was found.
#[derive(Debug, Default, PartialEq)]
pub struct Delaunay {
    pub(super) cells: Vec<Simplex>,
    /// The images of the corners; empty in open space.
    pub(super) images: Vec<[NearImage; 4]>,
}

impl Delaunay {
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
        vertices(&self.cells, &self.images, t.number())
    }

    /// The tetrahedra across the faces; entry `k` lies opposite to corner `k`. `None` at the
    /// surface.
    #[inline]
    pub fn neighbours(&self, t: TetrahedronId) -> [Option<Across>; 4] {
        [0, 1, 2, 3].map(|k| self.neighbour(t, k))
    }

    /// The tetrahedron across the face opposite to corner `k`.
    #[inline]
    pub fn neighbour(&self, t: TetrahedronId, k: usize) -> Option<Across> {
        let (tetrahedron, apex) = self.beside(t, k)?;
        let shared = usize::from(k == 0);
        Some(Across {
            tetrahedron,
            shift: self.image(t, shared) - self.image(tetrahedron, through(k, apex, shared)),
            apex: apex as u8,
        })
    }

    /// The tetrahedron across the face opposite to corner `k`, and which of its corners is not on
    /// that face.
    #[inline]
    pub(in crate::geometry) fn beside(
        &self,
        t: TetrahedronId,
        k: usize,
    ) -> Option<(TetrahedronId, usize)> {
        let side = self.cells[t.index()].across[k].there()?;
        Some((TetrahedronId::new(side.cell()), side.corner()))
    }

    /// One of the corners.
    #[inline]
    pub(in crate::geometry) fn corner(&self, t: TetrahedronId, k: usize) -> Vertex {
        Vertex {
            atom: AtomId::new(self.cells[t.index()].corners[k]),
            image: self.image(t, k),
        }
    }

    /// The image of a corner.
    #[inline]
    pub(in crate::geometry) fn image(&self, t: TetrahedronId, corner: usize) -> Image {
        let images = self.images.get(t.index());
        images.map_or(Image::HOME, |images| images[corner].into())
    }

    /// The same without some of the tetrahedra: where they were, there is a surface.
    pub(in crate::geometry) fn without(&mut self, dropped: &Mask<TetrahedronId>) {
        let mut new_id = Vec::with_capacity(dropped.len());
        let mut kept = 0;
        for drop in dropped.iter() {
            new_id.push((!drop).then_some(kept));
            kept += u32::from(!drop);
        }
        for side in self.cells.iter_mut().flat_map(|cell| &mut cell.across) {
            let id = side.there().and_then(|old| new_id[old.cell() as usize]);
            *side = id.map_or(Side::NONE, |id| Side::new(id, side.corner()));
        }
        fn keep<T>(list: &mut Vec<T>, dropped: &Mask<TetrahedronId>) {
            let mut dropped = dropped.iter();
            list.retain(|_| dropped.next() == Some(false));
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
pub(in crate::geometry) fn through(k: usize, apex: usize, shared: usize) -> usize {
    let on_face = shared - usize::from(shared > k);
    on_face + usize::from(on_face >= apex)
}

/// The corners of a tetrahedron.
#[inline]
pub(super) fn vertices(cells: &[Simplex], images: &[[NearImage; 4]], cell: u32) -> [Vertex; 4] {
    let atoms = cells[cell as usize].corners;
    let images = images.get(cell as usize).unwrap_or(&[NearImage::HOME; 4]);
    [0, 1, 2, 3].map(|k| Vertex {
        atom: AtomId::new(atoms[k]),
        image: images[k].into(),
    })
}
