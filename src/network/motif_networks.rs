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

    /// The bipyramids of the largest network; zero without one.
    pub fn largest(&self) -> usize {
        self.networks.first().map_or(0, Network::size)
    }

    /// Whether these networks are more numerous than the others, and the largest larger.
    pub fn dominates(&self, other: &MotifNetworks) -> bool {
        self.networks.len() > other.networks.len() && self.largest() > other.largest()
    }

    /// Bipyramids without a vertex-sharing neighbour, and with an edge-sharing one (Fig. 5c).
    pub fn sharing_tally(&self) -> SharingTally {
        let counts = self.sharing.neighbour_counts(self.motifs.len());
        SharingTally {
            bipyramids: self.motifs.len(),
            without_vertex: counts.vertex.iter().filter(|&&n| n == 0).count(),
            with_edge: counts.edge.iter().filter(|&&n| n > 0).count(),
        }
    }
}

/// How many bipyramids share, of one sample or of several together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SharingTally {
    /// All bipyramids.
    pub bipyramids: usize,
    /// Those that share no vertex with another.
    pub without_vertex: usize,
    /// Those that share an edge with at least one other.
    pub with_edge: usize,
}

impl std::iter::Sum for SharingTally {
    fn sum<I: Iterator<Item = SharingTally>>(tallies: I) -> SharingTally {
        tallies.fold(SharingTally::default(), |sum, next| SharingTally {
            bipyramids: sum.bipyramids + next.bipyramids,
            without_vertex: sum.without_vertex + next.without_vertex,
            with_edge: sum.with_edge + next.with_edge,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atoms::{Atoms, Boundary, Element, Vec3};
    use crate::geometry::{TetrahedronId, icosahedron};
    use crate::network::filling::{filling_population, mean_filling, network_fillings};
    use crate::network::icosahedral_filling;
    use crate::numerics::Mask;
    use crate::packing::bipyramids;

    /// An icosahedron with an atom in its centre: twelve bipyramids, each of which shares an edge, two
    /// tetrahedra, with its five neighbours and no tetrahedron with the others.
    #[test]
    fn an_icosahedron_is_one_network_that_shares_edges() {
        let places: Vec<Vec3> = icosahedron().into_iter().chain([Vec3::ZERO]).collect();
        let Ok(atoms) = Atoms::new(Element::Ta, places, Boundary::Open) else {
            panic!("thirteen distinct places");
        };
        let triangulation = Triangulation::new(&atoms).unwrap_or_else(|e| panic!("{e}"));
        let every: Mask<TetrahedronId> = Mask::all(triangulation.len(), true);
        let of = |fold, motifs| {
            MotifNetworks::of(&triangulation, fold, motifs).unwrap_or_else(|e| panic!("{e}"))
        };
        let five = of(5, bipyramids(&triangulation, &every, 5));
        let none = of(4, Vec::new());
        let tally = SharingTally {
            bipyramids: 12,
            without_vertex: 12,
            with_edge: 12,
        };
        assert_eq!(five.sharing_tally(), tally);
        let twice: SharingTally = [tally, none.sharing_tally(), tally].into_iter().sum();
        assert_eq!((twice.bipyramids, twice.with_edge), (24, 24));
        assert_eq!((five.largest(), none.largest()), (12, 0));
        assert!(five.dominates(&none) && !none.dominates(&five) && !five.dominates(&five));
        let found = network_fillings(&five.networks[0], &triangulation, &five.motifs, 2);
        assert_eq!(found, [12], "the centre is a cap of all");
        // The twelve corners are caps of one bipyramid each, which are twelve objects.
        let filling = icosahedral_filling(&triangulation, &five.motifs);
        let bins = filling_population(&filling, &triangulation, &five.motifs);
        assert_eq!(mean_filling(&bins), Some(24.0 / 13.0));
        assert_eq!(mean_filling(&[]), None);
    }
}
