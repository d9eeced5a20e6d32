//! What `analyze` does: the frames of files one after the other, several at a time, into one set of
//! files.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use amorphous_packing::analysis::{Analysis, Description, Lengths, Nuclei, Summary};
use amorphous_packing::atoms::Atoms;
use amorphous_packing::formats::structure::{Choice, Format, open_through};
use amorphous_packing::numerics::{Hashed, Tally};
use amorphous_packing::progress::{Progress, Silent};
use amorphous_packing::report::frames::FrameRow;
use anyhow::{Context, Result, ensure};
use rayon::prelude::*;

use crate::Stages;
use crate::commands::structure_files::StructureFiles;
use crate::commands::structure_frame::Analysed;
use crate::harness::advice::without_valley;
use crate::harness::cli::Running;
use crate::harness::out;
use crate::harness::provenance::Input;

/// So many atoms are analysed at a time, in as many frames as that are.
const ATOMS_AT_A_TIME: usize = 100_000;
/// And at most so many frames.
const FRAMES_AT_A_TIME: usize = 64;

/// What `analyze` is asked to do.
#[derive(Debug)]
pub struct StructureRun {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Their format, if it is not to be found.
    pub format: Option<Format>,
    /// What the user says in addition to the files.
    pub choice: Choice,
    /// How a frame is analysed.
    pub rules: Rules,
    /// Which frames of each file.
    pub frames: FrameRange,
}

/// How a frame is analysed.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The shell distance in ångström; none for the first valley.
    pub cutoff_angstrom: Option<f64>,
    /// The largest distortion of a packing tetrahedron.
    pub delta_max: f64,
    /// The paper's fixed lengths and its rule for nuclei.
    pub paper: bool,
}

/// Which frames: from `first`, to before `end`, every `step`-th.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameRange {
    /// The first, from 0.
    pub first: usize,
    /// Where they end.
    pub end: Option<usize>,
    /// From one to the next.
    pub step: usize,
}

impl FromStr for FrameRange {
    type Err = String;

    fn from_str(text: &str) -> Result<FrameRange, String> {
        let wrong = || "give frames as A:B:S, whole numbers, such as 0:100 or ::10".to_owned();
        let parts: Vec<&str> = text.split(':').collect();
        let number = |place: usize| match parts.get(place).map(|part| part.trim()) {
            None | Some("") => Ok(None),
            Some(part) => part.parse().map(Some).map_err(|_| wrong()),
        };
        let (first, end, step) = (number(0)?, number(1)?, number(2)?);
        let range = match parts.len() {
            // One number is one frame.
            1 => FrameRange {
                first: first.ok_or_else(wrong)?,
                end: first.map(|only: usize| only.saturating_add(1)),
                step: 1,
            },
            2 | 3 => FrameRange {
                first: first.unwrap_or(0),
                end,
                step: step.unwrap_or(1),
            },
            _ => return Err(wrong()),
        };
        match range.step == 0 || range.end.is_some_and(|end| end <= range.first) {
            true => Err(
                "no frame lies in this range; give A:B:S with A < B and S of 1 or more".to_owned(),
            ),
            false => Ok(range),
        }
    }
}

/// A frame to be analysed.
struct Waiting {
    row: (String, usize, Option<u64>),
    atoms: Atoms,
}

impl StructureRun {
    /// Analyses all frames and writes the files.
    ///
    /// # Errors
    /// When a file cannot be read or a frame not be analysed; then nothing is written.
    pub fn produce(&self, running: &Running, stages: &mut Stages) -> Result<()> {
        let mut files = StructureFiles::begin(&running.out, &self.name())?;
        let mut waiting: Vec<Waiting> = Vec::new();
        for path in &self.files {
            let name = path.display().to_string();
            let mut tally = Tally::default();
            let mut frames = open_through(path, self.format, |file| {
                let (file, read) = Hashed::new(file);
                tally = read;
                file
            })?;
            let (mut index, mut passed_over) = (self.frames.first, self.frames.first);
            while self.frames.end.is_none_or(|end| index < end) {
                let Some(frame) = frames.nth(passed_over) else {
                    break;
                };
                let frame = frame?;
                let atoms = frame
                    .to_atoms(&self.choice)
                    .with_context(|| place(&name, index))?;
                let room: usize = waiting.iter().map(|frame| frame.atoms.len()).sum();
                let is_full =
                    room + atoms.len() > ATOMS_AT_A_TIME || waiting.len() >= FRAMES_AT_A_TIME;
                if is_full && !waiting.is_empty() {
                    self.analyse(&mut waiting, &mut files, stages)?;
                }
                let row = (name.clone(), index, frame.step);
                waiting.push(Waiting { row, atoms });
                index += self.frames.step;
                passed_over = self.frames.step - 1;
            }
            if self.frames.end.is_none() {
                read_rest(path, &tally)?;
            }
            files
                .inputs
                .push(Input::read("own structure", path, &tally));
        }
        self.analyse(&mut waiting, &mut files, stages)?;
        ensure!(
            files.frames() > 0,
            "the files have no frame in the range of --frames; they end before it"
        );
        files.parameters = self.parameters();
        let (paths, told) = files.finish(stages)?;
        out::text(&told)?;
        running.list(&paths)
    }

    /// What the structure is called: the name of its first file without what says its format.
    fn name(&self) -> String {
        let file = self.files[0]
            .file_name()
            .unwrap_or(self.files[0].as_os_str());
        let file = file.to_string_lossy();
        let known = file.split('.').next().filter(|stem| !stem.is_empty());
        known.unwrap_or(&file).to_owned()
    }

    /// Analyses what waits, side by side, and adds it to the files in its order.
    fn analyse(
        &self,
        waiting: &mut Vec<Waiting>,
        files: &mut StructureFiles,
        stages: &mut Stages,
    ) -> Result<()> {
        let first = files.frames();
        let waiting = std::mem::take(waiting).into_iter().zip(first..);
        let waiting: Vec<(Waiting, u32)> = waiting.collect();
        let done: Vec<Result<Analysed>> = match waiting.len() {
            0 => return Ok(()),
            1 => {
                let one = |progress: &dyn Progress| {
                    let frames = waiting.into_iter();
                    frames
                        .map(|(frame, number)| self.one(frame, number, progress))
                        .collect()
                };
                stages.follow(&format!("frame {first}"), one)
            }
            many => stages.time(
                &format!("frames {first} to {}", first as usize + many - 1),
                || {
                    let frames = waiting.into_par_iter();
                    frames
                        .map(|(frame, number)| self.one(frame, number, &Silent))
                        .collect()
                },
            ),
        };
        done.into_iter().try_for_each(|frame| files.add(frame?))
    }

    fn one(&self, frame: Waiting, number: u32, progress: &dyn Progress) -> Result<Analysed> {
        let (file, index, step) = frame.row;
        let mut builder = Analysis::builder(frame.atoms).delta_max(self.rules.delta_max);
        if let Some(w) = self.rules.cutoff_angstrom {
            builder = builder.shell(w);
        }
        if self.rules.paper {
            builder = builder
                .lengths(Lengths::PUBLISHED)
                .nuclei(Nuclei::SoughtWhereOpen);
        }
        let analysis = builder
            .run(progress)
            .map_err(|error| match self.rules.cutoff_angstrom {
                None => without_valley(error),
                Some(_) => error.into(),
            });
        let analysis = analysis.with_context(|| place(&file, index))?;
        progress.start("description", None);
        let description = Description::of(&analysis);
        let summary = Summary::of(&analysis, &description);
        progress.finish();
        Ok(Analysed {
            row: FrameRow {
                frame: number,
                file,
                index: index as u64,
                step,
                summary,
            },
            analysis,
            description,
        })
    }

    fn parameters(&self) -> Vec<(&'static str, serde_json::Value)> {
        vec![
            (
                "cutoff_angstrom",
                self.rules.cutoff_angstrom.map_or("auto".into(), Into::into),
            ),
            ("delta_max", self.rules.delta_max.into()),
            ("paper_lengths", self.rules.paper.into()),
        ]
    }
}

/// What stands in a file behind its last frame belongs to its hash too; of a piece of a long trajectory
/// only the hash of what was read up to its end is known.
fn read_rest(path: &Path, tally: &Tally) -> Result<()> {
    let rest = || -> io::Result<()> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(tally.so_far().1))?;
        let mut rest = vec![0; 1 << 16];
        loop {
            match file.read(&mut rest)? {
                0 => return Ok(()),
                read => tally.add(&rest[..read]),
            }
        }
    };
    rest().with_context(|| format!("'{}' cannot be read", path.display()))
}

/// Where an error lies.
fn place(file: &str, index: usize) -> String {
    format!("frame {index} of '{file}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_chosen_as_in_a_slice() {
        let range = |first, end, step| Ok(FrameRange { first, end, step });
        assert_eq!("::".parse(), range(0, None, 1));
        assert_eq!("2:10:3".parse(), range(2, Some(10), 3));
        assert_eq!(":10".parse(), range(0, Some(10), 1));
        assert_eq!("7".parse(), range(7, Some(8), 1));
        for wrong in ["", "a:b", "1:2:3:4", "5:5", "0:10:0", "-1:3", "1.5:3"] {
            assert!(wrong.parse::<FrameRange>().is_err(), "{wrong}");
        }
    }
}
