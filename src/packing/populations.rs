//! How much of the amorphous region is packed in which motif.
//!
//! Methods, "Polytetrahedral packing analysis": the tetrahedra in a motif over all amorphous
//! tetrahedra. A tetrahedron can be in several motifs, so that the sum may exceed one. Fig. 2b, c.
//!
//! A ring is a bipyramid at every `delta_max` not smaller than its critical delta, so the bipyramids
//! of all distortions are one pass over the rings and a threshold; triplets, which are defined by
//! what is not there, are searched at each.

use rayon::prelude::*;

use crate::atoms::AtomId;
use crate::geometry::{RingId, TetrahedronId, Triangulation};
use crate::numerics::{Mask, Numbered};

use super::motifs::BIPYRAMID_FOLDS;
use super::tetrahedra::{Criteria, is_amorphous};
use super::triplets::{FaceGraph, Node};

/// The populations at one largest distortion, as fractions from 0 to 1; 0 where nothing is
/// amorphous.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Populations {
    /// Amorphous atoms in an accepted tetrahedron over all amorphous atoms.
    pub atoms_in_tetrahedra: f64,
    /// Amorphous tetrahedra in triplets, quadrilateral, pentagonal and hexagonal bipyramids.
    pub motifs: [f64; 4],
}

impl Populations {
    /// The place in `motifs` of the motif that is more frequent than each of the others; `None` where
    /// there is none.
    pub fn leader(&self) -> Option<usize> {
        let leads =
            |k: &usize| (0..4).all(|other| other == *k || self.motifs[*k] > self.motifs[other]);
        (0..4).find(leads)
    }

    /// Whether no tetrahedron is in a motif.
    pub fn is_without_motifs(&self) -> bool {
        self.motifs == [0.0; 4]
    }
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
    criteria: Criteria,
    crystal: &Mask<AtomId>,
) -> Populations {
    let largest = criteria.delta_max;
    Thresholds::new(triangulation, criteria, largest, crystal).populations(largest)
}

/// The populations of the amorphous region at each of the distortions `deltas` ([`super::DELTAS`]
/// are those of the paper), in place of the one of `criteria` (Fig. 2b, Supplementary Fig. 9).
///
/// # Errors
/// [`PopulationsError`] names a delta that is negative or no number.
pub fn populations_at(
    triangulation: &Triangulation,
    criteria: Criteria,
    deltas: &[f64],
    crystal: &Mask<AtomId>,
) -> Result<Vec<Populations>, PopulationsError> {
    if let Some(&bad) = deltas.iter().find(|delta| delta.is_nan() || **delta < 0.0) {
        return Err(PopulationsError::BadDelta(bad));
    }
    let largest = deltas.iter().copied().fold(0.0, f64::max);
    let thresholds = Thresholds::new(triangulation, criteria, largest, crystal);
    Ok(deltas
        .par_iter()
        .map(|&delta| thresholds.populations(delta))
        .collect())
}

/// The smallest `delta_max` at which something is there, up to some largest one.
struct Thresholds {
    /// The tetrahedra accepted at the largest, by increasing distortion; and which share faces.
    graph: FaceGraph,
    /// Those of each of them, in this order.
    tetrahedra: Vec<f64>,
    /// Of a ring of 4, 5, … 8 tetrahedra about an edge of each of them; infinite without one.
    rings: Vec<[f64; 5]>,
    /// Which of them have at least three amorphous corners.
    amorphous: Mask<Node>,
    /// Of a tetrahedron at each amorphous atom; infinite without one.
    atoms: Vec<f64>,
}

impl Thresholds {
    fn new(
        triangulation: &Triangulation,
        criteria: Criteria,
        largest: f64,
        crystal: &Mask<AtomId>,
    ) -> Thresholds {
        let criteria = criteria.with_delta_max(largest);
        // The distortions of the accepted tetrahedra, and infinity for the others.
        let deltas: Vec<f64> = triangulation
            .par_tetrahedra()
            .map(|t| Some(triangulation.shape(t)).filter(|&shape| criteria.accept(shape)))
            .map(|shape| shape.map_or(f64::INFINITY, |shape| shape.delta))
            .collect();
        let delta = |t: TetrahedronId| deltas[t.index()];
        let is_accepted = |t: TetrahedronId| delta(t).is_finite();
        let mut accepted: Vec<TetrahedronId> = triangulation
            .tetrahedra()
            .filter(|&t| is_accepted(t))
            .collect();
        accepted.par_sort_unstable_by(|&a, &b| delta(a).total_cmp(&delta(b)).then(a.cmp(&b)));
        let mut atoms = vec![f64::INFINITY; crystal.len()];
        for &t in &accepted {
            for corner in triangulation.corners(t) {
                let smallest = &mut atoms[corner.atom.index()];
                *smallest = smallest.min(delta(t));
            }
        }
        let mut about = vec![[f64::INFINITY; 5]; triangulation.len()];
        // ANCHOR: thresholds
        let rings: Vec<(RingId, usize)> = triangulation
            .rings_among(is_accepted)
            .filter(|(_, fold)| BIPYRAMID_FOLDS.contains(fold))
            .collect();
        for (ring, fold) in rings {
            let tetrahedra = triangulation.ring(ring).tetrahedra;
            let critical = tetrahedra
                .iter()
                .fold(0.0, |most: f64, t| most.max(delta(t.id)));
            for t in tetrahedra {
                let smallest = &mut about[t.id.index()][fold - BIPYRAMID_FOLDS.start()];
                *smallest = smallest.min(critical);
            }
        }
        // ANCHOR_END: thresholds
        let atoms = atoms.into_iter().zip(crystal.iter());
        Thresholds {
            graph: FaceGraph::new(triangulation, &accepted),
            tetrahedra: accepted.iter().map(|&t| delta(t)).collect(),
            rings: accepted.iter().map(|&t| about[t.index()]).collect(),
            amorphous: accepted
                .iter()
                .map(|&t| is_amorphous(triangulation.corners(t), crystal))
                .collect(),
            atoms: atoms
                .filter(|(_, is_crystal)| !is_crystal)
                .map(|(delta, _)| delta)
                .collect(),
        }
    }

    fn populations(&self, delta: f64) -> Populations {
        let accepted = self.tetrahedra.partition_point(|d| *d <= delta);
        let in_any_ring = |t: Node| self.rings[t.index()].iter().any(|d| *d <= delta);
        let mut in_triplet: Mask<Node> = Mask::all(accepted, false);
        let triplets = self.graph.first(accepted).triplets(in_any_ring);
        for t in triplets.into_iter().flatten() {
            in_triplet[t] = true;
        }
        // ANCHOR: fractions
        let amorphous = Node::first(accepted).filter(|&t| self.amorphous[t]);
        let total = amorphous.clone().count();
        let in_triplets = amorphous.clone().filter(|&t| in_triplet[t]);
        let in_rings = |fold: usize| {
            let critical = |t: Node| self.rings[t.index()][fold - BIPYRAMID_FOLDS.start()];
            let inside = amorphous.clone().filter(|&t| critical(t) <= delta);
            ratio(inside.count(), total)
        };
        let packed = self.atoms.iter().filter(|d| **d <= delta).count();
        Populations {
            atoms_in_tetrahedra: ratio(packed, self.atoms.len()),
            motifs: [
                ratio(in_triplets.count(), total),
                in_rings(4),
                in_rings(5),
                in_rings(6),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leader_is_ahead_of_all_others() {
        let of = |motifs| Populations {
            atoms_in_tetrahedra: 1.0,
            motifs,
        };
        assert_eq!(of([0.1, 0.2, 0.4, 0.3]).leader(), Some(2));
        assert_eq!(of([0.4, 0.2, 0.4, 0.3]).leader(), None, "two are ahead");
        assert_eq!(of([0.0; 4]).leader(), None);
        assert!(of([0.0; 4]).is_without_motifs());
        assert!(!of([0.0, 0.0, 0.1, 0.0]).is_without_motifs());
    }
}
