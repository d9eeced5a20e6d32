//! Claims of the simulation: populations, filling and networks along the quench, the split second
//! peak of the glass, and whether other potentials and palladium behave alike.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::bipyramid::MeanShape;
use amorphous_packing::data::Sample;
use amorphous_packing::data::carried::{carried_pair_distribution, embedded};
use amorphous_packing::data::frames::{PD_QUENCH, SimulatedFrame, TA_QUENCH, TA_ZHOU_QUENCH};
use amorphous_packing::data::snapshot::Snapshot;
use amorphous_packing::liquid::growth::Growth;
use amorphous_packing::network::{
    MotifNetworks, filling_population, icosahedral_filling, mean_filling,
};
use amorphous_packing::numerics::{range, rises};
use amorphous_packing::packing::{Populations, populations};

use crate::record::ledger::{Finding, Ours};

use super::packing::PENTAGONAL;

/// The temperatures in kelvin of the paper's three snapshots (Fig. 6c–e).
const SHOWN_K: [u32; 3] = [5_200, 2_500, 300];
/// The ratios of bonds hardly change when they stay within this of each other (the ideal bipyramid
/// is 0.026 away).
const STEADY_RATIO: f64 = 0.01;
/// A network grows rapidly when it is this many times larger at the end.
const RAPID: f64 = 10.0;

/// What a frame says about the claims.
struct Frame {
    temperature_k: u32,
    populations: Populations,
    /// The mean filling of partial icosahedra.
    mean_filling: f64,
    growth: Growth,
    shape: MeanShape,
}

impl Frame {
    /// `None` without a pentagonal bipyramid.
    fn of(frame: &SimulatedFrame, analysis: &Analysis) -> Option<Frame> {
        let Analysis {
            triangulation,
            criteria,
            crystal,
            ..
        } = analysis;
        let networks = analysis.networks(5, Region::Amorphous);
        Some(Frame {
            temperature_k: frame.temperature_k,
            populations: populations(triangulation, *criteria, crystal),
            mean_filling: filling_of(analysis, &networks),
            growth: Growth::of(triangulation, &networks),
            shape: MeanShape::of(&analysis.pentagonal_shapes(Region::All))?,
        })
    }

    fn pentagonal(&self) -> f64 {
        self.populations.motifs[PENTAGONAL]
    }

    fn pentagonal_leads(&self) -> bool {
        self.populations.leader() == Some(PENTAGONAL)
    }
}

/// The mean of `n` over the partial icosahedra of Fig. 6b; zero without any.
fn filling_of(analysis: &Analysis, networks: &MotifNetworks) -> f64 {
    let (triangulation, motifs) = (&analysis.triangulation, &networks.motifs);
    let filling = icosahedral_filling(triangulation, motifs);
    mean_filling(&filling_population(&filling, triangulation, motifs)).unwrap_or(0.0)
}

/// What the frames of the simulation decide; a quench only when all of its frames are there.
pub(super) fn of_frames(samples: &[(&'static SimulatedFrame, &Analysis)]) -> Vec<Finding> {
    let of_run = |run: &'static [SimulatedFrame]| -> Option<Vec<Frame>> {
        run.iter()
            .map(|frame| {
                let analysis = samples.iter().find(|(other, _)| *other == frame)?.1;
                Frame::of(frame, analysis)
            })
            .collect()
    };
    let mut findings = Vec::new();
    if let Some((frame, analysis)) = samples.iter().find(|(frame, _)| *frame == &TA_QUENCH[0]) {
        let atoms = Ours::Count(analysis.atoms.len() as i64);
        findings.push(Finding::new("md.atoms", Some(frame.id), atoms));
    }
    if let Some(quench) = of_run(TA_QUENCH) {
        findings.extend(of_quench(&quench));
        let split = words("pdf.glass_split", glass_is_split());
        findings.push(split.from_committed("data/ta_pair_distribution.csv"));
        let protocol = words("md.protocol", protocol_is_the_paper_s());
        findings.push(protocol.from_committed("data/ta_liquid_5200K.parquet"));
    }
    for (id, run) in [("md.potential", TA_ZHOU_QUENCH), ("md.pd", PD_QUENCH)] {
        if let Some(frames) = of_run(run) {
            findings.push(words(id, same_trends(&frames)));
        }
    }
    findings
}

fn words(id: &'static str, holds: bool) -> Finding {
    Finding::new(id, None, Ours::holds(holds))
}

fn of_quench(quench: &[Frame]) -> Vec<Finding> {
    // The last frame is held at the temperature of the one before it: it belongs to no trend in
    // the temperature.
    let cooling = &quench[..quench.len() - 1];
    let shown = SHOWN_K.map(|kelvin| {
        let held = quench.iter().rev();
        let mut frames = held.filter(|frame| frame.temperature_k == kelvin);
        frames.next().unwrap_or(&quench[0])
    });
    let [liquid, _, glass] = shown;
    let grown = glass.growth.largest as f64 / liquid.growth.largest as f64;
    let spans = glass.growth.spans == [true; 3];
    vec![
        words(
            "md.bipyramids",
            quench.iter().all(Frame::pentagonal_leads)
                && rises(cooling.iter().map(Frame::pentagonal)),
        ),
        words(
            "md.icosahedral_filling",
            rises(shown.iter().map(|frame| frame.mean_filling)),
        ),
        words(
            "md.icosahedra",
            rises(shown.iter().map(|frame| frame.growth.icosahedra as f64)),
        ),
        words(
            "md.pbn_growth",
            grown >= RAPID && rises(shown.iter().map(|frame| frame.growth.largest as f64)),
        ),
        words("md.percolation", spans),
        words("bipyramid.theta_quench", theta_falls(cooling)),
    ]
}

/// Theta falls at every step; the ratios stay within [`STEADY_RATIO`].
fn theta_falls(cooling: &[Frame]) -> bool {
    let ratios: [fn(&Frame) -> f64; 2] = [
        |frame| frame.shape.alpha_over_gamma,
        |frame| frame.shape.beta_over_gamma,
    ];
    let steady = ratios
        .iter()
        .all(|&ratio| range(cooling.iter().map(ratio)) < STEADY_RATIO);
    steady && rises(cooling.iter().map(|frame| -frame.shape.theta_deg))
}

/// The trends of the paper's quench in another one, hottest frame first.
fn same_trends(frames: &[Frame]) -> bool {
    let of = |value: fn(&Frame) -> f64| rises(frames.iter().map(value));
    frames.iter().all(Frame::pentagonal_leads)
        && of(Frame::pentagonal)
        && of(|frame| frame.mean_filling)
        && of(|frame| frame.growth.icosahedra as f64)
        && of(|frame| frame.growth.share_of_largest())
        && of(|frame| -frame.shape.theta_deg)
}

/// Whether the second peak of the averaged g(r) has two components in the glass at 300 K, held or
/// just quenched, and one in the liquid.
fn glass_is_split() -> bool {
    let components = |frame: &SimulatedFrame| {
        carried_pair_distribution(frame).map_or(0, |curve| curve.second_peak_components().len())
    };
    let (liquid, glass) = (&TA_QUENCH[0], &TA_QUENCH[TA_QUENCH.len() - 2..]);
    components(liquid) == 1 && glass.iter().all(|frame| components(frame) == 2)
}

/// Whether the carried run was made as the paper says.
fn protocol_is_the_paper_s() -> bool {
    let Some(Ok(snapshot)) = embedded(TA_QUENCH[0].file).map(Snapshot::from_parquet) else {
        return false;
    };
    let protocol = &snapshot.provenance().protocol;
    let melt = f64::from(SHOWN_K[0]);
    protocol.melt_temperature_k == melt
        && protocol.quench.as_ref().is_some_and(|quench| {
            quench.rate_k_per_s == 1e13 && quench.final_temperature_k == f64::from(SHOWN_K[2])
        })
}

/// The frames among samples.
pub(super) fn frames_of(
    samples: &[(Sample, Analysis)],
) -> Vec<(&'static SimulatedFrame, &Analysis)> {
    let frames = samples
        .iter()
        .filter_map(|(sample, analysis)| match sample {
            Sample::Simulated(frame) => Some((*frame, analysis)),
            _ => None,
        });
    frames.collect()
}
