//! Images of neighbouring tilts, registered from the smallest tilt on: the pre-alignment (Methods, "Image
//! preprocessing", step 4).

use ndarray::{Array2, ArrayView2, ArrayView3, Axis};

use super::options::{AlignError, AlignmentOptions, cosine};
use crate::aet::cubic::{split, weights};
use crate::aet::geometry::{TiltAngles, centre};
use crate::aet::preprocess::registration::{Search, find};

/// Where each image lies from that of the smallest tilt, which stays where it is. With `is_film` the
/// neighbour is stretched across the tilt axis, by the cosines of the tilts, before it is compared. With
/// the coefficient of correlation of each with its neighbour; 1 of the first.
pub(super) fn shifts(
    images: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    reference: usize,
    is_film: bool,
    options: &AlignmentOptions,
) -> Result<(Vec<[f64; 2]>, Vec<f64>), AlignError> {
    let mut order: Vec<usize> = (0..angles.len()).collect();
    order.sort_by(|&a, &b| angles[a].theta_deg.total_cmp(&angles[b].theta_deg));
    let middle = order
        .iter()
        .position(|&index| index == reference)
        .unwrap_or(0);
    let (below, above) = order.split_at(middle);
    let up = above.iter().zip(above.iter().skip(1));
    let down = below
        .iter()
        .rev()
        .zip(std::iter::once(&reference).chain(below.iter().rev()));
    let pairs = up
        .map(|(&from, &to)| (from, to))
        .chain(down.map(|(&to, &from)| (from, to)));
    let search = Search {
        largest: [options.largest_shift; 2],
        taper: if is_film { 0.25 } else { 0.0 },
    };
    let mut shifts = vec![[0.0; 2]; angles.len()];
    let mut coefficients = vec![1.0; angles.len()];
    for (from, to) in pairs {
        let image = |index: usize| images.index_axis_move(Axis(0), index);
        let [u, v] = shifts[from];
        let ratio = cosine(angles[from]) / cosine(angles[to]);
        let neighbour = match is_film {
            true => stretched(image(from), u, ratio),
            false => image(from).to_owned(),
        };
        let number = to + 1;
        let found =
            find(image(to), neighbour.view(), &search).ok_or(AlignError::Empty { number })?;
        if found.at_limit {
            let limit = options.largest_shift;
            return Err(AlignError::Far { number, limit });
        }
        shifts[to] = [u + found.shift[0], v + found.shift[1]];
        coefficients[to] = found.coefficient;
    }
    Ok((shifts, coefficients))
}

/// An image whose pixel at the distance `d` from the axis is what lay at `ratio · d`; the axis lies `axis`
/// pixels behind the centre.
fn stretched(image: ArrayView2<'_, f32>, axis: f64, ratio: f64) -> Array2<f32> {
    let (dim1, dim2) = image.dim();
    let middle = centre(dim1) as f64 + axis;
    let mut out = Array2::zeros((dim1, dim2));
    for (x, mut row) in out.outer_iter_mut().enumerate() {
        let (first, part) = split(middle + ratio * (x as f64 - middle));
        for (offset, weight) in (-1..).zip(weights(part)) {
            let from = (first + offset).clamp(0, dim1 as isize - 1) as usize;
            row.scaled_add(weight as f32, &image.row(from));
        }
    }
    out
}
