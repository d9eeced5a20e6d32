//! How much of the amorphous region is packed in which motif.
//!
//! Methods, "Polytetrahedral packing analysis": the tetrahedra in a motif over all amorphous
//! tetrahedra. A tetrahedron can be in several motifs, so that the sum may exceed one. Fig. 2b, c.
//!
//! A ring exists at every `delta_max` not smaller than its critical delta, so the bipyramids of
//! all distortions are one pass over the rings and a threshold; triplets, which are defined by
//! what is not there, are searched at each.

use rayon::prelude::*;

use crate::geometry::{EdgeRings, TetrahedronId, Triangulation};

use super::triplets::triplets_beside;
use super::{BIPYRAMID_FOLDS, Criteria};

/// The populations at one largest distortion, as fractions from 0 to 1; 0 where nothing is
/// amorphous.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Populations {
    /// Amorphous atoms in an accepted tetrahedron over all amorphous atoms.
    pub atoms_in_tetrahedra: f64,
    /// Amorphous tetrahedra in triplets, quadrilateral, pentagonal and hexagonal bipyramids.
    pub motifs: [f64; 4],
}

/// Why no population can be stated.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum PopulationsError {
    /// A distortion that no tetrahedron can have.
    #[error(
        "the largest distortion delta is {0}; it must be a number and at least 0 (the paper takes \
         0.255)"
    )]
    BadDelta(f64),
}

/// The populations of the amorphous region at the distortion of `criteria`; `crystal` marks the
/// atoms of the nuclei.
pub fn populations(
    triangulation: &Triangulation,
    rings: &EdgeRings,
    criteria: Criteria,
    crystal: &[bool],
) -> Populations {
    Thresholds::new(triangulation, rings, criteria, crystal).populations(criteria.delta_max)
}

/// The populations of the amorphous region at each of the distortions `deltas` ([`super::DELTAS`]
/// are those of the paper), in place of the one of `criteria` (Fig. 2b, Supplementary Fig. 9).
///
/// # Errors
/// [`PopulationsError`] names a delta that is negative or no number.
pub fn populations_at(
    triangulation: &Triangulation,
    rings: &EdgeRings,
    criteria: Criteria,
    deltas: &[f64],
    crystal: &[bool],
) -> Result<Vec<Populations>, PopulationsError> {
    if let Some(&bad) = deltas.iter().find(|delta| delta.is_nan() || **delta < 0.0) {
        return Err(PopulationsError::BadDelta(bad));
    }
    let thresholds = Thresholds::new(triangulation, rings, criteria, crystal);
    Ok(deltas
        .par_iter()
        .map(|&delta| thresholds.populations(delta))
        .collect())
}

/// The smallest `delta_max` at which something is there; infinite where the other criteria rule
/// it out.
struct Thresholds<'a> {
    triangulation: &'a Triangulation,
    /// Each tetrahedron.
    tetrahedra: Vec<f64>,
    /// A ring of 4, 5, … 8 tetrahedra about each tetrahedron's edges.
    rings: [Vec<f64>; 5],
    /// A tetrahedron at each amorphous atom.
    atoms: Vec<f64>,
    /// Tetrahedra with at least three amorphous corners.
    amorphous: Vec<bool>,
}

impl Thresholds<'_> {
    fn new<'a>(
        triangulation: &'a Triangulation,
        rings: &EdgeRings,
        criteria: Criteria,
        crystal: &[bool],
    ) -> Thresholds<'a> {
        let any = criteria.with_delta_max(f64::INFINITY);
        let absent = vec![f64::INFINITY; triangulation.len()];
        let mut found = Thresholds {
            triangulation,
            tetrahedra: absent.clone(),
            rings: std::array::from_fn(|_| absent.clone()),
            atoms: vec![f64::INFINITY; crystal.len()],
            amorphous: super::amorphous_tetrahedra(
                triangulation,
                &vec![true; triangulation.len()],
                crystal,
            ),
        };
        for t in 0..triangulation.len() as TetrahedronId {
            let shape = triangulation.shape(t);
            if any.accept(shape) {
                found.tetrahedra[t as usize] = shape.delta;
                for corner in triangulation.corners(t) {
                    let smallest = &mut found.atoms[corner.atom as usize];
                    *smallest = smallest.min(shape.delta);
                }
            }
        }
        // ANCHOR: thresholds
        for ring in rings.iter().filter(|ring| any.accept(ring.extreme)) {
            if BIPYRAMID_FOLDS.contains(&ring.fold()) {
                for t in ring.tetrahedra {
                    let smallest =
                        &mut found.rings[ring.fold() - BIPYRAMID_FOLDS.start()][t.id as usize];
                    *smallest = smallest.min(ring.extreme.delta);
                }
            }
        }
        // ANCHOR_END: thresholds
        let atoms = found.atoms.into_iter().zip(crystal);
        found.atoms = atoms
            .filter(|(_, crystal)| !**crystal)
            .map(|(delta, _)| delta)
            .collect();
        found
    }

    fn populations(&self, delta: f64) -> Populations {
        let accepted: Vec<bool> = self.tetrahedra.iter().map(|d| *d <= delta).collect();
        let amorphous = |inside: &dyn Fn(usize) -> bool| {
            let all = self.amorphous.iter().enumerate();
            all.filter(|(t, amorphous)| **amorphous && inside(*t))
                .count()
        };
        let total = amorphous(&|t| accepted[t]);
        let in_ring = |fold: usize, t: usize| self.rings[fold - 4][t] <= delta;
        let in_any_ring = |t| {
            BIPYRAMID_FOLDS
                .into_iter()
                .any(|fold| in_ring(fold, t as usize))
        };
        let mut in_triplet = vec![false; accepted.len()];
        let triplets = triplets_beside(self.triangulation, &accepted, in_any_ring);
        for t in triplets.into_iter().flatten() {
            in_triplet[t as usize] = true;
        }
        // ANCHOR: fractions
        let fraction = |inside: &dyn Fn(usize) -> bool| ratio(amorphous(inside), total);
        let packed = self.atoms.iter().filter(|d| **d <= delta).count();
        Populations {
            atoms_in_tetrahedra: ratio(packed, self.atoms.len()),
            motifs: [
                fraction(&|t| in_triplet[t]),
                fraction(&|t| in_ring(4, t)),
                fraction(&|t| in_ring(5, t)),
                fraction(&|t| in_ring(6, t)),
            ],
        }
        // ANCHOR_END: fractions
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
