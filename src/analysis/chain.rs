//! The chain: atoms in, networks out.
//!
//! What the paper does for its three samples and any other is done for here: every step is a pure
//! function of its chapter; this file only puts them in order.

use crate::atoms::{AtomId, Atoms, Boundary};
use crate::bipyramid::{
    AverageBipyramid, BipyramidShape, BondAngleError, average_bipyramid, bipyramid_shapes,
    bond_angles, corners,
};
use crate::geometry::{Ring, TetrahedronId, Triangulation, VoronoiCells, surface_atoms};
use crate::network::MotifNetworks;
use crate::numerics::{Histogram, Mask};
use crate::order::{
    BondOrder, CRYSTAL_THRESHOLD, InterfaceProfile, PairCurves, PairDistribution, RegulatedCell,
    Regulation, interface_profile, nuclei, regulated_cells,
};
use crate::packing::{
    Criteria, DensityMap, MotifId, Smoothing, atomic_densities, bipyramids, critical_delta,
    density_map, is_amorphous, packed_tetrahedra, touching, triplets,
};

use super::error::AnalysisError;
use super::lengths::Lengths;
use super::pairs::{pair_curves, pair_distribution};

/// Which motifs are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// All of the sample.
    All,
    /// Those that touch the amorphous region: at least one tetrahedron with three amorphous
    /// corners.
    Amorphous,
}

/// A sample with everything that its networks stand on.
#[derive(Debug)]
pub struct Analysis {
    /// The atoms.
    pub atoms: Atoms,
    /// The first-nearest-neighbour shell distance `w`, in ångström.
    pub first_valley_angstrom: f64,
    /// The other lengths.
    pub lengths: Lengths,
    /// The averaged bond order of every atom.
    pub bond_order: Vec<BondOrder>,
    /// Which atoms belong to a crystal nucleus.
    pub crystal: Mask<AtomId>,
    /// The Delaunay triangulation.
    pub triangulation: Triangulation,
    /// What makes a packing tetrahedron.
    pub criteria: Criteria,
    /// Which tetrahedra are packing tetrahedra.
    pub accepted: Mask<TetrahedronId>,
}

impl Analysis {
    /// Atoms whose normalised bond order reaches the crystal threshold, clustered or not.
    pub fn ordered_atoms(&self) -> usize {
        let ordered = |order: &&BondOrder| order.normalised() >= CRYSTAL_THRESHOLD;
        self.bond_order.iter().filter(ordered).count()
    }

    /// g(r) of the amorphous part (Fig. 1c), of the atoms outside the nuclei; of an open sample within
    /// the alpha shape of those atoms alone.
    ///
    /// # Errors
    /// [`AnalysisError`] when the amorphous atoms are too few or span no volume.
    pub fn amorphous_pair_distribution(&self) -> Result<PairDistribution, AnalysisError> {
        pair_distribution(&self.amorphous_atoms()?, self.lengths)
    }

    /// The same, and the curves of the pairs of elements.
    ///
    /// # Errors
    /// As of [`Analysis::amorphous_pair_distribution`].
    pub fn amorphous_pair_curves(&self) -> Result<PairCurves, AnalysisError> {
        pair_curves(&self.amorphous_atoms()?, self.lengths)
    }

    /// The atoms outside the nuclei.
    fn amorphous_atoms(&self) -> Result<Atoms, AnalysisError> {
        Ok(match self.crystal.iter().any(|is_crystal| is_crystal) {
            true => self.atoms.only(&self.crystal.inverted())?,
            false => self.atoms.clone(),
        })
    }

    /// The mean bond order against the distance from the nuclei (Supplementary Fig. 22); empty
    /// without nuclei.
    pub fn interface_profile(&self) -> InterfaceProfile {
        let s = normalised(&self.bond_order);
        interface_profile(&self.triangulation, &s, &self.crystal)
    }

    /// The atoms of each crystal nucleus, the largest first.
    pub fn nuclei(&self) -> Vec<Vec<AtomId>> {
        let s = normalised(&self.bond_order);
        nuclei(&self.triangulation, &s, &self.crystal, self.lengths.alpha)
    }

    /// The Voronoi cells of all atoms.
    pub fn voronoi_cells(&self) -> VoronoiCells {
        VoronoiCells::new(&self.triangulation)
    }

    /// The regulated Voronoi cells of the amorphous atoms.
    pub fn regulated_cells(
        &self,
        cells: &VoronoiCells,
        regulation: Regulation,
    ) -> Vec<RegulatedCell> {
        let amorphous = self.crystal.inverted();
        regulated_cells(&self.triangulation, cells, &amorphous, regulation)
    }

    /// Which tetrahedra are in a triplet or in a bipyramid of four, five or six.
    pub fn packed_tetrahedra(&self) -> Mask<TetrahedronId> {
        packed_tetrahedra(&self.triangulation, &self.accepted)
    }

    /// Which atoms lie at the surface of the sample or of a void.
    pub fn surface_atoms(&self) -> Mask<AtomId> {
        surface_atoms(&self.triangulation, self.lengths.alpha)
    }

    /// The mass density on a grid; atoms at the surface have none.
    ///
    /// # Errors
    /// [`AnalysisError::SkewCell`]: in such a cell the grid cannot be smoothed along its axes.
    pub fn density_map(&self, smoothing: Smoothing) -> Result<DensityMap, AnalysisError> {
        if let Boundary::Periodic(cell) = self.atoms.boundary()
            && !cell.is_axis_parallel()
        {
            return Err(AnalysisError::SkewCell);
        }
        let cells = self.voronoi_cells();
        let densities = atomic_densities(&self.atoms, &cells, &self.surface_atoms());
        let packed = self.packed_tetrahedra();
        Ok(density_map(
            &self.triangulation,
            &densities,
            &self.crystal,
            &packed,
            smoothing,
        ))
    }

    /// Whether a tetrahedron is an amorphous packing tetrahedron.
    pub fn is_amorphous(&self, t: TetrahedronId) -> bool {
        let corners = self.triangulation.corners(t);
        self.accepted[t] && is_amorphous(corners, &self.crystal)
    }

    /// The bipyramids of `fold` tetrahedra.
    pub fn bipyramids(&self, fold: usize, region: Region) -> Vec<MotifId> {
        let all = bipyramids(&self.triangulation, &self.accepted, fold);
        match region {
            Region::All => all,
            Region::Amorphous => touching(&self.triangulation, &all, |t| self.is_amorphous(t)),
        }
    }

    /// The triplets of a region: end, middle, end.
    pub fn triplets(&self, region: Region) -> Vec<[TetrahedronId; 3]> {
        let mut found = triplets(&self.triangulation, &self.accepted);
        if region == Region::Amorphous {
            found.retain(|triplet| triplet.iter().any(|&t| self.is_amorphous(t)));
        }
        found
    }

    /// The triplet of a region with the smallest critical delta, the first of several.
    pub fn least_distorted_triplet(&self, region: Region) -> Option<[TetrahedronId; 3]> {
        let critical = |triplet: &[TetrahedronId]| critical_delta(&self.triangulation, triplet);
        let found = self.triplets(region).into_iter();
        found.min_by(|a, b| critical(a).total_cmp(&critical(b)))
    }

    /// The bipyramid of `fold` tetrahedra in a region with the smallest critical delta, the first of
    /// several.
    pub fn least_distorted_bipyramid(&self, fold: usize, region: Region) -> Option<Ring> {
        let found = self.bipyramids(fold, region).into_iter();
        let rings = found.map(|motif| self.ring(motif));
        let measured = rings.map(|ring| (self.triangulation.extreme(&ring).delta, ring));
        let least = measured.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(least.1)
    }

    /// The ring of a motif.
    pub fn ring(&self, motif: MotifId) -> Ring {
        self.triangulation.ring(motif)
    }

    /// The bipyramids of `fold` tetrahedra in a region, and the networks they form.
    pub fn networks(&self, fold: usize, region: Region) -> MotifNetworks {
        let motifs = self.bipyramids(fold, region);
        MotifNetworks::of(&self.triangulation, fold, motifs)
            .expect("bipyramids are found by increasing number")
    }

    /// The shapes of the pentagonal bipyramids of a region.
    pub fn pentagonal_shapes(&self, region: Region) -> Vec<BipyramidShape> {
        bipyramid_shapes(&self.triangulation, &self.bipyramids(5, region))
    }

    /// The average of all pentagonal bipyramids; `None` without any.
    pub fn average_bipyramid(&self) -> Option<AverageBipyramid> {
        let motifs = self.bipyramids(5, Region::All);
        let places = motifs.iter().filter_map(|&motif| {
            let (caps, ring) = corners(&self.triangulation, &self.ring(motif));
            Some((caps, ring.try_into().ok()?))
        });
        average_bipyramid(&places.collect::<Vec<_>>())
    }

    /// The angles between the bonds of amorphous atoms, bonds being shorter than the shell distance.
    ///
    /// # Errors
    /// [`BondAngleError`], never with the shell distance of an analysis.
    pub fn bond_angles(&self) -> Result<Histogram, BondAngleError> {
        bond_angles(&self.atoms, &self.crystal, self.first_valley_angstrom)
    }
}

fn normalised(bond_order: &[BondOrder]) -> Vec<f64> {
    bond_order.iter().map(|order| order.normalised()).collect()
}
