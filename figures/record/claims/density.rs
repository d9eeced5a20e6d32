//! Claims about the mass density.

use amorphous_packing::analysis::Analysis;
use amorphous_packing::data::Sample;
use amorphous_packing::packing::Smoothing;

use crate::record::ledger::{Finding, Ours};

use super::published::Published;

pub(super) fn of_sample(sample: &Published<'_>) -> Vec<Finding> {
    let w = sample.analysis.first_valley_angstrom;
    let Some(gain) = gain_percent(sample.analysis, Smoothing::of_fwhm(w)) else {
        return Vec::new();
    };
    if sample.id != Sample::TaFilm.id() {
        return vec![sample.finding("density.nanoparticles", Ours::holds(gain > 0.0))];
    }
    let wider = [
        ("the width is two standard deviations", 0.5 * w),
        ("the width is the standard deviation", w),
    ];
    let gained = sample.finding("density.gain", Ours::Number(gain));
    let finding = wider.iter().fold(gained, |finding, (convention, sigma)| {
        match gain_percent(sample.analysis, Smoothing::of_sigma(*sigma)) {
            Some(gain) => finding.or(convention, gain),
            None => finding,
        }
    });
    vec![finding]
}

/// How much denser it is with packing than without, in percent; `None` where one of them has no place.
fn gain_percent(analysis: &Analysis, smoothing: Smoothing) -> Option<f64> {
    Some(100.0 * analysis.density_map(smoothing).ok()?.gain()?)
}
