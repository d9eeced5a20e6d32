//! From the intensity of an amorphous sample to its structure factor (Methods, "Electron diffraction
//! experiments"): scale and background.

use std::f64::consts::{PI, TAU};

use nalgebra::{DMatrix, DVector};

use super::calibration::Calibration;
use super::error::DiffractionError;
use super::radial::RadialMean;
use super::transform::{SineTransform, Window};
use crate::atoms::ScatteringFactor;

/// Circles of which less is seen are not used.
const LEAST_SEEN: f64 = 0.25;
/// A shorter range of Q in 1/Å makes no pair distribution.
const LEAST_RANGE: f64 = 8.0;
/// The spacing in ångström of the distances below the first peak.
const STEP_ANGSTROM: f64 = 0.05;
/// The distance of the first peak of g(r) times the Q of the first peak of S(Q), of dense disordered
/// packings: Ehrenfest's relation.
const EHRENFEST: f64 = 1.23 * TAU;
/// Where the search for the valley before the first peak begins, in parts of that distance.
const FIRST_GUESS: f64 = 0.6;
const MOST_ROUNDS: usize = 8;

/// The intensity by momentum transfer, Q increasing.
#[derive(Debug, Clone, PartialEq)]
pub struct Intensity {
    /// `Q = 4π sin θ / λ = 2π s`, in 1/Å.
    pub q_per_angstrom: Vec<f64>,
    /// In any unit.
    pub intensity: Vec<f64>,
    /// Its standard error.
    pub standard_error: Vec<f64>,
}

impl Intensity {
    /// That of a radial mean, at a scale; circles of which less than a quarter is seen are left out.
    pub fn of(radial: &RadialMean, calibration: &Calibration) -> Intensity {
        let seen = |&k: &usize| radial.seen(k) >= LEAST_SEEN && radial.radius_px[k] > 0.5;
        let bins: Vec<usize> = (0..radial.mean.len()).filter(seen).collect();
        let q = |&k: &usize| TAU * calibration.s_per_px * radial.radius_px[k];
        Intensity {
            q_per_angstrom: bins.iter().map(q).collect(),
            intensity: bins.iter().map(|&k| radial.mean[k]).collect(),
            standard_error: bins.iter().map(|&k| radial.standard_error[k]).collect(),
        }
    }
}

/// How the structure factor is found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StructureFactorOptions {
    /// Where the intensity is used from, in 1/Å: below the first peak, above small-angle scattering.
    pub q_min_per_angstrom: f64,
    /// Where it is used to, in 1/Å.
    pub q_max_per_angstrom: f64,
    /// The degree of the polynomial of Q that is the background.
    pub degree: usize,
    /// Atoms per cubic ångström, where that is known; otherwise it is found.
    pub density_per_cubic_angstrom: Option<f64>,
}

impl Default for StructureFactorOptions {
    fn default() -> StructureFactorOptions {
        StructureFactorOptions {
            q_min_per_angstrom: 1.2,
            q_max_per_angstrom: 16.0,
            degree: 4,
            density_per_cubic_angstrom: None,
        }
    }
}

/// A structure factor, by Q.
#[derive(Debug, Clone, PartialEq)]
pub struct StructureFactor {
    /// `Q = 4π sin θ / λ`, in 1/Å, increasing.
    pub q_per_angstrom: Vec<f64>,
    /// S at each; 1 where the atoms scatter as if they were alone.
    pub s: Vec<f64>,
}

/// The structure factor of an intensity, and what it was found with.
#[derive(Debug, Clone, PartialEq)]
pub struct Normalised {
    /// S(Q).
    pub structure_factor: StructureFactor,
    /// The standard error of S from that of the intensity.
    pub standard_error: Vec<f64>,
    /// The scale N: the intensity is `N f²(Q) S(Q)` and the background.
    pub scale: f64,
    /// The background at each Q, in units of the intensity.
    pub background: Vec<f64>,
    /// Atoms per cubic ångström, from the slope of G(r) below the first peak, or as given.
    pub density_per_cubic_angstrom: f64,
    /// The valley before the first peak of G(r), in ångström.
    pub valley_angstrom: f64,
}

/// Finds scale and background of `I(Q) = N f²(Q) S(Q) + B(Q)`, `B` a polynomial, and so S(Q), for one
/// element whose scattering factor is `factor`.
///
/// In Q nothing tells scale from background: both are smooth, S oscillates about one with a first peak
/// that is all on one side, and a least-squares fit of `N f² + B` to I trades one for the other (in the
/// test of this by a factor of ten). They differ in r. What is smooth in Q lies at small r after the sine
/// transform, where a dense sample has no pairs and `G(r) = −4πρr` is a straight line (R. Kaplow, S. L.
/// Strong, B. L. Averbach, *Phys. Rev.* 138, A1336 (1965), doi 10.1103/PhysRev.138.A1336). `S − 1` is
/// linear in 1/N and in the coefficients of B/N, G in `S − 1`, and the line in ρ: one linear least-squares
/// problem over the distances up to the valley before the first peak. The −1, the scattering of each
/// atom alone, is its right-hand side and sets the absolute scale, as the integral condition of Krogh-Moe
/// (*Acta Cryst.* 9, 951 (1956), doi 10.1107/S0365110X56002655) and Norman (*Acta Cryst.* 10, 370 (1957),
/// doi 10.1107/S0365110X57001085) does with the single distance r = 0. The valley is looked for in the
/// G(r) that comes out, and the fit repeated. That S tends to one is not asked for, it follows: the transform
/// of the fit ends sharply at the highest Q, and what S is off there would ripple through all r.
///
/// A background that is no polynomial of this degree leaves N and ρ uncertain by some ten per cent, in
/// the same proportion, so that `g(r) = 1 + G / (4πρr)` hardly feels it; a known density helps.
/// SUEPDF, which the paper used, draws the background through points where S is supposed to be known
/// (D. T. Tran, G. Svensson, C.-W. Tai, *J. Appl. Cryst.* 50, 304 (2017), doi 10.1107/S160057671601863X).
///
/// # Errors
/// [`DiffractionError`]: too short a range, no first peak, a fit without solution.
pub fn structure_factor(
    intensity: &Intensity,
    factor: &ScatteringFactor,
    options: &StructureFactorOptions,
) -> Result<Normalised, DiffractionError> {
    let problem = Problem::new(intensity, factor, options)?;
    let first_peak = EHRENFEST / problem.q_of_ring();
    let mut valley = FIRST_GUESS * first_peak;
    let mut before = f64::INFINITY;
    for round in 0.. {
        let solved = problem.solve(valley)?;
        let found = valley_before_peak(&problem.q, &solved.s, first_peak);
        let found = found.ok_or(DiffractionError::NoFirstPeak)?;
        let is_settled = (found - valley).abs() < 0.5 * STEP_ANGSTROM || found == before;
        if is_settled || round == MOST_ROUNDS {
            return problem.normalised(solved, found);
        }
        (before, valley) = (valley, found);
    }
    Err(DiffractionError::NoFirstPeak)
}

/// The valley before the first peak of G(r), which lies near a distance, in ångström.
pub(super) fn valley_before_peak(q: &[f64], s: &[f64], near: f64) -> Option<f64> {
    const STEP: f64 = 0.01;
    let first = (0.3 * near / STEP) as usize;
    let r: Vec<f64> = (first..(1.5 * near / STEP) as usize)
        .map(|k| k as f64 * STEP)
        .collect();
    let reduced = SineTransform::new(q, Window::Lorch).apply(s, &r);
    let peak = summit(&r, &reduced, near)?;
    let falls = (1..=peak).rev().find(|&k| reduced[k - 1] >= reduced[k]);
    falls.map(|k| r[k])
}

/// The highest of the summits near a distance.
pub(super) fn summit(r: &[f64], reduced: &[f64], near: f64) -> Option<usize> {
    let inside = (1..r.len().saturating_sub(1)).filter(|&k| (r[k] / near - 1.0).abs() < 0.3);
    inside
        .filter(|&k| reduced[k] >= reduced[k - 1] && reduced[k] > reduced[k + 1])
        .max_by(|&a, &b| reduced[a].total_cmp(&reduced[b]))
}

/// The least-squares problem.
struct Problem {
    q: Vec<f64>,
    /// `I / f²`, in units of its mean at large Q.
    measured: Vec<f64>,
    errors: Vec<f64>,
    unit: f64,
    factor2: Vec<f64>,
    /// The polynomials over `f²`.
    smooth: Vec<Vec<f64>>,
    density: Option<f64>,
}

struct Solved {
    s: Vec<f64>,
    /// 1/N in units of the problem, and the coefficients of the background.
    scale: f64,
    coefficients: Vec<f64>,
    density: f64,
}

impl Problem {
    fn new(
        intensity: &Intensity,
        factor: &ScatteringFactor,
        options: &StructureFactorOptions,
    ) -> Result<Problem, DiffractionError> {
        let range = options.q_min_per_angstrom..=options.q_max_per_angstrom;
        let used: Vec<usize> = (0..intensity.q_per_angstrom.len())
            .filter(|&k| range.contains(&intensity.q_per_angstrom[k]))
            .collect();
        let q: Vec<f64> = used.iter().map(|&k| intensity.q_per_angstrom[k]).collect();
        let (low, high) = (q.first().copied(), q.last().copied());
        let (low, high) = (low.unwrap_or_default(), high.unwrap_or_default());
        if !(high - low >= LEAST_RANGE && low > 0.0 && q.len() > 2 * options.degree + 10) {
            let least = LEAST_RANGE;
            return Err(DiffractionError::ShortRange { low, high, least });
        }
        let factor2: Vec<f64> = q.iter().map(|q| factor.at(q / TAU).powi(2)).collect();
        let over = |values: &[f64]| -> Vec<f64> {
            used.iter()
                .zip(&factor2)
                .map(|(&k, f2)| values[k] / f2)
                .collect()
        };
        let (raw, errors) = (over(&intensity.intensity), over(&intensity.standard_error));
        let tail = &raw[raw.len() * 2 / 3..];
        let unit = tail.iter().sum::<f64>() / tail.len() as f64;
        if !(unit > 0.0 && unit.is_finite()) {
            return Err(DiffractionError::Degenerate);
        }
        let end = factor2[factor2.len() - 1];
        let at = |q: f64| 2.0 * (q - low) / (high - low) - 1.0;
        let smooth = (0..=options.degree).map(|degree| {
            let terms = q.iter().zip(&factor2);
            terms
                .map(|(&q, f2)| chebyshev(degree, at(q)) * end / f2)
                .collect()
        });
        Ok(Problem {
            measured: raw.into_iter().map(|value| value / unit).collect(),
            errors: errors.into_iter().map(|error| error / unit).collect(),
            smooth: smooth.collect(),
            unit,
            q,
            factor2,
            density: options
                .density_per_cubic_angstrom
                .filter(|density| *density > 0.0),
        })
    }

    /// Where the first ring is: the highest of `Q I(Q)`, in 1/Å.
    fn q_of_ring(&self) -> f64 {
        let rise = |k: usize| self.measured[k] * self.factor2[k] * self.q[k];
        let best = (0..self.q.len()).max_by(|&a, &b| rise(a).total_cmp(&rise(b)));
        self.q[best.unwrap_or_default()]
    }

    /// The scale, background and density for which G(r) is a straight line from the origin up to a
    /// distance.
    fn solve(&self, valley: f64) -> Result<Solved, DiffractionError> {
        // Without a window a background that is wrong at the end of the range ripples through all r.
        let transform = SineTransform::new(&self.q, Window::Sharp);
        let distances = 1..=(valley / STEP_ANGSTROM) as usize;
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let unknowns = self.smooth.len() + 2;
        let (mut rows, mut right) = (Vec::new(), Vec::new());
        // ANCHOR: line
        for r in distances.map(|k| k as f64 * STEP_ANGSTROM) {
            let (waves, own) = transform.row(r);
            rows.push(dot(&waves, &self.measured));
            rows.extend(self.smooth.iter().map(|smooth| -dot(&waves, smooth)));
            let line = 4.0 * PI * r;
            rows.push(if self.density.is_some() { 0.0 } else { line });
            right.push(waves.iter().sum::<f64>() - own - line * self.density.unwrap_or_default());
        }
        // ANCHOR_END: line
        let known = right.len();
        if known < unknowns {
            return Err(DiffractionError::Degenerate);
        }
        let mut matrix = DMatrix::from_row_iterator(known, unknowns, rows);
        let norms: Vec<f64> = matrix
            .column_iter()
            .map(|column| column.norm().max(1e-300))
            .collect();
        for (mut column, norm) in matrix.column_iter_mut().zip(&norms) {
            column /= *norm;
        }
        let solved = matrix
            .svd(true, true)
            .solve(&DVector::from_vec(right), 1e-12);
        let solved = solved.map_err(|_| DiffractionError::Degenerate)?;
        let value = |k: usize| solved[k] / norms[k];
        let coefficients: Vec<f64> = (1..=self.smooth.len()).map(value).collect();
        let (scale, density) = (value(0), self.density.unwrap_or(value(unknowns - 1)));
        if !(scale > 0.0 && density > 0.0 && scale.is_finite()) {
            return Err(DiffractionError::Degenerate);
        }
        let s = (0..self.q.len()).map(|k| {
            let under = self
                .smooth
                .iter()
                .zip(&coefficients)
                .map(|(smooth, c)| c * smooth[k]);
            scale * self.measured[k] - under.sum::<f64>()
        });
        Ok(Solved {
            s: s.collect(),
            scale,
            coefficients,
            density,
        })
    }

    fn normalised(self, solved: Solved, valley: f64) -> Result<Normalised, DiffractionError> {
        let scale = self.unit / solved.scale;
        let background = (0..self.q.len()).map(|k| {
            let terms = self.smooth.iter().zip(&solved.coefficients);
            scale * self.factor2[k] * terms.map(|(smooth, c)| c * smooth[k]).sum::<f64>()
        });
        Ok(Normalised {
            standard_error: self
                .errors
                .iter()
                .map(|error| solved.scale * error)
                .collect(),
            scale,
            background: background.collect(),
            density_per_cubic_angstrom: solved.density,
            valley_angstrom: valley,
            structure_factor: StructureFactor {
                q_per_angstrom: self.q,
                s: solved.s,
            },
        })
    }
}

/// Chebyshev's polynomial of a degree between −1 and 1.
fn chebyshev(degree: usize, x: f64) -> f64 {
    (degree as f64 * x.clamp(-1.0, 1.0).acos()).cos()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::super::known::{
        correlation, density, deviation, factor2, hard_spheres, inelastic, palladium,
    };
    use super::super::pairs::diffraction_pairs;
    use super::*;

    const N: f64 = 7.0;

    fn intensity(background: impl Fn(f64) -> f64) -> (Intensity, Vec<f64>) {
        let q: Vec<f64> = (0..760).map(|k| 1.2 + 0.02 * f64::from(k)).collect();
        let s: Vec<f64> = q.iter().map(|&q| hard_spheres(q)).collect();
        let terms = q.iter().zip(&s);
        let values = terms
            .map(|(&q, s)| N * (factor2(q) * s + background(q)))
            .collect();
        let known = Intensity {
            standard_error: vec![0.0; q.len()],
            q_per_angstrom: q,
            intensity: values,
        };
        (known, s)
    }

    /// A polynomial of the fourth degree, at low Q a third of what the atoms scatter, at high Q thrice.
    fn quartic(q: f64) -> f64 {
        0.3 * factor2(1.2) * (1.0 - q / 20.0).powi(4) + 3.0 * factor2(16.0)
    }

    /// Scale and S by least squares of the intensity alone, each value in units of f² or not.
    fn one_shot(known: &Intensity, in_units: bool) -> (f64, Vec<f64>) {
        let q = &known.q_per_angstrom;
        let x = |k: usize| 2.0 * (q[k] - q[0]) / (q[q.len() - 1] - q[0]) - 1.0;
        let weight = |k: usize| if in_units { factor2(q[k]).recip() } else { 1.0 };
        let entry = |k: usize, column: usize| match column {
            0 => factor2(q[k]) * weight(k),
            degree => chebyshev(degree - 1, x(k)) * weight(k),
        };
        let design = DMatrix::from_fn(q.len(), 6, entry);
        let right = DVector::from_fn(q.len(), |k, _| known.intensity[k] * weight(k));
        let fitted = design.clone().svd(true, true).solve(&right, 0.0).unwrap();
        let s = (0..q.len()).map(|k| {
            let under: f64 = (1..6)
                .map(|column| design[(k, column)] * fitted[column])
                .sum();
            (known.intensity[k] - under / weight(k)) / (fitted[0] * factor2(q[k]))
        });
        (fitted[0], s.collect())
    }

    #[test]
    fn scale_and_background_are_found_where_a_fit_of_both_to_the_intensity_fails() {
        let (known, truth) = intensity(quartic);
        // By least squares N is −5.9 times the true one, or 0.08 times where each value is in units of f²,
        // and S is off by 0.39 or 3.3 where it oscillates by 0.31; below N is within 0.1 %, S within 0.0003.
        let amplitude = deviation(&truth, &vec![1.0; truth.len()]);
        for in_units in [false, true] {
            let (scale, s) = one_shot(&known, in_units);
            let off = deviation(&s, &truth);
            assert!(
                (scale / N - 1.0).abs() > 0.5 && off > amplitude,
                "{} {off}",
                scale / N
            );
        }
        let found =
            structure_factor(&known, &palladium(), &StructureFactorOptions::default()).unwrap();
        let off = deviation(
            &found.structure_factor.s,
            &truth[..found.structure_factor.s.len()],
        );
        assert!((found.scale / N - 1.0).abs() < 0.03, "{}", found.scale / N);
        assert!(off < 0.01, "{off}");
        let tail = &found.structure_factor.s[600..];
        assert!((tail.iter().sum::<f64>() / tail.len() as f64 - 1.0).abs() < 0.002);
        let density_off = found.density_per_cubic_angstrom / density() - 1.0;
        assert!(density_off.abs() < 0.1, "{density_off}");
    }

    #[test]
    fn twelve_inverse_angstrom_are_enough() {
        let (known, truth) = intensity(quartic);
        let options = StructureFactorOptions {
            q_max_per_angstrom: 12.0,
            ..StructureFactorOptions::default()
        };
        let found = structure_factor(&known, &palladium(), &options).unwrap();
        let s = &found.structure_factor.s;
        assert!(deviation(s, &truth[..s.len()]) < 0.03);
        assert!((found.scale / N - 1.0).abs() < 0.1);
    }

    #[test]
    fn a_background_that_is_no_polynomial_hardly_touches_the_pairs() {
        let (known, truth) = intensity(inelastic);
        let options = StructureFactorOptions::default();
        let exact = {
            let q_per_angstrom = known.q_per_angstrom.clone();
            diffraction_pairs(
                &StructureFactor {
                    q_per_angstrom,
                    s: truth,
                },
                Window::Lorch,
                10.0,
            )
            .unwrap()
        };
        for density in [None, Some(density())] {
            let options = StructureFactorOptions {
                density_per_cubic_angstrom: density,
                ..options
            };
            let found = structure_factor(&known, &palladium(), &options).unwrap();
            let pairs = diffraction_pairs(&found.structure_factor, Window::Lorch, 10.0).unwrap();
            let alike = correlation(&pairs.g[100..], &exact.g[100..]);
            assert!(alike > 0.99, "{alike}");
            assert!((pairs.first_peak_angstrom - exact.first_peak_angstrom).abs() < 0.03);
            assert!((found.scale / N - 1.0).abs() < 0.3);
        }
    }

    #[test]
    fn a_short_range_and_a_wrong_intensity_are_refused() {
        let (known, _) = intensity(quartic);
        let options = StructureFactorOptions {
            q_max_per_angstrom: 8.0,
            ..StructureFactorOptions::default()
        };
        let refused = structure_factor(&known, &palladium(), &options).unwrap_err();
        assert!(matches!(refused, DiffractionError::ShortRange { .. }));
        let flipped = Intensity {
            intensity: known.intensity.iter().map(|i| -i).collect(),
            ..known
        };
        let options = StructureFactorOptions::default();
        assert!(structure_factor(&flipped, &palladium(), &options).is_err());
    }
}
