//! What a series of frames says: means with the error of correlated values.
//!
//! Frames of a trajectory that follow closely know of each other, so that the scatter over √n is too
//! small an error. The series is cut into blocks longer than its memory (twice the integrated
//! autocorrelation time), and blocks are drawn anew (the moving-block bootstrap, Künsch, Ann. Stat. 17,
//! 1217 (1989), doi:10.1214/aos/1176347265).

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use crate::numerics::mean;

/// How often the series is drawn anew.
const DRAWS: usize = 2_000;
/// The seed of the draws: the same series has the same error.
const SEED: u64 = 2022;

/// A mean over frames, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Its standard error; none of a single frame.
    pub standard_error: Option<f64>,
    /// Where 95 of 100 means of the series drawn anew begin.
    pub low: Option<f64>,
    /// Where they end.
    pub high: Option<f64>,
    /// The length of the blocks in frames.
    pub block: usize,
    /// How many frames have the value.
    pub frames: usize,
}

impl Estimate {
    /// Of the values of frames in their order; those that are no numbers are left out. `None` where
    /// nothing is left.
    ///
    /// ```
    /// use amorphous_packing::report::series::Estimate;
    /// let found = Estimate::of(&[1.0, 3.0, 1.0, 3.0, f64::NAN]).ok_or("nothing is left")?;
    /// assert_eq!((found.mean, found.frames, found.block), (2.0, 4, 1));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn of(values: &[f64]) -> Option<Estimate> {
        let values: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
        let block = block(&values);
        let mut estimate = Estimate {
            mean: mean(&values)?,
            standard_error: None,
            low: None,
            high: None,
            block,
            frames: values.len(),
        };
        if values.len() > 1 {
            let mut means = drawn(&values, block);
            let centre = mean(&means)?;
            let squares = means.iter().map(|drawn| (drawn - centre).powi(2));
            estimate.standard_error = Some((squares.sum::<f64>() / DRAWS as f64).sqrt());
            means.sort_unstable_by(f64::total_cmp);
            let part = |share: f64| means[((DRAWS - 1) as f64 * share).round() as usize];
            (estimate.low, estimate.high) = (Some(part(0.025)), Some(part(0.975)));
        }
        Some(estimate)
    }
}

/// Twice the integrated autocorrelation time, at most half of the series.
fn block(values: &[f64]) -> usize {
    let n = values.len();
    let Some(centre) = mean(values) else { return 1 };
    let covariance = |lag: usize| -> f64 {
        let pairs = values.iter().zip(&values[lag..]);
        pairs.map(|(a, b)| (a - centre) * (b - centre)).sum::<f64>() / n as f64
    };
    let variance = covariance(0);
    if variance <= 0.0 {
        return 1;
    }
    // ANCHOR: block
    let correlations = (1..n / 2).map(|lag| covariance(lag) / variance);
    let time: f64 = 1.0 + 2.0 * correlations.take_while(|c| *c > 0.0).sum::<f64>();
    match time {
        // No memory: each frame is a block.
        time if time < 1.5 => 1,
        time => (2.0 * time).ceil().min((n / 2).max(1) as f64) as usize,
    }
    // ANCHOR_END: block
}

/// The means of the series drawn anew, block by block; a block that begins near the end goes on at the
/// beginning.
fn drawn(values: &[f64], block: usize) -> Vec<f64> {
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let n = values.len();
    // ANCHOR: drawn
    let mut one = || {
        let mut sum = 0.0;
        let mut left = n;
        while left > 0 {
            let start = random.random_range(0..n);
            let length = block.min(left);
            sum += (start..start + length).map(|k| values[k % n]).sum::<f64>();
            left -= length;
        }
        sum / n as f64
    };
    (0..DRAWS).map(|_| one()).collect()
    // ANCHOR_END: drawn
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn noise(n: usize) -> Vec<f64> {
        let mut random = Pcg64Mcg::seed_from_u64(7);
        // The sum of twelve: nearly normal, of variance one.
        let mut one = || (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
        (0..n).map(|_| one()).collect()
    }

    #[test]
    fn the_error_of_independent_values_is_their_scatter_over_the_root_of_their_number() {
        let found = Estimate::of(&noise(400)).unwrap();
        assert_eq!(found.block, 1);
        assert!(
            (found.standard_error.unwrap() - 0.05).abs() < 0.006,
            "{found:?}"
        );
        assert!(found.low.unwrap() < found.mean && found.mean < found.high.unwrap());
    }

    /// x' = 0.9 x + noise: the mean of n values has the variance 1/(1 − 0.9)² / n.
    #[test]
    fn the_error_of_values_that_know_of_each_other_is_larger() {
        let mut x = 0.0;
        let series: Vec<f64> = noise(4_000)
            .into_iter()
            .map(|step| {
                x = 0.9 * x + step;
                x
            })
            .collect();
        let found = Estimate::of(&series).unwrap();
        let (exact, naive) = (10.0 / 4_000.0_f64.sqrt(), 2.294 / 4_000.0_f64.sqrt());
        let error = found.standard_error.unwrap();
        assert!(
            error > 0.75 * exact && error < 1.25 * exact,
            "{error} {exact}"
        );
        assert!(error > 3.0 * naive);
    }

    #[test]
    fn one_value_has_no_error_and_none_no_mean() {
        assert_eq!(Estimate::of(&[2.5]).unwrap().standard_error, None);
        assert_eq!(Estimate::of(&[f64::NAN]), None);
        let same = Estimate::of(&[4.0; 9]).unwrap();
        assert_eq!((same.standard_error, same.block), (Some(0.0), 1));
    }
}
