//! The canonical form: corners sorted by point and image, tetrahedra sorted.
//!
//! The tetrahedra are sorted by their first corner into buckets, which are small. Who is across a
//! face the mesh knows; that may be an image of a tetrahedron that is stored, or one that is stored
//! from the mesh of another part, which is then looked up in its bucket.

use rayon::prelude::*;

use crate::atoms::AtomId;
use crate::geometry::Image;

use super::mesh::{Cell, Mesh, Side, State};
use super::{Delaunay, TetrahedronId};

/// A point and its image in one number that sorts like them; the low eight bits are free.
type Name = u64;

/// The bits of an image in a [`Name`], each component above −128.
const IMAGE: Name = 0xFFFF_FF00;
/// Those of the home image.
const HOME: Name = 0x8080_8000;
/// All but the free bits.
const POINT_AND_IMAGE: Name = !0xFF;
/// The bit of a vertex that does not belong to the part of the mesh: an image, or of another part.
const FOREIGN: Name = 4;

fn name(point: AtomId, image: Image) -> Name {
    let [x, y, z] = image.0.map(|i| Name::from(i.cast_unsigned() ^ 0x80));
    Name::from(point) << 32 | x << 24 | y << 16 | z << 8
}

fn point_of(name: Name) -> AtomId {
    (name >> 32) as AtomId
}

fn image_of(name: Name) -> Image {
    Image([24, 16, 8].map(|bits| ((name >> bits) as u8 ^ 0x80).cast_signed()))
}

/// A mesh whose vertices are points and images of points.
struct NamedMesh {
    mesh: Mesh,
    /// The name of each vertex of the mesh.
    names: Vec<Name>,
}

/// The meshes of all parts of a set of points; each of them knows the tetrahedra about the points
/// of its part, and those beside these.
pub(super) struct Named {
    parts: Vec<NamedMesh>,
    /// The part of each point; empty when there is one only.
    part_of: Vec<u32>,
    /// The number of points.
    points: usize,
}

/// The cells that are stored, in canonical order: those whose first corner belongs to the part.
struct Order {
    /// Where the tetrahedra of each first corner begin; one more at the end.
    starts: Vec<u32>,
    /// The cells, each of the mesh of its first corner's part.
    cells: Vec<u32>,
    /// The names of their corners, sorted; in the free bits the place in the cell.
    corners: Vec<[Name; 4]>,
    /// What each cell of each part is stored as.
    stored: Vec<Vec<Stored>>,
}

/// A cell as one of the stored tetrahedra.
#[derive(Clone, Copy)]
struct Stored {
    id: TetrahedronId,
    /// Which of the sorted corners each corner of the cell is, two bits each.
    ranks: u8,
}

const NOT_STORED: Stored = Stored {
    id: TetrahedronId::MAX,
    ranks: 0,
};

impl NamedMesh {
    /// The names of the corners of a cell, sorted; in the free bits the place in the cell.
    #[inline]
    fn sorted(&self, cell: &Cell) -> [Name; 4] {
        let [a, b, c, d] = [0, 1, 2, 3].map(|k| self.names[cell.corners[k] as usize] | k as Name);
        let ([a, b], [c, d]) = ([a.min(b), a.max(b)], [c.min(d), c.max(d)]);
        let ([a, c], [b, d]) = ([a.min(c), a.max(c)], [b.min(d), b.max(d)]);
        [a, b.min(c), b.max(c), d]
    }

    /// The first corner of each cell that is to be stored, and another value for the others.
    fn firsts(&self) -> Vec<AtomId> {
        let cells = self.mesh.cells.par_iter().zip(&self.mesh.states);
        cells
            .map(|(cell, &state)| {
                if state == State::Free || cell.is_ghost() {
                    return NOT_STORED.id;
                }
                let first = self.sorted(cell)[0];
                if first & FOREIGN == 0 {
                    point_of(first)
                } else {
                    NOT_STORED.id
                }
            })
            .collect()
    }
}

impl Named {
    /// The points of which nothing is known yet.
    pub(super) fn new(points: usize, part_of: Vec<u32>) -> Named {
        Named {
            parts: Vec::new(),
            part_of,
            points,
        }
    }

    /// Adds the mesh of the next part; its vertices from 1 are the points and images listed.
    pub(super) fn push(&mut self, mesh: Mesh, vertices: impl Iterator<Item = (AtomId, Image)>) {
        let part = self.parts.len();
        // The infinite vertex.
        let mut names = vec![0];
        names.extend(vertices.map(|(point, image)| {
            let own = image == Image::HOME && self.part(point) == part;
            name(point, image) | if own { 0 } else { FOREIGN }
        }));
        self.parts.push(NamedMesh { mesh, names });
    }

    /// The canonical form of all tetrahedra; `None` when the parts do not fit together.
    pub(super) fn open(self) -> Option<Delaunay> {
        let order = self.order();
        let across = order
            .cells
            .par_iter()
            .zip(&order.corners)
            .map(|(&cell, corners)| {
                let part = self.part(point_of(corners[0]));
                let mesh = &self.parts[part].mesh;
                let across = &mesh.cell(cell).across;
                let mut sides = [Side::NONE; 4];
                for (side, &corner) in sides.iter_mut().zip(corners) {
                    let other = across[place(corner)];
                    *side = order.side(part, other);
                    if *side == Side::NONE && !mesh.cell(other.cell()).is_ghost() {
                        *side = self.find(&order, part, other)?.0;
                    }
                }
                Some(sides)
            })
            .collect::<Option<_>>()?;
        Some(Delaunay {
            corners: points_of(&order.corners),
            images: Vec::new(),
            across,
            shifts: Vec::new(),
        })
    }

    /// The canonical form of the tetrahedra whose first corner is at home, or `None` when a
    /// neighbour of one of them is no image of one of them: then the images did not reach far
    /// enough.
    pub(super) fn periodic(self) -> Option<Delaunay> {
        let order = self.order();
        let neighbours: Vec<[(Side, Image); 4]> = order
            .cells
            .par_iter()
            .zip(&order.corners)
            .map(|(&cell, corners)| {
                let part = self.part(point_of(corners[0]));
                let across = &self.parts[part].mesh.cell(cell).across;
                let mut neighbours = [(Side::NONE, Image::HOME); 4];
                for (neighbour, &corner) in neighbours.iter_mut().zip(corners) {
                    *neighbour = self.find(&order, part, across[place(corner)])?;
                }
                Some(neighbours)
            })
            .collect::<Option<_>>()?;
        let images = order.corners.par_iter().map(|names| names.map(image_of));
        Some(Delaunay {
            corners: points_of(&order.corners),
            images: images.collect(),
            across: neighbours.par_iter().map(|n| n.map(|n| n.0)).collect(),
            shifts: neighbours.par_iter().map(|n| n.map(|n| n.1)).collect(),
        })
    }

    #[inline]
    fn part(&self, point: AtomId) -> usize {
        self.part_of.get(point as usize).copied().unwrap_or(0) as usize
    }

    /// Sorts the tetrahedra that are to be stored.
    fn order(&self) -> Order {
        let firsts: Vec<Vec<AtomId>> = self.parts.par_iter().map(NamedMesh::firsts).collect();
        let mut starts = vec![0; self.points + 1];
        for &first in firsts.iter().flatten() {
            if first != NOT_STORED.id {
                starts[first as usize + 1] += 1;
            }
        }
        for point in 0..self.points {
            starts[point + 1] += starts[point];
        }
        let mut cells = vec![0; starts[self.points] as usize];
        let mut next = starts.clone();
        for firsts in firsts {
            for (cell, first) in (0..).zip(firsts) {
                if first != NOT_STORED.id {
                    cells[next[first as usize] as usize] = cell;
                    next[first as usize] += 1;
                }
            }
        }
        drop(next);
        let corners = self.sort_buckets(&starts, &mut cells);
        let unstored = |part: &NamedMesh| vec![NOT_STORED; part.mesh.cells.len()];
        let mut stored: Vec<Vec<Stored>> = self.parts.iter().map(unstored).collect();
        for ((id, &cell), corners) in (0..).zip(&cells).zip(&corners) {
            let ranks = (0..4).fold(0, |ranks, k| ranks | k << (2 * place(corners[k as usize])));
            let part = self.part(point_of(corners[0]));
            stored[part][cell as usize] = Stored { id, ranks };
        }
        Order {
            starts,
            cells,
            corners,
            stored,
        }
    }

    /// Sorts the cells of each bucket; returns their corners.
    fn sort_buckets(&self, starts: &[u32], cells: &mut [u32]) -> Vec<[Name; 4]> {
        const CHUNK: usize = 1024;
        let mut corners = vec![[0; 4]; cells.len()];
        let (mut cells, mut rest) = (cells, &mut corners[..]);
        let mut chunks = Vec::with_capacity(starts.len() / CHUNK + 1);
        for chunk in (0..self.points).step_by(CHUNK) {
            let bounds = &starts[chunk..=(chunk + CHUNK).min(self.points)];
            let length = (bounds[bounds.len() - 1] - bounds[0]) as usize;
            let (own, later) = cells.split_at_mut(length);
            let (own_corners, later_corners) = rest.split_at_mut(length);
            chunks.push((bounds, own, own_corners));
            (cells, rest) = (later, later_corners);
        }
        let chunks = (0..).zip(chunks).collect::<Vec<_>>().into_par_iter();
        chunks.for_each(|(chunk, (bounds, cells, corners))| {
            let mut keyed = Vec::new();
            for (point, ends) in (chunk * CHUNK as AtomId..).zip(bounds.windows(2)) {
                let part = &self.parts[self.part(point)];
                let range = (ends[0] - bounds[0]) as usize..(ends[1] - bounds[0]) as usize;
                let bucket = &mut cells[range.clone()];
                keyed.clear();
                keyed.extend(bucket.iter().map(|&cell| {
                    let names = part.sorted(part.mesh.cell(cell));
                    (names, cell)
                }));
                keyed.sort_unstable_by_key(|(names, _)| names.map(|n| n & POINT_AND_IMAGE));
                let places = bucket.iter_mut().zip(&mut corners[range]);
                for ((cell, corners), &(names, sorted)) in places.zip(&keyed) {
                    (*corners, *cell) = (names, sorted);
                }
            }
        });
        corners
    }

    /// The stored tetrahedron that a side of the mesh of a part is an image of, and its
    /// displacement.
    fn find(&self, order: &Order, part: usize, side: Side) -> Option<(Side, Image)> {
        let stored = order.side(part, side);
        if stored != Side::NONE {
            return Some((stored, Image::HOME));
        }
        let part = &self.parts[part];
        let cell = part.mesh.cell(side.cell());
        if cell.is_ghost() {
            return None;
        }
        let sorted = part.sorted(cell);
        let shift = image_of(sorted[0]);
        let away = (sorted[0] & IMAGE).wrapping_sub(HOME);
        let home = sorted.map(|n| n.wrapping_sub(away) & POINT_AND_IMAGE);
        let first = point_of(sorted[0]) as usize;
        let bucket = order.starts[first]..order.starts[first + 1];
        let id = bucket.into_iter().find(|&id| {
            let corners = order.corners[id as usize];
            corners.map(|n| n & POINT_AND_IMAGE) == home
        })?;
        let corner = (0..4).find(|&k| place(sorted[k]) == side.corner())?;
        Some((Side::new(id, corner), shift))
    }
}

impl Order {
    /// A side of the mesh of a part as one of a stored tetrahedron.
    #[inline]
    fn side(&self, part: usize, side: Side) -> Side {
        let stored = self.stored[part][side.cell() as usize];
        if stored.id == NOT_STORED.id {
            return Side::NONE;
        }
        Side::new(
            stored.id,
            usize::from(stored.ranks >> (2 * side.corner()) & 3),
        )
    }
}

/// The place in its cell of a corner.
#[inline]
fn place(name: Name) -> usize {
    (name & 3) as usize
}

fn points_of(corners: &[[Name; 4]]) -> Vec<[AtomId; 4]> {
    corners
        .par_iter()
        .map(|names| names.map(point_of))
        .collect()
}
