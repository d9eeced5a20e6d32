//! The least-squares fit of the decay of the bond order away from the nuclei.

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{Dyn, Matrix3, OMatrix, OVector, U3, Vector3, storage::Owned};

/// The fit of `y = a exp(−x/d) + b` (Methods, "Quantifying the crystalline–amorphous interface").
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InterfaceFit {
    /// What remains to decay at the surface, `a`.
    pub a: f64,
    /// The bond order far away, `b`.
    pub b: f64,
    /// The characteristic width `d` of the interface, in ångström.
    pub width_angstrom: f64,
    /// The standard error of the width, from the scatter about the curve, in ångström.
    pub width_error_angstrom: f64,
}

impl InterfaceFit {
    /// The fitted curve at a distance in ångström.
    pub fn at(&self, distance_angstrom: f64) -> f64 {
        self.a * (-distance_angstrom / self.width_angstrom).exp() + self.b
    }
}

/// A point of the profile: distance, mean bond order, and the number of atoms, its weight.
pub(super) type Point = (f64, f64, f64);

/// Fits the decay to at least four points; `None` when there are fewer, or they do not decay.
pub(super) fn fit(points: &[Point]) -> Option<InterfaceFit> {
    if points.len() < 4 {
        return None;
    }
    let (first, last) = (points[0], points[points.len() - 1]);
    let start = Vector3::new(first.1 - last.1, 4.0, last.1);
    let decay = Decay {
        points,
        parameters: start,
    };
    let (decay, report) = LevenbergMarquardt::new().minimize(decay);
    let [a, width_angstrom, b]: [f64; 3] = decay.parameters.into();
    let found =
        report.termination.was_successful() && [a, width_angstrom, b].iter().all(|x| x.is_finite());
    if !found || width_angstrom <= 0.0 {
        return None;
    }
    let freedom = (points.len() - 3) as f64;
    let scatter = 2.0 * report.objective_function / freedom;
    let jacobian = decay.jacobian()?;
    let normal: Matrix3<f64> = jacobian.transpose() * jacobian;
    let variance = scatter * normal.try_inverse()?[(1, 1)];
    (variance >= 0.0).then(|| InterfaceFit {
        a,
        b,
        width_angstrom,
        width_error_angstrom: variance.sqrt(),
    })
}

/// The residuals, each by the square root of its weight; the parameters are a, d, b.
struct Decay<'a> {
    points: &'a [Point],
    parameters: Vector3<f64>,
}

impl LeastSquaresProblem<f64, Dyn, U3> for Decay<'_> {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, U3>;
    type ParameterStorage = Owned<f64, U3>;

    fn set_params(&mut self, parameters: &Vector3<f64>) {
        self.parameters = *parameters;
    }

    fn params(&self) -> Vector3<f64> {
        self.parameters
    }

    // ANCHOR: decay
    fn residuals(&self) -> Option<OVector<f64, Dyn>> {
        let [a, d, b]: [f64; 3] = self.parameters.into();
        let residual = |&(x, y, weight): &Point| weight.sqrt() * (a * (-x / d).exp() + b - y);
        let residuals = self.points.iter().map(residual);
        Some(OVector::<f64, Dyn>::from_iterator(
            self.points.len(),
            residuals,
        ))
    }
    // ANCHOR_END: decay

    fn jacobian(&self) -> Option<OMatrix<f64, Dyn, U3>> {
        let [a, d, _]: [f64; 3] = self.parameters.into();
        Some(OMatrix::<f64, Dyn, U3>::from_fn(
            self.points.len(),
            |row, column| {
                let (x, _, weight) = self.points[row];
                let decay = (-x / d).exp();
                let by = [decay, a * x / (d * d) * decay, 1.0];
                weight.sqrt() * by[column]
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_decay_is_found_again() {
        let exact = |x: f64| 0.4 * (-x / 3.2).exp() + 0.15;
        let points: Vec<Point> = (0..18)
            .map(|k| f64::from(k) - 2.5)
            .map(|x| (x, exact(x), 100.0 + 10.0 * x))
            .collect();
        let found = fit(&points).map(|fit| [fit.a, fit.width_angstrom, fit.b]);
        let found = found.unwrap_or_default();
        for (found, expected) in found.iter().zip([0.4, 3.2, 0.15]) {
            assert!((found - expected).abs() < 1e-7, "{found} {expected}");
        }
    }

    #[test]
    fn what_does_not_decay_has_no_width() {
        assert_eq!(fit(&[(0.0, 1.0, 1.0); 3]), None);
        let flat: Vec<Point> = (0..10).map(|k| (f64::from(k), 0.2, 1.0)).collect();
        assert_eq!(fit(&flat), None);
    }
}
