//! The mean over all directions of a diffraction pattern, beside its beam stop (Methods, "Electron
//! diffraction experiments").

use std::f64::consts::TAU;

use ndarray::{Array2, ArrayView2};

use super::error::DiffractionError;
use super::symmetry::check_mask;

/// The mean intensity by distance from the centre, a value for each pixel of distance at which there
/// are at least two pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct RadialMean {
    /// The mean distance of the pixels, in pixels.
    pub radius_px: Vec<f64>,
    /// Their mean intensity.
    pub mean: Vec<f64>,
    /// Its standard error, from their scatter.
    pub standard_error: Vec<f64>,
    /// How many pixels there are.
    pub pixels: Vec<usize>,
}

impl RadialMean {
    /// Which part of the circle the pixels are, one where all of it is seen.
    pub fn seen(&self, k: usize) -> f64 {
        (self.pixels[k] as f64 / (TAU * self.radius_px[k]).max(1.0)).min(1.0)
    }
}

/// The mean over the pixels that `hidden` does not mark, by distance from `centre` (in pixels, of the
/// array's indices): pixels whose distance rounds to the same number are one value.
///
/// # Errors
/// [`DiffractionError::MaskSize`].
pub fn radial_mean(
    pattern: ArrayView2<'_, f32>,
    hidden: &Array2<bool>,
    centre: [f64; 2],
) -> Result<RadialMean, DiffractionError> {
    check_mask(pattern, hidden)?;
    let mut sums: Vec<[f64; 3]> = Vec::new();
    let mut counts: Vec<usize> = Vec::new();
    // The first pixel of a circle is subtracted from all, so that the squares lose no digits.
    let mut firsts: Vec<f64> = Vec::new();
    for ((x, y), &value) in pattern.indexed_iter() {
        if hidden[[x, y]] {
            continue;
        }
        let radius = (x as f64 - centre[0]).hypot(y as f64 - centre[1]);
        let (bin, value) = (radius.round() as usize, f64::from(value));
        if bin >= sums.len() {
            sums.resize(bin + 1, [0.0; 3]);
            counts.resize(bin + 1, 0);
            firsts.resize(bin + 1, 0.0);
        }
        if counts[bin] == 0 {
            firsts[bin] = value;
        }
        let value = value - firsts[bin];
        counts[bin] += 1;
        sums[bin][0] += radius;
        sums[bin][1] += value;
        sums[bin][2] += value * value;
    }
    let bins = sums.iter().zip(&counts).zip(&firsts);
    let enough = bins.filter(|((_, count), _)| **count >= 2);
    let mut radial = RadialMean {
        radius_px: Vec::new(),
        mean: Vec::new(),
        standard_error: Vec::new(),
        pixels: Vec::new(),
    };
    for ((&[radii, values, squares], &count), &first) in enough {
        let n = count as f64;
        let mean = values / n;
        let variance = ((squares / n - mean * mean) * n / (n - 1.0)).max(0.0);
        radial.radius_px.push(radii / n);
        radial.mean.push(mean + first);
        radial.standard_error.push((variance / n).sqrt());
        radial.pixels.push(count);
    }
    Ok(radial)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_cone_has_its_radius_as_mean_and_alternating_pixels_their_scatter() {
        let centre = [50.3, 47.9];
        let radius = |x: usize, y: usize| (x as f64 - centre[0]).hypot(y as f64 - centre[1]);
        let cone = Array2::from_shape_fn((100, 100), |(x, y)| radius(x, y) as f32);
        let hidden = Array2::from_shape_fn((100, 100), |(x, _)| x > 80);
        let radial = radial_mean(cone.view(), &hidden, centre).unwrap();
        for (mean, radius) in radial.mean.iter().zip(&radial.radius_px) {
            assert!((mean - radius).abs() < 1e-5);
        }
        // Of the circle of 40 pixels the part is hidden whose cosine is above 30.7 / 40.
        let k = radial
            .radius_px
            .iter()
            .position(|r| (r - 40.0).abs() < 0.5)
            .unwrap();
        let seen = 1.0 - (30.2_f64 / 40.0).acos() / std::f64::consts::PI;
        assert!(
            (radial.seen(k) - seen).abs() < 0.03,
            "{} {seen}",
            radial.seen(k)
        );
        let checked = Array2::from_shape_fn((100, 100), |(x, y)| 3.0 + ((x + y) % 2) as f32 * 2.0);
        let none = Array2::from_elem((100, 100), false);
        let radial = radial_mean(checked.view(), &none, centre).unwrap();
        let (mean, error) = (radial.mean[30], radial.standard_error[30]);
        assert!((mean - 4.0).abs() < 0.1);
        assert!((error * (radial.pixels[30] as f64).sqrt() - 1.0).abs() < 0.02);
        assert!(radial_mean(checked.view(), &Array2::from_elem((9, 9), false), centre).is_err());
    }
}
