//! The canonical form: corners sorted by point and image, tetrahedra sorted.
//!
//! The tetrahedra are by far the largest thing that the triangulation holds, so they are brought into
//! this form where they lie. Each part of the points keeps of its mesh the cells that it is to store, a [`Piece`];
//! the pieces are then joined and sorted. Who is across a face the mesh knows; that may be an image
//! of a stored tetrahedron, or one that another piece stores: such a face is loose, and what lies
//! behind it is looked up in the end.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rayon::prelude::*;

use crate::atoms::AtomId;
use crate::geometry::image::{Image, NearImage, Vertex};
use crate::numerics::{Grouped, Numbered};

use super::mesh::Mesh;
use super::simplex::{Side, Simplex};
use super::stored::{Delaunay, vertices};

/// A vertex of a mesh in one number that sorts like the point and the image that it is; of the low
/// eight bits, which decide nothing, one is [`FOREIGN`].
pub(super) type Name = u64;

/// The bit of a vertex that does not belong to the part of the mesh: an image, or of another part.
const FOREIGN: Name = 4;
/// The bits of the place of a corner in its cell, where these are free.
const PLACE: Name = 3;

/// The name of a point, or of an image of one; `own` when the part of the mesh is to store it.
pub(super) fn name(point: AtomId, image: NearImage, own: bool) -> Name {
    let [x, y, z] = image.0.map(|i| Name::from(i.cast_unsigned() ^ 0x80));
    let foreign = if own { 0 } else { FOREIGN };
    Name::from(point.number()) << 32 | x << 24 | y << 16 | z << 8 | foreign
}

fn vertex(name: Name) -> Vertex {
    Vertex {
        atom: AtomId::new((name >> 32) as u32),
        image: image(name).into(),
    }
}

fn image(name: Name) -> NearImage {
    NearImage([24, 16, 8].map(|bits| ((name >> bits) as u8 ^ 0x80).cast_signed()))
}

/// The tetrahedra that one part of the points stores: those whose first corner is its own.
#[derive(Default)]
pub(super) struct Piece {
    cells: Vec<Simplex>,
    /// The images of their corners; empty in open space.
    images: Vec<[NearImage; 4]>,
    loose: Vec<Loose>,
}

/// A face of a stored tetrahedron behind which lies one that the piece does not store.
struct Loose {
    cell: StoredId,
    /// The corner opposite to the face.
    corner: usize,
    /// The corners of what lies behind, the first in the home cell.
    behind: [Vertex; 4],
    /// Which of them is opposite to the face.
    apex: usize,
}

/// The number of a stored tetrahedron, before all are in order.
type StoredId = u32;

/// A cell that is not stored.
const NOT_STORED: StoredId = StoredId::MAX;

/// The names of the vertices of a mesh.
struct Names<F>(F);

impl<F: Fn(u32) -> Name> Names<F> {
    #[inline]
    fn of(&self, cell: &Simplex, corner: usize) -> Name {
        (self.0)(cell.corners[corner]) & !PLACE
    }

    /// Which of the sorted corners a corner is.
    #[inline]
    fn rank(&self, cell: &Simplex, corner: usize) -> usize {
        let own = self.of(cell, corner);
        (0..4).filter(|&k| self.of(cell, k) < own).count()
    }

    /// The corners, sorted, each with its place in the cell.
    #[inline]
    fn sorted(&self, cell: &Simplex) -> [Name; 4] {
        let [a, b, c, d] = [0, 1, 2, 3].map(|k| self.of(cell, k) | k as Name);
        let ([a, b], [c, d]) = ([a.min(b), a.max(b)], [c.min(d), c.max(d)]);
        let ([a, c], [b, d]) = ([a.min(c), a.max(c)], [b.min(d), b.max(d)]);
        [a, b.min(c), b.max(c), d]
    }

    fn first_is_own(&self, cell: &Simplex) -> bool {
        let first = (0..4).map(|k| self.of(cell, k)).min();
        first.is_some_and(|first| first & FOREIGN == 0)
    }

    /// The numbers of the cells among those that are stored.
    fn numbered(&self, cells: &[Simplex], used: impl Iterator<Item = bool>) -> Vec<StoredId> {
        let mut count = 0;
        let numbers = cells.iter().zip(used).map(|(cell, is_used)| {
            if !is_used || cell.is_ghost() || !self.first_is_own(cell) {
                return NOT_STORED;
            }
            count += 1;
            count - 1
        });
        numbers.collect()
    }

    /// Lets the sides of the stored cells name stored cells and sorted corners; where there is none
    /// of these, the face is loose. `None` when there is nothing behind a face of a periodic set.
    fn connect(
        &self,
        cells: &mut [Simplex],
        ids: &[StoredId],
        periodic: bool,
    ) -> Option<Vec<Loose>> {
        let mut loose = Vec::new();
        for (cell, id) in stored(ids) {
            let mut across = cells[cell].across;
            for (corner, side) in across.iter_mut().enumerate() {
                let behind = &cells[side.cell() as usize];
                if behind.is_ghost() {
                    if periodic {
                        return None;
                    }
                    *side = Side::NONE;
                    continue;
                }
                let apex = self.rank(behind, side.corner());
                let other = ids[side.cell() as usize];
                if other != NOT_STORED {
                    *side = Side::new(other, apex);
                    continue;
                }
                *side = Side::NONE;
                let vertices = self.sorted(behind).map(vertex);
                let home = Image::HOME - vertices[0].image;
                loose.push(Loose {
                    cell: id,
                    corner: self.rank(&cells[cell], corner),
                    behind: vertices.map(|vertex| vertex.shifted(home)),
                    apex,
                });
            }
            cells[cell].across = across;
        }
        Some(loose)
    }

    /// Moves the stored cells to the front, with sorted points for corners; returns their images
    /// when they have any.
    fn compact(
        &self,
        cells: &mut Vec<Simplex>,
        ids: &[StoredId],
        periodic: bool,
    ) -> Vec<[NearImage; 4]> {
        let count = stored(ids).count();
        let mut images = Vec::with_capacity(if periodic { count } else { 0 });
        // No number is larger than that of its cell: what is overwritten has been read.
        for (cell, id) in stored(ids) {
            let cell = cells[cell];
            let names = self.sorted(&cell);
            if periodic {
                images.push(names.map(image));
            }
            cells[id as usize] = Simplex {
                corners: names.map(|name| vertex(name).atom.number()),
                across: names.map(|name| cell.across[(name & PLACE) as usize]),
            };
        }
        cells.truncate(count);
        images
    }
}

/// The cells that are stored, with their numbers.
fn stored(ids: &[StoredId]) -> impl Iterator<Item = (usize, StoredId)> {
    let all = ids.iter().copied().enumerate();
    all.filter(|(_, id)| *id != NOT_STORED)
}

impl Piece {
    /// What is to be stored of a mesh; `names` has the name of each of its vertices. `None` when it
    /// ends at a tetrahedron of a periodic set: then the images did not reach far enough.
    pub(super) fn of(mesh: Mesh, names: impl Fn(u32) -> Name, periodic: bool) -> Option<Piece> {
        let names = Names(names);
        let (mut cells, used) = mesh.into_cells();
        let ids = names.numbered(&cells, used);
        let loose = names.connect(&mut cells, &ids, periodic)?;
        let images = names.compact(&mut cells, &ids, periodic);
        Some(Piece {
            cells,
            images,
            loose,
        })
    }

    /// The canonical form of the tetrahedra of all pieces about so many points; `None` when behind
    /// a loose face there is none of them: then the images did not reach far enough.
    pub(super) fn join(points: usize, pieces: Vec<Piece>) -> Option<Delaunay> {
        let mut all = Piece::joined(pieces);
        // By their first corners.
        let mut buckets: Grouped<StoredId> = Grouped::new(points, || {
            let firsts = all.cells.iter().enumerate();
            firsts.map(|(id, cell)| (cell.corners[0], id as StoredId))
        });
        all.sort_buckets(&mut buckets);
        all.arrange(buckets.items);
        all.close(&buckets.starts)?;
        Some(Delaunay {
            cells: all.cells,
            images: all.images,
        })
    }

    /// All pieces as one.
    fn joined(mut pieces: Vec<Piece>) -> Piece {
        if let [_] = pieces[..] {
            return pieces.swap_remove(0);
        }
        let images = pieces.iter().map(|piece| piece.images.len()).sum();
        let mut all = Piece {
            cells: Vec::with_capacity(total(&pieces)),
            images: Vec::with_capacity(images),
            loose: Vec::new(),
        };
        for mut piece in pieces {
            let offset = all.cells.len() as StoredId;
            all.cells
                .par_extend(piece.cells.into_par_iter().map(|mut cell| {
                    for side in cell.across.iter_mut().filter(|side| **side != Side::NONE) {
                        *side = Side::new(side.cell() + offset, side.corner());
                    }
                    cell
                }));
            all.images.append(&mut piece.images);
            all.loose.extend(piece.loose.into_iter().map(|mut loose| {
                loose.cell += offset;
                loose
            }));
        }
        all
    }

    #[inline]
    fn vertices(&self, cell: StoredId) -> [Vertex; 4] {
        vertices(&self.cells, &self.images, cell)
    }

    /// Sorts the tetrahedra of each first corner.
    fn sort_buckets(&self, Grouped { starts, items }: &mut Grouped<StoredId>) {
        const CHUNK: usize = 1024;
        let mut rest = &mut items[..];
        let mut chunks = Vec::with_capacity(starts.len() / CHUNK + 1);
        for chunk in (0..starts.len() - 1).step_by(CHUNK) {
            let bounds = &starts[chunk..starts.len().min(chunk + CHUNK + 1)];
            let length = (bounds[bounds.len() - 1] - bounds[0]) as usize;
            let (own, later) = rest.split_at_mut(length);
            chunks.push((bounds, own));
            rest = later;
        }
        chunks.into_par_iter().for_each(|(bounds, order)| {
            let mut keyed = Vec::new();
            for ends in bounds.windows(2) {
                let bucket = (ends[0] - bounds[0]) as usize..(ends[1] - bounds[0]) as usize;
                let bucket = &mut order[bucket];
                keyed.clear();
                keyed.extend(bucket.iter().map(|&cell| (self.vertices(cell), cell)));
                keyed.sort_unstable();
                for (place, (_, cell)) in bucket.iter_mut().zip(&keyed) {
                    *place = *cell;
                }
            }
        });
    }

    /// Brings the tetrahedra into this order. Several threads gather them into another array; one
    /// would not be faster by it, and moves them where they lie.
    fn arrange(&mut self, mut order: Vec<StoredId>) {
        if rayon::current_num_threads() == 1 {
            invert(&mut order);
            self.renumber(&order);
            self.move_to(order);
            return;
        }
        let places: Vec<AtomicU32> = order.par_iter().map(|_| AtomicU32::new(0)).collect();
        order
            .par_iter()
            .zip(0..order.len() as u32)
            .for_each(|(&id, place)| {
                places[id as usize].store(place, Relaxed);
            });
        let places: Vec<u32> = places.into_iter().map(AtomicU32::into_inner).collect();
        self.renumber(&places);
        drop(places);
        self.cells = order
            .par_iter()
            .map(|&id| self.cells[id as usize])
            .collect();
        if !self.images.is_empty() {
            self.images = order
                .par_iter()
                .map(|&id| self.images[id as usize])
                .collect();
        }
    }

    /// Lets sides and loose faces name the tetrahedra by their new places.
    fn renumber(&mut self, places: &[StoredId]) {
        self.cells.par_iter_mut().for_each(|cell| {
            for side in cell.across.iter_mut().filter(|side| **side != Side::NONE) {
                *side = Side::new(places[side.cell() as usize], side.corner());
            }
        });
        for loose in &mut self.loose {
            loose.cell = places[loose.cell as usize];
        }
    }

    /// Moves each tetrahedron to its new place.
    fn move_to(&mut self, mut places: Vec<StoredId>) {
        for k in 0..places.len() {
            while places[k] as usize != k {
                let place = places[k] as usize;
                self.cells.swap(k, place);
                if !self.images.is_empty() {
                    self.images.swap(k, place);
                }
                places.swap(k, place);
            }
        }
    }

    /// Looks up what lies behind the loose faces.
    fn close(&mut self, starts: &[u32]) -> Option<()> {
        let loose = std::mem::take(&mut self.loose);
        let sides: Vec<Side> = loose
            .par_iter()
            .map(|loose| {
                let first = loose.behind[0].atom.index();
                let mut bucket = starts[first]..starts[first + 1];
                let id = bucket.find(|&id| self.vertices(id) == loose.behind)?;
                Some(Side::new(id, loose.apex))
            })
            .collect::<Option<_>>()?;
        for (loose, side) in loose.into_iter().zip(sides) {
            self.cells[loose.cell as usize].across[loose.corner] = side;
        }
        Some(())
    }
}

/// The number of tetrahedra of all pieces.
pub(super) fn total(pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| piece.cells.len()).sum()
}

/// Turns a permutation into its inverse. There are fewer than 2³¹ numbers: the highest bit marks
/// those that are done.
fn invert(permutation: &mut [u32]) {
    const DONE: u32 = 1 << 31;
    for start in 0..permutation.len() as u32 {
        let mut from = start;
        let mut to = permutation[start as usize];
        while to & DONE == 0 {
            (from, to) = (
                to,
                std::mem::replace(&mut permutation[to as usize], from | DONE),
            );
        }
    }
    for number in permutation {
        *number &= !DONE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_of_a_permutation_undoes_it() {
        let permutation = [3, 1, 4, 0, 5, 2, 6];
        let mut inverse = permutation;
        invert(&mut inverse);
        for (k, &to) in (0..).zip(&permutation) {
            assert_eq!(inverse[to as usize], k);
        }
    }

    fn near(image: Image) -> NearImage {
        NearImage(image.0.map(|steps| steps as i8))
    }

    #[test]
    fn a_name_is_its_vertex_and_sorts_like_it() {
        let mut vertices: Vec<Vertex> = Vec::new();
        for atom in [0, 1, u32::MAX].map(AtomId::new) {
            for image in [[-127, 0, 3], [0, 0, -1], [0; 3], [0, 0, 1], [5, -60, 60]] {
                let image = Image(image);
                vertices.push(Vertex { atom, image });
            }
        }
        for &a in &vertices {
            assert_eq!(vertex(name(a.atom, near(a.image), false)), a);
            for &b in &vertices {
                let [x, y] = [a, b].map(|v| name(v.atom, near(v.image), true));
                assert_eq!(x.cmp(&y), a.cmp(&b));
            }
        }
    }
}
