//! Bytes as a table of angles.
//!
//! `cargo +nightly fuzz run angles fuzz/corpus/angles fuzz/seeds/angles`, or on a stable toolchain with
//! `RUSTC_BOOTSTRAP=1`.
#![no_main]

use std::path::Path;

use amorphous_packing::aet::repeated;
use amorphous_packing::data::tilt_series::angles_of;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match angles_of(Path::new("angles.csv"), data) {
        Ok(angles) => {
            assert!(angles.len() <= data.len());
            let numbers = repeated(&angles).concat();
            assert!(numbers.iter().all(|number| (1..=angles.len()).contains(number)));
        }
        Err(error) => assert!(error.to_string().starts_with("'angles.csv'")),
    }
});
