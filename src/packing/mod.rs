//! Polytetrahedral packing: which Delaunay tetrahedra count, and the motifs they form by sharing
//! faces.
//!
//! Main text, "Polytetrahedral packing in monatomic amorphous materials"; Methods,
//! "Polytetrahedral packing analysis"; Fig. 2, Supplementary Fig. 9.

mod motifs;
mod populations;
pub mod tables;
mod tetrahedra;
mod triplets;

pub use motifs::{BIPYRAMID_FOLDS, MotifId, bipyramids, touching};
pub use populations::{Populations, PopulationsError, populations, populations_at};
pub use tetrahedra::{
    CIRCUMRADIUS_MAX_ANGSTROM, Criteria, DELTA_MAX, DELTAS, accepted_tetrahedra,
    amorphous_tetrahedra,
};
pub use triplets::{face_pairs, triplets};
