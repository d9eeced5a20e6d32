//! How a sample is to be analysed: the paper's way, or one's own.

use crate::atoms::{AtomId, Atoms, Boundary};
use crate::geometry::Triangulation;
use crate::numerics::{Bounds, Mask, Numbered, median};
use crate::order::{BondOrder, averaged_bond_order, crystal_atoms};
use crate::packing::{DELTA_MAX, accepted_tetrahedra};
use crate::progress::Progress;

use super::chain::Analysis;
use super::error::AnalysisError;
use super::lengths::Lengths;
use super::pairs::pair_distribution;

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

impl Analysis {
    /// Analyses a sample the paper's way: with its fixed lengths, and nuclei only where the sample is
    /// open. `first_valley_angstrom` is the shell distance `w`; without it, it is found from g(r).
    /// `progress` is told of each step as it begins.
    ///
    /// # Errors
    /// [`AnalysisError`] when the atoms span no volume or no shell distance can be found.
    pub fn new(
        atoms: Atoms,
        first_valley_angstrom: Option<f64>,
        progress: &dyn Progress,
    ) -> Result<Analysis, AnalysisError> {
        let mut builder = Analysis::builder(atoms)
            .lengths(Lengths::PUBLISHED)
            .nuclei(Nuclei::SoughtWhereOpen);
        if let Some(w) = first_valley_angstrom {
            builder = builder.shell(w);
        }
        builder.run(progress)
    }

    /// Analyses a sample one's own way: all lengths follow the shell distance, which is found from the
    /// sample's own g(r), and nuclei are sought everywhere, unless it is said otherwise.
    ///
    /// ```
    /// use amorphous_packing::prelude::*;
    /// // Copper, 3.615 Å, five cells of fcc along each axis, with every eleventh atom a little aside.
    /// let cell = [[0.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.5]].map(Vec3::from);
    /// let corners = (0..125).map(|k| Vec3::from([k / 25, k / 5 % 5, k % 5].map(f64::from)));
    /// let places = corners.flat_map(|corner| cell.map(|site| 3.615 * (corner + site)));
    /// let aside = |(k, place): (usize, Vec3)| place + if k % 11 == 0 { 0.3 } else { 0.0 };
    /// let places = places.enumerate().map(aside).collect();
    /// let boundary = Boundary::periodic(Vec3::splat(5.0 * 3.615));
    /// let atoms = Atoms::new(Element::Cu, places, boundary)?;
    /// let analysis = Analysis::builder(atoms).delta_max(0.2).run(&Silent)?;
    /// assert!((3.0..3.3).contains(&analysis.first_valley_angstrom));
    /// assert_eq!(analysis.crystal.count(), 500);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(atoms: Atoms) -> AnalysisBuilder {
        AnalysisBuilder::new(atoms)
    }
}

impl AnalysisBuilder {
    fn new(atoms: Atoms) -> AnalysisBuilder {
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
        let nearest = median(distances.to_vec()).unwrap_or(1.0);
        let least = distances.iter().copied().fold(nearest, f64::min);
        check_space(&atoms, distances, nearest)?;
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
        Boundary::Periodic(cell) => cell.space_about(atoms.positions(), nearest),
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
