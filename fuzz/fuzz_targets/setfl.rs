//! Text as the table of a potential: what is read is written and read again.
//!
//! `cargo +nightly fuzz run setfl fuzz/corpus/setfl fuzz/seeds/setfl`, or on a stable toolchain with
//! `RUSTC_BOOTSTRAP=1`.
#![no_main]

use amorphous_packing::atoms::Element;
use amorphous_packing::liquid::setfl::EamTable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for element in [Element::Ta, Element::Pd] {
        match EamTable::from_setfl(text, element) {
            Ok(table) => {
                let numbers = [&table.embedding, &table.density, &table.r_times_pair];
                assert!(numbers.iter().all(|column| column.len() <= text.len()));
                let again = EamTable::from_setfl(&table.to_setfl([""; 3]), element).unwrap();
                assert_eq!(again, table);
            }
            Err(error) => assert!(!error.to_string().contains('\n')),
        }
    }
});
