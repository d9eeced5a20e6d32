//! The filter that makes images of Gaussians images of atoms: the electron scattering factor over the
//! frequencies of a padded image (Methods, "Determination and refinement of 3D atomic coordinates",
//! step 5).
//!
//! A refinement spends much of its time here, so columns are transformed several at a time from
//! memory of their own, and the room for that is kept from image to image.

use std::ops::Range;
use std::sync::Arc;

use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex64;
use rustfft::{Fft, FftPlanner};

use crate::atoms::ScatteringFactor;

/// Columns that are transformed together: one line of memory or two of the rows that they cross.
const COLUMNS: usize = 8;

/// A padded image, y fastest.
pub(super) type Padded = Vec<f64>;

/// Filters padded images of one size.
pub(super) struct AtomFilter {
    padded: [usize; 2],
    /// The factor with the norm of both transforms: half of y slowest, x fastest.
    factors: Vec<f64>,
    along_x: Arc<dyn Fft<f64>>,
    back_along_x: Arc<dyn Fft<f64>>,
    along_y: Arc<dyn RealToComplex<f64>>,
    back_along_y: Arc<dyn ComplexToReal<f64>>,
}

/// A padded image and the room that its filter needs.
pub(super) struct Room {
    /// The image.
    pub(super) image: Padded,
    spectrum: Vec<Complex64>,
    columns: [Vec<Complex64>; 2],
    scratch: Vec<Complex64>,
}

impl AtomFilter {
    /// For images of `padded` pixels of `pixel_angstrom` ångström.
    pub(super) fn new(
        padded: [usize; 2],
        pixel_angstrom: f64,
        factor: &ScatteringFactor,
    ) -> AtomFilter {
        let mut complex = FftPlanner::new();
        let mut real = RealFftPlanner::new();
        AtomFilter {
            padded,
            factors: factors(padded, pixel_angstrom, factor),
            along_x: complex.plan_fft_forward(padded[0]),
            back_along_x: complex.plan_fft_inverse(padded[0]),
            along_y: real.plan_fft_forward(padded[1]),
            back_along_y: real.plan_fft_inverse(padded[1]),
        }
    }

    /// Pixels along x and y.
    pub(super) fn padded(&self) -> [usize; 2] {
        self.padded
    }

    /// Room for an image; the image is zero.
    pub(super) fn room(&self) -> Room {
        let [m1, m2] = self.padded;
        let scratch = [
            self.along_x.get_outofplace_scratch_len(),
            self.back_along_x.get_outofplace_scratch_len(),
            self.along_y.get_scratch_len(),
            self.back_along_y.get_scratch_len(),
        ];
        let zeros = |length| vec![Complex64::default(); length];
        Room {
            image: vec![0.0; m1 * m2],
            spectrum: zeros(m1 * (m2 / 2 + 1)),
            columns: [zeros(COLUMNS * m1), zeros(COLUMNS * m1)],
            scratch: zeros(scratch.into_iter().fold(0, usize::max)),
        }
    }

    /// Filters the image in the room, in place. Only the rows of `rows` are the result; what stood in
    /// the others is lost. The filter is even, so this is its own transpose.
    pub(super) fn filter(&self, room: &mut Room, rows: Range<usize>) {
        let Room {
            image,
            spectrum,
            columns,
            scratch,
        } = room;
        let [m1, m2] = self.padded;
        let half = m2 / 2 + 1;
        for (row, line) in image.chunks_mut(m2).zip(spectrum.chunks_mut(half)) {
            let scratch = &mut scratch[..self.along_y.get_scratch_len()];
            // The lengths are those of the plan.
            let done = self.along_y.process_with_scratch(row, line, scratch);
            debug_assert!(done.is_ok(), "lengths of the transform along y");
        }
        let [before, after] = columns;
        for (first, factors) in (0..half)
            .step_by(COLUMNS)
            .zip(self.factors.chunks(COLUMNS * m1))
        {
            let columns = first..(first + COLUMNS).min(half);
            let (before, after) = (&mut before[..factors.len()], &mut after[..factors.len()]);
            for (x, line) in spectrum.chunks(half).enumerate() {
                for (column, value) in before.chunks_mut(m1).zip(&line[columns.clone()]) {
                    column[x] = *value;
                }
            }
            self.along_x
                .process_outofplace_with_scratch(before, after, scratch);
            for (value, factor) in after.iter_mut().zip(factors) {
                *value *= factor;
            }
            self.back_along_x
                .process_outofplace_with_scratch(after, before, scratch);
            for (x, line) in spectrum.chunks_mut(half).enumerate() {
                for (value, column) in line[columns.clone()].iter_mut().zip(before.chunks(m1)) {
                    *value = column[x];
                }
            }
        }
        let lines = spectrum.chunks_mut(half).zip(image.chunks_mut(m2));
        for (line, row) in lines.skip(rows.start).take(rows.len()) {
            // Rounding may leave what must be real a hair beside it.
            line[0].im = 0.0;
            line[half - 1].im = 0.0;
            let scratch = &mut scratch[..self.back_along_y.get_scratch_len()];
            let done = self.back_along_y.process_with_scratch(line, row, scratch);
            debug_assert!(done.is_ok(), "lengths of the transform back along y");
        }
    }
}

/// The scattering factor at the frequencies of a padded image, with the norm of the two transforms.
fn factors([m1, m2]: [usize; 2], pixel_angstrom: f64, factor: &ScatteringFactor) -> Vec<f64> {
    let norm = 1.0 / (m1 * m2) as f64;
    let frequency = |index: usize, length: usize| {
        let signed = index.min(length - index) as f64;
        signed / (length as f64 * pixel_angstrom)
    };
    (0..=m2 / 2)
        .flat_map(|y| (0..m1).map(move |x| (x, y)))
        .map(|(x, y)| norm * factor.at(frequency(x, m1).hypot(frequency(y, m2))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atoms::Element;

    /// Against the sum over frequencies that the filter stands for: a plane wave comes back times the
    /// factor at its frequency. Sides that no block of columns divides.
    #[test]
    fn a_wave_is_multiplied_by_the_factor_at_its_frequency() {
        let (padded, pixel) = ([30, 28], 0.4);
        let factor = ScatteringFactor::of(Element::Pd).expect("palladium is in the table");
        let filter = AtomFilter::new(padded, pixel, &factor);
        let mut room = filter.room();
        for (k, l) in [(0, 0), (3, 0), (0, 14), (29, 5), (7, 13)] {
            let wave = |x: usize, y: usize| {
                let turns = (k * x) as f64 / 30.0 + (l * y) as f64 / 28.0;
                (std::f64::consts::TAU * turns).cos()
            };
            for x in 0..30 {
                for y in 0..28 {
                    room.image[x * 28 + y] = wave(x, y);
                }
            }
            filter.filter(&mut room, 4..25);
            let along_x = k.min(30 - k) as f64 / (30.0 * pixel);
            let along_y = l as f64 / (28.0 * pixel);
            let times = factor.at(along_x.hypot(along_y));
            for x in 4..25 {
                for y in 0..28 {
                    let found = room.image[x * 28 + y];
                    assert!((found - times * wave(x, y)).abs() < 1e-12, "{k} {l}");
                }
            }
        }
    }
}
