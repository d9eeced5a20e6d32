//! The average pentagonal bipyramid (Fig. 4a, bottom).
//!
//! Laying bipyramids over one another at random labels averages the tilt away: it points to
//! another ring atom in each. So each takes, of the twenty ways in which it can be laid onto the
//! average (five rotations, two senses of the ring, two capping atoms), the one that fits best,
//! with the best rotation or reflection; the average of all is the next round's target
//! (generalised Procrustes analysis; Gower, Psychometrika 40, 33–51, 1975,
//! doi:10.1007/BF02291478). The paper does not say how it averages; this is our convention.

use nalgebra::{Matrix3, SMatrix, Vector3};
use rayon::prelude::*;

use crate::atoms::Vec3;
use crate::geometry::best_plane;
use crate::numerics::mean;

use super::shape::{BipyramidShape, shape_of};

/// The average is final when no vertex moves farther in a round, in ångström.
pub const CONVERGED_ANGSTROM: f64 = 1e-6;

/// Rounds after which the average is taken as it is.
const MOST_ROUNDS: usize = 1_000;

/// Two capping atoms, then five ring atoms in cyclic order, as columns.
type Vertices = SMatrix<f64, 3, 7>;

/// The average of many bipyramids: its ring about the z axis, the first ring atom in the xz plane,
/// the second capping atom above, the centre of the ring at the origin.
#[derive(Debug, Clone, PartialEq)]
pub struct AverageBipyramid {
    /// The capping atoms, in ångström.
    pub caps: [Vec3; 2],
    /// The ring atoms in cyclic order, in ångström.
    pub ring: [Vec3; 5],
    /// Root-mean-square distance of the vertices of all bipyramids from those of the average, in
    /// ångström.
    pub spread_angstrom: f64,
    /// Rounds until the average came to rest.
    pub rounds: usize,
}

impl AverageBipyramid {
    /// Its own alpha, beta, gamma and theta; theta is not the mean theta.
    pub fn shape(&self) -> BipyramidShape {
        shape_of(self.caps, &self.ring)
    }
}

/// The average of bipyramids, each given by its capping and its ring atoms (in cyclic order) in
/// ångström; `None` of none.
///
/// The first target is the bipyramid whose theta is nearest to the mean theta, the first such in
/// the order given: a target without tilt would fit all twenty ways equally.
pub fn average_bipyramid(bipyramids: &[([Vec3; 2], [Vec3; 5])]) -> Option<AverageBipyramid> {
    let all: Vec<Vertices> = bipyramids.iter().map(centred).collect();
    let mut average = all[typical(bipyramids)?];
    let mut rounds = 0;
    let mut spread_angstrom = 0.0;
    // ANCHOR: rounds
    while rounds < MOST_ROUNDS {
        rounds += 1;
        let laid: Vec<Vertices> = all.par_iter().map(|one| laid_onto(&average, one)).collect();
        let next = laid.iter().sum::<Vertices>() / laid.len() as f64;
        let squares: f64 = laid.iter().map(|one| (one - next).norm_squared()).sum();
        spread_angstrom = (squares / (7 * laid.len()) as f64).sqrt();
        let moved = next - average;
        let farthest = moved.column_iter().map(|d| d.norm()).fold(0.0, f64::max);
        average = next;
        if farthest < CONVERGED_ANGSTROM {
            break;
        }
    }
    // ANCHOR_END: rounds
    let (caps, ring) = upright(&average);
    Some(AverageBipyramid {
        caps,
        ring,
        spread_angstrom,
        rounds,
    })
}

/// The bipyramid whose theta is nearest to the mean.
fn typical(bipyramids: &[([Vec3; 2], [Vec3; 5])]) -> Option<usize> {
    let thetas = bipyramids
        .iter()
        .map(|(caps, ring)| shape_of(*caps, ring).theta_deg);
    let thetas: Vec<f64> = thetas.collect();
    let mean = mean(&thetas)?;
    (0..thetas.len()).min_by(|&a, &b| {
        let [a, b] = [a, b].map(|k| (thetas[k] - mean).abs());
        a.total_cmp(&b)
    })
}

fn centred((caps, ring): &([Vec3; 2], [Vec3; 5])) -> Vertices {
    let vertices = caps.iter().chain(ring).map(|v| Vector3::from(v.to_array()));
    let vertices = Vertices::from_columns(&vertices.collect::<Vec<_>>());
    let centre = vertices.column_mean();
    Vertices::from_fn(|k, vertex| vertices[(k, vertex)] - centre[k])
}

/// `bipyramid`, relabelled and turned (or mirrored) onto `target`.
///
/// With the singular values of `H = Σ x aᵀ`, the best turn leaves the squared distance
/// `Σ|x|² + Σ|a|² − 2 Σ σ`: the best labelling has the largest sum.
fn laid_onto(target: &Vertices, bipyramid: &Vertices) -> Vertices {
    let product = |labels: &[usize; 7]| -> Matrix3<f64> {
        let pairs = labels.iter().enumerate();
        pairs.fold(Matrix3::zeros(), |sum, (k, &label)| {
            sum + bipyramid.column(label) * target.column(k).transpose()
        })
    };
    // ANCHOR: laid-onto
    let mut best = (f64::NEG_INFINITY, [0; 7]);
    for labels in labellings() {
        let fit = product(&labels).singular_values().sum();
        if fit > best.0 {
            best = (fit, labels);
        }
    }
    let svd = product(&best.1).svd(true, true);
    let turn = match (svd.u, svd.v_t) {
        (Some(u), Some(v_t)) => v_t.transpose() * u.transpose(),
        _ => Matrix3::identity(),
    };
    // ANCHOR_END: laid-onto
    let vertices = best.1.map(|label| turn * bipyramid.column(label));
    Vertices::from_columns(&vertices)
}

// ANCHOR: labellings
/// The twenty ways to name the vertices of one bipyramid.
fn labellings() -> impl Iterator<Item = [usize; 7]> {
    (0..20).map(|way| {
        let (first, mirrored, swapped) = (way % 5, way / 5 % 2 == 1, way / 10 == 1);
        let caps = if swapped { [1, 0] } else { [0, 1] };
        let ring = [0, 1, 2, 3, 4].map(|k| {
            let step = if mirrored { 5 - k } else { k };
            2 + (first + step) % 5
        });
        [
            caps[0], caps[1], ring[0], ring[1], ring[2], ring[3], ring[4],
        ]
    })
}
// ANCHOR_END: labellings

/// The bipyramid in the frame of [`AverageBipyramid`].
fn upright(vertices: &Vertices) -> ([Vec3; 2], [Vec3; 5]) {
    let at = |k: usize| {
        let vertex = vertices.column(k);
        Vec3::new(vertex[0], vertex[1], vertex[2])
    };
    let ring = [2, 3, 4, 5, 6].map(at);
    let plane = best_plane(&ring);
    let is_up = plane.normal.dot(at(1) - at(0)) >= 0.0;
    let z = if is_up { plane.normal } else { -plane.normal };
    let out = ring[0] - plane.centre;
    let out = out - out.dot(z) * z;
    let x = out / out.length();
    let y = z.cross(x);
    let seen = |p: Vec3| {
        let from = p - plane.centre;
        Vec3::new(from.dot(x), from.dot(y), from.dot(z))
    };
    ([0, 1].map(at).map(seen), ring.map(seen))
}
