//! What the files of `preprocess` share: how a series is preprocessed, and a tilt that is done.

use amorphous_packing::aet::Options;
use amorphous_packing::aet::preprocess::{
    AlignOn, AlignmentOptions, SelfConsistentOptions, TiltOptions, ViewOptions,
};
use amorphous_packing::report::preprocessing::TiltRow;
use ndarray::Array2;

use crate::harness::provenance::Input;

/// How a series is preprocessed.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How each tilt becomes an image; `denoise` is set by what follows.
    pub tilt: TiltOptions,
    /// How images are denoised.
    pub denoising: Denoising,
    /// How the images are aligned.
    pub align: AlignmentOptions,
    /// Rounds of refinement against the reconstruction.
    pub refine_rounds: usize,
}

/// Iterations of a reconstruction that views are refined against: coarse ones, for what is fine in a
/// volume is the least certain.
const COARSE: usize = 40;

impl Settings {
    /// How angles and shifts are refined.
    pub fn self_consistent(&self) -> SelfConsistentOptions {
        let reconstruction = match self.align.on {
            AlignOn::Particle => Options::particle(),
            AlignOn::Marker(_) | AlignOn::Film => Options::film(),
        };
        let coarse = Options {
            iterations: COARSE,
            ..reconstruction
        };
        SelfConsistentOptions {
            views: ViewOptions {
                padding: coarse.padding,
                ..ViewOptions::default()
            },
            rounds: self.refine_rounds,
            ..SelfConsistentOptions::new(coarse)
        }
    }
}

/// How images are denoised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Denoising {
    /// Not at all.
    None,
    /// With the published parameters and this strength.
    Strength(f64),
    /// With the parameters that are best on a simulated image of the same noise.
    Chosen,
}

/// A tilt that is done.
pub struct TiltDone {
    /// The first frame, as it was taken.
    pub raw: Array2<f32>,
    /// The corrected average, the denoised image, the image without background.
    pub steps: [Array2<f32>; 3],
    /// What was found.
    pub row: TiltRow,
    /// The files that were read.
    pub inputs: Vec<Input>,
}
