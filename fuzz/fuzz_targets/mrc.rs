//! Bytes as an MRC file: what is read is written and read again.
//!
//! `cargo +nightly fuzz run mrc fuzz/corpus/mrc fuzz/seeds/mrc`, or on a stable toolchain with
//! `RUSTC_BOOTSTRAP=1`.
#![no_main]

use amorphous_packing::formats::mrc::{from_mrc, to_mrc};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match from_mrc(data) {
        Ok(volume) => {
            assert!(volume.len() <= data.len());
            let again = from_mrc(&to_mrc(volume.view(), None, "")).unwrap();
            assert!(again.dim() == volume.dim());
            assert!(again.iter().zip(&volume).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
