//! The shape of a tetrahedron: the distortion parameter delta and what bounds it.

use crate::atoms::Vec3;

/// Size and distortion of one tetrahedron.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TetrahedronShape {
    /// The longest edge `e_max` in ångström.
    pub longest_edge: f64,
    /// The distortion parameter `δ = e_max / e_mean − 1`.
    pub delta: f64,
    /// The radius of the circumscribed sphere in ångström; infinite for a flat tetrahedron.
    pub circumradius: f64,
}

impl TetrahedronShape {
    /// Smaller than every shape: where a maximum over shapes begins.
    pub const SMALLEST: TetrahedronShape = TetrahedronShape {
        longest_edge: 0.0,
        delta: 0.0,
        circumradius: 0.0,
    };

    /// The larger of each measure.
    pub fn max(self, other: TetrahedronShape) -> TetrahedronShape {
        TetrahedronShape {
            longest_edge: self.longest_edge.max(other.longest_edge),
            delta: self.delta.max(other.delta),
            circumradius: self.circumradius.max(other.circumradius),
        }
    }

    /// Measures the tetrahedron with these corners (ångström).
    ///
    /// The distortion parameter is the one of the main text, section "Polytetrahedral packing in
    /// monatomic amorphous materials" (Anikeenko & Medvedev, Phys. Rev. Lett. 98, 235504, 2007).
    ///
    /// ```
    /// use amorphous_packing::geometry::TetrahedronShape;
    /// use amorphous_packing::numerics::Vec3;
    /// let regular = [[1., 1., 1.], [1., -1., -1.], [-1., 1., -1.], [-1., -1., 1.]];
    /// let shape = TetrahedronShape::of(regular.map(Vec3::from));
    /// assert!(shape.delta.abs() < 1e-15);
    /// assert!((shape.circumradius - 3.0_f64.sqrt()).abs() < 1e-15);
    /// // Four corners of a square: flat, yet with a delta that a regular packing would accept.
    /// let square = [[0., 0., 0.], [1., 0., 0.], [1., 1., 0.], [0., 1., 0.]];
    /// assert!((TetrahedronShape::of(square.map(Vec3::from)).delta - 0.2426).abs() < 1e-4);
    /// ```
    // ANCHOR: distortion
    pub fn of(corners: [Vec3; 4]) -> TetrahedronShape {
        let edges = edge_lengths(&corners);
        let longest_edge = longest(edges);
        let mean_edge = edges.iter().sum::<f64>() / 6.0;
        TetrahedronShape {
            longest_edge,
            delta: longest_edge / mean_edge - 1.0,
            circumradius: circumradius(&corners),
        }
    }
    // ANCHOR_END: distortion
}

fn longest(edges: [f64; 6]) -> f64 {
    edges.into_iter().fold(0.0, f64::max)
}

/// The longest edge of the tetrahedron with these corners.
pub(super) fn longest_edge(corners: &[Vec3; 4]) -> f64 {
    longest(edge_lengths(corners))
}

fn edge_lengths(c: &[Vec3; 4]) -> [f64; 6] {
    [
        c[0].distance(c[1]),
        c[0].distance(c[2]),
        c[0].distance(c[3]),
        c[1].distance(c[2]),
        c[1].distance(c[3]),
        c[2].distance(c[3]),
    ]
}

/// The sphere through the corners of a tetrahedron, seen from the first of them.
///
/// A place `x` from that corner lies inside where `6V |x|² < n·x`, the corners being of positive
/// orientation; the centre is `n / 12V`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumsphere {
    /// Six times the volume, with the sign of the orientation.
    pub(super) six_volumes: f64,
    /// `n`.
    pub(super) normal: Vec3,
    /// The largest squared edge at the first corner.
    pub(super) longest_squared: f64,
}

impl Circumsphere {
    #[inline]
    pub(super) fn of(corners: &[Vec3; 4]) -> Circumsphere {
        let [a, b, c] = [1, 2, 3].map(|k| corners[k] - corners[0]);
        let (aa, bb, cc) = (a.dot(a), b.dot(b), c.dot(c));
        let bc = b.cross(c);
        Circumsphere {
            six_volumes: a.dot(bc),
            normal: aa * bc + bb * c.cross(a) + cc * a.cross(b),
            longest_squared: aa.max(bb).max(cc),
        }
    }

    /// The centre relative to the first corner; not finite when flat.
    #[inline]
    pub(super) fn centre(&self) -> Vec3 {
        self.normal / (2.0 * self.six_volumes)
    }
}

/// The centre of the circumscribed sphere; not finite when flat.
#[inline]
pub(super) fn circumcentre(corners: &[Vec3; 4]) -> Vec3 {
    corners[0] + Circumsphere::of(corners).centre()
}

/// The radius of the circumscribed sphere; infinite when flat.
#[inline]
pub(super) fn circumradius(corners: &[Vec3; 4]) -> f64 {
    let radius = Circumsphere::of(corners).centre().length();
    if radius.is_finite() {
        radius
    } else {
        f64::INFINITY
    }
}

/// Six times the volume, in Å³.
#[inline]
pub(super) fn six_volumes(corners: &[Vec3; 4]) -> f64 {
    let [a, b, c] = [1, 2, 3].map(|k| corners[k] - corners[0]);
    a.dot(b.cross(c)).abs()
}

// ANCHOR: incentre
/// The centre of the inscribed sphere: the corners weighted by the areas of the opposite faces.
///
/// The centroids that the skeletons of Fig. 2a connect.
pub fn incentre(corners: [Vec3; 4]) -> Vec3 {
    let area = |i: usize, j: usize, k: usize| {
        let [a, b] = [j, k].map(|other| corners[other] - corners[i]);
        a.cross(b).length()
    };
    let weights = [area(1, 2, 3), area(0, 2, 3), area(0, 1, 3), area(0, 1, 2)];
    let total: f64 = weights.iter().sum();
    let weighted = weights
        .iter()
        .zip(corners)
        .map(|(&weight, corner)| weight * corner);
    weighted.sum::<Vec3>() / total
}
// ANCHOR_END: incentre
