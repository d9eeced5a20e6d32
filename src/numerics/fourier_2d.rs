//! Fourier transforms of whole images, in double precision: the power spectra of Figs. S1–S3, the
//! cross-correlation by which images are registered (Methods, "Image preprocessing", steps 1 and 4), and
//! the symmetry of a diffraction pattern.

use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// A number of a spectrum.
pub(crate) type C64 = Complex<f64>;

/// The transposition goes by tiles of so many numbers a side.
const TILE: usize = 8;

/// The transforms of images of one size, stored with y fastest.
pub(crate) struct Fourier2d {
    size: [usize; 2],
    forward: [Arc<dyn Fft<f64>>; 2],
    inverse: [Arc<dyn Fft<f64>>; 2],
}

impl Fourier2d {
    /// For `size` samples along x and y, both at least one.
    pub(crate) fn new(size: [usize; 2]) -> Fourier2d {
        let mut planner = FftPlanner::new();
        Fourier2d {
            size,
            forward: size.map(|length| planner.plan_fft_forward(length)),
            inverse: size.map(|length| planner.plan_fft_inverse(length)),
        }
    }

    /// Samples of an image.
    pub(crate) fn len(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// `F(k) = Σ f(r) exp(−2πi k·r)`, in place: by kx, then ky, each 0, 1, … −1 steps.
    pub(crate) fn forward(&self, image: &mut [C64]) {
        self.transform(&self.forward, image);
    }

    /// `f(r) = Σ F(k) exp(2πi k·r)`, in place: the image times the number of its samples.
    pub(crate) fn inverse(&self, spectrum: &mut [C64]) {
        self.transform(&self.inverse, spectrum);
    }

    fn transform(&self, [along_x, along_y]: &[Arc<dyn Fft<f64>>; 2], image: &mut [C64]) {
        let [columns, rows] = self.size;
        let mut turned = vec![C64::default(); image.len()];
        along_y.process(image);
        transpose(image, rows, &mut turned);
        along_x.process(&mut turned);
        transpose(&turned, columns, image);
    }
}

/// Writes lines of `length` numbers as columns.
fn transpose(from: &[C64], length: usize, to: &mut [C64]) {
    let lines = from.len() / length;
    for first_line in (0..lines).step_by(TILE) {
        for first in (0..length).step_by(TILE) {
            for line in first_line..(first_line + TILE).min(lines) {
                for place in first..(first + TILE).min(length) {
                    to[place * lines + line] = from[line * length + place];
                }
            }
        }
    }
}

/// The whole number of steps that the frequency at an index stands for: 0, 1, … −1.
pub(crate) fn signed_frequency(index: usize, count: usize) -> f64 {
    if 2 * index < count {
        index as f64
    } else {
        index as f64 - count as f64
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    #[test]
    fn the_transform_is_the_definition_and_its_inverse_comes_back() {
        let transform = Fourier2d::new([10, 9]);
        let value = |i: usize| C64::new(((7 * i + 3) % 11) as f64, ((5 * i * i) % 13) as f64);
        let image: Vec<C64> = (0..transform.len()).map(value).collect();
        let mut spectrum = image.clone();
        transform.forward(&mut spectrum);
        for kx in 0..10 {
            for ky in 0..9 {
                let mut sum = C64::default();
                for x in 0..10 {
                    for y in 0..9 {
                        let turns = (kx * x) as f64 / 10.0 + (ky * y) as f64 / 9.0;
                        sum += image[x * 9 + y] * C64::from_polar(1.0, -TAU * turns);
                    }
                }
                assert!((spectrum[kx * 9 + ky] - sum).norm() < 1e-9);
            }
        }
        transform.inverse(&mut spectrum);
        for (back, value) in spectrum.iter().zip(&image) {
            assert!((back / 90.0 - value).norm() < 1e-9);
        }
        assert_eq!(
            [0, 4, 5, 9].map(|k| signed_frequency(k, 10)),
            [0.0, 4.0, -5.0, -1.0]
        );
    }
}
