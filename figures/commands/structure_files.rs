//! The files of `analyze`: rows are written frame by frame under temporary names, and all files get
//! their names together.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use amorphous_packing::formats::extxyz::{Property, Values, frame_of};
use amorphous_packing::formats::tables::{ParquetParts, to_csv, to_parquet};
use amorphous_packing::formats::turn::{NoTurn, Turn};
use amorphous_packing::formats::whole::Unfinished;
use amorphous_packing::report::frames::{FrameRow, MeanPairs, estimates, frame_table};
use amorphous_packing::report::structure::{
    atom_table, described_bipyramids, described_networks, described_pairs,
};
use anyhow::{Context, Result, anyhow, ensure};
use polars::prelude::DataFrame;
use serde_json::Value;

use crate::Stages;
use crate::commands::structure_frame::Analysed;
use crate::commands::structure_sheet::sheet;
use crate::commands::structure_told::{SCHEMA, SummaryFile, told};
use crate::commands::structure_view::view_page;
use crate::harness::files;
use crate::harness::provenance::Input;
use crate::page::style::{LIGHT_GREY, rank_colour};

/// The tables that are written row by row.
pub const TABLES: [&str; 4] = ["atoms", "bipyramids", "networks", "g"];
/// Who writes into a directory locks this file.
const TURN: [&str; 2] = [".analyze.lock", ".analyze.running"];

/// The files of a run, under temporary names.
pub struct StructureFiles {
    name: String,
    directory: PathBuf,
    _turn: Turn,
    tables: Vec<(Unfinished, ParquetParts<File>)>,
    xyz: Unfinished,
    rows: Vec<FrameRow>,
    pairs: MeanPairs,
    /// The columns of the tables, which the first frame decides.
    columns: Option<Vec<String>>,
    last: Option<Analysed>,
    /// What was read.
    pub inputs: Vec<Input>,
    /// What was asked for.
    pub parameters: Vec<(&'static str, Value)>,
}

/// The right to write a set of files into a directory.
///
/// # Errors
/// When another run has it.
pub fn turn(directory: &Path) -> Result<Turn> {
    Turn::take(directory, TURN, File::try_lock).map_err(|refused| match refused {
        NoTurn::Busy => anyhow!(
            "another run of analyze is writing into '{}'; wait for its end, or choose another \
             directory with --out",
            directory.display()
        ),
        NoTurn::PerhapsBusy(mark) => anyhow!(
            "'{}' says that another run of analyze is writing there; if none is, remove that file",
            mark.display()
        ),
        NoTurn::Io(error) => anyhow::Error::new(error).context(format!(
            "nothing can be written to '{}'; choose another directory with --out",
            directory.display()
        )),
    })
}

/// A table under its temporary name.
///
/// # Errors
/// When the file cannot be made.
pub fn begin_table(directory: &Path, name: &str) -> Result<(Unfinished, ParquetParts<File>)> {
    let path = directory.join(format!("{name}.parquet"));
    let failed = || files::unwritten(&path);
    let file = Unfinished::begin(&path).with_context(failed)?;
    let handle = file.handle().with_context(failed)?;
    Ok((file, ParquetParts::new(handle)))
}

/// Ends a table, which keeps its temporary name.
///
/// # Errors
/// When it cannot be written.
pub fn end_table(file: Unfinished, parts: ParquetParts<File>) -> Result<Unfinished> {
    let ended = parts.finish();
    ended.with_context(|| files::unwritten(file.path()))?;
    Ok(file)
}

impl StructureFiles {
    /// Begins the files of the structure `name`.
    ///
    /// # Errors
    /// When they cannot be made, or another run writes into the directory.
    pub fn begin(directory: &Path, name: &str) -> Result<StructureFiles> {
        let turn = turn(directory)?;
        let tables = TABLES.iter().map(|table| begin_table(directory, table));
        let path = directory.join("structure.extxyz");
        Ok(StructureFiles {
            name: name.to_owned(),
            directory: directory.to_owned(),
            _turn: turn,
            tables: tables.collect::<Result<_>>()?,
            xyz: Unfinished::begin(&path).with_context(|| files::unwritten(&path))?,
            rows: Vec::new(),
            pairs: MeanPairs::default(),
            columns: None,
            last: None,
            inputs: Vec::new(),
            parameters: Vec::new(),
        })
    }

    /// How many frames there are.
    pub fn frames(&self) -> u32 {
        self.rows.len() as u32
    }

    /// Adds the next frame.
    ///
    /// # Errors
    /// When it cannot be written, or has other elements than the first.
    pub fn add(&mut self, frame: Analysed) -> Result<()> {
        let of = frame.described();
        let pairs = described_pairs(&of)?;
        let tables = [
            atom_table(&of)?,
            described_bipyramids(&of, &self.name)?,
            described_networks(&of, &self.name)?,
            pairs.clone(),
        ];
        let names = pairs.get_column_names_owned().into_iter();
        let columns: Vec<String> = names.map(|name| name.to_string()).collect();
        let first = self.columns.get_or_insert_with(|| columns.clone());
        ensure!(
            *first == columns,
            "frame {} of '{}' has other elements than the first; analyse them apart",
            frame.row.index,
            frame.row.file
        );
        for ((file, parts), table) in self.tables.iter_mut().zip(&tables) {
            parts
                .add(table)
                .with_context(|| files::unwritten(file.path()))?;
        }
        let xyz = coloured(&frame);
        let failed = files::unwritten(self.xyz.path());
        self.xyz.write_all(xyz.as_bytes()).context(failed)?;
        self.pairs.add(&pairs)?;
        self.rows.push(frame.row.clone());
        self.last = Some(frame);
        Ok(())
    }

    /// Draws what is to be drawn and gives all files their names; also tells in words what was found.
    ///
    /// # Errors
    /// When something cannot be drawn or written.
    pub fn finish(self, stages: &mut Stages) -> Result<(Vec<PathBuf>, String)> {
        let last = self.last.context("there is no frame")?;
        let frames = frame_table(&self.rows)?;
        let several = self.rows.len() > 1;
        let means = if several {
            estimates(&frames)?
        } else {
            BTreeMap::new()
        };
        let summary = SummaryFile {
            schema: SCHEMA,
            structure: self.name.clone(),
            frames: self.rows.len(),
            last_frame: last.row.summary.clone(),
            means,
        };
        let page = stages.time("view", || view_page(&last, &self.name))?;
        let pairs = self.pairs.table()?;
        let mut figure = sheet(&last, &self.name, several.then_some(&frames))?;
        for input in self.inputs {
            figure = figure.input(input);
        }
        for (name, value) in self.parameters {
            figure = figure.parameter(name, value);
        }
        let mut ready = self
            .tables
            .into_iter()
            .map(|(file, parts)| end_table(file, parts))
            .collect::<Result<Vec<_>>>()?;
        ready.push(self.xyz);
        for (name, bytes) in summed_up(&summary, &frames, &pairs)? {
            ready.push(files::stage(&self.directory, name, &bytes)?);
        }
        ready.push(files::stage(&self.directory, "view.html", page.as_bytes())?);
        let paths = figure.write_with(ready, &self.directory, stages)?;
        Ok((paths, told(&summary)))
    }
}

/// What a series of frames is summed up to: the names and bytes of files.
///
/// # Errors
/// Only those of polars.
pub fn summed_up(
    summary: &SummaryFile,
    frames: &DataFrame,
    pairs: &DataFrame,
) -> Result<[(&'static str, Vec<u8>); 4]> {
    Ok([
        ("summary.json", files::json(summary)?),
        ("frames.parquet", to_parquet(frames)?),
        ("frames.csv", to_csv(frames)?),
        ("g.csv", to_csv(pairs)?),
    ])
}

/// A frame as extended XYZ, coloured by network; atoms of none are grey.
fn coloured(frame: &Analysed) -> String {
    let (analysis, description) = (&frame.analysis, &frame.description);
    let atoms = &analysis.atoms;
    let species: Vec<&str> = frame.described().symbols().collect();
    let whole = |values: &[u32]| Values::Integers(values.iter().map(|&n| n.into()).collect());
    let grey = [LIGHT_GREY.0, LIGHT_GREY.1, LIGHT_GREY.2].map(|part| f64::from(part) / 255.0);
    let colour = |&rank: &u32| match rank {
        0 => grey,
        rank => rank_colour(rank as usize),
    };
    let crystal = analysis.crystal.iter().map(i64::from).collect();
    let properties = [
        ("network", whole(&description.network)),
        ("filling", whole(&description.filling)),
        ("crystal", Values::Integers(crystal)),
        (
            "color",
            Values::Vectors(description.network.iter().map(colour).collect(), 3),
        ),
    ];
    let properties = properties.map(|(name, values)| Property { name, values });
    frame_of(&species, atoms.positions(), atoms.boundary(), &properties)
}
