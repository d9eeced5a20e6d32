//! Images with known noise, for the tests: something like atoms in projection (Fig. 1a).

use ndarray::{Array2, Axis};

use crate::aet::noise::DetectorNoise;

/// Rows of round spots 8 pixels apart, each moved a little by a rule, on a slope; from 0 to about 1. The
/// width of the spots and their distance are those of atoms in pixels of 0.32 Å.
pub(super) fn lattice(dim: (usize, usize)) -> Array2<f32> {
    let spots: Vec<[f64; 3]> = (0..dim.0 / 7 + 2)
        .flat_map(|i| (0..dim.1 / 8 + 2).map(move |j| (i as f64, j as f64)))
        .map(|(i, j)| {
            let (a, b) = ((12.9 * i + 78.2 * j).sin(), (39.3 * i + 11.1 * j).sin());
            [
                7.0 * i + 1.2 * a,
                8.0 * j + 4.0 * (i % 2.0) + 1.2 * b,
                0.65 + 0.25 * a * b,
            ]
        })
        .collect();
    Array2::from_shape_fn(dim, |(x, y)| {
        let atoms = spots.iter().map(|[u, v, height]| {
            height * (-((x as f64 - u).powi(2) + (y as f64 - v).powi(2)) / 6.5).exp()
        });
        (atoms.sum::<f64>() + 0.1 * x as f64 / dim.0 as f64) as f32
    })
}

/// The image as a detector records it.
pub(super) fn recorded(image: &Array2<f32>, noise: &DetectorNoise, seed: u64) -> Array2<f32> {
    let noisy = noise.recorded(image.view().insert_axis(Axis(0)), seed);
    noisy.index_axis(Axis(0), 0).to_owned()
}

/// The image smoothed by a Gaussian of a standard deviation in pixels; beyond the border it goes on as it
/// ends.
pub(super) fn gaussian_filtered(image: &Array2<f32>, sigma: f64) -> Array2<f32> {
    let weights: Vec<(isize, f64)> = (-8..=8)
        .map(|k: isize| (k, (-0.5 * (k as f64 / sigma).powi(2)).exp()))
        .collect();
    let norm = weights.iter().map(|(_, weight)| weight).sum::<f64>();
    let along = |image: &Array2<f32>, [u, v]: [isize; 2]| {
        Array2::from_shape_fn(image.dim(), |(x, y)| {
            let at = |place: usize, off: isize, length: usize| {
                (place as isize + off).clamp(0, length as isize - 1) as usize
            };
            let (n1, n2) = image.dim();
            let values = weights.iter().map(|&(k, weight)| {
                weight * f64::from(image[[at(x, k * u, n1), at(y, k * v, n2)]])
            });
            (values.sum::<f64>() / norm) as f32
        })
    };
    along(&along(image, [1, 0]), [0, 1])
}
