//! The tetrahedra while points are inserted: flat arrays of corners and neighbours.
//!
//! Space outside the hull is filled with ghosts: tetrahedra of a hull face and one vertex at
//! infinity, so that every face has a tetrahedron on both sides and the hull is no special case.

use crate::atoms::Vec3;

use super::DelaunayError;
use super::insert::Scratch;
use super::order::insertion_order;
use super::predicates::{collinear, orientation, orientation_bound};

/// The vertex at infinity; the points are the vertices from 1.
pub(super) const INFINITE: u32 = 0;

/// A tetrahedron or a ghost.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(32))]
pub(super) struct Cell {
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

impl Cell {
    #[inline]
    pub(super) fn is_ghost(&self) -> bool {
        self.corners[3] == INFINITE
    }
}

/// What is known about a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// In the mesh.
    Used,
    /// In the mesh, and the point at hand lies in its sphere.
    Inside,
    /// In the mesh, and the point at hand does not lie in its sphere.
    Outside,
    /// Given back.
    Free,
}

/// A triangulation that points can be inserted into.
#[derive(Debug)]
pub(super) struct Mesh {
    /// The places of the vertices, scaled; that of the infinite vertex means nothing.
    pub(super) points: Vec<Vec3>,
    pub(super) cells: Vec<Cell>,
    pub(super) states: Vec<State>,
    pub(super) free: Vec<u32>,
    /// The error bound of an orientation.
    pub(super) bound: f64,
    pub(super) scratch: Scratch,
}

impl Mesh {
    /// Triangulates places (finite, scaled); `extent` is that of all points, of which these may be
    /// some. Also returns which of the places each vertex is, beginning with vertex 1.
    pub(super) fn of(places: Vec<Vec3>, extent: Vec3) -> Result<(Mesh, Vec<u32>), DelaunayError> {
        let mut order = insertion_order(&places);
        // The infinite vertex comes first, at no place.
        let mut ordered = Vec::with_capacity(places.len() + 1);
        ordered.push([f64::NAN; 3]);
        ordered.extend(order.iter().map(|&k| places[k as usize]));
        drop(places);
        let mesh = Mesh::new(ordered, extent, &mut order)?;
        Ok((mesh, order))
    }

    /// Triangulates places in their order, that of the infinite vertex before them; `order` follows
    /// where the first are exchanged.
    fn new(points: Vec<Vec3>, extent: Vec3, order: &mut [u32]) -> Result<Mesh, DelaunayError> {
        let count = points.len() - 1;
        let mut mesh = Mesh {
            bound: orientation_bound(extent),
            scratch: Scratch::new(points.len()),
            points,
            cells: Vec::with_capacity(7 * count + 16),
            states: Vec::with_capacity(7 * count + 16),
            free: Vec::new(),
        };
        mesh.first_four(order)?;
        mesh.first_cells();
        let mut near = 0;
        for vertex in 5..=count as u32 {
            near = mesh.insert(vertex, near).map_err(|twin| {
                let [a, b] = [twin, vertex].map(|v| order[v as usize - 1]);
                DelaunayError::Coincident {
                    first: a.min(b),
                    second: a.max(b),
                }
            })?;
            if mesh.cells.len() > MOST_CELLS {
                return Err(DelaunayError::TooMany { points: count });
            }
        }
        Ok(mesh)
    }

    /// Moves four points that span a volume to the front.
    fn first_four(&mut self, order: &mut [u32]) -> Result<(), DelaunayError> {
        let points = &mut self.points[1..];
        let mut bring = |points: &mut [Vec3], to: usize, from: usize| {
            points[to..=from].rotate_right(1);
            order[to..=from].rotate_right(1);
        };
        let flat = DelaunayError::Flat {
            points: points.len(),
        };
        let apart = (1..points.len()).find(|&k| points[k] != points[0]);
        bring(points, 1, apart.ok_or(flat.clone())?);
        let [a, b] = [points[0], points[1]];
        let off_line = (2..points.len()).find(|&k| !collinear(a, b, points[k]));
        bring(points, 2, off_line.ok_or(flat.clone())?);
        let c = points[2];
        let side = |p| orientation(a, b, c, p, self.bound);
        let off_plane = (3..points.len()).find(|&k| side(points[k]) != 0.0);
        bring(points, 3, off_plane.ok_or(flat)?);
        if side(points[3]) < 0.0 {
            points.swap(2, 3);
            order.swap(2, 3);
        }
        Ok(())
    }

    /// The tetrahedron of the first four points and its four ghosts.
    fn first_cells(&mut self) {
        let corners = [1, 2, 3, 4];
        let mut quadruples = vec![corners];
        quadruples.extend(FACES.map(|[i, j, k]| [corners[i], corners[k], corners[j], INFINITE]));
        let shared = |a: usize, b: usize| {
            let only =
                |x: usize, y: usize| (0..4).find(|&k| !quadruples[y].contains(&quadruples[x][k]));
            only(a, b).zip(only(b, a))
        };
        for (index, &corners) in quadruples.iter().enumerate() {
            let mut across = [Side::new(0, 0); 4];
            for other in (0..5).filter(|&other| other != index) {
                if let Some((own, theirs)) = shared(index, other) {
                    across[own] = Side::new(other as u32, theirs);
                }
            }
            self.cells.push(Cell { corners, across });
            self.states.push(State::Used);
        }
    }

    /// Adds another point, searched from the cell `near`; returns one of its cells.
    ///
    /// # Errors
    /// The vertex that lies in the same place.
    pub(super) fn add(&mut self, place: Vec3, near: u32) -> Result<u32, u32> {
        let vertex = self.points.len() as u32;
        self.points.push(place);
        self.scratch.grow(self.points.len());
        self.insert(vertex, near)
    }

    /// All cells, and which of them are in the mesh.
    pub(super) fn into_cells(self) -> (Vec<Cell>, impl Iterator<Item = bool>) {
        let is_used = |state| state == State::Used;
        (self.cells, self.states.into_iter().map(is_used))
    }

    /// The cells in the mesh, ghosts too.
    pub(super) fn used(&self) -> impl Iterator<Item = u32> {
        let all = (0..).zip(&self.states);
        all.filter(|(_, state)| **state == State::Used)
            .map(|(cell, _)| cell)
    }

    pub(super) fn is_used(&self, cell: u32) -> bool {
        self.states[cell as usize] == State::Used
    }

    #[inline]
    pub(super) fn place(&self, vertex: u32) -> Vec3 {
        self.points[vertex as usize]
    }

    #[inline]
    pub(super) fn cell(&self, cell: u32) -> &Cell {
        &self.cells[cell as usize]
    }

    /// The orientation of the corners of a cell with `place` instead of corner `k`.
    #[inline]
    pub(super) fn orientation_with(&self, corners: &[u32; 4], k: usize, place: Vec3) -> f64 {
        let [a, b, c] = FACES[k].map(|i| self.place(corners[i]));
        orientation(a, b, c, place, self.bound)
    }
}
