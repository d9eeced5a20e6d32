//! A volume on a grid three times as fine, plane by plane (Methods, "Determination and refinement of
//! 3D atomic coordinates", step 1).
//!
//! The fine grid of a film has 27 times its voxels, so it is never whole: a plane is made where its
//! maxima are sought.

use ndarray::{ArrayView2, ArrayView3, Axis};

/// Fine samples in one voxel.
pub(super) const FINE: usize = 3;
/// The first fine sample lies at 2/3 of a voxel, counted from 0.
const FIRST: usize = 2;

/// How values between voxels are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upsampling {
    /// On the straight line between neighbours, axis by axis: the published peaks of the film.
    Linear,
    /// By cubic splines along each axis, not-a-knot at the ends: the published peaks of the particles.
    Spline,
}

/// A volume that is seen on the fine grid.
pub(super) struct Fine<'a> {
    volume: ArrayView3<'a, f32>,
    method: Upsampling,
    /// The slopes of the splines along x.
    slopes: Option<ndarray::Array3<f32>>,
}

/// The fine samples of an axis of `length` voxels: from 2/3 to the last voxel.
pub(super) fn fine_length(length: usize) -> usize {
    (FINE * (length.max(1) - 1) + 1).saturating_sub(FIRST)
}

/// The voxel, counted from 0, before a fine sample, and how many thirds behind it the sample lies.
fn before(sample: usize) -> (usize, usize) {
    ((sample + FIRST) / FINE, (sample + FIRST) % FINE)
}

/// The place of a fine sample in voxels, counted from 1.
pub(super) fn voxel(sample: f64) -> f64 {
    (sample + FIRST as f64) / FINE as f64 + 1.0
}

impl<'a> Fine<'a> {
    pub(super) fn new(volume: ArrayView3<'a, f32>, method: Upsampling) -> Fine<'a> {
        let slopes = (method == Upsampling::Spline).then(|| {
            let mut slopes = ndarray::Array3::zeros(volume.dim());
            let lines = volume.lanes(Axis(0)).into_iter();
            for (mut slopes, line) in slopes.lanes_mut(Axis(0)).into_iter().zip(lines) {
                let line: Vec<f32> = line.iter().copied().collect();
                slopes.assign(&ndarray::ArrayView1::from(&spline_slopes(&line)));
            }
            slopes
        });
        Fine {
            volume,
            method,
            slopes,
        }
    }

    /// Fine samples along each axis.
    pub(super) fn size(&self) -> [usize; 3] {
        let (n1, n2, n3) = self.volume.dim();
        [n1, n2, n3].map(fine_length)
    }

    /// One plane of constant x, z fastest.
    pub(super) fn plane(&self, sample: usize) -> Vec<f32> {
        let (_, n2, n3) = self.volume.dim();
        let coarse = self.coarse_plane(sample);
        let [_, f2, f3] = self.size();
        // Along y: row by row of fine y, over the voxels of z; then along z.
        let mut rows = vec![0.0; f2 * n3];
        match self.method {
            Upsampling::Linear => {
                for (y, row) in rows.chunks_mut(n3).enumerate() {
                    let (voxel, thirds) = before(y);
                    let low = &coarse[voxel * n3..(voxel + 1) * n3];
                    let high = coarse.get((voxel + 1) * n3..(voxel + 2) * n3);
                    blend(low, high.unwrap_or(low), thirds, row);
                }
            }
            Upsampling::Spline => {
                let mut line = vec![0.0; n2];
                for z in 0..n3 {
                    for (y, value) in line.iter_mut().enumerate() {
                        *value = coarse[y * n3 + z];
                    }
                    for (y, value) in spline(&line).enumerate() {
                        rows[y * n3 + z] = value;
                    }
                }
            }
        }
        let mut plane = vec![0.0; f2 * f3];
        for (fine, row) in plane.chunks_mut(f3).zip(rows.chunks(n3)) {
            match self.method {
                Upsampling::Linear => linear(row, fine),
                Upsampling::Spline => {
                    for (sample, value) in fine.iter_mut().zip(spline(row)) {
                        *sample = value;
                    }
                }
            }
        }
        plane
    }

    /// The voxels of a plane between two, z fastest.
    fn coarse_plane(&self, sample: usize) -> Vec<f32> {
        let (voxel, thirds) = before(sample);
        let low = self.volume.index_axis(Axis(0), voxel);
        if thirds == 0 {
            return low.iter().copied().collect();
        }
        let high = self.volume.index_axis(Axis(0), voxel + 1);
        let values = |view: ArrayView2<'_, f32>| view.iter().copied().collect::<Vec<f32>>();
        let (low, high) = (values(low), values(high));
        let mut plane = vec![0.0; low.len()];
        match &self.slopes {
            None => blend(&low, &high, thirds, &mut plane),
            Some(slopes) => {
                let at = |voxel| values(slopes.index_axis(Axis(0), voxel));
                let (rise, fall) = (at(voxel), at(voxel + 1));
                for (index, value) in plane.iter_mut().enumerate() {
                    let ends = [low[index], high[index], rise[index], fall[index]];
                    *value = hermite(ends, thirds);
                }
            }
        }
        plane
    }
}

/// What lies so many thirds from `low` towards `high`.
fn blend(low: &[f32], high: &[f32], thirds: usize, out: &mut [f32]) {
    let weight = thirds as f32 / FINE as f32;
    for ((value, &a), &b) in out.iter_mut().zip(low).zip(high) {
        *value = a * (1.0 - weight) + b * weight;
    }
}

/// The fine samples of a line.
fn linear(line: &[f32], fine: &mut [f32]) {
    for (sample, value) in fine.iter_mut().enumerate() {
        let (voxel, thirds) = before(sample);
        let weight = thirds as f32 / FINE as f32;
        let high = line.get(voxel + 1).copied().unwrap_or(0.0);
        *value = line[voxel] * (1.0 - weight) + high * weight;
    }
}

/// The fine samples of a line by its spline.
fn spline(line: &[f32]) -> impl Iterator<Item = f32> {
    let slopes = spline_slopes(line);
    (0..fine_length(line.len())).map(move |sample| match before(sample) {
        (voxel, 0) => line[voxel],
        (voxel, thirds) => {
            let next = voxel + 1;
            hermite(
                [line[voxel], line[next], slopes[voxel], slopes[next]],
                thirds,
            )
        }
    })
}

/// The cubic with the given values and slopes at both ends, so many thirds from the first.
fn hermite([a, b, rise, fall]: [f32; 4], thirds: usize) -> f32 {
    let t = thirds as f32 / FINE as f32;
    let s = 1.0 - t;
    a * s * s * (1.0 + 2.0 * t) + b * t * t * (3.0 - 2.0 * t) + s * t * (rise * s - fall * t)
}

/// The slopes of the cubic spline through equally spaced values, whose third derivative does not
/// jump at the last but one (not-a-knot).
fn spline_slopes(values: &[f32]) -> Vec<f32> {
    let n = values.len();
    let step = |i: usize| f64::from(values[i + 1]) - f64::from(values[i]);
    match n {
        0 | 1 => return vec![0.0; n],
        2 => return vec![step(0) as f32; 2],
        // One parabola through three values.
        3 => {
            let (first, last) = (step(0), step(1));
            let middle = (first + last) / 2.0;
            return [2.0 * first - middle, middle, 2.0 * last - middle]
                .map(|slope| slope as f32)
                .to_vec();
        }
        _ => {}
    }
    // Rows (before, here, after | right): eliminated downwards, then solved upwards.
    let row = |i: usize| match i {
        0 => (0.0, 1.0, 2.0, (5.0 * step(0) + step(1)) / 2.0),
        i if i + 1 == n => (2.0, 1.0, 0.0, (5.0 * step(n - 2) + step(n - 3)) / 2.0),
        i => (1.0, 4.0, 1.0, 3.0 * (step(i - 1) + step(i))),
    };
    let mut slopes = vec![0.0; n];
    let mut after = vec![0.0; n];
    let (mut previous, mut previous_after) = (0.0, 0.0);
    for i in 0..n {
        let (a, b, c, right) = row(i);
        let pivot = b - a * previous_after;
        previous_after = c / pivot;
        previous = (right - a * previous) / pivot;
        (after[i], slopes[i]) = (previous_after, previous);
    }
    for i in (0..n - 1).rev() {
        slopes[i] -= after[i] * slopes[i + 1];
    }
    slopes.into_iter().map(|slope| slope as f32).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;

    use super::*;

    /// A function that the method reproduces: linear in each axis, or cubic.
    fn check(method: Upsampling, at: impl Fn(f64, f64, f64) -> f64) {
        let volume = Array3::from_shape_fn((6, 5, 7), |(x, y, z)| {
            at(x as f64, y as f64, z as f64) as f32
        });
        let fine = Fine::new(volume.view(), method);
        assert_eq!(fine.size(), [14, 11, 17]);
        for x in 0..14 {
            let plane = fine.plane(x);
            for (index, &value) in plane.iter().enumerate() {
                let place = [x, index / 17, index % 17].map(|i| voxel(i as f64) - 1.0);
                let expected = at(place[0], place[1], place[2]);
                assert!(
                    (f64::from(value) - expected).abs() < 1e-4,
                    "{place:?}: {value} {expected}"
                );
            }
        }
    }

    #[test]
    fn what_is_linear_or_cubic_comes_back_exactly() {
        check(Upsampling::Linear, |x, y, z| {
            1.0 + x - 2.0 * y + 0.5 * z + 0.1 * x * y * z
        });
        let cubic = |x: f64| 0.3 - x + 0.4 * x * x - 0.05 * x.powi(3);
        check(Upsampling::Spline, |x, y, z| cubic(x) * cubic(y) + cubic(z));
    }

    #[test]
    fn short_axes_have_no_fine_samples_or_few() {
        assert_eq!([0, 1, 2, 3].map(fine_length), [0, 0, 2, 5]);
        let flat = Array3::<f32>::ones((1, 3, 3));
        assert_eq!(Fine::new(flat.view(), Upsampling::Linear).size(), [0, 5, 5]);
        assert_eq!(spline(&[0.0, 1.0, 4.0]).last(), Some(4.0));
    }
}
