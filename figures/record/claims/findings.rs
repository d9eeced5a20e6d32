//! All findings, chapter by chapter.

use amorphous_packing::analysis::{Analysis, AnalysisError};
use amorphous_packing::data::{EXPERIMENT, Sample};

use crate::record::ledger::Finding;

use super::published::Published;
use super::{bipyramid, density, interface, liquid, network, order, packing, pdf, voronoi};

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
            findings.extend(bipyramid::liquid(&published, liquid));
        }
    }
    findings.extend(liquid::of_frames(&frames));
    Ok(findings)
}
