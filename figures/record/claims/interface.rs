//! Claims of the crystal nuclei: the width of their interface, and where they lie.

use amorphous_packing::geometry::surface_atoms;
use amorphous_packing::order::{ALPHA_ANGSTROM, FIT_FROM_ANGSTROM, share_reaching};

use crate::record::ledger::{Finding, Ours};

use super::published::Published;

/// The nuclei lie at the surface when nuclei that reach it hold at least this portion of the
/// atoms in nuclei.
const AT_SURFACE: f64 = 0.95;

/// The width from −3 Å on, and from either side of it.
pub(super) fn of_sample(sample: &Published<'_>) -> Vec<Finding> {
    let profile = sample.analysis.interface_profile();
    let width = |from: f64| profile.fit(from).map(|fit| fit.width_angstrom);
    let Some(ours) = width(FIT_FROM_ANGSTROM) else {
        return Vec::new();
    };
    let finding = sample.finding("interface.width", Ours::Number(ours));
    let others = [-2.0, -4.0]
        .into_iter()
        .filter_map(|from| Some((from, width(from)?)));
    let finding = others.fold(finding, |finding, (from, width)| {
        finding.or(&format!("fit from −{} Å", -from), width)
    });
    vec![finding]
}

pub(super) fn pooled(samples: &[Published<'_>]) -> Vec<Finding> {
    let at_surface = samples.iter().all(nuclei_reach_the_surface);
    vec![Finding::new(
        "nuclei.surface",
        None,
        Ours::holds(at_surface),
    )]
}

/// Whether nuclei with an atom on the surface of the sample's alpha shape hold nearly all atoms of
/// nuclei.
fn nuclei_reach_the_surface(sample: &Published<'_>) -> bool {
    let surface = surface_atoms(&sample.analysis.triangulation, ALPHA_ANGSTROM);
    share_reaching(&sample.analysis.nuclei(), &surface) >= AT_SURFACE
}
