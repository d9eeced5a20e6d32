//! Cubic lattices, their neighbour shells, and sums over them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A monatomic cubic lattice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lattice {
    /// Body-centred cubic, two atoms per cubic cell: tantalum.
    Bcc,
    /// Face-centred cubic, four atoms per cubic cell: palladium.
    Fcc,
}

impl Lattice {
    /// The name that LAMMPS and the setfl format use.
    pub fn name(self) -> &'static str {
        match self {
            Lattice::Bcc => "bcc",
            Lattice::Fcc => "fcc",
        }
    }

    /// Atoms in one cubic cell.
    pub fn atoms_per_cell(self) -> u32 {
        match self {
            Lattice::Bcc => 2,
            Lattice::Fcc => 4,
        }
    }

    /// Whether half the integer triple is a site, in units of the lattice constant.
    fn has_site(self, twice: [i32; 3]) -> bool {
        let odd = twice.map(|n| n.rem_euclid(2));
        match self {
            Lattice::Bcc => odd[0] == odd[1] && odd[1] == odd[2],
            Lattice::Fcc => (odd[0] + odd[1] + odd[2]) % 2 == 0,
        }
    }
}

/// The atoms at one distance from an atom of a crystal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shell {
    /// Their distance in units of the lattice constant.
    pub distance: f64,
    /// How many there are.
    pub atoms: u32,
}

/// The neighbour shells up to `reach` (in units of the lattice constant), nearest first.
///
/// ```
/// use amorphous_packing::liquid::lattice::{Lattice, shells};
/// let bcc = shells(Lattice::Bcc, 1.1);
/// assert_eq!([bcc[0].atoms, bcc[1].atoms], [8, 6]);
/// assert_eq!(bcc[0].distance, 0.75_f64.sqrt());
/// ```
pub fn shells(lattice: Lattice, reach: f64) -> Vec<Shell> {
    let n = (2.0 * reach).floor() as i32;
    let mut counts = BTreeMap::<i32, u32>::new();
    for i in -n..=n {
        for j in -n..=n {
            for k in -n..=n {
                if lattice.has_site([i, j, k]) {
                    *counts.entry(i * i + j * j + k * k).or_default() += 1;
                }
            }
        }
    }
    counts
        .into_iter()
        .map(|(squared, atoms)| Shell {
            distance: f64::from(squared).sqrt() / 2.0,
            atoms,
        })
        .filter(|shell| 0.0 < shell.distance && shell.distance <= reach)
        .collect()
}

/// Σ f(r) over the neighbours of one atom, for a crystal of lattice constant `a` (ångström).
pub(super) fn lattice_sum(shells: &[Shell], a: f64, f: impl Fn(f64) -> f64) -> f64 {
    shells
        .iter()
        .map(|shell| f64::from(shell.atoms) * f(shell.distance * a))
        .sum()
}
