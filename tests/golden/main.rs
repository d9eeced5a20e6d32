//! Golden tests: the analysis of the published models, against the authors' own intermediate
//! files, the counts, and our tables; and our tables of the simulated frames.
//!
//! The second tier of the verification; all but the frames need the data. A trial whose files are not to be had
//! is reported as ignored, with the command that gets them in its name. With
//! `AMORPHOUS_PACKING_REQUIRE_DATA=1` it fails instead.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod authors;
mod counts;
mod data;
mod order;
mod quench;
mod tables;
mod tomography;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let trials: Vec<Trial> = [
        authors::trials(),
        counts::trials(),
        order::trials(),
        quench::trials(),
        tables::trials(),
        tomography::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
