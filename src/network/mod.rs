//! Pentagonal bipyramid networks: how the bipyramids share atoms, the angle at which they meet,
//! the icosahedra they begin, and the networks they build.
//!
//! Main text, "The PBN"; Methods, "PBNs"; Fig. 5, Supplementary Figs. 12 and 14–18.

mod dihedral;
mod examples;
mod filling;
mod motif_networks;
mod networks;
mod sharing;

pub use dihedral::{
    dihedral_angles, dihedral_deg, dihedral_oriented, oriented_dihedral_angles, skeleton,
    skeleton_planes, unfrustrated_dihedral_deg,
};
pub use examples::{Cluster, clearest_pair, richest_cluster, smallest_network_with};
pub use filling::{
    FillingBin, filling_population, icosahedral_filling, mean_filling, network_fillings,
    partial_icosahedra,
};
pub use motif_networks::{MotifNetworks, SharingTally};
pub use networks::{Extent, Network, SMALLEST_NETWORK, cluster_sizes, networks};
pub use sharing::{Link, NeighbourCounts, Sharing, SharingError, linked, sharing};
