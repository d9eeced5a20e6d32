//! The tables of the tomography: R-factors of a reconstruction, power of a tilt series
//! (Supplementary Figs. 1–3).

use polars::prelude::*;

use crate::aet::RFactors;

/// The R-factors of the iterations, from 1: `iteration, r1, r2`.
///
/// # Errors
/// Only those of polars.
pub fn r_factor_table(r_factors: &[RFactors]) -> PolarsResult<DataFrame> {
    let iterations: Vec<u32> = (1..).take(r_factors.len()).collect();
    df!(
        "iteration" => iterations,
        "r1" => r_factors.iter().map(|r| r.r1).collect::<Vec<_>>(),
        "r2" => r_factors.iter().map(|r| r.r2).collect::<Vec<_>>(),
    )
}

/// The mean of a power spectrum over all directions, pairs of frequency in 1/Å and power
/// ([`crate::aet::radial_power`]): `q_per_angstrom, power`.
///
/// # Errors
/// Only those of polars.
pub fn radial_power_table(power: &[(f64, f64)]) -> PolarsResult<DataFrame> {
    df!(
        "q_per_angstrom" => power.iter().map(|(q, _)| *q).collect::<Vec<_>>(),
        "power" => power.iter().map(|(_, power)| *power).collect::<Vec<_>>(),
    )
}
