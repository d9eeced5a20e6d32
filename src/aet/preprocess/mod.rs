//! From the frames that a microscope writes to images that can be reconstructed (Methods, "Image
//! preprocessing", steps 1 to 4): drift, noise, background, alignment.
//!
//! An image is an array by x and y, a set of frames or a tilt series one by number, x and y; the tilt
//! axis is y. Numbers are single precision, as of all images here; sums are double.

mod align;
mod background;
mod bm3d;
mod drift;
mod image_error;
mod registration;
mod resampling;

pub use align::{
    AlignError, AlignOn, Alignment, AlignmentOptions, Placed, Region, Round, SelfConsistent,
    SelfConsistentOptions, ViewOptions, align, aligned, refine_views, self_consistent,
};
pub use drift::{Corrected, DriftError, DriftOptions, Known, SlowScan, Velocity, correct_drift};
pub use image_error::{ImageError, check_image, check_series};
pub use registration::{Registered, RegistrationError, Search, register};
