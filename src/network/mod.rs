//! Pentagonal bipyramid networks: how the bipyramids share atoms, the angle at which they meet,
//! the icosahedra they begin, and the networks they build.
//!
//! Main text, "The PBN"; Methods, "PBNs"; Fig. 5, Supplementary Figs. 12 and 14–18.

mod dihedral;
mod examples;
pub mod export;
mod filling;
mod networks;
mod sharing;
pub mod tables;

pub use dihedral::{dihedral_deg, dihedral_oriented, skeleton, skeleton_planes};
pub use examples::{
    Cluster, REPRESENTATIVE_FILLINGS, SMALLEST_PARTIAL_ICOSAHEDRON, clearest_pair, richest_cluster,
    smallest_network_with,
};
pub use filling::{FillingBin, filling_population, icosahedral_filling, partial_icosahedra};
pub use networks::{Extent, Network, SMALLEST_NETWORK, cluster_sizes, networks};
pub use sharing::{Link, NeighbourCounts, Sharing, sharing};
