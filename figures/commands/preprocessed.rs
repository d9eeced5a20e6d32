//! A tilt series that is preprocessed: refined against its reconstruction if that is asked for, drawn, and
//! written.

use std::path::{Path, PathBuf};

use amorphous_packing::aet::preprocess::{
    Alignment, Chosen, Placed, SelfConsistent, aligned, self_consistent,
};
use amorphous_packing::aet::{TiltAngles, smallest_tilt};
use amorphous_packing::formats::tables::to_csv;
use amorphous_packing::formats::{mrc, npy};
use amorphous_packing::report::preprocessing::{TiltRow, candidate_table, tilt_table};
use anyhow::Result;
use ndarray::{Array2, Array3, Axis};
use polars::df;

use crate::commands::preprocessing_kept::Kept;
use crate::commands::preprocessing_settings::{Settings, TiltDone};
use crate::harness::provenance::Input;
use crate::panels::preprocessing::{common_lines, drifts, sheet, shifts};
use crate::{Figure, Layout, Stages, style};

/// Tilts that are shown before and after.
const SHOWN: usize = 6;
/// What an image is called at each step.
const STEPS: [&str; 5] = [
    "one frame",
    "drift corrected",
    "denoised",
    "without background",
    "aligned",
];

/// A tilt series after its four steps.
pub struct Preprocessed {
    /// The name of what was read.
    pub id: String,
    /// By tilt.
    pub tilts: Vec<TiltDone>,
    /// What was found at each tilt, the shift with it.
    pub rows: Vec<TiltRow>,
    /// The angles, refined if that was asked for.
    pub angles: Vec<TiltAngles>,
    /// The images before they are aligned, by angle, x and y.
    pub images: Array3<f32>,
    /// The images, aligned.
    pub aligned: Array3<f32>,
    /// How they were aligned.
    pub alignment: Alignment,
    /// How the parameters of the denoising were chosen, if they were.
    pub chosen: Option<Chosen>,
    /// How angles and shifts were refined, if they were.
    pub refined: Option<SelfConsistent>,
    /// Side of a pixel in ångström, where it is known.
    pub pixel_angstrom: Option<f64>,
    pub(super) settings: Settings,
    pub(super) inputs: Vec<Input>,
}

impl Preprocessed {
    /// Refines angles and shifts against the reconstruction, in as many rounds as the settings ask for.
    ///
    /// # Errors
    /// When the images cannot be reconstructed.
    pub(super) fn refine(&mut self, stages: &mut Stages) -> Result<()> {
        if self.settings.refine_rounds == 0 {
            return Ok(());
        }
        let options = self.settings.self_consistent();
        let placed: Vec<Placed> = self
            .rows
            .iter()
            .map(|row| (row.angles, row.shift))
            .collect();
        let found = stages.watch("refinement against the reconstruction", |progress| {
            self_consistent(self.images.view(), &placed, &options, progress)
        })?;
        for (row, view) in self.rows.iter_mut().zip(&found.views) {
            (row.angles, row.shift) = (view.angles, view.shift);
        }
        self.angles = self.rows.iter().map(|row| row.angles).collect();
        // Moved once, by the whole of the shift.
        let shifts: Vec<[f64; 2]> = self.rows.iter().map(|row| row.shift).collect();
        self.aligned = aligned(self.images.view(), &shifts);
        self.refined = Some(found);
        Ok(())
    }

    /// What was done, in a sentence.
    pub fn sentence(&self) -> String {
        let frames: usize = self.rows.iter().map(|row| row.frames).sum();
        let noise = self.rows[smallest_tilt(&self.angles)].noise;
        format!(
            "{} tilts of {frames} frames, noise of a frame {:.3} · intensity + {:.2}², aligned in {} rounds",
            self.rows.len(),
            noise.gain,
            noise.read,
            self.alignment.history.len()
        )
    }

    /// The image nearest to no tilt at each step.
    fn steps(&self) -> Vec<(String, Array2<f32>)> {
        let index = smallest_tilt(&self.angles);
        let tilt = &self.tilts[index];
        let [average, denoised, image] = tilt.steps.clone();
        let aligned = self.aligned.index_axis(Axis(0), index).to_owned();
        let images = [tilt.raw.clone(), average, denoised, image, aligned];
        STEPS.map(str::to_owned).into_iter().zip(images).collect()
    }

    /// Some tilts as they were taken, and as they have become.
    fn before_and_after(&self) -> Vec<(String, Array2<f32>)> {
        let count = self.tilts.len();
        let shown = SHOWN.min(count);
        let chosen: Vec<usize> = (0..shown)
            .map(|k| k * (count - 1) / (shown - 1).max(1))
            .collect();
        let label = |index: usize| {
            let degrees = self.angles[index].theta_deg;
            let sign = if degrees < -0.05 { "−" } else { "" };
            format!("{sign}{:.1}°", degrees.abs())
        };
        let before = chosen
            .iter()
            .map(|&index| (label(index), self.tilts[index].raw.clone()));
        let after = chosen.iter().map(|&index| {
            (
                label(index),
                self.aligned.index_axis(Axis(0), index).to_owned(),
            )
        });
        before.chain(after).collect()
    }

    /// The figure of the steps.
    ///
    /// # Errors
    /// When a table cannot be made.
    pub fn figure(&self, name: &str, title: &str) -> Result<Figure> {
        let table = tilt_table(&self.rows)?;
        let (_, dim1, dim2) = self.images.dim();
        let tall = dim2 as f64 / dim1 as f64;
        let width = style::DOUBLE_COLUMN_MM;
        let steps_mm = (width - 6.0) / 5.0 * tall + 4.0;
        let sheet_mm = 2.0 * (width - 6.0) / SHOWN.min(self.tilts.len()).max(1) as f64 * tall + 7.0;
        let layout = Layout::grid(
            width,
            &[
                (steps_mm, "aaaaaaaaaaaa"),
                (sheet_mm, "bbbbbbbbbbbb"),
                (46.0, "ccddeeeeffff"),
            ],
        );
        let columns = SHOWN.min(self.tilts.len());
        let mut figure = Figure::new(name, title, layout)
            .panel('a', sheet(self.steps(), STEPS.len()).titled("The image nearest to no tilt, step by step"))
            .panel(
                'b',
                sheet(self.before_and_after(), columns)
                    .titled("Tilts as they were taken, and as they have become"),
            )
            .panel('c', common_lines(self.images.view()).titled("Common lines, before"))
            .panel('d', common_lines(self.aligned.view()).titled("Aligned"))
            .panel('e', drifts(&table).titled("Drift"))
            .panel('f', shifts(&table).titled("Shifts found"))
            .table(&format!("{name}_tilts"), &table)
            .parameter("pixel_angstrom", self.pixel_angstrom)
            .parameter("tilts", self.tilts.len())
            .parameter("settings", format!("{:?}", self.settings))
            .footnote(&format!("{}.", self.sentence()))
            .footnote(
                "Common lines: the sums of the images across the tilt axis, tilts to the right. What lies at a \
                 height of the axis stays there at every tilt.",
            );
        if let Some(chosen) = &self.chosen {
            figure = figure.table(
                &format!("{name}_denoising"),
                &candidate_table(&chosen.tried)?,
            );
        }
        Ok(self.inputs.iter().cloned().fold(figure, Figure::input))
    }

    /// The files: the aligned series in two formats, its angles, the sheet, tables, provenance.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, out: &Path, stages: &mut Stages) -> Result<Vec<PathBuf>> {
        let label = format!(
            "Aligned, {}, amorphous-packing {}",
            self.id,
            env!("CARGO_PKG_VERSION")
        );
        let angle =
            |value: fn(&TiltAngles) -> f64| -> Vec<f64> { self.angles.iter().map(value).collect() };
        let angles = df!(
            "phi_deg" => angle(|angles| angles.phi_deg),
            "theta_deg" => angle(|angles| angles.theta_deg),
            "psi_deg" => angle(|angles| angles.psi_deg),
        )?;
        // MRC files hold x, y and the number of the image.
        let stack = self.aligned.view().permuted_axes([1, 2, 0]);
        let stack = stack.as_standard_layout();
        let paths = self
            .figure("preprocess", &format!("Preprocessing of {}", self.id))?
            .file("aligned.npy", npy::to_npy(self.aligned.view()))
            .file(
                "aligned.mrc",
                mrc::to_mrc(stack.view(), self.pixel_angstrom, &label),
            )
            .file("angles.csv", to_csv(&angles)?)
            .write(out, stages)?;
        Kept::forget(out)?;
        Ok(paths)
    }
}
