//! The alpha shape of an open sample: the space that its atoms fill.
//!
//! Methods, "Calculation of the PDF from the experimental 3D atomic model" (the shape within which
//! neighbours can be found). Edelsbrunner & Mücke, ACM Trans. Graph. 13, 43 (1994),
//! doi:10.1145/174462.156635: the union of the Delaunay tetrahedra whose circumscribed sphere is no
//! larger than alpha. Every part of it is kept, however small, and so is every hole.

use rayon::prelude::*;

use crate::atoms::{Atoms, Boundary, Vec3};
use crate::neighbours::CellList;

use super::delaunay::TetrahedronId;
use super::tetrahedron::{circumcentre, six_volumes};
use super::triangulation::{GeometryError, Triangulation};

/// A point counts as inside up to this height above a face, in ångström, so that no point of a
/// face between two tetrahedra is outside both.
const ON_FACE_ANGSTROM: f64 = 1e-9;

/// The union of the Delaunay tetrahedra whose circumradius does not exceed alpha.
#[derive(Debug)]
pub struct AlphaShape {
    tetrahedra: Vec<TetrahedronId>,
    corners: Vec<[Vec3; 4]>,
    /// The circumcentres: a point of a tetrahedron is no farther from its own than alpha.
    centres: CellList,
}

impl AlphaShape {
    /// The alpha shape of the atoms of an open triangulation; `radius_angstrom`, the alpha, is
    /// positive and finite. Where no tetrahedron is that small, the shape is empty.
    pub fn new(triangulation: &Triangulation, radius_angstrom: f64) -> AlphaShape {
        // ANCHOR: kept
        let is_kept = |t: &TetrahedronId| triangulation.circumradius(*t) <= radius_angstrom;
        let all = triangulation.par_tetrahedra();
        let tetrahedra: Vec<TetrahedronId> = all.filter(is_kept).collect();
        // ANCHOR_END: kept
        let corners: Vec<[Vec3; 4]> = tetrahedra
            .iter()
            .map(|&t| triangulation.corner_positions(t))
            .collect();
        let centres: Vec<Vec3> = corners.iter().map(circumcentre).collect();
        // The circumradius and the centre are rounded apart from each other.
        let reach = radius_angstrom * (1.0 + 1e-9) + ON_FACE_ANGSTROM;
        AlphaShape {
            tetrahedra,
            corners,
            centres: CellList::new(&centres, Boundary::Open, reach),
        }
    }

    /// The shape of a sample and, where it is repeated along some directions, of its images within
    /// `reach_angstrom` of the cell.
    ///
    /// # Errors
    /// [`GeometryError`] when the atoms span no volume.
    pub fn about(
        atoms: &Atoms,
        reach_angstrom: f64,
        radius_angstrom: f64,
    ) -> Result<AlphaShape, GeometryError> {
        let Boundary::Periodic(cell) = atoms.boundary() else {
            let triangulation = Triangulation::new(atoms)?;
            return Ok(AlphaShape::new(&triangulation, radius_angstrom));
        };
        // The border of the padding is no surface of the sample: it lies a few spheres farther out.
        let reach = reach_angstrom + 4.0 * radius_angstrom;
        let images = cell.with_images(atoms.positions(), reach).into_iter();
        let triangulation = Triangulation::open(images.map(|(place, _)| place).collect())?;
        Ok(AlphaShape::new(&triangulation, radius_angstrom))
    }

    /// The tetrahedra that make up the shape.
    pub fn tetrahedra(&self) -> &[TetrahedronId] {
        &self.tetrahedra
    }

    /// Where their corners lie, in ångström.
    pub fn corners(&self) -> &[[Vec3; 4]] {
        &self.corners
    }

    /// The volume in Å³.
    pub fn volume_cubic_angstrom(&self) -> f64 {
        self.corners.iter().map(six_volumes).sum::<f64>() / 6.0
    }

    /// Whether a point (ångström) lies in the shape, its surface included.
    pub fn contains(&self, point: Vec3) -> bool {
        let mut inside = false;
        self.centres.for_each_within(point, |centre| {
            inside = inside
                || HalfSpaces::of(&self.corners[centre.index]).contains(point, ON_FACE_ANGSTROM);
        });
        inside
    }
}

/// A tetrahedron as the points that lie on the inner side of all four faces: `n·x + c ≥ 0` with
/// unit normals.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HalfSpaces([(Vec3, f64); 4]);

impl HalfSpaces {
    /// The half-spaces of the tetrahedron with these corners.
    pub(crate) fn of(corners: &[Vec3; 4]) -> HalfSpaces {
        HalfSpaces([0, 1, 2, 3].map(|apex| {
            let [a, b, c] = [1, 2, 3].map(|k| corners[(apex + k) % 4]);
            let normal = (b - a).cross(c - a);
            let height = normal.dot(corners[apex] - a);
            let normal = height.signum() / normal.length() * normal;
            (normal, -normal.dot(a))
        }))
    }

    fn contains(&self, point: Vec3, slack: f64) -> bool {
        let height = |(normal, c): &(Vec3, f64)| normal.dot(point) + c;
        self.0.iter().all(|face| height(face) >= -slack)
    }

    /// The interval of z in which the line through `(x, y)` runs inside; empty when its low end is
    /// above its high end.
    pub(crate) fn along_z(&self, x: f64, y: f64) -> (f64, f64) {
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        for (normal, c) in &self.0 {
            let rest = normal[0] * x + normal[1] * y + c + ON_FACE_ANGSTROM;
            if normal[2] > 0.0 {
                low = low.max(-rest / normal[2]);
            } else if normal[2] < 0.0 {
                high = high.min(-rest / normal[2]);
            } else if rest < 0.0 {
                return (f64::INFINITY, f64::NEG_INFINITY);
            }
        }
        (low, high)
    }
}
