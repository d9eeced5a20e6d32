//! The tables behind Fig. 3a and Supplementary Fig. 10a, d.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::numerics::{Bins, mean};
use crate::packing::{DensityMap, Surroundings};

use super::rows::Rows;

/// The width of the bins in g/cm³.
const BIN_G_CM3: f64 = 0.1;

/// The two regions that the tables compare, with their names.
const REGIONS: [(&str, Surroundings); 2] = [
    ("with", Surroundings::With),
    ("without", Surroundings::Without),
];

/// The distribution of the density with and without packing: `sample, region, density_low,
/// density_high, probability`; the probabilities of a region sum to one, a region without a grid
/// point has no rows.
///
/// # Errors
/// Only those of polars.
pub fn density_table(maps: &[Rows<'_, &DensityMap>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut regions, mut probability) = (Vec::new(), Vec::new(), Vec::new());
    let (mut low, mut high) = (Vec::new(), Vec::new());
    let grid = Bins::of_width(BIN_G_CM3);
    for Rows {
        sample, of: map, ..
    } in maps
    {
        for (region, surroundings) in REGIONS {
            let densities = map.at(surroundings);
            let mut bins: BTreeMap<usize, usize> = BTreeMap::new();
            for bin in densities.iter().filter_map(|&density| grid.bin(density)) {
                *bins.entry(bin).or_default() += 1;
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
                let edges = grid.edges(bin);
                low.push(edges.0);
                high.push(edges.1);
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
pub fn density_mean_table(maps: &[Rows<'_, &DensityMap>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut regions, mut means) = (Vec::new(), Vec::new(), Vec::new());
    for Rows {
        sample, of: map, ..
    } in maps
    {
        for (region, surroundings) in REGIONS {
            samples.push(*sample);
            regions.push(region);
            means.push(mean(&map.at(surroundings)));
        }
    }
    df!("sample" => samples, "region" => regions, "mean_g_cm3" => means)
}
