//! `verify`: the ledger. Every claim of the paper beside what this code finds, and whether that was
//! recomputed now, read from a committed file, or is on record.

use std::path::Path;
use std::process::ExitCode;

use crate::harness::load::load;
use crate::harness::out;
use crate::record::claims::{AtHand, findings as of_samples, of_experiment, samples};
use crate::record::ledger::{self, Claim, Finding, Ours, Source};
use crate::{Options, Stages};
use amorphous_packing::formats::whole::write_whole;
use anyhow::{Context, Result, bail};
use clap::Parser;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  verify                    the ledger as a table
  verify --json             the same for programs; \"source\" says whether a value was recomputed now,
                            comes from a committed file, or is on record for want of data
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
    let (text, claims) = ledger::read()?;
    let found = recomputed(&arguments.common)?;
    found.complete(&claims)?;
    let rows: Vec<Row> = claims.iter().map(|c| c.in_run(&found.findings)).collect();
    let decided: Vec<Claim> = rows.iter().map(|(claim, _)| claim.clone()).collect();
    if arguments.update {
        let text = ledger::updated(&text, &decided)?;
        write_whole(Path::new(ledger::FILE), text.as_bytes())
            .with_context(|| format!("'{}' cannot be written", ledger::FILE))?;
    }
    if arguments.conventions {
        print_conventions(&decided, &found.findings)?;
    } else if arguments.json {
        out::line(serde_json::to_string_pretty(&json(&rows))?)?;
    } else {
        print(&rows)?;
        out::line(ledger::totals(&decided))?;
    }
    Ok(())
}

/// A row, and where its value comes from.
type Row = (Claim, Source);

/// What a run found, and from which data.
struct Found {
    findings: Vec<Finding>,
    at_hand: AtHand,
}

impl Found {
    /// # Errors
    /// When nothing was found for a row with a value whose data were there: its finding is gone.
    fn complete(&self, claims: &[Claim]) -> Result<()> {
        let lost = claims.iter().find(|claim| {
            let can = self.at_hand.can_decide(claim) && claim.ours.is_some();
            can && claim.in_run(&self.findings).1 == Source::Record
        });
        match lost {
            None => Ok(()),
            Some(claim) => bail!(
                "{} has a value in golden/paper.toml and nothing decides it any more; \
                 its finding belongs to figures/record/claims",
                claim.id
            ),
        }
    }
}

/// What can be recomputed with the samples at hand. Rows about absent samples keep the values of
/// the ledger.
fn recomputed(options: &Options) -> Result<Found> {
    let mut stages = Stages::new(options.running.quiet);
    let loaded = load(options, &samples(), &mut stages)?;
    if !loaded.missing.is_empty() {
        out::note("note: rows about these samples show the values of golden/paper.toml");
    }
    let mut findings = stages.time("claims", || of_samples(&loaded.samples))?;
    let of_images = of_experiment(&options.running.source.store_offline()?)?;
    let found = |id: &str| of_images.iter().any(|finding| finding.id == id);
    let at_hand = AtHand {
        samples: loaded.ids(),
        tilt_angles: found("tilt.count"),
        traced_peaks: found("trace.manual"),
    };
    findings.extend(of_images);
    Ok(Found { findings, at_hand })
}

/// How much a number depends on a choice that the paper does not state.
fn print_conventions(claims: &[Claim], findings: &[Finding]) -> Result<()> {
    for finding in findings.iter().filter(|finding| !finding.others.is_empty()) {
        for claim in claims.iter().filter(|claim| claim.is_about(finding)) {
            let (sample, unit) = (claim.sample.as_deref(), claim.unit.as_deref());
            out::line(format_args!(
                "{} ({}): published {} {}, {}",
                claim.id,
                sample.unwrap_or("–"),
                claim.published,
                unit.unwrap_or_default(),
                claim.status
            ))?;
            let ours = finding.ours.clone().rounded();
            out::line(format_args!("  {ours:>10}  ours"))?;
            for (convention, value) in &finding.others {
                let value = Ours::Number(*value).rounded();
                out::line(format_args!("  {value:>10}  {convention}"))?;
            }
        }
    }
    Ok(())
}

fn json(rows: &[Row]) -> Vec<serde_json::Value> {
    let committed = |source: &Source| match source {
        Source::Committed(file) => Some(*file),
        _ => None,
    };
    rows.iter()
        .map(|(claim, source)| {
            json!({
                "id": claim.id,
                "section": claim.section,
                "where": claim.place,
                "sample": claim.sample,
                "published": claim.published,
                "ours": claim.ours,
                "unit": claim.unit,
                "deviation": claim.deviation(),
                "status": claim.status,
                "why": claim.why,
                "source": claim.ours.as_ref().map(|_| source.to_string()),
                "committed": committed(source),
            })
        })
        .collect()
}

fn print(rows: &[Row]) -> Result<()> {
    out::line(format_args!(
        "{:<24} {:<16} {:>12} {:>14} {:>11}  {:<12} {:<10} why",
        "claim", "sample", "published", "ours", "deviation", "status", "ours is"
    ))?;
    for (claim, source) in rows {
        let or_dash = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        let unit = claim.unit.as_deref().unwrap_or_default();
        let source = claim.ours.is_some().then(|| source.to_string());
        out::line(format_args!(
            "{:<24} {:<16} {:>12} {:>14} {:>11}  {:<12} {:<10} {}",
            claim.id,
            or_dash(claim.sample.clone()),
            format!("{} {unit}", claim.published).trim_end(),
            or_dash(claim.ours.as_ref().map(ToString::to_string)),
            or_dash(claim.deviation().map(|deviation| deviation.to_string())),
            claim.status.to_string(),
            or_dash(source),
            claim.why.as_deref().unwrap_or_default()
        ))?;
    }
    Ok(())
}
