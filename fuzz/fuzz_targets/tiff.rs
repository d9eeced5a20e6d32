//! Bytes as a TIFF file of several pages.
//!
//! `cargo +nightly fuzz run tiff fuzz/corpus/tiff fuzz/seeds/tiff`, or on a stable toolchain with
//! `RUSTC_BOOTSTRAP=1`.
#![no_main]

use amorphous_packing::formats::tiff::from_tiff;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match from_tiff(data) {
        Ok(images) => {
            let (pages, x, y) = images.dim();
            assert_eq!(images.len(), pages * x * y);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
