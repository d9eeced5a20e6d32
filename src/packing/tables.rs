//! The tables behind Fig. 2b, c and Supplementary Fig. 9: populations of the motifs.

use polars::prelude::*;

use crate::analysis::{Analysis, Region};

use super::{DELTAS, populations, populations_at, triplets};

/// The four main motifs as the tables name them, in the order of [`super::Populations::motifs`].
pub const MOTIFS: [&str; 4] = ["triplet", "quadrilateral", "pentagonal", "hexagonal"];

/// The populations of the amorphous region at each of [`DELTAS`] (Fig. 2b, Supplementary Fig. 9):
/// `sample, delta, atoms_in_tetrahedra, triplet, quadrilateral, pentagonal, hexagonal`, fractions
/// from 0 to 1. The entries are sample ids and analyses.
///
/// # Errors
/// Only those of polars.
pub fn population_table(entries: &[(&str, &Analysis)]) -> PolarsResult<DataFrame> {
    let (mut samples, mut deltas, mut atoms) = (Vec::new(), Vec::new(), Vec::new());
    let mut motifs: [Vec<f64>; 4] = Default::default();
    for (sample, analysis) in entries {
        let found = populations_at(
            &analysis.triangulation,
            analysis.criteria,
            &DELTAS,
            &analysis.crystal,
        );
        let found = found.map_err(|error| polars_err!(ComputeError: "{error}"))?;
        for (delta, found) in DELTAS.into_iter().zip(found) {
            samples.push(*sample);
            deltas.push(delta);
            atoms.push(found.atoms_in_tetrahedra);
            for (column, fraction) in motifs.iter_mut().zip(found.motifs) {
                column.push(fraction);
            }
        }
    }
    let [triplet, quadrilateral, pentagonal, hexagonal] = motifs;
    df!(
        "sample" => samples,
        "delta" => deltas,
        "atoms_in_tetrahedra" => atoms,
        "triplet" => triplet,
        "quadrilateral" => quadrilateral,
        "pentagonal" => pentagonal,
        "hexagonal" => hexagonal,
    )
}

/// The motifs at the distortion of the main analysis (Fig. 2c): `sample, motif, count, fraction`.
/// `count` is the number of motifs that touch the amorphous region (at least one amorphous
/// tetrahedron), `fraction` the amorphous tetrahedra in such motifs over all amorphous tetrahedra.
///
/// # Errors
/// Only those of polars.
pub fn motif_table(entries: &[(&str, &Analysis)]) -> PolarsResult<DataFrame> {
    let (mut samples, mut motifs) = (Vec::new(), Vec::new());
    let (mut counts, mut fractions) = (Vec::new(), Vec::new());
    for (sample, analysis) in entries {
        let found = populations(
            &analysis.triangulation,
            analysis.criteria,
            &analysis.crystal,
        );
        for (fold, (motif, fraction)) in (3..).zip(MOTIFS.into_iter().zip(found.motifs)) {
            samples.push(*sample);
            motifs.push(motif);
            counts.push(amorphous_motifs(analysis, fold) as u64);
            fractions.push(fraction);
        }
    }
    df!("sample" => samples, "motif" => motifs, "count" => counts, "fraction" => fractions)
}

/// Motifs of `fold` tetrahedra, triplets being those of three, that touch the amorphous region.
fn amorphous_motifs(analysis: &Analysis, fold: usize) -> usize {
    if fold > 3 {
        return analysis.bipyramids(fold, Region::Amorphous).len();
    }
    let amorphous = |t: &u32| analysis.is_amorphous(*t);
    triplets(&analysis.triangulation, &analysis.accepted)
        .iter()
        .filter(|triplet| triplet.iter().any(amorphous))
        .count()
}
