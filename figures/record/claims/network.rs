//! Claims of the network chapter: sharing, dihedral angle, filling, networks.

use amorphous_packing::analysis::{Analysis, AnalysisError, Region};
use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::geometry::{Triangulation, icosahedron};
use amorphous_packing::liquid::growth::COMPLETE_FILLING;
use amorphous_packing::network::{
    Extent, MotifNetworks, SharingTally, dihedral_angles, icosahedral_filling, network_fillings,
    oriented_dihedral_angles, unfrustrated_dihedral_deg,
};
use amorphous_packing::numerics::{mean, percent};
use amorphous_packing::progress::Silent;

use crate::record::ledger::{Finding, Ours};
use crate::scenes::network::{REPRESENTATIVE_FILLINGS, SMALLEST_PARTIAL_ICOSAHEDRON};

use super::published::{Published, of_all};

/// A dihedral angle of every edge-sharing pair, in degrees.
type Angles = fn(&Triangulation, &MotifNetworks) -> Vec<f64>;

/// What geometry alone decides.
pub(super) fn geometry() -> Result<Vec<Finding>, AnalysisError> {
    let corners: Vec<Vec3> = icosahedron().into_iter().chain([Vec3::ZERO]).collect();
    let Ok(atoms) = Atoms::new(Element::Ta, corners, Boundary::Open) else {
        return Ok(Vec::new());
    };
    let analysis = Analysis::new(atoms, Some(1.2), &Silent)?;
    let angles = pair_angles(&analysis, Region::All, dihedral_angles);
    let found = [
        ("dihedral.dodecahedron", mean(&angles)),
        ("dihedral.free", Some(unfrustrated_dihedral_deg())),
    ];
    let found = found.into_iter();
    let found =
        found.filter_map(|(id, degrees)| Some(Finding::new(id, None, Ours::Number(degrees?))));
    Ok(found.collect())
}

pub(super) fn of_sample(sample: &Published<'_>) -> Vec<Finding> {
    let analysis = sample.analysis;
    let motifs = &sample.pentagonal().motifs;
    let filling = icosahedral_filling(&analysis.triangulation, motifs);
    let [four, five, six] = &sample.networks;
    let dominant = [four, six].iter().all(|other| five.dominates(other));
    vec![
        sample.finding("pbn.dominant", Ours::holds(dominant)),
        sample.finding(
            "filling.partial",
            Ours::holds(filling.iter().all(|&n| n < COMPLETE_FILLING)),
        ),
    ]
}

pub(super) fn pooled(samples: &[Published<'_>]) -> Vec<Finding> {
    let tally = |region| -> SharingTally {
        let found = samples.iter().map(|s| s.analysis.networks(5, region));
        found.map(|found| found.sharing_tally()).sum()
    };
    let [amorphous, all] = [Region::Amorphous, Region::All].map(tally);
    let no_vertex = |of: SharingTally| percent(of.without_vertex, of.bipyramids);
    let with_edge = |of: SharingTally| percent(of.with_edge, of.bipyramids);
    let dihedral = |region, angles: Angles| {
        let of_all: Vec<f64> = samples
            .iter()
            .flat_map(|sample| pair_angles(sample.analysis, region, angles))
            .collect();
        mean(&of_all).unwrap_or(0.0)
    };
    let representative = samples.iter().any(has_representative);
    let mut findings = vec![
        of_all("sharing.no_vertex", Ours::Number(no_vertex(amorphous)))
            .or("all motifs", no_vertex(all)),
        of_all("sharing.edge", Ours::Number(with_edge(amorphous))).or("all motifs", with_edge(all)),
        of_all(
            "dihedral.mean",
            Ours::Number(dihedral(Region::All, dihedral_angles)),
        )
        .or(
            "normals oriented outward from the shared cap",
            dihedral(Region::All, oriented_dihedral_angles),
        )
        .or(
            "motifs that touch the amorphous region",
            dihedral(Region::Amorphous, dihedral_angles),
        ),
        Finding::new("pbn.representative", None, Ours::holds(representative)),
    ];
    findings.extend(largest_network(samples));
    findings
}

/// An angle of every edge-sharing pair of a region.
fn pair_angles(analysis: &Analysis, region: Region, angles: Angles) -> Vec<f64> {
    angles(&analysis.triangulation, &analysis.networks(5, region))
}

/// The largest network of all samples (Fig. 5j).
fn largest_network(samples: &[Published<'_>]) -> Vec<Finding> {
    let largest = samples
        .iter()
        .filter_map(|sample| Some((sample, sample.pentagonal().networks.first()?)))
        .max_by_key(|(_, network)| network.size());
    let Some((sample, network)) = largest else {
        return Vec::new();
    };
    let mut rows = vec![
        ("bipyramids", Ours::Count(network.size() as i64)),
        ("atoms", Ours::Count(network.atoms.len() as i64)),
    ];
    if let Extent::Length(angstrom) = network.extent {
        rows.push(("nm", Ours::Number(angstrom / 10.0)));
    }
    rows.into_iter()
        .map(|(unit, ours)| sample.finding("pbn.largest", ours).in_unit(unit))
        .collect()
}

/// Whether a network's partial icosahedra of three and more are exactly those of Fig. 5h.
fn has_representative(sample: &Published<'_>) -> bool {
    let MotifNetworks {
        networks, motifs, ..
    } = sample.pentagonal();
    let triangulation = &sample.analysis.triangulation;
    let fillings =
        |network| network_fillings(network, triangulation, motifs, SMALLEST_PARTIAL_ICOSAHEDRON);
    networks
        .iter()
        .any(|network| fillings(network) == REPRESENTATIVE_FILLINGS)
}
