//! `fetch`: downloads and checks the public data of the paper.

use std::process::ExitCode;

use crate::harness::advice::with_advice_to_fetch;
use crate::harness::cli::{DataOptions, finish, sentence};
use crate::harness::out;
use crate::harness::progress::{Bars, Unit};
use amorphous_packing::data::manifest::PublicFile;
use amorphous_packing::data::{DataStore, FoundIn, Group, Manifest};
use anyhow::Result;
use clap::Parser;

const EXAMPLES: &str = "\
Examples:
  fetch models              the atomic models and what the tests compare with
  fetch --list tomography   what there is of images and reconstructions";

/// Download the public data of the paper into the user's cache, and check every file
///
/// One line per file on standard output: present, downloaded or failed. A file that is already
/// there is checked, not downloaded again. The exit status is 1 if a file is missing or damaged.
#[derive(Parser)]
#[command(name = "fetch", version, after_help = EXAMPLES)]
struct Options {
    /// What to fetch: models (atomic models and what the tests compare with), tomography or all
    #[arg(value_name = "GROUP", default_value = "all", value_parser = wanted)]
    group: Wanted,

    #[command(flatten)]
    source: DataOptions,

    /// No progress bars
    #[arg(long)]
    quiet: bool,

    /// List the files (group, bytes, path) and leave
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy)]
struct Wanted(Option<Group>);

fn wanted(name: &str) -> Result<Wanted, String> {
    match name {
        "all" => Ok(Wanted(None)),
        name => match name.parse() {
            Ok(group) => Ok(Wanted(Some(group))),
            Err(unknown) => Err(format!("{unknown}, all")),
        },
    }
}

/// Runs the command.
pub fn main() -> ExitCode {
    finish(run())
}

fn run() -> Result<ExitCode> {
    let options = Options::parse();
    let files: Vec<_> = Manifest::public().group(options.group.0).collect();
    if options.list {
        list(&files)?;
        return Ok(ExitCode::SUCCESS);
    }
    let store = options.source.store()?;
    let failed = fetch(&store, &files, &Bars::new(Unit::Bytes, options.quiet))?;
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn list(files: &[&PublicFile]) -> Result<()> {
    for file in files {
        let bytes = file
            .bytes
            .map_or_else(|| "unknown".to_owned(), |bytes| bytes.to_string());
        let group = file.group.id();
        out::line(format_args!("{group:<10}  {bytes:>9}  {}", file.path))?;
    }
    Ok(())
}

/// One line per file; the number of files that could not be had.
fn fetch(store: &DataStore, files: &[&PublicFile], bars: &Bars) -> Result<usize> {
    let mut failed = 0;
    for file in files {
        let line = match store.locate(&file.path, bars) {
            Ok(located) => {
                let state = match located.found_in {
                    FoundIn::DataDir | FoundIn::Cache => "present",
                    FoundIn::Download => "downloaded",
                };
                format!("{state:<10}  {}", located.path.display())
            }
            Err(error) => {
                failed += 1;
                format!(
                    "{:<10}  {}",
                    "failed",
                    sentence(&with_advice_to_fetch(error))
                )
            }
        };
        out::line(line)?;
    }
    Ok(failed)
}
