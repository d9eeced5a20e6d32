//! MAT-files with the coordinates of atoms in one matrix: the published models.

use ndarray::Array2;

use crate::atoms::Vec3;
use crate::formats::mat::{MatError, MatFile};

use super::error::StructureError;
use super::format::Format;
use super::frame::{ReadStructure, Structure};

/// The variables of the published models.
const MODELS: [&str; 2] = ["model", "modelarr"];

/// The one frame of a file.
pub(super) struct Mat {
    frame: Option<Structure>,
}

impl Mat {
    /// Reads the matrix of a file: `model` or `modelarr`, else the only one with three rows or columns.
    /// A matrix of 3 × 3 holds an atom in each column, as the published ones do.
    pub(super) fn new(bytes: &[u8]) -> Result<Mat, StructureError> {
        let file = MatFile::from_bytes("the MAT-file".to_owned(), bytes).map_err(undecoded)?;
        let names: Vec<String> = file.names().map(str::to_owned).collect();
        let (name, matrix) = match names.iter().find(|name| MODELS.contains(&name.as_str())) {
            Some(name) => (name, file.matrix(name, None, None).map_err(undecoded)?),
            None => only(&file, &names)?,
        };
        if !matrix.shape().contains(&3) {
            return Err(StructureError::Content(format!(
                "its variable '{name}' is {} × {}; a model has three rows or three columns",
                matrix.nrows(),
                matrix.ncols()
            )));
        }
        let positions = positions(&matrix);
        if let Some(atom) = positions.iter().position(|place| !place.is_finite()) {
            return Err(StructureError::Content(format!(
                "its variable '{name}' holds no finite place of atom {atom} (counted from 0)"
            )));
        }
        let frame = (!positions.is_empty()).then(|| Structure {
            positions,
            comment: name.clone(),
            ..Structure::default()
        });
        Ok(Mat { frame })
    }
}

/// The only matrix with a side of three.
fn only<'n>(
    file: &MatFile,
    names: &'n [String],
) -> Result<(&'n String, Array2<f64>), StructureError> {
    let matrix = |name: &'n String| Some((name, file.matrix(name, None, None).ok()?));
    let models = names.iter().filter_map(matrix);
    let mut models = models.filter(|(_, matrix)| matrix.shape().contains(&3));
    match (models.next(), models.next()) {
        (Some(model), None) => Ok(model),
        _ if names.is_empty() => Err(StructureError::Content("it holds no variables".to_owned())),
        (first, _) => {
            let several = if first.is_some() {
                "several matrices"
            } else {
                "no matrix"
            };
            let listed: Vec<&str> = names.iter().take(8).map(String::as_str).collect();
            Err(StructureError::Content(format!(
                "it holds {several} with three rows or columns among its variables ({}); name the one \
                 of the positions 'model'",
                listed.join(", ")
            )))
        }
    }
}

fn positions(matrix: &Array2<f64>) -> Vec<Vec3> {
    let atoms = match matrix.nrows() {
        3 => matrix.columns(),
        _ => matrix.rows(),
    };
    let place = |atom: ndarray::ArrayView1<'_, f64>| Vec3::new(atom[0], atom[1], atom[2]);
    atoms.into_iter().map(place).collect()
}

fn undecoded(cause: MatError) -> StructureError {
    StructureError::Undecoded {
        format: Format::Mat,
        cause: Box::new(cause),
    }
}

impl ReadStructure for Mat {
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError> {
        Ok(self.frame.take())
    }
}
