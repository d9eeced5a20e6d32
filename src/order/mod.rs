//! How ordered the samples are: averaged bond order, crystal nuclei, the pair distribution, and the
//! Voronoi cells.
//!
//! Methods, "The local BOO parameters" and "Calculation of the PDF"; Fig. 1, Supplementary Figs. 8
//! and 13. With the feature `tomography` also the pair distribution by electron diffraction
//! (Supplementary Fig. 5).

mod bond_order;
#[cfg(feature = "tomography")]
pub mod diffraction;
mod interface;
mod nuclei;
mod pair_distribution;
mod voronoi;

pub use bond_order::{BondOrder, FCC, averaged_bond_order};
pub use interface::{
    FIT_FROM_ANGSTROM, InterfaceBin, InterfaceFit, InterfaceProfile, interface_profile, nuclei,
};
pub use nuclei::{CRYSTAL_THRESHOLD, GATHER_ANGSTROM, crystal_atoms, share_reaching};
pub use pair_distribution::{
    ALPHA_ANGSTROM, COMPONENT_DEPTH, Component, ComponentKind, Extremum, ExtremumKind, PairCurves,
    PairDistribution, PairDistributionError, PartialDistribution, RANGE_ANGSTROM, SHELL_ANGSTROM,
    SHOULDER_SLOPE, open_pair_distribution, pair_counts, pair_counts_between, pair_curves,
    periodic_pair_distribution, shares_inside,
};
pub use voronoi::{
    CellStatistics, DISTORTED_ICOSAHEDRA, RegulatedCell, Regulation, SMALLEST_FACE, VoronoiIndex,
    regulated_cells,
};
