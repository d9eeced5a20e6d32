//! Golden tests: the analysis of the published models, against the authors' own intermediate
//! files, the counts, and our tables; and our tables of the simulated frames.
//!
//! The second tier of the verification; all but the frames need the data. A trial whose files are not to be had
//! is reported as ignored, with the command that gets them in its name. With
//! `AMORPHOUS_PACKING_REQUIRE_DATA=1` it fails instead.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod authors;
mod counts;
mod data;
mod order;
mod quench;
mod tables;
mod tomography;
mod tracing;

use figures::record::ledger;
use libtest_mimic::{Arguments, Trial};

fn main() {
    let mut trials: Vec<Trial> = [
        authors::trials(),
        counts::trials(),
        order::trials(),
        quench::trials(),
        tables::trials(),
        tomography::trials(),
        tracing::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let named: Vec<String> = trials
        .iter()
        .flat_map(|trial| claims(trial.name()))
        .collect();
    trials.push(Trial::test(
        "every claim that a trial names stands in the ledger",
        move || {
            in_the_ledger(&named);
            Ok(())
        },
    ));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// The claims in the brackets of a trial's name.
fn claims(name: &str) -> Vec<String> {
    let brackets = name
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    let ids = brackets
        .map_or("", |(ids, _)| ids)
        .split(',')
        .map(str::trim);
    ids.filter(|id| !id.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

fn in_the_ledger(named: &[String]) {
    let (_, claims) = ledger::read().unwrap();
    assert!(!named.is_empty());
    for id in named {
        assert!(claims.iter().any(|claim| claim.id == *id), "no claim {id}");
    }
}
