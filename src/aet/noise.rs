//! Noise of counting and of a detector, for images whose atoms are known (Methods, "The 3D precision
//! estimation" and "Image preprocessing", step 2).

use ndarray::{Array3, ArrayView3, Axis};
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, Normal, Poisson};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

/// Images (by angle, x and y) as they are counted: where the brightest pixel of all is expected to
/// count `brightest` electrons, every pixel gets a number drawn from Poisson's distribution, in the
/// units of the image. 100 electrons are a noise of 10 % there. Pixels that are not positive stay
/// zero.
pub fn poisson_noise(images: ArrayView3<'_, f32>, brightest: f64, seed: u64) -> Array3<f32> {
    let largest = images.fold(0.0_f32, |largest, &value| largest.max(value));
    if !(largest > 0.0 && brightest > 0.0) {
        return images.to_owned();
    }
    let counts = brightest / f64::from(largest);
    drawn(images, seed, |pixel, random| {
        // A distribution exists for every positive finite mean.
        let counted = Poisson::new(f64::from(pixel) * counts);
        (counted.map_or(0.0, |counted| counted.sample(random)) / counts) as f32
    })
}

/// Images whose pixels are drawn anew. Every image draws from a stream of its own, so that the numbers do not
/// depend on the threads.
fn drawn(
    images: ArrayView3<'_, f32>,
    seed: u64,
    pixel: impl Fn(f32, &mut Pcg64Mcg) -> f32 + Sync,
) -> Array3<f32> {
    let mut drawn = images.to_owned();
    let mut master = Pcg64Mcg::seed_from_u64(seed);
    let seeds: Vec<u64> = (0..images.dim().0).map(|_| master.next_u64()).collect();
    drawn
        .axis_iter_mut(Axis(0))
        .into_par_iter()
        .zip(seeds)
        .for_each(|(mut image, seed)| {
            let mut random = Pcg64Mcg::seed_from_u64(seed);
            image.mapv_inplace(|value| pixel(value, &mut random));
        });
    drawn
}

/// The noise of a detector: counting, which grows with the intensity, and reading, which does not. At
/// the intensity `I` the variance is `gain · I + read²`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetectorNoise {
    /// What one electron adds to a pixel, in the units of the image; 0 without noise of counting.
    pub gain: f64,
    /// Standard deviation of the noise of reading, in the units of the image.
    pub read: f64,
}

impl DetectorNoise {
    /// The variance at an intensity; below zero that of reading alone.
    pub fn variance(&self, intensity: f64) -> f64 {
        self.gain * intensity.max(0.0) + self.read * self.read
    }

    /// Images (by number, x and y) as this detector records them.
    pub fn recorded(&self, images: ArrayView3<'_, f32>, seed: u64) -> Array3<f32> {
        drawn(images, seed, |pixel, random| {
            self.pixel(f64::from(pixel), random) as f32
        })
    }

    fn pixel(&self, intensity: f64, random: &mut Pcg64Mcg) -> f64 {
        let counted = match Poisson::new(intensity / self.gain) {
            Ok(counts) => self.gain * counts.sample(random),
            // No counting, or nothing to count.
            Err(_) => intensity,
        };
        let read = Normal::new(0.0, self.read).map_or(0.0, |read| read.sample(random));
        counted + read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_variance_are_those_of_counting_and_the_seed_decides() {
        let images = Array3::from_shape_fn((2, 100, 100), |(k, ..)| if k == 0 { 8.0 } else { 2.0 });
        let noisy = poisson_noise(images.view(), 100.0, 1);
        for (image, counts, unit) in [(0, 100.0, 0.08), (1, 25.0, 0.08)] {
            let values: Vec<f64> = noisy
                .index_axis(Axis(0), image)
                .iter()
                .map(|&value| f64::from(value) / unit)
                .collect();
            let mean = values.iter().sum::<f64>() / 1e4;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 1e4;
            // Five standard errors of 10,000 draws.
            assert!(
                (mean - counts).abs() < 5.0 * counts.sqrt() / 100.0,
                "{mean}"
            );
            assert!((variance / counts - 1.0).abs() < 5.0 * 0.0143, "{variance}");
        }
        assert_eq!(noisy, poisson_noise(images.view(), 100.0, 1));
        assert_ne!(noisy, poisson_noise(images.view(), 100.0, 2));
        let dark = Array3::<f32>::zeros((1, 2, 2));
        assert_eq!(poisson_noise(dark.view(), 100.0, 1), dark);
    }

    #[test]
    fn a_detector_adds_the_variance_of_counting_to_that_of_reading() {
        let images = Array3::from_shape_fn((2, 100, 100), |(k, ..)| if k == 0 { 8.0 } else { 0.0 });
        let detector = DetectorNoise {
            gain: 0.5,
            read: 0.7,
        };
        let noisy = detector.recorded(images.view(), 3);
        for (image, mean_expected) in [(0, 8.0), (1, 0.0)] {
            let values = noisy.index_axis(Axis(0), image).mapv(f64::from);
            let mean = values.sum() / 1e4;
            let variance = values.mapv(|v| (v - mean).powi(2)).sum() / 1e4;
            let expected = detector.variance(mean_expected);
            assert!((mean - mean_expected).abs() < 5.0 * expected.sqrt() / 100.0);
            assert!(
                (variance / expected - 1.0).abs() < 5.0 * 0.0143,
                "{variance}"
            );
        }
        let silent = DetectorNoise {
            gain: 0.0,
            read: 0.0,
        };
        assert_eq!(silent.recorded(images.view(), 3), images);
        assert_eq!(noisy, detector.recorded(images.view(), 3));
    }
}
