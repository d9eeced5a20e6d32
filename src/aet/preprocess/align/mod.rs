//! The alignment of a tilt series (Methods, "Image preprocessing", step 4, and the refinement after the
//! first reconstruction).
//!
//! Begin with [`align`]: every image is moved so that the object turns about the tilt axis, the y
//! axis through the centre of the images. Along the axis all images have the same common line (the
//! sum over x), across it the centre of mass stays on the axis. What is left, and the angles, are refined
//! against the reconstruction: [`self_consistent`].

mod across;
mod against;
mod line;
mod neighbours;
mod seen;

use ndarray::{Array3, ArrayView3};

pub use against::{
    Placed, Round, SelfConsistent, SelfConsistentOptions, ViewOptions, refine_views,
    self_consistent,
};

use super::image_error::{ImageError, check_series};
use crate::aet::cubic::shift_images;
use crate::aet::geometry::TiltAngles;
use crate::progress::Progress;

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
    /// or so: [`self_consistent`] takes it away.
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

/// Where the object lies on the images of a tilt series.
#[derive(Debug, Clone, PartialEq)]
pub struct Alignment {
    /// Where the centre of the object falls on each image, from the centre of the image, in pixels along x
    /// and y. Moved by its opposite the image is centred: [`aligned`].
    ///
    /// The centre of a particle is its centre of mass. With a marker, and of a film, it is what
    /// lies in the centre of the image of the smallest tilt, at the height of the marker.
    pub shifts: Vec<[f64; 2]>,
    /// The mean change of a shift in each round, in pixels.
    pub history: Vec<f64>,
    /// The coefficient of correlation of the line of each image with the common line; of a film without a
    /// marker, of each image with its neighbour.
    pub coefficients: Vec<f64>,
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

/// Finds where the object lies on `images` (by angle, x and y; without background), one angle for each.
///
/// Neighbouring tilts are registered first, from the smallest tilt on. Then, until nothing changes: along the
/// tilt axis the line of each image is registered to the mean of all lines, and across it the centre of
/// mass is put on the axis. The images are always moved from what they were, by the whole of their
/// shift. The result is the same, bit for bit, on any number of threads.
///
/// # Errors
/// [`AlignError`].
///
/// ```
/// use amorphous_packing::aet::TiltAngles;
/// use amorphous_packing::aet::preprocess::{AlignmentOptions, align};
/// use amorphous_packing::progress::Silent;
/// use ndarray::Array3;
/// // A ball, which looks the same from everywhere, at three tilts.
/// let places = [[3.0, -1.0], [0.0, 0.0], [-2.0, 2.0]];
/// let images = Array3::from_shape_fn((3, 48, 48), |(k, x, y)| {
///     let [u, v] = [x as f64 - 24.0 - places[k][0], y as f64 - 24.0 - places[k][1]];
///     (100.0 - u * u - v * v).max(0.0).sqrt() as f32
/// });
/// let angles = [-30.0, 0.0, 30.0].map(TiltAngles::tilt);
/// let found = align(images.view(), &angles, &AlignmentOptions::default(), &Silent)?;
/// for (shift, place) in found.shifts.iter().zip(places) {
///     assert!((shift[0] - place[0]).abs() < 0.02 && (shift[1] - place[1]).abs() < 0.02);
/// }
/// # Ok::<(), amorphous_packing::aet::preprocess::AlignError>(())
/// ```
pub fn align(
    images: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    options: &AlignmentOptions,
    progress: &dyn Progress,
) -> Result<Alignment, AlignError> {
    check(images, angles, options)?;
    let reference = smallest_tilt(angles);
    let is_film = options.on != AlignOn::Particle;
    let (mut shifts, mut coefficients) =
        neighbours::shifts(images, angles, reference, is_film, options)?;
    let mut history = Vec::new();
    if options.on == AlignOn::Film {
        return Ok(Alignment {
            shifts,
            history,
            coefficients,
        });
    }
    progress.start("rounds", Some(options.rounds as u64));
    for _ in 0..options.rounds {
        let moved = aligned(images, &shifts);
        let seen = seen::parts(moved.view(), angles, reference, options);
        let lines = line::shifts(&seen, options)?;
        let mut next = shifts.clone();
        let across = across::shifts(&seen, angles, reference, options.on)?;
        for ((next, (along, _)), across) in next.iter_mut().zip(&lines).zip(across) {
            *next = [next[0] + across, next[1] + along];
        }
        if is_film {
            // What lies in the centre of the smallest tilt stays there.
            let [_, stays] = next[reference];
            next.iter_mut().for_each(|shift| shift[1] -= stays);
        }
        let parts = shifts.iter().flatten().zip(next.iter().flatten());
        let changes: Vec<f64> = parts
            .map(|(before, after)| (after - before).abs())
            .collect();
        let largest = changes.iter().copied().fold(0.0, f64::max);
        let mean = changes.iter().sum::<f64>() / changes.len() as f64;
        let falls = history.last().is_none_or(|&last| mean < last);
        coefficients = lines
            .into_iter()
            .map(|(_, coefficient)| coefficient)
            .collect();
        progress.advance(1);
        progress.note(&format!("{mean:.4} px"));
        if !falls {
            break;
        }
        shifts = next;
        history.push(mean);
        if largest < options.settled {
            break;
        }
    }
    progress.finish();
    Ok(Alignment {
        shifts,
        history,
        coefficients,
    })
}

/// The images, moved so that the object lies in their centres.
pub fn aligned(images: ArrayView3<'_, f32>, shifts: &[[f64; 2]]) -> Array3<f32> {
    let back: Vec<[f64; 2]> = shifts.iter().map(|[u, v]| [-u, -v]).collect();
    shift_images(images, &back)
}

fn check(
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

/// The image of the smallest tilt.
fn smallest_tilt(angles: &[TiltAngles]) -> usize {
    let tilts = angles
        .iter()
        .map(|angles| angles.theta_deg.abs())
        .enumerate();
    tilts
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(0, |smallest| smallest.0)
}

/// The cosine of a tilt.
fn cosine(angles: TiltAngles) -> f64 {
    angles.theta_deg.to_radians().cos()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use nalgebra::{Matrix3, Vector3};
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use crate::aet::atom_images::{AtomImages, View};
    use crate::aet::geometry::Rotation;
    use crate::aet::noise::poisson_noise;
    use crate::atoms::Element;
    use crate::atoms::ScatteringFactor;
    use crate::numerics::Vec3;
    use crate::progress::Silent;
    use ndarray::Axis;

    const PIXEL: f64 = 0.45;

    /// As many places within a box, no two nearer than 5 pixels, as far as `keep` has them.
    fn places(half: Vec3, keep: impl Fn(Vec3) -> bool) -> Vec<Vec3> {
        let mut random = Pcg64Mcg::seed_from_u64(3);
        let mut found: Vec<Vec3> = Vec::new();
        for _ in 0..20_000 {
            let place = half * Vec3::from([0; 3].map(|_| random.random_range(-1.0..1.0)));
            if keep(place) && found.iter().all(|other| other.distance(place) > 5.0) {
                found.push(place);
            }
        }
        found
    }

    /// A ball with a hump, so that no two directions show the same.
    fn particle() -> Vec<Vec3> {
        let hump = Vec3::new(12.0, 6.0, 9.0);
        places(Vec3::splat(26.0), |p| {
            p.length() < 22.0 || p.distance(hump) < 14.0
        })
    }

    fn tilts(count: usize) -> Vec<TiltAngles> {
        let step = 140.0 / (count - 1) as f64;
        (0..count)
            .map(|k| TiltAngles::tilt(-70.0 + step * k as f64))
            .collect()
    }

    fn random_shifts(count: usize) -> Vec<[f64; 2]> {
        let mut random = Pcg64Mcg::seed_from_u64(7);
        (0..count)
            .map(|_| [0; 2].map(|_| random.random_range(-3.0..3.0)))
            .collect()
    }

    fn images(
        atoms: &[Vec3],
        angles: &[TiltAngles],
        shifts: &[[f64; 2]],
        side: usize,
    ) -> Array3<f32> {
        let place = |(&angles, &shift)| View {
            rotation: Rotation::of(angles),
            shift,
        };
        let views: Vec<View> = angles.iter().zip(shifts).map(place).collect();
        let factor = ScatteringFactor::of(Element::Pd).unwrap();
        AtomImages::new((side, side), PIXEL, &factor).images(atoms, 8.0, &views)
    }

    /// The errors of the shifts along x and y, but for those that a translation of the object explains:
    /// where its centre is, no alignment can tell.
    fn errors(found: &[[f64; 2]], truth: &[[f64; 2]], angles: &[TiltAngles]) -> Vec<f64> {
        let rows = |k: usize| {
            let rotation = Rotation::of(angles[k]).0;
            (0..2).map(move |axis| {
                (
                    Vector3::from(rotation[axis]),
                    found[k][axis] - truth[k][axis],
                )
            })
        };
        let all: Vec<(Vector3<f64>, f64)> = (0..angles.len()).flat_map(rows).collect();
        let normal: Matrix3<f64> = all.iter().map(|(row, _)| row * row.transpose()).sum();
        let right: Vector3<f64> = all.iter().map(|(row, error)| row * *error).sum();
        let translation = normal.cholesky().unwrap().solve(&right);
        all.iter()
            .map(|(row, error)| (error - row.dot(&translation)).abs())
            .collect()
    }

    #[test]
    fn a_particle_is_aligned_to_a_tenth_of_a_pixel() {
        let angles = tilts(21);
        let truth = random_shifts(21);
        let clean = images(&particle(), &angles, &truth, 80);
        let options = AlignmentOptions::default();
        let found = align(clean.view(), &angles, &options, &Silent).unwrap();
        let worst = |found: &Alignment| {
            errors(&found.shifts, &truth, &angles)
                .into_iter()
                .fold(0.0, f64::max)
        };
        assert!(worst(&found) < 0.03, "{}", worst(&found));
        assert!(found.history.len() < 6 && found.coefficients.iter().all(|&c| c > 0.999));
        // The centre of mass comes into the centre of the images.
        let moved = aligned(clean.view(), &found.shifts);
        let again = align(moved.view(), &angles, &options, &Silent).unwrap();
        assert!(
            again
                .shifts
                .iter()
                .flatten()
                .all(|shift| shift.abs() < 0.03),
            "{again:?}"
        );
        let noisy = poisson_noise(clean.view(), 100.0, 2);
        let found = align(noisy.view(), &angles, &options, &Silent).unwrap();
        let all = errors(&found.shifts, &truth, &angles);
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        assert!(mean < 0.1, "{mean}");
    }

    #[test]
    fn a_film_is_aligned_on_a_marker_that_stands_alone() {
        // A film on one side, a small cluster on the other, with nothing in between at any of the tilts.
        let film = |p: Vec3| (-48.0..-12.0).contains(&p.x) && p.z.abs() < 5.0;
        let marker = |p: Vec3| p.distance(Vec3::new(26.0, 4.0, 0.0)) < 9.0;
        let atoms = places(Vec3::new(50.0, 44.0, 10.0), |p| film(p) || marker(p));
        let angles: Vec<TiltAngles> = tilts(21)
            .into_iter()
            .filter(|angles| angles.theta_deg.abs() < 56.0)
            .collect();
        let truth = random_shifts(angles.len());
        let clean = images(&atoms, &angles, &truth, 120);
        let on = AlignOn::Marker(Region {
            x: [72, 102],
            y: [45, 83],
        });
        let options = AlignmentOptions {
            on,
            ..AlignmentOptions::default()
        };
        let found = align(clean.view(), &angles, &options, &Silent).unwrap();
        let worst = errors(&found.shifts, &truth, &angles)
            .into_iter()
            .fold(0.0, f64::max);
        assert!(worst < 0.1, "{worst}");
        // Without it the neighbours alone leave more.
        let film = AlignmentOptions {
            on: AlignOn::Film,
            ..options
        };
        let found = align(clean.view(), &angles, &film, &Silent).unwrap();
        let without = errors(&found.shifts, &truth, &angles)
            .into_iter()
            .fold(0.0, f64::max);
        assert!(without > worst && without < 3.0, "{without}");
    }

    #[test]
    fn what_cannot_be_aligned_is_refused_and_named() {
        let angles = tilts(5);
        let good = images(&particle(), &angles, &[[0.0; 2]; 5], 80);
        let options = AlignmentOptions::default();
        let with = |images: &Array3<f32>, angles: &[TiltAngles], options: &AlignmentOptions| {
            align(images.view(), angles, options, &Silent)
                .map(|_| ())
                .unwrap_err()
        };
        let count = with(&good, &angles[1..], &options);
        assert_eq!(
            count,
            AlignError::AngleCount {
                images: 5,
                angles: 4
            }
        );
        let steep: Vec<TiltAngles> = (0..5)
            .map(|k| TiltAngles::tilt(30.0 * f64::from(k)))
            .collect();
        assert_eq!(
            with(&good, &steep, &options),
            AlignError::Angle { number: 4 }
        );
        let mut blank = good.clone();
        blank.index_axis_mut(Axis(0), 3).fill(0.0);
        let blank = with(&blank, &angles, &options);
        assert!(matches!(
            blank,
            AlignError::Image(ImageError::Constant { number: 4, .. })
        ));
        let far = images(
            &particle(),
            &angles,
            &[[0.0; 2], [12.0, 0.0], [0.0; 2], [0.0; 2], [0.0; 2]],
            80,
        );
        let short = AlignmentOptions {
            largest_shift: 4.0,
            ..options
        };
        assert!(matches!(
            with(&far, &angles, &short),
            AlignError::Far { number: 2, .. }
        ));
        let beyond = Region {
            x: [70, 90],
            y: [10, 20],
        };
        let beyond = AlignmentOptions {
            on: AlignOn::Marker(beyond),
            ..options
        };
        assert_eq!(with(&good, &angles, &beyond), AlignError::Region);
    }
}
