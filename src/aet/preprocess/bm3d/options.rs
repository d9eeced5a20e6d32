//! What block matching may vary, and what it refuses (Methods, "Image preprocessing", step 2).

use crate::aet::preprocess::image_error::ImageError;

/// Sides of a block that are known.
pub const BLOCK_SIDES: [usize; 4] = [4, 8, 12, 16];
/// The largest number of blocks in a stack.
pub const LARGEST_STACK: usize = 64;

/// One of the two stages: which blocks are compared, and how many make a stack. Lengths are in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// Side of a block: one of [`BLOCK_SIDES`].
    pub block: usize,
    /// From one reference block to the next, along both axes; at most the side of a block.
    pub step: usize,
    /// Side of the square about a reference block within which corners of similar ones are looked for;
    /// odd.
    pub window: usize,
    /// The most blocks in a stack: a power of two up to [`LARGEST_STACK`].
    pub stack: usize,
    /// The largest distance of a similar block: the mean squared difference of the pixels, in units of
    /// the variance of the noise. In the first stage two noisy blocks of one content have 2. The published
    /// 2,500 and 400, on a scale to 255, are the 10 and 5 of the default at noises of 16 and 9.
    pub farthest: f64,
}

/// Denoising by block matching and filtering in three dimensions, BM3D (Dabov, Foi, Katkovnik,
/// Egiazarian, IEEE Trans. Image Process. 16, 2080 (2007), doi 10.1109/TIP.2007.901238).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bm3d {
    /// Factor on the standard deviation of the noise: above 1 smoother, below 1 sharper.
    pub strength: f64,
    /// Below so many standard deviations of the noise a coefficient of the first stage is set to zero.
    pub threshold: f64,
    /// The first stage, hard thresholding.
    pub hard: Stage,
    /// The second stage, Wiener's filter from the result of the first.
    pub wiener: Stage,
}

/// The published normal profile.
impl Default for Bm3d {
    fn default() -> Bm3d {
        Bm3d {
            strength: 1.0,
            threshold: 2.7,
            hard: Stage {
                block: 8,
                step: 3,
                window: 39,
                stack: 16,
                farthest: 10.0,
            },
            wiener: Stage {
                block: 8,
                step: 3,
                window: 39,
                stack: 32,
                farthest: 5.0,
            },
        }
    }
}

/// Why an image cannot be denoised.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DenoiseError {
    /// The image.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The standard deviation of the noise.
    #[error(
        "the standard deviation of the noise is {0}; it must be a finite number that is not negative"
    )]
    Sigma(f64),
    /// The noise of a detector.
    #[error(
        "the noise has a gain of {gain} and a reading noise of {read}; both must be finite numbers that are not negative"
    )]
    Noise {
        /// What one electron adds to a pixel.
        gain: f64,
        /// Standard deviation of the noise of reading.
        read: f64,
    },
    /// A factor that is not positive.
    #[error("the {what} is {value}; it must be a finite number above zero")]
    Factor {
        /// Which.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// The side of a block.
    #[error("a block has a side of {0} pixels; it must be 4, 8, 12 or 16")]
    Block(usize),
    /// From block to block.
    #[error(
        "the step from block to block is {step} pixels; it must be from 1 to {block}, the side of a block"
    )]
    Step {
        /// In pixels.
        step: usize,
        /// Side of a block in pixels.
        block: usize,
    },
    /// The window that is searched.
    #[error("the search window has a side of {0} pixels; it must be an odd number up to 255")]
    Window(usize),
    /// The size of a stack.
    #[error("a stack has up to {0} blocks; it must be a power of two from 1 to 64")]
    Stack(usize),
    /// One frame, or none, has no differences.
    #[error("the noise of frames is in how they differ; give at least two of one view")]
    Frames,
    /// Nothing to choose from.
    #[error("there are no parameters to choose from; give at least one set")]
    NoCandidates,
}

impl Bm3d {
    /// Whether all parameters can be used.
    ///
    /// # Errors
    /// [`DenoiseError`].
    pub fn check(&self) -> Result<(), DenoiseError> {
        positive("strength of denoising", self.strength)?;
        positive("threshold of coefficients", self.threshold)?;
        self.hard.check()?;
        self.wiener.check()
    }

    /// Pixels a side that an image must have.
    pub fn least_side(&self) -> usize {
        self.hard.block.max(self.wiener.block)
    }
}

impl Stage {
    fn check(&self) -> Result<(), DenoiseError> {
        let &Stage {
            block,
            step,
            window,
            stack,
            farthest,
        } = self;
        if !BLOCK_SIDES.contains(&block) {
            return Err(DenoiseError::Block(block));
        }
        if step == 0 || step > block {
            return Err(DenoiseError::Step { step, block });
        }
        if window.is_multiple_of(2) || window > 255 {
            return Err(DenoiseError::Window(window));
        }
        if !stack.is_power_of_two() || stack > LARGEST_STACK {
            return Err(DenoiseError::Stack(stack));
        }
        positive("largest distance of similar blocks", farthest)
    }
}

fn positive(what: &'static str, value: f64) -> Result<(), DenoiseError> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(DenoiseError::Factor { what, value })
    }
}
