//! A tetrahedron in one number for each corner and each neighbour.
//!
//! Space outside the hull is filled with ghosts: tetrahedra of a hull face and one vertex at
//! infinity, so that every face has a tetrahedron on both sides and the hull is no special case.

/// The vertex at infinity; the points are the vertices from 1.
pub(super) const INFINITE: u32 = 0;

/// A tetrahedron or a ghost.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(32))]
pub(super) struct Simplex {
    /// Its corners, of positive orientation. A ghost has the infinite vertex last, and its other
    /// corners are such that a point outside the hull in its place gives a positive orientation.
    pub(super) corners: [u32; 4],
    /// What lies across the face opposite to each corner.
    pub(super) across: [Side; 4],
}

/// One side of a face: a cell and which of its corners is not on the face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side(u32);

impl Side {
    /// No side at all.
    pub(super) const NONE: Side = Side(u32::MAX);

    #[inline]
    pub(super) fn there(self) -> Option<Side> {
        (self != Side::NONE).then_some(self)
    }

    #[inline]
    pub(super) fn new(cell: u32, corner: usize) -> Side {
        Side(cell << 2 | corner as u32)
    }

    #[inline]
    pub(super) fn cell(self) -> u32 {
        self.0 >> 2
    }

    #[inline]
    pub(super) fn corner(self) -> usize {
        (self.0 & 3) as usize
    }
}

/// More cells cannot be numbered together with an edge, as rings are; one insertion stays below the
/// margin.
pub(super) const MOST_CELLS: usize = (1 << 29) - (1 << 24);

/// The other three corners than number `k`, in an order such that they and then corner `k` make an
/// even permutation.
pub(super) const FACES: [[usize; 3]; 4] = [[1, 3, 2], [0, 2, 3], [0, 3, 1], [0, 1, 2]];

impl Simplex {
    #[inline]
    pub(super) fn is_ghost(&self) -> bool {
        self.corners[3] == INFINITE
    }
}

/// What is known about a cell of a mesh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// In the mesh.
    Used,
    /// In the mesh, and the point at hand lies in its sphere.
    Inside,
    /// In the mesh, and the point at hand does not lie in its sphere.
    Outside,
    /// Given back.
    Free,
}
