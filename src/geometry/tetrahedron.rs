//! The shape of a tetrahedron: the distortion parameter delta and what bounds it.

use crate::atoms::Vec3;

use super::{cross, distance, dot, norm, sub};

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
    /// let regular = [[1., 1., 1.], [1., -1., -1.], [-1., 1., -1.], [-1., -1., 1.]];
    /// let shape = TetrahedronShape::of(regular);
    /// assert!(shape.delta.abs() < 1e-15);
    /// assert!((shape.circumradius - 3.0_f64.sqrt()).abs() < 1e-15);
    /// // Four corners of a square: flat, yet with a delta that a regular packing would accept.
    /// let square = [[0., 0., 0.], [1., 0., 0.], [1., 1., 0.], [0., 1., 0.]];
    /// assert!((TetrahedronShape::of(square).delta - 0.2426).abs() < 1e-4);
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
        distance(c[0], c[1]),
        distance(c[0], c[2]),
        distance(c[0], c[3]),
        distance(c[1], c[2]),
        distance(c[1], c[3]),
        distance(c[2], c[3]),
    ]
}

/// The centre of the circumscribed sphere relative to the first corner; not finite when flat.
pub(super) fn circumcentre_from_first(corners: &[Vec3; 4]) -> Vec3 {
    let [a, b, c] = [1, 2, 3].map(|k| sub(corners[k], corners[0]));
    let six_volumes = dot(a, cross(b, c));
    let (aa, bb, cc) = (dot(a, a), dot(b, b), dot(c, c));
    let (bc, ca, ab) = (cross(b, c), cross(c, a), cross(a, b));
    [0, 1, 2].map(|k| (aa * bc[k] + bb * ca[k] + cc * ab[k]) / (2.0 * six_volumes))
}

/// The radius of the circumscribed sphere; infinite when flat.
pub(super) fn circumradius(corners: &[Vec3; 4]) -> f64 {
    let radius = norm(circumcentre_from_first(corners));
    if radius.is_finite() {
        radius
    } else {
        f64::INFINITY
    }
}

// ANCHOR: incentre
/// The centre of the inscribed sphere: the corners weighted by the areas of the opposite faces.
///
/// The centroids that the skeletons of Fig. 2a connect.
pub fn incentre(corners: [Vec3; 4]) -> Vec3 {
    let area = |i: usize, j: usize, k: usize| {
        norm(cross(
            sub(corners[j], corners[i]),
            sub(corners[k], corners[i]),
        ))
    };
    let weights = [area(1, 2, 3), area(0, 2, 3), area(0, 1, 3), area(0, 1, 2)];
    let total: f64 = weights.iter().sum();
    [0, 1, 2].map(|k| (0..4).map(|v| weights[v] * corners[v][k]).sum::<f64>() / total)
}
// ANCHOR_END: incentre
