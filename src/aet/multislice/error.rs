//! Why an image cannot be simulated.

use crate::atoms::NoScatteringFactor;

/// Why an image cannot be simulated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MultisliceError {
    /// The element has no scattering factor.
    #[error(transparent)]
    Factor(#[from] NoScatteringFactor),
    /// There are no atoms.
    #[error("there are no atoms to make an image of; give at least one")]
    NoAtoms,
    /// A position is no number.
    #[error("atom {number}, counted from 1, lies at no finite place; correct or remove it")]
    Atom {
        /// Which, from 1.
        number: usize,
    },
    /// No image is asked for.
    #[error("the tilt series has no rotations; give one for each image")]
    NoRotations,
    /// A rotation holds something that is no number.
    #[error("rotation {number}, counted from 1, holds a number that is not finite; correct it")]
    Rotation {
        /// Which, from 1.
        number: usize,
    },
    /// The image has no pixels.
    #[error("the image has {nx} × {ny} pixels; both sides must be at least 1")]
    NoPixels {
        /// Pixels along x.
        nx: usize,
        /// Pixels along y.
        ny: usize,
    },
    /// A setting is out of its range.
    #[error("the {name} is {value}; it must be {range}")]
    Setting {
        /// What is set, with its unit.
        name: &'static str,
        /// As given.
        value: f64,
        /// What it may be.
        range: &'static str,
    },
    /// The detector is no ring.
    #[error(
        "the detector begins at {inner} mrad and ends at {outer} mrad; it must end farther out than it begins"
    )]
    Detector {
        /// The inner angle in mrad.
        inner: f64,
        /// The outer angle in mrad.
        outer: f64,
    },
    /// The wave is sampled too coarsely for the detector or the aperture.
    #[error(
        "a wave with pixels of {pixel} Å carries angles up to {limit:.1} mrad and not {angle} mrad; make the pixels smaller than {needed:.4} Å or the angle smaller"
    )]
    Coarse {
        /// The pixel of the wave in Å.
        pixel: f64,
        /// The largest angle that it carries, in mrad.
        limit: f64,
        /// The angle that is asked for, in mrad.
        angle: f64,
        /// The pixel that would carry it, in Å.
        needed: f64,
    },
    /// PRISM's probes would not fit into their windows.
    #[error(
        "a probe would have a window of {window:.2} Å, less than {least} Å, at the PRISM factor {factor}; make the factor smaller"
    )]
    Window {
        /// The shorter side of the window in Å.
        window: f64,
        /// The smallest that is accepted, in Å.
        least: f64,
        /// The factor as given.
        factor: usize,
    },
    /// The cell would have more samples or slices than any computer holds.
    #[error(
        "the cell would have {count:.0} {what} and may have {most}; leave far atoms out, or sample more coarsely"
    )]
    Large {
        /// How many there would be.
        count: f64,
        /// What is counted.
        what: &'static str,
        /// The most that is accepted.
        most: u32,
    },
    /// The simulation needs more memory than it may use.
    #[error(
        "the simulation needs {needed} bytes and may use {limit}; make the PRISM factor or the pixel of the wave larger, or raise the limit"
    )]
    Memory {
        /// Bytes needed.
        needed: u64,
        /// Bytes allowed.
        limit: u64,
    },
}
