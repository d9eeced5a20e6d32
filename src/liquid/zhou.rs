//! The potentials of Zhou, Johnson and Wadley, Phys. Rev. B 69, 144113 (2004),
//! <https://doi.org/10.1103/PhysRevB.69.144113>: one analytic form, one row of constants per metal.
//!
//! It serves for palladium, of which the paper names no potential, and as a second opinion on
//! tantalum: the paper finds similar networks and trends with every potential it tried.

use super::eam::EamPotential;
use super::lattice::Lattice;
use crate::atoms::Element;

/// The constants of a metal, named as in Table III of the publication.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constants {
    /// r_e, the nearest-neighbour distance of the crystal in ångström.
    pub re: f64,
    /// f_e, the density at r_e.
    pub fe: f64,
    /// ρ_e, the density of the crystal.
    pub rhoe: f64,
    /// ρ_s, the scale of the density where it is high.
    pub rhos: f64,
    /// α, the steepness of the repulsion.
    pub alpha: f64,
    /// β, the steepness of the attraction and of the density.
    pub beta: f64,
    /// A, the strength of the repulsion in eV.
    pub a: f64,
    /// B, the strength of the attraction in eV.
    pub b: f64,
    /// κ, where the repulsion is cut off.
    pub kappa: f64,
    /// λ, where the attraction and the density are cut off.
    pub lambda: f64,
    /// F_n0 … F_n3 in eV: the embedding energy of thin surroundings.
    pub fn_: [f64; 4],
    /// F_0, F_1, F_2 in eV: the embedding energy near that of the crystal.
    pub f: [f64; 3],
    /// F_3 in eV below ρ_e.
    pub f3_below: f64,
    /// F_3 in eV above ρ_e.
    pub f3_above: f64,
    /// η, the exponent of the embedding energy of dense surroundings.
    pub eta: f64,
    /// F_e in eV: the scale of the embedding energy of dense surroundings.
    pub fe_embedding: f64,
}

/// Tantalum.
const TANTALUM: Constants = Constants {
    re: 2.860082,
    fe: 3.086341,
    rhoe: 33.787168,
    rhos: 33.787168,
    alpha: 8.489528,
    beta: 4.527748,
    a: 0.611679,
    b: 1.032101,
    kappa: 0.176977,
    lambda: 0.353954,
    fn_: [-5.103845, -0.405524, 1.112997, -3.585325],
    f: [-5.14, 0.0, 1.640098],
    f3_below: 0.221375,
    f3_above: 0.221375,
    eta: 0.848843,
    fe_embedding: -5.141526,
};

/// Palladium.
const PALLADIUM: Constants = Constants {
    re: 2.750897,
    fe: 1.595417,
    rhoe: 21.335246,
    rhos: 21.940073,
    alpha: 8.697397,
    beta: 4.638612,
    a: 0.406763,
    b: 0.598880,
    kappa: 0.397263,
    lambda: 0.754799,
    fn_: [-2.321006, -0.473983, 1.615343, -0.231681],
    f: [-2.36, 0.0, 1.481742],
    f3_below: -1.675615,
    f3_above: -1.675615,
    eta: 1.130000,
    fe_embedding: -2.352753,
};

/// Where the embedding energy passes to its next piece, in units of ρ_e.
const THIN: f64 = 0.85;
const DENSE: f64 = 1.15;

/// The potential of a metal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zhou {
    element: Element,
    constants: Constants,
    lattice: Lattice,
    /// Of the crystal at zero pressure, in ångström, to six digits.
    lattice_constant: f64,
}

impl Zhou {
    /// The potential of tantalum or palladium; another metal of the publication is one more row here.
    pub fn new(element: Element) -> Option<Zhou> {
        let (constants, lattice, lattice_constant) = match element {
            Element::Ta => (TANTALUM, Lattice::Bcc, 3.302538),
            Element::Pd => (PALLADIUM, Lattice::Fcc, 3.890356),
            _ => return None,
        };
        Some(Zhou {
            element,
            constants,
            lattice,
            lattice_constant,
        })
    }

    /// The constants as published.
    pub fn constants(&self) -> &Constants {
        &self.constants
    }

    /// The lattice constant of the crystal at zero pressure, in ångström, to six digits.
    pub fn lattice_constant_angstrom(&self) -> f64 {
        self.lattice_constant
    }
}

/// e^(−steepness (x − 1)) / (1 + (x − cut)²⁰): every term of the pair potential and the density.
fn screened(x: f64, steepness: f64, cut: f64) -> f64 {
    (-steepness * (x - 1.0)).exp() / (1.0 + (x - cut).powi(20))
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

impl EamPotential for Zhou {
    fn element(&self) -> Element {
        self.element
    }

    fn lattice(&self) -> (Lattice, f64) {
        (self.lattice, self.lattice_constant)
    }

    /// √5 r_e.
    fn cutoff_angstrom(&self) -> f64 {
        5.0_f64.sqrt() * self.constants.re
    }

    fn crystal_density(&self) -> f64 {
        self.constants.rhoe
    }

    fn pair(&self, r: f64) -> f64 {
        let c = &self.constants;
        let x = r / c.re;
        c.a * screened(x, c.alpha, c.kappa) - c.b * screened(x, c.beta, c.lambda)
    }

    fn density(&self, r: f64) -> f64 {
        let c = &self.constants;
        c.fe * screened(r / c.re, c.beta, c.lambda)
    }

    // ANCHOR: zhou
    fn embedding(&self, rho: f64) -> f64 {
        let c = &self.constants;
        let [f0, f1, f2] = c.f;
        if rho < THIN * c.rhoe {
            polynomial(&c.fn_, rho / (THIN * c.rhoe) - 1.0)
        } else if rho < c.rhoe {
            polynomial(&[f0, f1, f2, c.f3_below], rho / c.rhoe - 1.0)
        } else if rho < DENSE * c.rhoe {
            polynomial(&[f0, f1, f2, c.f3_above], rho / c.rhoe - 1.0)
        } else {
            let share = rho / c.rhos;
            c.fe_embedding * (1.0 - c.eta * share.ln()) * share.powf(c.eta)
        }
    }
    // ANCHOR_END: zhou
}
