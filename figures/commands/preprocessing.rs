//! The preprocessing of a tilt series from its frames to its files: what `preprocess` does, and the figure of
//! its steps shows.

use std::path::Path;

use amorphous_packing::aet::preprocess::{
    Bm3d, Chosen, TiltImage, align, aligned, estimate_noise, tilt_image,
};
use amorphous_packing::aet::{DetectorNoise, InputError, TiltAngles, smallest_tilt};
use amorphous_packing::data::raw_frames::{RawSeries, same_size};
use amorphous_packing::data::tilt_series::{angles_of, read_file};
use amorphous_packing::numerics::sha256;
use amorphous_packing::report::preprocessing::TiltRow;
use anyhow::{Context, Result, bail};
use ndarray::{Array3, ArrayView2, ArrayView3, Axis, concatenate, stack};
use rayon::prelude::*;

use crate::Stages;
use crate::commands::preprocessed::Preprocessed;
use crate::commands::preprocessing_choice::chosen_for;
use crate::commands::preprocessing_kept::Kept;
use crate::commands::preprocessing_settings::{Denoising, Settings, TiltDone};
use crate::commands::reconstruction::note_repeated;
use crate::harness::out;
use crate::harness::provenance::Input;
use crate::panels::rehearsal::Rehearsed;

/// The noise is estimated from the frames of so many tilts.
const NOISE_TILTS: usize = 8;

/// Where the frames come from.
enum Source {
    Files(RawSeries),
    Rehearsed(Box<Rehearsed>),
}

/// A tilt series to be preprocessed.
pub struct Preprocessing {
    id: String,
    source: Source,
    angles: Vec<TiltAngles>,
    pixel_angstrom: Option<f64>,
    settings: Settings,
    inputs: Vec<Input>,
}

impl Preprocessing {
    /// Of the user's frames.
    ///
    /// # Errors
    /// When they cannot be read, or frames and angles do not belong together.
    pub fn of_files(
        frames: &Path,
        per_tilt: Option<usize>,
        angles_file: &Path,
        pixel_angstrom: Option<f64>,
        settings: Settings,
    ) -> Result<Preprocessing> {
        let bytes = read_file(angles_file)?;
        let angles = angles_of(angles_file, &bytes)?;
        note_repeated(&angles, angles_file);
        let series = RawSeries::find(frames, per_tilt)?;
        if series.tilts().len() != angles.len() {
            bail!(InputError::AngleCount {
                images: series.tilts().len(),
                angles: angles.len(),
            });
        }
        let name = frames.file_name().unwrap_or(frames.as_os_str());
        Ok(Preprocessing {
            id: name.to_string_lossy().into_owned(),
            source: Source::Files(series),
            inputs: vec![Input::of("own", angles_file.display().to_string(), &bytes)],
            angles,
            pixel_angstrom,
            settings,
        })
    }

    /// Of a series of known atoms.
    pub fn of_rehearsal(rehearsed: Rehearsed, settings: Settings) -> Preprocessing {
        Preprocessing {
            id: "rehearsal".to_owned(),
            angles: rehearsed.angles.clone(),
            pixel_angstrom: Some(rehearsed.specimen.pixel_angstrom),
            inputs: vec![rehearsed.specimen.input.clone()],
            source: Source::Rehearsed(Box::new(rehearsed)),
            settings,
        }
    }

    /// All four steps. What is done of a tilt is kept in the directory `keep` until the series is done, and
    /// found there by the next run.
    ///
    /// # Errors
    /// When frames cannot be read or used, or nothing can be kept.
    pub fn run(mut self, keep: Option<&Path>, stages: &mut Stages) -> Result<Preprocessed> {
        let chosen = self.choose(stages)?;
        let tilts = self.tilts(keep, stages)?;
        self.inputs
            .extend(tilts.iter().flat_map(|tilt| tilt.inputs.iter().cloned()));
        let images = stacked(tilts.iter().map(|tilt| tilt.steps[2].view()));
        let alignment = stages.watch("alignment", |progress| {
            align(images.view(), &self.angles, &self.settings.align, progress)
        })?;
        let mut rows: Vec<TiltRow> = tilts.iter().map(|tilt| tilt.row.clone()).collect();
        for (row, &shift) in rows.iter_mut().zip(&alignment.shifts) {
            row.shift = shift;
        }
        let mut done = Preprocessed {
            id: self.id,
            aligned: aligned(images.view(), &alignment.shifts),
            pixel_angstrom: self.pixel_angstrom,
            angles: self.angles,
            images,
            tilts,
            rows,
            alignment,
            chosen,
            refined: None,
            settings: self.settings,
            inputs: self.inputs,
        };
        done.refine(stages)?;
        Ok(done)
    }

    /// The noise of a frame, from the frames of some tilts: those of one alone leave it uncertain by a tenth.
    fn noise(&self) -> Result<DetectorNoise> {
        let count = self.angles.len();
        let step = count.div_ceil(NOISE_TILTS);
        let mut frames: Vec<Array3<f32>> = Vec::new();
        for tilt in (0..count).step_by(step) {
            let (read, _) = self.frames(tilt)?;
            if let Some(first) = frames.first() {
                let names = [self.name(0), self.name(tilt)];
                same_size(
                    first.view(),
                    names[0].as_ref(),
                    read.view(),
                    names[1].as_ref(),
                )?;
            }
            frames.push(read);
        }
        let views: Vec<ArrayView3<'_, f32>> = frames.iter().map(|frames| frames.view()).collect();
        Ok(estimate_noise(concatenate(Axis(0), &views)?.view())?)
    }

    /// Sets how images are denoised; what was tried, if anything was.
    fn choose(&mut self, stages: &mut Stages) -> Result<Option<Chosen>> {
        let noise = stages.time("noise", || self.noise())?;
        self.settings.tilt.noise = Some(noise);
        let fixed = |strength| Bm3d {
            strength,
            ..Bm3d::default()
        };
        let (denoise, chosen) = match (self.settings.denoising, self.pixel_angstrom) {
            (Denoising::None, _) => (None, None),
            (Denoising::Strength(strength), _) => (Some(fixed(strength)), None),
            (Denoising::Chosen, None) => {
                out::note(
                    "note: without the size of a pixel no image can be simulated to choose the parameters \
                     of the denoising on; the published ones are taken (--pixel)",
                );
                (Some(fixed(1.0)), None)
            }
            (Denoising::Chosen, Some(pixel)) => {
                let (frames, _) = self.frames(smallest_tilt(&self.angles))?;
                let chosen = stages.watch("parameters of the denoising", |progress| {
                    let drift = &self.settings.tilt.drift;
                    chosen_for(frames.view(), noise, pixel, drift, progress)
                })?;
                (Some(chosen.options), Some(chosen))
            }
        };
        self.settings.tilt.denoise = denoise;
        Ok(chosen)
    }

    /// The frames of a tilt and the files that they came from.
    fn frames(&self, tilt: usize) -> Result<(Array3<f32>, Vec<Input>)> {
        match &self.source {
            Source::Files(series) => {
                let read = series.tilts()[tilt].read()?;
                let input = |(path, bytes): &(std::path::PathBuf, Vec<u8>)| {
                    Input::of("own", path.display().to_string(), bytes)
                };
                let inputs = read.read.iter().map(input).collect();
                Ok((read.images, inputs))
            }
            Source::Rehearsed(rehearsed) => {
                Ok((rehearsed.rehearsal.record(tilt).frames, Vec::new()))
            }
        }
    }

    fn name(&self, tilt: usize) -> String {
        match &self.source {
            Source::Files(series) => series.tilts()[tilt].name(),
            Source::Rehearsed(_) => format!("tilt {}", tilt + 1),
        }
    }

    /// Steps 1 to 3 of all tilts.
    fn tilts(&self, keep: Option<&Path>, stages: &mut Stages) -> Result<Vec<TiltDone>> {
        let kept = Kept::at(keep, &format!("{:?}", self.settings.tilt))?;
        let tilts = stages.watch("tilts", |progress| {
            progress.start("tilts", Some(self.angles.len() as u64));
            let tilts = (0..self.angles.len())
                .into_par_iter()
                .map(|tilt| {
                    let done = self.tilt(tilt, &kept);
                    progress.advance(1);
                    done.with_context(|| format!("tilt {} ('{}')", tilt + 1, self.name(tilt)))
                })
                .collect::<Result<Vec<TiltDone>>>();
            progress.finish();
            tilts
        })?;
        self.check_sizes(&tilts)?;
        self.note_few(&tilts);
        Ok(tilts)
    }

    fn tilt(&self, tilt: usize, kept: &Kept) -> Result<TiltDone> {
        let (frames, inputs) = self.frames(tilt)?;
        let raw = frames.index_axis(Axis(0), 0).to_owned();
        let pixels: Vec<u8> = frames
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let mark = sha256(&pixels);
        if let Some((row, steps)) = kept.find(tilt, &mark, (self.name(tilt), self.angles[tilt]))? {
            return Ok(TiltDone {
                raw,
                steps,
                row,
                inputs,
            });
        }
        let count = frames.dim().0;
        let TiltImage {
            corrected,
            noise,
            denoised,
            image,
            ..
        } = tilt_image(frames.view(), &self.settings.tilt)?;
        let mean = |values: &[f64]| match values.len() {
            0 => None,
            count => Some(values.iter().sum::<f64>() / count as f64),
        };
        let row = TiltRow {
            source: self.name(tilt),
            angles: self.angles[tilt],
            frames: count,
            drift: corrected.drift[0],
            coefficient_before: mean(&corrected.before),
            coefficient_after: mean(&corrected.after),
            noise,
            shift: [0.0; 2],
        };
        let steps = [corrected.image, denoised, image];
        kept.keep(tilt, &mark, &row, &steps)?;
        Ok(TiltDone {
            raw,
            steps,
            row,
            inputs,
        })
    }

    fn check_sizes(&self, tilts: &[TiltDone]) -> Result<()> {
        let view = |tilt: &TiltDone| tilt.raw.clone().insert_axis(Axis(0));
        let first = view(&tilts[0]);
        for (number, tilt) in tilts.iter().enumerate().skip(1) {
            let [first_name, name] = [0, number].map(|k| self.name(k));
            same_size(
                first.view(),
                first_name.as_ref(),
                view(tilt).view(),
                name.as_ref(),
            )?;
        }
        Ok(())
    }

    /// Says of which tilts the drift is not known, or not well.
    fn note_few(&self, tilts: &[TiltDone]) {
        for (few, what) in [
            (1, "one frame, so that its drift is not corrected"),
            (2, "two frames, so that its drift is taken to be even"),
        ] {
            let names = tilts.iter().filter(|tilt| tilt.row.frames == few);
            let names: Vec<&str> = names.map(|tilt| tilt.row.source.as_str()).collect();
            if let Some(first) = names.first() {
                let others = match names.len() {
                    1 => String::new(),
                    count => format!(" and {} more", count - 1),
                };
                out::note(format_args!(
                    "note: '{first}'{others} has {what}; three frames are better"
                ));
            }
        }
    }
}

/// Images of one size as one stack.
fn stacked<'a>(images: impl Iterator<Item = ArrayView2<'a, f32>>) -> Array3<f32> {
    let images: Vec<ArrayView2<'_, f32>> = images.collect();
    // Of one size, as was checked.
    stack(Axis(0), &images).unwrap_or_else(|_| Array3::zeros((0, 0, 0)))
}
