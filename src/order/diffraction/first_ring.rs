//! Where the first ring of a diffraction pattern lies in its radial mean.

use super::error::DiffractionError;
use super::radial::RadialMean;
use crate::numerics::gaussian_smooth;

/// The profile is smoothed by this, in pixels, before its peaks are looked for.
const SMOOTHING_PX: f64 = 1.5;
/// Circles of which less is seen are not looked at.
const LEAST_SEEN: f64 = 0.3;
/// A ring stands out by this part of what the strongest does, and by so many standard errors.
const LEAST_PART: f64 = 0.3;
const LEAST_ERRORS: f64 = 6.0;
/// Its inner flank begins at this part of its radius or farther out; the hump that a mere fall of the
/// intensity becomes, times the radius, begins at the centre.
const LEAST_INNER: f64 = 0.4;

/// The first ring: its radius and the radii between which its flanks lie, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstRing {
    /// Of its summit.
    pub radius_px: f64,
    /// Where its inner flank begins.
    pub from_px: f64,
    /// Where its outer flank ends.
    pub to_px: f64,
}

/// Finds the first ring: the innermost summit of the intensity times the radius that stands out from
/// the valleys at its sides by a good part of what the strongest does. The factor undoes some of the fall
/// of the intensity from the centre, on which a ring can be a mere shoulder.
///
/// # Errors
/// [`DiffractionError::NoRing`].
pub fn first_ring(radial: &RadialMean) -> Result<FirstRing, DiffractionError> {
    let bins = 0..radial.mean.len();
    let seen: Vec<usize> = bins.filter(|&k| radial.seen(k) >= LEAST_SEEN).collect();
    let at = |k: usize| radial.mean[k] * radial.radius_px[k];
    let raw: Vec<f64> = seen.iter().map(|&k| at(k)).collect();
    let profile = gaussian_smooth(&raw, SMOOTHING_PX, 3.0);
    let error = |k: usize| radial.standard_error[seen[k]] * radial.radius_px[seen[k]];
    let summits = (1..profile.len().saturating_sub(1))
        .filter(|&k| profile[k] > profile[k - 1] && profile[k] >= profile[k + 1]);
    let radius = |k: usize| radial.radius_px[seen[k]];
    let found: Vec<(FirstRing, f64)> = summits
        .filter_map(|summit| {
            let [inner, outer] = valleys(&profile, summit);
            let rise = profile[summit] - profile[inner].max(profile[outer]);
            let from = foot(&profile, rise, (inner..=summit).rev());
            let to = foot(&profile, rise, summit..=outer);
            let ring = FirstRing {
                radius_px: radius(summit),
                from_px: radius(from).min(radius(summit) - 3.0),
                to_px: radius(to).max(radius(summit) + 3.0),
            };
            let is_ring = ring.from_px > LEAST_INNER * ring.radius_px;
            (is_ring && rise > LEAST_ERRORS * error(summit)).then_some((ring, rise))
        })
        .collect();
    let strongest = found.iter().map(|(_, rise)| *rise).fold(0.0, f64::max);
    let first = found
        .into_iter()
        .find(|(_, rise)| *rise >= LEAST_PART * strongest);
    first.map(|(ring, _)| ring).ok_or(DiffractionError::NoRing)
}

/// Where a flank of a summit ends, on the way down from it: when it has fallen by four fifths of the rise, or
/// rises again by a tenth of it.
fn foot(profile: &[f64], rise: f64, way: impl Iterator<Item = usize> + Clone) -> usize {
    let summit = way.clone().next().unwrap_or_default();
    let mut lowest = summit;
    for k in way {
        if profile[k] > profile[lowest] + 0.1 * rise {
            break;
        }
        if profile[k] < profile[lowest] {
            lowest = k;
        }
        if profile[lowest] < profile[summit] - 0.8 * rise {
            break;
        }
    }
    lowest
}

/// The lowest samples on each side of a summit before the profile is as high again.
fn valleys(profile: &[f64], summit: usize) -> [usize; 2] {
    let lowest = |range: &mut dyn Iterator<Item = usize>| {
        let lower = range.take_while(|&k| profile[k] <= profile[summit]);
        lower.fold(
            summit,
            |low, k| if profile[k] < profile[low] { k } else { low },
        )
    };
    [
        lowest(&mut (0..summit).rev()),
        lowest(&mut (summit + 1..profile.len())),
    ]
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    /// The radial mean of a profile, without noise.
    fn radial(profile: impl Fn(f64) -> f64) -> RadialMean {
        let radius_px: Vec<f64> = (3..200).map(f64::from).collect();
        RadialMean {
            mean: radius_px.iter().map(|&r| profile(r)).collect(),
            standard_error: vec![1e-3; radius_px.len()],
            pixels: radius_px
                .iter()
                .map(|r| (std::f64::consts::TAU * r) as usize)
                .collect(),
            radius_px,
        }
    }

    #[test]
    fn the_first_of_several_rings_is_found_on_a_steep_fall() {
        let ring = |r: f64, at: f64| (-0.5 * ((r - at) / 5.0).powi(2)).exp();
        let profile =
            |r: f64| 100.0 * (-r / 20.0).exp() + 10.0 * ring(r, 60.0) + 5.0 * ring(r, 105.0);
        let found = first_ring(&radial(profile)).unwrap();
        assert!((found.radius_px - 60.0).abs() < 2.0, "{found:?}");
        assert!((40.0..56.0).contains(&found.from_px) && (65.0..90.0).contains(&found.to_px));
        let fall = first_ring(&radial(|r| 100.0 * (-r / 20.0).exp()));
        assert_eq!(fall, Err(DiffractionError::NoRing));
    }
}
