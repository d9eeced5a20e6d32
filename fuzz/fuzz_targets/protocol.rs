//! Any numbers as the protocol of a simulation: what is accepted can be run.
//!
//! `cargo +nightly fuzz run protocol fuzz/corpus/protocol fuzz/seeds/protocol`, or on a stable toolchain with
//! `RUSTC_BOOTSTRAP=1`.
#![no_main]

use amorphous_packing::liquid::protocol::{MOST_STEPS, Protocol, Quench};
use amorphous_packing::liquid::script::script;
use libfuzzer_sys::fuzz_target;

/// So many legs are written out; more take their time.
const MOST_LEGS: usize = 1_000;

type Numbers = (u32, f64, u64, f64, u32, Option<(f64, f64, u64, Vec<f64>, f64)>);

fuzz_target!(|numbers: Numbers| {
    let (cells_per_edge, melt_temperature_k, melt_steps, timestep_ps, seed, quench) = numbers;
    let protocol = Protocol {
        cells_per_edge,
        melt_temperature_k,
        melt_steps,
        timestep_ps,
        seed,
        quench: quench.map(
            |(rate_k_per_s, final_temperature_k, hold_steps, temperatures_k, half_window_k)| Quench {
                rate_k_per_s,
                final_temperature_k,
                hold_steps,
                temperatures_k,
                half_window_k,
            },
        ),
        ..Protocol::default()
    };
    if let Err(error) = protocol.check() {
        assert!(!error.to_string().contains('\n'));
        return;
    }
    assert!(protocol.steps() <= MOST_STEPS);
    if protocol.steps() > 4_000 * MOST_LEGS as u64 {
        return;
    }
    let legs = protocol.legs();
    assert_eq!(legs.last().unwrap().end, protocol.steps());
    let mut step = 0;
    for leg in &legs {
        assert!(leg.start == step && leg.end > leg.start, "{leg:?} after step {step}");
        step = leg.end;
    }
    assert!(script(&protocol, None).contains("run "));
});
