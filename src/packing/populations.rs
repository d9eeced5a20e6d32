//! How much of the amorphous region is packed in which motif.
//!
//! Methods, "Polytetrahedral packing analysis": the tetrahedra in a motif over all amorphous
//! tetrahedra. A tetrahedron can be in several motifs, so that the sum may exceed one. Fig. 2b, c.

use crate::geometry::{EdgeRings, TetrahedronId, Triangulation};

use super::{Criteria, accepted_tetrahedra, amorphous_tetrahedra, bipyramids, triplets};

/// The populations at one largest distortion, as fractions from 0 to 1; 0 where nothing is
/// amorphous.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Populations {
    /// Amorphous atoms in an accepted tetrahedron over all amorphous atoms.
    pub atoms_in_tetrahedra: f64,
    /// Amorphous tetrahedra in triplets, quadrilateral, pentagonal and hexagonal bipyramids.
    pub motifs: [f64; 4],
}

/// The populations of the amorphous region; `crystal` marks the atoms of the nuclei.
pub fn populations(
    triangulation: &Triangulation,
    rings: &EdgeRings,
    criteria: Criteria,
    crystal: &[bool],
) -> Populations {
    let accepted = accepted_tetrahedra(triangulation, criteria);
    let amorphous = amorphous_tetrahedra(triangulation, &accepted, crystal);
    let total = amorphous.iter().filter(|&&a| a).count();
    let fraction = |members: &mut dyn Iterator<Item = TetrahedronId>| {
        let mut inside = vec![false; triangulation.len()];
        members.for_each(|t| inside[t as usize] = true);
        let both = inside.iter().zip(&amorphous).filter(|(i, a)| **i && **a);
        ratio(both.count(), total)
    };
    let bipyramid = |fold| {
        let motifs = bipyramids(rings, criteria, fold);
        fraction(
            &mut motifs
                .iter()
                .flat_map(|&m| rings.ring(m as usize).tetrahedra)
                .map(|t| t.id),
        )
    };
    let triplets = triplets(triangulation, &accepted);
    Populations {
        atoms_in_tetrahedra: atoms_in_tetrahedra(triangulation, &accepted, crystal),
        motifs: [
            fraction(&mut triplets.into_iter().flatten()),
            bipyramid(4),
            bipyramid(5),
            bipyramid(6),
        ],
    }
}

fn atoms_in_tetrahedra(triangulation: &Triangulation, accepted: &[bool], crystal: &[bool]) -> f64 {
    let mut packed = vec![false; crystal.len()];
    for t in (0..triangulation.len() as TetrahedronId).filter(|&t| accepted[t as usize]) {
        for corner in triangulation.corners(t) {
            packed[corner.atom as usize] = true;
        }
    }
    let amorphous = crystal.iter().filter(|&&c| !c).count();
    let both = packed.iter().zip(crystal).filter(|(p, c)| **p && !**c);
    ratio(both.count(), amorphous)
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
