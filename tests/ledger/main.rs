//! The ledger: what the code finds today is what `golden/paper.toml` says, claim by claim, in the
//! order of the paper.
//!
//! Every row is a trial of its own, named by its place in the paper, what is printed there, what was
//! found and the verdict. A known disagreement with the paper is asserted like an agreement: a
//! trial fails when we drift from our own value, also when that would bring us closer. The values
//! are rewritten by `cargo run --bin verify -- --update --require-data`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::sync::OnceLock;

use acceptance::trials;
use amorphous_packing::data::{Origin, Sample};
use amorphous_packing::progress::Silent;
use clap::Parser;
use figures::harness::load::load;
use figures::record::claims::{files_of, findings, of_experiment, samples};
use figures::record::ledger::{self, Claim, Finding, Status};
use figures::record::shown;
use figures::{Options, Stages};
use libtest_mimic::{Arguments, Completion, Trial};

fn main() {
    let arguments = Arguments {
        // In the order of the paper; the work is done by the first, with all threads.
        test_threads: Some(1),
        ..Arguments::from_args()
    };
    let rows = claims().iter().map(of_row);
    let rules: [(&str, fn()); 4] = [
        ("every finding has its own row", every_finding_has_its_row),
        (
            "a row whose finding is removed fails",
            a_row_without_its_finding_fails,
        ),
        ("every row has what it needs", rows_are_complete),
        ("the rows are said to need what they need", needs_are_told),
    ];
    let rules = rules.map(|(name, rule)| {
        let rule = move || {
            rule();
            Ok(())
        };
        Trial::test(name, rule).with_kind("the ledger")
    });
    let conclusion = libtest_mimic::run(&arguments, rows.chain(rules).collect());
    if !arguments.list {
        println!("{}\n", ledger::totals(claims()));
    }
    conclusion.exit();
}

/// The trial of a row; one that nothing can decide is ignored, with the reason.
fn of_row(claim: &'static Claim) -> Trial {
    let line = shown::line(claim);
    let trial = if claim.ours.is_none() {
        let why = claim.why.clone().unwrap_or_default();
        Trial::ignorable_test(line, || Ok(Completion::ignored_with(why)))
    } else {
        let files = files_of(claim);
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        trials::trial(&line, &files, || {
            let drift = claim.check(current()).err();
            assert!(drift.is_none(), "{}", drift.unwrap());
        })
    };
    trial.with_kind(claim.section.to_string())
}

fn claims() -> &'static [Claim] {
    static CLAIMS: OnceLock<Vec<Claim>> = OnceLock::new();
    CLAIMS.get_or_init(|| ledger::read().unwrap().1)
}

/// What the samples at hand decide today.
fn current() -> &'static [Finding] {
    static FINDINGS: OnceLock<Vec<Finding>> = OnceLock::new();
    FINDINGS.get_or_init(|| {
        let options = Options::try_parse_from(["verify", "--offline", "--quiet"]).unwrap();
        let at_hand: Vec<Sample> = samples().into_iter().filter(is_at_hand).collect();
        let loaded = load(&options, &at_hand, &mut Stages::new(true)).unwrap();
        let mut found = findings(&loaded.samples).unwrap();
        found.extend(of_experiment(trials::store()).unwrap());
        found
    })
}

fn is_at_hand(sample: &Sample) -> bool {
    match sample.origin() {
        Origin::Published { file, .. } => trials::store().locate(file, &Silent).is_ok(),
        Origin::Embedded { .. } => true,
    }
}

fn every_finding_has_its_row() {
    for finding in current() {
        let rows = claims().iter().filter(|claim| claim.is_about(finding));
        assert_eq!(rows.count(), 1, "{} {:?}", finding.id, finding.sample);
    }
    for claim in claims() {
        let findings = current().iter().filter(|finding| claim.is_about(finding));
        assert!(findings.count() <= 1, "{} is found twice", claim.id);
    }
}

/// As if a claims file were deleted: the row is seen to lack its finding.
fn a_row_without_its_finding_fails() {
    for removed in 0..current().len() {
        let mut left = current().to_vec();
        let finding = left.remove(removed);
        let row = claims().iter().find(|claim| claim.is_about(&finding));
        assert!(row.unwrap().check(current()).is_ok());
        assert!(row.unwrap().check(&left).is_err(), "{}", finding.id);
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

/// Rows that are said to need no data are decided without them: by what the repository carries.
fn needs_are_told() {
    let decided = claims().iter().filter(|claim| claim.ours.is_some());
    for claim in decided.filter(|claim| claim.needs.is_none()) {
        assert!(
            current().iter().any(|finding| claim.is_about(finding)),
            "{}",
            claim.id
        );
    }
}
