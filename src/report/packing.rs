//! The tables behind Fig. 2b, c and Supplementary Fig. 9: populations of the motifs.

use polars::prelude::*;

use crate::analysis::{Analysis, Region};
use crate::geometry::TetrahedronId;
use crate::packing::{DELTAS, Populations, populations, populations_at, triplets};

use super::rows::{Rows, samples, temperatures};

/// The four main motifs as the tables name them, in the order of [`Populations::motifs`].
pub const MOTIFS: [&str; 4] = ["triplet", "quadrilateral", "pentagonal", "hexagonal"];

/// The populations of the amorphous region at each of [`DELTAS`] (Fig. 2b, Supplementary Fig. 9):
/// `sample, delta, atoms_in_tetrahedra, triplet, quadrilateral, pentagonal, hexagonal`, fractions
/// from 0 to 1.
///
/// # Errors
/// Only those of polars.
pub fn population_table(entries: &[Rows<'_, &Analysis>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut deltas, mut atoms) = (Vec::new(), Vec::new(), Vec::new());
    let mut motifs: [Vec<f64>; 4] = Default::default();
    for Rows {
        sample,
        of: analysis,
        ..
    } in entries
    {
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
pub fn motif_table(entries: &[Rows<'_, &Analysis>]) -> PolarsResult<DataFrame> {
    let (mut samples, mut motifs) = (Vec::new(), Vec::new());
    let (mut counts, mut fractions) = (Vec::new(), Vec::new());
    for Rows {
        sample,
        of: analysis,
        ..
    } in entries
    {
        let found = populations_of(analysis);
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
    let amorphous = |t: &TetrahedronId| analysis.is_amorphous(*t);
    triplets(&analysis.triangulation, &analysis.accepted)
        .iter()
        .filter(|triplet| triplet.iter().any(amorphous))
        .count()
}

/// The populations of the four motifs against temperature (Fig. 6a): `sample, temperature_k,
/// triplet, quadrilateral, pentagonal, hexagonal`.
///
/// # Errors
/// Only those of polars.
pub fn population_temperature_table(frames: &[Rows<'_, &Analysis>]) -> PolarsResult<DataFrame> {
    let found: Vec<Populations> = frames.iter().map(|rows| populations_of(rows.of)).collect();
    let column = |k: usize| {
        found
            .iter()
            .map(|found| found.motifs[k])
            .collect::<Vec<_>>()
    };
    let [triplet, quadrilateral, pentagonal, hexagonal] = MOTIFS;
    df!(
        "sample" => samples(frames),
        "temperature_k" => temperatures(frames),
        triplet => column(0),
        quadrilateral => column(1),
        pentagonal => column(2),
        hexagonal => column(3),
    )
}

/// The populations at the distortion of the main analysis.
fn populations_of(analysis: &Analysis) -> Populations {
    populations(
        &analysis.triangulation,
        analysis.criteria,
        &analysis.crystal,
    )
}
