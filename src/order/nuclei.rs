//! Crystal nuclei: where the normalised bond order passes one half, in clusters.
//!
//! Main text, "AET of monatomic amorphous materials", and Methods, "The local BOO parameters".
//! Isolated ordered atoms do not make a nucleus; the clustering follows the published analysis.

use rayon::prelude::*;

use crate::atoms::{AtomId, Atoms, Vec3};
use crate::neighbours::CellList;
use crate::numerics::{Mask, Numbered};

/// Atoms with at least this normalised bond order may be crystal (Methods).
pub const CRYSTAL_THRESHOLD: f64 = 0.5;

// ANCHOR: company
/// How far a nucleus gathers its members, in ångström.
pub const GATHER_ANGSTROM: f64 = 8.0;
/// A core atom has at least this many ordered atoms, itself included, within that distance; fewer
/// crystal atoms than see each other in a core are no nucleus.
pub(super) const CORE_MEMBERS: usize = 13;
/// An ordered atom outside the core joins it when it sees at least this many core atoms.
const CORE_CONTACTS: usize = 2;
// ANCHOR_END: company

/// Which atoms belong to a crystal nucleus, from the normalised bond order `s` of every atom, nuclei
/// gathering their members within `gather` ångström ([`GATHER_ANGSTROM`] in the paper's samples).
/// The others are the amorphous region.
// ANCHOR: nuclei
pub fn crystal_atoms(atoms: &Atoms, s: &[f64], gather: f64) -> Mask<AtomId> {
    let ordered: Vec<AtomId> = AtomId::first(atoms.len())
        .filter(|atom| s[atom.index()] >= CRYSTAL_THRESHOLD)
        .collect();
    let core_mask = with_company(atoms, &ordered, &ordered, gather, CORE_MEMBERS);
    let (core, rejected): (Vec<AtomId>, Vec<AtomId>) =
        ordered.iter().partition(|&&atom| core_mask[atom]);
    let returned = with_company(atoms, &rejected, &core, gather, CORE_CONTACTS);
    core_mask
        .iter()
        .zip(returned.iter())
        .map(|(core, returned)| core | returned)
        .collect()
}
// ANCHOR_END: nuclei

/// The share of the atoms of nuclei that belong to a nucleus with a marked atom, at the surface of the
/// sample say; zero without a nucleus.
pub fn share_reaching(nuclei: &[Vec<AtomId>], marked: &Mask<AtomId>) -> f64 {
    let reaching = nuclei
        .iter()
        .filter(|nucleus| nucleus.iter().any(|&atom| marked[atom]));
    let reaching: usize = reaching.map(Vec::len).sum();
    let all: usize = nuclei.iter().map(Vec::len).sum();
    reaching as f64 / all.max(1) as f64
}

/// Marks the `candidates` that have at least `least` of `company` within the gathering distance.
fn with_company(
    atoms: &Atoms,
    candidates: &[AtomId],
    company: &[AtomId],
    gather: f64,
    least: usize,
) -> Mask<AtomId> {
    let mut mask: Mask<AtomId> = Mask::all(atoms.len(), false);
    if candidates.is_empty() || company.is_empty() {
        return mask;
    }
    let places: Vec<Vec3> = company.iter().map(|&atom| atoms.position(atom)).collect();
    let cells = CellList::new(&places, atoms.boundary(), gather);
    let accepted: Vec<bool> = candidates
        .par_iter()
        .map(|&atom| {
            let mut count = 0;
            cells.for_each_within(atoms.position(atom), |_| count += 1);
            count >= least
        })
        .collect();
    for (&atom, accepted) in candidates.iter().zip(accepted) {
        mask[atom] = accepted;
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nucleus_counts_whole_when_one_of_its_atoms_is_marked() {
        let nuclei: Vec<Vec<AtomId>> = [0..6, 6..8]
            .map(|atoms: std::ops::Range<u32>| atoms.map(AtomId::new).collect())
            .into();
        let marked = |atom: u32| Mask::of(8, |other: AtomId| other == AtomId::new(atom));
        assert_eq!(share_reaching(&nuclei, &marked(3)), 0.75);
        assert_eq!(share_reaching(&nuclei, &marked(7)), 0.25);
        assert_eq!(share_reaching(&[], &marked(7)), 0.0);
    }
}
