//! What a tilt series does not show: where in space its object lies. A shift of the whole object is a shift
//! of every image, and no error of any of them.

use nalgebra::{Matrix3, Vector3};

use crate::aet::geometry::{Rotation, TiltAngles};

/// The shift of the whole object, in pixels, that explains errors of the places of images best (least
/// squares), and what is left of the errors: along x and y in pixels, one for each angle.
///
/// One direction does not show how deep the object lies; then no shift is taken off.
pub fn without_object_shift(
    errors: &[[f64; 2]],
    angles: &[TiltAngles],
) -> ([f64; 3], Vec<[f64; 2]>) {
    let rows = |&angles: &TiltAngles| {
        let rotation = Rotation::of(angles).0;
        [0, 1].map(|axis| Vector3::from(rotation[axis]))
    };
    let rows: Vec<[Vector3<f64>; 2]> = angles.iter().map(rows).collect();
    let (mut normal, mut right) = (Matrix3::<f64>::zeros(), Vector3::<f64>::zeros());
    for (error, rows) in errors.iter().zip(&rows) {
        for (part, row) in error.iter().zip(rows) {
            normal += row * row.transpose();
            right += row * *part;
        }
    }
    let solved = normal.cholesky();
    let object = solved.map_or(Vector3::zeros(), |solved| solved.solve(&right));
    let left = errors
        .iter()
        .zip(&rows)
        .map(|(error, rows)| [0, 1].map(|axis| error[axis] - rows[axis].dot(&object)));
    (object.into(), left.collect())
}
