//! What of a moved image counts: the object, or a marker of a film, without the background about it
//! (Methods, "Image preprocessing", step 4).

use ndarray::{Array2, ArrayView2, ArrayView3, Axis};
use rayon::prelude::*;

use super::options::{AlignOn, AlignmentOptions, Region, cosine};
use crate::aet::geometry::{TiltAngles, centre};

/// The background is told from the object by means over squares that reach so many pixels from their
/// middle, and the object is taken so much wider.
const REACH: usize = 3;

/// The images, zero where they do not count.
pub(super) fn parts(
    moved: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    reference: usize,
    options: &AlignmentOptions,
) -> Vec<Array2<f32>> {
    let images = moved.axis_iter(Axis(0)).into_par_iter().zip(angles);
    images
        .map(|(image, &angles_here)| {
            let ratio = cosine(angles_here) / cosine(angles[reference]);
            match options.on {
                AlignOn::Marker(region) => object(cut(image, region, ratio).view(), options.floor),
                AlignOn::Particle | AlignOn::Film => object(image, options.floor),
            }
        })
        .collect()
}

/// Zero where the image is background.
fn object(image: ArrayView2<'_, f32>, floor: f64) -> Array2<f32> {
    let means = square_sums(&image.to_owned());
    let highest = means.fold(0.0_f32, |highest, &mean| highest.max(mean));
    let least = floor as f32 * highest;
    let is_bright = means.mapv(|mean| f32::from(u8::from(mean > least)));
    let mut object = image.to_owned();
    object.zip_mut_with(&square_sums(&is_bright), |pixel, &near| {
        if near < 0.5 {
            *pixel = 0.0;
        }
    });
    object
}

/// Zero beyond a region, which is where a flat film has it: nearer to the axis by the ratio of the cosines.
fn cut(image: ArrayView2<'_, f32>, region: Region, ratio: f64) -> Array2<f32> {
    let axis = centre(image.dim().0) as f64;
    let middle = (region.x[0] + region.x[1]) as f64 / 2.0 - axis;
    let moved = middle * ratio - middle;
    let mut part = image.to_owned();
    for ((x, y), pixel) in part.indexed_iter_mut() {
        let x = x as f64 - moved;
        let is_inside = x >= region.x[0] as f64
            && x < region.x[1] as f64
            && (region.y[0]..region.y[1]).contains(&y);
        if !is_inside {
            *pixel = 0.0;
        }
    }
    part
}

/// The sums over the squares about every pixel, as far as they lie on the image.
fn square_sums(image: &Array2<f32>) -> Array2<f32> {
    let mut sums = image.clone();
    for axis in [0, 1] {
        for mut lane in sums.lanes_mut(Axis(axis)) {
            let line = lane.to_vec();
            for (i, sum) in lane.iter_mut().enumerate() {
                let range = i.saturating_sub(REACH)..(i + REACH + 1).min(line.len());
                *sum = line[range].iter().sum();
            }
        }
    }
    sums
}
