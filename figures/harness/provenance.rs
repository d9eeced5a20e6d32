//! What a figure was made from: inputs, parameters, source, versions, time; and its panels.

use std::io;
use std::path::Path;
use std::process::Command;

use amorphous_packing::data::Located;
use amorphous_packing::formats::whole::Unfinished;
use amorphous_packing::numerics::{Hashed, Tally, sha256};
use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::harness::files::unwritten;
use crate::harness::stages::Stage;
use crate::page::layout::Rectangle;

/// A file that the analysis read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Id of the sample, or what else the file holds.
    pub sample: String,
    /// Path inside the data repository, or name of the embedded file.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// Size of the file in bytes.
    pub bytes: u64,
}

/// A file that the figure consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Output {
    /// Name of the file in the output directory.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// Size of the file in bytes.
    pub bytes: u64,
}

/// A panel and where it lies on the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Placed {
    /// Its letter.
    pub letter: char,
    /// Its rectangle, letter and title included, in millimetres.
    pub rectangle_mm: Rectangle,
}

/// The contents of `fig5.json`. Only this file holds seconds: the others have the same bytes in
/// every run.
#[derive(Debug, Clone, Serialize)]
pub struct Provenance {
    /// Id of the figure.
    pub figure: String,
    /// Its title.
    pub title: String,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Version of this package.
    pub version: &'static str,
    /// The source that the program was built from.
    pub source: Source,
    /// The compiler.
    pub rustc: &'static str,
    /// Versions of the libraries that the result could depend on.
    pub libraries: Map<String, Value>,
    /// Number of threads.
    pub threads: usize,
    /// Seconds of each stage.
    pub seconds: Vec<Stage>,
    /// What was read.
    pub inputs: Vec<Input>,
    /// Parameters of the analysis.
    pub parameters: Map<String, Value>,
    /// The panels.
    pub panels: Vec<Placed>,
    /// The footnotes of the figure.
    pub footnotes: Vec<String>,
    /// What was written.
    pub outputs: Vec<Output>,
}

/// The source as git knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The commit that is checked out; `unknown` outside a checkout.
    pub commit: String,
    /// Whether tracked files differ from that commit; absent outside a checkout.
    pub dirty: Option<bool>,
}

/// The libraries whose versions are stated.
const LIBRARIES: [&str; 8] = [
    "kiddo", "nalgebra", "ndarray", "plotters", "polars", "rayon", "resvg", "robust",
];

/// The lock file that the program was built with.
const LOCK: &str = include_str!("../../Cargo.lock");

impl Input {
    /// The record of a public file that was found.
    pub fn located(sample: &str, file: &str, located: &Located) -> Input {
        let hash = located.hash.as_str();
        Input {
            sample: sample.to_owned(),
            file: file.to_owned(),
            sha256: hash.trim_start_matches("sha256:").to_owned(),
            bytes: located.bytes,
        }
    }

    /// The record of what was read of a file.
    pub fn read(sample: &str, path: &Path, tally: &Tally) -> Input {
        let (sha256, bytes) = tally.so_far();
        Input {
            sample: sample.to_owned(),
            file: path.display().to_string(),
            sha256,
            bytes,
        }
    }

    /// The record of a file with these bytes.
    pub fn of(sample: &str, file: String, bytes: &[u8]) -> Input {
        Input {
            sample: sample.to_owned(),
            file,
            sha256: sha256(bytes),
            bytes: bytes.len() as u64,
        }
    }
}

impl Output {
    /// The record of a file that has its temporary name still.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn unfinished(file: &mut Unfinished) -> Result<Output> {
        let failed = unwritten(file.path());
        let (mut reader, tally) = Hashed::new(file.written().with_context(|| failed.clone())?);
        io::copy(&mut reader, &mut io::sink()).context(failed)?;
        let (sha256, bytes) = tally.so_far();
        let name = file.path().file_name().unwrap_or(file.path().as_os_str());
        Ok(Output {
            file: name.to_string_lossy().into_owned(),
            sha256,
            bytes,
        })
    }

    /// The record of a file with these bytes.
    pub fn of(file: &str, bytes: &[u8]) -> Output {
        Output {
            file: file.to_owned(),
            sha256: sha256(bytes),
            bytes: bytes.len() as u64,
        }
    }
}

impl Source {
    /// The checkout that this package lies in, looked up when the program runs: `cargo run` has
    /// just built what is checked out, and a commit needs no rebuild of the figures.
    pub fn checked_out() -> Source {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let ours = package.parent().and_then(|root| root.canonicalize().ok());
        let top = git(package, &["rev-parse", "--show-toplevel"]);
        let top = top.and_then(|top| Path::new(&top).canonicalize().ok());
        let commit = git(package, &["rev-parse", "HEAD"]).filter(|_| ours.is_some() && ours == top);
        Source {
            dirty: commit.as_ref().and_then(|_| {
                let changes = git(package, &["status", "--porcelain", "--untracked-files=no"])?;
                Some(!changes.is_empty())
            }),
            commit: commit.unwrap_or_else(|| "unknown".to_owned()),
        }
    }
}

/// The name of the program, without its directory, and its arguments.
pub fn command_line() -> Vec<String> {
    let mut arguments: Vec<String> = std::env::args().collect();
    if let Some(program) = arguments.first_mut() {
        let name = Path::new(program.as_str()).file_stem();
        *program = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    }
    arguments
}

/// The libraries that the result could depend on, with their versions in the lock file.
pub fn libraries() -> Map<String, Value> {
    let field = |package: &str, key: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(key))?;
        Some(line.trim_matches([' ', '=', '"']).to_owned())
    };
    LOCK.split("[[package]]")
        .filter_map(|package| Some((field(package, "name")?, field(package, "version")?)))
        .filter(|(name, _)| LIBRARIES.contains(&name.as_str()))
        .map(|(name, version)| (name, Value::String(version)))
        .collect()
}

fn git(directory: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(arguments)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_library_has_a_version() {
        let libraries = libraries();
        assert_eq!(libraries.len(), LIBRARIES.len());
        assert!(libraries.values().all(|version| {
            let version = version.as_str().unwrap_or_default();
            version.starts_with(|first: char| first.is_ascii_digit()) && version.contains('.')
        }));
    }
}
