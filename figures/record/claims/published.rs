//! One of the published samples, with what several chapters ask of it.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::data::Sample;
use amorphous_packing::network::MotifNetworks;

use crate::record::ledger::{Finding, Ours};

/// One of the published samples.
pub(super) struct Published<'a> {
    pub(super) id: &'static str,
    pub(super) analysis: &'a Analysis,
    /// The 4-, 5- and 6-fold bipyramids of the amorphous region.
    pub(super) networks: [MotifNetworks; 3],
}

impl<'a> Published<'a> {
    pub(super) fn new((sample, analysis): &'a (Sample, Analysis)) -> Published<'a> {
        Published {
            id: sample.id(),
            analysis,
            networks: [4, 5, 6].map(|fold| analysis.networks(fold, Region::Amorphous)),
        }
    }

    pub(super) fn pentagonal(&self) -> &MotifNetworks {
        &self.networks[1]
    }

    pub(super) fn amorphous_atoms(&self) -> usize {
        self.analysis.crystal.inverted().count()
    }

    pub(super) fn finding(&self, id: &'static str, ours: Ours) -> Finding {
        Finding::new(id, Some(self.id), ours)
    }
}

/// A finding about the three published samples together.
pub(super) fn of_all(id: &'static str, ours: Ours) -> Finding {
    Finding::new(id, Some("pooled"), ours)
}
