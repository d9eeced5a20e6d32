//! What the preprocessing of a rehearsed series found, against the truth.

use amorphous_packing::aet::Agreement;
use amorphous_packing::aet::preprocess::{Recorded, aligned, without_object_shift};
use anyhow::Result;
use ndarray::{Array2, Array3, ArrayView2, Axis};
use polars::df;
use polars::prelude::DataFrame;

use crate::commands::preprocessed::Preprocessed;
use crate::panels::rehearsal::Rehearsed;

/// What is true of a rehearsed series.
pub struct Truth {
    /// The images without drift, noise and background, centred.
    clean: Array3<f32>,
    recorded: Vec<Recorded>,
}

/// How far what was found is from the truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Errors {
    /// Mean error of the drift during a frame, in pixels.
    pub drift_px: f64,
    /// Mean correlation with the image that is true: of a frame, of the corrected average, denoised, without
    /// background.
    pub correlations: [f64; 4],
    /// Mean error of the place of an image, in pixels; a shift of the whole object in space, which no series
    /// shows, taken off.
    pub shift_px: f64,
    /// The largest of these errors.
    pub largest_shift_px: f64,
    /// That shift of the whole object, in pixels.
    pub object_px: [f64; 3],
}

impl Truth {
    /// Of a series.
    pub fn of(rehearsed: &Rehearsed) -> Truth {
        let count = rehearsed.angles.len();
        Truth {
            clean: rehearsed.rehearsal.clean().clone(),
            recorded: (0..count)
                .map(|tilt| rehearsed.rehearsal.record(tilt))
                .collect(),
        }
    }

    /// How far a preprocessed series is from it.
    pub fn errors(&self, done: &Preprocessed) -> Errors {
        let count = self.recorded.len() as f64;
        let drift = self.recorded.iter().zip(&done.rows).map(|(recorded, row)| {
            let last = recorded.shifts.len() - 1;
            let apart = [0, 1]
                .map(|axis| recorded.shifts[last][axis] / last.max(1) as f64 - row.drift[axis]);
            apart[0].hypot(apart[1])
        });
        let apart: Vec<[f64; 2]> = self
            .recorded
            .iter()
            .zip(&done.rows)
            .map(|(recorded, row)| [0, 1].map(|axis| row.shift[axis] - recorded.centre[axis]))
            .collect();
        let (object_px, left) = without_object_shift(&apart, &done.angles);
        let lengths: Vec<f64> = left.iter().map(|[x, y]| x.hypot(*y)).collect();
        Errors {
            drift_px: drift.sum::<f64>() / count,
            correlations: self.correlations(done),
            shift_px: lengths.iter().sum::<f64>() / count,
            largest_shift_px: lengths.iter().copied().fold(0.0, f64::max),
            object_px,
        }
    }

    fn correlations(&self, done: &Preprocessed) -> [f64; 4] {
        // The true image where the object was at the middle of the first frame.
        let there: Vec<[f64; 2]> = self.recorded.iter().map(|r| r.centre.map(|c| -c)).collect();
        let moved = aligned(self.clean.view(), &there);
        let mut sums = [0.0; 4];
        for (tilt, (done, recorded)) in done.tilts.iter().zip(&self.recorded).enumerate() {
            let without = moved.index_axis(Axis(0), tilt).to_owned();
            let with = &without + &recorded.background;
            let [average, denoised, image] = &done.steps;
            let pairs: [(&Array2<f32>, &Array2<f32>); 4] = [
                (&done.raw, &with),
                (average, &with),
                (denoised, &with),
                (image, &without),
            ];
            for (sum, (found, truth)) in sums.iter_mut().zip(pairs) {
                *sum += correlation(found.view(), truth.view()) / self.recorded.len() as f64;
            }
        }
        sums
    }
}

fn correlation(a: ArrayView2<'_, f32>, b: ArrayView2<'_, f32>) -> f64 {
    let found = Agreement::of(a, b);
    found.map_or(0.0, |agreement| agreement.correlation)
}

impl Errors {
    /// A row for each: `step, error, value`.
    ///
    /// # Errors
    /// Only those of polars.
    pub fn table(&self) -> Result<DataFrame> {
        let [frame, average, denoised, image] = self.correlations;
        let rows = [
            ("drift", "mean_px", self.drift_px),
            ("one frame", "correlation", frame),
            ("drift corrected", "correlation", average),
            ("denoised", "correlation", denoised),
            ("without background", "correlation", image),
            ("aligned", "mean_px", self.shift_px),
            ("aligned", "largest_px", self.largest_shift_px),
        ];
        Ok(df!(
            "step" => rows.map(|row| row.0).to_vec(),
            "measure" => rows.map(|row| row.1).to_vec(),
            "value" => rows.map(|row| row.2).to_vec(),
        )?)
    }

    /// The errors in words.
    pub fn sentence(&self) -> String {
        let [frame, average, denoised, image] = self.correlations;
        format!(
            "Against the truth: drift within {:.3} pixels on average; correlation of a frame {frame:.4}, of the \
             corrected average {average:.4}, denoised {denoised:.4}, without background {image:.4}; images \
             placed within {:.3} pixels on average, {:.3} at the most.",
            self.drift_px, self.shift_px, self.largest_shift_px
        )
    }
}
