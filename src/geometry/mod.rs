//! Geometry that every chapter shares: one Delaunay triangulation per sample, the rings of
//! tetrahedra about its edges, and the shape measures of tetrahedra and planes.
//!
//! A pentagonal bipyramid is a Delaunay edge whose ring closes after five accepted tetrahedra; a
//! five-edged Voronoi face is the same ring without the acceptance. So edges, rings, Voronoi
//! faces, motifs and skeletons all come from one [`Triangulation`].

mod alpha_shape;
mod convex_cell;
mod delaunay;
mod image;
mod isosurface;
mod plane;
mod rings;
mod solids;
mod surface;
mod tetrahedron;
mod triangulation;
mod voronoi;

pub use alpha_shape::AlphaShape;
pub(crate) use alpha_shape::HalfSpaces;
pub use convex_cell::{ConvexCell, ConvexFace};
pub use delaunay::{Delaunay, DelaunayError, Neighbour, TetrahedronId};
pub use image::{Image, Vertex};
pub use isosurface::isosurface;
pub use plane::{Plane, best_plane};
pub use rings::{Ring, RingId, RingTetrahedron};
pub use solids::{icosahedron, ideal_bipyramid};
pub use surface::surface_atoms;
pub use tetrahedron::{TetrahedronShape, incentre};
pub use triangulation::{GeometryError, Triangulation};
pub use voronoi::{VoronoiCell, VoronoiCells, VoronoiFace};

use crate::atoms::Vec3;

/// `a − b`.
#[inline]
pub fn sub(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// The scalar product.
#[inline]
pub fn dot(a: Vec3, b: Vec3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The vector product.
#[inline]
pub fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// The length of a vector.
#[inline]
pub fn norm(a: Vec3) -> f64 {
    dot(a, a).sqrt()
}

/// The distance of two points.
#[inline]
pub fn distance(a: Vec3, b: Vec3) -> f64 {
    norm(sub(a, b))
}
