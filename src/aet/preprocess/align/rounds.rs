//! The alignment of a tilt series, round by round: the common line along the tilt axis, the centre of mass
//! across it (Methods, "Image preprocessing", step 4).

use ndarray::{Array3, ArrayView3};

use super::options::{AlignError, AlignOn, AlignmentOptions, check};
use super::{across, line, neighbours, seen};
use crate::aet::cubic::shift_images;
use crate::aet::geometry::{TiltAngles, smallest_tilt};
use crate::progress::Progress;

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
        let (next, found) =
            round(images, angles, &shifts, options).inspect_err(|_| progress.finish())?;
        let parts = shifts.iter().flatten().zip(next.iter().flatten());
        let changes: Vec<f64> = parts
            .map(|(before, after)| (after - before).abs())
            .collect();
        let largest = changes.iter().copied().fold(0.0, f64::max);
        let mean = changes.iter().sum::<f64>() / changes.len() as f64;
        let falls = history.last().is_none_or(|&last| mean < last);
        coefficients = found;
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

/// The next shifts of the images, and the coefficients of their lines.
fn round(
    images: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    shifts: &[[f64; 2]],
    options: &AlignmentOptions,
) -> Result<(Vec<[f64; 2]>, Vec<f64>), AlignError> {
    let reference = smallest_tilt(angles);
    let moved = aligned(images, shifts);
    let seen = seen::parts(moved.view(), angles, reference, options);
    let (along, coefficients): (Vec<f64>, Vec<f64>) =
        line::shifts(&seen, options)?.into_iter().unzip();
    let across = across::shifts(&seen, angles, reference, options.on)?;
    let changes = across.into_iter().zip(along);
    let added = shifts
        .iter()
        .zip(changes)
        .map(|([u, v], (across, along))| [u + across, v + along]);
    let mut next: Vec<[f64; 2]> = added.collect();
    if options.on != AlignOn::Particle {
        // What lies in the centre of the smallest tilt stays there.
        let [_, stays] = next[reference];
        next.iter_mut().for_each(|shift| shift[1] -= stays);
    }
    Ok((next, coefficients))
}

/// The images, moved so that the object lies in their centres.
pub fn aligned(images: ArrayView3<'_, f32>, shifts: &[[f64; 2]]) -> Array3<f32> {
    let back: Vec<[f64; 2]> = shifts.iter().map(|[u, v]| [-u, -v]).collect();
    shift_images(images, &back)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    use ndarray::Axis;

    use super::*;
    use crate::aet::atom_images::{AtomImages, View};
    use crate::aet::geometry::Rotation;
    use crate::aet::noise::poisson_noise;
    use crate::aet::preprocess::align::object::without_object_shift;
    use crate::aet::preprocess::align::options::Region;
    use crate::aet::preprocess::image_error::ImageError;
    use crate::atoms::Element;
    use crate::atoms::ScatteringFactor;
    use crate::numerics::Vec3;
    use crate::progress::Silent;

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
        TiltAngles::even(count, 70.0)
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
        let apart: Vec<[f64; 2]> = found
            .iter()
            .zip(truth)
            .map(|(found, truth)| [found[0] - truth[0], found[1] - truth[1]])
            .collect();
        let (_, left) = without_object_shift(&apart, angles);
        left.into_iter().flatten().map(f64::abs).collect()
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
