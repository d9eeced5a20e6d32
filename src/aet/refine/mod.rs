//! Refinement: atoms are moved until the images computed from them are the measured ones (Methods,
//! "Determination and refinement of 3D atomic coordinates", step 5; refs. 36, 38, 39).
//!
//! Begin with [`Refinement`]: the B factor is found first ([`Refinement::fit_b_factor`]), then the
//! positions, as published ([`Refinement::descend`]) or with the exact gradient
//! ([`Refinement::minimise`]). [`realign`](fn@realign) turns it round: the atoms stay, and the angles
//! and shifts of the images are refined.

mod b_factor;
mod exact;
mod positions;
mod realign;
mod series;

pub use b_factor::BFactorFit;
pub use exact::ExactError;
pub use positions::{Descent, Iteration};
pub use realign::realign;
pub use series::{RefineError, Refinement};

pub use crate::aet::view_fit::Realigned;
