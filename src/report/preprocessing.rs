//! The tables of the preprocessing: what was found at each tilt, and how alike images of one tilt are
//! (Methods, "Image preprocessing"; Fig. S4).

use polars::prelude::*;

use crate::aet::preprocess::{Change, Tried, alike_up_to, mean_alike};
use crate::aet::{DetectorNoise, TiltAngles};

/// What was found at one tilt.
#[derive(Debug, Clone, PartialEq)]
pub struct TiltRow {
    /// Where its frames come from.
    pub source: String,
    /// Its angles.
    pub angles: TiltAngles,
    /// Its frames.
    pub frames: usize,
    /// How far the sample drifts during the first frame, along x and y in pixels.
    pub drift: [f64; 2],
    /// The mean coefficient of correlation of a frame with the others, as taken; not for one frame.
    pub coefficient_before: Option<f64>,
    /// The same once the drift is corrected.
    pub coefficient_after: Option<f64>,
    /// The noise of a frame.
    pub noise: DetectorNoise,
    /// Where the centre of the object lies, from the centre of the image, along x and y in pixels.
    pub shift: [f64; 2],
}

/// A row for each tilt: `source, phi_deg, theta_deg, psi_deg, frames, drift_x_px, drift_y_px,
/// coefficient_before, coefficient_after, gain, read, shift_x_px, shift_y_px`.
///
/// # Errors
/// Only those of polars.
pub fn tilt_table(rows: &[TiltRow]) -> PolarsResult<DataFrame> {
    let column = |value: fn(&TiltRow) -> f64| -> Vec<f64> { rows.iter().map(value).collect() };
    let optional = |value: fn(&TiltRow) -> Option<f64>| -> Vec<Option<f64>> {
        rows.iter().map(value).collect()
    };
    df!(
        "source" => rows.iter().map(|row| row.source.replace(',', ";")).collect::<Vec<_>>(),
        "phi_deg" => column(|row| row.angles.phi_deg),
        "theta_deg" => column(|row| row.angles.theta_deg),
        "psi_deg" => column(|row| row.angles.psi_deg),
        "frames" => rows.iter().map(|row| row.frames as u32).collect::<Vec<_>>(),
        "drift_x_px" => column(|row| row.drift[0]),
        "drift_y_px" => column(|row| row.drift[1]),
        "coefficient_before" => optional(|row| row.coefficient_before),
        "coefficient_after" => optional(|row| row.coefficient_after),
        "gain" => column(|row| row.noise.gain),
        "read" => column(|row| row.noise.read),
        "shift_x_px" => column(|row| row.shift[0]),
        "shift_y_px" => column(|row| row.shift[1]),
    )
}

/// The sets of parameters that were tried for the denoising: `strength, threshold, first_block, second_block,
/// correlation, psnr_db`.
///
/// # Errors
/// Only those of polars.
pub fn candidate_table(tried: &[Tried]) -> PolarsResult<DataFrame> {
    let column = |value: fn(&Tried) -> f64| -> Vec<f64> { tried.iter().map(value).collect() };
    let side = |value: fn(&Tried) -> usize| -> Vec<u32> {
        tried.iter().map(|tried| value(tried) as u32).collect()
    };
    df!(
        "strength" => column(|tried| tried.options.strength),
        "threshold" => column(|tried| tried.options.threshold),
        "first_block" => side(|tried| tried.options.hard.block),
        "second_block" => side(|tried| tried.options.wiener.block),
        "correlation" => column(|tried| tried.correlation),
        "psnr_db" => column(|tried| tried.psnr_db),
    )
}

/// A row for each image that was held against the first: `image, shift_x_px, shift_y_px, correlation,
/// alike_up_to_per_pixel, mean_ring_correlation`.
///
/// # Errors
/// Only those of polars.
pub fn change_table(changes: &[(String, &Change)]) -> PolarsResult<DataFrame> {
    let column = |value: fn(&Change) -> f64| -> Vec<f64> {
        changes.iter().map(|(_, change)| value(change)).collect()
    };
    let reach = changes.iter().map(|(_, change)| alike_up_to(&change.rings));
    let mean = changes.iter().map(|(_, change)| mean_alike(&change.rings));
    df!(
        "image" => changes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        "shift_x_px" => column(|change| change.registered.shift[0]),
        "shift_y_px" => column(|change| change.registered.shift[1]),
        "correlation" => column(|change| change.registered.coefficient),
        "alike_up_to_per_pixel" => reach.collect::<Vec<_>>(),
        "mean_ring_correlation" => mean.collect::<Vec<_>>(),
    )
}

/// The correlations of the Fourier rings: `image, q_per_angstrom, correlation`; without a size of the pixels
/// the frequency is per pixel, `q_per_pixel`.
///
/// # Errors
/// Only those of polars.
pub fn ring_table(
    changes: &[(String, &Change)],
    pixel_angstrom: Option<f64>,
) -> PolarsResult<DataFrame> {
    let rings = || {
        let of = changes.iter();
        of.flat_map(|(name, change)| change.rings.iter().map(move |ring| (name, ring)))
    };
    let pixel = pixel_angstrom.unwrap_or(1.0);
    let frequency: Vec<f64> = rings().map(|(_, ring)| ring.0 / pixel).collect();
    df!(
        "image" => rings().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        frequency_column(pixel_angstrom) => frequency,
        "correlation" => rings().map(|(_, ring)| ring.1).collect::<Vec<_>>(),
    )
}

/// The column of [`ring_table`] with the spatial frequency.
pub fn frequency_column(pixel_angstrom: Option<f64>) -> &'static str {
    match pixel_angstrom {
        Some(_) => "q_per_angstrom",
        None => "q_per_pixel",
    }
}
