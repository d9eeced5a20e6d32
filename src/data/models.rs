//! The published atomic models: the final coordinates of the Ta film and the two Pd nanoparticles.

use std::path::Path;

use ndarray::Array2;

use super::sample::{Origin, Sample};
use super::store::{DataError, DataStore, Located};
use crate::atoms::{Atoms, AtomsError, Boundary, Vec3};
use crate::formats::mat::{MatError, MatFile};
use crate::progress::Progress;

/// Why a sample cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is absent or damaged.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The file does not hold what it should.
    #[error(transparent)]
    Mat(#[from] MatError),
    /// The file holds numbers that are no sample.
    #[error("{file}")]
    Atoms {
        /// Name of the file.
        file: String,
        /// What is wrong with the positions.
        #[source]
        cause: AtomsError,
    },
    /// The sample is not one of the public files.
    #[error("the sample {sample} is simulated; it is no public file")]
    NotPublished {
        /// The sample asked for.
        sample: Sample,
    },
}

impl ReadError {
    /// True if the file is merely not to be had; see [`DataError::is_absent`].
    pub fn is_absent(&self) -> bool {
        matches!(self, ReadError::Data(error) if error.is_absent())
    }
}

/// What was read; `None` if it is merely not to be had ([`ReadError::is_absent`]).
///
/// # Errors
/// Any other [`ReadError`].
pub fn at_hand<T>(read: Result<T, ReadError>) -> Result<Option<T>, ReadError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.is_absent() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The published model of a sample, in ångström, and the file it was read from.
///
/// The Ta model is stored in single precision; its coordinates are converted exactly.
///
/// # Errors
/// [`ReadError`]; also for a simulated sample, which is not published.
pub fn read_published(
    store: &DataStore,
    sample: Sample,
    progress: &dyn Progress,
) -> Result<(Atoms, Located), ReadError> {
    let Origin::Published {
        file,
        variable,
        atoms,
    } = sample.origin()
    else {
        return Err(ReadError::NotPublished { sample });
    };
    let (mat, located) = open(store, file, progress)?;
    let coordinates = mat.matrix(variable, Some(3), Some(atoms))?;
    let model = Atoms::new(sample.element(), positions(&coordinates), Boundary::Open)
        .map_err(|cause| named(&located.path, cause))?;
    Ok((model, located))
}

/// A MAT-file of the public data: the bytes that were checked are those that are decoded.
pub(super) fn open(
    store: &DataStore,
    file: &str,
    progress: &dyn Progress,
) -> Result<(MatFile, Located), ReadError> {
    let (located, bytes) = store.read(file, progress)?;
    let mat = MatFile::from_bytes(name_of(&located.path), bytes)?;
    Ok((mat, located))
}

/// The columns of a 3×N matrix.
pub(super) fn positions(coordinates: &Array2<f64>) -> Vec<Vec3> {
    coordinates
        .columns()
        .into_iter()
        .map(|column| Vec3::new(column[0], column[1], column[2]))
        .collect()
}

fn named(path: &Path, cause: AtomsError) -> ReadError {
    ReadError::Atoms {
        file: name_of(path),
        cause,
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
