//! How ordered the samples are: averaged bond order, crystal nuclei, the pair distribution, and the
//! Voronoi cells.
//!
//! Methods, "The local BOO parameters" and "Calculation of the PDF"; Fig. 1, Supplementary Figs. 8
//! and 13.

mod bond_order;
mod interface;
mod nuclei;
mod pair_distribution;
mod voronoi;
pub mod voronoi_tables;

pub use bond_order::{BondOrder, FCC, averaged_bond_order};
pub use interface::{
    FIT_FROM_ANGSTROM, InterfaceBin, InterfaceEntry, InterfaceFit, InterfaceProfile,
    interface_curve_table, interface_fit_table, interface_profile, interface_table, nuclei,
};
pub use nuclei::{CRYSTAL_THRESHOLD, crystal_nuclei};
pub use pair_distribution::{
    ALPHA_ANGSTROM, COMPONENT_DEPTH, Component, ComponentKind, Extremum, ExtremumKind,
    PairDistribution, PairDistributionError, RANGE_ANGSTROM, SHELL_ANGSTROM, SHOULDER_SLOPE,
    extrema_table, open_pair_distribution, pair_counts, pair_distribution_table,
    periodic_pair_distribution, second_peak_table, shares_inside,
};
pub use voronoi::{
    DISTORTED_ICOSAHEDRA, RegulatedCell, Regulation, SMALLEST_FACE, VoronoiIndex, regulated_cells,
};
