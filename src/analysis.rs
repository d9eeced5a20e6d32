//! The chain: atoms in, networks out.
//!
//! One call does for any sample what the paper does for its three, so that figures, tests and
//! readers start from the same values. Every step is a pure function of its chapter; this file
//! only puts them in order.

use crate::atoms::{AtomId, Atoms, AtomsError, Boundary};
use crate::bipyramid::{
    AverageBipyramid, BipyramidShape, BondAngleError, average_bipyramid, bipyramid_shapes,
    bond_angles, corners,
};
use crate::geometry::{
    AlphaShape, GeometryError, Ring, TetrahedronId, Triangulation, VoronoiCells, surface_atoms,
};
use crate::network::MotifNetworks;
use crate::numerics::{Histogram, Mask};
use crate::order::{
    ALPHA_ANGSTROM, BondOrder, CRYSTAL_THRESHOLD, InterfaceProfile, PairDistribution,
    PairDistributionError, RegulatedCell, Regulation, averaged_bond_order, crystal_atoms,
    interface_profile, nuclei, open_pair_distribution, periodic_pair_distribution, regulated_cells,
};
use crate::packing::{
    Criteria, DensityMap, MotifId, Smoothing, accepted_tetrahedra, atomic_densities, bipyramids,
    critical_delta, density_map, is_amorphous, packed_tetrahedra, touching, triplets,
};
use crate::progress::Progress;

/// Why a sample could not be analysed.
#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
    /// No triangulation.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// Too few amorphous atoms.
    #[error("the amorphous part cannot be analysed")]
    Amorphous(#[from] AtomsError),
    /// No pair distribution, or none with a first valley.
    #[error(transparent)]
    PairDistribution(#[from] PairDistributionError),
    /// A shell distance that cannot be one.
    #[error("the first-neighbour distance is {0} Å; it must be positive and finite")]
    BadShellDistance(f64),
}

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
    /// Analyses a sample. `first_valley_angstrom` is the shell distance `w`; without it, it is
    /// found from g(r) of the periodic frame. `progress` is told of each step as it begins.
    ///
    /// In a periodic frame, the simulated liquid or glass, all atoms count as amorphous.
    ///
    /// # Errors
    /// [`AnalysisError`] when the atoms span no volume or no shell distance can be found.
    pub fn new(
        atoms: Atoms,
        first_valley_angstrom: Option<f64>,
        progress: &dyn Progress,
    ) -> Result<Analysis, AnalysisError> {
        let w = match first_valley_angstrom {
            Some(w) => w,
            None => {
                progress.start("pair distribution", None);
                periodic_pair_distribution(&atoms)?.first_valley_angstrom()?
            }
        };
        if !(w.is_finite() && w > 0.0) {
            return Err(AnalysisError::BadShellDistance(w));
        }
        progress.start("bond order", None);
        let bond_order = averaged_bond_order(&atoms, w);
        progress.start("crystal nuclei", None);
        let crystal = match atoms.boundary() {
            Boundary::Open => crystal_atoms(&atoms, &normalised(&bond_order)),
            Boundary::Periodic(_) => Mask::all(atoms.len(), false),
        };
        progress.start("triangulation", None);
        let triangulation = Triangulation::new(&atoms)?;
        progress.start("tetrahedra", None);
        let criteria = Criteria::new(w);
        let accepted = accepted_tetrahedra(&triangulation, criteria);
        progress.finish();
        Ok(Analysis {
            atoms,
            first_valley_angstrom: w,
            bond_order,
            crystal,
            triangulation,
            criteria,
            accepted,
        })
    }

    /// Atoms whose normalised bond order reaches the crystal threshold, clustered or not.
    pub fn ordered_atoms(&self) -> usize {
        let ordered = |order: &&BondOrder| order.normalised() >= CRYSTAL_THRESHOLD;
        self.bond_order.iter().filter(ordered).count()
    }

    /// g(r) of the amorphous part (Fig. 1c): of a periodic frame all atoms, of an open sample those
    /// outside the nuclei, within the alpha shape of those atoms alone.
    ///
    /// # Errors
    /// [`AnalysisError`] when the amorphous atoms are too few or span no volume.
    pub fn amorphous_pair_distribution(&self) -> Result<PairDistribution, AnalysisError> {
        if let Boundary::Periodic(_) = self.atoms.boundary() {
            return Ok(periodic_pair_distribution(&self.atoms)?);
        }
        let atoms = self.atoms.only(&self.crystal.inverted())?;
        let shape = AlphaShape::new(&Triangulation::new(&atoms)?, ALPHA_ANGSTROM);
        Ok(open_pair_distribution(&atoms, &shape)?)
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
        nuclei(&self.triangulation, &s, &self.crystal)
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

    /// The mass density on a grid; atoms at the surface have none.
    pub fn density_map(&self, smoothing: Smoothing) -> DensityMap {
        let surface = surface_atoms(&self.triangulation, ALPHA_ANGSTROM);
        let cells = self.voronoi_cells();
        let densities = atomic_densities(self.atoms.element(), &cells, &surface);
        let packed = self.packed_tetrahedra();
        density_map(
            &self.triangulation,
            &densities,
            &self.crystal,
            &packed,
            smoothing,
        )
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
