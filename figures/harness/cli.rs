//! The command line that all figures and commands share, and how they end.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;

use amorphous_packing::data::Sample;
use amorphous_packing::data::{DataError, DataStore, StoreOptions, user_cache_dir};
use anyhow::{Context, Result};
use clap::Parser;

use crate::harness::advice::with_advice;
use crate::harness::files;
use crate::harness::out;
use crate::harness::provenance::command_line;

/// The options that every figure and command understands.
///
/// A command with options of its own flattens these:
/// `#[command(flatten)] common: Options`, and implements `AsRef<Options>`.
#[derive(Debug, Clone, Parser)]
pub struct Options {
    /// How it runs and where its files go.
    #[command(flatten)]
    pub running: Running,

    /// Samples to analyse, separated by commas [default: those of the figure]
    #[arg(long, value_name = "SAMPLE,…", value_delimiter = ',')]
    pub samples: Option<Vec<Sample>>,

    /// Fail when the atomic model of a requested sample cannot be had
    #[arg(long)]
    pub require_data: bool,
}

/// Where a command looks for the public data.
#[derive(Debug, Clone, clap::Args)]
pub struct DataOptions {
    /// Directory laid out as the public data repository [default: the user's cache, filled by
    /// download]
    #[arg(long, value_name = "DIR", env = "AMORPHOUS_PACKING_DATA")]
    data: Option<OsString>,

    /// Never use the network: only what lies in the data directory or the cache
    #[arg(long)]
    offline: bool,
}

impl DataOptions {
    /// The store that these options describe.
    ///
    /// # Errors
    /// When the data directory does not exist.
    pub fn store(&self) -> Result<DataStore, DataError> {
        self.store_at(self.offline)
    }

    /// The same without the network, for large files that are optional.
    ///
    /// # Errors
    /// When the data directory does not exist.
    pub fn store_offline(&self) -> Result<DataStore, DataError> {
        self.store_at(true)
    }

    fn store_at(&self, offline: bool) -> Result<DataStore, DataError> {
        // An empty variable is an unset one.
        let given = self.data.as_ref().filter(|given| !given.is_empty());
        DataStore::new(StoreOptions {
            data_dir: given.map(PathBuf::from),
            cache_dir: user_cache_dir(),
            offline,
        })
    }
}

/// How a command runs, where its files go, and where it looks for the public data.
#[derive(Debug, Clone, clap::Args)]
pub struct Running {
    /// Number of threads [default: one per processor]; the files do not depend on it
    #[arg(long, value_name = "N", value_parser = thread_count)]
    pub threads: Option<usize>,

    /// Directory for the files; made if it is absent
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub out: PathBuf,

    /// Where the public data are.
    #[command(flatten)]
    pub source: DataOptions,

    /// Show no progress and do not list the files
    #[arg(long)]
    pub quiet: bool,
}

impl Running {
    /// Sets the number of threads and tries the directory.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn begin(&self) -> Result<()> {
        use_threads(self.threads)?;
        files::writable(&self.out)
    }

    /// Lists files that were written, unless the run is quiet.
    ///
    /// # Errors
    /// As [`out::line`].
    pub fn list(&self, paths: &[PathBuf]) -> Result<()> {
        for path in paths.iter().filter(|_| !self.quiet) {
            out::line(path.display())?;
        }
        Ok(())
    }
}

impl AsRef<Options> for Options {
    fn as_ref(&self) -> &Options {
        self
    }
}

impl Options {
    /// The samples asked for, each once, in the order given; else `default`.
    pub fn samples_or(&self, default: &[Sample]) -> Vec<Sample> {
        let mut chosen: Vec<Sample> = Vec::new();
        for &sample in self.samples.as_deref().unwrap_or(default) {
            if !chosen.contains(&sample) {
                chosen.push(sample);
            }
        }
        chosen
    }
}

/// So many threads may be asked for on any machine, so that one script runs on a laptop and on a
/// node; where there are more than a quarter as many processors, four times their number. A thread
/// beyond that only holds memory, and a million of them never come to an end.
const FEWEST_ALLOWED: usize = 64;

/// Parses a number of threads.
///
/// # Errors
/// In words, when it is none.
pub fn thread_count(text: &str) -> Result<usize, String> {
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let most = FEWEST_ALLOWED.max(4 * processors);
    match text.parse() {
        Ok(0) => Err("at least one thread is needed".to_owned()),
        Ok(threads) if threads <= most => Ok(threads),
        Ok(_) => Err(format!(
            "at most {most} threads are started here; more only wait for the {processors} \
             processors"
        )),
        Err(_) => Err("give a whole number, 1 or more".to_owned()),
    }
}

/// Parses the command line, sets the number of threads, and runs `command`.
///
/// `about` is the first line of `--help`. An error ends the program with one sentence on standard
/// error, the chain of causes joined by `: `, and exit code 1; a wrong command line with clap's
/// message and exit code 2.
pub fn run<A, F>(about: &str, command: F) -> ExitCode
where
    A: Parser + AsRef<Options>,
    F: FnOnce(&A) -> Result<()>,
{
    let about = about.to_owned();
    let parser = A::command().about(about.clone()).long_about(about);
    let parser = match parser.get_after_help() {
        Some(_) => parser,
        None => parser.after_help(example()),
    };
    let matches = parser.get_matches();
    let arguments = match A::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    let outcome =
        use_threads(arguments.as_ref().running.threads).and_then(|()| command(&arguments));
    finish(outcome.map(|()| ExitCode::SUCCESS))
}

/// Ends a program: with its own exit code, or with one sentence on standard error, which says what
/// to do, and exit code 1.
pub fn finish(outcome: Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        out::note(format_args!("error: {}", sentence(&with_advice(error))));
        ExitCode::FAILURE
    })
}

/// What `--help` of a figure ends with.
fn example() -> String {
    let name = command_line().swap_remove(0);
    format!(
        "Example:\n  cargo run --bin {name} -- --samples ta_film --out film\n\
         draws the figure for the tantalum film alone, into the directory 'film'"
    )
}

/// The chain of an error's causes as one sentence.
///
/// A cause that its parent already quotes is not repeated.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// Gives rayon's global pool `threads` threads; one per processor without a number.
///
/// Polars keeps a pool of its own, whose size only the environment (`POLARS_MAX_THREADS`) sets;
/// here it reads and writes small tables, so it is left alone.
///
/// # Errors
/// When the threads cannot be started.
pub fn use_threads(threads: Option<usize>) -> Result<()> {
    let Some(threads) = threads else {
        return Ok(());
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .context("the threads could not be started")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, String> {
        Options::try_parse_from([&["fig5"], arguments].concat()).map_err(|error| error.to_string())
    }

    #[test]
    fn samples_are_parsed_once_each_and_in_order() {
        let options = parse(&["--samples", "pd2,ta_film,pd2"]).unwrap();
        assert_eq!(options.samples_or(&[]), [Sample::Pd2, Sample::TaFilm]);
        assert_eq!(
            parse(&[]).unwrap().samples_or(&[Sample::Pd1]),
            [Sample::Pd1]
        );
    }

    #[test]
    fn an_unknown_sample_and_zero_threads_are_refused_in_words() {
        let unknown = parse(&["--samples", "pd3"]).unwrap_err();
        assert!(unknown.contains("there is no sample 'pd3'"), "{unknown}");
        let zero = parse(&["--threads", "0"]).unwrap_err();
        assert!(zero.contains("at least one thread is needed"), "{zero}");
        assert_eq!(
            parse(&["--threads", "64"]).unwrap().running.threads,
            Some(64)
        );
        for many in ["1000000", "18446744073709551615"] {
            let many = parse(&["--threads", many]).unwrap_err();
            assert!(
                many.contains("threads are started here; more only wait"),
                "{many}"
            );
        }
    }

    #[test]
    fn an_error_is_one_sentence_and_says_nothing_twice() {
        let error = anyhow::anyhow!("disk full")
            .context("fig5.svg: disk full")
            .context("figure fig5 is not written");
        assert_eq!(
            sentence(&error),
            "figure fig5 is not written: fig5.svg: disk full"
        );
    }
}
