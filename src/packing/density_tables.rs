//! The tables behind Fig. 3a and Supplementary Fig. 10a, d.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::stats::mean;

use super::{DensityMap, Place};

/// The width of the bins in g/cm³.
const BIN_G_CM3: f64 = 0.1;

/// The two regions that the tables compare, with their names.
const REGIONS: [(&str, Place); 2] = [("with", Place::With), ("without", Place::Without)];

/// The distribution of the density with and without packing: `sample, region, density_low,
/// density_high, probability`; the probabilities of a region sum to one, a region without a grid
/// point has no rows.
///
/// # Errors
/// Only those of polars.
pub fn density_table(maps: &[(&str, &DensityMap)]) -> PolarsResult<DataFrame> {
    let (mut samples, mut regions, mut probability) = (Vec::new(), Vec::new(), Vec::new());
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for (sample, map) in maps {
        for (region, place) in REGIONS {
            let densities = map.at(place);
            let mut bins: BTreeMap<u64, usize> = BTreeMap::new();
            for density in &densities {
                *bins.entry((density / BIN_G_CM3) as u64).or_default() += 1;
            }
            let (Some((&first, _)), Some((&last, _))) =
                (bins.first_key_value(), bins.last_key_value())
            else {
                continue;
            };
            for bin in first..=last {
                let points = bins.get(&bin).copied().unwrap_or(0);
                samples.push(*sample);
                regions.push(region);
                low.push(bin as f64 * BIN_G_CM3);
                high.push((bin + 1) as f64 * BIN_G_CM3);
                probability.push(points as f64 / densities.len() as f64);
            }
        }
    }
    df!(
        "sample" => samples,
        "region" => regions,
        "density_low" => low,
        "density_high" => high,
        "probability" => probability,
    )
}

/// The mean densities: `sample, region, mean_g_cm3`; empty where a region has no grid point.
///
/// # Errors
/// Only those of polars.
pub fn density_mean_table(maps: &[(&str, &DensityMap)]) -> PolarsResult<DataFrame> {
    let (mut samples, mut regions, mut means) = (Vec::new(), Vec::new(), Vec::new());
    for (sample, map) in maps {
        for (region, place) in REGIONS {
            samples.push(*sample);
            regions.push(region);
            means.push(mean(&map.at(place)));
        }
    }
    df!("sample" => samples, "region" => regions, "mean_g_cm3" => means)
}
