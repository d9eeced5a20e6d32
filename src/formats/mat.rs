//! MATLAB's MAT-files (version 5, as `save` writes without `-v7.3`): the format of the public data.
//!
//! The crate `matrw` decodes one variable; this file finds the variables in the file, so that a
//! truncated file, a MATLAB object or garbage cannot take the others along, and turns every numeric
//! class into `f64`. Layout: MathWorks, "MAT-File Format", "MAT-File Level 5".

use std::cell::Cell;
use std::fmt;
use std::fs;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use matrw::{MatVariable, MatlabType};
use ndarray::{Array2, Array3, ArrayD, IxDyn, ShapeBuilder};

/// Length of the header of a file, in bytes.
const HEADER: usize = 128;
/// Length of a tag, type and byte count, in bytes.
const TAG: usize = 8;
/// Data type of an array.
const MI_MATRIX: u32 = 14;
/// Data type of a compressed array.
const MI_COMPRESSED: u32 = 15;

/// So many variables of a file are named where another one is missing.
const LISTED: usize = 8;

/// The variables of one MAT-file.
#[derive(Debug)]
pub struct MatFile {
    name: String,
    variables: Vec<(String, MatVariable)>,
    undecoded: usize,
}

/// Why a MAT-file does not give what was asked of it. Each is one sentence that names the file.
#[derive(Debug, thiserror::Error)]
pub enum MatError {
    /// The file cannot be read.
    #[error("{file}: cannot be read")]
    Unreadable {
        /// Path as given.
        file: String,
        /// What the operating system says.
        #[source]
        cause: io::Error,
    },
    /// It is no MAT-file of a kind that is read here.
    #[error("{file}: expected a MAT-file of version 5 (`save` without -v7.3), found {found}")]
    NotMat {
        /// Name of the file.
        file: String,
        /// What it is instead.
        found: String,
    },
    /// It ends too early.
    #[error(
        "{file}: is truncated: a variable at byte {offset} needs {expected} bytes, found {found}"
    )]
    Truncated {
        /// Name of the file.
        file: String,
        /// Where the variable begins.
        offset: usize,
        /// Bytes that the variable announces, with its tag.
        expected: usize,
        /// Bytes that follow.
        found: usize,
    },
    /// A variable is not there.
    #[error("{file}: expected a variable '{variable}', found {}", inventory(there, *undecoded))]
    Missing {
        /// Name of the file.
        file: String,
        /// The variable asked for.
        variable: String,
        /// The variables that are there.
        there: Vec<String>,
        /// Variables whose name or content could not be decoded.
        undecoded: usize,
    },
    /// A variable does not hold real numbers.
    #[error("{file}: variable '{variable}' should hold real numbers, found {found}")]
    NotNumeric {
        /// Name of the file.
        file: String,
        /// Name of the variable.
        variable: String,
        /// What it holds.
        found: &'static str,
    },
    /// A variable has another shape.
    #[error(
        "{file}: variable '{variable}' should be {expected}, found {}",
        times(found)
    )]
    Shape {
        /// Name of the file.
        file: String,
        /// Name of the variable.
        variable: String,
        /// The shape asked for, `N` for any length.
        expected: String,
        /// The shape that is there.
        found: Vec<usize>,
    },
}

impl MatFile {
    /// Reads all variables of a file.
    ///
    /// # Errors
    /// [`MatError::Unreadable`], [`MatError::NotMat`] or [`MatError::Truncated`]. A variable that
    /// cannot be decoded is an error only once it is asked for.
    pub fn open(path: &Path) -> Result<MatFile, MatError> {
        let bytes = fs::read(path).map_err(|cause| MatError::Unreadable {
            file: path.display().to_string(),
            cause,
        })?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        MatFile::from_bytes(name.to_string_lossy().into_owned(), &bytes)
    }

    /// The same from the content of a file; `name` is for the messages.
    ///
    /// # Errors
    /// As [`MatFile::open`].
    pub fn from_bytes(name: String, bytes: &[u8]) -> Result<MatFile, MatError> {
        let mut file = MatFile {
            variables: Vec::new(),
            undecoded: 0,
            name,
        };
        let end = file.check_header(bytes)?;
        let mut offset = HEADER;
        while offset < end {
            let next = file.end_of_element(bytes, offset)?;
            match decode(&bytes[offset..next]) {
                Some(variables) => file.variables.extend(variables),
                None => file.undecoded += 1,
            }
            offset = next;
        }
        Ok(file)
    }

    /// The names of the variables, in the order of the file; objects are among them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|(name, _)| name.as_str())
    }

    /// The name of the first variable, for files that hold one whose name is not known; empty where
    /// there is none.
    pub fn first_name(&self) -> &str {
        self.names().next().unwrap_or_default()
    }

    /// A numeric variable of any shape.
    ///
    /// # Errors
    /// [`MatError::Missing`] or [`MatError::NotNumeric`].
    pub fn array(&self, variable: &str) -> Result<ArrayD<f64>, MatError> {
        self.array_of(variable, to_f64)
    }

    /// A numeric variable of any shape, its values as `convert` gives them.
    fn array_of<T>(
        &self,
        variable: &str,
        convert: impl FnOnce(&MatlabType) -> Option<Vec<T>>,
    ) -> Result<ArrayD<T>, MatError> {
        let missing = || MatError::Missing {
            file: self.name.clone(),
            variable: variable.to_owned(),
            there: self.names().map(str::to_owned).collect(),
            undecoded: self.undecoded,
        };
        let not_numeric = |found| MatError::NotNumeric {
            file: self.name.clone(),
            variable: variable.to_owned(),
            found,
        };
        let (_, content) = self
            .variables
            .iter()
            .find(|(name, _)| name == variable)
            .ok_or_else(missing)?;
        let MatVariable::NumericArray(array) = content else {
            return Err(not_numeric(kind(content)));
        };
        if array.value_cmp.is_some() {
            return Err(not_numeric("complex numbers"));
        }
        let values = convert(&array.value).ok_or_else(|| not_numeric("text"))?;
        let column_major = IxDyn(&array.dim).f();
        ArrayD::from_shape_vec(column_major, values).map_err(|_| missing())
    }

    /// A variable of two dimensions; `None` allows any number of rows or columns.
    ///
    /// # Errors
    /// As [`MatFile::array`], and [`MatError::Shape`].
    pub fn matrix(
        &self,
        variable: &str,
        rows: Option<usize>,
        cols: Option<usize>,
    ) -> Result<Array2<f64>, MatError> {
        let array = self.array(variable)?;
        let fits = |wanted: Option<usize>, found| wanted.is_none_or(|wanted| wanted == found);
        let shape = self.shape_error(
            variable,
            &format!("{}×{}", length(rows), length(cols)),
            &array,
        );
        match array.into_dimensionality() {
            Ok(matrix) if fits(rows, matrix.nrows()) && fits(cols, matrix.ncols()) => Ok(matrix),
            _ => Err(shape),
        }
    }

    /// A variable of three dimensions: a volume, or a stack of images; a single image counts as a
    /// stack of one, for MATLAB drops a last dimension of one.
    ///
    /// # Errors
    /// As [`MatFile::array`], and [`MatError::Shape`].
    pub fn volume(&self, variable: &str) -> Result<Array3<f64>, MatError> {
        self.volume_of(variable, to_f64)
    }

    /// The same in single precision, in which the public images and volumes are saved.
    ///
    /// # Errors
    /// As [`MatFile::volume`].
    pub fn volume_f32(&self, variable: &str) -> Result<Array3<f32>, MatError> {
        self.volume_of(variable, to_f32)
    }

    fn volume_of<T>(
        &self,
        variable: &str,
        convert: impl FnOnce(&MatlabType) -> Option<Vec<T>>,
    ) -> Result<Array3<T>, MatError> {
        let mut array = self.array_of(variable, convert)?;
        let shape = self.shape_error(variable, "N×N×N", &array);
        if array.ndim() == 2 {
            array.insert_axis_inplace(ndarray::Axis(2));
        }
        array.into_dimensionality().map_err(|_| shape)
    }

    /// A variable of one number.
    ///
    /// # Errors
    /// As [`MatFile::array`], and [`MatError::Shape`].
    pub fn scalar(&self, variable: &str) -> Result<f64, MatError> {
        Ok(self.matrix(variable, Some(1), Some(1))?[[0, 0]])
    }

    fn shape_error<T>(&self, variable: &str, expected: &str, array: &ArrayD<T>) -> MatError {
        MatError::Shape {
            file: self.name.clone(),
            variable: variable.to_owned(),
            expected: expected.to_owned(),
            found: array.shape().to_vec(),
        }
    }

    /// Checks the first 128 bytes and gives the end of the variables.
    fn check_header(&self, bytes: &[u8]) -> Result<usize, MatError> {
        let not_mat = |found: String| MatError::NotMat {
            file: self.name.clone(),
            found,
        };
        if bytes.len() < HEADER {
            return Err(not_mat(format!(
                "{} bytes, fewer than the {HEADER} of the header",
                bytes.len()
            )));
        }
        if bytes.starts_with(b"MATLAB 7.3 MAT-file") {
            return Err(not_mat("version 7.3".to_owned()));
        }
        match &bytes[124..HEADER] {
            [_, 1, b'I', b'M'] => {}
            [1, _, b'M', b'I'] => {
                return Err(not_mat("the byte order of another machine".to_owned()));
            }
            _ => return Err(not_mat("no header of a MAT-file".to_owned())),
        }
        // Bytes 116 to 124 say where the data of objects begin, zero or blanks if there are none.
        let mut subsystem = [0; 8];
        subsystem.copy_from_slice(&bytes[116..124]);
        let objects = match u64::from_le_bytes(subsystem) {
            0 | 0x2020_2020_2020_2020 => bytes.len(),
            offset => usize::try_from(offset).unwrap_or(usize::MAX),
        };
        Ok(objects.min(bytes.len()))
    }

    /// The end of the variable that begins at `offset`.
    fn end_of_element(&self, bytes: &[u8], offset: usize) -> Result<usize, MatError> {
        let rest = &bytes[offset..];
        let truncated = |expected| MatError::Truncated {
            file: self.name.clone(),
            offset,
            expected,
            found: rest.len(),
        };
        let tag = rest.get(..TAG).ok_or_else(|| truncated(TAG))?;
        let word = |at: usize| u32::from_le_bytes([tag[at], tag[at + 1], tag[at + 2], tag[at + 3]]);
        let (data_type, length) = (word(0), TAG + word(4) as usize);
        if !matches!(data_type, MI_MATRIX | MI_COMPRESSED) {
            return Err(MatError::NotMat {
                file: self.name.clone(),
                found: format!("no variable at byte {offset}"),
            });
        }
        if length > rest.len() {
            return Err(truncated(length));
        }
        Ok(offset + length)
    }
}

/// One matrix of one file: `rows` × `cols`, `None` for any number.
///
/// # Errors
/// [`MatError`], of opening the file or of [`MatFile::matrix`].
pub fn read_matrix(
    path: &Path,
    variable: &str,
    rows: Option<usize>,
    cols: Option<usize>,
) -> Result<Array2<f64>, MatError> {
    MatFile::open(path)?.matrix(variable, rows, cols)
}

/// One number of one file.
///
/// # Errors
/// [`MatError`], of opening the file or of [`MatFile::scalar`].
pub fn read_scalar(path: &Path, variable: &str) -> Result<f64, MatError> {
    MatFile::open(path)?.scalar(variable)
}

/// The variable of one element, by its name; `None` if the element cannot be decoded.
fn decode(element: &[u8]) -> Option<Vec<(String, MatVariable)>> {
    // matrw wants a file, and knows MATLAB's own header text only.
    let mut file = vec![b' '; HEADER];
    file[..21].copy_from_slice(b"MATLAB 5.0 MAT-file, ");
    file[116..124].fill(0);
    file[124..].copy_from_slice(&[0, 1, b'I', b'M']);
    file.extend_from_slice(element);
    let decoded = without_panic(|| matrw::load_matfile_from_u8(&file))?.ok()?;
    let variables: Vec<_> = decoded.into_iter().collect();
    // An element that ends too early inside is none at all to matrw.
    (!variables.is_empty()).then_some(variables)
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder that panics on bad input; `None` if it did. Its panic message is not printed.
fn without_panic<T>(decoder: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                usual(panic);
            }
        }));
    });
    QUIET.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(decoder));
    QUIET.set(false);
    result.ok()
}

fn to_f64(values: &MatlabType) -> Option<Vec<f64>> {
    Some(match values {
        MatlabType::F64(v) => v.clone(),
        MatlabType::F32(v) => v.iter().map(|&x| f64::from(x)).collect(),
        MatlabType::U8(v) => v.iter().map(|&x| f64::from(x)).collect(),
        MatlabType::I8(v) => v.iter().map(|&x| f64::from(x)).collect(),
        MatlabType::U16(v) => v.iter().map(|&x| f64::from(x)).collect(),
        MatlabType::I16(v) => v.iter().map(|&x| f64::from(x)).collect(),
        MatlabType::U32(v) => v.iter().map(|&x| f64::from(x)).collect(),
        MatlabType::I32(v) => v.iter().map(|&x| f64::from(x)).collect(),
        // Beyond 2^53 the nearest double; no count or index of ours comes near.
        MatlabType::U64(v) => v.iter().map(|&x| x as f64).collect(),
        MatlabType::I64(v) => v.iter().map(|&x| x as f64).collect(),
        MatlabType::BOOL(v) => v.iter().map(|&x| f64::from(u8::from(x))).collect(),
        MatlabType::UTF8(_) | MatlabType::UTF16(_) => return None,
    })
}

/// Doubles are rounded; singles are kept as they are.
fn to_f32(values: &MatlabType) -> Option<Vec<f32>> {
    match values {
        MatlabType::F32(v) => Some(v.clone()),
        others => Some(to_f64(others)?.into_iter().map(|x| x as f32).collect()),
    }
}

fn kind(variable: &MatVariable) -> &'static str {
    match variable {
        MatVariable::CellArray(_) => "a cell array",
        MatVariable::Structure(_) | MatVariable::StructureArray(_) => "a structure",
        MatVariable::SparseArray(_) => "a sparse matrix",
        _ => "a MATLAB object",
    }
}

fn length(wanted: Option<usize>) -> String {
    wanted.map_or_else(|| "N".to_owned(), |length| length.to_string())
}

fn times(shape: &[usize]) -> String {
    let lengths: Vec<_> = shape.iter().map(usize::to_string).collect();
    lengths.join("×")
}

fn inventory(there: &[String], undecoded: usize) -> String {
    let names = match there {
        [] => "no variable".to_owned(),
        names if names.len() <= LISTED => names.join(", "),
        names => format!(
            "{} and {} more",
            names[..LISTED].join(", "),
            names.len() - LISTED
        ),
    };
    match undecoded {
        0 => names,
        1 => format!("{names} and one that cannot be decoded"),
        more => format!("{names} and {more} that cannot be decoded"),
    }
}

impl fmt::Display for MatFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.names().collect();
        write!(f, "{}: {}", self.name, names.join(", "))
    }
}
