//! The pair distribution function g(r), its peaks and its valleys.
//!
//! Methods, "Calculation of the PDF from the experimental 3D atomic model"; Fig. 1c. Pairs are
//! counted in shells of 0.1 Å. In a periodic frame they are measured by the volume of the shell; in
//! an open sample by the part of it that lies inside the sample's alpha shape, and the curve by its
//! own end.

mod counts;
mod curve;
mod extrema;
mod partial;
mod second_peak;
mod shape;
mod shells;

pub use counts::{pair_counts, pair_counts_between};
pub use curve::{
    ALPHA_ANGSTROM, PairDistribution, PairDistributionError, open_pair_distribution,
    periodic_pair_distribution, shares_inside,
};
pub use extrema::{Extremum, ExtremumKind};
pub use partial::{PairCurves, PartialDistribution, pair_curves};
pub use second_peak::{COMPONENT_DEPTH, Component, ComponentKind, SHOULDER_SLOPE};
pub use shells::{RANGE_ANGSTROM, SHELL_ANGSTROM};
