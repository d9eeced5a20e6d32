//! The angles between bonds of ideal motifs (Supplementary Fig. 11d).

use crate::atoms::Vec3;
use crate::geometry::{icosahedron, ideal_bipyramid};

/// The angles between two bonds, in degrees, of the ideal pentagonal bipyramid and of the
/// icosahedron.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IdealAngles {
    /// At a capping atom, between `α` and `β`.
    pub alpha_beta: f64,
    /// At a capping atom, between the `β` to neighbouring ring atoms.
    pub beta_beta_next: f64,
    /// At a capping atom, between the `β` to next neighbours in the ring.
    pub beta_beta_second: f64,
    /// At a ring atom, between the two `β`.
    pub beta_beta_ring: f64,
    /// At a ring atom, between the two `γ`.
    pub gamma_gamma: f64,
    /// At the centre of an icosahedron, between neighbouring corners.
    pub icosahedron_centre: f64,
}

impl IdealAngles {
    /// Measured on the ideal solids.
    pub fn measured() -> IdealAngles {
        let (caps, ring) = ideal_bipyramid();
        let corners = icosahedron();
        let degrees = |at: Vec3, [a, b]: [Vec3; 2]| (a - at).angle_between(b - at).to_degrees();
        let others = corners[1..].iter();
        let centre = others.map(|&corner| degrees(Vec3::ZERO, [corners[0], corner]));
        IdealAngles {
            alpha_beta: degrees(caps[0], [caps[1], ring[0]]),
            beta_beta_next: degrees(caps[0], [ring[0], ring[1]]),
            beta_beta_second: degrees(caps[0], [ring[0], ring[2]]),
            beta_beta_ring: degrees(ring[0], caps),
            gamma_gamma: degrees(ring[0], [ring[1], ring[4]]),
            icosahedron_centre: centre.fold(f64::INFINITY, f64::min),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Closed forms: with the bond length 1, the ring's radius is R = 1/(2 sin 36°) and half of alpha
    /// is √(1 − R²); the angle at the centre of an icosahedron is arctan 2.
    #[test]
    fn the_angles_are_those_of_the_closed_forms() {
        let angles = IdealAngles::measured();
        let radius = 0.5 / 36_f64.to_radians().sin();
        let diagonal = 2.0 * radius * 72_f64.to_radians().sin();
        let expected = [
            (angles.alpha_beta, radius.asin()),
            (angles.beta_beta_next, 60_f64.to_radians()),
            (angles.beta_beta_second, 2.0 * (0.5 * diagonal).asin()),
            (angles.beta_beta_ring, 2.0 * radius.acos()),
            (angles.gamma_gamma, 108_f64.to_radians()),
            (angles.icosahedron_centre, 2_f64.atan()),
        ];
        for (measured, exact) in expected {
            assert!((measured - exact.to_degrees()).abs() < 1e-9, "{measured}");
        }
    }
}
