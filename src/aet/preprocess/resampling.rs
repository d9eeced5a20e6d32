//! Images read anew along lines that are moved and spaced anew, by cubic convolution: the resampling of
//! drift-corrected frames (Methods, "Image preprocessing", step 1).

use ndarray::{ArrayView2, ArrayViewMut2};

use crate::aet::cubic::{split, weights};

/// Where one line is read: its pixel `q` at the line `across` and there at `q + along`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    /// The line of the image, counted from 0.
    pub(super) across: f64,
    /// What is added to the place on it, in pixels.
    pub(super) along: f64,
}

/// Reads an image along lines (first axis: the lines, as many as there are). `shown` becomes 1 where the
/// place lies on the image, and 0 beyond, where the image goes on as it ends.
pub(super) fn resample(
    image: ArrayView2<'_, f32>,
    lines: &[Line],
    mut out: ArrayViewMut2<'_, f32>,
    mut shown: ArrayViewMut2<'_, f32>,
) {
    let (count, length) = image.dim();
    let inside = |index: isize, length: usize| index.clamp(0, length as isize - 1) as usize;
    let mut mixed = vec![0.0_f64; length];
    let rows = out.outer_iter_mut().zip(shown.outer_iter_mut());
    for (line, (mut out, mut shown)) in lines.iter().zip(rows) {
        let (first, part) = split(line.across);
        mixed.fill(0.0);
        for (offset, weight) in (-1..).zip(weights(part)) {
            let row = image.row(inside(first + offset, count));
            for (sum, &value) in mixed.iter_mut().zip(row) {
                *sum += weight * f64::from(value);
            }
        }
        let is_line = (0.0..=(count - 1) as f64).contains(&line.across);
        let (first, part) = split(line.along);
        let weights = weights(part);
        for (q, (out, shown)) in out.iter_mut().zip(&mut shown).enumerate() {
            let places = (-1..3).map(|offset| inside(q as isize + first + offset, length));
            let terms = places
                .zip(weights)
                .map(|(place, weight)| weight * mixed[place]);
            *out = terms.sum::<f64>() as f32;
            let place = q as f64 + line.along;
            let is_here = is_line && (0.0..=(length - 1) as f64).contains(&place);
            *shown = f32::from(u8::from(is_here));
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn a_parabola_is_read_exactly_and_what_lies_beyond_is_marked() {
        let value = |x: f64, y: f64| x * x - 2.0 * x * y + 0.5 * y * y;
        let image = Array2::from_shape_fn((12, 10), |(x, y)| value(x as f64, y as f64) as f32);
        let lines: Vec<Line> = (0..12)
            .map(|x| Line {
                across: 0.9 * f64::from(x) - 1.3,
                along: 0.1 * f64::from(x) - 0.4,
            })
            .collect();
        let mut out = image.clone();
        let mut shown = image.clone();
        resample(image.view(), &lines, out.view_mut(), shown.view_mut());
        for ((x, y), &read) in out.indexed_iter() {
            let place = [lines[x].across, y as f64 + lines[x].along];
            let is_here = (0.0..=11.0).contains(&place[0]) && (0.0..=9.0).contains(&place[1]);
            assert_eq!(shown[[x, y]] == 1.0, is_here);
            // A pixel from the border the cubic weights see four samples.
            if (1.0..=10.0).contains(&place[0]) && (1.0..=8.0).contains(&place[1]) {
                let expected = value(place[0], place[1]);
                assert!(
                    (f64::from(read) - expected).abs() < 1e-4,
                    "{x}, {y}: {read}"
                );
            }
        }
    }
}
