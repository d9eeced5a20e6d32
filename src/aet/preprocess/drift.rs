//! Drift between and within the frames of one tilt (Methods, "Image preprocessing", step 1).
//!
//! The sample drifts while it is scanned. With `d(t)` for how far it has gone, a frame shows at the pixel
//! `p` what lies at `p − d(t)` of the sample, and `t` is the time at which the line of `p` was scanned:
//! of frame `k`, line `s` of `n`, it is `k + s/n` frames. So a frame is not only shifted but sheared (drift
//! along the lines) and stretched (drift across them). Both are linear within a frame, and what is
//! linear is inverted exactly: a pixel of the corrected frame is read where the sample was then.
//!
//! How fast the drift is within a frame is not seen in that frame but follows from how far the others lie:
//! that is how the published images were corrected too. A frame that is stretched lies not quite where
//! it seems to, so the corrected frames are registered again, until they lie on each other.

use ndarray::{Array2, Array3, ArrayView2, ArrayView3, Axis, Slice};
use rayon::prelude::*;

use super::image_error::{ImageError, check_series};
use super::registration::{Registered, Search, find};
use super::resampling::{Line, resample};
use crate::aet::geometry::centre;

/// Frames have at least so many pixels a side.
const LEAST_SIDE: usize = 16;

/// Along which axis the lines of a scan follow one another: the slow one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlowScan {
    /// Lines of constant x.
    X,
    /// Lines of constant y.
    Y,
}

/// How the velocity within a frame follows from the shifts of the frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Velocity {
    /// One for all frames: the slope of the straight line through the shifts.
    Common,
    /// One for each: the slope of the parabola through the three nearest shifts.
    Local,
}

/// How drift is corrected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DriftOptions {
    /// The slow direction of the scan.
    pub slow_scan: SlowScan,
    /// Whether the line that was scanned first has the highest index.
    pub first_line_last: bool,
    /// How the velocity within a frame is found.
    pub velocity: Velocity,
    /// Side in pixels of the square in the middle that is registered.
    pub region: usize,
    /// The largest shift between two frames along x and y, in pixels.
    pub largest_shift: f64,
    /// Frames that correlate less with every other one show something else.
    pub least_coefficient: f64,
    /// Corrected frames that lie nearer to each other than this, in pixels, are not corrected further.
    pub settled: f64,
    /// Corrections at most.
    pub rounds: usize,
}

impl Default for DriftOptions {
    /// A scan by lines of constant x, the middle 400 × 400 pixels as published, shifts up to 16 pixels.
    fn default() -> DriftOptions {
        DriftOptions {
            slow_scan: SlowScan::X,
            first_line_last: false,
            velocity: Velocity::Common,
            region: 400,
            largest_shift: 16.0,
            least_coefficient: 0.1,
            settled: 0.005,
            rounds: 8,
        }
    }
}

/// How well the drift could be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// From three frames or more.
    Drift,
    /// From two: it may change from one to the other, and no third tells.
    FromTwo,
    /// There is one frame, and it was left as it is.
    Nothing,
}

/// The frames of one tilt as one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Corrected {
    /// The mean of the corrected frames, by x and y. The sample lies where it was at the middle of the
    /// first frame. What a frame does not show does not count in the mean; what none shows is what
    /// lies nearest to it on their borders.
    pub image: Array2<f32>,
    /// How far the sample has gone from the middle of the first frame to the middle of each, along x and y
    /// in pixels.
    pub shifts: Vec<[f64; 2]>,
    /// How far it goes in each frame, from the beginning to the end, along x and y in pixels.
    pub drift: Vec<[f64; 2]>,
    /// The coefficient of correlation of each frame with the mean of the others, in the registered region,
    /// as they were taken; empty for one frame.
    pub before: Vec<f64>,
    /// The same of the corrected frames. It grows a little with the interpolation alone, which takes off
    /// noise.
    pub after: Vec<f64>,
    /// How far the corrected frames lie from each other at the most, in pixels, by round.
    pub residuals: Vec<f64>,
    /// What the drift was found from.
    pub known: Known,
}

/// Why frames cannot be corrected. Frames are counted from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DriftError {
    /// A frame is none.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// A frame shows something else than the others.
    #[error(
        "frame {frame} resembles no other frame (coefficient of correlation {coefficient:.3}, at least {least} is asked for); leave it out"
    )]
    Unlike {
        /// Which frame.
        frame: usize,
        /// The highest coefficient that it has.
        coefficient: f64,
        /// The least that is asked for.
        least: f64,
    },
    /// A frame lies too far from the others.
    #[error(
        "frame {frame} lies more than {limit} pixels from the first one; allow a larger shift, or leave it out"
    )]
    Far {
        /// Which frame.
        frame: usize,
        /// The largest shift.
        limit: f64,
    },
    /// The options are none.
    #[error(
        "the region must have at least {LEAST_SIDE} pixels a side, and the largest shift lie between 0 and half of it"
    )]
    Options,
}

/// Corrects the drift of `frames` (by number, x and y) of one tilt, taken one right after the other, and
/// averages them.
///
/// One frame comes back as it is, and of two the drift is that which they show:
/// [`Corrected::known`] tells. The result is the same, bit for bit, on any number of threads.
///
/// # Errors
/// [`DriftError`].
///
/// ```
/// use amorphous_packing::aet::preprocess::{DriftOptions, correct_drift};
/// use ndarray::Array3;
/// let spots = |x: f64, y: f64| (0.31 * x).sin() * (0.23 * y).cos() + (0.17 * x + 0.4 * y).sin();
/// // From line to line, and from frame to frame, it goes on by 0.6 pixel a frame along y.
/// let frames = Array3::from_shape_fn((3, 64, 64), |(k, x, y)| {
///     let frames_since_first = k as f64 + x as f64 / 64.0;
///     spots(x as f64, y as f64 - 0.6 * frames_since_first) as f32
/// });
/// let found = correct_drift(frames.view(), &DriftOptions::default())?;
/// assert!((found.shifts[2][1] - 1.2).abs() < 0.02 && (found.drift[0][1] - 0.6).abs() < 0.02);
/// # Ok::<(), amorphous_packing::aet::preprocess::DriftError>(())
/// ```
pub fn correct_drift(
    frames: ArrayView3<'_, f32>,
    options: &DriftOptions,
) -> Result<Corrected, DriftError> {
    check_series(frames, LEAST_SIDE)?;
    let (count, dim1, dim2) = frames.dim();
    if count == 1 {
        return Ok(Corrected {
            image: frames.index_axis(Axis(0), 0).to_owned(),
            shifts: vec![[0.0; 2]],
            drift: vec![[0.0; 2]],
            before: Vec::new(),
            after: Vec::new(),
            residuals: Vec::new(),
            known: Known::Nothing,
        });
    }
    let side = options.region.min(dim1).min(dim2);
    let limit = options.largest_shift;
    if side < LEAST_SIDE || !(limit > 0.0 && limit < side as f64 / 2.0) {
        return Err(DriftError::Options);
    }
    let mut shifts = register_all(frames, options)?;
    let before = resemblance(frames, options.region);
    let mut residuals = Vec::new();
    let mut frames_now = Shown::of(frames, &shifts, options);
    for _ in 0..options.rounds {
        let left = register_all(frames_now.frames.view(), options)?;
        let largest = left
            .iter()
            .flatten()
            .fold(0.0, |largest: f64, part| largest.max(part.abs()));
        residuals.push(largest);
        for (shift, left) in shifts.iter_mut().zip(left) {
            *shift = [shift[0] + left[0], shift[1] + left[1]];
        }
        frames_now = Shown::of(frames, &shifts, options);
        if largest < options.settled {
            break;
        }
    }
    Ok(Corrected {
        image: frames_now.mean(),
        drift: velocities(&shifts, options.velocity),
        before,
        after: resemblance(frames_now.frames.view(), options.region),
        residuals,
        known: if count == 2 {
            Known::FromTwo
        } else {
            Known::Drift
        },
        shifts,
    })
}

/// The shifts of all frames from the first: every pair is registered, and the shifts are those that
/// explain the pairs best (least squares: the mean over all others).
fn register_all(
    frames: ArrayView3<'_, f32>,
    options: &DriftOptions,
) -> Result<Vec<[f64; 2]>, DriftError> {
    let count = frames.dim().0;
    let search = Search {
        largest: [options.largest_shift; 2],
        taper: 0.1,
    };
    let pairs: Vec<[usize; 2]> = (0..count)
        .flat_map(|i| (i + 1..count).map(move |j| [i, j]))
        .collect();
    let region = |index: usize| middle(frames.index_axis_move(Axis(0), index), options.region);
    let found: Vec<Option<Registered>> = pairs
        .par_iter()
        .map(|&[i, j]| find(region(j), region(i), &search))
        .collect();
    let mut sums = vec![[0.0; 2]; count];
    let mut highest = vec![f64::NEG_INFINITY; count];
    let mut far = None;
    for (&[i, j], found) in pairs.iter().zip(&found) {
        let Some(found) = found else { continue };
        for (sum, sign) in [(i, -1.0), (j, 1.0)] {
            highest[sum] = highest[sum].max(found.coefficient);
            for axis in 0..2 {
                sums[sum][axis] += sign * found.shift[axis] / count as f64;
            }
        }
        if found.at_limit && far.is_none() {
            far = Some(j + 1);
        }
    }
    let least = options.least_coefficient;
    let worst = (1..).zip(highest).min_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((frame, coefficient)) = worst.filter(|worst| worst.1 < least) {
        return Err(DriftError::Unlike {
            frame,
            coefficient: coefficient.max(-1.0),
            least,
        });
    }
    if let Some(frame) = far {
        let limit = options.largest_shift;
        return Err(DriftError::Far { frame, limit });
    }
    let first = sums[0];
    Ok(sums
        .iter()
        .map(|sum| [sum[0] - first[0], sum[1] - first[1]])
        .collect())
}

/// The square in the middle of an image, or as much of it as there is.
fn middle(mut image: ArrayView2<'_, f32>, side: usize) -> ArrayView2<'_, f32> {
    image.slice_each_axis_inplace(|axis| {
        let side = side.min(axis.len);
        let first = centre(axis.len) - centre(side);
        Slice::from(first..first + side)
    });
    image
}

// ANCHOR: velocity
/// How far the sample goes in each frame.
fn velocities(shifts: &[[f64; 2]], velocity: Velocity) -> Vec<[f64; 2]> {
    let count = shifts.len();
    let along = |axis: usize, k: usize| -> f64 {
        let at = |k: usize| shifts[k][axis];
        match velocity {
            Velocity::Local if count > 2 => {
                // The slope at `k` of the parabola through three frames in a row, of which `k` is one.
                let middle = k.clamp(1, count - 2);
                let bend = at(middle + 1) - 2.0 * at(middle) + at(middle - 1);
                0.5 * (at(middle + 1) - at(middle - 1)) + bend * (k as f64 - middle as f64)
            }
            _ => {
                let from_middle = |k: usize| k as f64 - (count - 1) as f64 / 2.0;
                let moment: f64 = (0..count).map(|k| from_middle(k) * at(k)).sum();
                moment / (0..count).map(|k| from_middle(k).powi(2)).sum::<f64>()
            }
        }
    };
    (0..count).map(|k| [along(0, k), along(1, k)]).collect()
}
// ANCHOR_END: velocity

/// The frames, corrected, and which of their pixels they show.
struct Shown {
    frames: Array3<f32>,
    /// 1 where a frame shows the pixel, 0 where it was read beyond its border.
    is_shown: Array3<f32>,
}

impl Shown {
    fn of(frames: ArrayView3<'_, f32>, shifts: &[[f64; 2]], options: &DriftOptions) -> Shown {
        let mut corrected = frames.to_owned();
        let mut is_shown = Array3::zeros(frames.raw_dim());
        let velocities = velocities(shifts, options.velocity);
        let outs = corrected.axis_iter_mut(Axis(0)).into_par_iter();
        let shown = is_shown.axis_iter_mut(Axis(0)).into_par_iter();
        let frames = frames.axis_iter(Axis(0)).into_par_iter();
        let drifts = shifts.par_iter().zip(&velocities);
        outs.zip(shown).zip(frames).zip(drifts).for_each(
            |(((mut out, mut shown), mut frame), (&shift, &drift))| {
                let (mut shift, mut drift) = (shift, drift);
                if options.slow_scan == SlowScan::Y {
                    out.swap_axes(0, 1);
                    shown.swap_axes(0, 1);
                    frame.swap_axes(0, 1);
                    shift.reverse();
                    drift.reverse();
                }
                let lines = lines(frame.dim().0, shift, drift, options.first_line_last);
                resample(frame, &lines, out, shown);
            },
        );
        Shown {
            frames: corrected,
            is_shown,
        }
    }

    /// The mean of what is shown.
    fn mean(&self) -> Array2<f32> {
        let all = self.frames.sum_axis(Axis(0)) / self.frames.dim().0 as f32;
        let counts = self.is_shown.sum_axis(Axis(0));
        let mut sums = (&self.frames * &self.is_shown).sum_axis(Axis(0));
        sums.zip_mut_with(&counts, |sum, &count| *sum /= count);
        sums.zip_mut_with(&all, |mean, &all| {
            if !mean.is_finite() {
                *mean = all;
            }
        });
        sums
    }
}

// ANCHOR: lines
/// Where the lines of the corrected frame are read, across and along the scan: the drift is `shift` at half
/// time, and `drift` more at the end than at the beginning.
fn lines(count: usize, shift: [f64; 2], drift: [f64; 2], first_line_last: bool) -> Vec<Line> {
    // The part of the frame's time that is over at a line: `begin + step · line`.
    let (begin, step) = match first_line_last {
        false => (0.0, 1.0 / count as f64),
        true => ((count - 1) as f64 / count as f64, -1.0 / count as f64),
    };
    let line = |line: usize| {
        // The line at which the sample had gone just so far: `across = line + shift + drift · (time − 1/2)`.
        let without = line as f64 + shift[0] + drift[0] * (begin - 0.5);
        let across = without / (1.0 - drift[0] * step);
        let time = begin + step * across;
        Line {
            across,
            along: shift[1] + drift[1] * (time - 0.5),
        }
    };
    (0..count).map(line).collect()
}
// ANCHOR_END: lines

/// The coefficient of correlation of each frame with the mean of the others, in the middle.
fn resemblance(frames: ArrayView3<'_, f32>, region: usize) -> Vec<f64> {
    let sum = frames.sum_axis(Axis(0));
    let count = frames.dim().0 as f32;
    let coefficient = |frame: ArrayView2<'_, f32>| {
        let others = (&sum - &frame) / (count - 1.0);
        pearson(middle(frame, region), middle(others.view(), region))
    };
    frames.outer_iter().map(coefficient).collect()
}

/// Pearson's coefficient; 0 where one of the two does not vary.
fn pearson(a: ArrayView2<'_, f32>, b: ArrayView2<'_, f32>) -> f64 {
    let mean = |values: ArrayView2<'_, f32>| {
        values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64
    };
    let (mean_a, mean_b) = (mean(a), mean(b));
    let pairs = a
        .iter()
        .zip(b)
        .map(|(&a, &b)| (f64::from(a) - mean_a, f64::from(b) - mean_b));
    let [aa, bb, ab] = pairs.fold([0.0; 3], |[aa, bb, ab], (a, b)| {
        [aa + a * a, bb + b * b, ab + a * b]
    });
    if aa > 0.0 && bb > 0.0 {
        ab / (aa * bb).sqrt()
    } else {
        0.0
    }
}
