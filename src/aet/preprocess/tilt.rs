//! One tilt: from its frames to an image without drift, noise and background, the first three steps of the
//! preprocessing in their order (Methods, "Image preprocessing", steps 1 to 3).

use ndarray::{Array2, ArrayView3, Axis};

use super::background::{BackgroundError, BackgroundOptions, subtract_background};
use super::bm3d::{Bm3d, DenoiseError, denoise_counted, estimate_noise};
use super::drift::{Corrected, DriftError, DriftOptions, correct_drift};
use crate::aet::noise::DetectorNoise;

/// What is done with the frames of a tilt.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TiltOptions {
    /// How drift is corrected.
    pub drift: DriftOptions,
    /// The noise of one frame; estimated from the frames without it.
    pub noise: Option<DetectorNoise>,
    /// How the average is denoised; `None` leaves it as it is.
    pub denoise: Option<Bm3d>,
    /// How the background is found; `None` leaves it.
    pub background: Option<BackgroundOptions>,
}

/// A tilt at each of its steps.
#[derive(Debug, Clone, PartialEq)]
pub struct TiltImage {
    /// After the first step: drift, its correction and the average of the frames.
    pub corrected: Corrected,
    /// The noise of one frame, given or estimated.
    pub noise: DetectorNoise,
    /// After the second step.
    pub denoised: Array2<f32>,
    /// After the third step.
    pub image: Array2<f32>,
    /// What the third step took away; `None` where nothing was to be.
    pub background: Option<Array2<f32>>,
}

/// Why the frames of a tilt do not become an image.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TiltError {
    /// Their drift is not found.
    #[error(transparent)]
    Drift(#[from] DriftError),
    /// The average cannot be denoised.
    #[error(transparent)]
    Denoise(#[from] DenoiseError),
    /// There is no background, or no sample.
    #[error(transparent)]
    Background(#[from] BackgroundError),
}

/// The frames of a tilt (by frame, x and y) as one image: drift corrected and averaged, denoised, background
/// subtracted.
///
/// # Errors
/// [`TiltError`]: the first step that cannot be taken.
pub fn tilt_image(
    frames: ArrayView3<'_, f32>,
    options: &TiltOptions,
) -> Result<TiltImage, TiltError> {
    // ANCHOR: tilt
    let corrected = correct_drift(frames, &options.drift)?;
    let noise = match options.noise {
        Some(noise) => noise,
        None => estimate_noise(frames).map_err(DenoiseError::from)?,
    };
    let denoised = match &options.denoise {
        Some(bm3d) => {
            let left = averaged(noise, frames.len_of(Axis(0)));
            denoise_counted(corrected.image.view(), &left, bm3d)?
        }
        None => corrected.image.clone(),
    };
    let (image, background) = match &options.background {
        Some(options) => {
            let found = subtract_background(denoised.view(), options)?;
            (found.image, Some(found.background))
        }
        None => (denoised.clone(), None),
    };
    // ANCHOR_END: tilt
    Ok(TiltImage {
        corrected,
        noise,
        denoised,
        image,
        background,
    })
}

/// The noise of the mean of so many frames.
pub fn averaged(noise: DetectorNoise, frames: usize) -> DetectorNoise {
    let frames = frames.max(1) as f64;
    DetectorNoise {
        gain: noise.gain / frames,
        read: noise.read / frames.sqrt(),
    }
}
