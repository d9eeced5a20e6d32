//! The networks as data: every bipyramid and every network as a row, every atom of a network as a
//! coloured particle.

use polars::prelude::*;

use crate::bipyramid::bipyramid_shape;
use crate::formats::extxyz::Particle;
use crate::geometry::{Ring, Vertex};
use crate::network::{Extent, Network};
use crate::numerics::Numbered;

use super::rows::NetworkRows;

/// All bipyramids of a sample: `bipyramid, network` (rank of its network from 1, empty when it is
/// in none), `cap_i, cap_j`, `ring_1 … ring_n` (atoms counted from 0), `critical_delta`,
/// `alpha_angstrom, beta_angstrom, gamma_angstrom, theta_deg`.
///
/// # Errors
/// Only those of polars.
pub fn bipyramid_table(rows: &NetworkRows<'_>) -> PolarsResult<DataFrame> {
    let found = rows.of.found;
    let mut rank: Vec<Option<u32>> = vec![None; found.motifs.len()];
    for (network, place) in found.networks.iter().zip(1_u32..) {
        for &(member, _) in &network.members {
            rank[member as usize] = Some(place);
        }
    }
    let triangulation = &rows.of.analysis.triangulation;
    let rings = found.motifs.iter().map(|&motif| triangulation.ring(motif));
    let rings: Vec<Ring> = rings.collect();
    let shapes: Vec<_> = rings
        .iter()
        .map(|ring| bipyramid_shape(triangulation, ring))
        .collect();
    let atoms = |pick: &dyn Fn(&Ring) -> Vertex| -> Vec<u32> {
        rings.iter().map(|ring| pick(ring).atom.number()).collect()
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
    for k in 0..found.fold {
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
pub fn network_table(rows: &NetworkRows<'_>) -> PolarsResult<DataFrame> {
    let networks = &rows.of.found.networks;
    let spans = |axis: usize| -> Vec<bool> {
        let through = |network: &Network| match network.extent {
            Extent::Length(_) => false,
            Extent::Spans(axes) => axes[axis],
        };
        networks.iter().map(through).collect()
    };
    df!(
        "network" => (1..=networks.len() as u32).collect::<Vec<_>>(),
        "bipyramids" => networks.iter().map(|n| n.size() as u32).collect::<Vec<_>>(),
        "atoms" => networks.iter().map(|n| n.atoms.len() as u32).collect::<Vec<_>>(),
        "length_angstrom" => networks.iter().map(|n| n.extent.length()).collect::<Vec<_>>(),
        "spans_x" => spans(0),
        "spans_y" => spans(1),
        "spans_z" => spans(2),
    )
}

/// The integer properties of [`particles`].
pub const PARTICLE_PROPERTIES: [&str; 2] = ["atom", "network"];

/// The atoms of all networks, network by network, each where its network sees it, in the colour
/// (red, green and blue, 0 to 1) of the network's rank from 1. An atom of two networks appears twice.
pub fn particles(rows: &NetworkRows<'_>, colour: impl Fn(usize) -> [f64; 3]) -> Vec<Particle> {
    let elements = &rows.of.analysis.atoms;
    let triangulation = &rows.of.analysis.triangulation;
    let mut particles = Vec::new();
    for (network, rank) in rows.of.found.networks.iter().zip(1..) {
        let atoms = network.atoms.iter();
        particles.extend(atoms.map(|&vertex| Particle {
            species: elements.element(vertex.atom).symbol(),
            position: triangulation.position(vertex),
            integers: vec![i64::from(vertex.atom.number()), rank as i64],
            colour: colour(rank),
        }));
    }
    particles
}
