//! Tables: what the figures draw, the tests hold and the readers get, one row per sample, bin or class.
//!
//! They stand above the analysis and use every chapter; files and pictures are not their business.
//! Begin with [`Rows`], what every table is made from.

pub mod bipyramid;
pub mod density;
#[cfg(feature = "tomography")]
pub mod diffraction;
pub mod export;
pub mod frames;
pub mod interface;
pub mod liquid;
pub mod network;
pub mod packing;
pub mod pair_distribution;
#[cfg(feature = "tomography")]
pub mod preprocessing;
mod rows;
pub mod series;
pub mod structure;
#[cfg(feature = "tomography")]
pub mod tomography;
#[cfg(feature = "tomography")]
pub mod tracing;
pub mod voronoi;

pub use rows::{NetworkRows, Networks, Rows};
