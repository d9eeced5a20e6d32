//! The sample as a stack of slices, and the way of a wave through it (Kirkland, *Advanced Computing
//! in Electron Microscopy*, 2nd ed., Springer 2010, chapter 6, doi 10.1007/978-1-4419-6533-2).
//!
//! The potential of an atom, projected along the beam without bounds, is the scattering factor in
//! Fourier space, and its place a ramp of phase: exact wherever it lies between the samples. A slice
//! turns the phase of the wave, `t = exp(iσv)`, and then the wave propagates by its thickness,
//! `exp(−iπλ Δz q²)`; both are bounded to two thirds of Nyquist's frequency.

use std::f64::consts::{PI, TAU};

use rayon::prelude::*;

use super::cell::{Cell, MOST_SAMPLES};
use super::electron::{
    POTENTIAL_VOLT_ANGSTROM2, interaction_per_volt_angstrom, wavelength_angstrom,
};
use super::error::MultisliceError;
use super::options::{Microscope, Sampling};
use super::specimen::Specimen;
use super::transform::{C32, Transform, add_scaled, signed};
use crate::atoms::ScatteringFactor;
use crate::numerics::Vec3;

/// What belongs to a cell, whatever the atoms: transforms, propagation, scattering factor.
pub(super) struct Optics {
    pub(super) cell: Cell,
    pub(super) wavelength: f64,
    /// The transforms of waves, which keep frequencies within the limit.
    pub(super) waves: Transform,
    /// The transforms of potentials, which keep all frequencies.
    potentials: Transform,
    /// By the frequencies of `waves`: propagation by a slice, and the normalisation of the transforms.
    propagator: Vec<C32>,
    /// By the frequencies of `potentials` from zero up along y: phase in rad of one atom.
    factor: Vec<f32>,
}

/// The numbers of the slices that hold atoms, from the first to the last.
///
/// # Errors
/// [`MultisliceError::Large`].
pub(super) fn slice_range(
    positions: &[Vec3],
    thickness: f64,
) -> Result<(i64, i64), MultisliceError> {
    let slices = positions.iter().map(|place| (place.z / thickness).floor());
    let (first, last) = slices.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), slice| {
        (low.min(slice), high.max(slice))
    });
    // Far from the origin the numbers of the slices are none any more.
    let count = (last - first + 1.0).max(last.abs() * 1e-6);
    if count > f64::from(MOST_SAMPLES) {
        return Err(MultisliceError::Large {
            count,
            what: "slices",
            most: MOST_SAMPLES,
        });
    }
    Ok((first as i64, last as i64))
}

impl Optics {
    pub(super) fn new(
        cell: Cell,
        factor: &ScatteringFactor,
        microscope: &Microscope,
        sampling: &Sampling,
    ) -> Optics {
        let wavelength = wavelength_angstrom(microscope.energy_kev);
        let limit = sampling.frequency_limit();
        let waves = Transform::new(cell.size, cell.steps_within(limit)[1]);
        let potentials = Transform::new(cell.size, cell.size[1]);
        let samples = (cell.size[0] * cell.size[1]) as f64;
        let mut propagator = Vec::with_capacity(waves.spectrum_len());
        for row in 0..waves.rows() {
            let ky = signed(row, waves.rows());
            propagator.extend((0..cell.size[0]).map(|column| {
                let square = cell.square([signed(column, cell.size[0]), ky]);
                let turn = -PI * wavelength * sampling.slice_angstrom * square;
                let inside = if square <= limit * limit {
                    1.0 / samples
                } else {
                    0.0
                };
                C32::new((turn.cos() * inside) as f32, (turn.sin() * inside) as f32)
            }));
        }
        let sigma = interaction_per_volt_angstrom(microscope.energy_kev);
        let strength = sigma * POTENTIAL_VOLT_ANGSTROM2 / (cell.side[0] * cell.side[1]);
        let mut phases = Vec::with_capacity((potentials.largest_y + 1) * cell.size[0]);
        for ky in 0..=potentials.largest_y {
            phases.extend((0..cell.size[0]).map(|column| {
                let square = cell.square([signed(column, cell.size[0]), ky as i64]);
                (strength * factor.at(square.sqrt())) as f32
            }));
        }
        Optics {
            cell,
            wavelength,
            waves,
            potentials,
            propagator,
            factor: phases,
        }
    }

    /// Phase in rad that atoms at these places, all in one slice, give to a wave; by x and y.
    fn phase(&self, places: &[Vec3]) -> Vec<f32> {
        let nx = self.cell.size[0];
        let ramp = |frequency: i64, turns: f64| {
            let angle = -TAU * (frequency as f64 * turns);
            C32::new(angle.cos() as f32, angle.sin() as f32)
        };
        let turns =
            |place: &Vec3, axis: usize| (place[axis] - self.cell.low[axis]) / self.cell.side[axis];
        let along_x: Vec<Vec<C32>> = places
            .iter()
            .map(|place| {
                (0..nx)
                    .map(|k| ramp(signed(k, nx), turns(place, 0)))
                    .collect()
            })
            .collect();
        let mut spectrum = vec![C32::default(); self.potentials.spectrum_len()];
        let kept = self.potentials.largest_y + 1;
        let rows = spectrum
            .chunks_mut(nx)
            .take(kept)
            .zip(self.factor.chunks(nx));
        for (ky, (row, factor)) in rows.enumerate() {
            for (place, along_x) in places.iter().zip(&along_x) {
                add_scaled(row, ramp(ky as i64, turns(place, 1)), along_x);
            }
            // The potential is real: twice the real part of the half with positive frequencies.
            let twice = if ky == 0 { 1.0 } else { 2.0 };
            for (value, factor) in row.iter_mut().zip(factor) {
                *value *= twice * factor;
            }
        }
        let mut space = vec![C32::default(); self.potentials.space_len()];
        let mut scratch = vec![C32::default(); self.potentials.scratch_len()];
        self.potentials
            .to_space(&mut spectrum, &mut space, &mut scratch);
        space.iter().map(|value| value.re).collect()
    }

    /// The transmission of a slice, bounded.
    fn transmission(&self, places: &[Vec3]) -> Vec<C32> {
        let phase = self.phase(places);
        let mut space: Vec<C32> = phase.iter().map(|p| C32::new(p.cos(), p.sin())).collect();
        let mut spectrum = vec![C32::default(); self.waves.spectrum_len()];
        let mut scratch = vec![C32::default(); self.waves.scratch_len()];
        self.waves
            .to_spectrum(&mut space, &mut spectrum, &mut scratch);
        for (value, propagation) in spectrum.iter_mut().zip(&self.propagator) {
            // The length of the propagation is the bound and the normalisation.
            *value *= propagation.norm();
        }
        self.waves.to_space(&mut spectrum, &mut space, &mut scratch);
        space
    }
}

/// The sample in a cell, ready for waves.
pub(super) struct Stack<'a> {
    pub(super) optics: &'a Optics,
    /// What each slice from the first on transmits; `None` where it holds no atoms.
    slices: Vec<Option<Vec<C32>>>,
    /// Where the first slice begins along the beam, in Å.
    pub(super) entrance: f64,
}

/// The working memory of one wave.
pub(super) struct Work {
    pub(super) spectrum: Vec<C32>,
    space: Vec<C32>,
    scratch: Vec<C32>,
}

impl<'a> Stack<'a> {
    /// The slices from `first` to `last`, which hold all atoms.
    pub(super) fn new(
        optics: &'a Optics,
        specimen: &Specimen,
        thickness: f64,
        (first, last): (i64, i64),
    ) -> Stack<'a> {
        let mut places: Vec<Vec<Vec3>> = vec![Vec::new(); (last - first + 1) as usize];
        for place in &specimen.positions {
            places[((place.z / thickness).floor() as i64 - first) as usize].push(*place);
        }
        let slices = places
            .par_iter()
            .map(|places| (!places.is_empty()).then(|| optics.transmission(places)))
            .collect();
        Stack {
            optics,
            slices,
            entrance: first as f64 * thickness,
        }
    }

    /// Working memory, with an empty spectrum.
    pub(super) fn work(&self) -> Work {
        let waves = &self.optics.waves;
        Work {
            spectrum: vec![C32::default(); waves.spectrum_len()],
            space: vec![C32::default(); waves.space_len()],
            scratch: vec![C32::default(); waves.scratch_len()],
        }
    }

    /// Takes the wave in `work.spectrum` (Fourier coefficients) from the first slice to behind the last.
    pub(super) fn pass(&self, work: &mut Work) {
        let waves = &self.optics.waves;
        let samples = waves.space_len() as f32;
        let Work {
            spectrum,
            space,
            scratch,
        } = work;
        for slice in &self.slices {
            match slice {
                Some(transmission) => {
                    waves.to_space(spectrum, space, scratch);
                    for (value, transmission) in space.iter_mut().zip(transmission) {
                        *value *= transmission;
                    }
                    waves.to_spectrum(space, spectrum, scratch);
                    for (value, propagation) in spectrum.iter_mut().zip(&self.optics.propagator) {
                        *value *= propagation;
                    }
                }
                None => {
                    for (value, propagation) in spectrum.iter_mut().zip(&self.optics.propagator) {
                        *value *= propagation * samples;
                    }
                }
            }
        }
    }

    /// Phase in rad that a beam of frequency `k` (in steps of the cell) has where the first slice begins,
    /// in a probe that is focused at `defocus` Å behind z = 0.
    pub(super) fn focus(&self, k: [i64; 2], defocus: f64) -> f64 {
        PI * self.optics.wavelength * (defocus - self.entrance) * self.optics.cell.square(k)
    }
}
