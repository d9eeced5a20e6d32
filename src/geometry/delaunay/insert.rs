//! Insertion of a point: the cells whose sphere holds it make room for new ones around it.
//!
//! Bowyer, Comput. J. 24, 162 (1981), doi:10.1093/comjnl/24.2.162; Watson, ibid. 167,
//! doi:10.1093/comjnl/24.2.167. The decisions are exact, so that the cells to remove are connected
//! and see the point from all of their rim.

use std::collections::HashMap;

use crate::atoms::Vec3;

use super::mesh::{Cell, INFINITE, Mesh, Side, State};
use super::predicates::in_sphere;

/// Buffers kept from one insertion to the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The cells to remove.
    cavity: Vec<u32>,
    /// The faces around them.
    rim: Vec<RimFace>,
    /// The vertices of these faces, and for every vertex of the mesh its place among them.
    names: Vec<u32>,
    numbers: Vec<u32>,
    /// The face to the left of each directed edge of the rim, by the numbers of its ends.
    edges: Vec<Side>,
}

/// A face of the rim and the new cell that stands on it.
#[derive(Debug, Clone, Copy)]
struct RimFace {
    /// The corners of the new cell.
    corners: [u32; 4],
    /// The numbers of its corners.
    numbers: [u32; 4],
    /// What lies across the face.
    across: Side,
    /// Which of the corners is the new point.
    apex: usize,
    /// The new cell.
    cell: u32,
}

/// Larger rims are glued by a hash map.
const MOST_NUMBERS: usize = 1024;

/// `AROUND[p][j]`: the two corners that are neither `p` nor `j`, in an order such that `p`, `j` and
/// they make an even permutation.
const AROUND: [[[usize; 2]; 4]; 4] = [
    [[0, 0], [2, 3], [3, 1], [1, 2]],
    [[3, 2], [0, 0], [0, 3], [2, 0]],
    [[1, 3], [3, 0], [0, 0], [0, 1]],
    [[2, 1], [0, 2], [1, 0], [0, 0]],
];

impl Scratch {
    pub(super) fn new(vertices: usize) -> Scratch {
        Scratch {
            numbers: vec![0; vertices],
            ..Scratch::default()
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

impl Mesh {
    /// Inserts a vertex, searched from the cell `near`, and returns one of its cells.
    ///
    /// # Errors
    /// The vertex that lies in the same place.
    pub(super) fn insert(&mut self, vertex: u32, near: u32) -> Result<u32, u32> {
        let place = self.place(vertex);
        let first = self.locate(place, near);
        let cell = self.cell(first);
        if !cell.is_ghost()
            && let Some(&twin) = cell.corners.iter().find(|&&v| self.place(v) == place)
        {
            return Err(twin);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        self.clear_cavity(vertex, first, &mut scratch);
        self.fill_cavity(&mut scratch);
        let near = scratch.rim[0].cell;
        self.scratch = scratch;
        Ok(near)
    }

    /// Finds the cells whose sphere holds the vertex, beginning with `first`, and their rim.
    #[inline]
    fn clear_cavity(&mut self, vertex: u32, first: u32, scratch: &mut Scratch) {
        let Scratch { cavity, rim, .. } = scratch;
        let place = self.place(vertex);
        cavity.clear();
        rim.clear();
        cavity.push(first);
        self.states[first as usize] = State::Inside;
        let mut next = 0;
        while let Some(&here) = cavity.get(next) {
            next += 1;
            let cell = *self.cell(here);
            for (k, &across) in cell.across.iter().enumerate() {
                let other = across.cell();
                let mut state = self.states[other as usize];
                if state == State::Used {
                    state = if self.conflicts(other, place) {
                        cavity.push(other);
                        State::Inside
                    } else {
                        State::Outside
                    };
                    self.states[other as usize] = state;
                }
                if state == State::Outside {
                    // In the place of the corner that goes, the vertex gives the new cell.
                    let mut corners = cell.corners;
                    corners[k] = vertex;
                    rim.push(RimFace {
                        corners,
                        numbers: [0; 4],
                        across,
                        apex: k,
                        cell: 0,
                    });
                }
            }
        }
    }

    /// Whether the sphere of a cell holds the place; that of a ghost is the half-space beyond its
    /// hull face and, in the plane of the face, the circle about it.
    #[inline]
    pub(super) fn conflicts(&self, cell: u32, place: Vec3) -> bool {
        let mut cell = self.cell(cell);
        if cell.is_ghost() {
            let beyond = self.orientation_with(&cell.corners, 3, place);
            if beyond != 0.0 {
                return beyond > 0.0;
            }
            // Any sphere through the corners of the face cuts its plane in that circle.
            cell = self.cell(cell.across[3].cell());
        }
        in_sphere(cell.corners.map(|v| self.place(v)), place)
    }

    /// Replaces the cells of the cavity by one on each face of its rim.
    #[inline]
    fn fill_cavity(&mut self, scratch: &mut Scratch) {
        let Scratch {
            cavity,
            rim,
            names,
            numbers,
            edges,
        } = scratch;
        // A closed surface of F triangles has F / 2 + 2 vertices.
        let stride = (rim.len() / 2 + 2).next_power_of_two();
        if stride > MOST_NUMBERS {
            return self.fill_large_cavity(cavity, rim);
        }
        if edges.len() < stride * stride {
            edges.resize(stride * stride, Side::new(0, 0));
        }
        names.clear();
        for (k, face) in rim.iter_mut().enumerate() {
            face.cell = match cavity.get(k) {
                Some(&cell) => cell,
                None => self.new_cell(),
            };
            for (j, &v) in face.corners.iter().enumerate() {
                if j != face.apex {
                    let known = numbers[v as usize];
                    if names.get(known as usize) == Some(&v) {
                        face.numbers[j] = known;
                    } else {
                        face.numbers[j] = names.len() as u32;
                        numbers[v as usize] = names.len() as u32;
                        names.push(v);
                    }
                }
            }
            for (j, [from, to]) in AROUND[face.apex].iter().enumerate() {
                if j != face.apex {
                    let [from, to] = [face.numbers[*from] as usize, face.numbers[*to] as usize];
                    edges[from * stride + to] = Side::new(face.cell, j);
                }
            }
        }
        for face in &*rim {
            let mut across = [face.across; 4];
            for (j, [from, to]) in AROUND[face.apex].iter().enumerate() {
                if j != face.apex {
                    let [from, to] = [face.numbers[*from] as usize, face.numbers[*to] as usize];
                    across[j] = edges[to * stride + from];
                }
            }
            self.stand(face, across);
        }
        self.give_back(cavity, rim.len());
    }

    /// As [`Mesh::fill_cavity`], for a rim of any size.
    #[cold]
    fn fill_large_cavity(&mut self, cavity: &[u32], rim: &mut [RimFace]) {
        let mut edges = HashMap::with_capacity(3 * rim.len());
        for (k, face) in rim.iter_mut().enumerate() {
            face.cell = match cavity.get(k) {
                Some(&cell) => cell,
                None => self.new_cell(),
            };
            for j in (0..4).filter(|&j| j != face.apex) {
                let [from, to] = AROUND[face.apex][j].map(|k| face.corners[k]);
                edges.insert([from, to], Side::new(face.cell, j));
            }
        }
        for face in &*rim {
            let mut across = [face.across; 4];
            for j in (0..4).filter(|&j| j != face.apex) {
                let [from, to] = AROUND[face.apex][j].map(|k| face.corners[k]);
                across[j] = edges[&[to, from]];
            }
            self.stand(face, across);
        }
        self.give_back(cavity, rim.len());
    }

    /// Writes the new cell of a face.
    #[inline]
    fn stand(&mut self, face: &RimFace, across: [Side; 4]) {
        self.cells[face.cell as usize] = Cell {
            corners: face.corners,
            across,
        };
        self.states[face.cell as usize] = State::Used;
        let outer = face.across;
        self.cells[outer.cell() as usize].across[outer.corner()] = Side::new(face.cell, face.apex);
        self.states[outer.cell() as usize] = State::Used;
    }

    #[inline]
    fn new_cell(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.cells.push(Cell {
                corners: [INFINITE; 4],
                across: [Side::new(0, 0); 4],
            });
            self.states.push(State::Free);
            self.cells.len() as u32 - 1
        })
    }

    /// Frees those cells of the cavity that were not needed again.
    #[inline]
    fn give_back(&mut self, cavity: &[u32], used: usize) {
        for &cell in cavity.iter().skip(used) {
            self.states[cell as usize] = State::Free;
            self.free.push(cell);
        }
    }
}
