//! The tables of the pair distribution: the curves of Fig. 1c, and their peaks and valleys.

use polars::prelude::*;

use crate::order::{ComponentKind, ExtremumKind, PairDistribution};

use super::rows::{Rows, column, flattened};

/// A place on a curve with what it is called.
struct Place<N> {
    name: N,
    r_angstrom: f64,
    r_over_r1: f64,
    g: f64,
}

impl<N> Place<N> {
    /// On a curve whose first peak is at `r1` ångström.
    fn new(r1: f64, name: N, r_angstrom: f64, g: f64) -> Place<N> {
        Place {
            name,
            r_angstrom,
            r_over_r1: r_angstrom / r1,
            g,
        }
    }
}

/// The last columns of every table here: `r_angstrom, r_over_r1, g`.
fn with_places<N>(mut table: DataFrame, places: &[Place<N>]) -> PolarsResult<DataFrame> {
    table.hstack_mut(
        df!(
            "r_angstrom" => column(places, |place| place.r_angstrom),
            "r_over_r1" => column(places, |place| place.r_over_r1),
            "g" => column(places, |place| place.g),
        )?
        .columns(),
    )?;
    Ok(table)
}

/// The curves against `r/R1` (Fig. 1c): `sample, r_angstrom, r_over_r1, g`.
///
/// # Errors
/// Only those of polars.
pub fn pair_distribution_table(curves: &[Rows<'_, &PairDistribution>]) -> PolarsResult<DataFrame> {
    let (samples, places) = flattened(curves, |curve| {
        let r1 = curve.first_peak_angstrom();
        let points = curve.r_angstrom.iter().zip(&curve.g);
        points.map(|(&r, &g)| Place::new(r1, (), r, g)).collect()
    });
    with_places(df!("sample" => samples)?, &places)
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
    let kinds = [
        (ExtremumKind::Peak, "peak"),
        (ExtremumKind::Valley, "valley"),
    ];
    let (samples, places) = flattened(curves, |curve| {
        let r1 = curve.first_peak_angstrom();
        let extrema = curve.extrema(depth);
        let of_kind = kinds.iter().flat_map(|(kind, name)| {
            let of_kind = extrema.iter().filter(|extremum| extremum.kind == *kind);
            let ranked = (1_u64..).zip(of_kind.take(ranks));
            ranked.map(|(rank, at)| Place::new(r1, (*name, rank), at.r_angstrom, at.g))
        });
        of_kind.collect()
    });
    let table = df!(
        "sample" => samples,
        "kind" => column(&places, |place| place.name.0),
        "rank" => column(&places, |place| place.name.1),
    );
    with_places(table?, &places)
}

/// The components of the second peak (the arrows of Supplementary Fig. 19): `sample, component,
/// r_angstrom, r_over_r1, g`; the component is a `maximum` or a `shoulder`.
///
/// # Errors
/// Only those of polars.
pub fn second_peak_table(curves: &[Rows<'_, &PairDistribution>]) -> PolarsResult<DataFrame> {
    let (samples, places) = flattened(curves, |curve| {
        let r1 = curve.first_peak_angstrom();
        let components = curve.second_peak_components().into_iter();
        let named = components.map(|at| {
            let name = match at.kind {
                ComponentKind::Maximum => "maximum",
                ComponentKind::Shoulder => "shoulder",
            };
            Place::new(r1, name, at.r_angstrom, at.g)
        });
        named.collect()
    });
    let table = df!(
        "sample" => samples,
        "component" => column(&places, |place| place.name),
    );
    with_places(table?, &places)
}
