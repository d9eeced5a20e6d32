//! MATLAB's MAT-files (version 5, as `save` writes without `-v7.3`): the format of the public data.
//!
//! This file finds the variables in the file, so that a truncated one, a MATLAB object or garbage
//! cannot take the others along, and turns every numeric class into `f64` or `f32`; what an element
//! is, `level5` knows. Nothing is decoded but what is asked for.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use ndarray::{Array2, Array3, ArrayD, IxDyn, ShapeBuilder};

use super::level5::{self, Content, Flaw, MI_COMPRESSED, MI_MATRIX, Order, Real, TAG, Variable};

/// Length of the header of a file, in bytes.
const HEADER: usize = 128;
/// So many variables of a file are named where another one is missing.
const LISTED: usize = 8;

/// The variables of one MAT-file.
#[derive(Debug)]
pub struct MatFile {
    name: String,
    bytes: Vec<u8>,
    order: Order,
    variables: Vec<Variable>,
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
    /// The numbers of a variable are damaged.
    #[error("{file}: variable '{variable}' cannot be decoded: {flaw}; get the file again")]
    Undecoded {
        /// Name of the file.
        file: String,
        /// Name of the variable.
        variable: String,
        /// What is wrong with it.
        flaw: &'static str,
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
    /// Opens a file and finds its variables.
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
        MatFile::from_bytes(name.to_string_lossy().into_owned(), bytes)
    }

    /// The same from the content of a file; `name` is for the messages.
    ///
    /// # Errors
    /// As [`MatFile::open`].
    pub fn from_bytes<'a>(
        name: String,
        bytes: impl Into<Cow<'a, [u8]>>,
    ) -> Result<MatFile, MatError> {
        let mut file = MatFile {
            variables: Vec::new(),
            undecoded: 0,
            order: Order::Little,
            bytes: bytes.into().into_owned(),
            name,
        };
        let end = file.check_header()?;
        let mut offset = HEADER;
        while offset < end {
            let next = file.end_of_element(offset)?;
            match level5::look(&file.bytes, offset..next, file.order) {
                Ok(variable) => file.variables.push(variable),
                Err(_) => file.undecoded += 1,
            }
            offset = next;
        }
        Ok(file)
    }

    /// The names of the variables, in the order of the file; objects are among them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|variable| variable.name.as_str())
    }

    /// The name of the first variable, for files that hold one whose name is not known; empty where
    /// there is none.
    pub fn first_name(&self) -> &str {
        self.names().next().unwrap_or_default()
    }

    /// A numeric variable of any shape.
    ///
    /// # Errors
    /// [`MatError::Missing`], [`MatError::NotNumeric`] or [`MatError::Undecoded`].
    pub fn array(&self, variable: &str) -> Result<ArrayD<f64>, MatError> {
        self.array_of(variable)
    }

    /// A numeric variable of any shape, its values in the precision of `T`.
    fn array_of<T: Real>(&self, variable: &str) -> Result<ArrayD<T>, MatError> {
        let missing = || MatError::Missing {
            file: self.name.clone(),
            variable: variable.to_owned(),
            there: self.names().map(str::to_owned).collect(),
            undecoded: self.undecoded,
        };
        let undecoded = |flaw: Flaw| MatError::Undecoded {
            file: self.name.clone(),
            variable: variable.to_owned(),
            flaw,
        };
        let found = self
            .variables
            .iter()
            .find(|found| found.name == variable)
            .ok_or_else(missing)?;
        let reals = match &found.content {
            Content::Reals(reals) => reals,
            Content::Other(found) => {
                return Err(MatError::NotNumeric {
                    file: self.name.clone(),
                    variable: variable.to_owned(),
                    found,
                });
            }
        };
        let values = level5::reals(&self.bytes, found.place.clone(), self.order, reals)
            .map_err(undecoded)?;
        let column_major = IxDyn(&reals.shape).f();
        ArrayD::from_shape_vec(column_major, values)
            .map_err(|_| undecoded("it has more places than the memory"))
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
        self.volume_of(variable)
    }

    /// The same in single precision, in which the public images and volumes are saved.
    ///
    /// # Errors
    /// As [`MatFile::volume`].
    pub fn volume_f32(&self, variable: &str) -> Result<Array3<f32>, MatError> {
        self.volume_of(variable)
    }

    fn volume_of<T: Real>(&self, variable: &str) -> Result<Array3<T>, MatError> {
        let mut array = self.array_of(variable)?;
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

    /// Checks the first 128 bytes, learns the order of the bytes from them, and gives the end of the
    /// variables.
    fn check_header(&mut self) -> Result<usize, MatError> {
        let bytes = &self.bytes;
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
        let order = match &bytes[124..HEADER] {
            [_, 1, b'I', b'M'] => Order::Little,
            [1, _, b'M', b'I'] => Order::Big,
            _ => return Err(not_mat("no header of a MAT-file".to_owned())),
        };
        // Bytes 116 to 124 say where the data of objects begin, zero or blanks if there are none.
        let mut subsystem = [0; 8];
        subsystem.copy_from_slice(&bytes[116..124]);
        let subsystem = match order {
            Order::Little => u64::from_le_bytes(subsystem),
            Order::Big => u64::from_be_bytes(subsystem),
        };
        let objects = match subsystem {
            0 | 0x2020_2020_2020_2020 => bytes.len(),
            offset => usize::try_from(offset).unwrap_or(usize::MAX),
        };
        let end = objects.min(bytes.len());
        self.order = order;
        Ok(end)
    }

    /// The end of the variable that begins at `offset`.
    fn end_of_element(&self, offset: usize) -> Result<usize, MatError> {
        let rest = &self.bytes[offset..];
        let truncated = |expected| MatError::Truncated {
            file: self.name.clone(),
            offset,
            expected,
            found: rest.len(),
        };
        let tag = rest.get(..TAG).ok_or_else(|| truncated(TAG))?;
        let word = |at: usize| {
            self.order
                .word([tag[at], tag[at + 1], tag[at + 2], tag[at + 3]])
        };
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
