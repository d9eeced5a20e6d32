//! The noise of images, from the images (Methods, "Image preprocessing", step 2): how much of it is
//! counting and how much reading.
//!
//! The variance of a pixel is a straight line of its mean (Foi, Trimeche, Katkovnik, Egiazarian, IEEE
//! Trans. Image Process. 17, 1737 (2008), doi 10.1109/TIP.2008.2001399).

use ndarray::{Array2, ArrayView2, ArrayView3, Axis};

use super::line::{Class, median, noise_line};
use super::options::DenoiseError;
use crate::aet::noise::DetectorNoise;
use crate::aet::preprocess::image_error::{ImageError, check_series};

/// Pixels a side that an image must have.
const LEAST_SIDE: usize = 16;
/// Differences of this order along both axes are the noise of single images: along each, waves of 0.14 per
/// pixel, those of atoms 2.3 Å apart in pixels of 0.32 Å, keep about a hundredth of their height.
const ORDER: usize = 6;
/// Standard deviations in the median of the modulus of normal numbers.
const NORMAL: f64 = 1.482_602_2;
/// Weights of the pixels about one along an axis, in sixteenths: frames are smoothed with it.
const BINOMIAL: [f64; 5] = [1.0, 4.0, 6.0, 4.0, 1.0];
/// Pixels in a class of intensity, and the most classes.
const CLASS: usize = 400;
const MOST_CLASSES: usize = 100;

/// The noise of a detector that images (by number, x and y) were recorded with, from the images alone: at
/// each pixel the part that varies from pixel to pixel along both axes, in classes of like intensity, by its
/// median, and the line of its variance.
///
/// The images must be as they were recorded: interpolation, binning and averages change the noise from pixel
/// to pixel. Details of the specimen count as noise where they are finer than some four pixels.
///
/// # Errors
/// [`ImageError`].
pub fn estimate_noise(images: ArrayView3<'_, f32>) -> Result<DetectorNoise, ImageError> {
    check_series(images, LEAST_SIDE)?;
    let high = differences(ORDER);
    // The mean that belongs to the square of the filtered value.
    let low: Vec<f64> = high.iter().map(|weight| weight * weight).collect();
    let mut pairs = Vec::new();
    for image in images.axis_iter(Axis(0)) {
        let image = image.mapv(f64::from);
        let (mean, rough) = (filter(image.view(), &low), filter(image.view(), &high));
        pairs.extend(mean.into_iter().zip(rough));
    }
    let variance = |class: &[(f64, f64)]| {
        (NORMAL * median(class.iter().map(|(_, rough)| rough.abs()))).powi(2)
    };
    Ok(noise_line(&classes(pairs, variance)))
}

/// The noise of a detector from frames (by number, x and y) of one view of one specimen: how they differ, in
/// classes of like intensity, and the line of its variance. What the frames show does not matter, as long
/// as all show the same; they must be registered by whole pixels, since interpolation changes the noise.
///
/// # Errors
/// [`DenoiseError::Frames`] of fewer than two, and those of the images.
pub fn noise_of_frames(frames: ArrayView3<'_, f32>) -> Result<DetectorNoise, DenoiseError> {
    check_series(frames, LEAST_SIDE)?;
    if frames.dim().0 < 2 {
        return Err(DenoiseError::Frames);
    }
    let count = frames.dim().0 as f64;
    let mut mean = Array2::<f64>::zeros((frames.dim().1, frames.dim().2));
    let mut variance = mean.clone();
    for frame in frames.axis_iter(Axis(0)) {
        mean.zip_mut_with(&frame, |sum, &value| *sum += f64::from(value) / count);
    }
    for frame in frames.axis_iter(Axis(0)) {
        let parts = variance.iter_mut().zip(&mean).zip(frame);
        for ((variance, mean), &value) in parts {
            *variance += (f64::from(value) - mean).powi(2) / (count - 1.0);
        }
    }
    // Smoothed alike, both stay on the line, and the noise of the mean moves no pixel far from its class.
    let near: Vec<f64> = BINOMIAL.iter().map(|weight| weight / 16.0).collect();
    let (mean, variance) = (filter(mean.view(), &near), filter(variance.view(), &near));
    let pairs = mean.into_iter().zip(variance).collect();
    let variance = |class: &[(f64, f64)]| {
        class.iter().map(|(_, variance)| variance).sum::<f64>() / class.len() as f64
    };
    Ok(noise_line(&classes(pairs, variance)))
}

/// The weights of the differences of an order along an axis; their squares sum to one.
fn differences(order: usize) -> Vec<f64> {
    let mut weights = vec![1.0];
    for _ in 0..order {
        let before = weights.iter().chain([&0.0]);
        let shifted = [&0.0].into_iter().chain(&weights);
        weights = before.zip(shifted).map(|(a, b)| a - b).collect();
    }
    let norm = weights.iter().map(|weight| weight * weight).sum::<f64>();
    weights.iter().map(|weight| weight / norm.sqrt()).collect()
}

/// Where all of a filter lies within the image, the sum of products along both axes.
fn filter(image: ArrayView2<'_, f64>, weights: &[f64]) -> Array2<f64> {
    let along = |image: ArrayView2<'_, f64>, axis: usize| {
        let mut dim = image.raw_dim();
        dim[axis] = dim[axis] + 1 - weights.len();
        let mut out = Array2::zeros(dim);
        for (k, &weight) in weights.iter().enumerate() {
            let part = image.slice_axis(Axis(axis), (k..k + dim[axis]).into());
            out.scaled_add(weight, &part);
        }
        out
    };
    along(along(image, 0).view(), 1)
}

/// Pairs of intensity and noise in classes of like intensity, and what is the variance of each.
fn classes(mut pairs: Vec<(f64, f64)>, variance: impl Fn(&[(f64, f64)]) -> f64) -> Vec<Class> {
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    // As many in each, so that none is left of the last.
    let count = (pairs.len() / CLASS).clamp(1, MOST_CLASSES);
    let bound = |class: usize| class * pairs.len() / count;
    let classes = (0..count).map(|class| &pairs[bound(class)..bound(class + 1)]);
    classes
        .map(|class| Class {
            mean: class.iter().map(|(mean, _)| mean).sum::<f64>() / class.len() as f64,
            variance: variance(class),
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use ndarray::Array3;

    use super::super::synthetic::lattice;
    use super::*;

    /// Counting mostly, reading mostly, both.
    const DETECTORS: [[f64; 2]; 5] = [
        [0.02, 0.0],
        [0.0, 0.05],
        [0.01, 0.03],
        [0.04, 0.1],
        [0.002, 0.005],
    ];

    fn copies(count: usize) -> Array3<f32> {
        let image = lattice((160, 150));
        Array3::from_shape_fn((count, 160, 150), |(_, x, y)| image[[x, y]])
    }

    /// The standard deviations at low and high intensity are found to a part.
    fn check(found: DetectorNoise, noise: DetectorNoise, part: f64) {
        for intensity in [0.1, 0.4, 0.8] {
            let ratio = (found.variance(intensity) / noise.variance(intensity)).sqrt();
            assert!(
                (ratio - 1.0).abs() < part,
                "{noise:?} {found:?} {intensity}"
            );
        }
    }

    #[test]
    fn the_noise_of_single_images_is_found_in_spite_of_atoms() {
        for [gain, read] in DETECTORS {
            let noise = DetectorNoise { gain, read };
            let images = noise.recorded(copies(4).view(), 11);
            let found = estimate_noise(images.view()).unwrap();
            check(found, noise, 0.05);
        }
        let none = estimate_noise(copies(1).view()).unwrap();
        assert!(none.variance(0.5).sqrt() < 2e-3, "{none:?}");
    }

    #[test]
    fn the_noise_of_frames_is_found_whatever_they_show() {
        // Every pixel another value: nothing for a filter to tell from noise.
        let rough = |x: usize, y: usize| 0.5 + 0.5 * ((x * x * 3 + 7 * y * x + y) as f32).sin();
        for [gain, read] in DETECTORS {
            let noise = DetectorNoise { gain, read };
            for frames in [
                copies(3),
                Array3::from_shape_fn((2, 200, 190), |(_, x, y)| rough(x, y)),
            ] {
                let found = noise_of_frames(noise.recorded(frames.view(), 12).view()).unwrap();
                check(found, noise, 0.05);
            }
        }
    }

    #[test]
    fn too_few_frames_and_small_images_are_said() {
        let one = noise_of_frames(copies(1).view());
        assert_eq!(one, Err(DenoiseError::Frames));
        let small = Array3::from_shape_fn((2, 15, 40), |(k, x, y)| (k + x + y) as f32);
        let error = noise_of_frames(small.view()).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("15 × 40 pixels; at least 16 × 16")
        );
        assert!(estimate_noise(small.view()).is_err());
    }
}
