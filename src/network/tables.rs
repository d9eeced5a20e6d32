//! The tables behind Fig. 5 and Supplementary Figs. 12, 14 and 15: one row per bin or class.

use polars::prelude::*;

use crate::analysis::{Analysis, MotifNetworks};
use crate::stats::Histogram;

use super::{
    Extent, dihedral_deg, dihedral_oriented, filling_population, icosahedral_filling,
    skeleton_planes,
};

/// The bins of the dihedral angle in degrees: from, width, number.
const PHI_BINS: (f64, f64, usize) = (90.0, 2.0, 45);
/// The width of the bins of the network length in ångström.
const LENGTH_BIN_ANGSTROM: f64 = 2.0;

/// One sample's part of a table: its id, its analysis, and the networks of the fold at hand.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The sample id of the tables.
    pub sample: &'a str,
    /// The sample.
    pub analysis: &'a Analysis,
    /// Bipyramids and networks.
    pub networks: &'a MotifNetworks,
}

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
pub fn neighbour_table(entries: &[Entry<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut neighbours) = (Vec::new(), Vec::new());
    let (mut vertex, mut edge) = (Vec::new(), Vec::new());
    let (mut vertex_fraction, mut edge_fraction) = (Vec::new(), Vec::new());
    for entry in entries {
        let bipyramids = entry.networks.motifs.len();
        let counts = entry.networks.sharing.neighbour_counts(bipyramids);
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

/// The dihedral angles of all edge-sharing pairs, in degrees.
pub fn dihedral_angles(entry: Entry<'_>) -> Vec<f64> {
    let planes = skeleton_planes(&entry.analysis.triangulation, &entry.networks.motifs);
    let links = entry.networks.sharing.edge.iter();
    links
        .map(|link| dihedral_deg(&planes[link.first as usize], &planes[link.second as usize]))
        .collect()
}

/// The dihedral angles of all edge-sharing pairs with the normals oriented outward from the shared
/// capping atom ([`dihedral_oriented`]), in degrees.
pub fn oriented_dihedral_angles(entry: Entry<'_>) -> Vec<f64> {
    let triangulation = &entry.analysis.triangulation;
    let motifs = &entry.networks.motifs;
    let planes = skeleton_planes(triangulation, motifs);
    let links = entry.networks.sharing.edge.iter();
    links
        .filter_map(|link| dihedral_oriented(triangulation, (motifs, &planes), link))
        .collect()
}

/// The distribution of the dihedral angle (Fig. 5f): `sample, phi_low_deg, phi_high_deg, count`.
///
/// # Errors
/// Only those of polars.
pub fn dihedral_table(entries: &[Entry<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut low, mut high, mut count) = (vec![], vec![], vec![], vec![]);
    let (from, width, bins) = PHI_BINS;
    for entry in entries {
        let histogram = Histogram::of(dihedral_angles(*entry), from, width, bins);
        for (bin, n) in histogram.counts.iter().enumerate() {
            let edges = histogram.edges(bin);
            samples.push(entry.sample);
            low.push(edges.0);
            high.push(edges.1);
            count.push(*n);
        }
    }
    df!("sample" => samples, "phi_low_deg" => low, "phi_high_deg" => high, "count" => count)
}

/// The population of partial icosahedra (Fig. 5g): `sample, n, count, atoms, fraction`, where
/// `fraction` is the count over the sum of counts.
///
/// # Errors
/// Only those of polars.
pub fn filling_table(entries: &[Entry<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut n, mut count) = (Vec::new(), Vec::new(), Vec::new());
    let (mut atoms, mut fraction) = (Vec::new(), Vec::new());
    for entry in entries {
        let (triangulation, motifs) = (&entry.analysis.triangulation, &entry.networks.motifs);
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
pub fn size_table(entries: &[Entry<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut motifs, mut sizes, mut networks) = (vec![], vec![], vec![], vec![]);
    for entry in entries {
        let mut found: Vec<u64> = entry
            .networks
            .networks
            .iter()
            .map(|n| n.size() as u64)
            .collect();
        found.sort_unstable();
        for same in found.chunk_by(|a, b| a == b) {
            samples.push(entry.sample);
            motifs.push(motif_name(entry.networks.fold));
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
pub fn length_table(entries: &[Entry<'_>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut motifs, mut networks) = (Vec::new(), Vec::new(), Vec::new());
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for entry in entries {
        let lengths = entry
            .networks
            .networks
            .iter()
            .filter_map(|n| match n.extent {
                Extent::Length(length) => Some(length),
                Extent::Spans(_) => None,
            });
        let lengths: Vec<f64> = lengths.collect();
        let longest = lengths.iter().copied().fold(0.0, f64::max);
        let bins = (longest / LENGTH_BIN_ANGSTROM) as usize + 1;
        let histogram = Histogram::of(lengths, 0.0, LENGTH_BIN_ANGSTROM, bins);
        let filled = histogram.counts.iter().enumerate().filter(|(_, n)| **n > 0);
        for (bin, n) in filled {
            let edges = histogram.edges(bin);
            samples.push(entry.sample);
            motifs.push(motif_name(entry.networks.fold));
            low.push(edges.0);
            high.push(edges.1);
            networks.push(*n);
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
pub fn largest_table(entries: &[Entry<'_>], ranks: usize) -> PolarsResult<DataFrame> {
    let (mut samples, mut rank, mut size) = (Vec::new(), Vec::new(), Vec::new());
    let (mut atoms, mut length) = (Vec::new(), Vec::new());
    for entry in entries {
        for (place, network) in entry.networks.networks.iter().take(ranks).enumerate() {
            samples.push(entry.sample);
            rank.push(place as u64 + 1);
            size.push(network.size() as u64);
            atoms.push(network.atoms.len() as u64);
            length.push(match network.extent {
                Extent::Length(length) => Some(length),
                Extent::Spans(_) => None,
            });
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
