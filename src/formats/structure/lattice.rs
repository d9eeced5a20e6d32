//! Lattice vectors from the lengths of a cell and the angles between its edges.

use crate::atoms::Vec3;

/// The vectors of a cell in the usual setting: a along x, b in the plane of x and y.
///
/// `lengths` are a, b, c in ångström, `degrees` are α (between b and c), β (a and c), γ (a and b).
/// `None` where these make no cell.
pub(super) fn lattice(lengths: [f64; 3], degrees: [f64; 3]) -> Option<[Vec3; 3]> {
    let [a, b, c] = lengths;
    let cosine = |angle: f64| match angle {
        // Exactly, so that rectangular cells have edges along the axes.
        90.0 => 0.0,
        angle => angle.to_radians().cos(),
    };
    let [alpha, beta, gamma] = degrees.map(cosine);
    let sine = (1.0 - gamma * gamma).sqrt();
    let along_y = (alpha - beta * gamma) / sine;
    let along_z = (1.0 - beta * beta - along_y * along_y).sqrt();
    let vectors = [
        Vec3::new(a, 0.0, 0.0),
        Vec3::new(b * gamma, b * sine, 0.0),
        Vec3::new(c * beta, c * along_y, c * along_z),
    ];
    let angles = degrees.iter().all(|angle| (0.0..180.0).contains(angle));
    let positive = lengths.iter().all(|&length| length > 0.0) && along_z > 1e-6 && sine > 1e-6;
    let finite = vectors.iter().all(|vector| vector.is_finite());
    (angles && positive && finite).then_some(vectors)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_angles_are_those_of_the_vectors() {
        let (lengths, degrees) = ([5.0, 6.0, 7.0], [80.0, 95.0, 120.0]);
        let vectors = lattice(lengths, degrees).unwrap();
        for k in 0..3 {
            let (u, v) = (vectors[(k + 1) % 3], vectors[(k + 2) % 3]);
            assert!((vectors[k].length() - lengths[k]).abs() < 1e-12);
            assert!((u.angle_between(v).to_degrees() - degrees[k]).abs() < 1e-12);
        }
        let cubic = lattice([4.0; 3], [90.0; 3]).unwrap();
        assert_eq!(cubic, [4.0 * Vec3::X, 4.0 * Vec3::Y, 4.0 * Vec3::Z]);
    }

    #[test]
    fn what_makes_no_cell_is_refused() {
        for (lengths, degrees) in [
            ([0.0, 1.0, 1.0], [90.0; 3]),
            ([1.0, -1.0, 1.0], [90.0; 3]),
            ([1.0; 3], [90.0, 90.0, 0.0]),
            ([1.0; 3], [90.0, 90.0, 180.0]),
            ([1.0; 3], [10.0, 10.0, 90.0]),
            ([f64::INFINITY, 1.0, 1.0], [90.0; 3]),
            ([1.0; 3], [f64::NAN, 90.0, 90.0]),
        ] {
            assert_eq!(lattice(lengths, degrees), None, "{lengths:?} {degrees:?}");
        }
    }
}
