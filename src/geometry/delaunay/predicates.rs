//! Exact decisions: on which side of a plane, inside which sphere.
//!
//! The determinants of Shewchuk, Discrete Comput. Geom. 18, 305 (1997), doi:10.1007/PL00009321:
//! first in floating point with a bound on the rounding error, and where that cannot tell, exactly
//! (crate `robust`). Points on one sphere are told apart by a symbolic perturbation: every point is
//! lifted off the paraboloid by an amount that is infinitely larger than that of any point before
//! it in the lexicographic order of coordinates (Devillers & Teillaud, Comput. Geom. 44, 160
//! (2011), doi:10.1016/j.comgeo.2010.09.010). The answer depends on the places alone, and is the
//! same for the same points moved by a common displacement.

use std::cmp::Ordering;

use robust::Coord3D;

use crate::numerics::Vec3;

/// The unit roundoff.
const EPSILON: f64 = 0.5 * f64::EPSILON;
/// Shewchuk's bound on the error of the orientation, in units of the sum of the magnitudes of its
/// terms, which is at most six products of three coordinate differences.
const ORIENTATION_ERROR: f64 = (7.0 + 56.0 * EPSILON) * EPSILON * 6.0;
/// The square of his bound on the error of the sphere test; the magnitudes of its terms are at most
/// four times a squared distance times a determinant of three displacements, whose magnitudes are
/// at most `3^1.5` distances cubed. One per cent is for rounding the bound.
const SPHERE_ERROR_SQUARED: f64 = {
    let error = (16.0 + 224.0 * EPSILON) * EPSILON * 4.0 * 1.01;
    error * error * 27.0
};
/// Far above the square of what can be lost below the smallest number, for coordinates that
/// [`super::scale`] has scaled.
const UNDERFLOW: f64 = 1e-250;

/// The largest error of [`orientation`] among points in a box of these edges.
pub(super) fn orientation_bound(extent: Vec3) -> f64 {
    1.01 * ORIENTATION_ERROR * extent.x * extent.y * extent.z + UNDERFLOW
}

/// Positive when `d` sees `a`, `b`, `c` in clockwise order; the tetrahedra of a mesh are so. The
/// sign is exact; `bound` is the [`orientation_bound`] of the points.
#[inline]
pub(super) fn orientation(a: Vec3, b: Vec3, c: Vec3, d: Vec3, bound: f64) -> f64 {
    let [[ax, ay, az], [bx, by, bz], [cx, cy, cz]] = [a, b, c].map(|p| (p - d).to_array());
    let det = az * (bx * cy - cx * by) + bz * (cx * ay - ax * cy) + cz * (ax * by - bx * ay);
    if det.abs() > bound {
        det
    } else {
        exact_orientation(a, b, c, d)
    }
}

#[cold]
#[inline(never)]
fn exact_orientation(a: Vec3, b: Vec3, c: Vec3, d: Vec3) -> f64 {
    robust::orient3d(coord(a), coord(b), coord(c), coord(d))
}

/// Whether `e` lies in the sphere through the corners of a tetrahedron of positive orientation; on
/// the sphere the perturbation decides.
#[inline]
pub(super) fn in_sphere([a, b, c, d]: [Vec3; 4], e: Vec3) -> bool {
    let [[ax, ay, az], [bx, by, bz]] = [a, b].map(|p| (p - e).to_array());
    let [[cx, cy, cz], [dx, dy, dz]] = [c, d].map(|p| (p - e).to_array());
    let (ab, bc) = (ax * by - bx * ay, bx * cy - cx * by);
    let (cd, da) = (cx * dy - dx * cy, dx * ay - ax * dy);
    let (ac, bd) = (ax * cy - cx * ay, bx * dy - dx * by);
    let abc = az * bc - bz * ac + cz * ab;
    let bcd = bz * cd - cz * bd + dz * bc;
    let cda = cz * da + dz * ac + az * cd;
    let dab = dz * ab + az * bd + bz * da;
    let aa = ax * ax + ay * ay + az * az;
    let bb = bx * bx + by * by + bz * bz;
    let cc = cx * cx + cy * cy + cz * cz;
    let dd = dx * dx + dy * dy + dz * dz;
    let det = (dd * abc - cc * dab) + (bb * cda - aa * bcd);
    let farthest = aa.max(bb).max(cc.max(dd));
    let fourth = (farthest * farthest) * (farthest * farthest);
    if det * det > SPHERE_ERROR_SQUARED * fourth * farthest + UNDERFLOW {
        det > 0.0
    } else {
        exactly_in_sphere([a, b, c, d], e)
    }
}

#[cold]
#[inline(never)]
fn exactly_in_sphere(corners: [Vec3; 4], e: Vec3) -> bool {
    let [a, b, c, d] = corners.map(coord);
    let exact = robust::insphere(a, b, c, d, coord(e));
    if exact != 0.0 {
        return exact > 0.0;
    }
    // Lifting `e` takes it out of the sphere; lifting a corner takes it in when `e` is on that
    // corner's side of the opposite face, and changes nothing when `e` is on that face.
    let mut last_first = [0, 1, 2, 3, 4];
    let place = |k: usize| corners.get(k).copied().unwrap_or(e);
    last_first.sort_unstable_by(|&i, &j| lexicographic(place(j), place(i)));
    for lifted in last_first {
        if lifted == 4 {
            return false;
        }
        let mut with = corners;
        with[lifted] = e;
        let side = exact_orientation(with[0], with[1], with[2], with[3]);
        if side != 0.0 {
            return side > 0.0;
        }
    }
    false
}

/// The order of the perturbation; the coordinates are finite.
fn lexicographic(p: Vec3, q: Vec3) -> Ordering {
    let order = p.to_array().partial_cmp(&q.to_array());
    order.unwrap_or(Ordering::Equal)
}

/// Whether three points lie on one line, exactly.
pub(super) fn collinear(a: Vec3, b: Vec3, c: Vec3) -> bool {
    (0..3).all(|k| {
        let flat = |p: Vec3| robust::Coord {
            x: p[(k + 1) % 3],
            y: p[(k + 2) % 3],
        };
        robust::orient2d(flat(a), flat(b), flat(c)) == 0.0
    })
}

fn coord(Vec3 { x, y, z }: Vec3) -> Coord3D<f64> {
    Coord3D { x, y, z }
}
