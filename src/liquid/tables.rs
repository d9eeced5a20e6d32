//! The tables behind Fig. 6 and its kin: one row per frame, or per frame and bin.

use polars::prelude::*;

use crate::analysis::Analysis;
use crate::network::cluster_sizes;
use crate::network::tables::Entry;
use crate::packing::populations;
use crate::packing::tables::MOTIFS;

use super::growth::Growth;

/// A simulated frame in a table: its temperature in kelvin, and its pentagonal networks.
pub type FrameEntry<'a> = (f64, Entry<'a>);

/// The populations of the four motifs against temperature (Fig. 6a): `sample, temperature_k,
/// triplet, quadrilateral, pentagonal, hexagonal`.
///
/// # Errors
/// Only those of polars.
pub fn population_temperature_table(frames: &[(&str, f64, &Analysis)]) -> PolarsResult<DataFrame> {
    let mut motifs: [Vec<f64>; 4] = Default::default();
    for (_, _, analysis) in frames {
        let found = populations(
            &analysis.triangulation,
            analysis.criteria,
            &analysis.crystal,
        );
        for (column, fraction) in motifs.iter_mut().zip(found.motifs) {
            column.push(fraction);
        }
    }
    let [triplet, quadrilateral, pentagonal, hexagonal] = motifs;
    let [t, q, p, h] = MOTIFS;
    df!(
        "sample" => frames.iter().map(|(sample, ..)| *sample).collect::<Vec<_>>(),
        "temperature_k" => frames.iter().map(|(_, kelvin, _)| *kelvin).collect::<Vec<_>>(),
        t => triplet,
        q => quadrilateral,
        p => pentagonal,
        h => hexagonal,
    )
}

/// Growth against temperature: `sample, temperature_k, bipyramids, networks, largest,
/// share_of_largest, mean_size_of_others, spans, icosahedra`.
///
/// # Errors
/// Only those of polars.
pub fn growth_table(frames: &[FrameEntry<'_>]) -> PolarsResult<DataFrame> {
    let found: Vec<Growth> = frames.iter().map(|(_, entry)| Growth::of(*entry)).collect();
    let counts = |value: fn(&Growth) -> usize| -> Vec<u64> {
        found.iter().map(|growth| value(growth) as u64).collect()
    };
    df!(
        "sample" => frames.iter().map(|(_, entry)| entry.sample).collect::<Vec<_>>(),
        "temperature_k" => frames.iter().map(|(kelvin, _)| *kelvin).collect::<Vec<_>>(),
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
pub fn cluster_size_table(frames: &[FrameEntry<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut kelvins) = (Vec::new(), Vec::new());
    let (mut low, mut high, mut clusters, mut density) = (vec![], vec![], vec![], vec![]);
    for (kelvin, entry) in frames {
        let sizes = cluster_sizes(entry.networks.motifs.len(), &entry.networks.sharing);
        let bipyramids: usize = sizes.iter().sum();
        let mut from = 1_u64;
        while sizes.first().is_some_and(|&largest| from <= largest as u64) {
            let to = 2 * from;
            let inside = |size: &&usize| (from..to).contains(&(**size as u64));
            let count = sizes.iter().filter(inside).count();
            if count > 0 {
                samples.push(entry.sample);
                kelvins.push(*kelvin);
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
