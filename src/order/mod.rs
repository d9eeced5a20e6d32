//! How ordered the samples are: averaged bond order, crystal nuclei, the pair distribution, and the
//! Voronoi cells.
//!
//! Methods, "The local BOO parameters" and "Calculation of the PDF"; Fig. 1, Supplementary Figs. 8
//! and 13.

mod bond_order;
mod nuclei;
mod pair_distribution;
mod voronoi;
pub mod voronoi_tables;

pub use bond_order::{BondOrder, FCC, averaged_bond_order};
pub use nuclei::{CRYSTAL_THRESHOLD, crystal_nuclei};
pub use pair_distribution::{
    PairDistribution, PairDistributionError, RANGE_ANGSTROM, SHELL_ANGSTROM,
    periodic_pair_distribution,
};
pub use voronoi::{
    DISTORTED_ICOSAHEDRA, RegulatedCell, Regulation, SMALLEST_FACE, VoronoiIndex, regulated_cells,
};
