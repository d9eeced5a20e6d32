//! Laws: what must hold for any arrangement of atoms, with no data at all.
//!
//! The first tier of the verification. Geometry with a known answer, invariance under motions,
//! the same answer two ways, and the bookkeeping of periodic boundaries.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod crystals;
mod density;
mod ideal;
mod invariance;
mod periodic;
mod support;
mod two_ways;
mod voronoi;
