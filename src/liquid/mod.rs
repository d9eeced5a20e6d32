//! The liquid.
