//! The analysis of one sample, from its atoms to its networks.
//!
//! One call does for any sample what the paper does for its three, so that figures, tests and readers
//! start from the same values. Begin with [`Analysis`], the chain of all steps; [`AnalysisBuilder`] says
//! how they are done, [`Description`] and [`Summary`] what is found.

mod builder;
mod chain;
mod description;
mod error;
mod lengths;
mod pairs;
mod summary;

pub use builder::{AnalysisBuilder, Nuclei};
pub use chain::{Analysis, Region};
pub use description::{Description, Pairs};
pub use error::AnalysisError;
pub use lengths::Lengths;
pub use pairs::{pair_curves, pair_distribution};
pub use summary::{SpeciesSummary, Summary};
