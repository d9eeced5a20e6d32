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

pub use bm3d::{
    BLOCK_SIDES, Bm3d, Chosen, DenoiseError, LARGEST_STACK, Stage, Tried, choose, denoise,
    denoise_counted, estimate_noise, noise_of_frames,
};
pub use image_error::{ImageError, check_image, check_series};
