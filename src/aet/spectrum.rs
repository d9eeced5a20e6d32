//! The mean power spectrum of a tilt series: the halo of an amorphous sample (Figs. S1–S3, insets
//! of Fig. 1a, b).

use std::ops::RangeInclusive;

use ndarray::{Array2, ArrayView3};

use super::geometry::centre;
use crate::numerics::{C64, Fourier2d};

/// The mean over the images of the squared modulus of their transform, zero frequency in the middle;
/// by kx and ky, in cycles per image.
///
/// Every image is brought to zero mean and tapered by a Hann window, so that its border makes no
/// cross, and repeated by zeros to a square of `side` samples, so that both axes have the same scale:
/// sample `(i, j)` is the frequency `(i − side/2, j − side/2) / side` per pixel. A side below that of
/// the images is raised to theirs.
pub fn mean_power_spectrum(images: ArrayView3<'_, f32>, side: usize) -> Array2<f64> {
    let (count, dim1, dim2) = images.dim();
    let side = side.max(dim1).max(dim2);
    let mut total = Array2::<f64>::zeros((side, side));
    let transform = Fourier2d::new([side, side]);
    let mut grid = vec![C64::default(); transform.len()];
    let window = |dim: usize| -> Vec<f64> {
        let angle = |i: usize| std::f64::consts::PI * (i as f64 + 0.5) / dim as f64;
        (0..dim).map(|i| angle(i).sin().powi(2)).collect()
    };
    let (across, along) = (window(dim1), window(dim2));
    for image in images.outer_iter() {
        let mean = image.iter().map(|&value| f64::from(value)).sum::<f64>() / image.len() as f64;
        grid.fill(C64::default());
        for ((x, y), &value) in image.indexed_iter() {
            grid[x * side + y].re = (f64::from(value) - mean) * across[x] * along[y];
        }
        transform.forward(&mut grid);
        for (index, value) in grid.iter().enumerate() {
            let place = [index / side, index % side].map(|k| (k + centre(side)) % side);
            total[place] += value.norm_sqr() / count as f64;
        }
    }
    total
}

/// The mean over all directions of a power spectrum, by distance from its middle in samples.
pub fn radial_mean(spectrum: &Array2<f64>) -> Vec<f64> {
    let side = spectrum.nrows();
    let mut sums = vec![(0.0, 0_u32); side / 2];
    for ((x, y), &value) in spectrum.indexed_iter() {
        let [x, y] = [x, y].map(|k| k as f64 - centre(side) as f64);
        if let Some(bin) = sums.get_mut(x.hypot(y).round() as usize) {
            bin.0 += value;
            bin.1 += 1;
        }
    }
    let means = sums
        .into_iter()
        .map(|(sum, count)| sum / f64::from(count.max(1)));
    means.collect()
}

/// The mean of a spectrum over all directions, at the spatial frequencies of a range in 1/Å, as pairs
/// of frequency and power, the power in units of the highest in the range. The pixels of the images
/// have the side `pixel_angstrom`.
pub fn radial_power(
    spectrum: &Array2<f64>,
    pixel_angstrom: f64,
    q_per_angstrom: RangeInclusive<f64>,
) -> Vec<(f64, f64)> {
    let step = 1.0 / (spectrum.nrows() as f64 * pixel_angstrom);
    let power = radial_mean(spectrum).into_iter().enumerate();
    let placed = power.map(|(k, power)| (k as f64 * step, power));
    let inside: Vec<(f64, f64)> = placed.filter(|(q, _)| q_per_angstrom.contains(q)).collect();
    let highest = inside.iter().map(|(_, power)| *power).fold(0.0, f64::max);
    inside
        .into_iter()
        .map(|(q, power)| (q, power / highest))
        .collect()
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;

    use super::*;

    #[test]
    fn a_wave_is_two_spots_at_its_frequency() {
        let wave = |x: usize, y: usize| {
            let turns = 6.0 * x as f64 / 48.0 + 3.0 * y as f64 / 24.0;
            (std::f64::consts::TAU * turns).cos() as f32
        };
        let images = Array3::from_shape_fn((2, 48, 24), |(_, x, y)| wave(x, y));
        let spectrum = mean_power_spectrum(images.view(), 64);
        // 6/48 and 3/24 cycles per pixel are 8 of 64 samples, both of them.
        let highest = spectrum.iter().copied().fold(0.0, f64::max);
        for (x, y) in [(40, 40), (24, 24)] {
            assert!(spectrum[[x, y]] > 0.999 * highest);
        }
        let radial = radial_mean(&spectrum);
        let peak = (0..32).max_by(|&a, &b| radial[a].total_cmp(&radial[b]));
        assert_eq!(peak, Some(11));
    }

    #[test]
    fn radial_power_has_its_frequencies_in_inverse_angstrom_and_a_highest_of_one() {
        // A ring of radius 4 of 32 samples, of images with pixels of 0.5 Å: 4 / (32 · 0.5) per Å.
        let ring = Array2::from_shape_fn((32, 32), |(x, y)| {
            let from = [x, y].map(|k| k as f64 - 16.0);
            if (from[0].hypot(from[1]) - 4.0).abs() < 0.5 {
                3.0
            } else {
                0.5
            }
        });
        let found = radial_power(&ring, 0.5, 0.125..=0.5);
        let q: Vec<f64> = found.iter().map(|(q, _)| *q).collect();
        assert_eq!(q, [0.125, 0.1875, 0.25, 0.3125, 0.375, 0.4375, 0.5]);
        let highest = found.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        assert_eq!(highest, Some(&(0.25, 1.0)));
        assert!(
            found
                .iter()
                .any(|(_, power)| (power - 0.5 / 3.0).abs() < 1e-12)
        );
    }
}
