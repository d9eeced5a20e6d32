//! The centre of a diffraction pattern by a fit of its first ring (Methods, "Electron diffraction
//! experiments").

use std::f64::consts::TAU;

use nalgebra::{DMatrix, DVector, Matrix3, Vector3};
use ndarray::{Array2, ArrayView2};

use super::beam_stop::{StopOptions, beam_stop, check_pattern};
use super::error::DiffractionError;
use super::first_ring::{FirstRing, first_ring};
use super::radial::{RadialMean, radial_mean};
use super::symmetry::{check_mask, symmetry_centre};
use crate::numerics::{gaussian_smooth, median};

/// Sectors of the azimuth in which the ring is placed.
const SECTORS: usize = 72;
/// A sector is seen where so large a part of the ring's pixels in it is.
const LEAST_OF_SECTOR: f64 = 0.5;
/// So many of the sectors are needed.
const LEAST_SHARE: f64 = 0.5;
/// The fit ends with a step below this, in pixels.
const SETTLED_PX: f64 = 1e-3;
const MOST_STEPS: usize = 50;
/// Sectors farther than this from the circle, in units of the typical deviation, do not count.
const OUTLIER: f64 = 4.0;

/// The centre of a pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RingCentre {
    /// In pixels of the array's indices: the first pixel's middle is (0, 0).
    pub centre_px: [f64; 2],
    /// The standard error of each coordinate, from the deviations of the sectors, in pixels.
    pub error_px: f64,
    /// The ring.
    pub ring: FirstRing,
    /// By which part the ring's longest radius exceeds its mean: zero of a circle. A few parts in a
    /// thousand are a distortion of the microscope, much more is no ring.
    pub ellipticity: f64,
    /// The part of the azimuth at which the ring is seen.
    pub seen: f64,
}

/// Fits the centre to the first ring, from a centre that is good to a few pixels.
///
/// The radial mean about the centre is the profile of the ring; in each of 72 sectors of the azimuth
/// that profile is shifted along the radius to fit the pixels, with a scale and a level of their own.
/// A circle, with the second harmonic of an ellipse, through the shifted radii is the next centre,
/// sectors far from it left out; repeated until it moves by less than 0.001 pixels.
///
/// # Errors
/// [`DiffractionError`]: no ring, too little of it, or a fit that does not settle.
pub fn ring_centre(
    pattern: ArrayView2<'_, f32>,
    hidden: &Array2<bool>,
    start: [f64; 2],
) -> Result<RingCentre, DiffractionError> {
    check_pattern(pattern)?;
    check_mask(pattern, hidden)?;
    let mut centre = start;
    // A ring as narrow as a pixel is smoother in the profile than it is, and steps are then too long.
    let (mut gain, mut before) = (1.0, [0.0; 2]);
    for _ in 0..MOST_STEPS {
        let radial = radial_mean(pattern, hidden, centre)?;
        let ring = first_ring(&radial)?;
        let sectors = shifts(pattern, hidden, centre, &ring, &radial)?;
        let circle = Circle::through(&sectors).ok_or_else(|| lost(centre))?;
        if circle.centre[0] * before[0] + circle.centre[1] * before[1] < 0.0 {
            gain *= 0.6;
        }
        before = circle.centre;
        let [x, y] = circle.centre.map(|step| gain * step);
        centre = [centre[0] + x, centre[1] + y];
        let far = [0, 1]
            .iter()
            .any(|&k| (centre[k] - start[k]).abs() > ring.radius_px);
        if far || !centre[0].is_finite() || !centre[1].is_finite() {
            return Err(lost(centre));
        }
        if x.hypot(y) < SETTLED_PX {
            return Ok(RingCentre {
                centre_px: centre,
                error_px: circle.error,
                ring,
                ellipticity: circle.second / ring.radius_px,
                seen: sectors.len() as f64 / SECTORS as f64,
            });
        }
    }
    Err(lost(centre))
}

fn lost([x, y]: [f64; 2]) -> DiffractionError {
    DiffractionError::CentreLost {
        x: x + 1.0,
        y: y + 1.0,
    }
}

/// The profile of the ring and its slope, at any radius in whole pixels and between.
struct Profile {
    values: Vec<f64>,
    slopes: Vec<f64>,
}

impl Profile {
    fn of(radial: &RadialMean) -> Profile {
        let last = radial.radius_px.last().copied().unwrap_or_default();
        let mut k = 0;
        let at = |radius: usize| {
            let r = radius as f64;
            while k + 2 < radial.radius_px.len() && radial.radius_px[k + 1] < r {
                k += 1;
            }
            let next = (k + 1).min(radial.radius_px.len() - 1);
            let (r0, r1) = (radial.radius_px[k], radial.radius_px[next]);
            let t = if r1 > r0 {
                ((r - r0) / (r1 - r0)).clamp(0.0, 1.0)
            } else {
                0.0
            };
            radial.mean[k] + t * (radial.mean[next] - radial.mean[k])
        };
        let raw: Vec<f64> = (0..=last.ceil() as usize).map(at).collect();
        let values = gaussian_smooth(&raw, 1.0, 3.0);
        let slope = |k: usize| {
            let (low, high) = (k.saturating_sub(1), (k + 1).min(values.len() - 1));
            (values[high] - values[low]) / (high - low).max(1) as f64
        };
        let slopes = (0..values.len()).map(slope).collect();
        Profile { values, slopes }
    }

    fn at(&self, radius: f64) -> (f64, f64) {
        let low = (radius as usize).min(self.values.len() - 2);
        let part = radius - low as f64;
        let between = |line: &[f64]| line[low] + part * (line[low + 1] - line[low]);
        (between(&self.values), between(&self.slopes))
    }
}

/// By how much the ring lies farther out in a sector than in the mean.
struct Shift {
    azimuth: f64,
    /// In pixels.
    shift: f64,
    weight: f64,
}

/// The shifts of the ring in the sectors that show it.
fn shifts(
    pattern: ArrayView2<'_, f32>,
    hidden: &Array2<bool>,
    centre: [f64; 2],
    ring: &FirstRing,
    radial: &RadialMean,
) -> Result<Vec<Shift>, DiffractionError> {
    let profile = Profile::of(radial);
    let mut normal = vec![(Matrix3::zeros(), Vector3::zeros(), 0_usize); SECTORS];
    for ((x, y), &value) in pattern.indexed_iter() {
        let [dx, dy] = [x as f64 - centre[0], y as f64 - centre[1]];
        let radius = dx.hypot(dy);
        if hidden[[x, y]] || radius < ring.from_px || radius > ring.to_px {
            continue;
        }
        let turn = dy.atan2(dx).rem_euclid(TAU) / TAU;
        let (height, slope) = profile.at(radius);
        let row = Vector3::new(height, -slope, 1.0);
        let (matrix, right, count) =
            &mut normal[((turn * SECTORS as f64) as usize).min(SECTORS - 1)];
        // Counted electrons scatter as the square root of their number.
        let weight = 1.0 / height.abs().max(f64::MIN_POSITIVE);
        *matrix += weight * row * row.transpose();
        *right += weight * f64::from(value) * row;
        *count += 1;
    }
    let whole = 0.5 * (ring.to_px.powi(2) - ring.from_px.powi(2)) * TAU / SECTORS as f64;
    let shown = |count: usize| count as f64 >= LEAST_OF_SECTOR * whole;
    let seen = normal.iter().filter(|(.., count)| shown(*count)).count();
    let share = seen as f64 / SECTORS as f64;
    if share < LEAST_SHARE {
        let [percent, least_percent] = [share, LEAST_SHARE].map(|part| 100.0 * part);
        return Err(DiffractionError::RingHidden {
            percent,
            least_percent,
        });
    }
    let placed = normal
        .into_iter()
        .enumerate()
        .filter(|(_, (.., count))| shown(*count));
    let found = placed.filter_map(|(sector, (matrix, right, count))| {
        let solved = matrix.cholesky()?.solve(&right);
        let reach = 0.5 * (ring.to_px - ring.from_px);
        // Where the ring is faint the shift is the quotient of two small numbers.
        (solved[0] > 0.1).then(|| Shift {
            azimuth: TAU * (sector as f64 + 0.5) / SECTORS as f64,
            shift: (solved[1] / solved[0]).clamp(-reach, reach),
            weight: count as f64,
        })
    });
    Ok(found.collect())
}

/// The circle through the sectors.
struct Circle {
    /// From the old centre, in pixels.
    centre: [f64; 2],
    error: f64,
    /// The amplitude of the second harmonic, in pixels.
    second: f64,
}

impl Circle {
    /// Fits `shift = r + x cos φ + y sin φ + second harmonic`, outliers left out; `None` of too few.
    fn through(sectors: &[Shift]) -> Option<Circle> {
        let row = |sector: &Shift| {
            let (sin, cos) = sector.azimuth.sin_cos();
            let (sin2, cos2) = (2.0 * sector.azimuth).sin_cos();
            [1.0, cos, sin, cos2, sin2]
        };
        let mut keep: Vec<&Shift> = sectors.iter().collect();
        for is_last in [false, true] {
            if 2 * keep.len() < SECTORS / 2 {
                return None;
            }
            let design = DMatrix::from_fn(keep.len(), 5, |k, c| {
                keep[k].weight.sqrt() * row(keep[k])[c]
            });
            let right = DVector::from_fn(keep.len(), |k, _| keep[k].weight.sqrt() * keep[k].shift);
            let inverse = (design.transpose() * &design).try_inverse()?;
            let fitted = &inverse * design.transpose() * &right;
            let rest = &right - &design * &fitted;
            if is_last {
                let variance = rest.norm_squared() / (keep.len() - 5) as f64;
                let error = (0.5 * variance * (inverse[(1, 1)] + inverse[(2, 2)])).sqrt();
                let centre = [fitted[1], fitted[2]];
                let second = fitted[3].hypot(fitted[4]);
                return Some(Circle {
                    centre,
                    error,
                    second,
                });
            }
            let typical = 1.4826 * median(rest.iter().map(|r| r.abs()).collect())?;
            let near = |k: usize| rest[k].abs() <= OUTLIER * typical.max(f64::MIN_POSITIVE);
            let kept: Vec<&Shift> = (0..keep.len())
                .filter(|&k| near(k))
                .map(|k| keep[k])
                .collect();
            if kept.len() * 4 >= keep.len() * 3 {
                keep = kept;
            }
        }
        None
    }
}

/// A pattern with its stop found, its centre fitted and its directions averaged.
#[derive(Debug, Clone, PartialEq)]
pub struct Reduced {
    /// What the beam stop hides, true where it does.
    pub hidden: Array2<bool>,
    /// The centre.
    pub centre: RingCentre,
    /// The mean over the azimuth.
    pub radial: RadialMean,
}

/// From a pattern to its radial mean: the centre by symmetry, the beam stop, the centre by the first
/// ring, the stop about that centre, the mean over the azimuth.
///
/// The array is by x and y; intensities in any unit. Without a beam stop nothing is hidden.
///
/// # Errors
/// [`DiffractionError`].
pub fn reduce_pattern(
    pattern: ArrayView2<'_, f32>,
    options: &StopOptions,
) -> Result<Reduced, DiffractionError> {
    let mut centre = symmetry_centre(pattern, None)?;
    let mut hidden = beam_stop(pattern, centre, options)?;
    centre = symmetry_centre(pattern, Some(&hidden))?;
    hidden = beam_stop(pattern, centre, options)?;
    let coarse = ring_centre(pattern, &hidden, centre)?;
    hidden = beam_stop(pattern, coarse.centre_px, options)?;
    let centre = ring_centre(pattern, &hidden, coarse.centre_px)?;
    let radial = radial_mean(pattern, &hidden, centre.centre_px)?;
    Ok(Reduced {
        hidden,
        centre,
        radial,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::super::known::{counted, gold_profile, sphere_profile, stop};
    use super::super::simulated::draw_pattern;
    use super::*;

    const SIDE: usize = 400;

    /// The distance of the fitted centre from the true one, in pixels, and its error.
    fn off(
        profile: impl Fn(f64) -> f64 + Sync,
        unit: f64,
        electrons: f64,
        seed: u64,
    ) -> (f64, f64) {
        let centre = [203.0 + 1.37 * seed as f64, 196.4 - 0.71 * seed as f64];
        let drawn = draw_pattern([SIDE, SIDE], centre, Some(stop(centre, SIDE)), profile);
        let counted = counted(&drawn, unit, electrons, seed);
        let found = reduce_pattern(counted.view(), &StopOptions::default())
            .unwrap()
            .centre;
        assert!(found.ellipticity < 0.003 && found.seen > 0.85, "{found:?}");
        let away = [0, 1].map(|k| found.centre_px[k] - centre[k]);
        (away[0].hypot(away[1]), found.error_px)
    }

    #[test]
    fn the_centre_is_fitted_to_a_twentieth_of_a_pixel_in_noise() {
        let s_per_px = 17.5 / std::f64::consts::PI / SIDE as f64;
        for seed in 0..4 {
            let profile = sphere_profile(s_per_px);
            let ring = profile(30.0);
            let (off, error) = off(profile, ring, 300.0, seed);
            assert!(off < 0.05 && error < 0.03, "{seed}: {off} {error}");
        }
        let profile = gold_profile(s_per_px, 0.008);
        let ring = profile(0.425 / s_per_px);
        let (off, error) = off(profile, ring, 1000.0, 2);
        assert!(off < 0.05 && error < 0.05, "gold: {off} {error}");
    }

    #[test]
    fn no_ring_and_a_hidden_one_are_told_apart() {
        let fall = draw_pattern([200, 200], [100.0, 98.0], None, |r| 1e4 * (-r / 30.0).exp());
        let refused = reduce_pattern(fall.view(), &StopOptions::default()).unwrap_err();
        assert_eq!(refused, DiffractionError::NoRing);
        let centre = [200.0, 196.0];
        let profile = sphere_profile(17.5 / std::f64::consts::PI / SIDE as f64);
        let pattern = draw_pattern([SIDE, SIDE], centre, None, profile);
        let hidden = Array2::from_shape_fn((SIDE, SIDE), |(x, y)| {
            (y as f64 - centre[1]).atan2(x as f64 - centre[0]) > -1.2
        });
        let refused = ring_centre(pattern.view(), &hidden, centre).unwrap_err();
        assert!(matches!(
            refused,
            DiffractionError::RingHidden { .. } | DiffractionError::NoRing
        ));
        let hidden = hidden.mapv(|hides| !hides);
        assert!(ring_centre(pattern.view(), &hidden, centre).is_ok());
    }
}
