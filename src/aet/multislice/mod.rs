//! Multislice simulation of annular dark-field images: what the microscope would show of atoms at
//! known places (Methods, "The 3D precision estimation"; Fig. S6b).
//!
//! Begin with [`image`], or with [`tilt_series`] for the images of a tilt series. [`Microscope`] says
//! what is simulated and [`Sampling`] how finely. Atoms stand still: there is no thermal motion.

mod blur;
mod cell;
mod electron;
mod error;
mod options;
mod prism;
mod probes;
mod series;
mod slices;
mod specimen;
mod transform;

pub use blur::blurred;
pub use electron::{interaction_per_volt_angstrom, wavelength_angstrom};
pub use error::MultisliceError;
pub use options::{Method, Microscope, Sampling};
pub use series::{image, memory_bytes, tilt_series};
pub use specimen::Specimen;
