//! Bytes as a MAT-file: every variable is read in every way.
//!
//! `cargo +nightly fuzz run mat fuzz/corpus/mat fuzz/seeds/mat`, or on a stable toolchain with
//! `RUSTC_BOOTSTRAP=1`.
#![no_main]

use amorphous_packing::formats::mat::{MatError, MatFile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let file = match MatFile::from_bytes("a.mat".to_owned(), data) {
        Ok(file) => file,
        Err(error) => return one_sentence(&error),
    };
    for name in file.names() {
        match file.array(name) {
            Ok(array) => {
                assert_eq!(array.len(), array.shape().iter().product::<usize>());
                let single = file.volume_f32(name);
                // The same numbers, rounded.
                if let Ok(single) = single {
                    assert_eq!(single.len(), array.len());
                    let same = |(a, b): (&f64, &f32)| (*a as f32).to_bits() == b.to_bits();
                    let numbers = array.iter().zip(&single);
                    assert!(numbers.filter(|(a, _)| !a.is_nan()).all(same));
                }
            }
            Err(error) => one_sentence(&error),
        }
        if let Err(error) = file.scalar(name) {
            one_sentence(&error);
        }
    }
    one_sentence(&file.array("no such variable").unwrap_err());
});

fn one_sentence(error: &MatError) {
    let said = error.to_string();
    assert!(said.starts_with("a.mat: "), "{said}");
}
