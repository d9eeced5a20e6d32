//! The tables behind Fig. 1d and Supplementary Figs. 8 and 13.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use polars::prelude::*;

use crate::stats::Histogram;

use super::{BondOrder, RegulatedCell, VoronoiIndex};

/// The widths of the bins of `q̄4` and `q̄6` in the map of Supplementary Fig. 8.
const Q4_BIN: f64 = 0.004;
const Q6_BIN: f64 = 0.01;
/// The bins of delta in Supplementary Fig. 13; 0.255 is the end of one.
const DELTA_BINS: (f64, usize) = (0.015, 60);

/// One sample's part of a table: its id and the regulated cells of its amorphous atoms.
#[derive(Debug, Clone, Copy)]
pub struct VoronoiEntry<'a> {
    /// The sample id of the tables.
    pub sample: &'a str,
    /// The cells.
    pub cells: &'a [RegulatedCell],
}

/// The `ranks` most populated indices over the samples, by their mean fraction, in the order of
/// their number of faces (Fig. 1d): `sample, n3, n4, n5, n6, count, fraction`; the fraction is of
/// all closed cells.
///
/// # Errors
/// Only those of polars.
pub fn index_table(entries: &[VoronoiEntry<'_>], ranks: usize) -> PolarsResult<DataFrame> {
    let counts: Vec<BTreeMap<VoronoiIndex, u64>> =
        entries.iter().map(|e| count_indices(e.cells)).collect();
    let fraction = |entry: &VoronoiEntry<'_>, count: u64| count as f64 / entry.cells.len() as f64;
    let mut sums: BTreeMap<VoronoiIndex, f64> = BTreeMap::new();
    for (entry, counts) in entries.iter().zip(&counts) {
        for (&index, &count) in counts {
            *sums.entry(index).or_default() += fraction(entry, count);
        }
    }
    let mut ranked: Vec<(VoronoiIndex, f64)> = sums.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.truncate(ranks);
    ranked.sort_by_key(|(index, _)| (index.iter().sum::<u32>(), Reverse(*index)));

    let (mut samples, mut numbers) = (Vec::new(), [const { Vec::new() }; 4]);
    let (mut count, mut fractions) = (Vec::new(), Vec::new());
    for (entry, counts) in entries.iter().zip(&counts) {
        for (index, _) in &ranked {
            let cells = counts.get(index).copied().unwrap_or(0);
            samples.push(entry.sample);
            for (column, n) in numbers.iter_mut().zip(index) {
                column.push(*n);
            }
            count.push(cells);
            let of_some = (!entry.cells.is_empty()).then(|| fraction(entry, cells));
            fractions.push(of_some.unwrap_or(0.0));
        }
    }
    let [n3, n4, n5, n6] = numbers;
    df!(
        "sample" => samples,
        "n3" => n3,
        "n4" => n4,
        "n5" => n5,
        "n6" => n6,
        "count" => count,
        "fraction" => fractions,
    )
}

fn count_indices(cells: &[RegulatedCell]) -> BTreeMap<VoronoiIndex, u64> {
    let mut counts = BTreeMap::new();
    for cell in cells {
        *counts.entry(cell.index()).or_default() += 1;
    }
    counts
}

/// Faces with three to six edges as fractions of the faces of these four kinds (Supplementary
/// Fig. 8d): `sample, edges, fraction`; a sample without a cell has no rows.
///
/// # Errors
/// Only those of polars.
pub fn edge_table(entries: &[VoronoiEntry<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut edges, mut fraction) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        let mut faces = [0_u64; 4];
        for index in entry.cells.iter().map(RegulatedCell::index) {
            for (sum, n) in faces.iter_mut().zip(index) {
                *sum += u64::from(n);
            }
        }
        let all: u64 = faces.iter().sum();
        for (number, n) in (3_u32..).zip(faces).filter(|_| all > 0) {
            samples.push(entry.sample);
            edges.push(number);
            fraction.push(n as f64 / all as f64);
        }
    }
    df!("sample" => samples, "edges" => edges, "fraction" => fraction)
}

/// The distorted icosahedra by the largest delta of their tetrahedra (Supplementary Fig. 13):
/// `sample, delta_low, delta_high, count`.
///
/// # Errors
/// Only those of polars.
pub fn distortion_table(entries: &[VoronoiEntry<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut low, mut high, mut count) = (vec![], vec![], vec![], vec![]);
    let (width, bins) = DELTA_BINS;
    for entry in entries {
        let icosahedra = entry.cells.iter().filter(|c| c.is_distorted_icosahedron());
        let deltas = icosahedra.map(|cell| cell.largest_delta);
        let histogram = Histogram::of(deltas, 0.0, width, bins);
        for (bin, n) in histogram.counts.iter().enumerate() {
            let edges = histogram.edges(bin);
            samples.push(entry.sample);
            low.push(edges.0);
            high.push(edges.1);
            count.push(*n);
        }
    }
    df!("sample" => samples, "delta_low" => low, "delta_high" => high, "count" => count)
}

/// Atoms by their averaged bond order (Supplementary Fig. 8a–c): `sample, q4_low, q4_high, q6_low,
/// q6_high, count`, the empty bins left out.
///
/// # Errors
/// Only those of polars.
pub fn bond_order_table(samples: &[(&str, &[BondOrder])]) -> PolarsResult<DataFrame> {
    let (mut ids, mut count) = (Vec::new(), Vec::new());
    let mut bounds = [const { Vec::new() }; 4];
    for (id, orders) in samples {
        let mut bins: BTreeMap<[usize; 2], u64> = BTreeMap::new();
        for order in *orders {
            let bin = |value: f64, width: f64| (value / width) as usize;
            let bin = [bin(order.q4_bar, Q4_BIN), bin(order.q6_bar, Q6_BIN)];
            *bins.entry(bin).or_default() += 1;
        }
        for ([q4, q6], atoms) in bins {
            let edges = |bin: usize, width: f64| [bin as f64 * width, (bin + 1) as f64 * width];
            let edges = [edges(q4, Q4_BIN), edges(q6, Q6_BIN)];
            ids.push(*id);
            for (column, edge) in bounds.iter_mut().zip(edges.as_flattened()) {
                column.push(*edge);
            }
            count.push(atoms);
        }
    }
    let [q4_low, q4_high, q6_low, q6_high] = bounds;
    df!(
        "sample" => ids,
        "q4_low" => q4_low,
        "q4_high" => q4_high,
        "q6_low" => q6_low,
        "q6_high" => q6_high,
        "count" => count,
    )
}
