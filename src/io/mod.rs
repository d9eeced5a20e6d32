//! Files and processes: the public data of the paper, the snapshots this project made, LAMMPS.
//!
//! The only part of the library that touches either. What is not there ([`DataError::is_absent`])
//! and what is there but wrong are different things: a figure may be drawn without the first.

pub mod checkpoint;
pub mod download;
pub mod dump;
pub mod files;
pub mod lammps;
pub mod manifest;
pub mod mat;
pub mod memory;
pub mod models;
pub mod mrc;
pub mod npy;
pub mod progress;
mod seal;
pub mod simulation;
pub mod snapshot;
pub mod store;
pub mod tilt_series;
pub mod tomography;

pub use download::Source;
pub use manifest::{Group, Manifest};
pub use mat::MatError;
pub use models::{ReadError, read_published};
pub use progress::{Progress, Silent};
pub use store::{DataError, DataStore, Located, StoreOptions, user_cache_dir};
