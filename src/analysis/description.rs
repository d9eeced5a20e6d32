//! What is said of one structure: of each atom, of the networks, of g(r).

use crate::atoms::AtomId;
use crate::geometry::VoronoiCells;
use crate::network::{MotifNetworks, icosahedral_filling};
use crate::numerics::{Mask, Numbered};
use crate::order::{
    PairDistribution, PartialDistribution, RegulatedCell, Regulation, regulated_cells,
};

use super::chain::{Analysis, Region};
use super::error::AnalysisError;

/// What is said of a structure beside its [`Analysis`].
#[derive(Debug)]
pub struct Description {
    /// The pentagonal bipyramids that touch the amorphous region, and their networks.
    pub found: MotifNetworks,
    /// The Voronoi cells of all atoms.
    pub cells: VoronoiCells,
    /// The regulated cells, those that close, by atom.
    pub regulated: Vec<RegulatedCell>,
    /// Of how many of the bipyramids each atom is a cap: its icosahedral filling.
    pub filling: Vec<u32>,
    /// In the rings of how many of them each atom sits.
    pub in_rings: Vec<u32>,
    /// The rank, from 1, of the largest network that holds each atom; 0 of none.
    pub network: Vec<u32>,
    /// g(r) of the amorphous atoms, and the same by pairs of elements; or why there is none.
    pub pairs: Result<(PairDistribution, Vec<PartialDistribution>), AnalysisError>,
}

impl Description {
    /// Describes an analysed structure.
    pub fn of(analysis: &Analysis) -> Description {
        let triangulation = &analysis.triangulation;
        let found = analysis.networks(5, Region::Amorphous);
        let cells = analysis.voronoi_cells();
        let every = Mask::all(analysis.atoms.len(), true);
        let regulation = Regulation::default();
        let regulated = regulated_cells(triangulation, &cells, &every, regulation);
        let mut in_rings = vec![0; analysis.atoms.len()];
        for &motif in &found.motifs {
            for atom in triangulation.ring(motif).atoms {
                in_rings[atom.atom.index()] += 1;
            }
        }
        let mut network = vec![0; analysis.atoms.len()];
        for (of, rank) in found.networks.iter().zip(1_u32..) {
            for vertex in &of.atoms {
                let largest = &mut network[vertex.atom.index()];
                if *largest == 0 {
                    *largest = rank;
                }
            }
        }
        Description {
            filling: icosahedral_filling(triangulation, &found.motifs),
            pairs: pairs(analysis),
            found,
            cells,
            regulated,
            in_rings,
            network,
        }
    }

    /// The regulated cell of an atom; `None` where it does not close.
    pub fn regulated_cell(&self, atom: AtomId) -> Option<&RegulatedCell> {
        let place = self.regulated.binary_search_by_key(&atom, |cell| cell.atom);
        place.ok().map(|place| &self.regulated[place])
    }
}

fn pairs(
    analysis: &Analysis,
) -> Result<(PairDistribution, Vec<PartialDistribution>), AnalysisError> {
    let partial = analysis.partial_pair_distributions()?;
    match &partial[..] {
        // Of one element the only pair is the whole.
        [only] => Ok((only.curve.clone(), partial)),
        _ => Ok((analysis.amorphous_pair_distribution()?, partial)),
    }
}
