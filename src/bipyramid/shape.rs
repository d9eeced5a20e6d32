//! The bonds alpha, beta, gamma and the tilt theta of one bipyramid (Fig. 4a).

use crate::atoms::Vec3;
use crate::geometry::{Ring, Triangulation, best_plane};
use crate::numerics::mean;
use crate::packing::MotifId;

/// The shape of one bipyramid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BipyramidShape {
    /// `α`, the distance of the two capping atoms, in ångström.
    pub alpha: f64,
    /// `β`, the mean of the capping–ring bonds, in ångström.
    pub beta: f64,
    /// `γ`, the mean of the bonds between neighbouring ring atoms, in ångström.
    pub gamma: f64,
    /// `θ`, the angle between the capping axis and the normal of the least-squares plane of the
    /// ring atoms, in degrees (0 to 90).
    pub theta_deg: f64,
}

impl BipyramidShape {
    /// `α/γ`, 1.0515 of the ideal bipyramid.
    pub fn alpha_over_gamma(&self) -> f64 {
        self.alpha / self.gamma
    }

    /// `β/γ`, 1 of the ideal bipyramid.
    pub fn beta_over_gamma(&self) -> f64 {
        self.beta / self.gamma
    }
}

/// The places of the capping and of the ring atoms of a ring of the triangulation, in ångström,
/// in a periodic box in the images in which they meet.
pub fn corners(triangulation: &Triangulation, ring: &Ring) -> ([Vec3; 2], Vec<Vec3>) {
    let atoms = ring.atoms.iter();
    (
        ring.caps.map(|cap| triangulation.position(cap)),
        atoms.map(|&atom| triangulation.position(atom)).collect(),
    )
}

/// Measures the bipyramid of a ring of the triangulation (Fig. 4a).
pub fn bipyramid_shape(triangulation: &Triangulation, ring: &Ring) -> BipyramidShape {
    let (caps, atoms) = corners(triangulation, ring);
    shape_of(caps, &atoms)
}

/// The shapes of these bipyramids, in their order.
pub fn bipyramid_shapes(triangulation: &Triangulation, motifs: &[MotifId]) -> Vec<BipyramidShape> {
    motifs
        .iter()
        .map(|&motif| bipyramid_shape(triangulation, &triangulation.ring(motif)))
        .collect()
}

/// The mean of a measure over shapes; `None` of none.
pub fn mean_of(shapes: &[BipyramidShape], measure: fn(&BipyramidShape) -> f64) -> Option<f64> {
    let values: Vec<f64> = shapes.iter().map(measure).collect();
    mean(&values)
}

/// Measures a bipyramid given by its two capping atoms and its ring atoms in cyclic order, all in
/// ångström.
///
/// ```
/// use amorphous_packing::bipyramid::shape_of;
/// use amorphous_packing::geometry::ideal_bipyramid;
/// let (caps, ring) = ideal_bipyramid();
/// let shape = shape_of(caps, &ring);
/// assert!((shape.alpha / shape.gamma - 1.05146).abs() < 1e-5);
/// assert!(shape.theta_deg < 1e-5);
/// ```
pub fn shape_of(caps: [Vec3; 2], ring: &[Vec3]) -> BipyramidShape {
    let n = ring.len() as f64;
    let (beta, gamma) = bonds(caps, ring);
    // ANCHOR: tilt
    let axis = caps[1] - caps[0];
    let cosine = axis.dot(best_plane(ring).normal).abs() / axis.length();
    BipyramidShape {
        alpha: axis.length(),
        beta: beta.sum::<f64>() / (2.0 * n),
        gamma: gamma.sum::<f64>() / n,
        theta_deg: cosine.min(1.0).acos().to_degrees(),
    }
    // ANCHOR_END: tilt
}

// ANCHOR: bonds
/// The lengths of the capping–ring bonds and of the bonds between neighbouring ring atoms.
pub(super) fn bonds(
    caps: [Vec3; 2],
    ring: &[Vec3],
) -> (impl Iterator<Item = f64>, impl Iterator<Item = f64>) {
    let beta = ring
        .iter()
        .flat_map(move |&atom| caps.map(|cap| cap.distance(atom)));
    let next = ring.iter().cycle().skip(1);
    let gamma = ring.iter().zip(next).map(|(a, &b)| a.distance(b));
    (beta, gamma)
}
// ANCHOR_END: bonds
