//! What the benches share: the samples they run on, and the memory that they take.

mod liquid;
mod memory;
mod samples;

pub use liquid::liquid;
pub use memory::{forget_peak, peak_mb};
pub use samples::{jittered_fcc, open, published};
