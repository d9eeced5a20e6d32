//! The networks as data: every bipyramid and every network as a row, every atom of a network as a
//! coloured particle.

use polars::prelude::*;

use crate::bipyramid::bipyramid_shape;
use crate::extxyz::Particle;
use crate::geometry::{Ring, Vertex};

use super::tables::Entry;
use super::{Extent, Network};

/// All bipyramids of a sample: `bipyramid, network` (rank of its network from 1, empty when it is
/// in none), `cap_i, cap_j`, `ring_1 … ring_n` (atoms counted from 0), `critical_delta`,
/// `alpha_angstrom, beta_angstrom, gamma_angstrom, theta_deg`.
///
/// # Errors
/// Only those of polars.
pub fn bipyramid_table(entry: Entry<'_>) -> PolarsResult<DataFrame> {
    let networks = &entry.networks.networks;
    let mut rank: Vec<Option<u32>> = vec![None; entry.networks.motifs.len()];
    for (network, place) in networks.iter().zip(1_u32..) {
        for &(member, _) in &network.members {
            rank[member as usize] = Some(place);
        }
    }
    let triangulation = &entry.analysis.triangulation;
    let rings: Vec<Ring> = entry
        .networks
        .motifs
        .iter()
        .map(|&motif| triangulation.ring(motif))
        .collect();
    let shapes: Vec<_> = rings
        .iter()
        .map(|ring| bipyramid_shape(triangulation, ring))
        .collect();
    let atoms = |pick: &dyn Fn(&Ring) -> Vertex| -> Vec<u32> {
        rings.iter().map(|ring| pick(ring).atom).collect()
    };
    let measure =
        |pick: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..rings.len()).map(pick).collect() };
    let mut columns = vec![
        Column::new(
            "bipyramid".into(),
            (0..rings.len() as u32).collect::<Vec<_>>(),
        ),
        Column::new("network".into(), rank),
        Column::new("cap_i".into(), atoms(&|ring| ring.caps[0])),
        Column::new("cap_j".into(), atoms(&|ring| ring.caps[1])),
    ];
    for k in 0..entry.networks.fold {
        let name = format!("ring_{}", k + 1);
        columns.push(Column::new(name.into(), atoms(&|ring| ring.atoms[k])));
    }
    columns.extend([
        Column::new(
            "critical_delta".into(),
            measure(&|k| triangulation.extreme(&rings[k]).delta),
        ),
        Column::new("alpha_angstrom".into(), measure(&|k| shapes[k].alpha)),
        Column::new("beta_angstrom".into(), measure(&|k| shapes[k].beta)),
        Column::new("gamma_angstrom".into(), measure(&|k| shapes[k].gamma)),
        Column::new("theta_deg".into(), measure(&|k| shapes[k].theta_deg)),
    ]);
    DataFrame::new(rings.len(), columns)
}

/// All networks of a sample, largest first: `network, bipyramids, atoms, length_angstrom` (empty
/// when it spans the box), `spans_x, spans_y, spans_z`.
///
/// # Errors
/// Only those of polars.
pub fn network_table(entry: Entry<'_>) -> PolarsResult<DataFrame> {
    let networks = &entry.networks.networks;
    let spans = |axis: usize| -> Vec<bool> {
        let through = |network: &Network| match network.extent {
            Extent::Length(_) => false,
            Extent::Spans(axes) => axes[axis],
        };
        networks.iter().map(through).collect()
    };
    let length = |network: &Network| match network.extent {
        Extent::Length(length) => Some(length),
        Extent::Spans(_) => None,
    };
    df!(
        "network" => (1..=networks.len() as u32).collect::<Vec<_>>(),
        "bipyramids" => networks.iter().map(|n| n.size() as u32).collect::<Vec<_>>(),
        "atoms" => networks.iter().map(|n| n.atoms.len() as u32).collect::<Vec<_>>(),
        "length_angstrom" => networks.iter().map(length).collect::<Vec<_>>(),
        "spans_x" => spans(0),
        "spans_y" => spans(1),
        "spans_z" => spans(2),
    )
}

/// The integer properties of [`particles`].
pub const PARTICLE_PROPERTIES: [&str; 2] = ["atom", "network"];

/// The atoms of all networks, network by network, each where its network sees it, in the colour of
/// the network. An atom of two networks appears twice.
pub fn particles(entry: Entry<'_>) -> Vec<Particle> {
    let species = entry.analysis.atoms.element().symbol();
    let networks = entry.networks.networks.iter().zip(1_i64..);
    networks
        .flat_map(|(network, rank)| {
            network.atoms.iter().map(move |&vertex| Particle {
                species,
                position: entry.analysis.triangulation.position(vertex),
                integers: vec![i64::from(vertex.atom), rank],
                colour: colour(rank),
            })
        })
        .collect()
}

/// A colour for each rank: hues a golden angle apart, so that neighbours in rank look different.
fn colour(rank: i64) -> [f64; 3] {
    let hue = (rank as f64 * 0.618_033_988_749_895).fract() * 6.0;
    [0.0, 4.0, 2.0].map(|shift| {
        let distance = ((hue + shift) % 6.0 - 3.0).abs();
        0.2 + 0.7 * (distance - 1.0).clamp(0.0, 1.0)
    })
}
