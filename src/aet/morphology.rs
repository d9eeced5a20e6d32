//! What is done with the places of a volume, or of an image of one layer: smoothed, grown, closed.

use ndarray::{Array3, ArrayView3, Axis, Zip};
use rayon::prelude::*;

use crate::numerics::gaussian_smooth;

/// Standard deviations at which the smoothing is cut.
const CUT: f64 = 3.0;

/// A volume smoothed by a Gaussian of standard deviation `sigma`, in voxels.
pub(super) fn smoothed(volume: ArrayView3<'_, f32>, sigma: f64) -> Array3<f32> {
    let mut smooth = volume.to_owned();
    for axis in 0..3 {
        along(&mut smooth, axis, |line| {
            let values: Vec<f64> = line.iter().map(|&value| f64::from(value)).collect();
            for (value, smooth) in line.iter_mut().zip(gaussian_smooth(&values, sigma, CUT)) {
                *value = smooth as f32;
            }
        });
    }
    smooth
}

/// Applies `work` to every line along an axis.
fn along(volume: &mut Array3<f32>, axis: usize, work: impl Fn(&mut [f32]) + Sync) {
    // Planes that hold the whole line are worked on side by side.
    let across = if axis == 0 { 1 } else { 0 };
    volume
        .axis_iter_mut(Axis(across))
        .into_par_iter()
        .for_each(|mut plane| {
            let within = if axis == 2 { 1 } else { 0 };
            for mut line in plane.lanes_mut(Axis(within)) {
                let mut values: Vec<f32> = line.iter().copied().collect();
                work(&mut values);
                line.iter_mut()
                    .zip(values)
                    .for_each(|(out, value)| *out = value);
            }
        });
}

/// Closing: grown by a radius in voxels, then shrunk by it. What lies beyond the volume is taken to go on
/// as at its border, so that a sample that is cut by it is not eaten from there.
pub(super) fn closed(mask: &Array3<bool>, radius: f64) -> Array3<bool> {
    let outside = grown(mask, radius).mapv(|inside| !inside);
    let shrunk = squared_distance(&outside).mapv(|square| f64::from(square) > radius * radius);
    // Closing only adds.
    let mut closed = shrunk;
    Zip::from(&mut closed)
        .and(mask)
        .for_each(|closed, &is| *closed |= is);
    closed
}

/// Grown by a radius in voxels.
pub(super) fn grown(mask: &Array3<bool>, radius: f64) -> Array3<bool> {
    squared_distance(mask).mapv(|square| f64::from(square) <= radius * radius)
}

/// The squared distance, in voxels, of each voxel from the nearest one that is set; infinite where none is.
///
/// Axis by axis, the lower envelope of parabolas (Felzenszwalb & Huttenlocher, Theory Comput. 8, 415
/// (2012), doi 10.4086/toc.2012.v008a019).
pub(super) fn squared_distance(mask: &Array3<bool>) -> Array3<f32> {
    let mut squares = mask.mapv(|is| if is { 0.0 } else { f32::INFINITY });
    for axis in 0..3 {
        along(&mut squares, axis, envelope);
    }
    squares
}

/// Replaces each value by the least of `value + distance²` over its line.
fn envelope(line: &mut [f32]) {
    // The parabolas of the envelope: their places, and from where on each is the lowest.
    let mut lowest: Vec<(usize, f64)> = Vec::with_capacity(line.len());
    let height = |at: usize| f64::from(line[at]) + (at * at) as f64;
    for at in (0..line.len()).filter(|&at| line[at].is_finite()) {
        let mut from = f64::NEG_INFINITY;
        while let Some(&(last, last_from)) = lowest.last() {
            from = (height(at) - height(last)) / (2.0 * (at - last) as f64);
            if from > last_from {
                break;
            }
            lowest.pop();
            from = f64::NEG_INFINITY;
        }
        lowest.push((at, from));
    }
    if lowest.is_empty() {
        return;
    }
    let values: Vec<f32> = lowest.iter().map(|&(at, _)| line[at]).collect();
    let mut current = 0;
    for (place, value) in line.iter_mut().enumerate() {
        while current + 1 < lowest.len() && lowest[current + 1].1 < place as f64 {
            current += 1;
        }
        let from = place.abs_diff(lowest[current].0);
        *value = values[current] + (from * from) as f32;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_brute_force() {
        let set = [[1, 2, 3], [7, 0, 5], [4, 6, 6]];
        let mut mask = Array3::from_elem((9, 8, 7), false);
        for at in set {
            mask[at] = true;
        }
        for ((x, y, z), &square) in squared_distance(&mask).indexed_iter() {
            let nearest = set.iter().map(|[a, b, c]| {
                x.abs_diff(*a).pow(2) + y.abs_diff(*b).pow(2) + z.abs_diff(*c).pow(2)
            });
            assert_eq!(square, nearest.min().unwrap() as f32, "{x} {y} {z}");
        }
        let none = squared_distance(&Array3::from_elem((2, 2, 2), false));
        assert!(none.iter().all(|square| square.is_infinite()));
    }

    #[test]
    fn a_gap_narrower_than_the_closing_is_filled_and_a_wider_one_stays() {
        let slabs = |gap: usize| Array3::from_shape_fn((30, 6, 6), |(x, ..)| x < 8 || x >= 8 + gap);
        assert!(closed(&slabs(4), 3.0).iter().all(|&is| is));
        assert_eq!(closed(&slabs(9), 3.0), slabs(9));
    }
}
