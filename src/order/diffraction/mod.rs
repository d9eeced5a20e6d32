//! From an electron diffraction pattern of an amorphous sample to its pair distribution (Methods,
//! "Electron diffraction experiments"; Supplementary Fig. 5).
//!
//! A pattern is an array of intensities by x and y. The steps: [`beam_stop`] masks what the stop hides,
//! [`ring_centre`] fits the centre, [`radial_mean`] averages over the azimuth ([`reduce_pattern`] is the
//! three), [`calibrate`] finds the scale from a reference of gold, [`structure_factor`] the scale of the
//! intensity and its background, [`diffraction_pairs`] g(r). [`PairHistogram`] and [`draw_pattern`] make
//! patterns of known atoms, to test the way back.
//!
//! Two frequencies are in use: `s = 1/d = 2 sin θ / λ`, of which the scattering factors are functions, and
//! `Q = 2π s`.

mod beam_stop;
mod calibration;
mod centre;
mod debye;
mod error;
mod first_ring;
#[cfg(test)]
mod known;
mod pairs;
mod radial;
mod simulated;
mod structure_factor;
mod symmetry;
mod transform;

pub use beam_stop::{StopOptions, beam_stop};
pub use calibration::{
    Calibration, FoundRing, GOLD_LATTICE_ANGSTROM, PowderRing, calibrate, face_centred_rings,
};
pub use centre::{Reduced, RingCentre, reduce_pattern, ring_centre};
pub use debye::PairHistogram;
pub use error::DiffractionError;
pub use first_ring::{FirstRing, first_ring};
pub use pairs::{DiffractionPairs, PAIR_STEP_ANGSTROM, diffraction_pairs};
pub use radial::{RadialMean, radial_mean};
pub use simulated::{BeamStop, draw_pattern, powder_intensity};
pub use structure_factor::{
    Intensity, Normalised, StructureFactor, StructureFactorOptions, structure_factor,
};
pub use symmetry::symmetry_centre;
pub use transform::{Window, structure_factor_of};

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::known::{
        correlation, counted, gold_profile, hard_spheres, palladium, sphere_profile, stop,
    };
    use super::*;

    /// From two counted patterns, of spheres and of gold, each with its stop and a centre of its own, to
    /// g(r), without being told the centre, the scale or the background.
    #[test]
    fn a_pattern_and_its_reference_give_the_pairs() {
        const SIDE: usize = 512;
        let s_per_px = 17.5 / std::f64::consts::PI / SIDE as f64;
        let reduced =
            |centre: [f64; 2], profile: &(dyn Fn(f64) -> f64 + Sync), ring: f64, seed: u64| {
                let drawn = draw_pattern([SIDE; 2], centre, Some(stop(centre, SIDE)), profile);
                let pattern = counted(&drawn, profile(ring / s_per_px), 3000.0, seed);
                reduce_pattern(pattern.view(), &StopOptions::default()).unwrap()
            };
        let spheres = reduced([262.3, 249.9], &sphere_profile(s_per_px), 0.44, 1);
        let gold = reduced([259.1, 251.6], &gold_profile(s_per_px, 0.008), 0.425, 2);
        let calibration = calibrate(&gold.radial, GOLD_LATTICE_ANGSTROM).unwrap();
        assert!((calibration.s_per_px / s_per_px - 1.0).abs() < 1e-3);
        let intensity = Intensity::of(&spheres.radial, &calibration);
        let options = StructureFactorOptions::default();
        let found = structure_factor(&intensity, &palladium(), &options).unwrap();
        let pairs = diffraction_pairs(&found.structure_factor, Window::Lorch, 10.0).unwrap();
        let q = found.structure_factor.q_per_angstrom;
        let s = q.iter().map(|&q| hard_spheres(q)).collect();
        let exact = StructureFactor {
            q_per_angstrom: q,
            s,
        };
        let exact = diffraction_pairs(&exact, Window::Lorch, 10.0).unwrap();
        assert!((pairs.first_peak_angstrom - exact.first_peak_angstrom).abs() < 0.03);
        let alike = correlation(&pairs.g[100..], &exact.g[100..]);
        assert!(alike > 0.98, "{alike}");
        let height = |pairs: &DiffractionPairs| pairs.g.iter().copied().fold(0.0, f64::max);
        let ratio = height(&pairs) / height(&exact);
        assert!((0.8..1.2).contains(&ratio), "{ratio}");
    }
}
