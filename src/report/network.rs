//! The tables behind Fig. 5 and Supplementary Figs. 12, 14 and 15: one row per bin or class.

use polars::prelude::*;

use crate::network::{dihedral_angles, filling_population, icosahedral_filling};
use crate::numerics::{Bins, Histogram};

use super::rows::{NetworkRows, histogram_table};

/// The bins of the dihedral angle in degrees, and their number.
const PHI_BINS: (Bins, usize) = (
    Bins {
        low: 90.0,
        width: 2.0,
    },
    45,
);
/// The width of the bins of the network length in ångström.
const LENGTH_BIN_ANGSTROM: f64 = 2.0;

/// The name of the motif of `fold` tetrahedra in tables.
pub fn motif_name(fold: usize) -> &'static str {
    match fold {
        3 => "triplet",
        4 => "quadrilateral",
        5 => "pentagonal",
        6 => "hexagonal",
        7 => "heptagonal",
        _ => "octagonal",
    }
}

/// Bipyramids by their number of vertex- and edge-sharing neighbours (Fig. 5c, Supplementary
/// Fig. 12): `sample, neighbours, vertex_count, edge_count, vertex_fraction, edge_fraction`.
///
/// # Errors
/// Only those of polars.
pub fn neighbour_table(entries: &[NetworkRows<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut neighbours) = (Vec::new(), Vec::new());
    let (mut vertex, mut edge) = (Vec::new(), Vec::new());
    let (mut vertex_fraction, mut edge_fraction) = (Vec::new(), Vec::new());
    for entry in entries {
        let bipyramids = entry.of.found.motifs.len();
        let counts = entry.of.found.sharing.neighbour_counts(bipyramids);
        let most = counts.vertex.iter().chain(&counts.edge).max();
        let with = |counts: &[u32], n: u32| counts.iter().filter(|&&c| c == n).count() as u64;
        for n in most.map_or(0..0, |&most| 0..most + 1) {
            let (v, e) = (with(&counts.vertex, n), with(&counts.edge, n));
            samples.push(entry.sample);
            neighbours.push(n);
            vertex.push(v);
            edge.push(e);
            vertex_fraction.push(v as f64 / bipyramids as f64);
            edge_fraction.push(e as f64 / bipyramids as f64);
        }
    }
    df!(
        "sample" => samples,
        "neighbours" => neighbours,
        "vertex_count" => vertex,
        "edge_count" => edge,
        "vertex_fraction" => vertex_fraction,
        "edge_fraction" => edge_fraction,
    )
}

/// The distribution of the dihedral angle (Fig. 5f): `sample, phi_low_deg, phi_high_deg, count`.
///
/// # Errors
/// Only those of polars.
pub fn dihedral_table(entries: &[NetworkRows<'_>]) -> PolarsResult<DataFrame> {
    let (bins, count) = PHI_BINS;
    let histograms = entries.iter().map(|rows| {
        let angles = dihedral_angles(&rows.of.analysis.triangulation, rows.of.found);
        rows.with(Histogram::of(angles, bins, count))
    });
    histogram_table(
        &histograms.collect::<Vec<_>>(),
        ("phi_low_deg", "phi_high_deg"),
    )
}

/// The population of partial icosahedra (Fig. 5g): `sample, n, count, atoms, fraction`, where
/// `fraction` is the count over the sum of counts.
///
/// # Errors
/// Only those of polars.
pub fn filling_table(entries: &[NetworkRows<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut n, mut count) = (Vec::new(), Vec::new(), Vec::new());
    let (mut atoms, mut fraction) = (Vec::new(), Vec::new());
    for entry in entries {
        let (triangulation, motifs) = (&entry.of.analysis.triangulation, &entry.of.found.motifs);
        let filling = icosahedral_filling(triangulation, motifs);
        let bins = filling_population(&filling, triangulation, motifs);
        let total: u64 = bins.iter().map(|bin| bin.count).sum();
        for bin in bins {
            samples.push(entry.sample);
            n.push(bin.n);
            count.push(bin.count);
            atoms.push(bin.atoms);
            fraction.push(bin.count as f64 / total as f64);
        }
    }
    df!(
        "sample" => samples,
        "n" => n,
        "count" => count,
        "atoms" => atoms,
        "fraction" => fraction,
    )
}

/// Networks by size (Fig. 5i, Supplementary Fig. 14): `sample, motif, size, networks`; sizes
/// without a network have no row.
///
/// # Errors
/// Only those of polars.
pub fn size_table(entries: &[NetworkRows<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut motifs, mut sizes, mut networks) = (vec![], vec![], vec![], vec![]);
    for entry in entries {
        let own = entry.of.found.networks.iter();
        let mut found: Vec<u64> = own.map(|n| n.size() as u64).collect();
        found.sort_unstable();
        for same in found.chunk_by(|a, b| a == b) {
            samples.push(entry.sample);
            motifs.push(motif_name(entry.of.found.fold));
            sizes.push(same[0]);
            networks.push(same.len() as u64);
        }
    }
    df!("sample" => samples, "motif" => motifs, "size" => sizes, "networks" => networks)
}

/// Networks by length (Supplementary Fig. 15): `sample, motif, length_low_angstrom,
/// length_high_angstrom, networks`; networks that span a periodic box have no length and no row.
///
/// # Errors
/// Only those of polars.
pub fn length_table(entries: &[NetworkRows<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut motifs, mut networks) = (Vec::new(), Vec::new(), Vec::new());
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for entry in entries {
        let own = entry.of.found.networks.iter();
        let lengths: Vec<f64> = own.filter_map(|n| n.extent.length()).collect();
        let longest = lengths.iter().copied().fold(0.0, f64::max);
        let bins = (longest / LENGTH_BIN_ANGSTROM) as usize + 1;
        let histogram = Histogram::of(lengths, Bins::of_width(LENGTH_BIN_ANGSTROM), bins);
        for (edges, n) in histogram.rows().filter(|(_, n)| *n > 0) {
            samples.push(entry.sample);
            motifs.push(motif_name(entry.of.found.fold));
            low.push(edges.0);
            high.push(edges.1);
            networks.push(n);
        }
    }
    df!(
        "sample" => samples,
        "motif" => motifs,
        "length_low_angstrom" => low,
        "length_high_angstrom" => high,
        "networks" => networks,
    )
}

/// The largest networks (Fig. 5j, Supplementary Figs. 16–18 and 20): `sample, rank, bipyramids,
/// atoms, length_angstrom`; the length of a network that spans the box is empty.
///
/// # Errors
/// Only those of polars.
pub fn largest_table(entries: &[NetworkRows<'_>], ranks: usize) -> PolarsResult<DataFrame> {
    let (mut samples, mut rank, mut size) = (Vec::new(), Vec::new(), Vec::new());
    let (mut atoms, mut length) = (Vec::new(), Vec::new());
    for entry in entries {
        for (place, network) in entry.of.found.networks.iter().take(ranks).enumerate() {
            samples.push(entry.sample);
            rank.push(place as u64 + 1);
            size.push(network.size() as u64);
            atoms.push(network.atoms.len() as u64);
            length.push(network.extent.length());
        }
    }
    df!(
        "sample" => samples,
        "rank" => rank,
        "bipyramids" => size,
        "atoms" => atoms,
        "length_angstrom" => length,
    )
}
