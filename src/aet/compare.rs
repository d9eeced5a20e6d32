//! How far two volumes agree.

use ndarray::ArrayView3;

/// One volume against another, voxel by voxel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Pearson's correlation of the voxels.
    pub correlation: f64,
    /// Sum of the first over the sum of the second.
    pub sum_ratio: f64,
    /// `√Σ(a − b)² / √Σb²`.
    pub relative_l2: f64,
}

impl Agreement {
    /// Volume `a` against volume `b`; `None` unless they have one shape and both vary.
    pub fn of(a: ArrayView3<'_, f32>, b: ArrayView3<'_, f32>) -> Option<Agreement> {
        if a.dim() != b.dim() {
            return None;
        }
        let pairs = || a.iter().zip(b).map(|(&a, &b)| (f64::from(a), f64::from(b)));
        let count = a.len() as f64;
        let (sum_a, sum_b) = pairs().fold((0.0, 0.0), |sums, (a, b)| (sums.0 + a, sums.1 + b));
        let (mean_a, mean_b) = (sum_a / count, sum_b / count);
        let [mut aa, mut bb, mut ab, mut difference, mut squares] = [0.0; 5];
        for (a, b) in pairs() {
            aa += (a - mean_a) * (a - mean_a);
            bb += (b - mean_b) * (b - mean_b);
            ab += (a - mean_a) * (b - mean_b);
            difference += (a - b) * (a - b);
            squares += b * b;
        }
        (aa > 0.0 && bb > 0.0).then(|| Agreement {
            correlation: ab / (aa * bb).sqrt(),
            sum_ratio: sum_a / sum_b,
            relative_l2: (difference / squares).sqrt(),
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use ndarray::{Array3, arr3};

    use super::*;

    #[test]
    fn twice_a_volume_is_correlated_and_twice_the_sum() {
        let b = arr3(&[[[1.0, 2.0], [4.0, 1.0]]]);
        let found = Agreement::of((&b * 2.0).view(), b.view()).unwrap();
        assert!((found.correlation - 1.0).abs() < 1e-12);
        assert_eq!((found.sum_ratio, found.relative_l2), (2.0, 1.0));
        let found = Agreement::of((&b * -1.0).view(), b.view()).unwrap();
        assert!((found.correlation + 1.0).abs() < 1e-12);
        assert_eq!(
            Agreement::of(Array3::zeros((1, 2, 2)).view(), b.view()),
            None
        );
        assert_eq!(
            Agreement::of(Array3::ones((1, 2, 1)).view(), b.view()),
            None
        );
    }
}
