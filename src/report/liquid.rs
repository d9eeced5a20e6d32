//! The tables behind Fig. 6 and its kin: one row per frame, or per frame and bin.

use polars::prelude::*;

use crate::liquid::growth::Growth;
use crate::liquid::states::StateMeans;
use crate::network::cluster_sizes;

use super::rows::{NetworkRows, samples, temperatures};

/// Growth against temperature: `sample, temperature_k, bipyramids, networks, largest,
/// share_of_largest, mean_size_of_others, spans, icosahedra`.
///
/// # Errors
/// Only those of polars.
pub fn growth_table(frames: &[NetworkRows<'_>]) -> PolarsResult<DataFrame> {
    let growth =
        |rows: &NetworkRows<'_>| Growth::of(&rows.of.analysis.triangulation, rows.of.found);
    let found: Vec<Growth> = frames.iter().map(growth).collect();
    let counts = |value: fn(&Growth) -> usize| -> Vec<u64> {
        found.iter().map(|growth| value(growth) as u64).collect()
    };
    df!(
        "sample" => samples(frames),
        "temperature_k" => temperatures(frames),
        "bipyramids" => counts(|growth| growth.bipyramids),
        "networks" => counts(|growth| growth.networks),
        "largest" => counts(|growth| growth.largest),
        "share_of_largest" => found.iter().map(Growth::share_of_largest).collect::<Vec<_>>(),
        "mean_size_of_others" =>
            found.iter().map(|growth| growth.mean_size_of_others).collect::<Vec<_>>(),
        "spans" => found.iter().map(Growth::spanned_axes).collect::<Vec<_>>(),
        "icosahedra" => counts(|growth| growth.icosahedra),
    )
}

/// The distribution of cluster sizes in bins that double: `sample, temperature_k, size_low,
/// size_high, clusters, per_bipyramid_and_size`; the last is the number of clusters over the width
/// of the bin and the number of bipyramids. Single bipyramids are clusters of one; the largest
/// cluster counts too.
///
/// # Errors
/// Only those of polars.
pub fn cluster_size_table(frames: &[NetworkRows<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut kelvins) = (Vec::new(), Vec::new());
    let (mut low, mut high, mut clusters, mut density) = (vec![], vec![], vec![], vec![]);
    for rows in frames {
        let found = rows.of.found;
        let sizes = cluster_sizes(found.motifs.len(), &found.sharing);
        let bipyramids: usize = sizes.iter().sum();
        let mut from = 1_u64;
        while sizes.first().is_some_and(|&largest| from <= largest as u64) {
            let to = 2 * from;
            let inside = |size: &&usize| (from..to).contains(&(**size as u64));
            let count = sizes.iter().filter(inside).count();
            if count > 0 {
                samples.push(rows.sample);
                kelvins.push(rows.temperature_k);
                low.push(from);
                high.push(to - 1);
                clusters.push(count as u64);
                density.push(count as f64 / (bipyramids as f64 * from as f64));
            }
            from = to;
        }
    }
    df!(
        "sample" => samples,
        "temperature_k" => kelvins,
        "size_low" => low,
        "size_high" => high,
        "clusters" => clusters,
        "per_bipyramid_and_size" => density,
    )
}

/// The states along a quench, one row each: `sample, temperature_k, frames, kinetic_temperature_k,
/// pressure_bar, atoms_per_a3, energy_ev_per_atom`.
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
