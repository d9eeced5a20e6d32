//! The ledger: what the code finds today is what `golden/paper.toml` says, claim by claim.
//!
//! A known disagreement with the paper is asserted like an agreement: the test fails when we drift
//! from our own value, also when that would bring us closer. Rewritten by
//! `cargo run --bin verify -- --update --require-data`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use acceptance::trials;
use amorphous_packing::data::EXPERIMENT;
use clap::Parser;
use figures::harness::load::load;
use figures::record::claims::{findings, of_tilt_series, samples};
use figures::record::ledger::{self, Claim, Finding, Status};
use figures::{Options, Stages};
use libtest_mimic::{Arguments, Trial};

const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/paper.toml");

/// Claims about all samples in words, which name none and need them all.
const OF_EXPERIMENT: [&str; 4] = [
    "pbn.representative",
    "pdf.no_split",
    "pdf.liquid_match",
    "nuclei.surface",
];

fn main() {
    let models = EXPERIMENT.map(trials::model);
    let mut trials: Vec<Trial> = EXPERIMENT
        .iter()
        .map(|sample| sample.id())
        .chain(["pooled"])
        .map(|sample| {
            trials::trial(&format!("ledger::{sample}"), &models, move || {
                recomputed_equals_ledger(|claim| claim.sample.as_deref() == Some(sample));
            })
        })
        .collect();
    trials.push(always("ledger::geometry_and_liquid", || {
        recomputed_equals_ledger(|claim| {
            let decided = !OF_EXPERIMENT.contains(&claim.id.as_str()) && claim.ours.is_some();
            let experiment = ["ta_film", "pd1", "pd2", "pooled"];
            let sample = claim.sample.as_deref();
            decided && sample.is_none_or(|sample| !experiment.contains(&sample))
        });
    }));
    trials.push(trials::trial("ledger::of_the_experiment", &models, || {
        recomputed_equals_ledger(|claim| OF_EXPERIMENT.contains(&claim.id.as_str()));
    }));
    trials.push(trials::trial(
        "ledger::every_finding_has_a_row",
        &models,
        || {
            for finding in current() {
                let rows = claims().iter().filter(|claim| claim.is_about(finding));
                assert_eq!(rows.count(), 1, "{} {:?}", finding.id, finding.sample);
            }
        },
    ));
    trials.push(always("ledger::rows_are_complete", rows_are_complete));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn always(name: &str, run: fn()) -> Trial {
    Trial::test(name, move || {
        run();
        Ok(())
    })
}

fn claims() -> &'static [Claim] {
    static CLAIMS: OnceLock<Vec<Claim>> = OnceLock::new();
    CLAIMS.get_or_init(|| ledger::read(Path::new(LEDGER)).unwrap().1)
}

/// What the samples at hand decide today.
fn current() -> &'static [Finding] {
    static FINDINGS: OnceLock<Vec<Finding>> = OnceLock::new();
    FINDINGS.get_or_init(|| {
        let options = Options::try_parse_from(["verify", "--offline", "--quiet"]).unwrap();
        let loaded = load(&options, &samples(), &mut Stages::new(true)).unwrap();
        let mut found = findings(&loaded.samples).unwrap();
        found.extend(of_tilt_series(trials::store()).unwrap());
        found
    })
}

fn recomputed_equals_ledger(wanted: impl Fn(&Claim) -> bool) {
    let rows: Vec<&Claim> = claims().iter().filter(|claim| wanted(claim)).collect();
    assert!(rows.iter().any(|claim| claim.ours.is_some()));
    for claim in rows {
        assert_eq!(&claim.decided_by(current()), claim);
    }
}

/// A value goes with a verdict, a verdict other than agreement with a reason.
fn rows_are_complete() {
    let mut seen = BTreeSet::new();
    for claim in claims() {
        let undecided = matches!(claim.status, Status::CannotCheck | Status::NotChecked);
        assert_eq!(claim.ours.is_none(), undecided, "{}", claim.id);
        assert!(
            claim.status == Status::Agrees || claim.why.is_some(),
            "{}",
            claim.id
        );
        assert!(
            seen.insert((&claim.id, &claim.sample, &claim.unit)),
            "{} stands twice",
            claim.id
        );
    }
}
