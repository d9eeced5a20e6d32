//! The intensities about a peak: samples of the volume on a ball, three for each voxel along an axis.

use ndarray::{Array2, ArrayView3, Axis};
use rayon::prelude::*;

use crate::aet::cubic::{split, weights};
use crate::numerics::Vec3;

/// Samples in a voxel along each axis.
const FINE: i32 = 3;

/// The samples about a peak, from it, in voxels.
#[derive(Debug, Clone, PartialEq)]
pub struct Ball(Vec<Vec3>);

impl Ball {
    /// All samples up to `thirds` thirds of a voxel, and half a third more: 4 gives the 389 samples of
    /// the film, 7 the 1,791 of the particles.
    pub fn of_thirds(thirds: i32) -> Ball {
        let (least, most) = (-thirds..=thirds, (2 * thirds + 1).pow(2));
        let all = least.clone().flat_map(|x| {
            let least = least.clone();
            least
                .clone()
                .flat_map(move |y| least.clone().map(move |z| [x, y, z]))
        });
        let inside = all.filter(|c| 4 * c.iter().map(|c| c * c).sum::<i32>() <= most);
        Ball(
            inside
                .map(|c| Vec3::from_array(c.map(f64::from)) / f64::from(FINE))
                .collect(),
        )
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no sample.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The intensities about each of `peaks` (voxels counted from 1), a row for each; zero outside the
    /// volume.
    pub(super) fn samples(&self, volume: ArrayView3<'_, f32>, peaks: &[Vec3]) -> Array2<f32> {
        let mut samples = Array2::zeros((peaks.len(), self.len()));
        samples
            .axis_iter_mut(Axis(0))
            .into_par_iter()
            .zip(peaks)
            .for_each(|(mut row, &peak)| {
                for (value, &from) in row.iter_mut().zip(&self.0) {
                    *value = at(volume, peak + from - Vec3::ONE) as f32;
                }
            });
        samples
    }

    /// The sum of the intensities about each of `peaks`.
    pub(super) fn sums(&self, volume: ArrayView3<'_, f32>, peaks: &[Vec3]) -> Vec<f64> {
        let of_peak = |peak: &Vec3| {
            let samples = self
                .0
                .iter()
                .map(|&from| at(volume, *peak + from - Vec3::ONE));
            samples.sum()
        };
        peaks.par_iter().map(of_peak).collect()
    }
}

/// The volume at a place in voxels counted from 0.
fn at(volume: ArrayView3<'_, f32>, place: Vec3) -> f64 {
    let (n1, n2, n3) = volume.dim();
    let [(x, along_x), (y, along_y), (z, along_z)] = place.to_array().map(|place| {
        let (first, t) = split(place);
        (first - 1, weights(t))
    });
    let inside = |first: isize, length: usize, k: usize| {
        let index = first + k as isize;
        (0..length as isize)
            .contains(&index)
            .then_some(index as usize)
    };
    let mut sum = 0.0;
    for (i, wx) in along_x.into_iter().enumerate() {
        let Some(i) = inside(x, n1, i) else { continue };
        for (j, wy) in along_y.into_iter().enumerate() {
            let Some(j) = inside(y, n2, j) else { continue };
            let mut line = 0.0;
            for (k, wz) in along_z.into_iter().enumerate() {
                if let Some(k) = inside(z, n3, k) {
                    line += wz * f64::from(volume[[i, j, k]]);
                }
            }
            sum += wx * wy * line;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;

    use super::*;

    #[test]
    fn the_balls_are_as_large_as_published() {
        assert_eq!(Ball::of_thirds(4).len(), 389);
        assert_eq!(Ball::of_thirds(7).len(), 1_791);
    }

    #[test]
    fn a_volume_that_grows_along_its_axes_is_sampled_exactly_inside() {
        let at = |x: f64, y: f64, z: f64| 1.0 + 2.0 * x - y + 0.5 * z;
        let volume = Array3::from_shape_fn((9, 9, 9), |(x, y, z)| {
            at(x as f64, y as f64, z as f64) as f32
        });
        let ball = Ball::of_thirds(4);
        let peak = Vec3::new(4.2, 5.0, 5.7);
        let samples = ball.samples(volume.view(), &[peak]);
        for (&value, from) in samples.iter().zip(&ball.0) {
            let place = peak + *from - Vec3::ONE;
            assert!((f64::from(value) - at(place.x, place.y, place.z)).abs() < 1e-5);
        }
        // The ball is even, so its mean is the value in the middle.
        let mean = ball.sums(volume.view(), &[peak])[0] / 389.0;
        assert!((mean - at(3.2, 4.0, 4.7)).abs() < 1e-5);
        let outside = ball.sums(volume.view(), &[Vec3::splat(-20.0)]);
        assert_eq!(outside, [0.0]);
    }
}
