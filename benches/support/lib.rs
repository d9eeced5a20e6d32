//! What the benches share: the samples they run on, and the time and memory that they take.

mod clock;
mod film;
mod liquid;
mod memory;
mod samples;

pub use clock::{Took, timed};
pub use film::{AreaAtoms, FILM_PIXEL_ANGSTROM, area_atoms, area_volume};
pub use liquid::liquid;
pub use memory::{forget_peak, peak_mb};
pub use samples::{jittered_fcc, open, published};
