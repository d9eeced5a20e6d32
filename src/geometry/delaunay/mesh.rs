//! The tetrahedra while points are inserted: flat arrays of corners and neighbours.

use crate::numerics::Vec3;

use super::cavity::Cavity;
use super::predicates::orientation;
use super::simplex::{FACES, Mark, Simplex};

/// A triangulation that points can be inserted into.
#[derive(Debug)]
pub(super) struct Mesh {
    /// The places of the vertices, scaled; that of the infinite vertex means nothing.
    pub(super) points: Vec<Vec3>,
    pub(super) cells: Vec<Simplex>,
    pub(super) marks: Vec<Mark>,
    pub(super) free: Vec<u32>,
    /// The error bound of an orientation.
    pub(super) bound: f64,
    pub(super) cavity: Cavity,
}

impl Mesh {
    /// All cells, and which of them are in the mesh.
    pub(super) fn into_cells(self) -> (Vec<Simplex>, impl Iterator<Item = bool>) {
        let is_used = |mark| mark == Mark::Used;
        (self.cells, self.marks.into_iter().map(is_used))
    }

    /// The cells in the mesh, ghosts too.
    pub(super) fn used(&self) -> impl Iterator<Item = u32> {
        let all = (0..).zip(&self.marks);
        all.filter(|(_, mark)| **mark == Mark::Used)
            .map(|(cell, _)| cell)
    }

    pub(super) fn is_used(&self, cell: u32) -> bool {
        self.marks[cell as usize] == Mark::Used
    }

    #[inline]
    pub(super) fn place(&self, vertex: u32) -> Vec3 {
        self.points[vertex as usize]
    }

    #[inline]
    pub(super) fn cell(&self, cell: u32) -> &Simplex {
        &self.cells[cell as usize]
    }

    /// The orientation of the corners of a cell with `place` instead of corner `k`.
    #[inline]
    pub(super) fn orientation_with(&self, corners: &[u32; 4], k: usize, place: Vec3) -> f64 {
        let [a, b, c] = FACES[k].map(|i| self.place(corners[i]));
        orientation(a, b, c, place, self.bound)
    }
}
