//! What the code finds for the claims of the paper: from analyses to rows of the ledger, a file
//! for each chapter.

mod bipyramid;
mod density;
mod interface;
mod liquid;
mod network;
mod order;
mod packing;
mod pdf;
mod tomography;
mod voronoi;

pub use tomography::of_tilt_series;

use amorphous_packing::analysis::{Analysis, AnalysisError, MotifNetworks, Region};
use amorphous_packing::sample::{EXPERIMENT, Sample};

use crate::ledger::{Finding, Ours};

/// The samples that claims are about: the three of the experiment and all frames.
pub fn samples() -> Vec<Sample> {
    Sample::all().collect()
}

/// Everything that geometry and these samples decide; what is about the three published samples
/// together only when all three are there.
///
/// # Errors
/// When a sample has no pair distribution; the ideal shapes can be analysed.
pub fn findings(samples: &[(Sample, Analysis)]) -> Result<Vec<Finding>, AnalysisError> {
    let published: Vec<Published<'_>> = samples
        .iter()
        .filter(|(sample, _)| EXPERIMENT.contains(sample))
        .map(Published::new)
        .collect();
    let frames = liquid::frames_of(samples);
    let mut findings = vec![bipyramid::ideal()];
    findings.extend(network::geometry()?);
    for sample in &published {
        findings.extend(order::of_sample(sample));
        findings.extend(interface::of_sample(sample));
        findings.extend(packing::of_sample(sample));
        findings.extend(density::of_sample(sample));
        findings.extend(bipyramid::of_sample(sample));
        findings.extend(network::of_sample(sample));
    }
    let all = published.len() == EXPERIMENT.len();
    findings.extend(voronoi::of_samples(&published, all));
    if all {
        findings.extend(pdf::pooled(&published)?);
        findings.extend(interface::pooled(&published));
        findings.extend(packing::pooled(&published));
        findings.extend(bipyramid::pooled(&published));
        findings.extend(network::pooled(&published));
        let liquid = samples
            .iter()
            .find(|(sample, _)| *sample == Sample::TA_LIQUID);
        if let Some((_, liquid)) = liquid {
            findings.push(bipyramid::liquid(&published, liquid));
        }
    }
    findings.extend(liquid::of_frames(&frames));
    Ok(findings)
}

/// One of the published samples.
struct Published<'a> {
    id: &'static str,
    analysis: &'a Analysis,
    /// The 4-, 5- and 6-fold bipyramids of the amorphous region.
    networks: [MotifNetworks; 3],
}

impl<'a> Published<'a> {
    fn new((sample, analysis): &'a (Sample, Analysis)) -> Published<'a> {
        Published {
            id: sample.id(),
            analysis,
            networks: [4, 5, 6].map(|fold| analysis.networks(fold, Region::Amorphous)),
        }
    }

    fn pentagonal(&self) -> &MotifNetworks {
        &self.networks[1]
    }

    fn amorphous_atoms(&self) -> usize {
        let crystal = &self.analysis.crystal;
        crystal.iter().filter(|&&crystal| !crystal).count()
    }

    fn finding(&self, id: &'static str, ours: Ours) -> Finding {
        Finding::new(id, Some(self.id), ours)
    }
}

/// A finding about the three published samples together.
fn of_all(id: &'static str, ours: Ours) -> Finding {
    Finding::new(id, Some("pooled"), ours)
}
