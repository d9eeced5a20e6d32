//! The times of a committed run of `benches/peers/run.sh` as a part of the book: the tables of
//! `generated/speed.md` and the chart of how time and memory grow.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use amorphous_packing::formats::tables::texts_of_csv;
use anyhow::{Context, Result, anyhow};
use plotters::style::RGBColor;
use polars::prelude::{DataFrame, df};

use crate::charts::plots;
use crate::charts::scale::{extremes, number};
use crate::charts::series::Series;
use crate::page::canvas::Drawing;
use crate::page::style::{self, BLACK, PD1, PD2};
use crate::{Chart, Figure, Layout, Legend};

/// The picture of the growth in `book/src/figures`.
pub const PICTURE: &str = "speed.png";

/// What the tasks are called in the book.
const TASKS: [(&str, &str); 7] = [
    ("pair_histogram", "pairs up to 20 Å in shells of 0.1 Å"),
    ("bond_order", "averaged bond order, cutoff 3.91 Å"),
    ("voronoi", "Voronoi cells: volumes, areas, edge counts"),
    ("delaunay", "Delaunay triangulation"),
    ("alpha_shape", "alpha shape, triangulation included"),
    ("motifs", "motifs of 3 to 8 tetrahedra at 13 deltas"),
    ("chain", "whole chain, coordinates to networks"),
];

/// One line of `peers.csv`.
#[derive(Debug, Clone, PartialEq)]
struct Time {
    peer: String,
    version: String,
    task: String,
    sample: String,
    atoms: usize,
    threads: usize,
    /// Seconds and peak memory in MB; the status instead, where there are none.
    measured: Result<(f64, f64), String>,
}

/// One line of `scaling.csv`.
#[derive(Debug, Clone, PartialEq)]
struct Growth {
    boundary: String,
    atoms: usize,
    threads: usize,
    seconds: f64,
    peak_mb: f64,
}

/// A committed run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    machine: String,
    times: Vec<Time>,
    growth: Vec<Growth>,
    /// The table of `benches/peers/criterion.py`; empty where that was not measured.
    before: String,
}

impl Run {
    /// The run of the latest date in the directory `runs`; `None` when there is none.
    ///
    /// # Errors
    /// When a file of the run cannot be read or is no table of ours.
    pub fn latest(runs: &Path) -> Result<Option<Run>> {
        let Ok(entries) = fs::read_dir(runs) else {
            return Ok(None);
        };
        let folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let Some(run) = folders
            .filter(|path| path.join("peers.csv").is_file())
            .max()
        else {
            return Ok(None);
        };
        let read = |name: &str| {
            let path = run.join(name);
            fs::read_to_string(&path).with_context(|| format!("'{}'", path.display()))
        };
        let read_optional = |name: &str| match run.join(name).is_file() {
            true => read(name),
            false => Ok(String::new()),
        };
        let growth = read_optional("scaling.csv")?;
        let parsed = Run::parse(&read("machine.txt")?, &read("peers.csv")?, &growth)
            .with_context(|| format!("'{}'", run.display()))?;
        Ok(Some(Run {
            before: read_optional("criterion.md")?,
            ..parsed
        }))
    }

    /// A run from the text of its files; `growth` is empty where that was not measured.
    ///
    /// # Errors
    /// Names the column that is missing or holds no number.
    pub fn parse(machine: &str, times: &str, growth: &str) -> Result<Run> {
        let time = |row: &Row<'_>| {
            // A time of another result than that of the others is none.
            let measured = match row.text("status")? {
                "ok" => Ok((row.number("seconds")?, row.number("peak_mb")?)),
                status => Err(status.to_owned()),
            };
            Ok(Time {
                peer: row.text("peer")?.to_owned(),
                version: row.text("version")?.to_owned(),
                task: row.text("task")?.to_owned(),
                sample: row.text("sample")?.to_owned(),
                atoms: row.number("atoms")? as usize,
                threads: row.number("threads")? as usize,
                measured,
            })
        };
        let size = |row: &Row<'_>| {
            Ok(Growth {
                boundary: row.text("boundary")?.to_owned(),
                atoms: row.number("atoms")? as usize,
                threads: row.number("threads")? as usize,
                seconds: row.number("seconds")?,
                peak_mb: row.number("peak_mb")?,
            })
        };
        Ok(Run {
            machine: machine.to_owned(),
            times: rows(times, time)?,
            growth: rows(growth, size)?,
            before: String::new(),
        })
    }

    /// How time and memory grow, each against the number of atoms, one curve for each number of
    /// threads; `None` where that was not measured.
    ///
    /// # Errors
    /// When the page cannot be drawn.
    pub fn chart(&self) -> Result<Option<Drawing>> {
        let open: Vec<Growth> = self.fastest_growth();
        let open: Vec<&Growth> = open.iter().filter(|row| row.boundary == "open").collect();
        if open.is_empty() {
            return Ok(None);
        }
        let table = table(&open)?;
        let mut threads: Vec<usize> = open.iter().map(|row| row.threads).collect();
        threads.sort_unstable();
        threads.dedup();
        let series = |column: &str| -> Vec<Series> {
            let colours = COLOURS.into_iter().cycle();
            let curves = threads.iter().zip(colours);
            curves
                .map(|(threads, colour)| {
                    Series::column(column)
                        .only("threads", &threads.to_string())
                        .label(&format!("{threads} {}", plural(*threads, "thread")))
                        .colour(colour)
                })
                .collect()
        };
        let chart = |title: &str, value: fn(&Growth) -> f64| {
            let chart = Chart::new("Atoms", title).log_x().log_y();
            let chart = chart.legend(Legend::TopLeft);
            match extremes(open.iter().map(|row| value(row))) {
                Some((low, high)) => chart.y_range(decade_below(low)..2.0 * high),
                None => chart,
            }
        };
        let seconds = chart("Time (s)", |row| row.seconds);
        let megabytes = chart("Memory (MB)", |row| row.peak_mb);
        let time = plots::joined_points(&table, "atoms", series("seconds"), seconds);
        let memory = plots::joined_points(&table, "atoms", series("peak_mb"), megabytes);
        let layout = Layout::even(style::DOUBLE_COLUMN_MM, 60.0, 2, 2);
        Figure::new("speed", "Time and memory of the whole chain", layout)
            .panel('a', time)
            .panel('b', memory)
            .drawing()
            .map(Some)
    }

    /// The fastest repetition of each size, with the largest memory of all.
    fn fastest_growth(&self) -> Vec<Growth> {
        let mut fastest: BTreeMap<(&str, usize, usize), Growth> = BTreeMap::new();
        for row in &self.growth {
            let key = (row.boundary.as_str(), row.atoms, row.threads);
            let best = fastest.entry(key).or_insert_with(|| row.clone());
            best.seconds = best.seconds.min(row.seconds);
            best.peak_mb = best.peak_mb.max(row.peak_mb);
        }
        fastest.into_values().collect()
    }
}

/// The colours of one, two, four threads.
const COLOURS: [RGBColor; 3] = [BLACK, PD1, PD2];

fn table(rows: &[&Growth]) -> Result<DataFrame> {
    let column =
        |value: fn(&Growth) -> f64| -> Vec<f64> { rows.iter().map(|row| value(row)).collect() };
    let threads: Vec<String> = rows.iter().map(|row| row.threads.to_string()).collect();
    Ok(df!(
        "threads" => threads,
        "atoms" => column(|row| row.atoms as f64),
        "seconds" => column(|row| row.seconds),
        "peak_mb" => column(|row| row.peak_mb),
    )?)
}

/// A line of a table of texts.
struct Row<'a> {
    table: &'a DataFrame,
    line: usize,
}

impl Row<'_> {
    fn text(&self, column: &str) -> Result<&str> {
        let texts = self.table.column(column).ok();
        let text = texts.and_then(|texts| texts.str().ok()?.get(self.line));
        text.ok_or_else(|| anyhow!("there is no column '{column}'"))
    }

    fn number(&self, column: &str) -> Result<f64> {
        let text = self.text(column)?;
        let wrong = || format!("'{text}' in the column '{column}' is no number");
        text.parse().with_context(wrong)
    }
}

/// What each line of a CSV text comes to.
fn rows<T>(text: &str, of: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
    let table = texts_of_csv(text)?;
    let lines = 0..table.height();
    let rows = lines.map(|line| Row {
        table: &table,
        line,
    });
    rows.map(|row| of(&row)).collect()
}

/// The page of a run.
pub fn page(run: Option<&Run>) -> String {
    let Some(run) = run else {
        return "No run of `benches/peers/run.sh` is committed.\n".to_owned();
    };
    let mut text = format!("```text\n{}```\n\n{}", run.machine, times(&run.times));
    if !run.growth.is_empty() {
        let _ = write!(
            text,
            "\n## How time and memory grow\n\n![Time and memory of the whole chain](figures/{PICTURE})\n\n{}",
            growth(&run.fastest_growth())
        );
    }
    if !run.before.is_empty() {
        let _ = write!(text, "\n## Before and after\n\n{}", run.before);
    }
    text
}

/// One row for each task and sample: ours, the fastest peer, the others.
fn times(times: &[Time]) -> String {
    let mut text = "| task | atoms | threads | ours, s | best peer, s | peer/ours | others, s | \
                    memory: ours, best peer, MB |\n|:--|--:|--:|--:|--:|--:|:--|:--|\n"
        .to_owned();
    for (task, what) in TASKS {
        let mut cases: Vec<(&str, usize, usize)> = Vec::new();
        for time in times.iter().filter(|time| time.task == task) {
            let case = (time.sample.as_str(), time.atoms, time.threads);
            if !cases.contains(&case) {
                cases.push(case);
            }
        }
        cases.sort_by_key(|&(sample, atoms, threads)| (atoms, sample.to_owned(), threads));
        for (sample, atoms, threads) in cases {
            let is_meant = |time: &&Time| {
                time.task == task && time.sample == sample && time.threads == threads
            };
            let rows: Vec<&Time> = times.iter().filter(is_meant).collect();
            let (ours, peers): (Vec<Best<'_>>, Vec<Best<'_>>) = best(&rows)
                .into_iter()
                .partition(|best| best.peer == "ours");
            let _ = writeln!(
                text,
                "| {what}<br><small>{}</small> | {} | {threads} | {} |",
                style::label(sample).replace('_', " "),
                number(atoms as f64, 1.0),
                against(ours.first(), &peers)
            );
        }
    }
    text
}

/// The fastest repetition of one program.
struct Best<'a> {
    peer: &'a str,
    version: &'a str,
    measured: &'a Result<(f64, f64), String>,
    seconds: f64,
}

/// The fastest repetition of each program, the fastest program first; those that failed last.
fn best<'a>(rows: &[&'a Time]) -> Vec<Best<'a>> {
    let mut found: Vec<Best<'a>> = Vec::new();
    for row in rows {
        let seconds = row.measured.as_ref().map_or(f64::INFINITY, |m| m.0);
        let new = Best {
            peer: &row.peer,
            version: &row.version,
            measured: &row.measured,
            seconds,
        };
        match found.iter_mut().find(|best| best.peer == row.peer) {
            Some(best) if best.seconds <= seconds => {}
            Some(best) => *best = new,
            None => found.push(new),
        }
    }
    found.sort_by(|a, b| a.seconds.total_cmp(&b.seconds).then(a.peer.cmp(b.peer)));
    found
}

/// The cells behind the number of threads.
fn against(ours: Option<&Best<'_>>, peers: &[Best<'_>]) -> String {
    let memory = |best: &Best<'_>| {
        let known = best.measured.as_ref().ok();
        known.map_or("–".to_owned(), |(_, peak)| format!("{peak:.0}"))
    };
    let name = |best: &Best<'_>| format!("{} {}", best.peer, best.version).trim().to_owned();
    let one = |best: &Best<'_>| match best.measured {
        Ok((seconds, _)) => format!("{} {}", name(best), rounded(*seconds)),
        Err(status) => format!("{}: {status}", name(best)),
    };
    let measured = |best: &&Best<'_>| best.measured.is_ok();
    let own = ours.filter(measured);
    let first = peers.first().filter(measured);
    let ratio = own
        .zip(first)
        .map(|(own, first)| format!("{:.2}", first.seconds / own.seconds));
    let others: Vec<String> = peers[usize::from(first.is_some())..]
        .iter()
        .map(one)
        .collect();
    let dash = || "–".to_owned();
    [
        own.map_or_else(dash, |own| rounded(own.seconds)),
        first.map_or_else(dash, one),
        ratio.unwrap_or_else(dash),
        if others.is_empty() {
            dash()
        } else {
            others.join(", ")
        },
        format!(
            "{}, {}",
            own.map_or_else(dash, memory),
            first.map_or_else(dash, memory)
        ),
    ]
    .join(" | ")
}

fn growth(rows: &[Growth]) -> String {
    let mut text =
        "| sample | atoms | threads | time, s | µs per atom | memory, MB | MB per 10⁶ atoms |\n\
                    |:--|--:|--:|--:|--:|--:|--:|\n"
            .to_owned();
    for row in rows {
        let atoms = row.atoms as f64;
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {:.0} | {:.0} |",
            match row.boundary.as_str() {
                "open" => "ball cut from the liquid",
                _ => "liquid in a periodic box",
            },
            number(row.atoms as f64, 1.0),
            row.threads,
            rounded(row.seconds),
            rounded(1e6 * row.seconds / atoms),
            row.peak_mb,
            1e6 * row.peak_mb / atoms,
        );
    }
    text
}

/// The largest power of ten that is not above a positive value.
fn decade_below(value: f64) -> f64 {
    10_f64.powf(value.log10().floor())
}

/// Three significant digits.
fn rounded(value: f64) -> String {
    let digits = 2 - value.abs().max(1e-9).log10().floor() as i32;
    format!("{value:.*}", digits.clamp(0, 4) as usize)
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    const TIMES: &str = "peer,version,task,sample,atoms,threads,repetition,seconds,peak_mb,check,status\n\
        ours,0.1.0,delaunay,pd2,76238,1,1,0.6,50,1,ok\n\
        ours,0.1.0,delaunay,pd2,76238,1,2,0.5,51,1,ok\n\
        scipy,1.17,delaunay,pd2,76238,1,1,4.0,200,1,ok\n\
        CGAL,5.5,delaunay,pd2,76238,1,1,0.4,43,1,ok\n\
        freud,,delaunay,pd2,76238,1,,,,,not installed\n";
    const GROWTH: &str = "boundary,atoms,threads,repetition,seconds,peak_mb,networks,stages\n\
        open,10000,1,1,0.2,20,3,a 0.1\nopen,10000,1,2,0.1,21,3,a 0.1\n\
        open,1000000,1,1,12.0,900,3,a 0.1\n";

    #[test]
    fn the_fastest_peer_stands_beside_us_and_the_rest_behind() {
        let run = Run::parse("cores: 4\n", TIMES, "").unwrap();
        let page = page(Some(&run));
        assert!(
            page.contains(
                "| 76,238 | 1 | 0.500 | CGAL 5.5 0.400 | 0.80 | scipy 1.17 4.00, freud: not \
                 installed | 51, 43 |"
            ),
            "{page}"
        );
        assert!(!page.contains(PICTURE));
    }

    #[test]
    fn growth_is_stated_per_atom_and_drawn() {
        let run = Run::parse("", TIMES, GROWTH).unwrap();
        let page = page(Some(&run));
        assert!(
            page.contains("| 10,000 | 1 | 0.100 | 10.0 | 21 | 2100 |"),
            "{page}"
        );
        assert!(run.chart().unwrap().is_some());
    }

    #[test]
    fn a_table_without_a_column_is_refused_by_name() {
        let error = Run::parse("", "peer,task\nours,delaunay\n", "").unwrap_err();
        assert!(error.to_string().contains("'status'"), "{error}");
    }

    #[test]
    fn without_a_run_the_page_says_so() {
        assert!(page(None).contains("No run"));
        let none = Run::latest(Path::new("there is no such directory"));
        assert_eq!(none.unwrap(), None);
    }
}
