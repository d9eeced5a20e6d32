//! Ideal solids with unit edges or radius: what real motifs are compared with.

use crate::atoms::Vec3;

/// The ideal pentagonal bipyramid with all capping–ring and ring bonds of length one (Fig. 4a,
/// top): the two capping atoms, then the ring atoms in cyclic order.
///
/// Five regular tetrahedra about an edge leave a gap of 7.36°; with beta and gamma equal the
/// capping atoms are 5 % farther apart, `α/γ = 1.0515`.
pub fn ideal_bipyramid() -> ([Vec3; 2], [Vec3; 5]) {
    let radius = 0.5 / 36_f64.to_radians().sin();
    let height = (1.0 - radius * radius).sqrt();
    let ring = [0.0, 72.0, 144.0, 216.0, 288.0].map(|degrees: f64| {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        Vec3::new(radius * cosine, radius * sine, 0.0)
    });
    ([-height * Vec3::Z, height * Vec3::Z], ring)
}

/// The twelve corners of a regular icosahedron, at distance one from its centre at the origin.
pub fn icosahedron() -> [Vec3; 12] {
    let golden = (1.0 + 5.0_f64.sqrt()) / 2.0;
    let short = 1.0 / golden.hypot(1.0);
    let long = golden * short;
    let mut corners = [Vec3::ZERO; 12];
    let signs = [(1., 1.), (1., -1.), (-1., 1.), (-1., -1.)];
    for (k, corner) in corners.iter_mut().enumerate() {
        let (axis, (s, t)) = (k / 4, signs[k % 4]);
        corner[(axis + 1) % 3] = s * short;
        corner[(axis + 2) % 3] = t * long;
    }
    corners
}
