//! The background under a sample (Methods, "Image preprocessing", step 3): the sample is masked by a
//! threshold, and the background within the mask is the solution of Laplace's equation that takes the
//! values of the image along the border of the mask.

use ndarray::{Array2, ArrayView2, Axis, Zip};

use super::image_error::{ImageError, check_image};
use super::laplace::laplace_fill;
use crate::aet::morphology::{closed, grown, smoothed};
use crate::aet::otsu::{BINS, histogram, otsu};

/// How the sample is masked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BackgroundOptions {
    /// What is brighter than this, in the units of the image smoothed by `smoothing_pixels`, is sample;
    /// `None` for Otsu's threshold of that image.
    pub threshold: Option<f64>,
    /// Standard deviation in pixels of the Gaussian by which the image is smoothed for the mask alone, so
    /// that neither noise nor the gaps between atoms cut the mask into pieces.
    pub smoothing_pixels: f64,
    /// Gaps of the mask up to this radius in pixels are closed.
    pub closing_pixels: f64,
    /// The mask is grown by this radius in pixels: it is to be slightly larger than the sample.
    pub grow_pixels: f64,
}

impl Default for BackgroundOptions {
    /// Otsu's threshold, 3 pixels of smoothing, 4 of closing, 12 of growth: four ångström for pixels of a
    /// third of an ångström. So far the image of an atom reaches, and what of it lies beyond the mask counts as
    /// background: with half of the growth the centre of mass of a particle is off by a sixth of a pixel.
    fn default() -> BackgroundOptions {
        BackgroundOptions {
            threshold: None,
            smoothing_pixels: 3.0,
            closing_pixels: 4.0,
            grow_pixels: 12.0,
        }
    }
}

/// Why a background is not found.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BackgroundError {
    /// The image cannot be used.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The mask leaves nothing to begin from.
    #[error(
        "the mask of the sample covers {percent:.0} % of the image, so that no background is seen; give a higher threshold, or leave the background as it is"
    )]
    Everywhere {
        /// Per cent of the pixels.
        percent: f64,
    },
    /// Nothing is brighter than the threshold.
    #[error(
        "no pixel is brighter than the threshold of {threshold}, so that there is no sample; give a lower one"
    )]
    Nowhere {
        /// As given or found.
        threshold: f64,
    },
    /// Image and mask do not belong together.
    #[error("the mask has {mask:?} pixels and the image {image:?}; give one mask pixel for each")]
    Size {
        /// Pixels of the image along x and y.
        image: (usize, usize),
        /// Pixels of the mask along x and y.
        mask: (usize, usize),
    },
    /// An option is no positive number.
    #[error("the {what} is {value}; it must be a finite number, 0 or more")]
    Option {
        /// Which.
        what: &'static str,
        /// As given.
        value: f64,
    },
}

/// An image without its background.
#[derive(Debug, Clone, PartialEq)]
pub struct Subtracted {
    /// The image less the background; zero outside the mask.
    pub image: Array2<f32>,
    /// The background: the image outside the mask, interpolated within.
    pub background: Array2<f32>,
    /// Where the sample is, slightly enlarged.
    pub mask: Array2<bool>,
}

/// The part of an image that shows the sample: smoothed, brighter than a threshold, closed and grown.
///
/// # Errors
/// [`BackgroundError`]: an image that cannot be used, an option that is no number, nothing found.
pub fn sample_mask(
    image: ArrayView2<'_, f32>,
    options: &BackgroundOptions,
) -> Result<Array2<bool>, BackgroundError> {
    check_image(image, 1)?;
    for (what, value) in [
        ("smoothing of the mask", options.smoothing_pixels),
        ("closing of the mask", options.closing_pixels),
        ("growth of the mask", options.grow_pixels),
    ] {
        if !(value.is_finite() && value >= 0.0) {
            return Err(BackgroundError::Option { what, value });
        }
    }
    let layer = image.insert_axis(Axis(2));
    let smooth = match options.smoothing_pixels {
        0.0 => layer.to_owned(),
        sigma => smoothed(layer, sigma),
    };
    let threshold = options.threshold.unwrap_or_else(|| {
        let values: Vec<f64> = smooth.iter().map(|&value| f64::from(value)).collect();
        let found = histogram(&values, BINS).and_then(|histogram| otsu(&histogram));
        // Constant once it is smoothed: nothing is brighter than its own value.
        found.unwrap_or(values[0])
    });
    let bright = smooth.mapv(|value| f64::from(value) > threshold);
    if !bright.iter().any(|&is| is) {
        return Err(BackgroundError::Nowhere { threshold });
    }
    let mask = grown(
        &closed(&bright, options.closing_pixels),
        options.grow_pixels,
    );
    Ok(mask.remove_axis(Axis(2)))
}

/// An image without the background that is seen around the sample and interpolated under it.
///
/// ```
/// use amorphous_packing::aet::preprocess::{BackgroundOptions, subtract_background};
/// use ndarray::Array2;
/// // A slope, with a bright disc of radius 8 on it.
/// let image = Array2::from_shape_fn((64, 64), |(x, y)| {
///     let inside = (x as f32 - 30.0).hypot(y as f32 - 33.0) < 8.0;
///     0.01 * (x + 2 * y) as f32 + if inside { 5.0 } else { 0.0 }
/// });
/// let found = subtract_background(image.view(), &BackgroundOptions::default())?;
/// assert!((found.image[[30, 33]] - 5.0).abs() < 1e-4 && found.image[[0, 0]] == 0.0);
/// # Ok::<(), amorphous_packing::aet::preprocess::BackgroundError>(())
/// ```
///
/// # Errors
/// [`BackgroundError`].
// ANCHOR: subtract
pub fn subtract_background(
    image: ArrayView2<'_, f32>,
    options: &BackgroundOptions,
) -> Result<Subtracted, BackgroundError> {
    let mask = sample_mask(image, options)?;
    let background = background_under(image, mask.view())?;
    let mut sample = image.to_owned();
    Zip::from(&mut sample)
        .and(&background)
        .for_each(|pixel, &background| *pixel -= background);
    Ok(Subtracted {
        image: sample,
        background,
        mask,
    })
}
// ANCHOR_END: subtract

/// The background of an image: itself outside the mask, and within it the harmonic function with the values
/// of the image around the mask. What is not harmonic is missed: within a disc of radius R, a background of
/// Laplacian L by up to L·R²/4. Where the mask reaches the border of the image, the background ends there
/// without a slope.
///
/// # Errors
/// [`BackgroundError`]: a mask of another size, or one that covers all.
pub fn background_under(
    image: ArrayView2<'_, f32>,
    mask: ArrayView2<'_, bool>,
) -> Result<Array2<f32>, BackgroundError> {
    if image.dim() != mask.dim() {
        return Err(BackgroundError::Size {
            image: image.dim(),
            mask: mask.dim(),
        });
    }
    check_image(image, 1)?;
    let values = image.mapv(f64::from);
    let filled = laplace_fill(values.view(), mask).ok_or_else(|| {
        let covered = mask.iter().filter(|&&is| is).count();
        BackgroundError::Everywhere {
            percent: 100.0 * covered as f64 / mask.len().max(1) as f64,
        }
    })?;
    Ok(filled.mapv(|value| value as f32))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    /// A particle of about the kind of the Pd samples on a support film whose thickness varies smoothly, and
    /// not harmonically: a slope, a hill wider than the particle, and a shallow wave.
    fn scene(noise: f32) -> (Array2<f32>, Array2<f32>) {
        let side = 280;
        let background = Array2::from_shape_fn((side, side), |(x, y)| {
            let (x, y) = (x as f32 / side as f32, y as f32 / side as f32);
            let hill = (-((x - 0.8).powi(2) + (y - 0.25).powi(2)) / 0.8).exp();
            2.0 + 0.8 * x - 0.3 * y + 0.3 * hill + 0.05 * (3.0 * x + 2.0 * y).sin()
        });
        let mut state = 7_u32;
        let image = Array2::from_shape_fn((side, side), |(x, y)| {
            let from = (x as f32 - 138.0).hypot(y as f32 - 145.0);
            let thickness = (1.0 - (from / 62.0).powi(2)).max(0.0).sqrt();
            let atoms = 1.0 + 0.5 * (0.9 * x as f32).sin() * (0.8 * y as f32).cos();
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let even = state as f32 / u32::MAX as f32 - 0.5;
            background[[x, y]] + 20.0 * thickness * atoms + noise * even
        });
        (image, background)
    }

    #[test]
    fn a_realistic_background_is_found_within_two_per_cent_of_its_range() {
        for (noise, worst_allowed) in [(0.0, 2.1), (0.1, 4.0)] {
            let (image, background) = scene(noise);
            let found = subtract_background(image.view(), &BackgroundOptions::default()).unwrap();
            let range = background.fold(f32::MIN, |m, &v| m.max(v))
                - background.fold(f32::MAX, |m, &v| m.min(v));
            let inside = found.mask.indexed_iter().filter(|(_, is)| **is);
            let errors = inside.map(|(at, _)| (found.background[at] - background[at]).abs());
            let worst = 100.0 * errors.fold(0.0, f32::max) / range;
            assert!(worst < worst_allowed, "{worst} %");
            let ends = Zip::from(&found.image)
                .and(&found.mask)
                .fold(true, |all, &value, &is| all && (is || value == 0.0));
            assert!(ends, "outside the mask the image is its own background");
            // The mask is larger than the particle of radius 62, but not by much.
            let area = found.mask.iter().filter(|&&is| is).count() as f64;
            let radius = (area / std::f64::consts::PI).sqrt();
            assert!((62.0..80.0).contains(&radius), "{radius}");
        }
    }

    #[test]
    fn what_has_no_background_or_no_sample_is_refused() {
        let (image, _) = scene(0.0);
        let refusal = |options: BackgroundOptions| {
            let error = subtract_background(image.view(), &options).unwrap_err();
            error.to_string()
        };
        let with = BackgroundOptions::default;
        assert!(
            refusal(BackgroundOptions {
                threshold: Some(-1.0),
                ..with()
            })
            .contains("covers 100 % of the image")
        );
        assert!(
            refusal(BackgroundOptions {
                threshold: Some(1e6),
                ..with()
            })
            .contains("no pixel is brighter than the threshold of 1000000")
        );
        assert!(
            refusal(BackgroundOptions {
                grow_pixels: f64::NAN,
                ..with()
            })
            .contains("the growth of the mask is NaN")
        );
        let small = Array2::from_elem((3, 3), true);
        let error = background_under(image.view(), small.view()).unwrap_err();
        assert!(error.to_string().contains("the mask has (3, 3) pixels"));
    }
}
