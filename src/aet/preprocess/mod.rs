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
mod laplace;
mod registration;
mod rehearsal;
mod resampling;
mod stability;
mod tilt;

pub use align::{
    AlignError, AlignOn, Alignment, AlignmentOptions, Placed, Region, Round, SelfConsistent,
    SelfConsistentOptions, ViewOptions, align, aligned, refine_views, self_consistent,
    without_object_shift,
};
pub use background::{
    BackgroundError, BackgroundOptions, Subtracted, background_under, sample_mask,
    subtract_background,
};
pub use bm3d::{
    BLOCK_SIDES, Bm3d, Chosen, DenoiseError, LARGEST_STACK, Stage, Tried, choose, choose_on,
    denoise, denoise_counted, estimate_noise, noise_of_frames,
};
pub use drift::{Corrected, DriftError, DriftOptions, Known, SlowScan, Velocity, correct_drift};
pub use image_error::{ImageError, check_image, check_series};
pub use registration::{Registered, RegistrationError, Search, register};
pub use rehearsal::{Conditions, Recorded, Rehearsal};
pub use stability::{
    Change, ChangeError, RING_THRESHOLD, alike_up_to, change, mean_alike, ring_correlation,
};
pub use tilt::{TiltError, TiltImage, TiltOptions, averaged, tilt_image};
