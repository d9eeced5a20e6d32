//! The tantalum potential "Ta1" of Ravelo, Germann, Guerrero, An and Holian, Phys. Rev. B 88,
//! 134101 (2013), <https://doi.org/10.1103/PhysRevB.88.134101>: reference 67 of the paper.
//!
//! The paper's own potential (Zhong et al. 2014) is no longer at its public address; the paper
//! finds similar bipyramid networks and trends with this one. It is analytic, so its table is
//! computed here from the published constants.

use super::eam::EamPotential;
use super::lattice::{Lattice, Shell, lattice_sum, shells};
use crate::atoms::Element;

/// Cohesive energy of bcc tantalum, eV per atom.
pub const COHESIVE_ENERGY_EV: f64 = 8.1;
/// Lattice constant a₀ of bcc tantalum, ångström.
pub const LATTICE_CONSTANT_ANGSTROM: f64 = 3.304;
/// α of the Rose equation of state, dimensionless.
pub const ROSE_ALPHA: f64 = 4.934;
/// U₀, the depth of the pair potential, eV.
pub const PAIR_DEPTH_EV: f64 = 0.80;
/// r₁, where the pair potential is lowest, ångström.
pub const PAIR_MINIMUM_ANGSTROM: f64 = 2.860;
/// α_p, the steepness of the pair potential, dimensionless.
pub const PAIR_ALPHA: f64 = 4.70;
/// r_s, where the pair potential passes to its polynomial, ångström.
pub const PAIR_JOINT_ANGSTROM: f64 = 2.86;
/// s, the leading power of the polynomial.
pub const PAIR_POWER: f64 = 7.5;
/// a₁ … a₄, the coefficients of the polynomial in y = r_c − r (in ångström).
pub const PAIR_POLYNOMIAL: [f64; 4] = [
    -0.117454135903,
    0.123093411596,
    -0.043904209548,
    0.005317833081,
];
/// r_c, beyond which neither pair potential nor density reaches, ångström.
pub const CUTOFF_ANGSTROM: f64 = 5.30;
/// p, the inner power of the electron density.
pub const DENSITY_INNER_POWER: i32 = 4;
/// q, the outer power of the electron density.
pub const DENSITY_OUTER_POWER: i32 = 4;
/// ρ₀, the density at the nearest-neighbour distance √3 a₀/2; the bcc crystal then has density 1.
pub const DENSITY_SCALE: f64 = 0.07772267659865091;

/// Below this density the equation of state no longer fixes F: see [`Ta1`].
pub const TAIL_DENSITY: f64 = 0.1;

/// The smallest lattice constant to which the equation of state is followed, ångström.
const SMALLEST_LATTICE_CONSTANT: f64 = 1.0;

/// The potential Ta1.
///
/// The embedding function follows from the Rose equation of state of the bcc crystal: at every
/// lattice constant a, F(ρ_bcc(a)) + ½ Σ φ = −E_c (1 + a*) e^(−a*) with a* = α (a/a₀ − 1).
/// As ρ → 0 (a → 2 r_c/√3) this tends to −0.63 eV, not to the zero of a free atom.
/// Below [`TAIL_DENSITY`], F is therefore c₁ρ + c₂ρ² + c₃ρ³, which is zero at ρ = 0 and joins the
/// rest with equal value, slope and curvature. No atom of the condensed phases comes near: in the
/// crystal ρ = 1, in the liquid at 5,200 K ρ lies between 0.5 and 1.2.
#[derive(Debug, Clone, PartialEq)]
pub struct Ta1 {
    bcc: Vec<Shell>,
    tail: [f64; 3],
}

impl Default for Ta1 {
    fn default() -> Ta1 {
        Ta1::new()
    }
}

impl Ta1 {
    /// The potential, ready for evaluation.
    pub fn new() -> Ta1 {
        let mut potential = Ta1 {
            bcc: shells(Lattice::Bcc, CUTOFF_ANGSTROM / SMALLEST_LATTICE_CONSTANT),
            tail: [0.0; 3],
        };
        potential.tail = potential.tail_coefficients();
        potential
    }

    /// ρ_bcc(a), decreasing in a.
    fn bcc_density(&self, a: f64) -> f64 {
        lattice_sum(&self.bcc, a, density)
    }

    /// F at the density of the bcc crystal of lattice constant `a`.
    fn embedding_at(&self, a: f64) -> f64 {
        rose_energy(a) - lattice_sum(&self.bcc, a, pair) / 2.0
    }

    /// The lattice constant at which the bcc crystal has the density `rho`, by bisection.
    fn lattice_constant(&self, rho: f64) -> f64 {
        let mut low = SMALLEST_LATTICE_CONSTANT;
        let mut high = 2.0 * CUTOFF_ANGSTROM / 3.0_f64.sqrt();
        loop {
            let middle = (low + high) / 2.0;
            if middle <= low || middle >= high {
                return middle;
            }
            if self.bcc_density(middle) > rho {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /// F from the equation of state, without the tail.
    fn rose_embedding(&self, rho: f64) -> f64 {
        self.embedding_at(self.lattice_constant(rho))
    }

    /// c₁, c₂, c₃ of the tail, from value, slope and curvature (central differences) at its end.
    fn tail_coefficients(&self) -> [f64; 3] {
        let (x, h) = (TAIL_DENSITY, 1e-4);
        let [before, at, after] = [x - h, x, x + h].map(|rho| self.rose_embedding(rho));
        let slope = (after - before) / (2.0 * h);
        let curvature = (after - 2.0 * at + before) / (h * h);
        // In u = ρ/x the conditions read c₁+c₂+c₃ = f, c₁+2c₂+3c₃ = g, 2c₂+6c₃ = k.
        let (f, g, k) = (at, slope * x, curvature * x * x);
        let cubic = (k - 2.0 * (g - f)) / 2.0;
        let square = g - f - 2.0 * cubic;
        let linear = f - square - cubic;
        [linear / x, square / (x * x), cubic / (x * x * x)]
    }
}

impl EamPotential for Ta1 {
    fn element(&self) -> Element {
        Element::Ta
    }

    fn lattice(&self) -> (Lattice, f64) {
        (Lattice::Bcc, LATTICE_CONSTANT_ANGSTROM)
    }

    fn cutoff_angstrom(&self) -> f64 {
        CUTOFF_ANGSTROM
    }

    fn crystal_density(&self) -> f64 {
        1.0
    }

    fn pair(&self, r: f64) -> f64 {
        pair(r)
    }

    fn density(&self, r: f64) -> f64 {
        density(r)
    }

    fn embedding(&self, rho: f64) -> f64 {
        if rho < TAIL_DENSITY {
            let [linear, square, cubic] = self.tail;
            rho * (linear + rho * (square + rho * cubic))
        } else {
            self.rose_embedding(rho)
        }
    }
}

/// The pair potential φ(r) in eV, r in ångström.
///
/// φ = −U₀ e^(−x) (1 + x), x = α_p (r/r₁ − 1), up to r_s; then
/// φ = U₀ y^s (a₁ + a₂y + a₃y² + a₄y³), y = r_c − r, up to r_c.
///
/// ```
/// use amorphous_packing::liquid::ravelo::pair;
/// assert_eq!(pair(2.86), -0.80);
/// assert_eq!(pair(5.30), 0.0);
/// ```
pub fn pair(r: f64) -> f64 {
    if r <= PAIR_JOINT_ANGSTROM {
        let x = PAIR_ALPHA * (r / PAIR_MINIMUM_ANGSTROM - 1.0);
        -PAIR_DEPTH_EV * (-x).exp() * (1.0 + x)
    } else if r < CUTOFF_ANGSTROM {
        let y = CUTOFF_ANGSTROM - r;
        let [a1, a2, a3, a4] = PAIR_POLYNOMIAL;
        PAIR_DEPTH_EV * y.powf(PAIR_POWER) * (a1 + y * (a2 + y * (a3 + y * a4)))
    } else {
        0.0
    }
}

/// The electron density ρ(r) that an atom gives at the distance `r` (ångström), dimensionless.
///
/// ρ = ρ₀ [(r_c^p − r^p)/(r_c^p − r₀^p)]^q with r₀ = √3 a₀/2, zero from r_c on.
pub fn density(r: f64) -> f64 {
    if r >= CUTOFF_ANGSTROM {
        return 0.0;
    }
    let nearest = 3.0_f64.sqrt() * LATTICE_CONSTANT_ANGSTROM / 2.0;
    let edge = CUTOFF_ANGSTROM.powi(DENSITY_INNER_POWER);
    let share = (edge - r.powi(DENSITY_INNER_POWER)) / (edge - nearest.powi(DENSITY_INNER_POWER));
    DENSITY_SCALE * share.powi(DENSITY_OUTER_POWER)
}

/// The Rose equation of state: the energy of the bcc crystal at lattice constant `a` (ångström),
/// in eV per atom, −E_c (1 + a*) e^(−a*) with a* = α (a/a₀ − 1).
pub fn rose_energy(a: f64) -> f64 {
    let scaled = ROSE_ALPHA * (a / LATTICE_CONSTANT_ANGSTROM - 1.0);
    -COHESIVE_ENERGY_EV * (1.0 + scaled) * (-scaled).exp()
}
