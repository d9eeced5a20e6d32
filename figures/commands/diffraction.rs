//! The diffraction of Fig. S5: simulated patterns of a sample's atoms and of gold, or the user's own, and
//! the way from them to g(r).

use std::f64::consts::TAU;
use std::path::Path;

use amorphous_packing::aet::poisson_noise;
use amorphous_packing::atoms::{Atoms, Boundary, Element, ScatteringFactor};
use amorphous_packing::data::tilt_series::{images_of, read_file};
use amorphous_packing::geometry::AlphaShape;
use amorphous_packing::order::diffraction::{
    BeamStop, Calibration, DiffractionPairs, GOLD_LATTICE_ANGSTROM, Intensity, Normalised,
    PairHistogram, Reduced, StopOptions, StructureFactor, StructureFactorOptions, Window,
    calibrate, diffraction_pairs, draw_pattern, face_centred_rings, powder_intensity,
    reduce_pattern, structure_factor, structure_factor_of,
};
use amorphous_packing::order::{ALPHA_ANGSTROM, RANGE_ANGSTROM, shares_inside};
use anyhow::{Context, Result, ensure};
use ndarray::{Array2, Axis};

use crate::harness::provenance::Input;
use crate::harness::stages::Stages;

/// The simulated camera: pixels a side, and the Q at the middle of its edges in 1/Å.
const SIDE: usize = 1024;
const Q_AT_EDGE: f64 = 17.5;
/// Where the beam falls on it, for a sample and for gold, in pixels.
const CENTRE: [f64; 2] = [529.3, 502.4];
const GOLD_CENTRE: [f64; 2] = [523.1, 514.3];
/// The electrons that its brightest pixel counts.
const BRIGHTEST: f64 = 20_000.0;
/// The standard deviation of the rings of gold, in 1/Å of s.
const GOLD_WIDTH: f64 = 0.006;
/// Q in 1/Å below which the stop hides all; nothing is drawn of the scattering by the sample's shape.
const SHAPE_TO: f64 = 0.8;
/// The spacing of Q in 1/Å at which the Debye formula is summed.
const Q_STEP: f64 = 0.02;
/// How far g(r) is found, in ångström.
const FARTHEST_ANGSTROM: f64 = 12.0;

/// A pattern and what was found from it.
pub struct Diffraction {
    /// The pattern, by x and y.
    pub pattern: Array2<f32>,
    /// Its beam stop, centre and radial mean.
    pub reduced: Reduced,
    /// Its scale.
    pub calibration: Calibration,
    /// S(Q).
    pub normalised: Normalised,
    /// g(r).
    pub pairs: DiffractionPairs,
}

impl Diffraction {
    /// From a pattern to g(r).
    ///
    /// # Errors
    /// When a step fails, in its words.
    pub fn of(
        pattern: Array2<f32>,
        calibration: Calibration,
        element: Element,
        stop: &StopOptions,
        options: &StructureFactorOptions,
    ) -> Result<Diffraction> {
        let reduced = reduce_pattern(pattern.view(), stop)?;
        let intensity = Intensity::of(&reduced.radial, &calibration);
        let factor = ScatteringFactor::of(element)?;
        let normalised = structure_factor(&intensity, &factor, options)?;
        let found = &normalised.structure_factor;
        let pairs = diffraction_pairs(found, Window::Lorch, FARTHEST_ANGSTROM)?;
        Ok(Diffraction {
            pattern,
            reduced,
            calibration,
            normalised,
            pairs,
        })
    }

    /// Q in 1/Å of a pixel.
    pub fn q_per_px(&self) -> f64 {
        TAU * self.calibration.s_per_px
    }

    /// What the provenance says of it.
    pub fn parameters(&self) -> serde_json::Value {
        let q = &self.normalised.structure_factor.q_per_angstrom;
        serde_json::json!({
            "centre_px": self.reduced.centre.centre_px,
            "centre_error_px": self.reduced.centre.error_px,
            "ring_seen": self.reduced.centre.seen,
            "s_per_angstrom_per_px": self.calibration.s_per_px,
            "s_error_per_angstrom_per_px": self.calibration.error_per_px,
            "q_min_per_angstrom": q.first(),
            "q_max_per_angstrom": q.last(),
            "density_per_cubic_angstrom": self.pairs.density_per_cubic_angstrom,
            "first_peak_angstrom": self.pairs.first_peak_angstrom,
            "valley_angstrom": self.pairs.valley_angstrom,
        })
    }
}

/// The diffraction of a sample's atoms, simulated, and the g(r) of the atoms themselves.
pub struct Simulated {
    /// What was found from the pattern.
    pub found: Diffraction,
    /// g(r) of the atoms at the same distances and the same resolution.
    pub of_atoms: Vec<f64>,
}

/// A spatial frequency in 1/Å a pixel of the simulated camera.
const S_PER_PX: f64 = Q_AT_EDGE / TAU / (SIDE as f64 / 2.0);

/// The scale of the simulated camera as it is found from a simulated powder of gold.
///
/// # Errors
/// When it is not found.
pub fn simulated_calibration() -> Result<Calibration> {
    let gold = ScatteringFactor::of(Element::Au)?;
    let rings = face_centred_rings(GOLD_LATTICE_ANGSTROM, 1.5 * Q_AT_EDGE / TAU);
    let profile = |radius: f64| {
        let s = S_PER_PX * radius.max(10.0);
        let smooth = 300.0 * (-s / 0.25).exp() + 30.0 * gold.at(s).powi(2) + 1.0;
        0.004 * powder_intensity(&rings, &gold, GOLD_WIDTH, s) + smooth
    };
    let pattern = counted(
        draw_pattern([SIDE; 2], GOLD_CENTRE, Some(stop(GOLD_CENTRE)), profile),
        2,
    );
    calibration_of(&pattern, &StopOptions::default())
}

/// The scale of a pattern of gold.
///
/// # Errors
/// When it is not found.
pub fn calibration_of(gold: &Array2<f32>, stop: &StopOptions) -> Result<Calibration> {
    let reduced = reduce_pattern(gold.view(), stop)?;
    Ok(calibrate(&reduced.radial, GOLD_LATTICE_ANGSTROM)?)
}

/// The simulated diffraction of atoms of one element, as they are, without images of a periodic box.
///
/// # Errors
/// When a step fails, or the atoms are of several elements.
pub fn simulated(
    atoms: &Atoms,
    calibration: &Calibration,
    name: &str,
    stages: &mut Stages,
) -> Result<Simulated> {
    let element = atoms.only_element();
    let element = element.context("an alloy has no diffraction here; give atoms of one element")?;
    let histogram = stages.watch(&format!("{name}: pairs"), |progress| {
        PairHistogram::of(atoms.positions(), progress)
    })?;
    let pattern = stages.time(&format!("{name}: pattern"), || pattern(&histogram, element))?;
    let found = stages.time(&format!("{name}: diffraction"), || {
        let (stop, options) = (StopOptions::default(), StructureFactorOptions::default());
        Diffraction::of(pattern, calibration.clone(), element, &stop, &options)
    })?;
    let of_atoms = stages.time(&format!("{name}: g(r) of the atoms"), || {
        let open = atoms.with_boundary(Boundary::Open)?;
        let shape = AlphaShape::about(&open, RANGE_ANGSTROM, ALPHA_ANGSTROM)?;
        let (r, g) = histogram.pairs(&shares_inside(&open, &shape));
        let q = found.normalised.structure_factor.q_per_angstrom.clone();
        let density = found.pairs.density_per_cubic_angstrom;
        let s = structure_factor_of(&r, &g, density, &q);
        let at_resolution = StructureFactor {
            q_per_angstrom: q,
            s,
        };
        let pairs = diffraction_pairs(&at_resolution, Window::Lorch, FARTHEST_ANGSTROM)?;
        anyhow::Ok(pairs.g)
    })?;
    Ok(Simulated { found, of_atoms })
}

/// The pattern of atoms on the simulated camera: with a beam stop, a smooth background as of inelastic
/// scattering, and the noise of counting.
fn pattern(histogram: &PairHistogram, element: Element) -> Result<Array2<f32>> {
    let factor = ScatteringFactor::of(element)?;
    let factor2 = |q: f64| factor.at(q / TAU).powi(2);
    let corner = 1.5 * Q_AT_EDGE;
    let q: Vec<f64> = (0..=(corner / Q_STEP) as usize)
        .map(|k| k as f64 * Q_STEP)
        .collect();
    let s = histogram.structure_factor(&q);
    let background = |q: f64| 0.5 * factor2(1.2) * (-q / 2.5).exp() + factor2(16.0);
    let profile = |radius: f64| {
        let q = (TAU * S_PER_PX * radius).max(SHAPE_TO);
        let place = (q / Q_STEP).min((s.len() - 2) as f64);
        let (k, part) = (place as usize, place.fract());
        factor2(q) * (s[k] + part * (s[k + 1] - s[k])) + background(q)
    };
    let drawn = draw_pattern([SIDE; 2], CENTRE, Some(stop(CENTRE)), profile);
    Ok(counted(drawn, 1))
}

/// The beam stop of the simulated camera, a little off the beam.
fn stop(centre: [f64; 2]) -> BeamStop {
    BeamStop {
        middle_px: [centre[0] + 4.0, centre[1] - 3.0],
        radius_px: 32.0,
        arm_px: 12.0,
        arm_deg: 130.0,
        transmitted: 0.03,
    }
}

fn counted(pattern: Array2<f32>, seed: u64) -> Array2<f32> {
    let stack = pattern.insert_axis(Axis(0));
    poisson_noise(stack.view(), BRIGHTEST, seed).remove_axis(Axis(0))
}

/// Reads a pattern, a file of one image.
///
/// # Errors
/// When it cannot be read, or holds several images.
pub fn read_pattern(path: &Path, what: &str) -> Result<(Array2<f32>, Input)> {
    let bytes = read_file(path)?;
    let images = images_of(path, &bytes)?;
    let (count, file) = (images.dim().0, path.display().to_string());
    ensure!(
        count == 1,
        "'{file}' has {count} images; give a file of one pattern"
    );
    let input = Input::of(what, file, &bytes);
    Ok((images.remove_axis(Axis(0)), input))
}
