//! From points to their triangulation, in open space or repeated without end.

use crate::numerics::Vec3;

use super::input::{DelaunayError, check};
use super::scale::Scale;
use super::stored::Delaunay;
use super::{parts, periodic};

impl Delaunay {
    /// Triangulates points in open space (any unit).
    ///
    /// Coordinates that differ by a factor of more than about 10⁹⁰ are rounded to that.
    ///
    /// ```
    /// use amorphous_packing::geometry::Delaunay;
    /// use amorphous_packing::numerics::Vec3;
    /// let octahedron = [Vec3::X, -Vec3::X, Vec3::Y, -Vec3::Y, Vec3::Z, -Vec3::Z];
    /// let delaunay = Delaunay::open(&octahedron)?;
    /// // Six points on one sphere: four tetrahedra about one of the diagonals.
    /// assert_eq!(delaunay.len(), 4);
    /// # Ok::<(), amorphous_packing::geometry::DelaunayError>(())
    /// ```
    ///
    /// # Errors
    /// [`DelaunayError`] when the points span no volume, when two coincide, or when a coordinate is
    /// not finite.
    pub fn open(points: &[Vec3]) -> Result<Delaunay, DelaunayError> {
        check(points)?;
        let scale = Scale::of(points);
        let scaled: Vec<Vec3> = points.iter().map(|&p| scale.apply(p)).collect();
        parts::open(scaled, parts::parts_for(points.len()))
    }

    /// Triangulates points that are repeated without end by three lattice vectors. The points
    /// (any unit) lie in the cell that the vectors span from the origin.
    ///
    /// The places are rounded to about 16 digits of the cell, so that the images are the same
    /// points displaced exactly; the choice among tetrahedra on one sphere then repeats with the
    /// cell.
    ///
    /// ```
    /// use amorphous_packing::geometry::Delaunay;
    /// use amorphous_packing::numerics::Vec3;
    /// // The primitive cell of the body-centred cubic lattice, with one point.
    /// let lattice = [[-0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.5, 0.5, -0.5]].map(Vec3::from);
    /// assert_eq!(Delaunay::periodic(&[Vec3::ZERO], lattice)?.len(), 6);
    /// # Ok::<(), amorphous_packing::geometry::DelaunayError>(())
    /// ```
    ///
    /// # Errors
    /// [`DelaunayError`] when two points coincide, when a coordinate is not finite, or when the
    /// lattice vectors span no volume.
    pub fn periodic(points: &[Vec3], lattice: [Vec3; 3]) -> Result<Delaunay, DelaunayError> {
        periodic::periodic(points, lattice)
    }
}
