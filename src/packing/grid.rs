//! A regular grid over a sample, and smoothing on it.

use rayon::prelude::*;

use crate::atoms::{Boundary, Vec3};
use crate::geometry::Triangulation;
use crate::numerics::{Bounds, gaussian_taps};

/// Where the smoothing Gaussian is cut, in standard deviations.
const SMOOTHING_CUT: f64 = 4.0;

/// A regular grid. Where it is periodic its points divide the box evenly and wrap around.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The first point in ångström.
    pub origin: Vec3,
    /// The distance of neighbouring points along each axis in ångström.
    pub step: Vec3,
    /// The number of points along each axis; x runs fastest.
    pub shape: [usize; 3],
    /// Along which axes the grid wraps around.
    pub periodic: [bool; 3],
}

impl Grid {
    /// A grid with a point about every `voxel` ångström over all atoms; not of a skew cell.
    pub(super) fn over(triangulation: &Triangulation, voxel: f64) -> Grid {
        let bounds = Bounds::of(triangulation.positions().iter().copied());
        let mut grid = Grid {
            origin: bounds.low,
            step: Vec3::splat(voxel),
            shape: (bounds.extent() / voxel).to_array().map(|n| n as usize + 1),
            periodic: [false; 3],
        };
        if let Boundary::Periodic(cell) = triangulation.boundary() {
            grid.periodic = cell.periodic();
            for k in (0..3).filter(|&k| cell.periodic()[k]) {
                let edge = cell.diagonal()[k];
                let points = (edge / voxel).round().max(1.0);
                grid.origin[k] = 0.0;
                grid.step[k] = edge / points;
                grid.shape[k] = points as usize;
            }
        }
        grid
    }

    /// The number of points.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The index of a point from its three places.
    pub fn index(&self, [x, y, z]: [usize; 3]) -> usize {
        x + self.shape[0] * (y + self.shape[1] * z)
    }

    /// Where a point lies, in ångström, from its three places.
    pub fn position(&self, place: [usize; 3]) -> Vec3 {
        self.at(Vec3::from(place.map(|n| n as f64)))
    }

    /// Where the place of so many steps from the first point lies, in ångström.
    fn at(&self, steps: Vec3) -> Vec3 {
        self.origin + steps * self.step
    }

    /// Visits the points in a box with their index; in a periodic grid the box may lie outside.
    pub(super) fn for_each_between(&self, bounds: &Bounds, mut visit: impl FnMut(usize, Vec3)) {
        let low = ((bounds.low - self.origin) / self.step).ceil();
        let high = ((bounds.high - self.origin) / self.step).floor();
        let places = [0, 1, 2].map(|k| {
            if self.periodic[k] {
                low[k] as isize..high[k] as isize + 1
            } else {
                low[k].max(0.0) as isize..(high[k] as isize + 1).min(self.shape[k] as isize)
            }
        });
        let wrapped = |k: usize, place: isize| place.rem_euclid(self.shape[k] as isize) as usize;
        for z in places[2].clone() {
            for y in places[1].clone() {
                for x in places[0].clone() {
                    let index = self.index([wrapped(0, x), wrapped(1, y), wrapped(2, z)]);
                    visit(index, self.at(Vec3::from([x, y, z].map(|n| n as f64))));
                }
            }
        }
    }
}

/// The values convolved with a Gaussian of `sigma` ångström, cut at four sigma; points without a
/// value weigh nothing and get none.
pub(super) fn smoothed(grid: &Grid, values: &[Option<f64>], sigma: f64) -> Vec<Option<f64>> {
    // ANCHOR: smoothed
    let mut sums: Vec<f64> = values.iter().map(|v| v.unwrap_or(0.0)).collect();
    let mut weights: Vec<f64> = values.iter().map(|v| f64::from(v.is_some())).collect();
    for axis in 0..3 {
        let taps = gaussian_taps(sigma / grid.step[axis], SMOOTHING_CUT);
        sums = along(grid, &sums, axis, &taps);
        weights = along(grid, &weights, axis, &taps);
    }
    let means = sums.into_par_iter().zip(weights).zip(values);
    means
        .map(|((sum, weight), value)| value.map(|_| sum / weight))
        .collect()
    // ANCHOR_END: smoothed
}

fn along(grid: &Grid, values: &[f64], axis: usize, taps: &[f64]) -> Vec<f64> {
    let stride: usize = grid.shape[..axis].iter().product();
    let length = grid.shape[axis] as isize;
    let reach = taps.len() as isize - 1;
    (0..values.len())
        .into_par_iter()
        .map(|index| {
            let place = (index / stride) as isize % length;
            let start = index - place as usize * stride;
            let steps = -reach..=reach;
            let terms = steps.filter_map(|step| {
                let other = place + step;
                let other = match grid.periodic[axis] {
                    true => other.rem_euclid(length),
                    false => (0..length).contains(&other).then_some(other)?,
                };
                Some(taps[step.unsigned_abs()] * values[start + other as usize * stride])
            });
            terms.sum()
        })
        .collect()
}
