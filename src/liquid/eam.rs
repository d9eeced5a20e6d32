//! Embedded-atom potentials: E = Σ F(Σ ρ(r)) + ½ Σ φ(r).

use super::lattice::Lattice;
use crate::atoms::Element;

/// An embedded-atom potential of one element.
pub trait EamPotential {
    /// The element.
    fn element(&self) -> Element;
    /// Its crystal and the lattice constant in ångström.
    fn lattice(&self) -> (Lattice, f64);
    /// The distance in ångström from which pair potential and density are zero.
    fn cutoff_angstrom(&self) -> f64;
    /// The density in its crystal, Σ ρ(r), as published.
    fn crystal_density(&self) -> f64;
    /// The pair potential φ(r) in eV, `r ≥ 0` in ångström.
    fn pair(&self, r: f64) -> f64;
    /// The electron density ρ(r), `r ≥ 0` in ångström.
    fn density(&self, r: f64) -> f64;
    /// The embedding energy F(ρ) in eV, `rho ≥ 0`.
    fn embedding(&self, rho: f64) -> f64;
}
