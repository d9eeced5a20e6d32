//! The alignment of a tilt series (Methods, "Image preprocessing", step 4, and the refinement after the
//! first reconstruction).
//!
//! Begin with [`align`]: every image is moved so that the object turns about the tilt axis, the y
//! axis through the centre of the images. Along the axis all images have the same common line (the
//! sum over x), across it the centre of mass stays on the axis. What is left, and the angles, are refined
//! against the reconstruction: [`self_consistent`].

mod across;
mod against;
mod line;
mod neighbours;
mod object;
mod options;
mod rounds;
mod seen;

pub use against::{
    Placed, Round, SelfConsistent, SelfConsistentOptions, ViewOptions, refine_views,
    self_consistent,
};
pub use object::without_object_shift;
pub use options::{AlignError, AlignOn, AlignmentOptions, Region};
pub use rounds::{Alignment, align, aligned};
