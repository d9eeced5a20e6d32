//! Which claims the data at hand can decide.

use amorphous_packing::data::tomography::TiltSeries;
use amorphous_packing::data::tracing::{PEAKS, UNREFINED};
use amorphous_packing::data::{EXPERIMENT, Origin, Sample};

use crate::record::ledger::{Claim, Needs};

use super::findings::samples;

/// The data that a run has.
#[derive(Debug, Clone)]
pub struct AtHand {
    /// The samples that were analysed.
    pub samples: Vec<Sample>,
    /// Whether the angles of the film's tilt series were read.
    pub tilt_angles: bool,
    /// Whether the traced peaks of the film were read.
    pub traced_peaks: bool,
}

impl AtHand {
    /// Whether these data decide the claim: a row about one sample by that sample, one about several
    /// by all that claims are about.
    pub fn can_decide(&self, claim: &Claim) -> bool {
        match (claim.needs, of_one(claim)) {
            (Some(Needs::TiltAngles), _) => self.tilt_angles,
            (Some(Needs::TracedPeaks), _) => self.traced_peaks,
            (_, Some(sample)) => self.samples.contains(&sample),
            (_, None) => samples().iter().all(|sample| self.samples.contains(sample)),
        }
    }
}

/// The public files without which a claim cannot be decided, by their paths in the repository of the
/// data; none for what geometry or the carried frames decide.
pub fn files_of(claim: &Claim) -> Vec<String> {
    let model = |sample: Sample| match sample.origin() {
        Origin::Published { file, .. } => Some(file.to_owned()),
        Origin::Embedded { .. } => None,
    };
    match (claim.needs, of_one(claim)) {
        (None, _) => Vec::new(),
        (Some(Needs::TiltAngles), _) => {
            let [_, angles] = TiltSeries::TaFilm.files();
            vec![angles]
        }
        (Some(Needs::TracedPeaks), _) => [PEAKS, UNREFINED].map(str::to_owned).into(),
        (Some(Needs::Models), Some(sample)) => model(sample).into_iter().collect(),
        (Some(Needs::Models), None) => EXPERIMENT.into_iter().filter_map(model).collect(),
    }
}

/// The sample of a row about one.
fn of_one(claim: &Claim) -> Option<Sample> {
    claim.sample.as_deref()?.parse().ok()
}
