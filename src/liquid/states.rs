//! The states along a quench: what they are called, and what is averaged over the frames of each
//! (Fig. 6, Supplementary Fig. 19).

use polars::prelude::*;

use super::protocol::Waypoint;
use crate::atoms::{Atoms, Element};
use crate::order::{PairDistribution, PairDistributionError, periodic_pair_distribution};
use crate::sample::frames::{self, SimulatedFrame};
use crate::tables::from_csv;

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
    let phase = if kelvin < element.melting_point_k() / 2.0 {
        "glass"
    } else {
        "liquid"
    };
    let held_later = |other: &Waypoint| other.temperature_k == kelvin && other.step > state.step;
    let suffix = if all.iter().any(held_later) {
        "_quenched"
    } else {
        ""
    };
    format!("{system}_{phase}_{kelvin}K{suffix}")
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

/// One row per state.
///
/// # Errors
/// Only those of polars.
pub fn states_table(states: &[StateMeans]) -> PolarsResult<DataFrame> {
    let of = |value: fn(&StateMeans) -> f64| -> Vec<f64> { states.iter().map(value).collect() };
    let names: Vec<&str> = states.iter().map(|state| state.name.as_str()).collect();
    let frames: Vec<u32> = states.iter().map(|state| state.frames as u32).collect();
    df![
        "sample" => names,
        "temperature_k" => of(|state| state.temperature_k),
        "frames" => frames,
        "kinetic_temperature_k" => of(|state| state.kinetic_temperature_k),
        "pressure_bar" => of(|state| state.pressure_bar),
        "atoms_per_a3" => of(|state| state.number_density),
        "energy_ev_per_atom" => of(|state| state.energy_ev),
    ]
}

/// A carried table that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the carried table of the run '{run}' cannot be used: {reason}")]
pub struct CarriedError {
    run: &'static str,
    reason: String,
}

/// The averaged g(r) of a frame that the library carries.
///
/// # Errors
/// [`CarriedError`] if the table of its run lacks it.
pub fn carried_pair_distribution(frame: &SimulatedFrame) -> Result<PairDistribution, CarriedError> {
    let unusable = |reason: String| CarriedError {
        run: frame.run,
        reason,
    };
    let read = || -> PolarsResult<PairDistribution> {
        let table = read_csv(frames::embedded_pair_distributions(frame.run))?;
        let rows = table.column("sample")?.str()?.equal(frame.id);
        let rows = table.filter(&rows)?;
        let column = |name: &str| -> PolarsResult<Vec<f64>> {
            let column = rows.column(name)?.cast(&DataType::Float64)?;
            Ok(column.f64()?.iter().flatten().collect())
        };
        Ok(PairDistribution {
            r_angstrom: column("r_angstrom")?,
            g: column("g")?,
        })
    };
    let curve = read().map_err(|error| unusable(error.to_string()))?;
    if curve.g.is_empty() || curve.g.len() != curve.r_angstrom.len() {
        return Err(unusable(format!("it has no whole curve of {}", frame.id)));
    }
    Ok(curve)
}

/// The states of a run that the library carries: the table that `quench` wrote.
///
/// # Errors
/// [`CarriedError`] if there is none.
pub fn carried_states(run: &'static str) -> Result<DataFrame, CarriedError> {
    read_csv(frames::embedded_states(run)).map_err(|error| CarriedError {
        run,
        reason: error.to_string(),
    })
}

fn read_csv(bytes: Option<&'static [u8]>) -> PolarsResult<DataFrame> {
    let bytes = bytes.ok_or_else(|| polars_err!(NoData: "the library carries no such run"))?;
    from_csv(bytes)
}
