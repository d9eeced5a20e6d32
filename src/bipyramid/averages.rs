//! Averages over bipyramids: the means that the paper states, and other averages of the same bonds,
//! which it does not rule out (main text; Fig. 4b, c).

use crate::atoms::Vec3;
use crate::numerics::{mean, median};

use super::shape::{BipyramidShape, bonds, mean_of};

/// The means of the three measures of a bipyramid's distortion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanShape {
    /// The mean of `α/γ`.
    pub alpha_over_gamma: f64,
    /// The mean of `β/γ`.
    pub beta_over_gamma: f64,
    /// The mean of `θ`, in degrees.
    pub theta_deg: f64,
}

impl MeanShape {
    /// The means over these shapes; `None` of none.
    pub fn of(shapes: &[BipyramidShape]) -> Option<MeanShape> {
        Some(MeanShape {
            alpha_over_gamma: mean_of(shapes, BipyramidShape::alpha_over_gamma)?,
            beta_over_gamma: mean_of(shapes, BipyramidShape::beta_over_gamma)?,
            theta_deg: mean_of(shapes, |shape| shape.theta_deg)?,
        })
    }

    /// Whether both ratios differ by less than `ratio`, and theta by less than `theta_deg` degrees.
    pub fn is_like(&self, other: &MeanShape, ratio: f64, theta_deg: f64) -> bool {
        (self.alpha_over_gamma - other.alpha_over_gamma).abs() < ratio
            && (self.beta_over_gamma - other.beta_over_gamma).abs() < ratio
            && (self.theta_deg - other.theta_deg).abs() < theta_deg
    }
}

/// `β/γ` of many bipyramids by other averages than the mean of the ratios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaOverGamma {
    /// The mean of all `β` over the mean of all `γ`.
    pub of_means: f64,
    /// The median of all `β` over the median of all `γ`.
    pub of_medians: f64,
    /// The median of the ratios.
    pub median: f64,
    /// The inverse of the mean of `γ/β`.
    pub inverse_of_inverse: f64,
}

impl BetaOverGamma {
    /// The averages over these shapes; `None` of none.
    pub fn of(shapes: &[BipyramidShape]) -> Option<BetaOverGamma> {
        let means = |measure| mean_of(shapes, measure);
        let medians =
            |measure: fn(&BipyramidShape) -> f64| median(shapes.iter().map(measure).collect());
        Some(BetaOverGamma {
            of_means: means(|s| s.beta)? / means(|s| s.gamma)?,
            of_medians: medians(|s| s.beta)? / medians(|s| s.gamma)?,
            median: medians(BipyramidShape::beta_over_gamma)?,
            inverse_of_inverse: 1.0 / means(|s| s.gamma / s.beta)?,
        })
    }
}

/// The mean over bipyramids, each given by its capping and its ring atoms in ångström, of the median
/// of the capping–ring bonds over that of the ring bonds; `None` of none.
pub fn mean_ratio_of_medians<R: AsRef<[Vec3]>>(
    bipyramids: impl IntoIterator<Item = ([Vec3; 2], R)>,
) -> Option<f64> {
    let ratio = |(caps, ring): ([Vec3; 2], R)| {
        let (beta, gamma) = bonds(caps, ring.as_ref());
        Some(median(beta.collect())? / median(gamma.collect())?)
    };
    mean(
        &bipyramids
            .into_iter()
            .filter_map(ratio)
            .collect::<Vec<f64>>(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::ideal_bipyramid;

    fn shape(alpha: f64, beta: f64, gamma: f64, theta_deg: f64) -> BipyramidShape {
        BipyramidShape {
            alpha,
            beta,
            gamma,
            theta_deg,
        }
    }

    #[test]
    fn means_are_of_ratios_and_not_ratios_of_means() {
        let shapes = [shape(2.0, 1.0, 1.0, 4.0), shape(6.0, 3.0, 2.0, 8.0)];
        let mean = MeanShape {
            alpha_over_gamma: 2.5,
            beta_over_gamma: 1.25,
            theta_deg: 6.0,
        };
        assert_eq!(MeanShape::of(&shapes), Some(mean));
        assert_eq!(MeanShape::of(&[]), None);
        let tilted = MeanShape {
            theta_deg: 7.5,
            ..mean
        };
        assert!(mean.is_like(&tilted, 0.01, 2.0) && !mean.is_like(&tilted, 0.01, 1.0));
    }

    #[test]
    fn other_averages_are_what_they_say() {
        let shapes = [
            shape(1.0, 1.0, 1.0, 0.0),
            shape(1.0, 2.0, 1.0, 0.0),
            shape(1.0, 6.0, 4.0, 0.0),
        ];
        let expected = BetaOverGamma {
            of_means: 1.5,
            of_medians: 2.0,
            median: 1.5,
            inverse_of_inverse: 1.0 / ((1.0 + 0.5 + 4.0 / 6.0) / 3.0),
        };
        assert_eq!(BetaOverGamma::of(&shapes), Some(expected));
        assert_eq!(BetaOverGamma::of(&[]), None);
    }

    #[test]
    fn one_long_bond_does_not_move_a_median() {
        let (caps, mut ring) = ideal_bipyramid();
        let ratio = |ring| mean_ratio_of_medians([(caps, ring)]);
        assert!((ratio(ring).unwrap_or(0.0) - 1.0).abs() < 1e-12);
        // Two ring bonds and two capping bonds grow: fewer than half of each.
        ring[0] *= 1.2;
        assert!((ratio(ring).unwrap_or(0.0) - 1.0).abs() < 1e-12);
        assert_eq!(mean_ratio_of_medians::<[Vec3; 5]>([]), None);
    }
}
