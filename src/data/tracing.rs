//! The published intermediate results of the film between volume and model: all traced peaks, the
//! support, and the model before its refinement.

use ndarray::{Array2, Array3};

use super::models::ReadError;
use super::store::{DataStore, Located};
use crate::atoms::Vec3;
use crate::formats::mat::MatFile;
use crate::progress::Progress;

/// The file of all traced peaks of the film.
pub const PEAKS: &str = "4_Atom_tracing/Input/Atom_tracing_all_peaks_Ta_film.mat";
/// The file of the support of the film.
pub const SUPPORT: &str = "4_Atom_tracing/Input/tight_support_Ta_film.mat";
/// The file of the model of the film before its refinement.
pub const UNREFINED: &str = "5_Position_refinement/Input/Ta_film/atomic_model_Ta_film.mat";

/// The traced peaks of the film, in its voxels counted from 1, and their file.
///
/// # Errors
/// [`ReadError`].
pub fn read_peaks(
    store: &DataStore,
    progress: &dyn Progress,
) -> Result<(Vec<Vec3>, Located), ReadError> {
    read_places(store, PEAKS, "Allatom_pos", progress)
}

/// The model of the film before its refinement, in ångström from the centre of the film, and its
/// file; the atoms are in the order of the final model.
///
/// # Errors
/// [`ReadError`].
pub fn read_unrefined(
    store: &DataStore,
    progress: &dyn Progress,
) -> Result<(Vec<Vec3>, Located), ReadError> {
    read_places(store, UNREFINED, "model", progress)
}

/// The support of the film, axes x, y, z, and its file.
///
/// # Errors
/// [`ReadError`].
pub fn read_support(
    store: &DataStore,
    progress: &dyn Progress,
) -> Result<(Array3<bool>, Located), ReadError> {
    let located = store.locate(SUPPORT, progress)?;
    let support = MatFile::open(&located.path)?.volume_f32("tight_support")?;
    Ok((support.mapv(|value| value > 0.5), located))
}

fn read_places(
    store: &DataStore,
    file: &str,
    variable: &str,
    progress: &dyn Progress,
) -> Result<(Vec<Vec3>, Located), ReadError> {
    let located = store.locate(file, progress)?;
    let table = MatFile::open(&located.path)?.matrix(variable, Some(3), None)?;
    Ok((columns(&table), located))
}

/// The columns of a 3×N matrix.
pub(super) fn columns(table: &Array2<f64>) -> Vec<Vec3> {
    let columns = table.columns().into_iter();
    columns
        .map(|column| Vec3::new(column[0], column[1], column[2]))
        .collect()
}
