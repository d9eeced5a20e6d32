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
use crate::aet::compare::Agreement;
use crate::aet::geometry::centre;

/// Frames have at least so many pixels a side.
const LEAST_SIDE: usize = 16;
/// Corrected frames are looked for no farther from each other than this, in pixels.
const LARGEST_LEFT: f64 = 1.0;

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
            least_coefficient: 0.25,
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
    let mut shifts = register_all(frames, limit, options)?;
    let before = resemblance(frames, options.region);
    let mut residuals = Vec::new();
    let mut frames_now = Shown::of(frames, &shifts, options);
    for _ in 0..options.rounds {
        let left = register_all(frames_now.frames.view(), limit.min(LARGEST_LEFT), options)?;
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
    limit: f64,
    options: &DriftOptions,
) -> Result<Vec<[f64; 2]>, DriftError> {
    let count = frames.dim().0;
    let search = Search {
        largest: [limit; 2],
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
            let parts = sums[sum].iter_mut().zip(found.shift);
            parts.for_each(|(sum, shift)| *sum += sign * shift / count as f64);
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
    // Corrected frames that lie farther apart than they should get nearer with every round.
    if let Some(frame) = far.filter(|_| limit == options.largest_shift) {
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
        let found = Agreement::of(middle(frame, region), middle(others.view(), region));
        // What does not vary resembles nothing.
        found.map_or(0.0, |agreement| agreement.correlation)
    };
    frames.outer_iter().map(coefficient).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use crate::aet::noise::poisson_noise;

    const SIDE: usize = 128;
    /// Standard deviation of an atom, in pixels.
    const WIDTH: f64 = 2.2;

    /// The places of the atoms of an amorphous film, somewhat more than the image shows.
    fn film() -> Vec<[f64; 2]> {
        let mut random = Pcg64Mcg::seed_from_u64(5);
        let mut place = || random.random_range(-12.0..SIDE as f64 + 12.0);
        (0..4000).map(|_| [place(), place()]).collect()
    }

    /// The frame that begins at a time, of a film whose drift is known at every time: each pixel shows
    /// what was there when it was scanned, line by line of constant x.
    fn frame(atoms: &[[f64; 2]], begin: f64, drift: impl Fn(f64) -> [f64; 2]) -> Array2<f32> {
        let mut image = Array2::<f64>::zeros((SIDE, SIDE));
        let profile = |distance: f64| (-0.5 * (distance / WIDTH).powi(2)).exp();
        let reach = 4.0 * WIDTH;
        let range = |middle: f64| {
            let (first, end) = (middle - reach, middle + reach);
            first.clamp(0.0, SIDE as f64) as usize..end.clamp(0.0, SIDE as f64) as usize
        };
        let drifts: Vec<[f64; 2]> = (0..SIDE)
            .map(|x| drift(begin + x as f64 / SIDE as f64))
            .collect();
        for &[at_x, at_y] in atoms {
            for x in range(at_x + drifts[SIDE / 2][0]) {
                let [u, v] = drifts[x];
                let height = profile(x as f64 - at_x - u);
                for y in range(at_y + v) {
                    image[[x, y]] += height * profile(y as f64 - at_y - v);
                }
            }
        }
        image.mapv(|value| value as f32)
    }

    fn frames(count: usize, drift: impl Fn(f64) -> [f64; 2]) -> Array3<f32> {
        let atoms = film();
        let mut frames = Array3::zeros((count, SIDE, SIDE));
        for (k, mut out) in frames.outer_iter_mut().enumerate() {
            out.assign(&frame(&atoms, k as f64, &drift));
        }
        frames
    }

    /// The root mean square difference of two images, without a border.
    fn difference(a: &Array2<f32>, b: &Array2<f32>) -> f64 {
        let inner = |image: &Array2<f32>| {
            let view = image.slice_each_axis(|_| Slice::from(10..SIDE - 10));
            view.mapv(f64::from)
        };
        let difference = inner(a) - inner(b);
        (difference.mapv(|d| d * d).mean().unwrap()).sqrt()
    }

    #[test]
    fn shifts_of_frames_are_found_at_a_hundred_counts() {
        let atoms = film();
        let errors: Vec<f64> = (0..100_u64)
            .into_par_iter()
            .flat_map_iter(|trial| {
                let mut random = Pcg64Mcg::seed_from_u64(trial);
                // Up to a pixel, and in every fourth trial up to four.
                let most = if trial % 4 == 0 { 4.0 } else { 1.0 };
                let mut pair = || [0; 2].map(|_| random.random_range(-most..most));
                let truth = [[0.0; 2], pair(), pair()];
                let mut clean = Array3::zeros((3, SIDE, SIDE));
                for (k, mut out) in clean.outer_iter_mut().enumerate() {
                    out.assign(&frame(&atoms, 0.0, |_| truth[k]));
                }
                let noisy = poisson_noise(clean.view(), 100.0, trial);
                let found = correct_drift(noisy.view(), &DriftOptions::default()).unwrap();
                (1..3).flat_map(move |k| {
                    [0, 1].map(|axis| (found.shifts[k][axis] - truth[k][axis]).abs())
                })
            })
            .collect();
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        assert!(mean < 0.03, "{mean}");
    }

    #[test]
    fn steady_drift_is_undone_within_the_frames_on_either_axis_and_from_either_end() {
        let drift = |time: f64| [1.1 * time - 0.4, -0.9 * time];
        let taken = frames(3, drift);
        let truth = frame(&film(), 0.0, |_| drift(0.5));
        let noisy = poisson_noise(taken.view(), 100.0, 8);
        let check =
            |frames: Array3<f32>, truth: &Array2<f32>, options: &DriftOptions, drift: [f64; 2]| {
                let found = correct_drift(frames.view(), options).unwrap();
                for (k, (shift, within)) in found.shifts.iter().zip(&found.drift).enumerate() {
                    for axis in 0..2 {
                        assert!(
                            (shift[axis] - k as f64 * drift[axis]).abs() < 0.06,
                            "{found:?}"
                        );
                        assert!(
                            (within[axis] - drift[axis]).abs() < 0.03,
                            "{:?}",
                            found.drift
                        );
                    }
                }
                let plain = frames.mean_axis(Axis(0)).unwrap();
                let (ours, theirs) = (difference(&found.image, truth), difference(&plain, truth));
                assert!(ours < 0.75 * theirs, "{ours} {theirs}");
                assert!(
                    found
                        .after
                        .iter()
                        .zip(&found.before)
                        .all(|(after, before)| after > before)
                );
                assert!(found.residuals.last().is_some_and(|&left| left < 0.005));
                assert_eq!(found.known, Known::Drift);
            };
        let options = DriftOptions::default();
        check(noisy.clone(), &truth, &options, [1.1, -0.9]);
        let turned = noisy.clone().permuted_axes([0, 2, 1]);
        let along_y = DriftOptions {
            slow_scan: SlowScan::Y,
            ..options
        };
        check(turned, &truth.t().to_owned(), &along_y, [-0.9, 1.1]);
        // Scanned from the other end: the image upside down, and so is the drift across the lines.
        let mut upside_down = noisy;
        upside_down.invert_axis(Axis(1));
        let mut truth = truth;
        truth.invert_axis(Axis(0));
        let backwards = DriftOptions {
            first_line_last: true,
            ..options
        };
        check(upside_down, &truth, &backwards, [-1.1, -0.9]);
    }

    #[test]
    fn drift_that_grows_is_followed_frame_by_frame() {
        let drift = |time: f64| {
            [
                0.3 * time + 0.2 * time * time,
                0.6 * time - 0.25 * time * time,
            ]
        };
        let taken = frames(3, drift);
        let local = DriftOptions {
            velocity: Velocity::Local,
            ..DriftOptions::default()
        };
        let found = correct_drift(taken.view(), &local).unwrap();
        let common = correct_drift(taken.view(), &DriftOptions::default()).unwrap();
        let error = |found: &Corrected| {
            let of = |k: usize, axis: usize| {
                let expected = drift(k as f64 + 1.0)[axis] - drift(k as f64)[axis];
                (found.drift[k][axis] - expected).abs()
            };
            (0..6).map(|i| of(i / 2, i % 2)).fold(0.0, f64::max)
        };
        assert!(error(&found) < 0.02, "{}", error(&found));
        assert!(error(&common) > 0.3, "{}", error(&common));
        let truth = frame(&film(), 0.0, |_| drift(0.5));
        assert!(difference(&found.image, &truth) < difference(&common.image, &truth));
    }

    #[test]
    fn few_frames_are_told_of_and_wrong_ones_named() {
        let taken = frames(3, |time| [0.5 * time, 0.0]);
        let options = DriftOptions::default();
        let one = taken.select(Axis(0), &[1]);
        let found = correct_drift(one.view(), &options).unwrap();
        assert_eq!(
            (found.known, found.image),
            (Known::Nothing, one.index_axis_move(Axis(0), 0))
        );
        let found = correct_drift(taken.select(Axis(0), &[0, 1]).view(), &options).unwrap();
        assert_eq!(found.known, Known::FromTwo);
        assert!((found.drift[0][0] - 0.5).abs() < 0.01);
        let mut other = taken.clone();
        let elsewhere = frame(&film(), 0.0, |_| [60.0, 0.0]);
        other.index_axis_mut(Axis(0), 1).assign(&elsewhere);
        let error = correct_drift(other.view(), &options).unwrap_err();
        assert!(
            matches!(error, DriftError::Unlike { frame: 2, .. }),
            "{error}"
        );
        let far = frames(2, |time| [12.0 * time.floor(), 0.0]);
        let near = DriftOptions {
            largest_shift: 4.0,
            least_coefficient: 0.0,
            ..options
        };
        assert!(correct_drift(far.view(), &near).is_err());
        let mut wrong = taken.clone();
        wrong[[2, 5, 5]] = f32::NAN;
        let error = correct_drift(wrong.view(), &options).unwrap_err();
        assert!(matches!(
            error,
            DriftError::Image(ImageError::Pixel { number: 3, .. })
        ));
        let none = DriftOptions {
            largest_shift: f64::NAN,
            ..options
        };
        assert_eq!(correct_drift(taken.view(), &none), Err(DriftError::Options));
    }
}
