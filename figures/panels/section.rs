//! A plane cut through the packing: where it meets the tetrahedra of motifs (Fig. 3b).

use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{TetrahedronId, Triangulation, crossed_edges};
use amorphous_packing::numerics::Mask;

/// The triangles and quadrilaterals in which the plane `z = height` (ångström) cuts the marked
/// tetrahedra: their corners x, y in order, in ångström.
pub(crate) fn section(
    triangulation: &Triangulation,
    marked: &Mask<TetrahedronId>,
    height: f64,
) -> Vec<Vec<[f64; 2]>> {
    let cut = |t: TetrahedronId| {
        let corners = triangulation.corner_positions(t);
        let crossed = crossed_edges(corners.map(|corner| corner.z > height));
        let crossing = |&(above, below): &(usize, usize)| {
            let [p, q]: [Vec3; 2] = [above, below].map(|k| corners[k]);
            let part = (height - p.z) / (q.z - p.z);
            [p.x + part * (q.x - p.x), p.y + part * (q.y - p.y)]
        };
        crossed.iter().map(crossing).collect()
    };
    let cuts = marked.marked().map(cut);
    cuts.filter(|polygon: &Vec<[f64; 2]>| !polygon.is_empty())
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use amorphous_packing::atoms::{Atoms, Boundary, Element};

    use super::*;

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
        let all = Mask::all(triangulation.len(), true);
        let steps = 2_000;
        let step = 5.0 / f64::from(steps);
        let slabs =
            (0..steps).flat_map(|k| section(&triangulation, &all, step * (f64::from(k) + 0.5)));
        let cut: f64 = slabs.map(|polygon| step * area(&polygon)).sum();
        let volume: f64 = triangulation
            .tetrahedra()
            .map(|t| triangulation.volume(t))
            .sum();
        assert!((cut / volume - 1.0).abs() < 1e-4, "{cut} is not {volume}");
        assert!(section(&triangulation, &all, 5.5).is_empty());
        assert!(section(&triangulation, &all.inverted(), 1.0).is_empty());
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
