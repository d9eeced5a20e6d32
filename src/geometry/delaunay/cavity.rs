//! The cavity that an inserted point opens, and the rim of faces around it.

use super::simplex::Side;

/// The cells that make room for a point, and what surrounds them; the buffers are kept from one
/// insertion to the next.
#[derive(Debug, Default)]
pub(super) struct Cavity {
    /// The cells to remove.
    pub(super) cells: Vec<u32>,
    /// The faces around them.
    pub(super) rim: Vec<RimFace>,
    /// The vertices of these faces, and for every vertex of the mesh its place among them.
    pub(super) names: Vec<u32>,
    pub(super) numbers: Vec<u32>,
    /// The face to the left of each directed edge of the rim, by the numbers of its ends.
    pub(super) edges: Vec<Side>,
}

/// A face of the rim and the new cell that stands on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct RimFace {
    /// The corners of the new cell.
    pub(super) corners: [u32; 4],
    /// The numbers of its corners.
    pub(super) numbers: [u32; 4],
    /// What lies across the face.
    pub(super) across: Side,
    /// Which of the corners is the new point.
    pub(super) apex: usize,
    /// The new cell.
    pub(super) cell: u32,
}

impl Cavity {
    pub(super) fn new(vertices: usize) -> Cavity {
        Cavity {
            numbers: vec![0; vertices],
            ..Cavity::default()
        }
    }

    /// Makes room for more vertices.
    pub(super) fn grow(&mut self, vertices: usize) {
        self.numbers.resize(vertices, 0);
    }

    /// The cells that the last insertion made.
    pub(super) fn new_cells(&self) -> impl Iterator<Item = u32> {
        self.rim.iter().map(|face| face.cell)
    }
}
