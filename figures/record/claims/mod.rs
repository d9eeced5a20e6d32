//! What the code finds for the claims of the paper: from analyses to rows of the ledger, a file
//! for each chapter.

mod at_hand;
mod bipyramid;
mod density;
mod findings;
mod interface;
mod liquid;
mod network;
mod order;
mod packing;
mod pdf;
mod published;
mod tomography;
mod voronoi;

pub use at_hand::{AtHand, files_of};
pub use findings::{findings, samples};
pub use tomography::of_experiment;
