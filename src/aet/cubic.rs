//! Values between samples by cubic convolution (Keys, IEEE Trans. Acoust. Speech Signal Process. 29,
//! 1153 (1981), doi 10.1109/TASSP.1981.1163711; a = −1/2): the interpolation that the published
//! intensities are sampled with.

use ndarray::{Array3, ArrayView2, ArrayView3, Axis};

/// The weights of the four samples about a place that lies `t` (0 to 1) behind the second.
pub(super) fn weights(t: f64) -> [f64; 4] {
    [
        t * (-0.5 + t * (1.0 - 0.5 * t)),
        1.0 + t * t * (-2.5 + 1.5 * t),
        t * (0.5 + t * (2.0 - 1.5 * t)),
        t * t * (-0.5 + 0.5 * t),
    ]
}

/// The sample before a place and how far behind it the place lies.
pub(super) fn split(place: f64) -> (isize, f64) {
    let floor = place.floor();
    (floor as isize, place - floor)
}

/// Images (by angle, x and y) moved by `shifts` pixels along x and y, one for each: what was at a pixel is
/// then at the pixel plus the shift. Beyond the border an image goes on as it ends.
///
/// ```
/// use amorphous_packing::aet::shift_images;
/// use ndarray::Array3;
/// let images = Array3::from_shape_fn((1, 5, 1), |(_, x, _)| x as f32);
/// let moved = shift_images(images.view(), &[[1.0, 0.0]]);
/// assert_eq!(moved.as_slice(), Some(&[0.0, 0.0, 1.0, 2.0, 3.0][..]));
/// ```
pub fn shift_images(images: ArrayView3<'_, f32>, shifts: &[[f64; 2]]) -> Array3<f32> {
    let mut moved = images.to_owned();
    for ((mut out, image), &[u, v]) in moved
        .axis_iter_mut(Axis(0))
        .zip(images.axis_iter(Axis(0)))
        .zip(shifts)
    {
        for ((x, y), pixel) in out.indexed_iter_mut() {
            *pixel = at(image, x as f64 - u, y as f64 - v) as f32;
        }
    }
    moved
}

fn at(image: ArrayView2<'_, f32>, x: f64, y: f64) -> f64 {
    let ((x, along_x), (y, along_y)) = (split(x), split(y));
    let (n1, n2) = image.dim();
    let inside = |index: isize, length: usize| index.clamp(0, length as isize - 1) as usize;
    let rows = (-1..).zip(weights(along_x)).map(|(i, weight)| {
        let row = image.index_axis(Axis(0), inside(x + i, n1));
        let line = (-1..).zip(weights(along_y));
        weight
            * line
                .map(|(j, w)| w * f64::from(row[inside(y + j, n2)]))
                .sum::<f64>()
    });
    rows.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_sum_to_one_and_reproduce_parabolas() {
        for t in [0.0, 0.2, 0.5, 0.9] {
            let w = weights(t);
            assert!((w.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let parabola = (-1..)
                .zip(w)
                .map(|(x, w)| w * f64::from(x * x))
                .sum::<f64>();
            assert!((parabola - t * t).abs() < 1e-12);
        }
        assert_eq!(weights(0.0), [0.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn a_shift_and_its_opposite_leave_a_smooth_image_as_it_was() {
        let spot = |x: usize, y: usize| {
            (-((x as f32 - 10.0).powi(2) + (y as f32 - 9.0).powi(2)) / 18.0).exp()
        };
        let images = Array3::from_shape_fn((1, 21, 19), |(_, x, y)| spot(x, y));
        let there = shift_images(images.view(), &[[0.3, -1.6]]);
        let back = shift_images(there.view(), &[[-0.3, 1.6]]);
        for ((_, x, y), &value) in back.indexed_iter() {
            // What was moved over the border is gone.
            if !(3..18).contains(&x) || !(3..16).contains(&y) {
                continue;
            }
            assert!((value - spot(x, y)).abs() < 0.01, "{x} {y}");
        }
    }
}
