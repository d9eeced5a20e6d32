//! What a program that analyses a structure begins with.
//!
//! ```
//! use amorphous_packing::prelude::*;
//!
//! let corners = icosahedron().map(|corner| 2.8 * corner);
//! let positions: Vec<Vec3> = corners.into_iter().chain([Vec3::ZERO]).collect();
//! let atoms = Atoms::new(Element::Ta, positions, Boundary::Open)?;
//! let analysis = Analysis::builder(atoms).shell(3.5).run(&Silent)?;
//! assert_eq!(analysis.networks(5, Region::All).networks.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use crate::analysis::{
    Analysis, AnalysisError, Description, Lengths, Nuclei, Pairs, Region, Summary,
};
pub use crate::atoms::{AtomId, Atoms, AtomsError, Boundary, Cell, Element, UnknownElement, Vec3};
pub use crate::geometry::icosahedron;
pub use crate::network::{Extent, MotifNetworks, Network};
pub use crate::progress::{Progress, Silent};
