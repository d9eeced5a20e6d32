//! Polytetrahedral packing: which Delaunay tetrahedra count, and the motifs they form by sharing
//! faces.
//!
//! Main text, "Polytetrahedral packing in monatomic amorphous materials"; Methods,
//! "Polytetrahedral packing analysis"; Figs. 2 and 3, Supplementary Figs. 9 and 10.

mod density;
mod grid;
mod motifs;
mod populations;
mod region;
mod tetrahedra;
mod triplets;

pub use density::{
    DensityMap, G_PER_CM3, Smoothing, Surroundings, atomic_densities, density_map,
    packed_tetrahedra,
};
pub use grid::Grid;
pub use motifs::{BIPYRAMID_FOLDS, MotifId, bipyramids, touching};
pub use populations::{Populations, PopulationsError, populations, populations_at};
pub use region::GridRegion;
pub use tetrahedra::{
    CIRCUMRADIUS_MAX_ANGSTROM, Criteria, DELTA_MAX, DELTAS, accepted_tetrahedra, is_amorphous,
};
pub use triplets::{critical_delta, face_pairs, triplets};
