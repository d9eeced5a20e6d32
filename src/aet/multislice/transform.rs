//! Two-dimensional Fourier transforms of waves whose spectrum is bounded.
//!
//! Behind the anti-aliasing limit of two thirds a wave has no spectrum, so a third of the columns
//! need no transform. A wave in space is stored with y fastest, a spectrum by the kept frequencies along
//! y with x fastest: then both transforms run along memory, and one transposition lies between them.

use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// A value of a wave.
pub(super) type C32 = Complex<f32>;

/// The transposition goes by tiles of so many values: a cache line of complex numbers.
const TILE: usize = 8;

/// The transforms of one size.
pub(super) struct Transform {
    /// Samples along x and y.
    pub(super) size: [usize; 2],
    /// The largest frequency along y that is kept, in steps.
    pub(super) largest_y: usize,
    forward: [Arc<dyn Fft<f32>>; 2],
    inverse: [Arc<dyn Fft<f32>>; 2],
}

/// The whole number that stands for the frequency of index `index` of `count`: 0, 1, … −1.
pub(super) fn signed(index: usize, count: usize) -> i64 {
    let (index, count) = (index as i64, count as i64);
    if 2 * index < count {
        index
    } else {
        index - count
    }
}

/// The index of a signed frequency among `count`.
pub(super) fn index_of(frequency: i64, count: usize) -> usize {
    frequency.rem_euclid(count as i64) as usize
}

/// `sums += factor · values`.
pub(super) fn add_scaled(sums: &mut [C32], factor: C32, values: &[C32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        sum.re += factor.re * value.re - factor.im * value.im;
        sum.im += factor.re * value.im + factor.im * value.re;
    }
}

impl Transform {
    /// Of `size` samples, with frequencies along y up to `largest_y` steps, fewer than half of the samples.
    pub(super) fn new(size: [usize; 2], largest_y: usize) -> Transform {
        let mut planner = FftPlanner::new();
        Transform {
            size,
            largest_y: largest_y.min((size[1] - 1) / 2),
            forward: size.map(|n| planner.plan_fft_forward(n)),
            inverse: size.map(|n| planner.plan_fft_inverse(n)),
        }
    }

    /// Values of a wave in space.
    pub(super) fn space_len(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// Rows of a spectrum: the kept frequencies along y, 0, 1, … −1.
    pub(super) fn rows(&self) -> usize {
        2 * self.largest_y + 1
    }

    /// Values of a spectrum.
    pub(super) fn spectrum_len(&self) -> usize {
        self.rows() * self.size[0]
    }

    /// Values that the transforms need as working memory.
    pub(super) fn scratch_len(&self) -> usize {
        let plans = self.forward.iter().chain(&self.inverse);
        plans
            .map(|plan| plan.get_inplace_scratch_len())
            .max()
            .unwrap_or(0)
    }

    /// `space(r) = Σ spectrum(k) exp(2πi k·r)`; the spectrum is used up.
    pub(super) fn to_space(&self, spectrum: &mut [C32], space: &mut [C32], scratch: &mut [C32]) {
        let ([nx, ny], rows, kept) = (self.size, self.rows(), self.largest_y + 1);
        self.inverse[0].process_with_scratch(spectrum, scratch);
        let (positive, negative) = spectrum.split_at(kept * nx);
        transpose(positive, nx, 0, space, ny, 0);
        for line in space.chunks_mut(ny) {
            line[kept..ny + kept - rows].fill(C32::default());
        }
        transpose(negative, nx, 0, space, ny, ny + kept - rows);
        self.inverse[1].process_with_scratch(space, scratch);
    }

    /// `spectrum(k) = Σ space(r) exp(−2πi k·r)` at the kept frequencies; the wave in space is used up.
    pub(super) fn to_spectrum(&self, space: &mut [C32], spectrum: &mut [C32], scratch: &mut [C32]) {
        let ([nx, ny], rows, kept) = (self.size, self.rows(), self.largest_y + 1);
        self.forward[1].process_with_scratch(space, scratch);
        let (positive, negative) = spectrum.split_at_mut(kept * nx);
        transpose(space, ny, 0, positive, nx, 0);
        transpose(space, ny, ny + kept - rows, negative, nx, 0);
        self.forward[0].process_with_scratch(spectrum, scratch);
    }
}

/// Writes the columns of `from` (rows of `from_width`, columns from `from_start` on) as rows into `to`
/// (rows of `to_width`, columns from `to_start` on). The block has as many columns in `from` as `to`
/// has rows, where that is fewer than there are, and the other way round.
fn transpose(
    from: &[C32],
    from_width: usize,
    from_start: usize,
    to: &mut [C32],
    to_width: usize,
    to_start: usize,
) {
    let from_rows = (from.len() / from_width).min(to_width - to_start);
    let from_columns = (to.len() / to_width).min(from_width - from_start);
    for row in (0..from_rows).step_by(TILE) {
        let row_end = (row + TILE).min(from_rows);
        for column in (0..from_columns).step_by(TILE) {
            for c in column..(column + TILE).min(from_columns) {
                let start = c * to_width + to_start;
                let line = &mut to[start + row..start + row_end];
                for (value, r) in line.iter_mut().zip(row..) {
                    *value = from[r * from_width + from_start + c];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn values(count: usize) -> Vec<C32> {
        let value = |i: usize| C32::new(((7 * i + 3) % 11) as f32, ((5 * i * i) % 13) as f32);
        (0..count).map(value).collect()
    }

    #[test]
    fn the_bounded_transform_is_the_definition_and_its_inverse_comes_back() {
        let transform = Transform::new([10, 12], 4);
        let mut scratch = vec![C32::default(); transform.scratch_len()];
        let spectrum = values(transform.spectrum_len());
        let mut space = vec![C32::default(); transform.space_len()];
        transform.to_space(&mut spectrum.clone(), &mut space, &mut scratch);
        for x in 0..10 {
            for y in 0..12 {
                let mut sum = Complex::<f64>::default();
                for row in 0..9 {
                    for kx in 0..10 {
                        let ky = signed(row, 9) as f64;
                        let turns = kx as f64 * x as f64 / 10.0 + ky * y as f64 / 12.0;
                        let value = spectrum[row * 10 + kx];
                        let value = Complex::new(f64::from(value.re), f64::from(value.im));
                        sum += value * Complex::from_polar(1.0, TAU * turns);
                    }
                }
                let found = space[x * 12 + y];
                let error = (f64::from(found.re) - sum.re).hypot(f64::from(found.im) - sum.im);
                assert!(error < 1e-3, "{x}, {y}: {found}, not {sum}");
            }
        }
        let mut back = vec![C32::default(); transform.spectrum_len()];
        transform.to_spectrum(&mut space, &mut back, &mut scratch);
        for (back, value) in back.iter().zip(&spectrum) {
            assert!((back / 120.0 - value).norm() < 1e-4);
        }
    }
}
