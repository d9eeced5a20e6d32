//! Perfect cubic crystals: neighbour shells, cohesive energy, equilibrium lattice constant.
//!
//! A potential is fitted to its crystals, so their energies tell whether a table is right.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::eam::EamPotential;

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

/// The energy of a perfect crystal, F(Σ ρ) + ½ Σ φ, in eV per atom.
///
/// `lattice_constant_angstrom` must be positive.
pub fn cohesive_energy(
    potential: &impl EamPotential,
    lattice: Lattice,
    lattice_constant_angstrom: f64,
) -> f64 {
    let a = lattice_constant_angstrom;
    let shells = shells(lattice, potential.cutoff_angstrom() / a);
    let density = lattice_sum(&shells, a, |r| potential.density(r));
    potential.embedding(density) + lattice_sum(&shells, a, |r| potential.pair(r)) / 2.0
}

/// A crystal at zero pressure and zero temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equilibrium {
    /// Edge of the cubic cell in ångström.
    pub lattice_constant_angstrom: f64,
    /// Energy in eV per atom.
    pub energy_ev: f64,
}

/// The lowest energy of the crystal with its lattice constant in `bracket` (ångström), by golden
/// section; the lattice constant is good to about 10⁻⁷ Å.
///
/// The energy must have a single minimum in the bracket.
pub fn equilibrium(
    potential: &impl EamPotential,
    lattice: Lattice,
    bracket: [f64; 2],
) -> Equilibrium {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let energy = |a: f64| cohesive_energy(potential, lattice, a);
    let [mut low, mut high] = bracket;
    let (mut left, mut right) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_left, mut at_right) = (energy(left), energy(right));
    while high - low > 1e-8 {
        if at_left < at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - ratio * (high - low);
            at_left = energy(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + ratio * (high - low);
            at_right = energy(right);
        }
    }
    let a = (low + high) / 2.0;
    Equilibrium {
        lattice_constant_angstrom: a,
        energy_ev: energy(a),
    }
}
