//! The samples of the paper and what is known of them: the published models, tilt series and
//! volumes, and the simulated frames that the library carries.
//!
//! Of the floors below it uses the formats and the chapters' types. Begin with [`Sample`], then
//! [`DataStore`] and [`read_published`]. What is not there ([`DataError::is_absent`]) and what is
//! there but wrong are different things: a figure may be drawn without the first.

#[cfg(feature = "tables")]
pub mod carried;
#[cfg(feature = "fetch")]
pub mod download;
pub mod frames;
#[cfg(feature = "fetch")]
pub mod manifest;
#[cfg(feature = "fetch")]
pub mod models;
#[cfg(feature = "tomography")]
pub mod raw_frames;
pub mod sample;
#[cfg(feature = "tables")]
pub mod snapshot;
#[cfg(feature = "fetch")]
pub mod store;
#[cfg(feature = "tomography")]
pub mod tilt_series;
#[cfg(all(feature = "fetch", feature = "tomography"))]
pub mod tomography;
#[cfg(all(feature = "fetch", feature = "tomography"))]
pub mod tracing;

#[cfg(feature = "fetch")]
pub use download::Source;
#[cfg(feature = "fetch")]
pub use manifest::{Group, Manifest};
#[cfg(feature = "fetch")]
pub use models::{ReadError, at_hand, read_published};
pub use sample::{EXPERIMENT, Origin, Sample};
#[cfg(feature = "fetch")]
pub use store::{DataError, DataStore, FoundIn, Located, StoreOptions, user_cache_dir};
