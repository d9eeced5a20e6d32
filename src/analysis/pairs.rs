//! The pair distribution of any sample, open or repeated, in lengths that follow its own.

use crate::atoms::Atoms;
use crate::geometry::AlphaShape;
use crate::order::{
    self, PairCurves, PairDistribution, PairDistributionError, RANGE_ANGSTROM,
    open_pair_distribution, periodic_pair_distribution,
};

use super::error::AnalysisError;
use super::lengths::Lengths;

/// g(r) of all atoms of a sample: by the mean density in a cell that is repeated along all directions,
/// by the shape of the sample elsewhere. Range and shells are those of the paper times the scale of
/// `lengths`.
///
/// # Errors
/// [`AnalysisError`] when the atoms span no volume or are too few.
pub fn pair_distribution(
    atoms: &Atoms,
    lengths: Lengths,
) -> Result<PairDistribution, AnalysisError> {
    let found = measured(atoms, lengths, |atoms, shape| match shape {
        None => periodic_pair_distribution(atoms),
        Some(shape) => open_pair_distribution(atoms, shape),
    })?;
    Ok(found.stretched(lengths.scale))
}

/// g(r) of all atoms of a sample, as a whole and by the elements of the pairs; otherwise as
/// [`pair_distribution`].
///
/// # Errors
/// As of [`pair_distribution`].
pub fn pair_curves(atoms: &Atoms, lengths: Lengths) -> Result<PairCurves, AnalysisError> {
    let found = measured(atoms, lengths, order::pair_curves)?;
    Ok(found.stretched(lengths.scale))
}

/// What `measure` finds of the atoms in the paper's lengths, and of the shape that they fill unless they
/// are repeated along all directions.
fn measured<T>(
    atoms: &Atoms,
    lengths: Lengths,
    measure: impl Fn(&Atoms, Option<&AlphaShape>) -> Result<T, PairDistributionError>,
) -> Result<T, AnalysisError> {
    let scaled = (lengths.scale != 1.0).then(|| atoms.scaled(1.0 / lengths.scale));
    let atoms = scaled.as_ref().unwrap_or(atoms);
    let shape = match atoms.boundary().directions() {
        [true, true, true] => None,
        _ => {
            let alpha = lengths.alpha / lengths.scale;
            Some(AlphaShape::about(atoms, RANGE_ANGSTROM, alpha)?)
        }
    };
    Ok(measure(atoms, shape.as_ref())?)
}
