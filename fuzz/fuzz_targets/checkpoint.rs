//! Bytes as what a reconstruction has reached, with the right hash above them.
//!
//! `cargo +nightly fuzz run checkpoint fuzz/corpus/checkpoint fuzz/seeds/checkpoint`, or on a stable toolchain with
//! `RUSTC_BOOTSTRAP=1`.
#![no_main]

use amorphous_packing::numerics::sha256;
use amorphous_packing::runs::checkpoint::{from_bytes, to_bytes};
use libfuzzer_sys::fuzz_target;

const FINGERPRINT: [u8; 32] = [7; 32];

fuzz_target!(|data: &[u8]| {
    let content = [&FINGERPRINT[..], data].concat();
    let digits = sha256(&content);
    let hash = (0..32).map(|k| u8::from_str_radix(&digits[2 * k..2 * k + 2], 16).unwrap());
    let file = [b"AET checkpoint 1", &hash.collect::<Vec<u8>>()[..], &content].concat();
    if let Ok(reached) = from_bytes(&file, FINGERPRINT) {
        assert!(reached.object.len() <= data.len());
        let again = from_bytes(&to_bytes(&reached, FINGERPRINT), FINGERPRINT).unwrap();
        assert_eq!(again.object.dim(), reached.object.dim());
        assert_eq!(again.r_factors.len(), reached.r_factors.len());
    }
});
