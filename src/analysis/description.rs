//! What is said of one structure: of each atom, of the networks, of g(r).

use crate::atoms::AtomId;
use crate::geometry::VoronoiCells;
use crate::network::{MotifNetworks, icosahedral_filling};
use crate::numerics::{Mask, Numbered};
use crate::order::{
    PairCurves, PairDistribution, PartialDistribution, RegulatedCell, Regulation, regulated_cells,
};

use super::chain::{Analysis, Region};
use super::error::AnalysisError;
use super::pairs::pair_curves;

/// What is said of a structure beside its [`Analysis`].
#[derive(Debug)]
pub struct Description {
    /// The pentagonal bipyramids that touch the amorphous region, and their networks.
    pub found: MotifNetworks,
    /// The Voronoi cells of all atoms.
    pub cells: VoronoiCells,
    /// Which atoms lie at the surface of the sample or of a void.
    pub surface: Mask<AtomId>,
    /// The regulated cells, those that close, by atom.
    pub regulated: Vec<RegulatedCell>,
    /// Of how many of the bipyramids each atom is a cap: its icosahedral filling.
    pub filling: Vec<u32>,
    /// In the rings of how many of them each atom sits.
    pub in_rings: Vec<u32>,
    /// The rank, from 1, of the largest network that holds each atom; 0 of none.
    pub network: Vec<u32>,
    /// g(r) of the amorphous atoms, and the same by pairs of elements; or why there is none.
    pub pairs: Result<Pairs, AnalysisError>,
}

/// How far the atoms are from one another.
#[derive(Debug, Clone)]
pub struct Pairs {
    /// g(r).
    pub whole: PairDistribution,
    /// The same by pairs of elements, by increasing atomic numbers.
    pub partial: Vec<PartialDistribution>,
    /// Whether they are of all atoms, because too few are amorphous.
    pub of_all: bool,
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
            surface: analysis.surface_atoms(),
            filling: icosahedral_filling(triangulation, &found.motifs),
            pairs: Pairs::of(analysis),
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

impl Pairs {
    /// Of the amorphous atoms; where crystals leave too few for a curve, of all.
    fn of(analysis: &Analysis) -> Result<Pairs, AnalysisError> {
        let with = |curves: PairCurves, of_all: bool| Pairs {
            whole: curves.whole,
            partial: curves.partial,
            of_all,
        };
        match analysis.amorphous_pair_curves() {
            Ok(curves) => Ok(with(curves, false)),
            Err(error) if analysis.crystal.count() == 0 => Err(error),
            Err(_) => Ok(with(pair_curves(&analysis.atoms, analysis.lengths)?, true)),
        }
    }
}
