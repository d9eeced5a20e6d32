//! Images computed from atoms: what a model would look like at every tilt (Methods, "Determination and
//! refinement of 3D atomic coordinates", step 5; refs. 36, 38, 39).
//!
//! An atom is a Gaussian `exp(−b r²)` with `b = (π · pixel)² / B`, so that the factor `B` (Å²) holds
//! thermal motion, the size of the probe and the blur of the reconstruction. It is drawn on the 9 × 9
//! pixels about the pixel nearest to it, summed along the beam over nine voxels, and the whole image
//! is filtered by the electron scattering factor. There is one element, so one scale `H` takes
//! computed to measured images.

use std::f64::consts::PI;
use std::sync::Arc;

use ndarray::{Array3, Axis};
use rayon::prelude::*;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex64;
use rustfft::{Fft, FftPlanner};

use super::geometry::{Rotation, centre};
use super::scattering::ScatteringFactor;
use crate::numerics::{Vec3, fast_length};

/// Pixels on each side of the nearest one over which an atom is drawn.
const REACH: usize = 4;
/// Pixels over which an atom is drawn, along each axis.
const WIDTH: usize = 2 * REACH + 1;
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
    padded: [usize; 2],
    pixel_angstrom: f64,
    /// The filter over the frequencies of a padded image: x slowest, half of y.
    filter: Vec<f64>,
    along_x: Arc<dyn Fft<f64>>,
    back_along_x: Arc<dyn Fft<f64>>,
    along_y: Arc<dyn RealToComplex<f64>>,
    back_along_y: Arc<dyn ComplexToReal<f64>>,
}

/// A padded image, y fastest.
pub(super) type Padded = Vec<f64>;

/// An atom on an image: the first pixel of its square and its profiles from there.
pub(super) struct Spot {
    first: [isize; 2],
    /// The place of the atom from the first pixel, in pixels; along the beam from the first voxel.
    pub(super) within: [f64; 3],
    /// `exp(−b d²)` along x, y and the beam.
    pub(super) profile: [[f64; WIDTH]; 3],
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
        let mut complex = FftPlanner::new();
        let mut real = RealFftPlanner::new();
        AtomImages {
            filter: filter(padded, pixel_angstrom, factor),
            along_x: complex.plan_fft_forward(padded[0]),
            back_along_x: complex.plan_fft_inverse(padded[0]),
            along_y: real.plan_fft_forward(padded[1]),
            back_along_y: real.plan_fft_inverse(padded[1]),
            dimensions,
            padded,
            pixel_angstrom,
        }
    }

    /// Pixels of an image along x and y.
    pub fn dimensions(&self) -> (usize, usize) {
        self.dimensions
    }

    /// Pixels of a padded image along x and y.
    pub fn padded(&self) -> [usize; 2] {
        self.padded
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
            .for_each(|(mut image, view)| {
                let mut drawn = vec![0.0; self.padded[0] * self.padded[1]];
                self.draw(positions, b_factor, view, &mut drawn);
                self.filter(&mut drawn);
                let middle = self.rows(&drawn).flatten();
                for (pixel, &value) in image.iter_mut().zip(middle) {
                    *pixel = value.max(0.0) as f32;
                }
            });
        images
    }

    // ANCHOR: atom
    /// Adds atoms to a padded image, not filtered.
    pub(super) fn draw(&self, positions: &[Vec3], b_factor: f64, view: &View, image: &mut [f64]) {
        let b = self.sharpness(b_factor);
        for &position in positions {
            let spot = self.spot(position, b, view);
            let along_beam: f64 = spot.profile[2].iter().sum();
            self.on_spot(&spot, |row, pixel, x, y| {
                image[row + pixel] += along_beam * spot.profile[0][x] * spot.profile[1][y];
            });
        }
    }
    // ANCHOR_END: atom

    /// An atom on an image, of the sharpness `b`.
    pub(super) fn spot(&self, position: Vec3, b: f64, view: &View) -> Spot {
        let place = view.place(position);
        let corner = self.corner();
        let (dim1, dim2) = self.dimensions;
        let on_image = [
            place.x + (corner[0] + centre(dim1)) as f64,
            place.y + (corner[1] + centre(dim2)) as f64,
            place.z,
        ];
        let first = on_image.map(|place| place.round() - REACH as f64);
        let within = [0, 1, 2].map(|axis| on_image[axis] - first[axis]);
        Spot {
            first: [first[0] as isize, first[1] as isize],
            within,
            profile: within
                .map(|place| std::array::from_fn(|k| (-b * (k as f64 - place).powi(2)).exp())),
        }
    }

    /// Calls `visit` with the pixels of a spot that lie on the padded image: the start of the row, the
    /// pixel in it, and both counted within the spot.
    #[inline]
    pub(super) fn on_spot(&self, spot: &Spot, mut visit: impl FnMut(usize, usize, usize, usize)) {
        let inside = |first: isize, length: usize| {
            let start = (-first).clamp(0, WIDTH as isize);
            let end = (length as isize - first).clamp(start, WIDTH as isize);
            start as usize..end as usize
        };
        let [m1, m2] = self.padded;
        let [rows, columns] = [inside(spot.first[0], m1), inside(spot.first[1], m2)];
        for x in rows {
            let row = (spot.first[0] + x as isize) as usize * m2;
            for y in columns.clone() {
                visit(row, (spot.first[1] + y as isize) as usize, x, y);
            }
        }
    }

    /// Filters a padded image by the scattering factor, in place. The filter is even, so this is its
    /// own transpose.
    pub(super) fn filter(&self, image: &mut [f64]) {
        let [m1, m2] = self.padded;
        let half = m2 / 2 + 1;
        let mut spectrum = vec![Complex64::default(); m1 * half];
        for (row, line) in image.chunks_mut(m2).zip(spectrum.chunks_mut(half)) {
            // The lengths are those of the plan.
            let done = self.along_y.process(row, line);
            debug_assert!(done.is_ok(), "lengths of the transform along y");
        }
        let mut column = vec![Complex64::default(); m1];
        for k in 0..half {
            for (value, line) in column.iter_mut().zip(spectrum.chunks(half)) {
                *value = line[k];
            }
            self.along_x.process(&mut column);
            for (value, filter) in column.iter_mut().zip(self.filter.chunks(half)) {
                *value *= filter[k];
            }
            self.back_along_x.process(&mut column);
            for (value, line) in column.iter().zip(spectrum.chunks_mut(half)) {
                line[k] = *value;
            }
        }
        for (row, line) in image.chunks_mut(m2).zip(spectrum.chunks_mut(half)) {
            // Rounding may leave what must be real a hair beside it.
            line[0].im = 0.0;
            line[half - 1].im = 0.0;
            let done = self.back_along_y.process(line, row);
            debug_assert!(done.is_ok(), "lengths of the transform back along y");
        }
    }

    /// The rows of the middle of a padded image, as large as a measured one.
    pub(super) fn rows<'a>(&self, padded: &'a [f64]) -> impl Iterator<Item = &'a [f64]> {
        let ([x, y], (dim1, dim2)) = (self.corner(), self.dimensions);
        let rows = padded.chunks(self.padded[1]).skip(x).take(dim1);
        rows.map(move |row| &row[y..y + dim2])
    }

    /// The same, to be written.
    pub(super) fn rows_mut<'a>(
        &self,
        padded: &'a mut [f64],
    ) -> impl Iterator<Item = &'a mut [f64]> {
        let ([x, y], (dim1, dim2)) = (self.corner(), self.dimensions);
        let rows = padded.chunks_mut(self.padded[1]).skip(x).take(dim1);
        rows.map(move |row| &mut row[y..y + dim2])
    }

    /// Where an image begins in its padded one.
    fn corner(&self) -> [usize; 2] {
        let (dim1, dim2) = self.dimensions;
        [(self.padded[0] - dim1) / 2, (self.padded[1] - dim2) / 2]
    }
}

/// The scattering factor at the frequencies of a padded image, with the norm of the two transforms.
fn filter([m1, m2]: [usize; 2], pixel_angstrom: f64, factor: &ScatteringFactor) -> Vec<f64> {
    let norm = 1.0 / (m1 * m2) as f64;
    let frequency = |index: usize, length: usize| {
        let signed = index.min(length - index) as f64;
        signed / (length as f64 * pixel_angstrom)
    };
    (0..m1)
        .flat_map(|x| (0..=m2 / 2).map(move |y| (x, y)))
        .map(|(x, y)| norm * factor.at(frequency(x, m1).hypot(frequency(y, m2))))
        .collect()
}
