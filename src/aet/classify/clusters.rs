//! Two clusters of intensities: Lloyd's iteration (K-means) in the L1 distance, with the mean of the
//! non-atoms held at zero.

use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;

/// The division ends after so many passes if it has not come to rest.
const PASSES: usize = 100;

/// Which peaks are atoms.
pub(super) struct Clusters {
    pub(super) is_atom: Vec<bool>,
    /// The mean intensities of the atoms.
    pub(super) mean: Vec<f64>,
    /// Until nothing changed.
    pub(super) passes: usize,
}

/// Divides rows of intensities: a peak is an atom if its row is nearer to the mean row of the atoms
/// than to zero. `None` where no atom is left.
pub(super) fn divide(samples: ArrayView2<'_, f32>, first: Vec<bool>) -> Option<Clusters> {
    let mut is_atom = first;
    for passes in 1..=PASSES {
        // ANCHOR: clusters
        let mean = mean_of(samples, &is_atom)?;
        let nearer: Vec<bool> = (0..samples.nrows())
            .into_par_iter()
            .map(|row| {
                let row = samples.index_axis(Axis(0), row);
                let (mut to_mean, mut to_zero) = (0.0, 0.0);
                for (&value, mean) in row.iter().zip(&mean) {
                    to_mean += (f64::from(value) - mean).abs();
                    to_zero += f64::from(value).abs();
                }
                to_mean < to_zero
            })
            .collect();
        // ANCHOR_END: clusters
        let is_settled = nearer == is_atom;
        is_atom = nearer;
        if is_settled {
            return Some(Clusters {
                is_atom,
                mean,
                passes,
            });
        }
    }
    let mean = mean_of(samples, &is_atom)?;
    Some(Clusters {
        is_atom,
        mean,
        passes: PASSES,
    })
}

fn mean_of(samples: ArrayView2<'_, f32>, is_atom: &[bool]) -> Option<Vec<f64>> {
    let mut sums = vec![0.0; samples.ncols()];
    let mut count = 0.0;
    for (row, _) in samples
        .outer_iter()
        .zip(is_atom)
        .filter(|(_, is_atom)| **is_atom)
    {
        count += 1.0;
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += f64::from(value);
        }
    }
    (count > 0.0).then(|| sums.into_iter().map(|sum| sum / count).collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use ndarray::arr2;

    use super::*;

    #[test]
    fn the_cut_lies_half_way_between_zero_and_the_mean_of_the_atoms() {
        // The mean of the bright ones is 10, so that 6 is nearer to it than to zero, and 4 is not.
        let samples = arr2(&[
            [12.0, 12.0],
            [12.0, 12.0],
            [6.0, 6.0],
            [4.0, 4.0],
            [0.0, 0.0],
        ]);
        let found = divide(samples.view(), vec![true, true, false, false, false]).unwrap();
        assert_eq!(found.is_atom, [true, true, false, false, false]);
        let found = divide(samples.view(), vec![true, true, true, true, false]).unwrap();
        // From the mean 8.5, 4 falls out (4.5 away from it); then the mean is 10, and 6 stays.
        assert_eq!(found.is_atom, [true, true, true, false, false]);
        assert_eq!((found.mean, found.passes), (vec![10.0, 10.0], 2));
        assert!(divide(samples.view(), vec![false; 5]).is_none());
    }
}
