//! Plain multislice: the probe goes through the sample at each position by itself. The reference for
//! PRISM.

use std::f64::consts::TAU;

use rayon::prelude::*;
use rustfft::num_complex::Complex;

use super::cell::{Beam, beams, intensity};
use super::options::Microscope;
use super::slices::{Stack, Work};
use super::transform::{C32, index_of, signed};
use crate::progress::Progress;

/// Where the beam stands, along x and along y, in turns of the cell (0 at its first sample, 1 at its end).
pub(super) struct Scan {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
}

/// The factor of a plane wave of `amplitude` and the phase `focus` in rad, of `k` steps, in a probe
/// that stands at `turns`.
pub(super) fn factor(amplitude: f64, focus: f64, k: i64, turns: f64) -> C32 {
    let value = Complex::from_polar(amplitude, focus - TAU * (k as f64 * turns));
    C32::new(value.re as f32, value.im as f32)
}

/// The sum of what arrives at each frequency, weighed.
pub(super) fn collect(wave: &[C32], weights: &[f32]) -> f64 {
    let parts = wave.iter().zip(weights);
    parts
        .map(|(value, weight)| f64::from(value.norm_sqr() * weight))
        .sum()
}

/// The image, by x and y: which part of the beam falls on the detector.
pub(super) fn image(
    stack: &Stack<'_>,
    scan: &Scan,
    microscope: &Microscope,
    progress: &dyn Progress,
) -> Vec<f32> {
    let optics = stack.optics;
    let beams = beams(
        &optics.cell,
        1,
        optics.wavelength,
        microscope.convergence_mrad,
    );
    let weights = weights(stack, &beams, microscope);
    let count = scan.x.len() * scan.y.len();
    let pixels = (0..count).into_par_iter();
    pixels
        .map_init(
            || stack.work(),
            |work, pixel| {
                let place = [scan.x[pixel / scan.y.len()], scan.y[pixel % scan.y.len()]];
                start(stack, &beams, place, microscope, work);
                stack.pass(work);
                progress.advance(1);
                collect(&work.spectrum, &weights) as f32
            },
        )
        .collect()
}

/// Puts the probe into the working memory, where the first slice begins.
fn start(
    stack: &Stack<'_>,
    beams: &[Beam],
    place: [f64; 2],
    microscope: &Microscope,
    work: &mut Work,
) {
    let (nx, rows) = (stack.optics.cell.size[0], stack.optics.waves.rows());
    work.spectrum.fill(C32::default());
    for beam in beams {
        let focus = stack.focus(beam.k, microscope.defocus_angstrom);
        let along_x = factor(beam.amplitude, focus, beam.k[0], place[0]);
        let along_y = factor(1.0, 0.0, beam.k[1], place[1]);
        let index = index_of(beam.k[1], rows) * nx + index_of(beam.k[0], nx);
        work.spectrum[index] = along_x * along_y;
    }
}

/// The weight on the detector of each frequency of a wave, so that the whole beam would have one.
fn weights(stack: &Stack<'_>, beams: &[Beam], microscope: &Microscope) -> Vec<f32> {
    let optics = stack.optics;
    let (nx, rows) = (optics.cell.size[0], optics.waves.rows());
    let whole = intensity(beams);
    let frequencies = (0..rows).flat_map(|row| (0..nx).map(move |column| (row, column)));
    frequencies
        .map(|(row, column)| {
            let k = [signed(column, nx), signed(row, rows)];
            let part = optics.cell.detected(k, 1, optics.wavelength, microscope);
            (part / whole) as f32
        })
        .collect()
}
