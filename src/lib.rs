//! Three-dimensional atomic packing in amorphous solids with liquid-like structure.

pub mod analysis;
pub mod atoms;
pub mod bipyramid;
pub mod geometry;
pub mod io;
pub mod liquid;
pub mod neighbours;
pub mod network;
pub mod order;
pub mod packing;
pub mod sample;
pub mod stats;
pub mod tables;
