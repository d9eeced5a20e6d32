//! Parts of a set of points, triangulated side by side.
//!
//! The points are divided into as many parts as there are threads. The mesh of a part is that of
//! its points and of those within a skin around them. What it knows of its own points is right when
//! no sphere about one of their tetrahedra holds any point of the whole set; where one does, that
//! point is added, until none does. By the uniqueness of the triangulation the parts then fit
//! together, and the result is the same whatever their number.

use rayon::prelude::*;

use crate::atoms::AtomId;
use crate::geometry::image::NearImage;
use crate::geometry::tetrahedron::Circumsphere;
use crate::numerics::{Bounds, Numbered, Vec3};

use super::boxes::{Boxes, Region};
use super::canonical::{Piece, name, total};
use super::input::DelaunayError;
use super::mesh::Mesh;
use super::simplex::{INFINITE, MOST_CELLS};
use super::stored::Delaunay;

/// Fewer points than this are no part of their own; fuzzing divides also few.
const FEWEST_POINTS: usize = if cfg!(fuzzing) { 4 } else { 4096 };
/// What a part may spend for each of its cells on looking at points and boxes of points; usually it
/// is far less. Where all points lie on one sphere it would look at all of them.
const PATIENCE: usize = 10;
/// Every part also has one in so many of all points: where a point far away must be added, it then
/// finds small tetrahedra, not all of the skin.
const SPARSE: usize = 64;
/// The skin, in mean distances of the points of the part.
const SKIN: f64 = 2.5;

/// The number of parts in which to divide so many points.
pub(super) fn parts_for(points: usize) -> usize {
    (points / FEWEST_POINTS).clamp(1, rayon::current_num_threads())
}

/// The points divided by planes into parts of equal size.
pub(super) struct Division {
    /// The part of each point; empty when there is one only.
    part_of: Vec<u32>,
    /// The box about the points of each part, and their number.
    parts: Vec<(Bounds, usize)>,
}

impl Division {
    pub(super) fn new(points: &[Vec3], parts: usize) -> Division {
        let mut order: Vec<u32> = (0..points.len() as u32).collect();
        let mut pieces = vec![(&mut order[..], parts)];
        let mut done: Vec<&[u32]> = Vec::with_capacity(parts);
        while let Some((piece, parts)) = pieces.pop() {
            if parts <= 1 {
                done.push(piece);
                continue;
            }
            let extent = bounds_of(points, piece).extent();
            let shorter = |&a: &usize, &b: &usize| extent[a].total_cmp(&extent[b]);
            let axis = (0..3).max_by(shorter).unwrap_or(0);
            let (first, middle) = (parts / 2, piece.len() * (parts / 2) / parts);
            let key = |&k: &u32| (points[k as usize][axis], k);
            piece.select_nth_unstable_by(middle, |a, b| {
                let ((x, i), (y, j)) = (key(a), key(b));
                x.total_cmp(&y).then(i.cmp(&j))
            });
            let (left, right) = piece.split_at_mut(middle);
            pieces.push((right, parts - first));
            pieces.push((left, first));
        }
        let mut division = Division {
            part_of: if done.len() > 1 {
                vec![0; points.len()]
            } else {
                Vec::new()
            },
            parts: Vec::with_capacity(parts),
        };
        for (part, piece) in (0..).zip(done) {
            for &k in piece {
                if let Some(of) = division.part_of.get_mut(k as usize) {
                    *of = part;
                }
            }
            let bounds = bounds_of(points, piece);
            division.parts.push((bounds, piece.len()));
        }
        division
    }

    /// The part of a point.
    #[inline]
    pub(super) fn part(&self, point: AtomId) -> u32 {
        self.part_of.get(point.index()).copied().unwrap_or(0)
    }

    /// The box of a part with its skin.
    fn padded(&self, part: usize) -> Bounds {
        let (bounds, count) = self.parts[part];
        let spacing = (bounds.extent().element_product() / count as f64).cbrt();
        bounds.padded(SKIN * spacing)
    }
}

fn bounds_of(points: &[Vec3], listed: &[u32]) -> Bounds {
    Bounds::of(listed.iter().map(|&k| points[k as usize]))
}

/// The triangulation of points (finite, scaled) in open space.
pub(super) fn open(points: Vec<Vec3>, parts: usize) -> Result<Delaunay, DelaunayError> {
    let count = points.len();
    let vertex = |point| (AtomId::new(point), NearImage::HOME);
    // What a part cannot do may still be done, or is refused for its reason, in one piece.
    if parts > 1
        && let Ok(Some(pieces)) = divided(&points, &Division::new(&points, parts), vertex, false)
        && let Some(found) = Piece::join(count, pieces)
    {
        return Ok(found);
    }
    let piece = whole(points, vertex, false)?;
    // One open part has no loose faces, and always joins.
    let joined = piece.and_then(|piece| Piece::join(count, vec![piece]));
    Ok(joined.unwrap_or_default())
}

fn extent(points: &[Vec3]) -> Vec3 {
    Bounds::of(points.iter().copied()).extent()
}

/// What is to be stored of the triangulation of `places` (finite, scaled), found in one part;
/// `vertex` tells of each place which point it is, in which image. `None` when a periodic set has
/// too few images.
pub(super) fn whole(
    places: Vec<Vec3>,
    vertex: impl Fn(u32) -> (AtomId, NearImage),
    periodic: bool,
) -> Result<Option<Piece>, DelaunayError> {
    let extent = extent(&places);
    let (mesh, order) = Mesh::of(places, extent)?;
    let names = |v: u32| {
        let (point, image) = vertex(order[v as usize - 1]);
        name(point, image, image == NearImage::HOME)
    };
    Ok(Piece::of(mesh, names, periodic))
}

/// A part cannot do what one part for all can, or it would take too long.
pub(super) struct Unable;

/// The same, found in the parts of `division`, side by side.
pub(super) fn divided(
    places: &[Vec3],
    division: &Division,
    vertex: impl Fn(u32) -> (AtomId, NearImage) + Sync,
    periodic: bool,
) -> Result<Option<Vec<Piece>>, Unable> {
    let boxes = Boxes::new(places);
    let extent = extent(places);
    let pieces: Option<Vec<Piece>> = (0..division.parts.len())
        .into_par_iter()
        .map(|number| {
            let known = division.padded(number);
            let listed = (0..)
                .zip(places)
                .filter(|(_, place)| known.contains(**place));
            let mut listed: Vec<u32> = listed.map(|(k, _)| k).collect();
            listed.extend(boxes.every(SPARSE));
            listed.sort_unstable();
            listed.dedup();
            let near = listed.iter().map(|&k| places[k as usize]).collect();
            let (mesh, order) = Mesh::of(near, extent).map_err(|_| Unable)?;
            let order = order.into_iter().map(|k| listed[k as usize]);
            let mut part = Part {
                mesh,
                vertices: std::iter::once(u32::MAX).chain(order).collect(),
                known,
                is_own: |place: u32| {
                    let (point, image) = vertex(place);
                    image == NearImage::HOME && division.part(point) as usize == number
                },
            };
            drop(listed);
            part.complete(places, &boxes).ok_or(Unable)?;
            let Part {
                mesh,
                vertices,
                is_own,
                ..
            } = part;
            let names = |v: u32| {
                let place = vertices[v as usize];
                let (point, image) = vertex(place);
                name(point, image, is_own(place))
            };
            Ok(Piece::of(mesh, names, periodic))
        })
        .collect::<Result<_, Unable>>()?;
    match pieces {
        Some(pieces) if total(&pieces) > MOST_CELLS => Err(Unable),
        pieces => Ok(pieces),
    }
}

/// One part with its mesh.
struct Part<F> {
    mesh: Mesh,
    /// The place that each vertex is; that of the infinite vertex means nothing.
    vertices: Vec<u32>,
    /// The box in which all places are known.
    known: Bounds,
    /// Whether the part is to store the tetrahedra about a place.
    is_own: F,
}

impl<F: Fn(u32) -> bool> Part<F> {
    /// Adds points until no sphere of a cell about an own point, or beside such a cell, holds any
    /// of the points; `None` when that takes too long.
    fn complete(&mut self, points: &[Vec3], boxes: &Boxes<'_>) -> Option<()> {
        let all = Bounds::of(points.iter().copied());
        let Bounds { low, high } = self.known;
        // Beyond the whole set there is no point to be known.
        let known = Bounds {
            low: Vec3::select(low.cmple(all.low), Vec3::NEG_INFINITY, low),
            high: Vec3::select(high.cmpge(all.high), Vec3::INFINITY, high),
        };
        let mut unchecked: Vec<u32> = self.mesh.used().collect();
        let mut patience = PATIENCE * unchecked.len();
        loop {
            let mut missing: Vec<(u32, u32)> = unchecked
                .iter()
                .filter(|&&cell| self.matters(cell) && !self.is_within(cell, known))
                .filter_map(|&cell| {
                    let region = self.region(cell);
                    // Its own corners are on the sphere and not asked.
                    let corners = self.mesh.cell(cell).corners;
                    let is_corner = |place| {
                        let is_at = |&v: &u32| v != INFINITE && self.mesh.place(v) == place;
                        corners.iter().any(is_at)
                    };
                    let inside = |place| !is_corner(place) && self.mesh.conflicts(cell, place);
                    Some((
                        boxes.first_inside(region, known, &mut patience, inside)?,
                        cell,
                    ))
                })
                .collect();
            if patience == 0 || self.mesh.cells.len() > MOST_CELLS {
                return None;
            }
            if missing.is_empty() {
                return Some(());
            }
            missing.sort_unstable();
            missing.dedup_by_key(|(point, _)| *point);
            unchecked.clear();
            let mut near = None;
            for (point, cell) in missing {
                let place = points[point as usize];
                let near = near.get_or_insert(cell);
                *near = self.mesh.add(place, *near).ok()?;
                self.vertices.push(point);
                unchecked.extend(self.mesh.cavity.new_cells());
            }
            // A cell may matter only now, beside a new one.
            for k in 0..unchecked.len() {
                let beside = self.mesh.cell(unchecked[k]).across;
                unchecked.extend(beside.map(|side| side.cell()));
            }
            unchecked.sort_unstable();
            unchecked.dedup();
            unchecked.retain(|&cell| self.mesh.is_used(cell));
        }
    }

    fn has_own(&self, cell: u32) -> bool {
        let own = |&v: &u32| v != INFINITE && (self.is_own)(self.vertices[v as usize]);
        self.mesh.cell(cell).corners.iter().any(own)
    }

    /// Whether the part must be sure of the cell.
    fn matters(&self, cell: u32) -> bool {
        let beside = || self.mesh.cell(cell).across.iter().map(|side| side.cell());
        self.has_own(cell) || beside().any(|other| self.has_own(other))
    }

    /// Whether the sphere of a cell lies where all points are known, beyond doubt.
    fn is_within(&self, cell: u32, known: Bounds) -> bool {
        let cell = self.mesh.cell(cell);
        if cell.is_ghost() {
            return false;
        }
        let corners = cell.corners.map(|v| self.mesh.place(v));
        let sphere = Circumsphere::of(&corners);
        let longest = sphere.longest_squared;
        // Where the centre is badly known, look closer.
        if sphere.six_volumes.abs() < 1e-4 * longest * longest.sqrt() {
            return false;
        }
        let from_first = sphere.centre();
        let centre = corners[0] + from_first;
        let about = Bounds {
            low: centre,
            high: centre,
        };
        known.encloses(&about.padded(from_first.length() * (1.0 + 1e-6)))
    }

    /// The space that must be empty for a cell to be a tetrahedron of all points.
    fn region(&self, cell: u32) -> Region {
        let cell = self.mesh.cell(cell);
        let [a, b, c, d] = cell.corners.map(|v| self.mesh.place(v));
        if cell.is_ghost() {
            Region::beyond([a, b, c])
        } else {
            Region::sphere([a, b, c, d])
        }
    }
}
