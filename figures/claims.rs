//! What the code finds for the claims of the paper: from analyses to rows of the ledger.

use amorphous_packing::analysis::{Analysis, AnalysisError, MotifNetworks, Region};
use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::bipyramid::{bipyramid_shape, shape_of};
use amorphous_packing::geometry::{icosahedron, ideal_bipyramid};
use amorphous_packing::network::tables::{Entry, dihedral_angles};
use amorphous_packing::network::{Extent, icosahedral_filling, partial_icosahedra};
use amorphous_packing::packing::{DELTAS, Populations, populations, triplets};
use amorphous_packing::sample::{EXPERIMENT, Sample};
use amorphous_packing::stats::mean;

use crate::ledger::{Finding, Ours};

/// The partial icosahedra of the network of Fig. 5h, sorted.
const REPRESENTATIVE: [u32; 5] = [3, 3, 5, 5, 8];

/// The samples that claims are about.
pub const SAMPLES: [Sample; 4] = [
    Sample::TaFilm,
    Sample::Pd1,
    Sample::Pd2,
    Sample::TaLiquid5200K,
];

/// Everything that geometry and these samples decide.
///
/// # Errors
/// None in practice: the ideal shapes can be analysed.
pub fn findings(samples: &[(Sample, Analysis)]) -> Result<Vec<Finding>, AnalysisError> {
    let (published, simulated): (Vec<_>, Vec<_>) = samples
        .iter()
        .partition(|(sample, _)| EXPERIMENT.contains(sample));
    let mut findings = geometry()?;
    findings.extend(Experiment::new(published).findings());
    findings.extend(
        simulated
            .into_iter()
            .flat_map(|(sample, analysis)| liquid(*sample, &analysis.atoms)),
    );
    Ok(findings)
}

/// The three published samples with their networks, in the order of the paper.
struct Experiment<'a> {
    samples: Vec<Published<'a>>,
}

struct Published<'a> {
    id: &'static str,
    analysis: &'a Analysis,
    /// The 4-, 5- and 6-fold bipyramids of the amorphous region.
    networks: [MotifNetworks; 3],
}

impl Published<'_> {
    fn pentagonal(&self) -> &MotifNetworks {
        &self.networks[1]
    }

    fn populations(&self, delta_max: f64) -> Populations {
        let Analysis {
            triangulation,
            rings,
            criteria,
            crystal,
            ..
        } = self.analysis;
        populations(
            triangulation,
            rings,
            criteria.with_delta_max(delta_max),
            crystal,
        )
    }

    fn amorphous_atoms(&self) -> usize {
        self.analysis
            .crystal
            .iter()
            .filter(|&&crystal| !crystal)
            .count()
    }

    fn finding(&self, id: &'static str, ours: Ours) -> Finding {
        Finding {
            id,
            sample: Some(self.id),
            unit: None,
            ours,
            others: Vec::new(),
        }
    }
}

impl<'a> Experiment<'a> {
    fn new(samples: Vec<&'a (Sample, Analysis)>) -> Experiment<'a> {
        let samples = samples
            .into_iter()
            .map(|(sample, analysis)| Published {
                id: sample.id(),
                analysis,
                networks: [4, 5, 6].map(|fold| analysis.networks(fold, Region::Amorphous)),
            })
            .collect();
        Experiment { samples }
    }

    /// Every finding that the published samples decide: those of each sample, then, when all three
    /// are there, those of the three together.
    fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.samples.iter().flat_map(of_one_sample).collect();
        if self.samples.len() == EXPERIMENT.len() {
            findings.extend(self.pooled());
            findings.extend(largest_network(&self.samples));
        }
        findings
    }

    fn pooled(&self) -> Vec<Finding> {
        let pooled = |id, ours| Finding {
            id,
            sample: Some("pooled"),
            unit: None,
            ours,
            others: Vec::new(),
        };
        let counts = |region| -> usize {
            let all = self
                .samples
                .iter()
                .map(|s| s.analysis.bipyramids(5, region).len());
            all.sum()
        };
        let (no_vertex, with_edge) = self.sharing_percent(Region::Amorphous);
        let (no_vertex_of_all, with_edge_of_all) = self.sharing_percent(Region::All);
        let shapes: Vec<[f64; 3]> = self
            .samples
            .iter()
            .flat_map(|s| shapes(s.analysis))
            .collect();
        let [alpha_gamma, beta_gamma, _] = mean_shape(&shapes);
        let angles: Vec<f64> = self.samples.iter().flat_map(all_dihedral_angles).collect();
        let representative = self.samples.iter().any(has_representative);
        vec![
            self.atoms_in_tetrahedra(),
            Finding {
                others: vec![no_vertex_of_all],
                ..pooled("sharing.no_vertex", Ours::Number(no_vertex))
            },
            Finding {
                others: vec![with_edge_of_all],
                ..pooled("sharing.edge", Ours::Number(with_edge))
            },
            pooled(
                "bipyramid.alpha_gamma",
                Ours::Number(100.0 * (alpha_gamma - 1.0)),
            ),
            pooled(
                "bipyramid.beta_gamma",
                Ours::Number(100.0 * (beta_gamma - 1.0)),
            ),
            pooled("dihedral.mean", Ours::Number(mean(&angles).unwrap_or(0.0))),
            Finding {
                others: vec![counts(Region::All) as f64],
                ..pooled(
                    "abundance.bipyramids",
                    Ours::Count(counts(Region::Amorphous) as i64),
                )
            },
            Finding {
                sample: None,
                ..pooled("pbn.representative", Ours::holds(representative))
            },
        ]
    }

    /// The pooled percentage at delta 0.2; sample by sample it falls on either side.
    fn atoms_in_tetrahedra(&self) -> Finding {
        let shares: Vec<(f64, f64)> = self
            .samples
            .iter()
            .map(|s| {
                (
                    s.populations(0.2).atoms_in_tetrahedra,
                    s.amorphous_atoms() as f64,
                )
            })
            .collect();
        let atoms: f64 = shares.iter().map(|(_, atoms)| atoms).sum();
        let packed: f64 = shares.iter().map(|(share, atoms)| share * atoms).sum();
        Finding {
            id: "tetrahedra.atoms",
            sample: Some("pooled"),
            unit: None,
            ours: Ours::Number(100.0 * packed / atoms),
            others: shares.iter().map(|(share, _)| 100.0 * share).collect(),
        }
    }

    /// Bipyramids without vertex-sharing and with edge-sharing neighbours, in percent.
    fn sharing_percent(&self, region: Region) -> (f64, f64) {
        let (mut all, mut no_vertex, mut with_edge) = (0, 0, 0);
        for found in self.samples.iter().map(|s| s.analysis.networks(5, region)) {
            let counts = found.sharing.neighbour_counts(found.motifs.len());
            all += found.motifs.len();
            no_vertex += counts.vertex.iter().filter(|&&n| n == 0).count();
            with_edge += counts.edge.iter().filter(|&&n| n > 0).count();
        }
        let percent = |part: usize| 100.0 * part as f64 / all as f64;
        (percent(no_vertex), percent(with_edge))
    }
}

fn of_one_sample(sample: &Published<'_>) -> Vec<Finding> {
    let analysis = sample.analysis;
    let crystal = analysis.crystal.iter().filter(|&&crystal| crystal).count();
    let nuclei = 100.0 * crystal as f64 / analysis.atoms.len() as f64;
    let shapes = mean_shape(&shapes(analysis));
    let filling = icosahedral_filling(
        analysis.atoms.len(),
        &analysis.rings,
        &sample.pentagonal().motifs,
    );
    vec![
        sample.finding(
            "trace.min_distance",
            Ours::Number(analysis.atoms.closest_pair().2),
        ),
        sample.finding("nuclei.fraction", Ours::Number(nuclei)),
        sample.finding("motifs.order", Ours::holds(order_holds(sample))),
        sample.finding("motifs.others", Ours::holds(others_are_rare(analysis))),
        sample.finding(
            "bipyramid.alpha_gamma",
            Ours::Number(100.0 * (shapes[0] - 1.0)),
        ),
        sample.finding(
            "bipyramid.beta_gamma",
            Ours::Number(100.0 * (shapes[1] - 1.0)),
        ),
        sample.finding("bipyramid.theta", Ours::Number(shapes[2])),
        sample.finding(
            "pbn.dominant",
            Ours::holds(pentagonal_dominate(&sample.networks)),
        ),
        sample.finding(
            "filling.partial",
            Ours::holds(filling.iter().all(|&n| n < 12)),
        ),
    ]
}

/// At delta 0.255 pentagonal bipyramids are the most abundant motif; below 0.2, where there is any
/// motif at all, triplets are.
fn order_holds(sample: &Published<'_>) -> bool {
    DELTAS.iter().all(|&delta| {
        let motifs = sample.populations(delta).motifs;
        let leads = |k: usize| (0..4).all(|other| other == k || motifs[k] > motifs[other]);
        match delta {
            _ if delta < 0.2 => leads(0) || motifs == [0.0; 4],
            0.255 => leads(2),
            _ => true,
        }
    })
}

/// Each main motif is at least ten times as frequent as all 7- and 8-fold bipyramids together.
fn others_are_rare(analysis: &Analysis) -> bool {
    let count = |fold| analysis.bipyramids(fold, Region::All).len();
    let rare = count(7) + count(8);
    let triplets = triplets(&analysis.triangulation, &analysis.accepted).len();
    [triplets, count(4), count(5), count(6)]
        .iter()
        .all(|&main| main >= 10 * rare)
}

/// Alpha/gamma, beta/gamma, and theta in degrees of every pentagonal bipyramid.
fn shapes(analysis: &Analysis) -> Vec<[f64; 3]> {
    let motifs = analysis.bipyramids(5, Region::All).into_iter();
    motifs
        .map(|motif| bipyramid_shape(&analysis.triangulation, analysis.ring(motif)))
        .map(|s| [s.alpha / s.gamma, s.beta / s.gamma, s.theta_deg])
        .collect()
}

fn mean_shape(shapes: &[[f64; 3]]) -> [f64; 3] {
    [0, 1, 2].map(|k| {
        let one: Vec<f64> = shapes.iter().map(|shape| shape[k]).collect();
        mean(&one).unwrap_or(0.0)
    })
}

fn all_dihedral_angles(sample: &Published<'_>) -> Vec<f64> {
    let networks = sample.analysis.networks(5, Region::All);
    dihedral_angles(Entry {
        sample: sample.id,
        analysis: sample.analysis,
        networks: &networks,
    })
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
        .map(|(unit, ours)| Finding {
            unit: Some(unit),
            ..sample.finding("pbn.largest", ours)
        })
        .collect()
}

/// Whether a network's partial icosahedra of three and more are exactly those of Fig. 5h.
fn has_representative(sample: &Published<'_>) -> bool {
    let found = sample.pentagonal();
    found.networks.iter().any(|network| {
        let partial = partial_icosahedra(network, &sample.analysis.rings, &found.motifs, 3);
        let mut filling: Vec<u32> = partial.into_iter().map(|(_, n)| n).collect();
        filling.sort_unstable();
        filling == REPRESENTATIVE
    })
}

/// What geometry alone decides.
fn geometry() -> Result<Vec<Finding>, AnalysisError> {
    let (caps, ring) = ideal_bipyramid();
    let ideal = shape_of(caps, &ring);
    let corners: Vec<Vec3> = icosahedron().into_iter().chain([[0.0; 3]]).collect();
    let Ok(atoms) = Atoms::new(Element::Ta, corners, Boundary::Open) else {
        return Ok(Vec::new());
    };
    let analysis = Analysis::new(atoms, Some(1.2), |_| ())?;
    let networks = analysis.networks(5, Region::All);
    let angles = dihedral_angles(Entry {
        sample: "",
        analysis: &analysis,
        networks: &networks,
    });
    let bare = |id, ours| Finding {
        id,
        sample: None,
        unit: None,
        ours,
        others: Vec::new(),
    };
    Ok(vec![
        bare("bipyramid.ideal", Ours::Number(ideal.alpha / ideal.gamma)),
        bare(
            "dihedral.dodecahedron",
            Ours::Number(mean(&angles).unwrap_or(0.0)),
        ),
        // Three skeletons about a common edge share the full angle evenly.
        bare("dihedral.free", Ours::Number(360.0 / 3.0)),
    ])
}

/// What the simulated liquid decides.
fn liquid(sample: Sample, atoms: &Atoms) -> Vec<Finding> {
    vec![Finding {
        id: "md.atoms",
        sample: Some(sample.id()),
        unit: None,
        ours: Ours::Count(atoms.len() as i64),
        others: Vec::new(),
    }]
}
