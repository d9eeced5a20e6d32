//! Patterns of known truth for the tests: hard spheres in the Percus–Yevick approximation, a powder of
//! gold, the noise of counting.

use std::f64::consts::{PI, TAU};

use ndarray::Array2;
use rand::SeedableRng;
use rand_distr::{Distribution, Poisson};
use rand_pcg::Pcg64Mcg;

use super::calibration::{GOLD_LATTICE_ANGSTROM, face_centred_rings};
use super::simulated::{BeamStop, powder_intensity};
use crate::atoms::{Element, ScatteringFactor};

/// The diameter of the spheres in ångström and the part of space that they fill.
const DIAMETER: f64 = 2.6;
const FILLED: f64 = 0.46;
/// How far the spheres are from their places, in ångström, so that the edge of g(r) is seen to 16 1/Å.
const SPREAD: f64 = 0.15;

/// Spheres per cubic ångström.
pub(super) fn density() -> f64 {
    6.0 * FILLED / (PI * DIAMETER.powi(3))
}

/// S(Q) of the spheres: Wertheim's solution (doi 10.1103/PhysRevLett.10.321), its g(r) smeared.
pub(super) fn hard_spheres(q: f64) -> f64 {
    let base = (1.0 - FILLED).powi(4);
    let first = (1.0 + 2.0 * FILLED).powi(2) / base;
    let second = -(1.0 + 0.5 * FILLED).powi(2) / base;
    let points = 200;
    let integrand = |k: usize| {
        let x = k as f64 / points as f64;
        let phase = q * DIAMETER * x;
        let wave = if phase > 0.0 {
            phase.sin() / phase
        } else {
            1.0
        };
        let direct = first + 6.0 * FILLED * second * x + 0.5 * FILLED * first * x.powi(3);
        let simpson = [2.0, 4.0][k % 2] / if k == 0 || k == points { 2.0 } else { 1.0 };
        simpson * x * x * direct * wave
    };
    let sum: f64 = (0..=points).map(integrand).sum::<f64>() / (3.0 * points as f64);
    let s = 1.0 / (1.0 + 24.0 * FILLED * sum);
    1.0 + (s - 1.0) * (-0.5 * (q * SPREAD).powi(2)).exp()
}

/// `f²` of palladium at Q.
pub(super) fn factor2(q: f64) -> f64 {
    palladium().at(q / TAU).powi(2)
}

pub(super) fn palladium() -> ScatteringFactor {
    ScatteringFactor::of(Element::Pd).expect("palladium is in the table")
}

/// A smooth background, as of inelastic scattering.
pub(super) fn inelastic(q: f64) -> f64 {
    0.5 * factor2(1.2) * (-q / 2.5).exp() + factor2(16.0)
}

/// The intensity of the spheres at so many 1/Å of s a pixel, by distance from the centre in pixels.
pub(super) fn sphere_profile(s_per_px: f64) -> impl Fn(f64) -> f64 {
    let table: Vec<f64> = (0..2000)
        .map(|k| hard_spheres(0.01 * f64::from(k)))
        .collect();
    move |radius: f64| {
        let q = TAU * s_per_px * radius;
        let place = (q / 0.01).min(1998.0);
        let k = place as usize;
        let s = table[k] + (place - k as f64) * (table[k + 1] - table[k]);
        factor2(q) * s + inelastic(q)
    }
}

/// The intensity of a powder of gold with rings of a width in 1/Å.
pub(super) fn gold_profile(s_per_px: f64, width: f64) -> impl Fn(f64) -> f64 {
    let rings = face_centred_rings(GOLD_LATTICE_ANGSTROM, 3.0);
    let gold = ScatteringFactor::of(Element::Au).expect("gold is in the table");
    move |radius: f64| {
        let s = s_per_px * radius;
        0.004 * powder_intensity(&rings, &gold, width, s)
            + 300.0 * (-s / 0.25).exp()
            + 30.0 * gold.at(s).powi(2)
            + 1.0
    }
}

/// The beam stop of the tests, for a centre and a side of the pattern in pixels.
pub(super) fn stop(centre: [f64; 2], side: usize) -> BeamStop {
    let unit = side as f64 / 1024.0;
    BeamStop {
        middle_px: [centre[0] + 4.0 * unit, centre[1] - 3.0 * unit],
        radius_px: 32.0 * unit,
        arm_px: 12.0 * unit,
        arm_deg: 130.0,
        transmitted: 0.03,
    }
}

/// The pattern as it is counted, where an intensity of `unit` counts so many electrons.
pub(super) fn counted(pattern: &Array2<f32>, unit: f64, electrons: f64, seed: u64) -> Array2<f32> {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    pattern.mapv(|value| {
        let expected = f64::from(value) / unit * electrons;
        let drawn = Poisson::new(expected.max(1e-9)).map(|law| law.sample(&mut random));
        drawn.unwrap_or_default() as f32
    })
}

/// The correlation coefficient of two curves.
pub(super) fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let [mean_a, mean_b] = [a, b].map(|line| line.iter().sum::<f64>() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        let pairs = a.iter().zip(b);
        pairs.map(|(x, y)| f(x - mean_a, y - mean_b)).sum()
    };
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

/// The root of the mean square of the differences.
pub(super) fn deviation(a: &[f64], b: &[f64]) -> f64 {
    let squares: f64 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum();
    (squares / a.len() as f64).sqrt()
}
