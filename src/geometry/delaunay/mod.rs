//! The Delaunay triangulation of points in space: exact, incremental, open or periodic.
//!
//! The points are inserted one by one ([`insert`]) in an order in which each lies near the one
//! before it ([`order`]), so that the walk to its place is short ([`locate`]). All decisions are
//! exact, and where points lie on one sphere a symbolic perturbation makes them unique
//! ([`predicates`]): the tetrahedra depend on the set of places alone, never on the order in which
//! the points are given or inserted. They are stored in one canonical way ([`canonical`]).

mod boxes;
mod build;
mod canonical;
mod cavity;
mod input;
mod insert;
mod locate;
mod mesh;
mod order;
mod parts;
mod periodic;
mod predicates;
mod scale;
mod simplex;
mod stored;
mod triangulate;

pub use input::DelaunayError;
pub(super) use stored::through;
pub use stored::{Across, Delaunay, TetrahedronId};
