//! The states along a quench: what they are called, and what is averaged over the frames of each
//! (Fig. 6, Supplementary Fig. 19).

use super::protocol::Waypoint;
use crate::atoms::{Atoms, Element};
use crate::order::{PairDistribution, PairDistributionError, periodic_pair_distribution};

/// The name of a state: `ta_liquid_2500K`, `ta_glass_300K`.
///
/// `system` is the element and, unless it is the usual one, the potential. Below half the melting
/// point, where metals quenched at such rates are rigid, a state is called a glass. A state that
/// was only passed although the final temperature is held afterwards is `quenched`.
///
/// ```
/// use amorphous_packing::atoms::Element;
/// use amorphous_packing::liquid::protocol::Protocol;
/// use amorphous_packing::liquid::states::state_name;
/// let protocol = Protocol::default();
/// let names: Vec<String> = protocol
///     .waypoints()
///     .iter()
///     .map(|state| state_name("ta", &protocol.waypoints(), state, Element::Ta))
///     .collect();
/// assert_eq!(names[0], "ta_liquid_5200K");
/// assert_eq!(names[10..], ["ta_glass_300K_quenched", "ta_glass_300K"]);
/// ```
pub fn state_name(system: &str, all: &[Waypoint], state: &Waypoint, element: Element) -> String {
    let kelvin = state.temperature_k;
    let phase = match melting_point_k(element) {
        Some(melting) if kelvin < melting / 2.0 => "glass",
        _ => "liquid",
    };
    let held_later = |other: &Waypoint| other.temperature_k == kelvin && other.step > state.step;
    let suffix = if all.iter().any(held_later) {
        "_quenched"
    } else {
        ""
    };
    format!("{system}_{phase}_{kelvin}K{suffix}")
}

/// The melting point at normal pressure in kelvin of the metals that are quenched here (CRC Handbook of
/// Chemistry and Physics).
fn melting_point_k(element: Element) -> Option<f64> {
    match element {
        Element::Ta => Some(3_290.0),
        Element::Pd => Some(1_828.0),
        _ => None,
    }
}

/// The mean of g(r) over frames of one state.
///
/// # Errors
/// [`PairDistributionError`] for frames without a periodic box, or for no frames.
pub fn mean_pair_distribution(frames: &[Atoms]) -> Result<PairDistribution, PairDistributionError> {
    let mut curves = frames.iter().map(periodic_pair_distribution);
    let mut mean = curves.next().ok_or(PairDistributionError::NoFrames)??;
    for curve in curves {
        for (sum, g) in mean.g.iter_mut().zip(&curve?.g) {
            *sum += g;
        }
    }
    let count = frames.len() as f64;
    mean.g.iter_mut().for_each(|g| *g /= count);
    Ok(mean)
}

/// The Boltzmann constant in eV/K (exact since the SI of 2019).
pub const BOLTZMANN_EV_PER_K: f64 = 8.617_333e-5;

/// The potential energy that harmonic vibrations do not account for, in eV per atom: of
/// `energy_ev` less 3/2 k for each of `kelvin`. A glass keeps it while it cools.
///
/// ```
/// use amorphous_packing::liquid::states::energy_beyond_vibrations_ev;
/// // By equipartition a harmonic crystal of the cohesive energy −8 eV holds 3/2 kT more at T.
/// let harmonic = |kelvin: f64| -8.0 + 1.5 * 8.617_333e-5 * kelvin;
/// for kelvin in [0.0, 300.0, 3000.0] {
///     let rest = energy_beyond_vibrations_ev(harmonic(kelvin), kelvin);
///     assert!((rest + 8.0).abs() < 1e-12);
/// }
/// ```
pub fn energy_beyond_vibrations_ev(energy_ev: f64, kelvin: f64) -> f64 {
    energy_ev - 1.5 * BOLTZMANN_EV_PER_K * kelvin
}

/// Means over the frames of a state.
#[derive(Debug, Clone, PartialEq)]
pub struct StateMeans {
    /// What it is called.
    pub name: String,
    /// Nominal temperature in kelvin.
    pub temperature_k: f64,
    /// The frames, the snapshot among them.
    pub frames: usize,
    /// Kinetic temperature in kelvin.
    pub kinetic_temperature_k: f64,
    /// Pressure in bar.
    pub pressure_bar: f64,
    /// Atoms per Å³.
    pub number_density: f64,
    /// Potential energy in eV per atom.
    pub energy_ev: f64,
}

/// Atoms per Å³ of periodic frames, on average.
pub fn mean_number_density(frames: &[Atoms]) -> f64 {
    let densities = frames.iter().filter_map(Atoms::number_density);
    densities.sum::<f64>() / frames.len() as f64
}
