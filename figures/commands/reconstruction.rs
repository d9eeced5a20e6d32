//! A reconstruction from its tilt series to its files: what `reconstruct` does.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use amorphous_packing::aet::{
    Agreement, Area, Forward, Options, RFactors, Reconstruction, TiltAngles, Volume, memory_bytes,
    part, repeated,
};
use amorphous_packing::data::DataStore;
use amorphous_packing::data::tilt_series::{angles_of, images_of, read_file};
use amorphous_packing::data::tomography::{TiltSeries, read_published_volume, read_series};
use amorphous_packing::formats::whole::write_whole;
use amorphous_packing::formats::{mrc, npy};
use amorphous_packing::progress::Progress;
use amorphous_packing::report::tomography::r_factor_table;
use amorphous_packing::runs::{checkpoint, memory};
use anyhow::{Context, Result, bail, ensure};
use ndarray::{Array3, Axis, Slice};
use serde_json::json;

use crate::harness::out;
use crate::harness::progress::{Bars, Unit};
use crate::harness::provenance::Input;
use crate::panels::tomography::{orthogonal_slices, r_factor_curve};
use crate::{Figure, Layout, Stages, style};

/// The name of the checkpoint in the output directory.
const CHECKPOINT: &str = "unfinished.checkpoint";
/// How often a checkpoint is written.
const EVERY: Duration = Duration::from_secs(60);
/// Rows at either side of a slab that are not compared: beyond them the film goes on.
const SLAB_TRIM: usize = 4;
/// The three numbers of a padding.
const AXES: [&str; 3] = ["x", "y", "z"];

/// A tilt series with the options to reconstruct it.
pub struct Job {
    /// Id of the series (`ta_film_area_1`), or the name of the user's file.
    pub id: String,
    /// Images by angle, x and y.
    pub images: Array3<f32>,
    /// An angle for each image.
    pub angles: Vec<TiltAngles>,
    /// Side of a pixel in ångström, where it is known.
    pub pixel_angstrom: Option<f64>,
    /// How it is reconstructed.
    pub options: Options,
    area: Option<Area>,
    rows: Option<(usize, usize)>,
    inputs: Vec<Input>,
}

/// A reconstruction that is done.
pub struct Done {
    /// The volume, axes x, y, z.
    pub volume: Volume,
    /// The R-factors of its iterations.
    pub r_factors: Vec<RFactors>,
}

impl Job {
    /// A published tilt series, with the options of its published volume.
    ///
    /// # Errors
    /// When its files cannot be had or are damaged.
    pub fn published(store: &DataStore, series: TiltSeries, quiet: bool) -> Result<Job> {
        let read = read_series(store, series, &Bars::new(Unit::Bytes, quiet))?;
        let inputs = series.files().into_iter().zip(&read.files);
        Ok(Job {
            inputs: inputs
                .map(|(file, located)| Input::located(&series.id(), &file, located))
                .collect(),
            id: series.id(),
            pixel_angstrom: series.pixel_angstrom(),
            options: series.options(),
            area: match series {
                TiltSeries::TaArea(area) => Some(area),
                _ => None,
            },
            rows: None,
            images: read.images,
            angles: read.angles,
        })
    }

    /// The user's own tilt series.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn own(
        images: &Path,
        angles: &Path,
        pixel_angstrom: Option<f64>,
        options: Options,
    ) -> Result<Job> {
        let name = |path: &Path| {
            let name = path.file_name().unwrap_or(path.as_os_str());
            name.to_string_lossy().into_owned()
        };
        // Read once: the bytes that are hashed are those that are decoded.
        let [of_images, of_angles] = [read_file(images)?, read_file(angles)?];
        let input = |path: &Path, bytes: &[u8]| Input::of("own", name(path), bytes);
        let tilts = angles_of(angles, &of_angles)?;
        note_repeated(&tilts, angles);
        Ok(Job {
            id: name(images),
            images: images_of(images, &of_images)?,
            angles: tilts,
            pixel_angstrom,
            options,
            area: None,
            rows: None,
            inputs: vec![input(images, &of_images), input(angles, &of_angles)],
        })
    }

    /// Images that were computed, not read.
    pub fn computed(
        id: String,
        images: Array3<f32>,
        angles: Vec<TiltAngles>,
        pixel_angstrom: f64,
        options: Options,
    ) -> Job {
        Job {
            id,
            images,
            angles,
            pixel_angstrom: Some(pixel_angstrom),
            options,
            area: None,
            rows: None,
            inputs: Vec::new(),
        }
    }

    /// Whether there is something to go on from in the directory `out`.
    pub fn is_begun(&self, out: &Path) -> bool {
        out.join(CHECKPOINT).exists()
    }

    /// Removes what the job could be resumed from: its result is safe.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget(&self, out: &Path) -> Result<()> {
        match fs::remove_file(out.join(CHECKPOINT)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                bail!("'{CHECKPOINT}' cannot be removed: {error}")
            }
            _ => Ok(()),
        }
    }

    /// The same for the rows `first..=last` along the tilt axis alone, counted from 1.
    ///
    /// # Errors
    /// When there are no such rows.
    pub fn only_rows(mut self, (first, last): (usize, usize)) -> Result<Job> {
        let there = self.images.dim().2;
        ensure!(
            (1..=last).contains(&first) && last <= there,
            "there are no rows {first}:{last}; the images have rows 1:{there} along the tilt axis"
        );
        let rows = Slice::from(first - 1..last);
        self.images = self
            .images
            .slice_axis(Axis(2), rows)
            .as_standard_layout()
            .into_owned();
        self.rows = Some((first, last));
        Ok(self)
    }

    /// Reconstructs, with a bar; the state is kept in the directory `out` every minute.
    ///
    /// # Errors
    /// When the images cannot be right, when they need more memory than is free, when `resume` is
    /// asked for and there is nothing to go on from, and when nothing can be written.
    pub fn run(&self, out: &Path, resume: bool, stages: &mut Stages) -> Result<Done> {
        self.check_memory()?;
        let mut reconstruction =
            Reconstruction::new(self.images.view(), &self.angles, &self.options)
                .with_context(|| self.id.clone())?;
        let mark = checkpoint::fingerprint(&self.images, &self.angles, &self.options);
        let path = out.join(CHECKPOINT);
        if resume {
            restore(&mut reconstruction, &path, mark)?;
        }
        let name = format!("{}: iterations", self.id);
        stages.watch(&name, |progress| {
            progress.start("iterations", Some(self.options.iterations as u64));
            progress.advance(reconstruction.r_factors().len() as u64);
            let keep = |reconstruction: &Reconstruction| {
                let bytes = checkpoint::to_bytes(&reconstruction.reached(), mark);
                write_whole(&path, &bytes)
                    .with_context(|| format!("'{}' cannot be written", path.display()))
            };
            iterate(&mut reconstruction, self.options.iterations, progress, keep)
        })?;
        let r_factors = reconstruction.r_factors().to_vec();
        Ok(Done {
            volume: reconstruction.into_volume(),
            r_factors,
        })
    }

    /// Refuses what does not fit into the memory that is free.
    fn check_memory(&self) -> Result<()> {
        let (_, dim1, dim2) = self.images.dim();
        let threads = rayon::current_num_threads();
        // Images and angles that do not belong together are refused by name later.
        let Ok(needed) = memory_bytes((dim1, dim2), &self.angles, &self.options, threads) else {
            return Ok(());
        };
        let Some(free) = memory::available_bytes() else {
            return Ok(());
        };
        let gigabytes = |bytes: u64| bytes as f64 / 1e9;
        ensure!(
            needed <= free,
            "the reconstruction needs {:.1} GB of memory and {:.1} GB are free; reconstruct fewer \
             rows at a time (--rows), with less --padding, or in areas",
            gigabytes(needed),
            gigabytes(free)
        );
        Ok(())
    }

    /// How the volume agrees with the published one of the same area, in the part in which the area
    /// counts; of a slab, in its rows but the outermost four. `None` for what is no area.
    ///
    /// # Errors
    /// When the published volume cannot be had, or the slab is too thin to be compared.
    pub fn agreement(&self, volume: &Volume, store: &DataStore) -> Result<Option<Agreement>> {
        let Some(area) = self.area else {
            return Ok(None);
        };
        let bars = Bars::new(Unit::Bytes, true);
        let (published, _) = read_published_volume(store, area, &bars)?;
        let [x, y, z] = area.kept();
        let agreement = match self.rows {
            None => Agreement::of(
                part(volume.view(), area.kept()),
                part(published.view(), [x, y, z]),
            ),
            Some((first, last)) => {
                let (from, to) = (first - 1 + SLAB_TRIM, last.saturating_sub(SLAB_TRIM));
                ensure!(
                    from < to,
                    "a slab of {} rows is too thin to be compared; its outermost {SLAB_TRIM} rows \
                     on both sides are not",
                    last + 1 - first
                );
                let [n1, _, n3] = area.size();
                let ours = [0..n1, SLAB_TRIM..to + 1 - first, 0..n3];
                Agreement::of(
                    part(volume.view(), ours),
                    part(published.view(), [0..n1, from..to, 0..n3]),
                )
            }
        };
        Ok(agreement)
    }

    /// The files: slices and R curve, table, volume in two formats, provenance.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(
        &self,
        done: &Done,
        agreement: Option<Agreement>,
        out: &Path,
        stages: &mut Stages,
    ) -> Result<Vec<PathBuf>> {
        let label = format!(
            "RESIRE, {}, {} iterations, amorphous-packing {}",
            self.id,
            done.r_factors.len(),
            env!("CARGO_PKG_VERSION")
        );
        let table = r_factor_table(&done.r_factors)?;
        let [z, y, x] = orthogonal_slices(&done.volume, self.pixel_angstrom);
        let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(33.0, "abd"), (33.0, "cbd")]);
        let mut figure = Figure::new("reconstruction", &label, layout)
            .panel('a', z)
            .panel('b', y)
            .panel('c', x)
            .panel('d', r_factor_curve(&table))
            .table("r_factor", &table)
            .file("volume.npy", npy::to_npy(done.volume.view()))
            .file(
                "volume.mrc",
                mrc::to_mrc(done.volume.view(), self.pixel_angstrom, &label),
            )
            .footnote(&format!("{label}."))
            .parameter("iterations", done.r_factors.len())
            .parameter("step", self.options.step)
            .parameter("shape", format!("{:?}", self.options.shape))
            .parameter("forward", format!("{:?}", self.options.forward))
            .parameter("pixel_angstrom", self.pixel_angstrom)
            .parameter("rows", self.rows.map(|(first, last)| json!([first, last])));
        for (axis, padding) in AXES.iter().zip(self.options.padding) {
            figure = figure.parameter(&format!("padding_{axis}"), padding);
        }
        if let Some(agreement) = agreement {
            figure = figure
                .parameter("correlation_with_published", agreement.correlation)
                .parameter("sum_ratio_to_published", agreement.sum_ratio)
                .parameter("relative_l2_to_published", agreement.relative_l2);
        }
        for input in &self.inputs {
            figure = figure.input(input.clone());
        }
        let paths = figure.write(out, stages)?;
        self.forget(out)?;
        Ok(paths)
    }
}

/// Steps until so many iterations are done.
fn iterate(
    reconstruction: &mut Reconstruction,
    iterations: usize,
    progress: &dyn Progress,
    keep: impl Fn(&Reconstruction) -> Result<()>,
) -> Result<()> {
    let mut kept = Instant::now();
    while reconstruction.r_factors().len() < iterations {
        let r_factors = reconstruction.step();
        progress.advance(1);
        progress.note(&format!("R1 {:.4}", r_factors.r1));
        if kept.elapsed() >= EVERY {
            keep(reconstruction)?;
            kept = Instant::now();
        }
    }
    Ok(())
}

/// Goes on from the checkpoint at `path`.
fn restore(reconstruction: &mut Reconstruction, path: &Path, mark: [u8; 32]) -> Result<()> {
    let bytes = fs::read(path).with_context(|| {
        format!(
            "there is nothing to go on from ('{}'); begin anew without --resume",
            path.display()
        )
    })?;
    let reached = checkpoint::from_bytes(&bytes, mark);
    let reached = reached.with_context(|| format!("'{}' cannot be used", path.display()))?;
    reconstruction.restore(reached)?;
    Ok(())
}

/// Says which images have the same angles, by a table of the user.
pub fn note_repeated(angles: &[TiltAngles], table: &Path) {
    for note in repeated_notes(angles, &table.display().to_string()) {
        out::note(note);
    }
}

fn repeated_notes(angles: &[TiltAngles], table: &str) -> Vec<String> {
    let note = |images: Vec<usize>| {
        let TiltAngles {
            phi_deg,
            theta_deg,
            psi_deg,
        } = angles[images[0] - 1];
        let images: Vec<String> = images.iter().map(usize::to_string).collect();
        format!(
            "note: images {} have the same angles ({phi_deg}, {theta_deg}, {psi_deg}); if they were \
             not taken so, correct '{table}'",
            images.join(", ")
        )
    };
    repeated(angles).into_iter().map(note).collect()
}

/// The forward projection of the name on the command line.
pub fn forward(real_space: bool) -> Forward {
    if real_space {
        Forward::RealSpace
    } else {
        Forward::FourierSlice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_the_same_angle_are_named() {
        let angles = [0.0, 3.5, -2.0, 3.5].map(TiltAngles::tilt);
        assert_eq!(
            repeated_notes(&angles, "angles.csv"),
            [
                "note: images 2, 4 have the same angles (0, 3.5, 0); if they were not taken so, \
                 correct 'angles.csv'"
            ]
        );
    }
}
