//! Two Gaussians in a histogram: where the classification begins.

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{Dyn, OMatrix, OVector, U6, Vector6, storage::Owned};

use crate::aet::otsu::otsu;
use crate::numerics::Histogram;

/// A Gaussian of a histogram: counts at its middle, middle, standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bump {
    pub(super) height: f64,
    pub(super) middle: f64,
    pub(super) sigma: f64,
}

/// Places between the two middles at which their curves are compared.
const PLACES: usize = 1_000;

impl Bump {
    fn at(&self, x: f64) -> f64 {
        self.height * (-0.5 * ((x - self.middle) / self.sigma).powi(2)).exp()
    }
}

/// Where two fitted Gaussians cross; Otsu's threshold where they cannot be fitted.
pub(super) fn crossing(histogram: &Histogram) -> Option<f64> {
    let first = otsu(histogram)?;
    let cross = fit(histogram, first).and_then(|[low, high]| {
        let step = (high.middle - low.middle) / PLACES as f64;
        let between = (0..=PLACES).map(|k| low.middle + step * k as f64);
        let mut between = between.filter(|&x| low.at(x) <= high.at(x));
        between.next()
    });
    Some(cross.unwrap_or(first))
}

/// The two Gaussians, the lower one first, begun from the two sides of `threshold`.
pub(super) fn fit(histogram: &Histogram, threshold: f64) -> Option<[Bump; 2]> {
    let points: Vec<(f64, f64)> = (0..histogram.counts.len())
        .map(|bin| (histogram.bins.middle(bin), histogram.counts[bin] as f64))
        .collect();
    let sides = [true, false].map(|below| side(&points, |x| (x < threshold) == below));
    let [Some(low), Some(high)] = sides else {
        return None;
    };
    let start = Vector6::new(
        low.height,
        low.middle,
        low.sigma,
        high.height,
        high.middle,
        high.sigma,
    );
    let mixture = Mixture {
        points: &points,
        parameters: start,
    };
    let (fitted, report) = LevenbergMarquardt::new().minimize(mixture);
    let [low, high] = fitted.bumps();
    let is_fit = report.termination.was_successful()
        && [low, high]
            .iter()
            .all(|b| b.height > 0.0 && b.sigma.is_finite() && b.sigma != 0.0)
        && low.middle < high.middle;
    is_fit.then_some([low, high])
}

/// The Gaussian with the moments of a part of a histogram.
fn side(points: &[(f64, f64)], belongs: impl Fn(f64) -> bool) -> Option<Bump> {
    let own = || points.iter().filter(|(x, _)| belongs(*x));
    let count: f64 = own().map(|(_, n)| n).sum();
    let middle = own().map(|(x, n)| x * n).sum::<f64>() / count;
    let variance = own().map(|(x, n)| n * (x - middle).powi(2)).sum::<f64>() / count;
    let height = own().map(|(_, n)| *n).fold(0.0, f64::max);
    (count > 0.0 && variance > 0.0).then(|| Bump {
        height,
        middle,
        sigma: variance.sqrt(),
    })
}

struct Mixture<'a> {
    points: &'a [(f64, f64)],
    parameters: Vector6<f64>,
}

impl Mixture<'_> {
    fn bumps(&self) -> [Bump; 2] {
        let p = &self.parameters;
        [0, 3].map(|k| Bump {
            height: p[k],
            middle: p[k + 1],
            sigma: p[k + 2].abs(),
        })
    }
}

impl LeastSquaresProblem<f64, Dyn, U6> for Mixture<'_> {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, U6>;
    type ParameterStorage = Owned<f64, U6>;

    fn set_params(&mut self, parameters: &Vector6<f64>) {
        self.parameters = *parameters;
    }

    fn params(&self) -> Vector6<f64> {
        self.parameters
    }

    fn residuals(&self) -> Option<OVector<f64, Dyn>> {
        let [low, high] = self.bumps();
        let residuals = self
            .points
            .iter()
            .map(|&(x, count)| low.at(x) + high.at(x) - count);
        Some(OVector::<f64, Dyn>::from_iterator(
            self.points.len(),
            residuals,
        ))
    }

    fn jacobian(&self) -> Option<OMatrix<f64, Dyn, U6>> {
        let bumps = self.bumps();
        Some(OMatrix::<f64, Dyn, U6>::from_fn(
            self.points.len(),
            |row, column| {
                let (x, bump) = (self.points[row].0, bumps[column / 3]);
                let from = (x - bump.middle) / bump.sigma;
                match column % 3 {
                    0 => bump.at(x) / bump.height,
                    1 => bump.at(x) * from / bump.sigma,
                    // The width counts by its absolute value.
                    _ => bump.at(x) * from * from / bump.sigma * self.parameters[column].signum(),
                }
            },
        ))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::numerics::Bins;

    #[test]
    fn two_gaussians_are_found_and_cross_where_they_are_equal() {
        let truth = [
            Bump {
                height: 900.0,
                middle: 20.0,
                sigma: 6.0,
            },
            Bump {
                height: 300.0,
                middle: 60.0,
                sigma: 8.0,
            },
        ];
        let bins = Bins {
            low: 0.0,
            width: 1.0,
        };
        let count = |k| {
            truth
                .iter()
                .map(|b| b.at(bins.middle(k)))
                .sum::<f64>()
                .round() as u64
        };
        let histogram = Histogram {
            bins,
            counts: (0..100).map(count).collect(),
        };
        let found = fit(&histogram, otsu(&histogram).unwrap()).unwrap();
        for (found, truth) in found.iter().zip(truth) {
            assert!((found.middle - truth.middle).abs() < 0.05, "{found:?}");
            assert!((found.sigma - truth.sigma).abs() < 0.05, "{found:?}");
        }
        let cut = crossing(&histogram).unwrap();
        assert!((truth[0].at(cut) - truth[1].at(cut)).abs() < 2.0, "{cut}");
    }
}
