//! The protocol of the simulation: its legs, the states on the way, the LAMMPS input.

use amorphous_packing::liquid::protocol::{Protocol, Quench, SAMPLE_STEPS, Segment};
use amorphous_packing::liquid::script::{frames_file, restart_file, script};
use proptest::prelude::*;

#[test]
fn the_default_is_the_run_of_the_paper() {
    let protocol = Protocol::default();
    let quench = protocol.quench.clone().unwrap();
    assert_eq!(protocol.atoms(), 31_250);
    assert_eq!(quench.rate_k_per_s, 1e13);
    let [(_, _, hot), (_, from, cold), _] = protocol.segments()[..] else {
        panic!("melt, ramp and hold");
    };
    assert_eq!(hot, from);
    // 4,900 K at 10 K/ps in steps of 2.5 fs.
    assert_eq!(cold - from, 196_000);
    let kelvins: Vec<f64> = protocol
        .waypoints()
        .iter()
        .map(|w| w.temperature_k)
        .collect();
    let expected = [
        5200, 4500, 4000, 3500, 3000, 2500, 2000, 1500, 1000, 500, 300, 300,
    ];
    assert_eq!(kelvins, expected.map(f64::from));
    for waypoint in protocol.waypoints() {
        let nominal = protocol.nominal_temperature_k(waypoint.step);
        approx::assert_abs_diff_eq!(nominal, waypoint.temperature_k, epsilon = 1e-9);
    }
}

#[test]
fn every_state_has_its_own_file() {
    for protocol in [Protocol::default(), Protocol::palladium(3.89)] {
        let mut files: Vec<String> = protocol.waypoints().iter().map(frames_file).collect();
        let all = files.len();
        files.sort();
        files.dedup();
        assert_eq!(files.len(), all);
    }
}

/// A protocol with a random quench.
fn protocols() -> impl Strategy<Value = Protocol> {
    (1_u64..80, 1_u64..80, 1e12..1e15_f64, 2_000.0..4_000.0_f64).prop_map(
        |(melt, hold, rate, halfway)| {
            let usual = Protocol::default();
            Protocol {
                melt_steps: melt * SAMPLE_STEPS,
                quench: usual.quench.clone().map(|quench| Quench {
                    rate_k_per_s: rate,
                    hold_steps: hold * SAMPLE_STEPS,
                    temperatures_k: vec![halfway],
                    ..quench
                }),
                ..usual
            }
        },
    )
}

proptest! {
    #[test]
    fn legs_follow_each_other_and_hold_every_state(protocol in protocols()) {
        prop_assert!(protocol.check().is_ok());
        let legs = protocol.legs();
        prop_assert_eq!(legs[0].start, 0);
        prop_assert_eq!(legs.last().unwrap().end, protocol.steps());
        for pair in legs.windows(2) {
            prop_assert_eq!(pair[0].end, pair[1].start);
        }
        for leg in &legs {
            prop_assert!(leg.start < leg.end, "{leg:?}");
            prop_assert_eq!(leg.end % SAMPLE_STEPS, 0);
            if let Some(waypoint) = leg.waypoint {
                prop_assert!((leg.start..=leg.end).contains(&waypoint.step));
                // Sampling rounds the step; the temperature follows.
                let nominal = protocol.nominal_temperature_k(waypoint.step);
                let quench = protocol.quench.as_ref().unwrap();
                let per_sample = quench.rate_k_per_s * 1e-12 * protocol.timestep_ps * 100.0;
                prop_assert!((nominal - waypoint.temperature_k).abs() <= per_sample);
            }
        }
        prop_assert_eq!(protocol.waypoints().len(), 4);
    }

    #[test]
    fn a_resumed_input_is_the_rest_of_the_whole_one(protocol in protocols(), pick in 0.0..1.0_f64) {
        let legs = protocol.legs();
        let leg = legs[(pick * (legs.len() - 1) as f64) as usize];
        let whole = script(&protocol, None);
        let rest = script(&protocol, Some(leg.end));
        let read = format!("read_restart {}\n", restart_file(leg.end));
        prop_assert!(rest.contains(&read));
        prop_assert!(!rest.contains("velocity") && !rest.contains("create_atoms"));
        let runs = |text: &str| -> Vec<String> {
            text.lines().filter(|l| l.starts_with("run ")).map(str::to_owned).collect()
        };
        let (whole, rest) = (runs(&whole), runs(&rest));
        prop_assert!(whole.ends_with(&rest));
        prop_assert_eq!(rest.len(), legs.iter().filter(|l| l.start >= leg.end).count());
    }
}

#[test]
fn a_stage_that_is_resumed_keeps_its_thermostat() {
    let protocol = Protocol::default();
    let ramp = protocol
        .legs()
        .into_iter()
        .filter(|leg| leg.segment == Segment::Ramp);
    let middle = ramp.clone().nth(20).unwrap();
    let text = script(&protocol, Some(middle.start));
    assert!(text.contains("fix quench all npt temp 5200 300 0.25 iso 0 0 2.5"));
    assert!(!text.contains("fix melt"));
    assert!(text.contains(&format!("run {} upto start 12000 stop 208000", middle.end)));
}
