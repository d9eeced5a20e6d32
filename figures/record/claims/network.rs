//! Claims of the network chapter: sharing, dihedral angle, filling, networks.

use amorphous_packing::analysis::{Analysis, AnalysisError, Region};
use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::geometry::{Triangulation, icosahedron};
use amorphous_packing::network::{
    Extent, MotifNetworks, dihedral_angles, icosahedral_filling, oriented_dihedral_angles,
    partial_icosahedra,
};
use amorphous_packing::numerics::mean;
use amorphous_packing::progress::Silent;

use crate::record::ledger::{Finding, Ours};
use crate::scenes::examples::{REPRESENTATIVE_FILLINGS, SMALLEST_PARTIAL_ICOSAHEDRON};

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
    let dodecahedron = mean(&angles).unwrap_or(0.0);
    Ok(vec![
        Finding::new("dihedral.dodecahedron", None, Ours::Number(dodecahedron)),
        // Three skeletons about a common edge share the full angle evenly.
        Finding::new("dihedral.free", None, Ours::Number(360.0 / 3.0)),
    ])
}

pub(super) fn of_sample(sample: &Published<'_>) -> Vec<Finding> {
    let analysis = sample.analysis;
    let motifs = &sample.pentagonal().motifs;
    let filling = icosahedral_filling(&analysis.triangulation, motifs);
    let dominant = pentagonal_dominate(&sample.networks);
    vec![
        sample.finding("pbn.dominant", Ours::holds(dominant)),
        sample.finding(
            "filling.partial",
            Ours::holds(filling.iter().all(|&n| n < 12)),
        ),
    ]
}

pub(super) fn pooled(samples: &[Published<'_>]) -> Vec<Finding> {
    let (no_vertex, with_edge) = sharing_percent(samples, Region::Amorphous);
    let (no_vertex_of_all, with_edge_of_all) = sharing_percent(samples, Region::All);
    let dihedral = |region, angles: Angles| {
        let of_all: Vec<f64> = samples
            .iter()
            .flat_map(|sample| pair_angles(sample.analysis, region, angles))
            .collect();
        mean(&of_all).unwrap_or(0.0)
    };
    let representative = samples.iter().any(has_representative);
    let mut findings = vec![
        of_all("sharing.no_vertex", Ours::Number(no_vertex)).or("all motifs", no_vertex_of_all),
        of_all("sharing.edge", Ours::Number(with_edge)).or("all motifs", with_edge_of_all),
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

/// Bipyramids without vertex-sharing and with edge-sharing neighbours, in percent.
fn sharing_percent(samples: &[Published<'_>], region: Region) -> (f64, f64) {
    let (mut all, mut no_vertex, mut with_edge) = (0, 0, 0);
    for found in samples.iter().map(|s| s.analysis.networks(5, region)) {
        let counts = found.sharing.neighbour_counts(found.motifs.len());
        all += found.motifs.len();
        no_vertex += counts.vertex.iter().filter(|&&n| n == 0).count();
        with_edge += counts.edge.iter().filter(|&&n| n > 0).count();
    }
    let percent = |part: usize| 100.0 * part as f64 / all as f64;
    (percent(no_vertex), percent(with_edge))
}

/// An angle of every edge-sharing pair of a region.
fn pair_angles(analysis: &Analysis, region: Region, angles: Angles) -> Vec<f64> {
    angles(&analysis.triangulation, &analysis.networks(5, region))
}

/// The 4-, 5- and 6-fold networks: the 5-fold ones are more numerous, and the largest is larger.
fn pentagonal_dominate([four, five, six]: &[MotifNetworks; 3]) -> bool {
    let largest = |found: &MotifNetworks| found.networks.first().map_or(0, |n| n.size());
    [four, six]
        .iter()
        .all(|other| five.networks.len() > other.networks.len() && largest(five) > largest(other))
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
    let found = sample.pentagonal();
    found.networks.iter().any(|network| {
        let least = SMALLEST_PARTIAL_ICOSAHEDRON;
        let partial = partial_icosahedra(
            network,
            &sample.analysis.triangulation,
            &found.motifs,
            least,
        );
        let mut filling: Vec<u32> = partial.into_iter().map(|(_, n)| n).collect();
        filling.sort_unstable_by(|a, b| b.cmp(a));
        filling == REPRESENTATIVE_FILLINGS
    })
}
