//! A figure: panels on a page, and the files that it becomes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use amorphous_packing::data::Sample;
use amorphous_packing::formats::tables;
use amorphous_packing::formats::whole::Unfinished;
use anyhow::{Context, Result, anyhow, bail};
use polars::prelude::DataFrame;
use serde_json::{Map, Value};

use crate::harness::cli::{self, Options};
use crate::harness::files;
use crate::harness::provenance::{self, Input, Output, Placed, Provenance, Source};
use crate::harness::stages::Stages;
use crate::page::canvas::{self, Canvas, Drawing};
use crate::page::layout::{Layout, MARGIN_MM};
use crate::page::panel::Panel;
use crate::page::style::{GREY, LETTER_PT, NOTE_PT, mm};
use crate::page::text::Type;

/// A figure that is ready to be drawn.
pub struct Figure {
    id: String,
    title: String,
    layout: Layout,
    panels: BTreeMap<char, Panel>,
    tables: BTreeMap<String, DataFrame>,
    files: Vec<(String, Vec<u8>)>,
    footnotes: Vec<String>,
    inputs: Vec<Input>,
    parameters: Map<String, Value>,
}

/// Where a panel's title begins, right of its letter.
const TITLE_INDENT_MM: f64 = 4.0;
/// Space between the panels and the footnotes.
const FOOTNOTE_GAP_MM: f64 = 1.2;
/// Distance between two lines of footnotes.
const FOOTNOTE_LINE_MM: f64 = 2.9;

/// Runs a figure binary: command line, output directory, work, files.
///
/// `make` gets the options and the clock, and hands back the figure. The names of the files are
/// printed, unless the run is quiet.
pub fn draw(about: &str, make: impl FnOnce(&Options, &mut Stages) -> Result<Figure>) -> ExitCode {
    cli::run(about, |options: &Options| {
        let paths = produce(options, make)?;
        options.running.list(&paths)
    })
}

/// Makes a figure and writes its files; says which.
///
/// Whether the output directory can be written is tried before the work begins.
///
/// # Errors
/// When nothing can be written to the output directory, and what `make` fails with.
pub fn produce(
    options: &Options,
    make: impl FnOnce(&Options, &mut Stages) -> Result<Figure>,
) -> Result<Vec<PathBuf>> {
    files::writable(&options.running.out)?;
    let mut stages = Stages::new(options.running.quiet);
    let figure = make(options, &mut stages)?;
    figure.write(&options.running.out, &mut stages)
}

impl Figure {
    /// A figure without panels. `id` names its files (`fig5`), `title` says what it shows.
    pub fn new(id: &str, title: &str, layout: Layout) -> Figure {
        Figure {
            id: id.to_owned(),
            title: title.to_owned(),
            layout,
            panels: BTreeMap::new(),
            tables: BTreeMap::new(),
            files: Vec::new(),
            footnotes: Vec::new(),
            inputs: Vec::new(),
            parameters: Map::new(),
        }
    }

    /// Puts a panel at its letter in the layout; its table becomes `fig5c.csv`.
    pub fn panel(mut self, letter: char, panel: Panel) -> Figure {
        self.panels.insert(letter, panel);
        self
    }

    /// One panel for each sample, lettered from a on, all from one table of the figure.
    ///
    /// # Errors
    /// Those of `panel`.
    pub fn panel_for_each(
        self,
        samples: &[Sample],
        panel: impl Fn(Sample) -> Result<Panel>,
    ) -> Result<Figure> {
        let mut letters = ('a'..).zip(samples);
        letters.try_fold(self, |figure, (letter, &sample)| {
            Ok(figure.panel(letter, panel(sample)?.without_table()))
        })
    }

    /// A table that belongs to no single panel, as `<name>.csv` (`figs14`, `fig4c_mean`).
    pub fn table(mut self, name: &str, table: &DataFrame) -> Figure {
        self.tables.insert(name.to_owned(), table.clone());
        self
    }

    /// Another file that is written with the figure.
    pub fn file(mut self, name: &str, bytes: Vec<u8>) -> Figure {
        self.files.push((name.to_owned(), bytes));
        self
    }

    /// A line below the panels.
    pub fn footnote(mut self, line: &str) -> Figure {
        self.footnotes.push(line.to_owned());
        self
    }

    /// A file that the figure was made from.
    pub fn input(mut self, input: Input) -> Figure {
        self.inputs.push(input);
        self
    }

    /// A parameter of the analysis, with its unit in the name.
    pub fn parameter(mut self, name: &str, value: impl Into<Value>) -> Figure {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }

    /// Draws the page.
    ///
    /// # Errors
    /// When layout and panels do not belong together, or a panel cannot be drawn.
    pub fn drawing(&self) -> Result<Drawing> {
        self.check()?;
        let width = self.layout.width_mm();
        let footnotes = self.footnote_lines();
        let gap = if footnotes.is_empty() {
            0.0
        } else {
            FOOTNOTE_GAP_MM
        };
        let top = self.layout.height_mm() + gap;
        let height = top + FOOTNOTE_LINE_MM * footnotes.len() as f64;
        canvas::render((width, height), &self.title, |canvas| {
            for (&letter, panel) in &self.panels {
                self.draw_panel(canvas, letter, panel)
                    .with_context(|| format!("panel {letter}"))?;
            }
            let set = Type::size(NOTE_PT).colour(GREY).below();
            for (index, line) in footnotes.iter().enumerate() {
                let at = top + FOOTNOTE_LINE_MM * index as f64;
                canvas.text(line, (mm(MARGIN_MM), mm(at)), set)?;
            }
            Ok(())
        })
    }

    /// The tables as CSV: name of the file and its bytes.
    ///
    /// # Errors
    /// When a table cannot be written as CSV.
    pub fn csvs(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let of_panels = self.panels.iter().filter_map(|(letter, panel)| {
            let table = panel.table()?;
            Some((format!("{}{letter}", self.id), table))
        });
        let others = self
            .tables
            .iter()
            .map(|(name, table)| (name.clone(), table));
        of_panels
            .chain(others)
            .map(|(name, table)| {
                let bytes = tables::to_csv(table).with_context(|| format!("{name}.csv"))?;
                Ok((format!("{name}.csv"), bytes))
            })
            .collect()
    }

    /// Writes SVG, PNG, tables and provenance into the directory `out`; says what was written.
    ///
    /// # Errors
    /// As [`Figure::write_with`].
    pub fn write(&self, out: &Path, stages: &mut Stages) -> Result<Vec<PathBuf>> {
        self.write_with(Vec::new(), out, stages)
    }

    /// The same, together with files that lie `ready` under temporary names and are listed in the
    /// provenance too.
    ///
    /// All files are there before the first gets its name: a figure that cannot be drawn and a full disk
    /// leave none of them.
    ///
    /// # Errors
    /// As [`Figure::drawing`], and when a file cannot be written.
    pub fn write_with(
        &self,
        mut ready: Vec<Unfinished>,
        out: &Path,
        stages: &mut Stages,
    ) -> Result<Vec<PathBuf>> {
        let drawn = self.drawn(stages)?;
        let own = drawn
            .iter()
            .map(|(name, bytes)| Ok(Output::of(name, bytes)));
        let listed = own.chain(ready.iter_mut().map(Output::unfinished));
        let provenance = self.provenance(stages, listed.collect::<Result<_>>()?);
        let record = (format!("{}.json", self.id), files::json(&provenance)?);
        for (name, bytes) in drawn.iter().chain([&record]) {
            ready.push(files::stage(out, name, bytes)?);
        }
        files::finish(ready)
    }

    /// The files of the figure but for its provenance: name and bytes.
    fn drawn(&self, stages: &mut Stages) -> Result<Vec<(String, Vec<u8>)>> {
        let failed = || format!("figure {} cannot be drawn", self.id);
        let drawing = stages
            .time("drawing", || self.drawing())
            .with_context(failed)?;
        let mut outputs = vec![
            (format!("{}.svg", self.id), drawing.svg.into_bytes()),
            (format!("{}.png", self.id), drawing.png),
        ];
        outputs.extend(self.csvs().with_context(failed)?);
        outputs.extend(self.files.iter().cloned());
        Ok(outputs)
    }

    fn provenance(&self, stages: &Stages, outputs: Vec<Output>) -> Provenance {
        Provenance {
            figure: self.id.clone(),
            title: self.title.clone(),
            command: provenance::command_line(),
            version: env!("CARGO_PKG_VERSION"),
            source: Source::checked_out(),
            rustc: env!("FIGURES_RUSTC"),
            libraries: provenance::libraries(),
            threads: rayon::current_num_threads(),
            seconds: stages.taken().to_vec(),
            inputs: self.inputs.clone(),
            parameters: self.parameters.clone(),
            panels: self.placed(),
            footnotes: self.footnotes.clone(),
            outputs,
        }
    }

    fn placed(&self) -> Vec<Placed> {
        let placed = self.panels.keys().filter_map(|&letter| {
            let rectangle_mm = self.layout.rectangle(letter)?;
            Some(Placed {
                letter,
                rectangle_mm,
            })
        });
        placed.collect()
    }

    fn check(&self) -> Result<()> {
        self.layout.check()?;
        let letters = self.layout.letters();
        if let Some(letter) = letters
            .iter()
            .find(|letter| !self.panels.contains_key(letter))
        {
            bail!("the layout has a panel {letter} that nothing draws");
        }
        match self.panels.keys().find(|letter| !letters.contains(letter)) {
            Some(letter) => bail!("panel {letter} has no place in the layout"),
            None => Ok(()),
        }
    }

    fn draw_panel(&self, page: &Canvas<'_>, letter: char, panel: &Panel) -> Result<()> {
        let place = self
            .layout
            .rectangle(letter)
            .ok_or_else(|| anyhow!("it has no place in the layout"))?;
        let canvas = page.part(
            mm(place.left),
            mm(place.top),
            mm(place.width),
            mm(place.height),
        );
        // A figure of one panel needs no letter.
        if self.panels.len() == 1 {
            return panel.draw(&canvas, 0);
        }
        canvas.text(
            &letter.to_string(),
            (0, 0),
            Type::size(LETTER_PT).bold().below(),
        )?;
        panel.draw(&canvas, mm(TITLE_INDENT_MM))
    }

    fn footnote_lines(&self) -> Vec<String> {
        let room = mm(self.layout.width_mm() - 2.0 * MARGIN_MM);
        let set = Type::size(NOTE_PT);
        self.footnotes
            .iter()
            .flat_map(|footnote| set.lines(footnote, room))
            .collect()
    }
}
