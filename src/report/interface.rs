//! The tables of Supplementary Fig. 22: the profile, the fitted curve, and the width.

use polars::prelude::*;

use crate::order::{InterfaceBin, InterfaceFit, InterfaceProfile};

use super::rows::{Rows, column, flattened};

/// The step of the fitted curve in ångström.
const CURVE_STEP_ANGSTROM: f64 = 0.1;

/// The profile (Supplementary Fig. 22): `sample, distance_angstrom, mean_normalised_boo, atoms`.
///
/// # Errors
/// Only those of polars.
pub fn interface_table(entries: &[Rows<'_, &InterfaceProfile>]) -> PolarsResult<DataFrame> {
    let (samples, bins) = flattened(entries, |profile| profile.bins.iter().collect());
    df!(
        "sample" => samples,
        "distance_angstrom" => column(&bins, |bin: &&InterfaceBin| bin.distance_angstrom),
        "mean_normalised_boo" => column(&bins, |bin| bin.mean_normalised_boo),
        "atoms" => column(&bins, |bin| bin.atoms),
    )
}

/// The fitted curve over the distances it was fitted to: `sample, distance_angstrom,
/// fitted_normalised_boo`.
///
/// # Errors
/// Only those of polars.
pub fn interface_curve_table(
    entries: &[Rows<'_, &InterfaceProfile>],
    from_angstrom: f64,
) -> PolarsResult<DataFrame> {
    let (samples, points) = flattened(entries, |profile| fitted_curve(profile, from_angstrom));
    df!(
        "sample" => samples,
        "distance_angstrom" => column(&points, |point| point.0),
        "fitted_normalised_boo" => column(&points, |point| point.1),
    )
}

/// Points of the decay from the first to the last distance that it was fitted to; none without a fit.
fn fitted_curve(profile: &InterfaceProfile, from_angstrom: f64) -> Vec<(f64, f64)> {
    let Some(fit) = profile.fit(from_angstrom) else {
        return Vec::new();
    };
    let places = profile.bins.iter().map(|bin| bin.distance_angstrom);
    let fitted = places.filter(|&x| x >= from_angstrom);
    let (low, high) = fitted.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
        (low.min(x), high.max(x))
    });
    let steps = ((high - low) / CURVE_STEP_ANGSTROM).round() as u32;
    let places = (0..=steps).map(|step| low + f64::from(step) * CURVE_STEP_ANGSTROM);
    places.map(|x| (x, fit.at(x))).collect()
}

/// The fits (Supplementary Fig. 22), a row for each sample and each distance in `from_angstrom`
/// where the decay can be fitted: `sample, fit_from_angstrom, a, b, width_angstrom,
/// width_error_angstrom`.
///
/// # Errors
/// Only those of polars.
pub fn interface_fit_table(
    entries: &[Rows<'_, &InterfaceProfile>],
    from_angstrom: &[f64],
) -> PolarsResult<DataFrame> {
    let (samples, fits) = flattened(entries, |profile| -> Vec<(f64, InterfaceFit)> {
        let fits = from_angstrom.iter();
        fits.filter_map(|&from| Some((from, profile.fit(from)?)))
            .collect()
    });
    df!(
        "sample" => samples,
        "fit_from_angstrom" => column(&fits, |fit| fit.0),
        "a" => column(&fits, |fit| fit.1.a),
        "b" => column(&fits, |fit| fit.1.b),
        "width_angstrom" => column(&fits, |fit| fit.1.width_angstrom),
        "width_error_angstrom" => column(&fits, |fit| fit.1.width_error_angstrom),
    )
}
