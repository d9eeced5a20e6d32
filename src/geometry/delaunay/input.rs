//! What points must be to have a triangulation.

use crate::numerics::Vec3;

/// Why points have no triangulation.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum DelaunayError {
    /// The points span no volume.
    #[error(
        "the {points} points lie in one plane or on one line, so that no tetrahedron can be \
         formed; points that span a volume are needed"
    )]
    Flat {
        /// Number of points.
        points: usize,
    },
    /// Two points lie in one place.
    #[error("points {first} and {second} (counted from 0) lie at the same place; remove one")]
    Coincident {
        /// The smaller index.
        first: u32,
        /// The larger index.
        second: u32,
    },
    /// A coordinate is NaN or infinite.
    #[error("point {point} (counted from 0) has no finite place; remove or correct it")]
    NotFinite {
        /// Its index.
        point: u32,
    },
    /// The lattice vectors span no volume, or far too thin a cell.
    #[error(
        "the periodic cell with the lattice vectors {lattice} is flat, or too thin for the points \
         in it; repeat it along its short side"
    )]
    ThinCell {
        /// The lattice vectors as text.
        lattice: String,
    },
    /// The tetrahedra cannot be numbered.
    #[error(
        "{points} points are too many for one triangulation, which has at most 2^29 tetrahedra; \
         triangulate parts of the sample"
    )]
    TooMany {
        /// Number of points.
        points: usize,
    },
}

/// That there are not too many points, all in finite places.
pub(super) fn check(points: &[Vec3]) -> Result<(), DelaunayError> {
    if u32::try_from(points.len()).is_err() {
        return Err(DelaunayError::TooMany {
            points: points.len(),
        });
    }
    match points.iter().position(|p| !p.is_finite()) {
        Some(point) => Err(DelaunayError::NotFinite {
            point: point as u32,
        }),
        None => Ok(()),
    }
}
