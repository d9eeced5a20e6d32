//! The published intermediate results of the film between volume and model: all traced peaks, the
//! support, and the model before its refinement.

use ndarray::Array3;

use super::models::{ReadError, open, positions};
use super::sample::Sample;
use super::store::{DataStore, Located};
use crate::atoms::Vec3;
use crate::progress::Progress;

/// The file of all traced peaks of the film.
pub const PEAKS: &str = "4_Atom_tracing/Input/Atom_tracing_all_peaks_Ta_film.mat";
/// The file of the support of the film.
pub const SUPPORT: &str = "4_Atom_tracing/Input/tight_support_Ta_film.mat";
/// The file of the model of the film before its refinement.
pub const UNREFINED: &str = "5_Position_refinement/Input/Ta_film/atomic_model_Ta_film.mat";
/// The same of the two particles.
const UNREFINED_PD: [&str; 2] = [
    "5_Position_refinement/Input/Pd1_nanoparticle/atomic_model_Pd1_particle.mat",
    "5_Position_refinement/Input/Pd2_nanoparticle/atomic_model_Pd2_particle.mat",
];

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

/// The model of a sample before its refinement, in ångström, in the order of its final model.
///
/// # Errors
/// [`ReadError`]; also for a simulated sample, which is not published.
pub fn read_unrefined_of(
    store: &DataStore,
    sample: Sample,
    progress: &dyn Progress,
) -> Result<(Vec<Vec3>, Located), ReadError> {
    let file = match sample {
        Sample::TaFilm => UNREFINED,
        Sample::Pd1 => UNREFINED_PD[0],
        Sample::Pd2 => UNREFINED_PD[1],
        Sample::Simulated(_) => return Err(ReadError::NotPublished { sample }),
    };
    read_places(store, file, "model", progress)
}

/// The support of the film, axes x, y, z, and its file.
///
/// # Errors
/// [`ReadError`].
pub fn read_support(
    store: &DataStore,
    progress: &dyn Progress,
) -> Result<(Array3<bool>, Located), ReadError> {
    let (mat, located) = open(store, SUPPORT, progress)?;
    let support = mat.volume_f32("tight_support")?;
    Ok((support.mapv(|value| value > 0.5), located))
}

fn read_places(
    store: &DataStore,
    file: &str,
    variable: &str,
    progress: &dyn Progress,
) -> Result<(Vec<Vec3>, Located), ReadError> {
    let (mat, located) = open(store, file, progress)?;
    let table = mat.matrix(variable, Some(3), None)?;
    Ok((positions(&table), located))
}
