//! Laws: what must hold for any arrangement of atoms, with no data at all.
//!
//! The first tier of the verification. Geometry with a known answer, invariance under motions,
//! the same answer two ways, and the bookkeeping of periodic boundaries.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod alpha_shape;
mod cells;
mod crystals;
mod delaunay;
mod density;
mod ideal;
mod interface;
mod invariance;
mod own;
mod pair_distribution;
mod periodic;
mod refusals;
mod shapes;
mod support;
mod two_ways;
#[cfg(feature = "voro")]
mod voro;
mod voronoi;

#[cfg(all(feature = "tables", feature = "tomography"))]
mod chain;
#[cfg(all(feature = "tables", feature = "tomography"))]
mod diffraction;
#[cfg(feature = "tables")]
mod embedded;
#[cfg(feature = "tables")]
mod tables;
#[cfg(feature = "tomography")]
mod tomography;
#[cfg(feature = "tomography")]
mod tracing;
