//! Any bytes as a structure, and all that is said of it: no panic, no endless work.
#![no_main]

use amorphous_packing::analysis::{Analysis, Description, Summary};
use amorphous_packing::atoms::Element;
use amorphous_packing::formats::structure::{Choice, Format, read};
use amorphous_packing::progress::Silent;
use libfuzzer_sys::fuzz_target;

/// So many atoms are enough to find what is wrong, and few enough to be many times a second.
const MOST: usize = 300;

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else {
        return;
    };
    let format = Format::ALL[usize::from(first >> 3) % Format::ALL.len()];
    let Ok(mut frames) = read(std::io::Cursor::new(rest.to_vec()), Some(format)) else {
        return;
    };
    let Some(Ok(frame)) = frames.next() else {
        return;
    };
    if frame.positions.len() > MOST {
        return;
    }
    let wanted = |bit: u8| (first >> bit & 1 == 1).then_some(false);
    let choice = Choice {
        element: Some(Element::Ta),
        periodic: [wanted(0), wanted(1), wanted(2)],
        ..Choice::of_types(vec![Element::Cu, Element::Zr, Element::Al])
    };
    let Ok(atoms) = frame.to_atoms(&choice) else {
        return;
    };
    if let Ok(analysis) = Analysis::builder(atoms).run(&Silent) {
        let summary = Summary::of(&analysis, &Description::of(&analysis));
        assert_eq!(summary.atoms, analysis.atoms.len());
    }
});
