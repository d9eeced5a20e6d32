//! The tables of the diffraction: S(Q) and g(r) (Supplementary Fig. 5).

use polars::prelude::*;

use crate::order::diffraction::{DiffractionPairs, Normalised};

/// A structure factor, by Q: `q_per_angstrom, s, standard_error, background`, the background in units of
/// the intensity.
///
/// # Errors
/// Only those of polars.
pub fn structure_factor_table(found: &Normalised) -> PolarsResult<DataFrame> {
    df!(
        "q_per_angstrom" => &found.structure_factor.q_per_angstrom,
        "s" => &found.structure_factor.s,
        "standard_error" => &found.standard_error,
        "background" => &found.background,
    )
}

/// g(r) by diffraction, by distance: `r_angstrom, reduced_per_square_angstrom, g`; where that of the atoms at
/// the same distances is known, also `g_model`.
///
/// # Errors
/// Only those of polars.
pub fn diffraction_pairs_table(
    found: &DiffractionPairs,
    model: Option<&[f64]>,
) -> PolarsResult<DataFrame> {
    let mut table = df!(
        "r_angstrom" => &found.r_angstrom,
        "reduced_per_square_angstrom" => &found.reduced,
        "g" => &found.g,
    )?;
    if let Some(model) = model {
        table.with_column(Column::new("g_model".into(), model))?;
    }
    Ok(table)
}
