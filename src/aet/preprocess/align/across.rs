//! The centre of mass across the tilt axis: it lies on the axis at every tilt, or goes round it as a flat
//! film does (Methods, "Image preprocessing", step 4).

use ndarray::Array2;

use super::options::{AlignError, AlignOn, cosine};
use crate::aet::geometry::{TiltAngles, centre};

/// How far the centre of mass of each image lies from where it belongs, along x in pixels.
pub(super) fn shifts(
    seen: &[Array2<f32>],
    angles: &[TiltAngles],
    reference: usize,
    on: AlignOn,
) -> Result<Vec<f64>, AlignError> {
    let mut centres = Vec::with_capacity(seen.len());
    for (number, image) in (1..).zip(seen) {
        centres.push(from_axis(image).ok_or(AlignError::Empty { number })?);
    }
    let beside = match on {
        AlignOn::Particle => 0.0,
        _ => centres[reference] / cosine(angles[reference]),
    };
    let pairs = centres.iter().zip(angles);
    Ok(pairs
        .map(|(place, &angles)| place - beside * cosine(angles))
        .collect())
}

/// The centre of mass of an image along x, from its centre.
fn from_axis(image: &Array2<f32>) -> Option<f64> {
    let axis = centre(image.dim().0) as f64;
    let (mut mass, mut moment) = (0.0, 0.0);
    for (x, row) in image.outer_iter().enumerate() {
        let sum: f64 = row.iter().map(|&value| f64::from(value)).sum();
        mass += sum;
        moment += sum * (x as f64 - axis);
    }
    (mass > 0.0).then(|| moment / mass)
}
