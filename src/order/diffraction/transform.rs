//! The sine transform from S(Q) to the reduced pair distribution G(r), and back from a known g(r).

use std::f64::consts::PI;

use rayon::prelude::*;

/// What S(Q) is multiplied by before it is transformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Window {
    /// Nothing up to the end: the sharpest peaks, with ripples about them.
    Sharp,
    /// `sin(πQ/Qmax) / (πQ/Qmax)`: next to no ripples, peaks wider by half (E. Lorch, *J. Phys. C* 2,
    /// 229 (1969), doi 10.1088/0022-3719/2/2/305).
    #[default]
    Lorch,
}

impl Window {
    fn at(self, q: f64, q_max: f64) -> f64 {
        let turn = PI * q / q_max;
        match self {
            Window::Lorch if turn > 0.0 => turn.sin() / turn,
            _ => 1.0,
        }
    }
}

/// Points of the integral from Q = 0 to where the intensity is first known.
const LOW_POINTS: usize = 64;

/// The transform `G(r) = (2/π) ∫ Q [S(Q) − 1] sin(Qr) dQ` from known Q, in 1/Å and increasing.
///
/// Below the first Q, where the beam stop hides all, S is taken to rise with the square of Q from zero:
/// that of a dense sample without its small-angle scattering.
pub(super) struct SineTransform<'a> {
    q: &'a [f64],
    /// `(2/π) Q W(Q) dQ` at each of them.
    weights: Vec<f64>,
    /// Below the first: Q, the weight, and which part of the first value S has there.
    low: Vec<[f64; 3]>,
}

impl SineTransform<'_> {
    pub(super) fn new(q: &[f64], window: Window) -> SineTransform<'_> {
        let last = q.len() - 1;
        let weight = |k: usize| {
            let width = 0.5 * (q[(k + 1).min(last)] - q[k.saturating_sub(1)]);
            2.0 / PI * q[k] * window.at(q[k], q[last]) * width
        };
        let step = q[0] / LOW_POINTS as f64;
        let low = (1..=LOW_POINTS).map(|k| {
            let at = k as f64 * step;
            let width = if k == LOW_POINTS { 0.5 * step } else { step };
            let weight = 2.0 / PI * at * window.at(at, q[last]) * width;
            [at, weight, (at / q[0]).powi(2)]
        });
        SineTransform {
            q,
            weights: (0..q.len()).map(weight).collect(),
            low: low.collect(),
        }
    }

    /// `G(r)` as the sum of `S − 1` times these, and of a number of its own.
    pub(super) fn row(&self, r: f64) -> (Vec<f64>, f64) {
        let waves = self.q.iter().zip(&self.weights);
        let mut row: Vec<f64> = waves.map(|(q, weight)| weight * (q * r).sin()).collect();
        let mut own = 0.0;
        for [q, weight, part] in &self.low {
            let wave = weight * (q * r).sin();
            row[0] += wave * part;
            own += wave * (part - 1.0);
        }
        (row, own)
    }

    /// `G(r)` at each distance in ångström, in 1/Å².
    pub(super) fn apply(&self, s: &[f64], r: &[f64]) -> Vec<f64> {
        let at = |&r: &f64| {
            let (row, own) = self.row(r);
            own + row
                .iter()
                .zip(s)
                .map(|(weight, s)| weight * (s - 1.0))
                .sum::<f64>()
        };
        r.par_iter().map(at).collect()
    }
}

/// S(Q) of a known g(r): `1 + (4πρ/Q) ∫ r [g(r) − 1] sin(Qr) dr`, for equally spaced distances in ångström
/// beyond which g is one, an atomic density in 1/Å³ and positive Q in 1/Å.
pub fn structure_factor_of(
    r_angstrom: &[f64],
    g: &[f64],
    density_per_cubic_angstrom: f64,
    q_per_angstrom: &[f64],
) -> Vec<f64> {
    let step = match r_angstrom {
        [first, second, ..] => second - first,
        _ => 0.0,
    };
    let at = |&q: &f64| {
        let pairs = r_angstrom.iter().zip(g);
        let sum: f64 = pairs.map(|(r, g)| r * (g - 1.0) * (q * r).sin()).sum();
        1.0 + 4.0 * PI * density_per_cubic_angstrom / q * sum * step
    };
    q_per_angstrom.par_iter().map(at).collect()
}
