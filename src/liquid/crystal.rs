//! The energy of perfect cubic crystals, and the lattice constant at which it is lowest.
//!
//! A potential is fitted to its crystals, so their energies tell whether a table is right.

use super::eam::EamPotential;
use super::lattice::{Lattice, lattice_sum, shells};

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
