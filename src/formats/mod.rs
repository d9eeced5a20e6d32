//! Formats of files: bytes to values and back.
//!
//! Each file is one format: [`mat`], [`mrc`], [`npy`], [`tiff`], [`extxyz`], [`tables`]; [`structure`]
//! reads the atoms that other programs write; [`whole`] writes files that are never half there. They use
//! numbers and atoms and know no chapter of the paper. Begin with [`tables`], in which nearly
//! everything is written.

#[cfg(feature = "tomography")]
mod error;
pub mod extxyz;
#[cfg(feature = "fetch")]
mod level5;
#[cfg(feature = "fetch")]
pub mod mat;
#[cfg(feature = "tomography")]
pub mod mrc;
#[cfg(feature = "tomography")]
pub mod npy;
#[cfg(feature = "tables")]
pub(crate) mod seal;
pub mod structure;
#[cfg(feature = "tables")]
pub mod tables;
#[cfg(feature = "tomography")]
pub mod tiff;
pub mod whole;

#[cfg(feature = "tomography")]
pub use error::FormatError;
