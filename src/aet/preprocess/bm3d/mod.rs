//! Denoising by block matching (Methods, "Image preprocessing", step 2): the noise is estimated from the
//! images, the parameters are chosen on a simulated image of the same noise, the images are denoised.

mod anscombe;
mod blocks;
mod choose;
mod denoise;
mod line;
mod matching;
mod noise_level;
mod options;
mod stage;
#[cfg(test)]
mod synthetic;

pub use choose::{Chosen, Tried, choose, choose_on};
pub use denoise::{denoise, denoise_counted};
pub use noise_level::{estimate_noise, noise_of_frames};
pub use options::{BLOCK_SIDES, Bm3d, DenoiseError, LARGEST_STACK, Stage};
