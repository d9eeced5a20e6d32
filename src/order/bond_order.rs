//! Averaged local bond-orientational order.
//!
//! Methods, "The local BOO parameters"; Lechner & Dellago, J. Chem. Phys. 129, 114707 (2008),
//! doi:10.1063/1.2977970.

use rayon::prelude::*;

use crate::atoms::{Atoms, Vec3};
use crate::neighbours::CellList;

/// `q̄4` and `q̄6` of the perfect face-centred cubic crystal, in which the normalised order
/// parameter is measured.
pub const FCC: BondOrder = BondOrder {
    q4_bar: 0.190_941,
    q6_bar: 0.574_524,
};

const L4: usize = 9;
const L6: usize = 13;
const COMPONENTS: usize = L4 + L6;

/// The averaged bond order of one atom.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BondOrder {
    /// `q̄4`.
    pub q4_bar: f64,
    /// `q̄6`.
    pub q6_bar: f64,
}

impl BondOrder {
    // ANCHOR: normalised
    /// `S = sqrt(q̄4² + q̄6²) / sqrt(q̄4_fcc² + q̄6_fcc²)`: 1 in a perfect fcc crystal, small in
    /// disorder.
    pub fn normalised(self) -> f64 {
        (self.q4_bar.powi(2) + self.q6_bar.powi(2)).sqrt()
            / (FCC.q4_bar.powi(2) + FCC.q6_bar.powi(2)).sqrt()
    }
    // ANCHOR_END: normalised
}

/// `q̄4` and `q̄6` of every atom with the neighbours nearer than `cutoff` ångström, the first
/// valley `w` of g(r).
///
/// `q_lm(i)` is the mean of the spherical harmonics `Y_lm` over the bonds of atom `i`; it is
/// averaged over the atom and its neighbours, and `q̄_l = sqrt(4π/(2l+1) Σ_m |q̄_lm|²)`. Atoms
/// without neighbours have order zero.
pub fn averaged_bond_order(atoms: &Atoms, cutoff: f64) -> Vec<BondOrder> {
    let positions = atoms.positions();
    let cells = CellList::new(positions, atoms.boundary(), cutoff);
    // The neighbours are rather searched twice than kept: they would need as much memory again.
    let local: Vec<[f64; COMPONENTS]> = positions
        .par_iter()
        .map(|&position| local_order(&cells, position, cutoff))
        .collect();
    // ANCHOR: averaged
    positions
        .par_iter()
        .zip(&local)
        .map(|(&position, own)| {
            let mut sum = *own;
            let mut neighbours = 0;
            cells.for_each_bond(position, cutoff, |bond| {
                neighbours += 1;
                for (total, q) in sum.iter_mut().zip(&local[bond.index]) {
                    *total += q;
                }
            });
            if neighbours == 0 {
                return BondOrder::default();
            }
            let mean = sum.map(|q| q / f64::from(neighbours + 1));
            BondOrder {
                q4_bar: invariant(&mean[..L4]),
                q6_bar: invariant(&mean[L4..]),
            }
        })
        .collect()
    // ANCHOR_END: averaged
}

/// The mean of the harmonics over the bonds of the atom at `position`; zero without any.
fn local_order(cells: &CellList, position: Vec3, cutoff: f64) -> [f64; COMPONENTS] {
    let (mut sum, mut bonds) = ([0.0; COMPONENTS], 0.0);
    cells.for_each_bond(position, cutoff, |bond| {
        add_harmonics(bond.displacement / bond.squared.sqrt(), &mut sum);
        bonds += 1.0;
    });
    sum.map(|q| q / f64::max(bonds, 1.0))
}

// ANCHOR: invariant
/// `sqrt(4π/(2l+1) Σ_m q_m²)` of the `2l + 1` real components.
fn invariant(components: &[f64]) -> f64 {
    let squares: f64 = components.iter().map(|q| q * q).sum();
    (4.0 * std::f64::consts::PI / components.len() as f64 * squares).sqrt()
}
// ANCHOR_END: invariant

/// Adds the real orthonormal spherical harmonics of degree 4 and 6 of a unit vector.
///
/// `Y_lm = N_lm Q_lm(z) · Re or Im (x + iy)^m` with `Q_lm(z) = P_lm(z) / (1 − z²)^(m/2)`, a
/// polynomial: no angle is ever formed.
fn add_harmonics(direction: Vec3, sum: &mut [f64; COMPONENTS]) {
    let [x, y, z] = direction.to_array();
    let z2 = z * z;
    let four = [
        (35.0 * z2 * z2 - 30.0 * z2 + 3.0) / 8.0,
        2.5 * z * (7.0 * z2 - 3.0),
        7.5 * (7.0 * z2 - 1.0),
        105.0 * z,
        105.0,
    ];
    let six = [
        (((231.0 * z2 - 315.0) * z2 + 105.0) * z2 - 5.0) / 16.0,
        2.625 * z * ((33.0 * z2 - 30.0) * z2 + 5.0),
        13.125 * ((33.0 * z2 - 18.0) * z2 + 1.0),
        157.5 * z * (11.0 * z2 - 3.0),
        472.5 * (11.0 * z2 - 1.0),
        10395.0 * z,
        10395.0,
    ];
    let (mut re, mut im) = (1.0, 0.0);
    for m in 0..=6 {
        if m <= 4 {
            add_pair(&mut sum[..L4], m, NORM4[m] * four[m], re, im);
        }
        add_pair(&mut sum[L4..], m, NORM6[m] * six[m], re, im);
        (re, im) = (re * x - im * y, re * y + im * x);
    }
}

fn add_pair(sum: &mut [f64], m: usize, factor: f64, re: f64, im: f64) {
    if m == 0 {
        sum[0] += factor;
    } else {
        sum[2 * m - 1] += factor * re;
        sum[2 * m] += factor * im;
    }
}

const NORM4: [f64; 5] = norms::<5>(4);
const NORM6: [f64; 7] = norms::<7>(6);

/// `sqrt((2l+1)/4π · (l−m)!/(l+m)!)`, times √2 for `m > 0` (real harmonics).
const fn norms<const N: usize>(l: usize) -> [f64; N] {
    let mut norms = [0.0; N];
    let mut m = 0;
    while m < N {
        let mut ratio = (2 * l + 1) as f64 / (4.0 * std::f64::consts::PI);
        let mut k = l - m + 1;
        while k <= l + m {
            ratio /= k as f64;
            k += 1;
        }
        norms[m] = square_root(if m == 0 { ratio } else { 2.0 * ratio });
        m += 1;
    }
    norms
}

/// Newton's square root, to the last digit, for constants (`f64::sqrt` is not `const`).
const fn square_root(x: f64) -> f64 {
    let mut root = 1.0;
    let mut step = 0;
    while step < 80 {
        root = 0.5 * (root + x / root);
        step += 1;
    }
    root
}
