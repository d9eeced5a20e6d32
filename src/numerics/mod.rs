//! Small numerics that several parts share: vectors, numbers of things, boxes, groups, histograms,
//! smoothing, lengths of transforms.
//!
//! The lowest floor: it knows of nothing above it. Begin with [`Vec3`] and [`Mask`].

mod bounds;
mod fft;
#[cfg(feature = "tomography")]
mod fourier_2d;
mod grouped;
mod hash;
mod histogram;
mod numbered;
mod smoothing;
mod stats;
mod vector;

pub use bounds::Bounds;
pub use fft::fast_length;
#[cfg(feature = "tomography")]
pub(crate) use fourier_2d::{C64, Fourier2d, signed_frequency};
pub use grouped::Grouped;
#[cfg(feature = "fetch")]
pub(crate) use hash::hex_digest;
pub use hash::{Hashed, Tally, sha256};
pub use histogram::{Bins, Histogram};
pub use numbered::{Mask, Numbered};
pub use smoothing::{gaussian_smooth, gaussian_taps};
pub use stats::{mean, median, parabola_extremum, percent, quantiles, range, rises, weighted_mean};
pub use vector::{Vec3, arrays};

pub(crate) use numbered::numbered;
