//! The centre of a diffraction pattern to a few pixels: about which point it is most like itself when
//! turned by 180° (Friedel's law). The fit of the first ring starts there.

use ndarray::{Array2, ArrayView2};

use super::beam_stop::check_pattern;
use super::error::DiffractionError;
use crate::numerics::{C64, Fourier2d, fast_length};

/// The pattern is averaged to at most this many samples a side first.
const MOST_SAMPLES: usize = 256;
/// So large a part of the pattern must have its counterpart in it.
const LEAST_OVERLAP: f64 = 0.3;

/// The point about which the pattern is most symmetric, in pixels of the array's indices; the pixels
/// that `hidden` marks count for nothing, where it is given.
///
/// It is the highest of the correlation coefficients of the pattern with itself turned about each
/// point, over the pixels that both show, by Fourier transforms (D. Padfield, *IEEE Trans. Image
/// Process.* 21, 2706 (2012), doi 10.1109/TIP.2011.2181402). The square root of the intensity is
/// taken, so that a few bright pixels do not decide. Good to a pixel or two.
///
/// # Errors
/// [`DiffractionError`]: a pattern that shows nothing, a mask of another size.
pub fn symmetry_centre(
    pattern: ArrayView2<'_, f32>,
    hidden: Option<&Array2<bool>>,
) -> Result<[f64; 2], DiffractionError> {
    check_pattern(pattern)?;
    if let Some(hidden) = hidden {
        check_mask(pattern, hidden)?;
    }
    let (dim1, dim2) = pattern.dim();
    let block = dim1.max(dim2).div_ceil(MOST_SAMPLES);
    let (values, weights) = sampled(pattern, hidden, block);
    let [rows, columns] = [values.nrows(), values.ncols()];
    let padded = [rows, columns].map(|samples| fast_length(2 * samples, 2, 5));
    let transform = Fourier2d::new(padded);
    let shown = spectrum(&transform, padded, &weights);
    let first = spectrum(&transform, padded, &(&values * &weights));
    let second = spectrum(&transform, padded, &(&values * &values * &weights));
    let convolved = |a: &[C64], b: &[C64]| product(&transform, padded, a, b);
    let overlap = convolved(&shown, &shown);
    let sums = convolved(&first, &shown);
    let squares = convolved(&second, &shown);
    let products = convolved(&first, &first);
    let least = LEAST_OVERLAP * weights.sum();
    let likeness = Array2::from_shape_fn(padded, |(i, j)| {
        let (n, sum) = (overlap[[i, j]], sums[[i, j]]);
        let variance = squares[[i, j]] - sum * sum / n;
        match n >= least && variance > 0.0 {
            true => (products[[i, j]] - sum * sum / n) / variance,
            false => -1.0,
        }
    });
    let places = likeness.indexed_iter();
    let best = places.max_by(|a, b| a.1.total_cmp(b.1));
    let ((i, j), _) = best.ok_or(DiffractionError::NoRing)?;
    let summit = [
        vertex([-1, 0, 1].map(|k| likeness[[wrapped(i, k, padded[0]), j]])) + i as f64,
        vertex([-1, 0, 1].map(|k| likeness[[i, wrapped(j, k, padded[1])]])) + j as f64,
    ];
    Ok(summit.map(|twice| (0.5 * twice + 0.5) * block as f64 - 0.5))
}

/// That a mask fits its pattern.
pub(super) fn check_mask(
    pattern: ArrayView2<'_, f32>,
    hidden: &Array2<bool>,
) -> Result<(), DiffractionError> {
    let ((dim1, dim2), (mask1, mask2)) = (pattern.dim(), hidden.dim());
    match (dim1, dim2) == (mask1, mask2) {
        true => Ok(()),
        false => Err(DiffractionError::MaskSize {
            mask1,
            mask2,
            dim1,
            dim2,
        }),
    }
}

fn wrapped(k: usize, step: isize, length: usize) -> usize {
    (k as isize + step).rem_euclid(length as isize) as usize
}

/// Where the parabola through three neighbours has its extremum, from the middle one.
fn vertex([before, here, after]: [f64; 3]) -> f64 {
    let curvature = before - 2.0 * here + after;
    match curvature < 0.0 && before > -1.0 && after > -1.0 {
        true => (0.5 * (before - after) / curvature).clamp(-0.5, 0.5),
        false => 0.0,
    }
}

/// The means of the square root over blocks of pixels, about their mean, and which part of each block
/// is shown; blocks at the far borders are cut off.
fn sampled(
    pattern: ArrayView2<'_, f32>,
    hidden: Option<&Array2<bool>>,
    block: usize,
) -> (Array2<f64>, Array2<f64>) {
    let (dim1, dim2) = pattern.dim();
    let samples = [dim1 / block, dim2 / block];
    let mut values = Array2::<f64>::zeros(samples);
    let mut weights = Array2::<f64>::zeros(samples);
    for ((x, y), &value) in pattern.indexed_iter() {
        let place = [x / block, y / block];
        let is_shown = hidden.is_none_or(|hidden| !hidden[[x, y]]);
        if is_shown && place[0] < samples[0] && place[1] < samples[1] {
            values[place] += f64::from(value.max(0.0)).sqrt();
            weights[place] += 1.0;
        }
    }
    let mean = values.sum() / weights.sum().max(1.0);
    values.zip_mut_with(&weights, |value, &weight| {
        *value = if weight > 0.0 {
            *value / weight - mean
        } else {
            0.0
        };
    });
    (values, weights / (block * block) as f64)
}

/// The transform of an image in the corner of a grid of zeros.
fn spectrum(transform: &Fourier2d, padded: [usize; 2], image: &Array2<f64>) -> Vec<C64> {
    let mut grid = vec![C64::default(); transform.len()];
    for ((i, j), &value) in image.indexed_iter() {
        grid[i * padded[1] + j].re = value;
    }
    transform.forward(&mut grid);
    grid
}

/// The convolution of two images by their transforms.
fn product(transform: &Fourier2d, padded: [usize; 2], a: &[C64], b: &[C64]) -> Array2<f64> {
    let mut grid: Vec<C64> = a.iter().zip(b).map(|(a, b)| a * b).collect();
    transform.inverse(&mut grid);
    let norm = 1.0 / transform.len() as f64;
    Array2::from_shape_fn(padded, |(i, j)| norm * grid[i * padded[1] + j].re)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::super::known::{counted, sphere_profile, stop};
    use super::super::simulated::draw_pattern;
    use super::*;

    #[test]
    fn the_centre_is_found_to_a_pixel_or_two_far_from_the_middle() {
        for (dims, centre) in [([400, 400], [203.0, 188.5]), ([480, 400], [300.7, 150.2])] {
            let profile = sphere_profile(17.5 / std::f64::consts::PI / 400.0);
            let ring = profile(30.0);
            let drawn = draw_pattern(dims, centre, Some(stop(centre, 400)), profile);
            let counted = counted(&drawn, ring, 30.0, 5);
            let found = symmetry_centre(counted.view(), None).unwrap();
            let off = (found[0] - centre[0]).hypot(found[1] - centre[1]);
            assert!(off < 2.5, "{found:?} {centre:?}");
        }
    }
}
