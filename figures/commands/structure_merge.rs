//! `analyze --merge`: what several runs wrote, joined: the pieces of a long trajectory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use amorphous_packing::formats::tables::from_parquet;
use amorphous_packing::report::frames::{MeanPairs, estimates, merged_frames, renumbered};
use anyhow::{Context, Result, anyhow, ensure};
use polars::prelude::DataFrame;

use crate::commands::structure_files::{TABLES, begin_table, end_table, summed_up, turn};
use crate::commands::structure_sheet::series;
use crate::commands::structure_told::{SummaryFile, told};
use crate::harness::cli::Running;
use crate::harness::figure::Figure;
use crate::harness::provenance::Input;
use crate::harness::{files, out};
use crate::{Layout, Stages, style};

/// Joins the runs in these directories into the directory of the options.
///
/// # Errors
/// When a directory holds no run, a frame is in two of them, or nothing can be written.
pub fn merge(runs: &[PathBuf], running: &Running, stages: &mut Stages) -> Result<()> {
    let directory = &running.out;
    for run in runs {
        let same = fs::canonicalize(run).ok() == fs::canonicalize(directory).ok();
        ensure!(
            !same,
            "'{}' is both joined and written; choose another directory with --out",
            run.display()
        );
    }
    let _turn = turn(directory)?;
    let (mut frames, mut inputs) = (Vec::new(), Vec::new());
    for run in runs {
        let (path, bytes) = bytes_of(run, "frames")?;
        inputs.push(Input::of("run", path.display().to_string(), &bytes));
        frames.push(decoded(&path, &bytes)?);
    }
    let (merged, numbers) = merged_frames(&frames)
        .map_err(|error| anyhow!("the runs cannot be joined: {}", words(&error)))?;
    let mut pairs = MeanPairs::default();
    let mut ready = Vec::new();
    for name in TABLES {
        let (file, mut parts) = begin_table(directory, name)?;
        stages.time(name, || -> Result<()> {
            for (run, numbers) in runs.iter().zip(&numbers) {
                let rows = renumbered(&table(run, name)?, numbers)
                    .map_err(|error| anyhow!("'{}': {}", run.display(), words(&error)))?;
                if name == "g" {
                    add_pairs(&mut pairs, &rows)?;
                }
                parts.add(&rows).with_context(|| {
                    format!("'{}' has other elements than the first run", run.display())
                })?;
            }
            Ok(())
        })?;
        ready.push(end_table(file, parts)?);
    }
    let summary = SummaryFile {
        frames: merged.height(),
        means: estimates(&merged)?,
        ..last_summary(runs, &numbers)?
    };
    for (name, bytes) in summed_up(&summary, &merged, &pairs.table()?)? {
        ready.push(files::stage(directory, name, &bytes)?);
    }
    let figure = inputs
        .into_iter()
        .fold(sheet(&summary.structure, &merged), Figure::input);
    let paths = figure.write_with(ready, directory, stages)?;
    out::text(&told(&summary))?;
    running.list(&paths)
}

/// The page of a series of frames.
fn sheet(name: &str, frames: &DataFrame) -> Figure {
    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(54.0, "aaaaaabbbbbb")]);
    series(Figure::new("sheet", name, layout), frames, ['a', 'b'])
}

/// A table of a run.
fn table(run: &Path, name: &str) -> Result<DataFrame> {
    let (path, bytes) = bytes_of(run, name)?;
    decoded(&path, &bytes)
}

fn bytes_of(run: &Path, name: &str) -> Result<(PathBuf, Vec<u8>)> {
    let path = run.join(format!("{name}.parquet"));
    let bytes = fs::read(&path).with_context(|| {
        format!(
            "'{}' cannot be read; --merge joins directories that analyze wrote",
            path.display()
        )
    })?;
    Ok((path, bytes))
}

fn decoded(path: &Path, bytes: &[u8]) -> Result<DataFrame> {
    from_parquet(bytes).with_context(|| format!("'{}' is no table", path.display()))
}

/// Adds the curves of each frame of a table.
fn add_pairs(pairs: &mut MeanPairs, table: &DataFrame) -> Result<()> {
    let frames: Vec<u32> = table.column("frame")?.u32()?.iter().flatten().collect();
    let mut start = 0;
    for same in frames.chunk_by(|a, b| a == b) {
        pairs.add(&table.slice(start as i64, same.len()))?;
        start += same.len();
    }
    Ok(())
}

/// The summary of the run that holds the last frame.
fn last_summary(runs: &[PathBuf], numbers: &[BTreeMap<u32, u32>]) -> Result<SummaryFile> {
    let last = |numbers: &BTreeMap<u32, u32>| numbers.values().max().copied();
    let place = (0..runs.len()).max_by_key(|&run| last(&numbers[run]));
    let path = runs[place.unwrap_or_default()].join("summary.json");
    let failed = || format!("'{}' cannot be read", path.display());
    let text = fs::read(&path).with_context(failed)?;
    serde_json::from_slice(&text).with_context(failed)
}

/// What an error of the tables says, without what kind of error it is.
fn words(error: &polars::error::PolarsError) -> String {
    match error {
        polars::error::PolarsError::ComputeError(words) => words.to_string(),
        other => other.to_string(),
    }
}
