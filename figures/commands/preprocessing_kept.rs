//! What is done of a preprocessing, kept until the whole series is: a killed run goes on where it was.

use std::fs;
use std::path::{Path, PathBuf};

use amorphous_packing::aet::{DetectorNoise, TiltAngles};
use amorphous_packing::formats::npy::{from_npy, to_npy};
use amorphous_packing::formats::whole::write_whole;
use amorphous_packing::numerics::sha256;
use amorphous_packing::report::preprocessing::TiltRow;
use anyhow::{Context, Result};
use ndarray::{Array2, Axis, stack};
use serde::{Deserialize, Serialize};

use crate::harness::files::{json, unwritten};

/// The directory within that of the output.
const DIRECTORY: &str = "unfinished";

/// Where tilts are kept, if they are.
pub struct Kept {
    directory: Option<PathBuf>,
    settings: String,
}

/// A tilt as it is kept.
#[derive(Serialize, Deserialize)]
struct Record {
    frames: usize,
    drift: [f64; 2],
    coefficient_before: Option<f64>,
    coefficient_after: Option<f64>,
    gain: f64,
    read: f64,
}

impl Kept {
    /// In a directory of `out`; nothing is kept without one. Tilts that were made with other `settings`, or
    /// by another version of the program, are not found.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn at(out: Option<&Path>, settings: &str) -> Result<Kept> {
        let directory = out.map(|out| out.join(DIRECTORY));
        if let Some(directory) = &directory {
            fs::create_dir_all(directory).with_context(|| unwritten(directory))?;
        }
        Ok(Kept {
            directory,
            settings: format!("{settings} {}", env!("CARGO_PKG_VERSION")),
        })
    }

    /// The names of the files of a tilt whose frames have this hash.
    fn paths(&self, tilt: usize, frames: &str) -> Option<[PathBuf; 2]> {
        let directory = self.directory.as_ref()?;
        let mark = sha256(format!("{frames} {}", self.settings).as_bytes());
        let name = |ending: &str| format!("tilt_{:04}_{}.{ending}", tilt + 1, &mark[..16]);
        Some(["npy", "json"].map(|ending| directory.join(name(ending))))
    }

    /// A tilt that was kept, if there is one, with the name and the angles that it has now.
    ///
    /// # Errors
    /// When its files are damaged.
    pub fn find(
        &self,
        tilt: usize,
        frames: &str,
        (source, angles): (String, TiltAngles),
    ) -> Result<Option<(TiltRow, [Array2<f32>; 3])>> {
        let Some([images, path]) = self.paths(tilt, frames) else {
            return Ok(None);
        };
        // The record is written last.
        if !path.exists() {
            return Ok(None);
        }
        let damaged = |path: &Path| format!("'{}' cannot be used; delete it", path.display());
        let bytes = fs::read(&path).with_context(|| damaged(&path))?;
        let record: Record = serde_json::from_slice(&bytes).with_context(|| damaged(&path))?;
        let bytes = fs::read(&images).with_context(|| damaged(&images))?;
        let stack = from_npy(&bytes).with_context(|| damaged(&images))?;
        let mut steps = stack.outer_iter().map(|image| image.to_owned());
        let (Some(a), Some(b), Some(c)) = (steps.next(), steps.next(), steps.next()) else {
            anyhow::bail!(damaged(&images));
        };
        Ok(Some((record.row(source, angles), [a, b, c])))
    }

    /// Keeps a tilt.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(
        &self,
        tilt: usize,
        frames: &str,
        row: &TiltRow,
        steps: &[Array2<f32>; 3],
    ) -> Result<()> {
        let Some([images, record]) = self.paths(tilt, frames) else {
            return Ok(());
        };
        let views = steps.each_ref().map(|step| step.view());
        let stack = stack(Axis(0), &views)?;
        write_whole(&images, &to_npy(stack.view())).with_context(|| unwritten(&images))?;
        let bytes = json(&Record::from(row))?;
        write_whole(&record, &bytes).with_context(|| unwritten(&record))
    }

    /// Removes what was kept in the directory `out`: the result is safe.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget(out: &Path) -> Result<()> {
        let directory = out.join(DIRECTORY);
        if !directory.exists() {
            return Ok(());
        }
        fs::remove_dir_all(&directory)
            .with_context(|| format!("'{}' cannot be removed", directory.display()))
    }
}

impl From<&TiltRow> for Record {
    fn from(row: &TiltRow) -> Record {
        Record {
            frames: row.frames,
            drift: row.drift,
            coefficient_before: row.coefficient_before,
            coefficient_after: row.coefficient_after,
            gain: row.noise.gain,
            read: row.noise.read,
        }
    }
}

impl Record {
    fn row(self, source: String, angles: TiltAngles) -> TiltRow {
        TiltRow {
            source,
            angles,
            frames: self.frames,
            drift: self.drift,
            coefficient_before: self.coefficient_before,
            coefficient_after: self.coefficient_after,
            noise: DetectorNoise {
                gain: self.gain,
                read: self.read,
            },
            shift: [0.0; 2],
        }
    }
}
