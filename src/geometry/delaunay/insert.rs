//! Insertion of a point: the cells whose sphere holds it make room for new ones around it.
//!
//! Bowyer, Comput. J. 24, 162 (1981), doi:10.1093/comjnl/24.2.162; Watson, ibid. 167,
//! doi:10.1093/comjnl/24.2.167. The decisions are exact, so that the cells to remove are connected
//! and see the point from all of their rim.

use std::collections::HashMap;

use crate::numerics::Vec3;

use super::cavity::{Cavity, RimFace};
use super::mesh::Mesh;
use super::predicates::in_sphere;
use super::simplex::{INFINITE, Mark, Side, Simplex};

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
        let mut cavity = std::mem::take(&mut self.cavity);
        self.clear(vertex, first, &mut cavity);
        self.fill(&mut cavity);
        let near = cavity.rim[0].cell;
        self.cavity = cavity;
        Ok(near)
    }

    /// Finds the cells whose sphere holds the vertex, beginning with `first`, and their rim.
    #[inline]
    fn clear(&mut self, vertex: u32, first: u32, cavity: &mut Cavity) {
        let Cavity { cells, rim, .. } = cavity;
        let place = self.place(vertex);
        cells.clear();
        rim.clear();
        cells.push(first);
        self.marks[first as usize] = Mark::Inside;
        let mut next = 0;
        while let Some(&here) = cells.get(next) {
            next += 1;
            let cell = *self.cell(here);
            for (k, &across) in cell.across.iter().enumerate() {
                let other = across.cell();
                let mut mark = self.marks[other as usize];
                if mark == Mark::Used {
                    mark = if self.conflicts(other, place) {
                        cells.push(other);
                        Mark::Inside
                    } else {
                        Mark::Outside
                    };
                    self.marks[other as usize] = mark;
                }
                if mark == Mark::Outside {
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
    fn fill(&mut self, cavity: &mut Cavity) {
        let Cavity {
            cells,
            rim,
            names,
            numbers,
            edges,
        } = cavity;
        // A closed surface of F triangles has F / 2 + 2 vertices.
        let stride = (rim.len() / 2 + 2).next_power_of_two();
        if stride > MOST_NUMBERS {
            return self.fill_large(cells, rim);
        }
        if edges.len() < stride * stride {
            edges.resize(stride * stride, Side::new(0, 0));
        }
        names.clear();
        for (k, face) in rim.iter_mut().enumerate() {
            face.cell = match cells.get(k) {
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
        self.give_back(cells, rim.len());
    }

    /// As [`Mesh::fill`], for a rim of any size.
    #[cold]
    fn fill_large(&mut self, cells: &[u32], rim: &mut [RimFace]) {
        let mut edges = HashMap::with_capacity(3 * rim.len());
        for (k, face) in rim.iter_mut().enumerate() {
            face.cell = match cells.get(k) {
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
        self.give_back(cells, rim.len());
    }

    /// Writes the new cell of a face.
    #[inline]
    fn stand(&mut self, face: &RimFace, across: [Side; 4]) {
        self.cells[face.cell as usize] = Simplex {
            corners: face.corners,
            across,
        };
        self.marks[face.cell as usize] = Mark::Used;
        let outer = face.across;
        self.cells[outer.cell() as usize].across[outer.corner()] = Side::new(face.cell, face.apex);
        self.marks[outer.cell() as usize] = Mark::Used;
    }

    #[inline]
    fn new_cell(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.cells.push(Simplex {
                corners: [INFINITE; 4],
                across: [Side::new(0, 0); 4],
            });
            self.marks.push(Mark::Free);
            self.cells.len() as u32 - 1
        })
    }

    /// Frees those cells of the cavity that were not needed again.
    #[inline]
    fn give_back(&mut self, cells: &[u32], used: usize) {
        for &cell in cells.iter().skip(used) {
            self.marks[cell as usize] = Mark::Free;
            self.free.push(cell);
        }
    }
}
