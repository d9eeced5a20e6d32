//! What the benches share: the samples they run on, and the time and memory that they take.

mod clock;
mod film;
mod liquid;
mod memory;
mod samples;

/// The words of the command line of a program that is a bench target too: without the one that `cargo
/// bench` adds.
pub fn arguments() -> Vec<String> {
    let words = std::env::args().skip(1);
    words.filter(|word| word != "--bench").collect()
}

pub use clock::{Took, timed};
pub use film::{AreaAtoms, FILM_PIXEL_ANGSTROM, area_atoms, area_volume};
pub use liquid::liquid;
pub use memory::{forget_peak, peak_mb};
pub use samples::{jittered_fcc, open, published};
