//! What an image must be before it is preprocessed.

use ndarray::{ArrayView2, ArrayView3, Axis};

/// So large a part of the pixels at the highest value, all of them equal, is no specimen but the end
/// of the detector's range.
const SATURATED_PART: f64 = 0.005;

/// Why images cannot be preprocessed. Images and pixels are counted from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImageError {
    /// There are none.
    #[error("there are no images; give at least one")]
    None,
    /// They have too few pixels for what is done with them.
    #[error("the images have {dim1} × {dim2} pixels; at least {least} × {least} are needed")]
    Small {
        /// Pixels along x.
        dim1: usize,
        /// Pixels along y.
        dim2: usize,
        /// Pixels a side that are needed.
        least: usize,
    },
    /// A pixel is no number.
    #[error(
        "image {number} has the value {value} at pixel ({x}, {y}), counted from 1; every pixel must be a finite number"
    )]
    Pixel {
        /// Which image.
        number: usize,
        /// Along x.
        x: usize,
        /// Along y.
        y: usize,
        /// What is there.
        value: f32,
    },
    /// All pixels of an image are equal.
    #[error("image {number} is {value} everywhere and shows nothing; leave it out")]
    Constant {
        /// Which image.
        number: usize,
        /// The value.
        value: f32,
    },
    /// Too many pixels have the highest value.
    #[error(
        "{part:.1} % of the pixels of image {number} have the highest value, {value}: the detector was saturated; leave the image out, or take it again with less gain"
    )]
    Saturated {
        /// Which image.
        number: usize,
        /// The highest value.
        value: f32,
        /// Per cent of the pixels that have it.
        part: f64,
    },
}

/// Checks an image, which is the `number`th from 1: finite, not constant, not saturated.
///
/// # Errors
/// [`ImageError`].
pub fn check_image(image: ArrayView2<'_, f32>, number: usize) -> Result<(), ImageError> {
    if let Some(((x, y), &value)) = image.indexed_iter().find(|(_, value)| !value.is_finite()) {
        return Err(ImageError::Pixel {
            number,
            x: x + 1,
            y: y + 1,
            value,
        });
    }
    let highest = image.fold(f32::NEG_INFINITY, |highest, &value| highest.max(value));
    let lowest = image.fold(f32::INFINITY, |lowest, &value| lowest.min(value));
    if lowest == highest {
        return Err(ImageError::Constant {
            number,
            value: highest,
        });
    }
    let at_end = image.iter().filter(|&&value| value == highest).count();
    let part = at_end as f64 / image.len() as f64;
    // A few bright pixels of a small image, or of one that counts few electrons, are no saturation; nor
    // is an image of two values a detector's.
    if part > SATURATED_PART && at_end > 16 {
        return Err(ImageError::Saturated {
            number,
            value: highest,
            part: 100.0 * part,
        });
    }
    Ok(())
}

/// Checks all images of a series (by number, x and y), which have at least `least` pixels a side.
///
/// # Errors
/// [`ImageError`].
pub fn check_series(images: ArrayView3<'_, f32>, least: usize) -> Result<(), ImageError> {
    let (count, dim1, dim2) = images.dim();
    if count == 0 {
        return Err(ImageError::None);
    }
    if dim1.min(dim2) < least.max(1) {
        return Err(ImageError::Small { dim1, dim2, least });
    }
    let numbered = (1..).zip(images.axis_iter(Axis(0)));
    numbered
        .into_iter()
        .try_for_each(|(number, image)| check_image(image, number))
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;

    use super::*;

    fn images() -> Array3<f32> {
        Array3::from_shape_fn((2, 20, 30), |(k, x, y)| (7 * x + 3 * y + k) as f32)
    }

    #[test]
    fn what_shows_nothing_is_refused_and_named() {
        assert_eq!(check_series(images().view(), 8), Ok(()));
        let small = check_series(images().view(), 21);
        assert!(matches!(small, Err(ImageError::Small { dim1: 20, .. })));
        let mut wrong = images();
        wrong[[1, 4, 5]] = f32::NAN;
        let error = check_series(wrong.view(), 1).map_err(|error| error.to_string());
        assert!(
            error.is_err_and(|text| text.contains("image 2 has the value NaN at pixel (5, 6)"))
        );
        let mut wrong = images();
        wrong.index_axis_mut(Axis(0), 0).fill(3.0);
        let constant = check_series(wrong.view(), 1);
        assert_eq!(
            constant,
            Err(ImageError::Constant {
                number: 1,
                value: 3.0
            })
        );
        let cut = images().mapv(|value| value.min(100.0));
        assert!(matches!(
            check_series(cut.view(), 1),
            Err(ImageError::Saturated { number: 1, .. })
        ));
        let none = check_series(Array3::zeros((0, 20, 30)).view(), 1);
        assert_eq!(none, Err(ImageError::None));
    }
}
