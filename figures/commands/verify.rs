//! `verify`: the ledger. Every claim of the paper beside what this code finds.

use std::path::Path;
use std::process::ExitCode;

use crate::harness::load::load;
use crate::record::claims::{findings, of_tilt_series, samples};
use crate::record::ledger::{self, Claim, Finding, Ours, Status};
use crate::{Options, Stages};
use amorphous_packing::formats::whole::write_whole;
use anyhow::{Context, Result};
use clap::Parser;
use serde_json::json;

/// The ledger in a checkout.
const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/paper.toml");

const EXAMPLES: &str = "\
Examples:
  verify                    the ledger as a table
  verify --json             the same for programs
  verify --conventions      values by other conventions, where the paper leaves a choice
  verify --update --require-data
                            write our values and verdicts into golden/paper.toml";

/// Compares every claim of the paper with what this code finds
#[derive(Parser)]
#[command(name = "verify", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    common: Options,

    /// Print the ledger as JSON
    #[arg(long)]
    json: bool,

    /// List the values by every convention, where the paper leaves a choice open
    #[arg(long)]
    conventions: bool,

    /// Write our values and verdicts into golden/paper.toml
    #[arg(long)]
    update: bool,
}

impl AsRef<Options> for Arguments {
    fn as_ref(&self) -> &Options {
        &self.common
    }
}

/// Runs the command.
pub fn main() -> ExitCode {
    crate::run(
        "Compares every claim of the paper with what this code finds",
        run,
    )
}

fn run(arguments: &Arguments) -> Result<()> {
    let (text, claims) = ledger::read(Path::new(LEDGER))?;
    let findings = recomputed(&arguments.common)?;
    let decided: Vec<Claim> = claims
        .iter()
        .map(|claim| claim.decided_by(&findings))
        .collect();
    if arguments.update {
        let text = ledger::updated(&text, &decided)?;
        write_whole(Path::new(LEDGER), text.as_bytes())
            .with_context(|| format!("'{LEDGER}' cannot be written"))?;
    }
    if arguments.conventions {
        print_conventions(&decided, &findings);
    } else if arguments.json {
        println!("{}", serde_json::to_string_pretty(&rows(&decided))?);
    } else {
        print(&decided);
    }
    Ok(())
}

/// What can be recomputed with the samples at hand. Rows about absent samples keep the values of
/// the ledger.
fn recomputed(options: &Options) -> Result<Vec<Finding>> {
    let mut stages = Stages::new(options.quiet);
    let loaded = load(options, &samples(), &mut stages)?;
    if !loaded.missing.is_empty() {
        eprintln!("note: rows about these samples show the values of golden/paper.toml");
    }
    let mut found = stages.time("claims", || findings(&loaded.samples))?;
    found.extend(of_tilt_series(&options.source.store_offline()?)?);
    Ok(found)
}

/// How much a number depends on a choice that the paper does not state.
fn print_conventions(claims: &[Claim], findings: &[Finding]) {
    for finding in findings.iter().filter(|finding| !finding.others.is_empty()) {
        for claim in claims.iter().filter(|claim| claim.is_about(finding)) {
            let (sample, unit) = (claim.sample.as_deref(), claim.unit.as_deref());
            println!(
                "{} ({}): published {} {}, {}",
                claim.id,
                sample.unwrap_or("–"),
                claim.published,
                unit.unwrap_or_default(),
                claim.status
            );
            println!("  {:>10}  ours", finding.ours.clone().rounded());
            for (convention, value) in &finding.others {
                println!("  {:>10}  {convention}", Ours::Number(*value).rounded());
            }
        }
    }
}

fn rows(claims: &[Claim]) -> Vec<serde_json::Value> {
    claims
        .iter()
        .map(|claim| {
            json!({
                "id": claim.id,
                "sample": claim.sample,
                "published": claim.published,
                "ours": claim.ours,
                "unit": claim.unit,
                "deviation": claim.deviation(),
                "status": claim.status,
                "why": claim.why,
            })
        })
        .collect()
}

fn print(claims: &[Claim]) {
    println!(
        "{:<24} {:<16} {:>12} {:>14} {:>11}  {:<12} why",
        "claim", "sample", "published", "ours", "deviation", "status"
    );
    for claim in claims {
        let or_dash = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        let unit = claim.unit.as_deref().unwrap_or_default();
        println!(
            "{:<24} {:<16} {:>12} {:>14} {:>11}  {:<12} {}",
            claim.id,
            or_dash(claim.sample.clone()),
            format!("{} {unit}", claim.published).trim_end(),
            or_dash(claim.ours.as_ref().map(ToString::to_string)),
            or_dash(claim.deviation().map(|deviation| deviation.to_string())),
            claim.status.to_string(),
            claim.why.as_deref().unwrap_or_default()
        );
    }
    let count = |status| claims.iter().filter(|claim| claim.status == status).count();
    let summary: Vec<String> = Status::ALL
        .into_iter()
        .filter(|&status| count(status) > 0)
        .map(|status| format!("{} {status}", count(status)))
        .collect();
    println!("{} rows: {}", claims.len(), summary.join(", "));
}
