//! The tables of a series of frames: a row for each, their means, their mean g(r); and the series of
//! several runs made one.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::analysis::Summary;

use super::series::Estimate;

/// One frame of a series.
#[derive(Debug, Clone)]
pub struct FrameRow {
    /// Its number in the run, from 0.
    pub frame: u32,
    /// The file.
    pub file: String,
    /// Its place in the file, from 0.
    pub index: u64,
    /// The time step that the file states.
    pub step: Option<u64>,
    /// What it is summed up to.
    pub summary: Summary,
}

/// The first columns of [`frame_table`], which say which frame it is.
const NAMES: [&str; 5] = ["frame", "file", "index", "step", "atoms"];

/// The frames: `frame, file, index, step, atoms` and the numbers of [`Summary::numbers`]. There is at
/// least one.
///
/// # Errors
/// Only those of polars.
pub fn frame_table(rows: &[FrameRow]) -> PolarsResult<DataFrame> {
    let mut table = df!(
        "frame" => rows.iter().map(|row| row.frame).collect::<Vec<_>>(),
        "file" => rows.iter().map(|row| row.file.as_str()).collect::<Vec<_>>(),
        "index" => rows.iter().map(|row| row.index).collect::<Vec<_>>(),
        "step" => rows.iter().map(|row| row.step).collect::<Vec<_>>(),
        "atoms" => rows.iter().map(|row| row.summary.atoms as u64).collect::<Vec<_>>(),
    )?;
    let numbers: Vec<_> = rows.iter().map(|row| row.summary.numbers()).collect();
    let names = numbers.first().into_iter().flatten().map(|(name, _)| *name);
    for (k, name) in names.enumerate() {
        let column: Vec<Option<f64>> = numbers
            .iter()
            .map(|row| Some(row[k].1).filter(|value| value.is_finite()))
            .collect();
        table.with_column(Column::new(name.into(), column))?;
    }
    Ok(table)
}

/// The means of the numbers of [`frame_table`] over its frames, by name; of what no frame has, none.
///
/// # Errors
/// When a column holds no numbers.
pub fn estimates(frames: &DataFrame) -> PolarsResult<BTreeMap<String, Estimate>> {
    let mut found = BTreeMap::new();
    for column in frames.columns() {
        let name = column.name().as_str();
        if NAMES.contains(&name) {
            continue;
        }
        let values = column.f64()?.iter();
        let values: Vec<f64> = values.map(|value| value.unwrap_or(f64::NAN)).collect();
        found.extend(Estimate::of(&values).map(|estimate| (name.to_owned(), estimate)));
    }
    Ok(found)
}

/// The mean of g(r) over frames. The shells follow the atoms of each frame; the mean has those of the
/// first, at which the others are interpolated.
#[derive(Debug, Clone, Default)]
pub struct MeanPairs {
    r: Vec<f64>,
    /// The sums by the names of the curves: `g`, `g_Cu_Zr`.
    sums: Vec<(String, Vec<f64>)>,
    frames: usize,
}

impl MeanPairs {
    /// Adds the table of one frame ([`super::structure::described_pairs`]); one without rows is passed
    /// over.
    ///
    /// # Errors
    /// When it lacks a column.
    pub fn add(&mut self, table: &DataFrame) -> PolarsResult<()> {
        if table.height() == 0 {
            return Ok(());
        }
        let numbers = |name: &str| -> PolarsResult<Vec<f64>> {
            Ok(table
                .column(name)?
                .f64()?
                .iter()
                .map(Option::unwrap_or_default)
                .collect())
        };
        let r = numbers("r_angstrom")?;
        if self.frames == 0 {
            let names = table
                .columns()
                .iter()
                .map(|column| column.name().to_string());
            let names = names.filter(|name| name.starts_with('g'));
            self.sums = names.map(|name| (name, vec![0.0; r.len()])).collect();
            self.r.clone_from(&r);
        }
        for (name, sums) in &mut self.sums {
            let curve = numbers(name)?;
            for (sum, &at) in sums.iter_mut().zip(&self.r) {
                *sum += interpolated(&r, &curve, at);
            }
        }
        self.frames += 1;
        Ok(())
    }

    /// The mean: `r_angstrom, g` and those of the pairs of elements. Without rows where no frame has a
    /// g(r).
    ///
    /// # Errors
    /// Only those of polars.
    pub fn table(&self) -> PolarsResult<DataFrame> {
        if self.frames == 0 {
            return df!("r_angstrom" => Vec::<f64>::new(), "g" => Vec::<f64>::new());
        }
        let mut table = df!("r_angstrom" => &self.r)?;
        for (name, sums) in &self.sums {
            let mean: Vec<f64> = sums.iter().map(|sum| sum / self.frames as f64).collect();
            table.with_column(Column::new(name.as_str().into(), mean))?;
        }
        Ok(table)
    }
}

/// The curve at `at`; its first or last value outside.
fn interpolated(x: &[f64], y: &[f64], at: f64) -> f64 {
    match x.partition_point(|&x| x < at) {
        0 => y[0],
        k if k == x.len() => y[k - 1],
        k => {
            let part = (at - x[k - 1]) / (x[k] - x[k - 1]);
            y[k - 1] + part * (y[k] - y[k - 1])
        }
    }
}

/// The frames of several runs as those of one: in the order of their files and places, numbered anew.
/// Also, for each run, the new numbers of its frames by their old ones.
///
/// # Errors
/// When a run is no table of frames, or a frame is in two runs: in words for the user.
pub fn merged_frames(runs: &[DataFrame]) -> PolarsResult<(DataFrame, Vec<BTreeMap<u32, u32>>)> {
    let mut all: Vec<(String, u64, usize, u32, usize)> = Vec::new();
    for (run, table) in runs.iter().enumerate() {
        let files = table.column("file")?.str()?;
        let indices = table.column("index")?.u64()?;
        let frames = table.column("frame")?.u32()?;
        let rows = files.iter().zip(indices.iter()).zip(frames.iter());
        for (row, ((file, index), frame)) in rows.enumerate() {
            let (Some(file), Some(index), Some(frame)) = (file, index, frame) else {
                polars_bail!(ComputeError: "a frame without a file or a number");
            };
            all.push((file.to_owned(), index, run, frame, row));
        }
    }
    all.sort_unstable();
    if let Some(same) = all
        .windows(2)
        .find(|two| two[0].0 == two[1].0 && two[0].1 == two[1].1)
    {
        let (file, index) = (&same[0].0, same[0].1);
        polars_bail!(ComputeError: "frame {index} of '{file}' is in two of the runs; leave one out");
    }
    let mut numbers = vec![BTreeMap::new(); runs.len()];
    let mut rows: Vec<DataFrame> = Vec::new();
    for ((_, _, run, frame, row), number) in all.iter().zip(0..) {
        numbers[*run].insert(*frame, number);
        rows.push(runs[*run].slice(*row as i64, 1));
    }
    let mut rows = rows.into_iter();
    let Some(mut table) = rows.next() else {
        polars_bail!(ComputeError: "there are no frames");
    };
    for row in rows {
        table.vstack_mut(&row)?;
    }
    let count = table.height() as u32;
    table.with_column(Column::new("frame".into(), (0..count).collect::<Vec<_>>()))?;
    table.rechunk_mut();
    Ok((table, numbers))
}

/// A table of a run with its frames by their new numbers.
///
/// # Errors
/// When it has a frame that the run does not have.
pub fn renumbered(table: &DataFrame, numbers: &BTreeMap<u32, u32>) -> PolarsResult<DataFrame> {
    let frames = table.column("frame")?.u32()?.iter();
    let new = frames.map(|frame| frame.and_then(|frame| numbers.get(&frame).copied()));
    let Some(new) = new.collect::<Option<Vec<u32>>>() else {
        polars_bail!(ComputeError: "a row of a frame that the run does not have");
    };
    let mut table = table.clone();
    table.with_column(Column::new("frame".into(), new))?;
    Ok(table)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn curve(stretch: f64) -> DataFrame {
        let r: Vec<f64> = (0..5).map(|k| stretch * f64::from(k)).collect();
        let g: Vec<f64> = r.iter().map(|r| 2.0 * r).collect();
        df!("frame" => [0_u32; 5], "r_angstrom" => r, "g" => g).unwrap()
    }

    #[test]
    fn the_mean_of_curves_on_different_shells_is_that_of_what_they_show() {
        let mut mean = MeanPairs::default();
        mean.add(&curve(1.0)).unwrap();
        mean.add(&curve(1.1)).unwrap();
        let table = mean.table().unwrap();
        let g = table.column("g").unwrap().f64().unwrap();
        for (k, g) in (0..).zip(g.iter()) {
            assert!((g.unwrap() - 2.0 * f64::from(k)).abs() < 1e-12);
        }
    }

    #[test]
    fn merged_frames_are_in_order_and_each_once() {
        let run = |file: &str, indices: [u64; 2]| {
            df!("frame" => [0_u32, 1], "file" => [file; 2], "index" => indices, "step" => indices)
                .unwrap()
        };
        let (table, numbers) =
            merged_frames(&[run("b", [0, 2]), run("a", [7, 9]), run("b", [1, 3])]).unwrap();
        let steps: Vec<_> = table
            .column("step")
            .unwrap()
            .u64()
            .unwrap()
            .iter()
            .flatten()
            .collect();
        assert_eq!(steps, [7, 9, 0, 1, 2, 3]);
        assert_eq!(numbers[0], BTreeMap::from([(0, 2), (1, 4)]));
        let atoms = df!("frame" => [1_u32, 0, 1]).unwrap();
        let atoms = renumbered(&atoms, &numbers[2]).unwrap();
        let frames: Vec<_> = atoms
            .column("frame")
            .unwrap()
            .u32()
            .unwrap()
            .iter()
            .flatten()
            .collect();
        assert_eq!(frames, [5, 3, 5]);
        let twice = merged_frames(&[run("b", [0, 2]), run("b", [2, 5])]).unwrap_err();
        assert!(
            twice
                .to_string()
                .contains("frame 2 of 'b' is in two of the runs")
        );
    }
}
