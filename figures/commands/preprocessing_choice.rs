//! The parameters of the denoising, chosen on a simulated image that went through the same steps with the
//! same noise (Methods, "Image preprocessing", step 2).

use amorphous_packing::aet::preprocess::{
    Bm3d, Chosen, Conditions, DriftOptions, Rehearsal, averaged, choose_on, correct_drift,
};
use amorphous_packing::aet::{DetectorNoise, TiltAngles, shift_images};
use amorphous_packing::numerics::quantiles;
use amorphous_packing::progress::Progress;
use anyhow::{Context, Result};
use ndarray::{Array2, ArrayView3, Axis};

use crate::panels::specimen::glass_ball;

/// The simulated sample: a ball of tantalum glass as thick as the samples of the paper, and pixels about it.
const RADIUS_ANGSTROM: f64 = 25.0;
const MARGIN: usize = 12;
/// It drifts in a frame by so many pixels (Methods: less than one between frames).
const DRIFT_PIXELS: f64 = 0.3;
/// The part of the pixels that are darker or brighter than the background and the sample.
const BEYOND: f64 = 0.01;

/// The parameters that suit images of these frames best: as many simulated frames of a ball of atoms, as
/// bright, are given the noise of a frame, and their corrected average is denoised with each set.
///
/// # Errors
/// When the frames cannot be used.
pub fn chosen_for(
    frames: ArrayView3<'_, f32>,
    noise: DetectorNoise,
    pixel_angstrom: f64,
    drift: &DriftOptions,
    progress: &dyn Progress,
) -> Result<Chosen> {
    let (clean, noisy) = simulated(frames, pixel_angstrom, noise, drift)?;
    let left = averaged(noise, frames.len_of(Axis(0)));
    Ok(choose_on(
        clean.view(),
        noisy.view(),
        &left,
        &Bm3d::candidates(),
        progress,
    )?)
}

/// A simulated image without noise, and the average of its noisy frames.
fn simulated(
    frames: ArrayView3<'_, f32>,
    pixel_angstrom: f64,
    noise: DetectorNoise,
    drift: &DriftOptions,
) -> Result<(Array2<f32>, Array2<f32>)> {
    let values: Vec<f64> = frames.iter().map(|&value| f64::from(value)).collect();
    let [dark, bright] = quantiles(values, [BEYOND, 1.0 - BEYOND]).unwrap_or_default();
    // Without counting, a unit that makes the noise of counting small beside that of reading.
    let electron = match noise.gain {
        0.0 => 1e-3 * noise.read.max(1e-3 * (bright - dark)),
        gain => gain,
    };
    let mut ball = glass_ball(RADIUS_ANGSTROM)?;
    ball.pixel_angstrom = pixel_angstrom;
    let side = ball.side(MARGIN);
    let count = frames.len_of(Axis(0));
    let conditions = Conditions {
        frames: count,
        slow_scan: drift.slow_scan,
        drift_pixels: DRIFT_PIXELS,
        shift_pixels: 0.0,
        brightest: (bright - dark) / electron,
        background: (dark / (bright - dark)).max(0.0),
        read: noise.read / electron,
        ..Conditions::default()
    };
    let rehearsal = Rehearsal::new(
        &ball.in_pixels(),
        &ball.factor,
        pixel_angstrom,
        (side, side),
        &[TiltAngles::default()],
        conditions,
    );
    let recorded = rehearsal.record(0);
    let corrected = correct_drift(recorded.frames.view(), drift)
        .context("the simulated frames, on which parameters of the denoising are chosen")?;
    let still = rehearsal.clean().index_axis(Axis(0), 0).to_owned() + &recorded.background;
    let moved = shift_images(still.insert_axis(Axis(0)).view(), &[recorded.centre]);
    let units = electron as f32;
    Ok((
        moved.index_axis_move(Axis(0), 0) * units,
        corrected.image * units,
    ))
}
