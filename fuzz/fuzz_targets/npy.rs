//! Bytes as an .npy file: what is read is written and read again.
//!
//! `cargo +nightly fuzz run npy fuzz/corpus/npy fuzz/seeds/npy`, or on a stable toolchain with
//! `RUSTC_BOOTSTRAP=1`.
#![no_main]

use amorphous_packing::formats::npy::{from_npy, to_npy};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match from_npy(data) {
        Ok(array) => {
            assert!(array.len() <= data.len());
            let again = from_npy(&to_npy(array.view())).unwrap();
            assert!(again.dim() == array.dim());
            assert!(again.iter().zip(&array).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
