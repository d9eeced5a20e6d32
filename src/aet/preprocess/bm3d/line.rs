//! A straight line through the variances of pixels by their means: the noise of a detector.

use crate::aet::noise::DetectorNoise;

/// Rounds of weighting, more than it takes for four digits.
const ROUNDS: usize = 30;
/// Huber's bound, in standard deviations: what is further off counts less.
const HUBER: f64 = 1.345;

/// Pixels of about one intensity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Class {
    /// Of the intensity.
    pub(super) mean: f64,
    /// Of the noise.
    pub(super) variance: f64,
}

/// The line `gain · mean + read²` that goes through classes of equal numbers of pixels: least squares,
/// each class weighted by what a variance of that size is known to, and those off the line less (iteratively
/// reweighted, Huber). Neither number is negative. Without classes both are zero.
pub(super) fn noise_line(classes: &[Class]) -> DetectorNoise {
    let mut line = [0.0, median(classes.iter().map(|class| class.variance))];
    for _ in 0..ROUNDS {
        let expected =
            |class: &Class| (line[0] * class.mean.max(0.0) + line[1]).max(f64::MIN_POSITIVE);
        // The error of a variance is in proportion to it.
        let off = |class: &Class| class.variance / expected(class) - 1.0;
        let scale = 1.4826 * median(classes.iter().map(|class| off(class).abs()));
        let weight = |class: &Class| {
            let share = HUBER * scale / off(class).abs().max(f64::MIN_POSITIVE);
            share.min(1.0) / expected(class).powi(2)
        };
        let next = weighted_line(classes, weight);
        if !next.iter().all(|value| value.is_finite()) {
            break;
        }
        line = next;
    }
    DetectorNoise {
        gain: line[0],
        read: line[1].sqrt(),
    }
}

/// Slope and intercept, neither below zero.
fn weighted_line(classes: &[Class], weight: impl Fn(&Class) -> f64) -> [f64; 2] {
    let [mut w, mut wm, mut wv, mut wmm, mut wmv] = [0.0; 5];
    for class in classes {
        let (weight, mean) = (weight(class), class.mean.max(0.0));
        w += weight;
        wm += weight * mean;
        wv += weight * class.variance;
        wmm += weight * mean * mean;
        wmv += weight * mean * class.variance;
    }
    let determinant = w * wmm - wm * wm;
    // All of one mean: nothing tells counting from reading.
    let slope = if determinant > 1e-9 * w * wmm {
        (w * wmv - wm * wv) / determinant
    } else {
        0.0
    };
    let intercept = (wv - slope * wm) / w;
    if slope < 0.0 {
        [0.0, wv / w]
    } else if intercept < 0.0 {
        [wmv / wmm, 0.0]
    } else {
        [slope, intercept]
    }
}

/// The value in the middle; 0 of none.
pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(gain: f64, read: f64) -> Vec<Class> {
        (1..=40)
            .map(|k| Class {
                mean: f64::from(k),
                variance: gain * f64::from(k) + read * read,
            })
            .collect()
    }

    #[test]
    fn a_line_is_found_and_what_lies_off_it_is_not_followed() {
        for [gain, read] in [[0.5, 3.0], [2.0, 0.0], [0.0, 1.5]] {
            let mut classes = classes(gain, read);
            let found = noise_line(&classes);
            assert!((found.gain - gain).abs() < 1e-9 && (found.read - read).abs() < 1e-4);
            // Those with edges.
            for class in classes.iter_mut().step_by(9) {
                class.variance *= 5.0;
            }
            let found = noise_line(&classes);
            let ratio = found.variance(20.0) / (gain * 20.0 + read * read);
            assert!((ratio - 1.0).abs() < 0.02, "{ratio}");
        }
    }

    #[test]
    fn neither_number_is_negative_and_nothing_is_zero() {
        let falling = classes(-0.01, 1.0);
        let found = noise_line(&falling);
        assert_eq!(found.gain, 0.0);
        assert!((found.read.powi(2) - 0.795).abs() < 0.02);
        let mut below = classes(1.0, 0.0);
        below.iter_mut().for_each(|class| class.variance -= 0.5);
        let found = noise_line(&below);
        assert_eq!(found.read, 0.0);
        assert!((found.gain - 1.0).abs() < 0.2);
        for none in [noise_line(&[]), noise_line(&classes(0.0, 0.0))] {
            assert_eq!((none.gain, none.read), (0.0, 0.0));
        }
    }
}
