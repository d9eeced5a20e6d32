//! The tables of the pair distribution: the curves of Fig. 1c, and their peaks and valleys.

use polars::prelude::*;

use crate::order::{ComponentKind, ExtremumKind, PairDistribution};

use super::rows::Rows;

/// The curves against `r/R1` (Fig. 1c): `sample, r_angstrom, r_over_r1, g`.
///
/// # Errors
/// Only those of polars.
pub fn pair_distribution_table(curves: &[Rows<'_, &PairDistribution>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut r, mut over, mut g) = (vec![], vec![], vec![], vec![]);
    for Rows {
        sample, of: curve, ..
    } in curves
    {
        let r1 = curve.first_peak_angstrom();
        for (&r_angstrom, &value) in curve.r_angstrom.iter().zip(&curve.g) {
            samples.push(*sample);
            r.push(r_angstrom);
            over.push(r_angstrom / r1);
            g.push(value);
        }
    }
    df!("sample" => samples, "r_angstrom" => r, "r_over_r1" => over, "g" => g)
}

/// The peaks and valleys that stand out by `depth`, the first `ranks` of each: `sample, kind, rank,
/// r_angstrom, r_over_r1, g`.
///
/// # Errors
/// Only those of polars.
pub fn extrema_table(
    curves: &[Rows<'_, &PairDistribution>],
    depth: f64,
    ranks: usize,
) -> PolarsResult<DataFrame> {
    let (mut samples, mut kinds, mut rank) = (Vec::new(), Vec::new(), Vec::new());
    let (mut r, mut over, mut g) = (Vec::new(), Vec::new(), Vec::new());
    for Rows {
        sample, of: curve, ..
    } in curves
    {
        let r1 = curve.first_peak_angstrom();
        let extrema = curve.extrema(depth);
        for (kind, name) in [
            (ExtremumKind::Peak, "peak"),
            (ExtremumKind::Valley, "valley"),
        ] {
            let of_kind = extrema.iter().filter(|extremum| extremum.kind == kind);
            for (place, extremum) in (1_u64..).zip(of_kind.take(ranks)) {
                samples.push(*sample);
                kinds.push(name);
                rank.push(place);
                r.push(extremum.r_angstrom);
                over.push(extremum.r_angstrom / r1);
                g.push(extremum.g);
            }
        }
    }
    df!(
        "sample" => samples,
        "kind" => kinds,
        "rank" => rank,
        "r_angstrom" => r,
        "r_over_r1" => over,
        "g" => g,
    )
}

/// The components of the second peak (the arrows of Supplementary Fig. 19): `sample, component,
/// r_angstrom, r_over_r1, g`; the component is a `maximum` or a `shoulder`.
///
/// # Errors
/// Only those of polars.
pub fn second_peak_table(curves: &[Rows<'_, &PairDistribution>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut kinds) = (Vec::new(), Vec::new());
    let (mut r, mut over, mut g) = (Vec::new(), Vec::new(), Vec::new());
    for Rows {
        sample, of: curve, ..
    } in curves
    {
        let r1 = curve.first_peak_angstrom();
        for component in curve.second_peak_components() {
            samples.push(*sample);
            kinds.push(match component.kind {
                ComponentKind::Maximum => "maximum",
                ComponentKind::Shoulder => "shoulder",
            });
            r.push(component.r_angstrom);
            over.push(component.r_angstrom / r1);
            g.push(component.g);
        }
    }
    df!(
        "sample" => samples,
        "component" => kinds,
        "r_angstrom" => r,
        "r_over_r1" => over,
        "g" => g,
    )
}
