//! The curve g(r), and how it is found from pair counts: in a periodic frame and in an open sample.

use rayon::prelude::*;

use crate::atoms::Atoms;
use crate::geometry::AlphaShape;
use crate::numerics::gaussian_smooth;

use super::counts::pair_counts;
use super::shape::ShapeCorrelation;
use super::shells::{RANGE_ANGSTROM, SHELLS, UNIT_SHELL, middle_angstrom, reach_angstrom};

/// The alpha of the alpha shapes of the samples, in ångström: of their amorphous part, within which
/// neighbours can be found, and of all of a sample, in which the interface of its nuclei lies.
/// Larger tetrahedra, across the dents of the surface, hold no matter.
pub const ALPHA_ANGSTROM: f64 = 4.18;

/// The standard deviation of the smoothing Gaussian, in shells.
const SMOOTHING_SHELLS: f64 = 1.5;
/// Where that Gaussian is cut, in standard deviations: it has seven taps.
const SMOOTHING_CUT: f64 = 2.0;

/// g(r) in shells of [`super::SHELL_ANGSTROM`], from 0.15 to 19.95 Å.
#[derive(Debug, Clone, PartialEq)]
pub struct PairDistribution {
    /// The middle of each shell, in ångström.
    pub r_angstrom: Vec<f64>,
    /// g in each shell, smoothed.
    pub g: Vec<f64>,
}

/// Why a pair distribution has no first valley, or a sample no pair distribution.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PairDistributionError {
    /// An open sample needs the finite-shape normalisation.
    #[error(
        "the pair distribution by mean density needs a periodic box; this sample has an open boundary"
    )]
    OpenBoundary,
    /// Nothing to average.
    #[error("the mean pair distribution needs at least one frame")]
    NoFrames,
    /// A periodic frame has no shape.
    #[error(
        "the pair distribution by the shape of the sample needs an open boundary; this frame is \
         periodic along all directions"
    )]
    PeriodicBoundary,
    /// There is no pair to divide by.
    #[error(
        "g(r) is measured by its value at its end, about five shell distances away, and the sample has \
         no two atoms that far apart within its shape; a larger sample is needed"
    )]
    TooSmall,
    /// There is no minimum behind the first peak.
    #[error(
        "g(r) has no valley behind its first peak, so that the first-neighbour distance is not \
         defined; is this a gas, or a sample of few atoms?"
    )]
    NoValley,
}

/// g(r) of all atoms of a frame that is periodic along all directions, up to 20 Å: pairs over what the
/// mean density puts into the volume of the shell.
///
/// # Errors
/// [`PairDistributionError::OpenBoundary`].
pub fn periodic_pair_distribution(
    atoms: &Atoms,
) -> Result<PairDistribution, PairDistributionError> {
    Ok(PairDistribution::of_shells(&periodic_shells(atoms)?.g))
}

/// g(r) of all atoms of an open sample, up to 20 Å: pairs over the part of their shell that lies
/// inside `shape`, divided by the value at 19.85 Å. A sample that is repeated along one or two
/// directions needs the shape of its images too ([`AlphaShape::about`], [`RANGE_ANGSTROM`]).
///
/// # Errors
/// [`PairDistributionError::PeriodicBoundary`]; [`PairDistributionError::TooSmall`] when no two
/// atoms are 19.85 Å apart.
pub fn open_pair_distribution(
    atoms: &Atoms,
    shape: &AlphaShape,
) -> Result<PairDistribution, PairDistributionError> {
    Ok(PairDistribution::of_shells(&open_shells(atoms, shape)?.g))
}

/// What was found in each shell, from the first.
pub(super) struct Shells {
    /// Ordered pairs.
    pub(super) counts: Vec<u64>,
    /// g, before it is smoothed.
    pub(super) g: Vec<f64>,
}

/// The shells of all atoms; `shape` is the space that they fill, unless they are repeated along all
/// directions.
pub(super) fn shells(
    atoms: &Atoms,
    shape: Option<&AlphaShape>,
) -> Result<Shells, PairDistributionError> {
    match shape {
        None => periodic_shells(atoms),
        Some(shape) => open_shells(atoms, shape),
    }
}

fn periodic_shells(atoms: &Atoms) -> Result<Shells, PairDistributionError> {
    let density = atoms.number_density();
    let density = density.ok_or(PairDistributionError::OpenBoundary)?;
    let counts = pair_counts(atoms.positions(), atoms.boundary());
    let shells = (1..).zip(&counts).map(|(shell, &count)| {
        let [inner, outer] = [shell - 1, shell].map(|k| reach_angstrom(k).powi(3));
        let volume = 4.0 / 3.0 * std::f64::consts::PI * (outer - inner);
        count as f64 / (atoms.len() as f64 * density * volume)
    });
    let g = shells.collect();
    Ok(Shells { counts, g })
}

fn open_shells(atoms: &Atoms, shape: &AlphaShape) -> Result<Shells, PairDistributionError> {
    if atoms.boundary().directions() == [true; 3] {
        return Err(PairDistributionError::PeriodicBoundary);
    }
    if shape.tetrahedra().is_empty() {
        return Err(PairDistributionError::TooSmall);
    }
    // ANCHOR: finite-shape
    let counts = pair_counts(atoms.positions(), atoms.boundary());
    let measure = |(shell, (&count, share)): (usize, (&u64, f64))| {
        let weight = middle_angstrom(shell).powi(2) * share;
        if weight > 0.0 {
            count as f64 / weight
        } else {
            0.0
        }
    };
    let shares = shares_inside(atoms, shape);
    let pairs = (1..).zip(counts.iter().zip(shares));
    let raw: Vec<f64> = pairs.map(measure).collect();
    let unit = raw[UNIT_SHELL - 1];
    if unit <= 0.0 {
        return Err(PairDistributionError::TooSmall);
    }
    // ANCHOR_END: finite-shape
    let g = raw.iter().map(|value| value / unit).collect();
    Ok(Shells { counts, g })
}

/// For each shell of 0.1 Å, the number of atoms counted by the share of the sphere about them,
/// of the radius of the shell's middle, that lies inside `shape`: the finite-shape normalisation
/// of g(r).
// ANCHOR: shares
pub fn shares_inside(atoms: &Atoms, shape: &AlphaShape) -> Vec<f64> {
    let correlation = ShapeCorrelation::new(atoms.positions(), shape);
    let shells = (1..=SHELLS).into_par_iter();
    // The last shell, which is dropped, has its middle beyond the range.
    let radii = shells.map(|shell| middle_angstrom(shell).min(RANGE_ANGSTROM));
    radii.map(|r| correlation.spherical_mean(r)).collect()
}
// ANCHOR_END: shares

impl PairDistribution {
    /// The curve of the same atoms with all lengths multiplied by `factor`.
    pub fn stretched(mut self, factor: f64) -> PairDistribution {
        for r in &mut self.r_angstrom {
            *r *= factor;
        }
        self
    }

    /// From the values of all shells: the first and the last are dropped, the rest smoothed.
    pub(super) fn of_shells(raw: &[f64]) -> PairDistribution {
        PairDistribution {
            r_angstrom: (2..SHELLS).map(middle_angstrom).collect(),
            g: gaussian_smooth(&raw[1..SHELLS - 1], SMOOTHING_SHELLS, SMOOTHING_CUT),
        }
    }
}
