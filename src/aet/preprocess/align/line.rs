//! The common line: the sum of an image across the tilt axis is the same at every tilt, for it is the sum
//! of the object over a plane that no tilt moves (Methods, "Image preprocessing", step 4).

use ndarray::{Array2, Axis};

use super::options::{AlignError, AlignOn, AlignmentOptions};
use crate::aet::geometry::centre;
use crate::aet::preprocess::registration::{Search, find};

/// How far the line of each image lies from the common one, in pixels, and the coefficient of correlation
/// of the two. The common line is the mean of all, each taken to the same sum; that of a particle is
/// taken to have its centre of mass in the centre.
pub(super) fn shifts(
    seen: &[Array2<f32>],
    options: &AlignmentOptions,
) -> Result<Vec<(f64, f64)>, AlignError> {
    let mut lines = Vec::with_capacity(seen.len());
    for (number, image) in (1..).zip(seen) {
        let line = image.sum_axis(Axis(0));
        let sum = line.sum();
        if sum.is_nan() || sum <= 0.0 {
            return Err(AlignError::Empty { number });
        }
        lines.push((line / sum).insert_axis(Axis(0)));
    }
    let mut common = Array2::<f32>::zeros(lines[0].raw_dim());
    for line in &lines {
        common += line;
    }
    common /= lines.len() as f32;
    let beside = match options.on {
        AlignOn::Particle => {
            let middle = centre(common.len()) as f64;
            let places = common.iter().enumerate();
            places
                .map(|(y, &part)| (y as f64 - middle) * f64::from(part))
                .sum()
        }
        _ => 0.0,
    };
    let search = Search {
        largest: [0.0, options.largest_shift],
        taper: 0.0,
    };
    let found = (1..).zip(&lines).map(|(number, line)| {
        let found =
            find(line.view(), common.view(), &search).ok_or(AlignError::Empty { number })?;
        Ok((found.shift[1] + beside, found.coefficient))
    });
    found.collect()
}
