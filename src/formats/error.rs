//! Why a file of images or of a volume cannot be read.

use ndarray::ShapeError;
use tiff::TiffError;

/// What is wrong with the bytes of a file; the sentence speaks of the file as "it".
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// It ends within the header.
    #[error("it has {found} bytes, fewer than the {header} of the header")]
    Short {
        /// Bytes that are there.
        found: usize,
        /// Bytes of the header.
        header: usize,
    },
    /// The header is not one of the format.
    #[error("{0}")]
    Header(&'static str),
    /// It holds no number; a length of zero hides that the others are senseless.
    #[error("it announces {} × {} × {} {of}, which is none", lengths[0], lengths[1], lengths[2])]
    Empty {
        /// The lengths of the array.
        lengths: [usize; 3],
        /// What is counted: voxels, numbers.
        of: &'static str,
    },
    /// It is of the format, and of a kind that is not read here.
    #[error("{0}")]
    Unsupported(String),
    /// It ends before the numbers that its header announces.
    #[error(
        "it announces {} × {} × {} {of} of {size} bytes and ends after {found} bytes",
        lengths[0], lengths[1], lengths[2]
    )]
    Truncated {
        /// The lengths of the array.
        lengths: [usize; 3],
        /// What is counted: voxels, numbers.
        of: &'static str,
        /// Bytes of one of them.
        size: usize,
        /// Bytes that follow the header.
        found: usize,
    },
    /// An array of such lengths cannot be made.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The decoder of TIFF files refuses it. Its sentence already holds those of its causes.
    #[error("{0}")]
    Tiff(TiffError),
}
