//! How a tilt series is aligned, and what it must be for that (Methods, "Image preprocessing", step 4).

use ndarray::ArrayView3;

use crate::aet::geometry::TiltAngles;
use crate::aet::preprocess::image_error::{ImageError, check_series};

/// Images have at least so many pixels a side.
const LEAST_SIDE: usize = 16;

/// What of the images is aligned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AlignOn {
    /// All that they show: a particle that lies within every image.
    Particle,
    /// A part of a film that stands alone, with nothing about it.
    Marker(Region),
    /// A film that goes on beyond the images: neither its centre of mass nor a common line is seen, so
    /// every image is put where its neighbour is, and that is all. The error grows with the tilt, to a pixel
    /// or so across the axis: what lies high and what lies low in the film moves apart.
    /// [`self_consistent`](super::self_consistent) in four groups halved it across the axis, and made it no
    /// smaller along it; for a tenth of a pixel a marker is needed.
    Film,
}

/// A part of the image of the smallest tilt, in pixels from 0: the first, and the one after the last. At
/// other tilts it is looked for where a flat film would have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Along x.
    pub x: [usize; 2],
    /// Along y.
    pub y: [usize; 2],
}

/// How a tilt series is aligned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlignmentOptions {
    /// What of the images.
    pub on: AlignOn,
    /// The largest shift between two neighbouring tilts, and of a line, in pixels.
    pub largest_shift: f64,
    /// What is darker than this part of the brightest place counts as background, and for nothing.
    pub floor: f64,
    /// It ends where no shift changes by more than this, in pixels.
    pub settled: f64,
    /// Rounds at most.
    pub rounds: usize,
}

impl Default for AlignmentOptions {
    /// A particle.
    fn default() -> AlignmentOptions {
        AlignmentOptions {
            on: AlignOn::Particle,
            largest_shift: 16.0,
            floor: 0.05,
            settled: 0.005,
            rounds: 20,
        }
    }
}

/// Why a tilt series cannot be aligned. Images are counted from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AlignError {
    /// An image is none.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// Images and angles do not belong together.
    #[error("there are {images} images and {angles} angles; give one angle for each image")]
    AngleCount {
        /// Number of images.
        images: usize,
        /// Number of angles.
        angles: usize,
    },
    /// An angle is no tilt.
    #[error(
        "the tilt of image {number} is not a number between −90 and 90 degrees; correct the table of angles"
    )]
    Angle {
        /// Which.
        number: usize,
    },
    /// The object is not found.
    #[error(
        "image {number} shows nothing brighter than its background where the object should be; subtract the background, or choose another region"
    )]
    Empty {
        /// Which.
        number: usize,
    },
    /// An image lies too far from the others.
    #[error(
        "image {number} lies more than {limit} pixels from its neighbour; allow a larger shift, or leave it out"
    )]
    Far {
        /// Which.
        number: usize,
        /// The largest shift.
        limit: f64,
    },
    /// The region is none.
    #[error("the region must lie within the images and have at least 4 × 4 pixels")]
    Region,
    /// The options are none.
    #[error(
        "the largest shift must be a number of pixels from 1 to half the side of the images, and the floor a part from 0 to 1"
    )]
    Options,
}

/// Checks what is to be aligned.
pub(super) fn check(
    images: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    options: &AlignmentOptions,
) -> Result<(), AlignError> {
    check_series(images, LEAST_SIDE)?;
    let (count, dim1, dim2) = images.dim();
    if count != angles.len() {
        return Err(AlignError::AngleCount {
            images: count,
            angles: angles.len(),
        });
    }
    let is_tilt = |angles: &TiltAngles| angles.is_finite() && angles.theta_deg.abs() < 90.0;
    if let Some(index) = angles.iter().position(|angles| !is_tilt(angles)) {
        return Err(AlignError::Angle { number: index + 1 });
    }
    let half = dim1.min(dim2) as f64 / 2.0;
    let is_right =
        (1.0..=half).contains(&options.largest_shift) && (0.0..1.0).contains(&options.floor);
    if !is_right {
        return Err(AlignError::Options);
    }
    if let AlignOn::Marker(region) = options.on {
        let fits = |[first, end]: [usize; 2], side: usize| end <= side && first + 4 <= end;
        if !(fits(region.x, dim1) && fits(region.y, dim2)) {
            return Err(AlignError::Region);
        }
    }
    Ok(())
}

/// The cosine of a tilt.
pub(super) fn cosine(angles: TiltAngles) -> f64 {
    angles.theta_deg.to_radians().cos()
}
