//! Tracing: where the atoms of a volume may be (Methods, "Determination and refinement of 3D atomic
//! coordinates", step 1).
//!
//! On a grid three times as fine, every sample brighter than its six neighbours is a peak; a
//! polynomial gives its place between the samples; and of two peaks nearer than atoms can be the
//! brighter one stays. What is an atom is decided after this, by [`classify`](super::classify).

mod merge;
mod peak_fit;
mod peaks;
mod polynomial;
mod upsample;

pub use merge::merge;
pub use peaks::{Flag, Peak, TraceError, TraceOptions, spacing, trace};
pub use upsample::Upsampling;
