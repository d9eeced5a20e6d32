//! The place of a maximum between the samples: a polynomial of the fourth order, fitted under a
//! Gaussian weight that moves along (Rogers et al., Phys. Biol. 4, 220 (2007),
//! doi 10.1088/1478-3975/4/3/008; the paper's ref. 61).

use nalgebra::{Matrix3, Vector3};

use super::polynomial::{Fit, Neighbourhood, REACH};

/// No step is longer than this along any axis, in fine samples.
const LONGEST_STEP: f64 = 0.5;
/// So many steps in a row that were not cut short end the search.
const CALM_STEPS: usize = 7;
/// The search is given up after so many.
const MOST_STEPS: usize = 14;
/// A step as short as this would be followed by none.
const AT_REST: f64 = 1e-10;

/// Where a search ended, from the maximum, in fine samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Found {
    At([f64; 3]),
    NoMaximum([f64; 3]),
    Left([f64; 3]),
    Restless([f64; 3]),
}

/// Follows the maximum of the fitted polynomial from the brightest sample.
pub(super) fn find(values: &Neighbourhood, fit: &mut Fit) -> Found {
    let mut place = [0.0; 3];
    let mut calm = 0;
    for taken in 1..=MOST_STEPS {
        let Some(full) = step(values, place, fit) else {
            return Found::NoMaximum(place);
        };
        let step = full.map(|step| step.clamp(-LONGEST_STEP, LONGEST_STEP));
        for (place, step) in place.iter_mut().zip(step) {
            *place += step;
        }
        if place.iter().any(|place| place.abs() > REACH as f64) {
            return Found::Left(place);
        }
        let longest = step
            .iter()
            .fold(0.0_f64, |longest, step| longest.max(step.abs()));
        calm = if longest < LONGEST_STEP { calm + 1 } else { 0 };
        if calm == CALM_STEPS {
            return Found::At(place);
        }
        // At rest, the steps that are left to take change nothing.
        if longest < AT_REST {
            let enough = taken + CALM_STEPS - calm <= MOST_STEPS;
            return if enough {
                Found::At(place)
            } else {
                Found::Restless(place)
            };
        }
    }
    Found::Restless(place)
}

// ANCHOR: newton
/// Newton's step to the maximum of the polynomial that is fitted about `place`; `None` where the
/// curvature is that of no maximum.
fn step(values: &Neighbourhood, place: [f64; 3], fit: &mut Fit) -> Option<[f64; 3]> {
    let [x, y, z, xx, yy, zz, xy, xz, yz] = fit.low_terms(values, place)?;
    let curvature = Matrix3::new(2.0 * xx, xy, xz, xy, 2.0 * yy, yz, xz, yz, 2.0 * zz);
    if curvature.determinant() >= 0.0 {
        return None;
    }
    let step = -(curvature.try_inverse()? * Vector3::new(x, y, z));
    Some([step.x, step.y, step.z])
}
// ANCHOR_END: newton

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aet::trace::polynomial::sampled;

    /// Near its centre: the weight lies about the place, not about the centre of the ball that is cut out. The
    /// expected place is that of the same search with numpy's least squares (benches/peers/trace.py).
    #[test]
    fn a_gaussian_is_found_where_numpy_finds_it() {
        let centre = [0.4, -0.3, 0.2];
        let values = sampled(|x, y, z| {
            let [a, b, c] = centre;
            (-((x - a).powi(2) + (y - b).powi(2) + (z - c).powi(2)) / 18.0).exp()
        });
        let Found::At(place) = find(&values, &mut Fit::new()) else {
            panic!("a Gaussian has a maximum")
        };
        let expected = [0.397_067_55, -0.297_755_33, 0.198_484_54];
        for (place, expected) in place.iter().zip(expected) {
            assert!((place - expected).abs() < 1e-7, "{place} {expected}");
        }
    }

    #[test]
    fn what_has_no_maximum_is_told_apart_from_what_lies_elsewhere() {
        let saddle = find(
            &sampled(|x, y, z| 5.0 - x * x - y * y + z * z),
            &mut Fit::new(),
        );
        assert_eq!(saddle, Found::NoMaximum([0.0; 3]));
        let far = find(
            &sampled(|x, y, z| 50.0 - (x - 5.0).powi(2) - y * y - z * z),
            &mut Fit::new(),
        );
        assert!(matches!(far, Found::Left([x, ..]) if x > 3.0), "{far:?}");
    }
}
