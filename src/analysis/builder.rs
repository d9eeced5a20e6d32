//! How a sample is to be analysed: the paper's way, or one's own.

use crate::atoms::{AtomId, Atoms, Boundary};
use crate::geometry::{AlphaShape, Triangulation};
use crate::numerics::{Bounds, Mask, Numbered, median};
use crate::order::{
    BondOrder, PairDistribution, PairDistributionError, RANGE_ANGSTROM, averaged_bond_order,
    crystal_atoms, open_pair_distribution, periodic_pair_distribution,
};
use crate::packing::{DELTA_MAX, accepted_tetrahedra};
use crate::progress::Progress;

use super::{Analysis, AnalysisError, Lengths};

/// In a dense packing the first valley of g(r) lies about so many nearest distances away.
const VALLEY_OF_NEAREST: f64 = 1.4;
/// A shell distance is at most so many nearest distances.
const FARTHEST_OF_NEAREST: f64 = 4.0;
/// Where an atom has more than so many cubes of the nearest distance to itself, most of the space is
/// empty. A ball in its box has two, a dense packing less than one.
const EMPTY: f64 = 40.0;

/// Where nuclei of crystals are sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nuclei {
    /// Everywhere.
    Sought,
    /// Where the sample is open, as in the paper: in its liquids and glasses all atoms count as
    /// amorphous.
    SoughtWhereOpen,
    /// Nowhere: all atoms count as amorphous.
    Ignored,
}

/// An analysis to be made; begin with [`Analysis::builder`], end with [`AnalysisBuilder::run`].
#[derive(Debug, Clone)]
pub struct AnalysisBuilder {
    atoms: Atoms,
    shell: Option<f64>,
    delta_max: f64,
    lengths: Option<Lengths>,
    nuclei: Nuclei,
    boundary: Option<Boundary>,
}

impl AnalysisBuilder {
    pub(super) fn new(atoms: Atoms) -> AnalysisBuilder {
        AnalysisBuilder {
            atoms,
            shell: None,
            delta_max: DELTA_MAX,
            lengths: None,
            nuclei: Nuclei::Sought,
            boundary: None,
        }
    }

    /// The first-nearest-neighbour shell distance `w` in ångström, in place of the first valley of the
    /// sample's own g(r).
    pub fn shell(mut self, w_angstrom: f64) -> AnalysisBuilder {
        self.shell = Some(w_angstrom);
        self
    }

    /// The largest distortion delta of a packing tetrahedron, in place of 0.255.
    pub fn delta_max(mut self, delta_max: f64) -> AnalysisBuilder {
        self.delta_max = delta_max;
        self
    }

    /// The other lengths, in place of those that follow `w`.
    pub fn lengths(mut self, lengths: Lengths) -> AnalysisBuilder {
        self.lengths = Some(lengths);
        self
    }

    /// Where nuclei are sought, in place of everywhere.
    pub fn nuclei(mut self, nuclei: Nuclei) -> AnalysisBuilder {
        self.nuclei = nuclei;
        self
    }

    /// What surrounds the atoms, in place of what they say themselves.
    pub fn boundary(mut self, boundary: Boundary) -> AnalysisBuilder {
        self.boundary = Some(boundary);
        self
    }

    /// Analyses the sample; `progress` is told of each step as it begins.
    ///
    /// # Errors
    /// [`AnalysisError`] when the atoms span no volume, nearly all of the space that they span is
    /// empty, no shell distance can be found or the one given fits none of their distances.
    pub fn run(self, progress: &dyn Progress) -> Result<Analysis, AnalysisError> {
        let atoms = match self.boundary {
            Some(boundary) => {
                let bounded = self.atoms.with_boundary(boundary);
                bounded.map_err(AnalysisError::Boundary)?
            }
            None => self.atoms,
        };
        if !(self.delta_max.is_finite() && self.delta_max > 0.0) {
            return Err(AnalysisError::BadDelta(self.delta_max));
        }
        let distances = atoms.nearest_distances();
        let nearest = median(distances.clone()).unwrap_or(1.0);
        let least = distances.iter().copied().fold(nearest, f64::min);
        check_space(&atoms, &distances, nearest)?;
        let w = match self.shell {
            Some(w) if !(w.is_finite() && w > 0.0) => {
                return Err(AnalysisError::BadShellDistance(w));
            }
            Some(w) if w < least || w > FARTHEST_OF_NEAREST * nearest => {
                let median = nearest;
                return Err(AnalysisError::StrangeShellDistance { w, least, median });
            }
            Some(w) => w,
            None => {
                progress.start("pair distribution", None);
                let first = Lengths::of_shell(VALLEY_OF_NEAREST * nearest);
                let lengths = self.lengths.unwrap_or(first);
                pair_distribution(&atoms, lengths)?.first_valley_angstrom()?
            }
        };
        let lengths = self.lengths.unwrap_or_else(|| Lengths::of_shell(w));
        progress.start("bond order", None);
        let bond_order = averaged_bond_order(&atoms, w);
        progress.start("crystal nuclei", None);
        let is_closed = atoms.boundary().directions() == [true; 3];
        let crystal = match self.nuclei {
            Nuclei::Sought => crystals(&atoms, &bond_order, lengths),
            Nuclei::SoughtWhereOpen if !is_closed => crystals(&atoms, &bond_order, lengths),
            Nuclei::SoughtWhereOpen | Nuclei::Ignored => Mask::all(atoms.len(), false),
        };
        progress.start("triangulation", None);
        let triangulation = Triangulation::new(&atoms)?;
        progress.start("tetrahedra", None);
        let criteria = lengths.criteria(w, self.delta_max);
        let accepted = accepted_tetrahedra(&triangulation, criteria);
        progress.finish();
        Ok(Analysis {
            atoms,
            first_valley_angstrom: w,
            lengths,
            bond_order,
            crystal,
            triangulation,
            criteria,
            accepted,
        })
    }
}

fn crystals(atoms: &Atoms, bond_order: &[BondOrder], lengths: Lengths) -> Mask<AtomId> {
    let s: Vec<f64> = bond_order.iter().map(|order| order.normalised()).collect();
    crystal_atoms(atoms, &s, lengths.gather)
}

/// That the atoms of a sample with an open direction are not lost in the space that they span.
fn check_space(atoms: &Atoms, distances: &[f64], nearest: f64) -> Result<(), AnalysisError> {
    let extent = match atoms.boundary() {
        Boundary::Periodic(cell) if cell.is_closed() => return Ok(()),
        Boundary::Periodic(cell) => {
            let [a, b, c] = cell.closed_about(atoms.positions(), nearest);
            a.dot(b.cross(c)).abs()
        }
        Boundary::Open => {
            let bounds = Bounds::of(atoms.positions().iter().copied());
            (bounds.extent() + nearest).element_product()
        }
    };
    if extent <= EMPTY * atoms.len() as f64 * nearest.powi(3) {
        return Ok(());
    }
    let alone = (0..distances.len()).max_by(|&a, &b| distances[a].total_cmp(&distances[b]));
    let alone = alone.unwrap_or_default();
    Err(AnalysisError::Scattered {
        atom: AtomId::at(alone),
        distance: distances[alone],
    })
}

/// g(r) of all atoms of a sample: by the mean density in a cell that is repeated along all directions,
/// by the shape of the sample elsewhere. Range and shells are those of the paper times the scale of
/// `lengths`.
///
/// # Errors
/// [`AnalysisError`] when the atoms span no volume or are too few.
pub fn pair_distribution(
    atoms: &Atoms,
    lengths: Lengths,
) -> Result<PairDistribution, AnalysisError> {
    let found = measured(atoms, lengths, |atoms, shape| match shape {
        None => periodic_pair_distribution(atoms),
        Some(shape) => open_pair_distribution(atoms, shape),
    })?;
    Ok(found.stretched(lengths.scale))
}

/// What `measure` finds of the atoms in the paper's lengths, and of the shape that they fill unless they
/// are repeated along all directions.
pub(super) fn measured<T>(
    atoms: &Atoms,
    lengths: Lengths,
    measure: impl Fn(&Atoms, Option<&AlphaShape>) -> Result<T, PairDistributionError>,
) -> Result<T, AnalysisError> {
    let scaled = (lengths.scale != 1.0).then(|| atoms.scaled(1.0 / lengths.scale));
    let atoms = scaled.as_ref().unwrap_or(atoms);
    let shape = match atoms.boundary().directions() {
        [true, true, true] => None,
        _ => {
            let alpha = lengths.alpha / lengths.scale;
            Some(AlphaShape::about(atoms, RANGE_ANGSTROM, alpha)?)
        }
    };
    Ok(measure(atoms, shape.as_ref())?)
}
