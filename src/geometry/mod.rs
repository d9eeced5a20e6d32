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
mod marching;
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
pub use delaunay::{Across, Delaunay, DelaunayError, TetrahedronId};
pub use image::{Image, Vertex};
pub use isosurface::isosurface;
pub use marching::{crossed_edges, fan};
pub use plane::{Plane, best_plane};
pub use rings::{Ring, RingId, RingTetrahedron};
pub use solids::{icosahedron, ideal_bipyramid};
pub use surface::surface_atoms;
pub use tetrahedron::{TetrahedronShape, incentre};
pub use triangulation::{GeometryError, Triangulation};
pub use voronoi::{VoronoiCell, VoronoiCells, VoronoiFace};
