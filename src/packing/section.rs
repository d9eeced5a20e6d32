//! A plane cut through the packing: where it meets the tetrahedra of motifs (Fig. 3b).

use crate::atoms::Vec3;
use crate::geometry::{TetrahedronId, Triangulation};

/// The triangles and quadrilaterals in which the plane `z = height` (ångström) cuts the marked
/// tetrahedra: their corners x, y in order, in ångström.
pub fn section(triangulation: &Triangulation, marked: &[bool], height: f64) -> Vec<Vec<[f64; 2]>> {
    (0..triangulation.len() as TetrahedronId)
        .filter(|&t| marked[t as usize])
        .filter_map(|t| {
            let corners = triangulation.corner_positions(t);
            let (above, below): (Vec<Vec3>, Vec<Vec3>) =
                corners.into_iter().partition(|c| c[2] > height);
            // Around the cut, two edges that follow one another share a corner.
            let pairs = match (above.as_slice(), below.as_slice()) {
                (&[a], &[b, c, d]) | (&[b, c, d], &[a]) => vec![(a, b), (a, c), (a, d)],
                (&[a, b], &[c, d]) => vec![(a, c), (a, d), (b, d), (b, c)],
                _ => return None,
            };
            let cut = pairs.into_iter().map(|(p, q): (Vec3, Vec3)| {
                let part = (height - p[2]) / (q[2] - p[2]);
                [0, 1].map(|k| p[k] + part * (q[k] - p[k]))
            });
            Some(cut.collect())
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::atoms::{Atoms, Boundary, Element};

    #[test]
    fn the_cuts_of_all_heights_fill_the_volume() {
        let corners = [
            [0., 0., 0.],
            [4., 0., 0.],
            [0., 4., 0.],
            [0., 0., 4.],
            [3., 3., 5.],
        ];
        let atoms = Atoms::new(Element::Ta, corners.into(), Boundary::Open).unwrap();
        let triangulation = Triangulation::new(&atoms).unwrap();
        let all = vec![true; triangulation.len()];
        let steps = 2_000;
        let step = 5.0 / f64::from(steps);
        let slabs =
            (0..steps).flat_map(|k| section(&triangulation, &all, step * (f64::from(k) + 0.5)));
        let cut: f64 = slabs.map(|polygon| step * area(&polygon)).sum();
        let volume: f64 = (0..triangulation.len() as u32)
            .map(|t| triangulation.volume(t))
            .sum();
        assert!((cut / volume - 1.0).abs() < 1e-4, "{cut} is not {volume}");
        assert!(section(&triangulation, &all, 5.5).is_empty());
        assert!(section(&triangulation, &vec![false; all.len()], 1.0).is_empty());
    }

    fn area(polygon: &[[f64; 2]]) -> f64 {
        let next = polygon.iter().cycle().skip(1);
        let twice = polygon
            .iter()
            .zip(next)
            .map(|(p, q)| p[0] * q[1] - p[1] * q[0]);
        0.5 * twice.sum::<f64>().abs()
    }
}
