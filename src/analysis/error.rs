//! Why a sample cannot be analysed.

use crate::atoms::{AtomId, AtomsError};
use crate::geometry::GeometryError;
use crate::order::PairDistributionError;

/// Why a sample could not be analysed.
#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
    /// No triangulation.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// Too few amorphous atoms.
    #[error("the amorphous part cannot be analysed")]
    Amorphous(#[from] AtomsError),
    /// The atoms do not fit what is to surround them.
    #[error("the atoms do not fit their boundary")]
    Boundary(#[source] AtomsError),
    /// No pair distribution, or none with a first valley.
    #[error(transparent)]
    PairDistribution(#[from] PairDistributionError),
    /// A shell distance that cannot be one.
    #[error("the first-neighbour distance is {0} Å; it must be positive and finite")]
    BadShellDistance(f64),
    /// A distortion that cannot be one.
    #[error(
        "the largest distortion delta is {0}; it must be positive and finite (the paper takes 0.255)"
    )]
    BadDelta(f64),
    /// The first-neighbour distance reaches far beyond the neighbours, or not to the nearest one.
    #[error(
        "the first-neighbour distance of {w} Å does not fit atoms whose nearest neighbours are \
         {least:.2} Å away and more, half of them within {median:.2} Å; it is usually 1.3 to 1.6 times \
         the latter"
    )]
    StrangeShellDistance {
        /// The distance as given, in ångström.
        w: f64,
        /// The distance of the closest pair in ångström.
        least: f64,
        /// The median distance of the nearest neighbour in ångström.
        median: f64,
    },
    /// Most of the space that the atoms span is empty, and atoms lie alone in it.
    #[error(
        "atom {atom} (counted from 0) is {distance:.1} Å away from all others, and nearly all of the \
         space that the atoms span is empty; remove the atoms that have left the sample"
    )]
    Scattered {
        /// The atom that is most alone.
        atom: AtomId,
        /// Its distance from the nearest other atom in ångström.
        distance: f64,
    },
    /// Without an unskewed cell there is no grid for a mass density.
    #[error("the mass density is found on a grid of right angles, and the cell is skew")]
    SkewCell,
}
