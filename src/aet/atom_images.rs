//! Images computed from atoms: what a model would look like at every tilt (Methods, "Determination and
//! refinement of 3D atomic coordinates", step 5; refs. 36, 38, 39).
//!
//! An atom is a Gaussian `exp(−b r²)` with `b = (π · pixel)² / B`, so that the factor `B` (Å²) holds
//! thermal motion, the size of the probe and the blur of the reconstruction. It is drawn on the 9 × 9
//! pixels about the pixel nearest to it, summed along the beam over nine voxels, and the whole image
//! is filtered by the electron scattering factor. There is one element, so one scale `H` takes
//! computed to measured images.

use std::f64::consts::PI;
use std::ops::Range;

use ndarray::{Array3, Axis};
use rayon::prelude::*;

use super::atom_filter::{AtomFilter, Room};
use super::gaussian::{Gaussian, REACH, WIDTH};
use super::geometry::{Rotation, centre};
use crate::atoms::ScatteringFactor;
use crate::numerics::{Vec3, fast_length};

/// What is added to each side of an image before it is filtered, so that one border does not reach
/// the other: 50 pixels an axis.
const MARGIN: usize = 25;
/// Lengths without a larger prime factor are transformed fast.
const LARGEST_PRIME: usize = 7;

/// Where an image is taken from: the rotation of the object, and where its centre falls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// From the object to the image.
    pub rotation: Rotation,
    /// What is added to the place of an atom on the image, in pixels along x and y.
    pub shift: [f64; 2],
}

impl View {
    /// The place of a point (voxels from the centre of the object) from the centre of the image: along x,
    /// y and the beam.
    #[inline]
    pub fn place(&self, position: Vec3) -> Vec3 {
        let [u, v, w] = self.rotation.apply(position.to_array());
        Vec3::new(u + self.shift[0], v + self.shift[1], w)
    }
}

impl From<Rotation> for View {
    fn from(rotation: Rotation) -> View {
        View {
            rotation,
            shift: [0.0; 2],
        }
    }
}

/// Draws atoms of one element on images of one size.
///
/// Images within are padded (`padded` pixels); `rows` are those of the middle.
pub struct AtomImages {
    dimensions: (usize, usize),
    pixel_angstrom: f64,
    filter: AtomFilter,
}

/// An atom on an image: the square of pixels about it, as far as it lies on the image.
pub(super) struct Spot {
    /// The first pixel on the image.
    first: usize,
    /// Pixels in a row of the image.
    row: usize,
    /// Those on the image, counted within the square.
    rows: Range<usize>,
    columns: Range<usize>,
    /// The place of the atom from the first pixel of the square, in pixels; along the beam from the first
    /// voxel.
    pub(super) within: [f64; 3],
}

impl Spot {
    /// `exp(−b d²)` along x, y and the beam.
    #[inline]
    pub(super) fn profiles(&self, gaussian: &Gaussian) -> [[f64; WIDTH]; 3] {
        let [x, y, z] = self.within;
        [
            gaussian.profile(x),
            gaussian.profile(y),
            gaussian.profile(z),
        ]
    }

    /// Calls `visit` with the rows of the square that lie on the image: the pixels of the row, its number
    /// within the square, and its columns within the square.
    #[inline]
    pub(super) fn for_each_row(&self, mut visit: impl FnMut(Range<usize>, usize, Range<usize>)) {
        let mut first = self.first;
        for x in self.rows.clone() {
            visit(first..first + self.columns.len(), x, self.columns.clone());
            first += self.row;
        }
    }
}

impl AtomImages {
    /// For images of `dimensions` pixels of `pixel_angstrom` ångström.
    pub fn new(
        dimensions: (usize, usize),
        pixel_angstrom: f64,
        factor: &ScatteringFactor,
    ) -> AtomImages {
        let padded = [dimensions.0, dimensions.1]
            .map(|side| fast_length(side + 2 * MARGIN, 2, LARGEST_PRIME));
        AtomImages {
            filter: AtomFilter::new(padded, pixel_angstrom, factor),
            dimensions,
            pixel_angstrom,
        }
    }

    /// Pixels of an image along x and y.
    pub fn dimensions(&self) -> (usize, usize) {
        self.dimensions
    }

    /// Pixels of a padded image along x and y.
    pub fn padded(&self) -> [usize; 2] {
        self.filter.padded()
    }

    /// `b = (π · pixel)² / B`, per squared pixel, of `B` in Å².
    pub fn sharpness(&self, b_factor: f64) -> f64 {
        (PI * self.pixel_angstrom).powi(2) / b_factor
    }

    /// The images of atoms at `positions` (voxels from the centre of the object) by view, x and y, before
    /// any scale; negative values, which the filter may leave, are zero.
    pub fn images(&self, positions: &[Vec3], b_factor: f64, views: &[View]) -> Array3<f32> {
        let (dim1, dim2) = self.dimensions;
        let mut images = Array3::zeros((views.len(), dim1, dim2));
        images
            .axis_iter_mut(Axis(0))
            .into_par_iter()
            .zip(views)
            .for_each_init(
                || self.room(),
                |room, (mut image, view)| {
                    room.image.fill(0.0);
                    self.draw(positions, b_factor, view, &mut room.image);
                    self.filter_middle(room);
                    let middle = self.rows(&room.image).flatten();
                    for (pixel, &value) in image.iter_mut().zip(middle) {
                        *pixel = value.max(0.0) as f32;
                    }
                },
            );
        images
    }

    // ANCHOR: atom
    /// Adds atoms to a padded image, not filtered.
    pub(super) fn draw(&self, positions: &[Vec3], b_factor: f64, view: &View, image: &mut [f64]) {
        let gaussian = self.gaussian(b_factor);
        for &position in positions {
            let Some(spot) = self.spot(position, view) else {
                continue;
            };
            let [along_x, along_y, along_beam] = spot.profiles(&gaussian);
            let along_beam: f64 = along_beam.iter().sum();
            spot.for_each_row(|row, x, columns| {
                let height = along_beam * along_x[x];
                for (pixel, y) in image[row].iter_mut().zip(&along_y[columns]) {
                    *pixel += height * y;
                }
            });
        }
    }
    // ANCHOR_END: atom

    /// The Gaussian of an atom with a B factor in Å².
    pub(super) fn gaussian(&self, b_factor: f64) -> Gaussian {
        Gaussian::new(self.sharpness(b_factor))
    }

    /// An atom on an image; `None` where it lies beside the padded one.
    #[inline]
    pub(super) fn spot(&self, position: Vec3, view: &View) -> Option<Spot> {
        let place = view.place(position);
        let corner = self.corner();
        let (dim1, dim2) = self.dimensions;
        let on_image = [
            place.x + (corner[0] + centre(dim1)) as f64,
            place.y + (corner[1] + centre(dim2)) as f64,
            place.z,
        ];
        let [x, y, z] = on_image.map(|place| place.round() - REACH as f64);
        let [m1, m2] = self.padded();
        let inside = |first: f64, length: usize| {
            let start = (-first).max(0.0).min(WIDTH as f64);
            let end = (length as f64 - first).max(start).min(WIDTH as f64);
            start as usize..end as usize
        };
        let (rows, columns) = (inside(x, m1), inside(y, m2));
        if rows.is_empty() || columns.is_empty() {
            return None;
        }
        let within = [on_image[0] - x, on_image[1] - y, on_image[2] - z];
        Some(Spot {
            first: (x + rows.start as f64) as usize * m2 + (y + columns.start as f64) as usize,
            row: m2,
            rows,
            columns,
            within,
        })
    }

    /// Room for a padded image and its filter.
    pub(super) fn room(&self) -> Room {
        self.filter.room()
    }

    /// Filters the padded image in the room by the scattering factor, in place.
    pub(super) fn filter(&self, room: &mut Room) {
        self.filter.filter(room, 0..self.padded()[0]);
    }

    /// The same where only the middle of the image is wanted, as large as a measured one: what lies above
    /// and below is lost.
    pub(super) fn filter_middle(&self, room: &mut Room) {
        let first = self.corner()[0];
        self.filter.filter(room, first..first + self.dimensions.0);
    }

    /// The rows of the middle of a padded image, as large as a measured one.
    pub(super) fn rows<'a>(&self, padded: &'a [f64]) -> impl Iterator<Item = &'a [f64]> {
        let ([x, y], (dim1, dim2)) = (self.corner(), self.dimensions);
        let rows = padded.chunks(self.padded()[1]).skip(x).take(dim1);
        rows.map(move |row| &row[y..y + dim2])
    }

    /// The same, to be written.
    pub(super) fn rows_mut<'a>(
        &self,
        padded: &'a mut [f64],
    ) -> impl Iterator<Item = &'a mut [f64]> {
        let ([x, y], (dim1, dim2)) = (self.corner(), self.dimensions);
        let rows = padded.chunks_mut(self.padded()[1]).skip(x).take(dim1);
        rows.map(move |row| &mut row[y..y + dim2])
    }

    /// Where an image begins in its padded one.
    fn corner(&self) -> [usize; 2] {
        let (dim1, dim2) = self.dimensions;
        let [m1, m2] = self.padded();
        [(m1 - dim1) / 2, (m2 - dim2) / 2]
    }
}
