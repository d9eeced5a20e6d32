//! BM3D of an image: first a hard threshold, then Wiener's filter from its result (Methods, "Image
//! preprocessing", step 2).

use ndarray::{Array2, ArrayView2};

use super::anscombe::Anscombe;
use super::blocks::Plane;
use super::options::{Bm3d, DenoiseError};
use super::stage::{Filter, filtered};
use crate::aet::noise::DetectorNoise;
use crate::aet::preprocess::image_error::{ImageError, check_image};

/// Noise below this part of the range of an image is lost in the rounding of its numbers.
const ROUNDING: f64 = 1e-7;

/// An image (by x and y) without its noise, which is normal, independent from pixel to pixel and of the
/// standard deviation `sigma` everywhere, in units of the image. Without noise it stays as it is.
///
/// Stacks of similar blocks are filtered together, by a hard threshold and then by Wiener's filter, as by
/// Dabov, Foi, Katkovnik and Egiazarian (doi 10.1109/TIP.2007.901238), with these differences: the blocks
/// of the first stage are transformed by cosines too; the mean of a stack is always kept, so that no
/// level is lost; and distances of blocks are in units of the noise, so that no unit of the image matters.
///
/// ```
/// use amorphous_packing::aet::preprocess::{Bm3d, denoise};
/// use ndarray::Array2;
/// // Waves, and noise that alternates by some rule.
/// let clean = Array2::from_shape_fn((40, 32), |(x, y)| (0.7 * x as f32).sin() + (0.5 * y as f32).cos());
/// let noise = Array2::from_shape_fn((40, 32), |(x, y)| 0.2 * ((x * x * 7 + y * 13 + x * y * y) as f32).sin());
/// let noisy = &clean + &noise;
/// let denoised = denoise(noisy.view(), 0.14, &Bm3d::default())?;
/// let off = |image: &Array2<f32>| (image - &clean).mapv(|d| d * d).sum();
/// assert!(off(&denoised) < 0.3 * off(&noisy));
/// # Ok::<(), amorphous_packing::aet::preprocess::DenoiseError>(())
/// ```
///
/// # Errors
/// [`DenoiseError`]: what is wrong with the image, the noise or the parameters.
pub fn denoise(
    image: ArrayView2<'_, f32>,
    sigma: f64,
    options: &Bm3d,
) -> Result<Array2<f32>, DenoiseError> {
    check(image, options)?;
    if !(sigma.is_finite() && sigma >= 0.0) {
        return Err(DenoiseError::Sigma(sigma));
    }
    let pixels: Vec<f64> = image.iter().map(|&value| f64::from(value)).collect();
    let denoised = both_stages(image.dim(), pixels, sigma, options);
    Ok(shaped(image.dim(), denoised.into_iter()))
}

/// An image (by x and y) without the noise of a detector, of counting and of reading.
///
/// Its values are replaced by others whose noise is the same everywhere (the generalised Anscombe
/// transform), denoised, and brought back so that their mean is that of the counts: by the closed form of
/// the exact unbiased inverse (Mäkitalo, Foi, IEEE Trans. Image Process. 22, 91 (2013), doi
/// 10.1109/TIP.2012.2202675). Counts have no negative mean, so that no pixel is below zero, unless there
/// is no noise of counting.
///
/// # Errors
/// [`DenoiseError`]: what is wrong with the image, the noise or the parameters.
pub fn denoise_counted(
    image: ArrayView2<'_, f32>,
    noise: &DetectorNoise,
    options: &Bm3d,
) -> Result<Array2<f32>, DenoiseError> {
    check(image, options)?;
    check_noise(noise)?;
    let &DetectorNoise { gain, read } = noise;
    let highest = image.fold(0.0_f32, |highest, &value| highest.max(value.abs()));
    // Also where counts are too many to differ from a continuum.
    if gain <= ROUNDING * f64::from(highest) {
        return denoise(image, read, options);
    }
    let anscombe = Anscombe::new(noise);
    let pixels = image
        .iter()
        .map(|&value| anscombe.forward(f64::from(value)));
    let denoised = both_stages(image.dim(), pixels.collect(), 1.0, options);
    let back = denoised.into_iter().map(|value| anscombe.inverse(value));
    Ok(shaped(image.dim(), back))
}

pub(super) fn check_noise(noise: &DetectorNoise) -> Result<(), DenoiseError> {
    let &DetectorNoise { gain, read } = noise;
    if [gain, read].iter().all(|n| n.is_finite() && *n >= 0.0) {
        Ok(())
    } else {
        Err(DenoiseError::Noise { gain, read })
    }
}

pub(super) fn check(image: ArrayView2<'_, f32>, options: &Bm3d) -> Result<(), DenoiseError> {
    options.check()?;
    let ((dim1, dim2), least) = (image.dim(), options.least_side());
    if dim1.min(dim2) < least {
        return Err(ImageError::Small { dim1, dim2, least }.into());
    }
    Ok(check_image(image, 1)?)
}

/// The pixels by x, then y, denoised.
fn both_stages(dim: (usize, usize), pixels: Vec<f64>, sigma: f64, options: &Bm3d) -> Vec<f64> {
    let unit = sigma * options.strength;
    let mean = pixels.iter().sum::<f64>() / pixels.len() as f64;
    let range = pixels
        .iter()
        .fold(0.0_f64, |range, pixel| range.max((pixel - mean).abs()));
    if unit <= ROUNDING * range {
        return pixels;
    }
    let values = pixels.iter().map(|pixel| ((pixel - mean) / unit) as f32);
    let noisy = Plane {
        dim,
        values: values.collect(),
    };
    let basic = filtered(
        &noisy,
        &options.hard,
        Filter::Hard(options.threshold as f32),
    );
    let denoised = filtered(&noisy, &options.wiener, Filter::Wiener(&basic));
    let values = denoised.values.into_iter();
    values.map(|value| f64::from(value) * unit + mean).collect()
}

fn shaped((dim1, dim2): (usize, usize), mut values: impl Iterator<Item = f64>) -> Array2<f32> {
    Array2::from_shape_simple_fn((dim1, dim2), || values.next().unwrap_or(f64::NAN) as f32)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use ndarray::{Axis, arr2};
    use rayon::ThreadPoolBuilder;

    use super::super::synthetic::{gaussian_filtered, lattice, recorded};
    use super::*;
    use crate::aet::compare::psnr;

    const READ: DetectorNoise = DetectorNoise {
        gain: 0.0,
        read: 0.1,
    };

    #[test]
    fn each_stage_is_better_than_what_came_before() {
        let clean = lattice((96, 83));
        let noisy = recorded(&clean, &READ, 1);
        let quality = |image: &Array2<f32>| psnr(image.view(), clean.view(), 1.0).unwrap();
        let options = Bm3d::default();
        let denoised = denoise(noisy.view(), 0.1, &options).unwrap();
        let plane = Plane {
            dim: noisy.dim(),
            values: noisy.iter().map(|value| value / 0.1).collect(),
        };
        let basic = filtered(&plane, &options.hard, Filter::Hard(2.7));
        let basic = shaped(
            noisy.dim(),
            basic.values.iter().map(|&v| 0.1 * f64::from(v)),
        );
        let smoothed =
            [0.6, 0.8, 1.0, 1.2, 1.5, 2.0].map(|width| quality(&gaussian_filtered(&noisy, width)));
        let smoothed = smoothed.into_iter().fold(0.0, f64::max);
        let found = [
            quality(&noisy),
            smoothed,
            quality(&basic),
            quality(&denoised),
        ];
        assert!((found[0] - 20.0).abs() < 0.2, "{found:?}");
        assert!(found[2] > found[1] + 2.5, "{found:?}");
        assert!(found[3] > found[2] + 0.2, "{found:?}");
        assert!(found[3] > 29.0, "{found:?}");
    }

    #[test]
    fn no_number_of_threads_changes_a_byte() {
        let noisy = recorded(&lattice((61, 50)), &READ, 2);
        let run = |threads: usize| {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap()
                .install(|| denoise(noisy.view(), 0.1, &Bm3d::default()))
        };
        let one = run(1).unwrap();
        for threads in [2, 3, 4] {
            let more = run(threads).unwrap();
            let same = one
                .iter()
                .zip(&more)
                .all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same, "{threads}");
        }
    }

    #[test]
    fn units_and_the_order_of_axes_do_not_matter() {
        let noisy = recorded(&lattice((48, 48)), &READ, 3);
        let denoised = denoise(noisy.view(), 0.1, &Bm3d::default()).unwrap();
        let other = noisy.mapv(|value| 1e4 * value + 3e4);
        let other = denoise(other.view(), 1e3, &Bm3d::default()).unwrap();
        let turned = denoise(noisy.t(), 0.1, &Bm3d::default()).unwrap();
        for ((a, b), c) in denoised.iter().zip(&other).zip(turned.t()) {
            assert!((a - (b - 3e4) / 1e4).abs() < 1e-3, "{a} {b}");
            // Blocks of one distance may be found in another order.
            assert!((a - c).abs() < 0.02, "{a} {c}");
        }
    }

    #[test]
    fn an_image_moved_by_a_step_is_denoised_alike() {
        let noisy = recorded(&lattice((99, 99)), &READ, 4);
        let part = |from: usize| {
            let part = noisy.view();
            let part = part.split_at(Axis(0), from).1.split_at(Axis(0), 96).0;
            denoise(part, 0.1, &Bm3d::default()).unwrap()
        };
        let (first, moved) = (part(0), part(3));
        let inner = (30..66).flat_map(|x| (30..66).map(move |y| (x, y)));
        let squares: f64 = inner
            .map(|(x, y)| f64::from(first[[x + 3, y]] - moved[[x, y]]).powi(2))
            .sum();
        let off = (squares / (36.0 * 36.0)).sqrt();
        assert!(off < 0.01, "{off}");
    }

    #[test]
    fn what_has_no_noise_stays() {
        let clean = lattice((40, 33));
        let same = denoise(clean.view(), 0.0, &Bm3d::default()).unwrap();
        assert_eq!(same, clean);
        let silent = DetectorNoise {
            gain: 0.0,
            read: 0.0,
        };
        assert_eq!(
            denoise_counted(clean.view(), &silent, &Bm3d::default()).unwrap(),
            clean
        );
        // Little noise: little change.
        let little = denoise(clean.view(), 1e-5, &Bm3d::default()).unwrap();
        let off = clean.iter().zip(&little).map(|(a, b)| (a - b).abs());
        assert!(off.fold(0.0, f32::max) < 1e-4);
        let constant = both_stages((20, 19), vec![7.0; 380], 0.5, &Bm3d::default());
        assert!(constant.iter().all(|value| (value - 7.0).abs() < 1e-6));
    }

    #[test]
    fn small_and_odd_images_work_with_blocks_of_every_side() {
        for (block, dims) in [
            (4, (8, 8)),
            (8, (8, 8)),
            (8, (8, 31)),
            (12, (12, 17)),
            (16, (35, 16)),
        ] {
            let clean = lattice(dims);
            let noisy = recorded(&clean, &READ, 5);
            let mut options = Bm3d::default();
            options.hard.block = block;
            options.wiener.block = block;
            let denoised = denoise(noisy.view(), 0.1, &options).unwrap();
            let quality = |image: &Array2<f32>| psnr(image.view(), clean.view(), 1.0).unwrap();
            let gain = quality(&denoised) - quality(&noisy);
            assert!(gain > 0.2, "{block} {dims:?} {gain}");
        }
        let mut alone = Bm3d::default();
        alone.hard.stack = 1;
        alone.wiener.window = 1;
        let noisy = recorded(&lattice((30, 20)), &READ, 6);
        assert!(
            denoise(noisy.view(), 0.1, &alone)
                .unwrap()
                .iter()
                .all(|v| v.is_finite())
        );
    }

    #[test]
    fn counted_noise_leaves_and_the_mean_stays() {
        let clean = lattice((90, 71)).mapv(|value| 40.0 * value);
        let noise = DetectorNoise {
            gain: 2.0,
            read: 1.5,
        };
        let noisy = recorded(&clean, &noise, 7);
        let denoised = denoise_counted(noisy.view(), &noise, &Bm3d::default()).unwrap();
        let quality = |image: &Array2<f32>| psnr(image.view(), clean.view(), 40.0).unwrap();
        // As if all noise were that of the mean.
        let sigma = noise.variance(f64::from(clean.mean().unwrap())).sqrt();
        let plain = denoise(noisy.view(), sigma, &Bm3d::default()).unwrap();
        let found = [quality(&noisy), quality(&plain), quality(&denoised)];
        assert!(
            found[1] > found[0] + 6.0 && found[2] > found[1] + 0.1,
            "{found:?}"
        );
        let ratio = denoised.sum() / clean.sum();
        assert!((ratio - 1.0).abs() < 0.01, "{ratio}");
        assert!(denoised.iter().all(|&value| value >= 0.0));
    }

    #[test]
    fn what_cannot_be_denoised_is_said() {
        let image = lattice((20, 20));
        let text = |image: &Array2<f32>, sigma: f64, change: &dyn Fn(&mut Bm3d)| {
            let mut options = Bm3d::default();
            change(&mut options);
            denoise(image.view(), sigma, &options)
                .unwrap_err()
                .to_string()
        };
        let same = |_: &mut Bm3d| {};
        for sigma in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(text(&image, sigma, &same).contains("the standard deviation of the noise is"));
        }
        let mut wrong = image.clone();
        wrong[[2, 3]] = f32::NAN;
        assert!(text(&wrong, 0.1, &same).contains("NaN at pixel (3, 4)"));
        assert!(text(&Array2::ones((20, 20)), 0.1, &same).contains("is 1 everywhere"));
        assert!(text(&arr2(&[[1.0, 2.0]]), 0.1, &same).contains("1 × 2 pixels; at least 8 × 8"));
        assert!(text(&image, 0.1, &|o| o.hard.block = 0).contains("a side of 0 pixels"));
        assert!(text(&image, 0.1, &|o| o.wiener.block = 7).contains("a side of 7 pixels"));
        assert!(text(&image, 0.1, &|o| o.hard.step = 9).contains("is 9 pixels"));
        assert!(text(&image, 0.1, &|o| o.hard.window = 38).contains("a side of 38"));
        assert!(text(&image, 0.1, &|o| o.wiener.stack = 24).contains("up to 24 blocks"));
        assert!(text(&image, 0.1, &|o| o.strength = -1.0).contains("strength of denoising is -1"));
        let noise = DetectorNoise {
            gain: -1.0,
            read: 0.0,
        };
        let error = denoise_counted(image.view(), &noise, &Bm3d::default());
        assert!(error.unwrap_err().to_string().contains("a gain of -1"));
    }
}
