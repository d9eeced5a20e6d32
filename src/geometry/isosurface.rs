//! The surface on which a field on a lattice has one value: marching tetrahedra
//! ([`super::crossed_edges`]).
//!
//! Every cube of the lattice is cut into six tetrahedra about its main diagonal. Within a
//! tetrahedron the field is linear, so the surface is a triangle, two triangles, or nothing; on a
//! face both neighbours agree, and the surface has no cracks.

use rayon::prelude::*;
use smallvec::SmallVec;

use crate::atoms::Vec3;

use super::marching::{crossed_edges, fan};

/// The corners of the six tetrahedra of a cube: bit k of a corner is its place along axis k.
const TETRAHEDRA: [[usize; 4]; 6] = [
    [0, 1, 3, 7],
    [0, 3, 2, 7],
    [0, 2, 6, 7],
    [0, 6, 4, 7],
    [0, 4, 5, 7],
    [0, 5, 1, 7],
];

/// The triangles of the surface where the field is `level`, in units of the lattice.
///
/// The lattice has `shape` points along its axes, the first at the origin; `value` is the field
/// at a point. Cubes with a corner that has no value hold no surface, and at the end of the
/// lattice the surface is open. A value equal to the level counts as below it.
///
/// ```
/// use amorphous_packing::geometry::isosurface;
/// // A plane across a single cube.
/// let triangles = isosurface([2, 2, 2], |[x, _, _]| Some(x as f64), 0.25);
/// assert!(triangles.iter().flatten().all(|point| point[0] == 0.25));
/// ```
pub fn isosurface(
    shape: [usize; 3],
    value: impl Fn([usize; 3]) -> Option<f64> + Sync,
    level: f64,
) -> Vec<[Vec3; 3]> {
    let cubes = shape.map(|points| points.saturating_sub(1));
    (0..cubes.iter().product::<usize>())
        .into_par_iter()
        .flat_map_iter(|cube| {
            let place = [
                cube % cubes[0],
                cube / cubes[0] % cubes[1],
                cube / (cubes[0] * cubes[1]),
            ];
            in_cube(place, &value, level)
        })
        .collect()
}

fn in_cube(
    place: [usize; 3],
    value: &impl Fn([usize; 3]) -> Option<f64>,
    level: f64,
) -> Vec<[Vec3; 3]> {
    let corner = |bits: usize| [0, 1, 2].map(|k| place[k] + (bits >> k & 1));
    let mut values = [0.0; 8];
    for (bits, known) in values.iter_mut().enumerate() {
        match value(corner(bits)) {
            Some(there) => *known = there - level,
            None => return Vec::new(),
        }
    }
    let place = |bits: usize| Vec3::from(corner(bits).map(|x| x as f64));
    let mut triangles = Vec::new();
    for tetrahedron in TETRAHEDRA {
        let crossed = crossed_edges(tetrahedron.map(|k| values[k] > 0.0));
        let crossing = |&(above, below): &(usize, usize)| {
            let [a, b] = [above, below].map(|k| tetrahedron[k]);
            let (from, part) = (place(a), values[a] / (values[a] - values[b]));
            from + part * (place(b) - from)
        };
        let polygon: SmallVec<[Vec3; 4]> = crossed.iter().map(crossing).collect();
        triangles.extend(fan(&polygon));
    }
    triangles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(triangles: &[[Vec3; 3]]) -> f64 {
        let areas = triangles
            .iter()
            .map(|[a, b, c]| 0.5 * (*b - *a).cross(*c - *a).length());
        areas.sum()
    }

    #[test]
    fn the_surface_of_a_sphere_has_its_area() {
        let (centre, radius) = (Vec3::new(12.3, 11.6, 12.1), 9.4);
        let away = |place: [usize; 3]| centre.distance(Vec3::from(place.map(|x| x as f64)));
        let triangles = isosurface([25; 3], |place| Some(away(place)), radius);
        let sphere = 4.0 * std::f64::consts::PI * radius * radius;
        let found = area(&triangles);
        assert!((found / sphere - 1.0).abs() < 0.02, "{found} of {sphere}");
        for point in triangles.iter().flatten() {
            let off = point.distance(centre) - radius;
            assert!(off.abs() < 0.05, "{point}");
        }
    }

    #[test]
    fn a_slanted_plane_is_met_exactly() {
        // x + 2y + 3z = 9.5 within a cube of 8; seen along z, a third of the shadow's area each.
        let field = |[x, y, z]: [usize; 3]| Some(x as f64 + 2.0 * y as f64 + 3.0 * z as f64);
        let triangles = isosurface([9; 3], field, 9.5);
        for point in triangles.iter().flatten() {
            assert!((point.dot(Vec3::new(1.0, 2.0, 3.0)) - 9.5).abs() < 1e-9);
        }
        // The shadow on the xy plane: x + 2y ≤ 9.5, less where x > 8.
        let shadow = 0.5 * 9.5 * 4.75 - 0.5 * 1.5 * 0.75;
        let expected = shadow * 14.0_f64.sqrt() / 3.0;
        assert!((area(&triangles) - expected).abs() < 1e-9);
    }

    #[test]
    fn where_nothing_is_known_there_is_no_surface() {
        let half = |[x, _, _]: [usize; 3]| (x > 0).then_some(x as f64);
        assert!(isosurface([3, 3, 3], half, 0.5).is_empty());
        assert_eq!(area(&isosurface([3, 3, 3], half, 1.5)), 4.0);
        assert!(isosurface([0, 3, 3], half, 1.5).is_empty());
    }
}
