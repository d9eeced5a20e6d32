//! Any bytes into the readers of files of atoms; the first byte says which. What is read
//! becomes a sample or is refused.
//!
//! `cargo +nightly fuzz run structure`, or on a stable toolchain
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run structure`. `fuzz/corpus` may begin with `tests/files/structures`,
//! each file with the byte of its format before it.
#![no_main]

use std::io::Cursor;

use amorphous_packing::atoms::Element;
use amorphous_packing::formats::structure::{Choice, Format, read};
use libfuzzer_sys::fuzz_target;

/// More frames than this are not asked for.
const MOST_FRAMES: usize = 64;

fuzz_target!(|data: &[u8]| {
    let Some((&kind, data)) = data.split_first() else {
        return;
    };
    let format = Format::ALL.get(usize::from(kind)).copied();
    let Ok(frames) = read(Cursor::new(data.to_vec()), format) else {
        return;
    };
    let mut positions = Vec::new();
    for frame in frames.take(MOST_FRAMES) {
        let Ok(frame) = frame else { break };
        if let Ok(atoms) = frame.to_atoms(&Choice::of_types(vec![Element::Ta])) {
            assert_eq!(atoms.len(), frame.positions.len());
        }
        positions.push(frame.positions.len());
    }
    // Gone past, they are as many.
    if let Ok(mut frames) = read(Cursor::new(data.to_vec()), format) {
        for _ in &positions {
            assert!(frames.skip_frame().is_ok_and(|there| there));
        }
    }
});
