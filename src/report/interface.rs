//! The tables of Supplementary Fig. 22: the profile, the fitted curve, and the width.

use polars::prelude::*;

use crate::order::InterfaceProfile;

use super::rows::Rows;

/// The step of the fitted curve in ångström.
const CURVE_STEP_ANGSTROM: f64 = 0.1;

/// The profile (Supplementary Fig. 22): `sample, distance_angstrom, mean_normalised_boo, atoms`.
///
/// # Errors
/// Only those of polars.
pub fn interface_table(entries: &[Rows<'_, &InterfaceProfile>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut distance) = (Vec::new(), Vec::new());
    let (mut order, mut atoms) = (Vec::new(), Vec::new());
    for Rows {
        sample,
        of: profile,
        ..
    } in entries
    {
        for bin in &profile.bins {
            samples.push(*sample);
            distance.push(bin.distance_angstrom);
            order.push(bin.mean_normalised_boo);
            atoms.push(bin.atoms);
        }
    }
    df!(
        "sample" => samples,
        "distance_angstrom" => distance,
        "mean_normalised_boo" => order,
        "atoms" => atoms,
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
    let (mut samples, mut distance, mut order) = (Vec::new(), Vec::new(), Vec::new());
    for Rows {
        sample,
        of: profile,
        ..
    } in entries
    {
        let Some(fit) = profile.fit(from_angstrom) else {
            continue;
        };
        let places = profile.bins.iter().map(|bin| bin.distance_angstrom);
        let fitted = places.filter(|&x| x >= from_angstrom);
        let (low, high) = fitted.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        let steps = ((high - low) / CURVE_STEP_ANGSTROM).round() as u32;
        for step in 0..=steps {
            let x = low + f64::from(step) * CURVE_STEP_ANGSTROM;
            samples.push(*sample);
            distance.push(x);
            order.push(fit.at(x));
        }
    }
    df!(
        "sample" => samples,
        "distance_angstrom" => distance,
        "fitted_normalised_boo" => order,
    )
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
    let (mut samples, mut from) = (Vec::new(), Vec::new());
    let (mut a, mut b) = (Vec::new(), Vec::new());
    let (mut width, mut error) = (Vec::new(), Vec::new());
    for Rows {
        sample,
        of: profile,
        ..
    } in entries
    {
        for &first in from_angstrom {
            let Some(fit) = profile.fit(first) else {
                continue;
            };
            samples.push(*sample);
            from.push(first);
            a.push(fit.a);
            b.push(fit.b);
            width.push(fit.width_angstrom);
            error.push(fit.width_error_angstrom);
        }
    }
    df!(
        "sample" => samples,
        "fit_from_angstrom" => from,
        "a" => a,
        "b" => b,
        "width_angstrom" => width,
        "width_error_angstrom" => error,
    )
}
