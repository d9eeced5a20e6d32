//! What a tilt series must be before anything is computed from it.

use std::collections::BTreeMap;

use ndarray::{ArrayView2, ArrayView3, Axis};

use super::geometry::TiltAngles;
use super::options::Options;

/// Why a tilt series cannot be reconstructed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InputError {
    /// There are no images.
    #[error("the tilt series holds no images; give at least one")]
    NoImages,
    /// The images have no pixels.
    #[error("the images have {dim1} × {dim2} pixels; both sides must be at least 1")]
    NoPixels {
        /// Pixels along x.
        dim1: usize,
        /// Pixels along y.
        dim2: usize,
    },
    /// Images and angles do not belong together.
    #[error("there are {images} images and {angles} angles; give one angle for each image")]
    AngleCount {
        /// Number of images.
        images: usize,
        /// Number of angles.
        angles: usize,
    },
    /// An angle is no number.
    #[error("angle {number} is not a finite number; correct the table of angles")]
    Angle {
        /// Which, from 1.
        number: usize,
    },
    /// All images are taken from one direction.
    #[error(
        "all {images} images have the same angle, and one direction makes no volume; correct the table of angles"
    )]
    OneDirection {
        /// Number of images.
        images: usize,
    },
    /// A pixel is no number.
    #[error(
        "image {number} has the value {value} at pixel ({x}, {y}), counted from 1; every pixel must be a finite number"
    )]
    Pixel {
        /// Which image, from 1.
        number: usize,
        /// Along x, from 1.
        x: usize,
        /// Along y, from 1.
        y: usize,
        /// What is there.
        value: f32,
    },
    /// An image is zero everywhere.
    #[error("image {number} is zero everywhere; leave it and its angle out")]
    Blank {
        /// Which image, from 1.
        number: usize,
    },
    /// An image is taken along the film.
    #[error(
        "an image is tilted to within half a degree of the plane of the film, which then has no end; leave it out, or reconstruct a particle"
    )]
    TooSteep,
    /// The step is not a positive number.
    #[error("the step is {step}; it must be a positive number, such as 1")]
    Step {
        /// As given.
        step: f64,
    },
    /// The grid would be smaller than the object.
    #[error("the padding is {padding}; it must be a number from 1 to 16, such as 3")]
    Padding {
        /// As given.
        padding: f64,
    },
    /// An object has no voxels.
    #[error("the object has {} × {} × {} voxels; every side must be at least 1", size[0], size[1], size[2])]
    NoVoxels {
        /// Voxels along x, y, z.
        size: [usize; 3],
    },
    /// Computed and measured images do not belong together.
    #[error(
        "there are {computed} computed and {measured} measured pixels in images of {pixels}; give as many of both, in whole images"
    )]
    Pixels {
        /// Computed pixels.
        computed: usize,
        /// Measured pixels.
        measured: usize,
        /// Pixels of an image.
        pixels: usize,
    },
    /// What was reached belongs to an object of another size.
    #[error(
        "the state to go on from holds {found:?} voxels where this reconstruction has {expected:?}; begin anew"
    )]
    AnotherSize {
        /// Voxels of what was reached along x, y, z.
        found: Vec<usize>,
        /// Voxels of the object along x, y, z.
        expected: [usize; 3],
    },
}

/// Checks images, angles and options.
pub(super) fn check(
    images: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    options: &Options,
) -> Result<(), InputError> {
    check_images(images, angles)?;
    let Options { step, padding, .. } = *options;
    if !(step.is_finite() && step > 0.0) {
        return Err(InputError::Step { step });
    }
    check_padding(padding)
}

/// Checks the grid of a projection over the object.
pub(super) fn check_padding(padding: [f64; 3]) -> Result<(), InputError> {
    match padding.into_iter().find(|p| !(1.0..=16.0).contains(p)) {
        Some(padding) => Err(InputError::Padding { padding }),
        None => Ok(()),
    }
}

/// Checks images and angles.
pub(super) fn check_images(
    images: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
) -> Result<(), InputError> {
    let (count, dim1, dim2) = images.dim();
    if count == 0 {
        return Err(InputError::NoImages);
    }
    if dim1 == 0 || dim2 == 0 {
        return Err(InputError::NoPixels { dim1, dim2 });
    }
    if count != angles.len() {
        return Err(InputError::AngleCount {
            images: count,
            angles: angles.len(),
        });
    }
    if let Some(index) = angles.iter().position(|angles| !angles.is_finite()) {
        return Err(InputError::Angle { number: index + 1 });
    }
    if count > 1 && angles.windows(2).all(|pair| pair[0] == pair[1]) {
        return Err(InputError::OneDirection { images: count });
    }
    for (index, image) in images.axis_iter(Axis(0)).enumerate() {
        check_image(image, index + 1)?;
    }
    Ok(())
}

/// The images, numbered from 1, that have the same angles as others: a list for every such angle.
///
/// An angle may be repeated for a good reason (an image before and after the series); most often it
/// is a mistake in the table.
pub fn repeated(angles: &[TiltAngles]) -> Vec<Vec<usize>> {
    let mut images: BTreeMap<[u64; 3], Vec<usize>> = BTreeMap::new();
    for (number, angles) in (1..).zip(angles) {
        // The sum makes one zero of the two.
        let key = [angles.phi_deg, angles.theta_deg, angles.psi_deg].map(|a| (a + 0.0).to_bits());
        images.entry(key).or_default().push(number);
    }
    let mut repeated: Vec<Vec<usize>> = images.into_values().filter(|at| at.len() > 1).collect();
    repeated.sort_unstable();
    repeated
}

/// Checks what an object is projected with: its size, the angles, the size of the images.
pub(super) fn check_projection(
    size: [usize; 3],
    angles: &[TiltAngles],
    (dim1, dim2): (usize, usize),
) -> Result<(), InputError> {
    if size.contains(&0) {
        return Err(InputError::NoVoxels { size });
    }
    if angles.is_empty() {
        return Err(InputError::NoImages);
    }
    if dim1 == 0 || dim2 == 0 {
        return Err(InputError::NoPixels { dim1, dim2 });
    }
    match angles.iter().position(|angles| !angles.is_finite()) {
        Some(index) => Err(InputError::Angle { number: index + 1 }),
        None => Ok(()),
    }
}

fn check_image(image: ArrayView2<'_, f32>, number: usize) -> Result<(), InputError> {
    if let Some(((x, y), &value)) = image.indexed_iter().find(|(_, value)| !value.is_finite()) {
        return Err(InputError::Pixel {
            number,
            x: x + 1,
            y: y + 1,
            value,
        });
    }
    if image.iter().all(|&value| value == 0.0) {
        return Err(InputError::Blank { number });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_the_same_angle_are_found() {
        let tilts = |tilts: &[f64]| -> Vec<Vec<usize>> {
            let angles: Vec<_> = tilts.iter().copied().map(TiltAngles::tilt).collect();
            repeated(&angles)
        };
        assert_eq!(tilts(&[1.0, 2.0, 3.0]), Vec::<Vec<usize>>::new());
        let found = tilts(&[5.0, 0.0, 2.0, -0.0, 5.0, 0.0]);
        assert_eq!(found, [vec![1, 5], vec![2, 4, 6]]);
    }
}
