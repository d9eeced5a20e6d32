//! The tables behind Fig. 1d and Supplementary Figs. 8 and 13.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use polars::prelude::*;

use crate::numerics::{Bins, Histogram};
use crate::order::{BondOrder, RegulatedCell, VoronoiIndex};

use super::rows::{Rows, histogram_table};

/// The widths of the bins of `q̄4` and `q̄6` in the map of Supplementary Fig. 8.
const ORDER_BINS: [f64; 2] = [0.004, 0.01];
/// The bins of delta in Supplementary Fig. 13; 0.255 is the end of one.
const DELTA_BINS: (f64, usize) = (0.015, 60);

/// The regulated Voronoi cells of the amorphous atoms of a sample.
type CellRows<'a> = Rows<'a, &'a [RegulatedCell]>;

/// The `ranks` most populated indices over the samples, by their mean fraction, in the order of
/// their number of faces (Fig. 1d): `sample, n3, n4, n5, n6, count, fraction`; the fraction is of
/// all closed cells.
///
/// # Errors
/// Only those of polars.
pub fn index_table(entries: &[CellRows<'_>], ranks: usize) -> PolarsResult<DataFrame> {
    let counts: Vec<BTreeMap<VoronoiIndex, u64>> =
        entries.iter().map(|e| count_indices(e.of)).collect();
    let fraction = |entry: &CellRows<'_>, count: u64| count as f64 / entry.of.len() as f64;
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
            let of_some = (!entry.of.is_empty()).then(|| fraction(entry, cells));
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
pub fn edge_table(entries: &[CellRows<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut edges, mut fraction) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        let mut faces = [0_u64; 4];
        for index in entry.of.iter().map(RegulatedCell::index) {
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
pub fn distortion_table(entries: &[CellRows<'_>]) -> PolarsResult<DataFrame> {
    let (width, count) = DELTA_BINS;
    let histograms = entries.iter().map(|rows| {
        let icosahedra = rows.of.iter().filter(|c| c.is_distorted_icosahedron());
        let deltas = icosahedra.map(|cell| cell.largest_delta);
        rows.with(Histogram::of(deltas, Bins::of_width(width), count))
    });
    histogram_table(&histograms.collect::<Vec<_>>(), ("delta_low", "delta_high"))
}

/// Atoms by their averaged bond order (Supplementary Fig. 8a–c): `sample, q4_low, q4_high, q6_low,
/// q6_high, count`, the empty bins left out.
///
/// # Errors
/// Only those of polars.
pub fn bond_order_table(entries: &[Rows<'_, &[BondOrder]>]) -> PolarsResult<DataFrame> {
    let (mut ids, mut count) = (Vec::new(), Vec::new());
    let mut bounds = [const { Vec::new() }; 4];
    let [of_q4, of_q6] = ORDER_BINS.map(Bins::of_width);
    for Rows { sample, of, .. } in entries {
        let mut bins: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        let both = |order: &BondOrder| Some((of_q4.bin(order.q4_bar)?, of_q6.bin(order.q6_bar)?));
        for bin in of.iter().filter_map(both) {
            *bins.entry(bin).or_default() += 1;
        }
        for ((q4, q6), atoms) in bins {
            let (q4, q6) = (of_q4.edges(q4), of_q6.edges(q6));
            ids.push(*sample);
            for (column, edge) in bounds.iter_mut().zip([q4.0, q4.1, q6.0, q6.1]) {
                column.push(edge);
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
