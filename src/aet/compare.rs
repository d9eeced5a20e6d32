//! How far two volumes, or two images, agree.

use ndarray::{ArrayView, Dimension};

/// One volume or image against another, voxel by voxel or pixel by pixel.
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
    pub fn of<D: Dimension>(
        a: ArrayView<'_, f32, D>,
        b: ArrayView<'_, f32, D>,
    ) -> Option<Agreement> {
        if a.shape() != b.shape() {
            return None;
        }
        let pairs = || {
            let both = a.iter().zip(&b);
            both.map(|(&a, &b)| (f64::from(a), f64::from(b)))
        };
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

/// The peak signal-to-noise ratio of an image, or a volume, in decibel: `20 log(range / √mean (a − truth)²)`,
/// logarithm to the base of ten, where `range` is the range of values of the truth. Infinite of equals;
/// `None` unless they have one shape.
pub fn psnr<D: Dimension>(
    a: ArrayView<'_, f32, D>,
    truth: ArrayView<'_, f32, D>,
    range: f64,
) -> Option<f64> {
    let squares = a.iter().zip(&truth);
    let squares = squares.map(|(&a, &truth)| (f64::from(a) - f64::from(truth)).powi(2));
    let mean = squares.sum::<f64>() / a.len() as f64;
    (a.shape() == truth.shape()).then(|| 20.0 * (range / mean.sqrt()).log10())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use ndarray::{Array3, arr2, arr3};

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

    #[test]
    fn an_error_of_a_tenth_of_the_range_is_twenty_decibel() {
        let truth = arr2(&[[0.0, 2.0], [1.0, 0.5]]);
        let off = &truth + &arr2(&[[0.2, -0.2], [-0.2, 0.2]]);
        let found = psnr(off.view(), truth.view(), 2.0).unwrap();
        assert!((found - 20.0).abs() < 1e-5);
        assert_eq!(psnr(truth.view(), truth.view(), 2.0), Some(f64::INFINITY));
        assert_eq!(psnr(arr2(&[[1.0]]).view(), truth.view(), 2.0), None);
        let agreement = Agreement::of(off.view(), truth.view()).unwrap();
        assert!(agreement.correlation > 0.95);
    }
}
