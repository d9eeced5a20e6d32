//! Classification: which peaks are atoms (Methods, "Determination and refinement of 3D atomic
//! coordinates", step 2; refs. 38, 39, 62).
//!
//! The intensities in a ball about each peak are divided into two clusters, atoms and non-atoms; of the
//! atoms, those outside the support of the sample are none.

mod clusters;
mod intensity;
mod mixture;
mod peaks;
mod support;

pub use intensity::Ball;
pub use peaks::{Classified, ClassifyError, ClassifyOptions, classify};
pub use support::support;
