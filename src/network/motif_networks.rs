//! The bipyramids of one fold, from which atoms they share to the networks they build.

use crate::geometry::Triangulation;
use crate::packing::MotifId;

use super::networks::{Network, networks};
use super::sharing::{Sharing, SharingError, sharing};

/// The bipyramids of one fold with their sharing and networks.
#[derive(Debug, Clone, PartialEq)]
pub struct MotifNetworks {
    /// Tetrahedra per bipyramid.
    pub fold: usize,
    /// The bipyramids, by increasing number.
    pub motifs: Vec<MotifId>,
    /// Which of them share vertices and edges of their skeletons.
    pub sharing: Sharing,
    /// Their networks, largest first.
    pub networks: Vec<Network>,
}

impl MotifNetworks {
    /// What the `motifs`, bipyramids of `fold` tetrahedra by increasing number, share and build.
    ///
    /// # Errors
    /// [`SharingError`] when they are not in this order.
    pub fn of(
        triangulation: &Triangulation,
        fold: usize,
        motifs: Vec<MotifId>,
    ) -> Result<MotifNetworks, SharingError> {
        let sharing = sharing(triangulation, &motifs)?;
        let networks = networks(triangulation, &motifs, &sharing);
        Ok(MotifNetworks {
            fold,
            motifs,
            sharing,
            networks,
        })
    }
}
