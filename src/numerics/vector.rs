//! The vector of three numbers, with `+`, `−`, `*`, `dot` and `cross`.

/// A position or a displacement, in ångström unless said otherwise.
///
/// It is built from an array (`Vec3::from([x, y, z])`) and indexed by the axis (0, 1, 2).
pub type Vec3 = glam::DVec3;

/// The same numbers as arrays, for whoever knows no vectors; nothing is copied.
///
/// ```
/// use amorphous_packing::numerics::{Vec3, arrays};
/// assert_eq!(arrays(&[Vec3::X, Vec3::ONE]), [[1., 0., 0.], [1., 1., 1.]]);
/// ```
pub fn arrays(vectors: &[Vec3]) -> &[[f64; 3]] {
    bytemuck::cast_slice(vectors)
}
