//! Least-squares planes: of the five ring atoms (theta), of the five centroids (phi).

use nalgebra::{Matrix3, SymmetricEigen, Vector3};

use crate::atoms::Vec3;

/// A plane by its centre and unit normal; the sign of the normal is arbitrary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// The mean of the points, in ångström.
    pub centre: Vec3,
    /// The unit normal.
    pub normal: Vec3,
}

/// The plane with the smallest sum of squared distances to `points` (at least three).
///
/// Its normal is the eigenvector of the smallest eigenvalue of the scatter matrix.
pub fn best_plane(points: &[Vec3]) -> Plane {
    // ANCHOR: best-plane
    let n = points.len() as f64;
    let centre = points.iter().sum::<Vec3>() / n;
    let scatter = points.iter().fold(Matrix3::zeros(), |sum, &point| {
        let d = Vector3::from((point - centre).to_array());
        sum + d * d.transpose()
    });
    let eigen = SymmetricEigen::new(scatter);
    let smallest = eigen.eigenvalues.imin();
    let normal = eigen.eigenvectors.column(smallest);
    // ANCHOR_END: best-plane
    Plane {
        centre,
        normal: Vec3::new(normal[0], normal[1], normal[2]),
    }
}
