//! What is shown in charts, by chapter: the panels of the paper's figures, each from its table.
//! It uses every room but `record` and `commands`.
//! Begin with the chapter of your panel; a figure's file names the functions that it calls.

pub mod bipyramid;
pub mod chain;
pub mod conventions;
pub mod density;
pub mod diffraction;
pub mod interface;
pub mod liquid;
pub mod network;
pub mod order;
pub mod packing;
pub mod pair_distribution;
pub mod precision;
pub mod preprocessing;
pub mod rehearsal;
pub mod scanning;
pub(crate) mod section;
pub mod specimen;
pub mod stability;
pub mod structure;
pub mod tomography;
pub mod tracing;
