//! The vector of three numbers, with `+`, `−`, `*`, `dot` and `cross`.

/// A position or a displacement, in ångström unless said otherwise.
///
/// It is built from an array (`Vec3::from([x, y, z])`) and indexed by the axis (0, 1, 2).
pub type Vec3 = glam::DVec3;
