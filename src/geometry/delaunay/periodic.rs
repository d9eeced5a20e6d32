//! Points repeated without end: as many images as the tetrahedra of the home cell need.
//!
//! The home cell is padded with images up to a skin and triangulated as an open set; of every
//! tetrahedron of the infinite crystal of cells exactly one image has its first corner at home,
//! and these are kept. They are the tetrahedra of the infinite crystal when every neighbour of a
//! kept one is an image of a kept one and their volumes sum to the cell: they then fill space, each
//! face is locally Delaunay, and so is the whole (Delaunay 1934). Otherwise the skin was too thin.

use rayon::prelude::*;

use crate::atoms::AtomId;
use crate::geometry::image::NearImage;
use crate::geometry::tetrahedron::six_volumes;
use crate::numerics::{Numbered, Vec3};

use super::canonical::Piece;
use super::input::{DelaunayError, check};
use super::parts::{Division, Unable, divided, parts_for, whole};
use super::scale::{Scale, exponent_above, power_of_two};
use super::stored::{Delaunay, TetrahedronId};

/// The skin to begin with, in mean distances of the points: what most liquids need.
const FIRST_SKIN: f64 = 2.75;
/// How much thicker the next one is.
const THICKER: f64 = 1.5;
/// Images are at most this many cells away, so that they can be told apart in eight bits.
const FARTHEST_IMAGE: f64 = 60.0;
/// A cell whose volume is a smaller fraction of the product of its edges is flat.
const FLAT_CELL: f64 = 1e-9;

/// The triangulation of points in the cell of a lattice.
pub(super) fn periodic(points: &[Vec3], lattice: [Vec3; 3]) -> Result<Delaunay, DelaunayError> {
    check(points)?;
    let thin = || DelaunayError::ThinCell {
        lattice: format!("{:?}", lattice.map(|a| a.to_array())),
    };
    let cell = UnitCell::new(points, lattice).ok_or_else(thin)?;
    let spacing = (cell.volume / points.len().max(1) as f64).cbrt();
    let mut thickness = 1.0;
    loop {
        let padded = cell.padded(thickness * FIRST_SKIN * spacing);
        let padded = padded.ok_or_else(thin)?;
        // What several parts cannot do, one may.
        let parts = parts_for(points.len());
        let found = match padded.in_parts(parts) {
            Ok(found) => found,
            Err(Unable) => padded.in_one()?,
        };
        if let Some(found) = found
            && cell.is_filled_by(&found)
        {
            return Ok(found);
        }
        thickness *= THICKER;
    }
}

/// Points and lattice, scaled to about one.
struct UnitCell {
    points: Vec<Vec3>,
    lattice: [Vec3; 3],
    volume: f64,
    /// The distances of opposite faces.
    heights: Vec3,
}

/// The points with their images up to a skin, scaled once more.
struct Padded {
    vertices: Vec<(AtomId, NearImage)>,
    places: Vec<Vec3>,
    /// Which of them is each point itself.
    home: Vec<u32>,
}

impl UnitCell {
    fn new(points: &[Vec3], lattice: [Vec3; 3]) -> Option<UnitCell> {
        let all = points.iter().chain(&lattice);
        let largest = all.fold(0.0, |most: f64, p| most.max(p.abs().max_element()));
        if !largest.is_finite() {
            return None;
        }
        let scale = Scale::by(-exponent_above(largest));
        let lattice = lattice.map(|a| scale.apply(a));
        let faces = [0, 1, 2].map(|k| lattice[(k + 1) % 3].cross(lattice[(k + 2) % 3]));
        let volume = lattice[0].dot(faces[0]).abs();
        let edges: f64 = lattice.iter().map(|a| a.length()).product();
        (volume > FLAT_CELL * edges).then(|| UnitCell {
            points: points.iter().map(|&p| scale.apply(p)).collect(),
            lattice,
            volume,
            heights: Vec3::from(faces.map(|face| volume / face.length())),
        })
    }

    /// The points and their images less than `skin` beyond the cell; `None` when it would be too
    /// many cells of them.
    fn padded(&self, skin: f64) -> Option<Padded> {
        // In edges of the cell.
        let skin = skin / self.heights;
        let reach = skin.max_element().max(0.0).ceil();
        if reach > FARTHEST_IMAGE {
            return None;
        }
        // Points and lattice become multiples of the last bit of the largest coordinate there can
        // be, so that every image is the point displaced without rounding.
        let size: f64 = self.lattice.iter().map(|a| a.abs().element_sum()).sum();
        let grid = 1.5 * power_of_two(exponent_above((reach + 2.0) * (size + 1.0)));
        let snap = |p: Vec3| p.map(|x| (x + grid) - grid);
        let lattice = self.lattice.map(snap);
        let [a, b, c] = lattice;
        let reciprocal = [b.cross(c), c.cross(a), a.cross(b)];
        let mut padded = Padded {
            vertices: Vec::with_capacity(2 * self.points.len()),
            places: Vec::with_capacity(2 * self.points.len()),
            home: Vec::with_capacity(self.points.len()),
        };
        let homes = self.points.iter().map(|&p| snap(p));
        for (point, home) in AtomId::first(self.points.len()).zip(homes) {
            let images = [0, 1, 2].map(|k| {
                let at = home.dot(reciprocal[k]) / lattice[k].dot(reciprocal[k]);
                // The point itself is there also where it lies outside the cell.
                let low = (-skin[k] - at).ceil().clamp(-reach, 0.0) as i8;
                let high = (1.0 + skin[k] - at).floor().clamp(0.0, reach) as i8;
                low..=high
            });
            for x in images[0].clone() {
                for y in images[1].clone() {
                    for z in images[2].clone() {
                        let image = NearImage([x, y, z]);
                        if image == NearImage::HOME {
                            padded.home.push(padded.places.len() as u32);
                        }
                        padded.vertices.push((point, image));
                        let along = |axis: usize| f64::from(image.0[axis]) * lattice[axis];
                        let moved = along(0) + (along(1) + along(2));
                        padded.places.push(home + moved);
                    }
                }
            }
        }
        let scale = Scale::of(&padded.places);
        for place in &mut padded.places {
            *place = scale.apply(*place);
        }
        Some(padded)
    }

    /// Whether the volumes of the tetrahedra sum to that of the cell; they can only sum to a
    /// multiple of it.
    fn is_filled_by(&self, found: &Delaunay) -> bool {
        let volumes = |t: TetrahedronId| {
            six_volumes(&found.corners(t).map(|corner| {
                let along = |axis: usize| f64::from(corner.image.0[axis]) * self.lattice[axis];
                self.points[corner.atom.index()] + along(0) + along(1) + along(2)
            }))
        };
        let tetrahedra = TetrahedronId::par_first(found.len());
        let filled = tetrahedra.map(volumes).sum::<f64>() / 6.0;
        (filled - self.volume).abs() < 0.5 * self.volume
    }
}

impl Padded {
    fn vertex(&self, place: u32) -> (AtomId, NearImage) {
        self.vertices[place as usize]
    }

    /// The tetrahedra of the cell, found in so many parts, more than one; `None` when the skin is too
    /// thin for them.
    fn in_parts(&self, parts: usize) -> Result<Option<Delaunay>, Unable> {
        if parts == 1 {
            return Err(Unable);
        }
        let home: Vec<Vec3> = self.home.iter().map(|&k| self.places[k as usize]).collect();
        let division = Division::new(&home, parts);
        drop(home);
        let pieces = divided(&self.places, &division, |place| self.vertex(place), true)?;
        Ok(pieces.and_then(|pieces| Piece::join(self.home.len(), pieces)))
    }

    /// The tetrahedra of the cell, or `None` when the skin is too thin for them.
    fn in_one(mut self) -> Result<Option<Delaunay>, DelaunayError> {
        let places = std::mem::take(&mut self.places);
        match whole(places, |place| self.vertex(place), true) {
            Ok(piece) => Ok(piece.and_then(|piece| Piece::join(self.home.len(), vec![piece]))),
            // So few images that they lie in one plane.
            Err(DelaunayError::Flat { .. }) if !self.home.is_empty() => Ok(None),
            Err(DelaunayError::Coincident { first, second }) => {
                let [a, b] = [first, second].map(|place| self.vertex(place).0);
                Err(DelaunayError::Coincident {
                    first: a.min(b).number(),
                    second: a.max(b).number(),
                })
            }
            Err(other) => Err(other),
        }
    }
}
