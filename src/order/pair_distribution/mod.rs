//! The pair distribution function g(r), its peaks and its valleys.
//!
//! Methods, "Calculation of the PDF from the experimental 3D atomic model"; Fig. 1c. Pairs are
//! counted in shells of 0.1 Å. In a periodic frame they are measured by the volume of the shell; in
//! an open sample by the part of it that lies inside the sample's alpha shape, and the curve by its
//! own end.

mod counts;
mod extrema;
mod second_peak;
mod shape;
mod tables;

use rayon::prelude::*;

use crate::atoms::{Atoms, Boundary};
use crate::geometry::AlphaShape;
use crate::stats::gaussian_smooth;

use shape::ShapeCorrelation;

pub use counts::pair_counts;
pub use extrema::{Extremum, ExtremumKind};
pub use second_peak::{COMPONENT_DEPTH, Component, ComponentKind, SHOULDER_SLOPE};
pub use tables::{extrema_table, pair_distribution_table, second_peak_table};

/// The thickness of a shell in ångström.
pub const SHELL_ANGSTROM: f64 = 0.1;
/// The largest pair distance in ångström.
pub const RANGE_ANGSTROM: f64 = 20.0;
/// The radius of the alpha shape of the amorphous part of the samples, in ångström.
pub const ALPHA_ANGSTROM: f64 = 4.18;

/// Shells up to the range; the last holds the sliver between 19.999 and 20 Å.
const SHELLS: usize = (RANGE_ANGSTROM / SHELL_ANGSTROM) as usize + 1;
/// The shell, counted from 1, whose value an open sample's curve is divided by: 19.85 Å.
const UNIT_SHELL: usize = SHELLS - 2;
/// The width of the smoothing Gaussian, in shells; it has seven taps.
const SMOOTHING_SHELLS: f64 = 1.5;

/// g(r) in shells of [`SHELL_ANGSTROM`], from 0.15 to 19.95 Å.
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
        "the pair distribution by the shape of the sample needs an open boundary; this frame is periodic"
    )]
    PeriodicBoundary,
    /// There is no pair to divide by.
    #[error(
        "g(r) is measured by its value at 19.85 Å, and the sample has no two atoms that far apart \
         within its shape; a larger sample is needed"
    )]
    TooSmall,
    /// There is no minimum behind the first peak.
    #[error(
        "g(r) has no valley behind its first peak, so that the first-neighbour distance is not \
         defined; is this a gas, or a sample of few atoms?"
    )]
    NoValley,
}

/// g(r) of all atoms of a periodic frame, up to 20 Å: pairs over what the mean density puts into
/// the volume of the shell.
///
/// # Errors
/// [`PairDistributionError::OpenBoundary`].
pub fn periodic_pair_distribution(
    atoms: &Atoms,
) -> Result<PairDistribution, PairDistributionError> {
    let density = atoms.number_density();
    let density = density.ok_or(PairDistributionError::OpenBoundary)?;
    let counts = pair_counts(atoms.positions(), atoms.boundary());
    let raw: Vec<f64> = (1..)
        .zip(counts)
        .map(|(shell, count)| {
            let [inner, outer] = [shell - 1, shell].map(|k| reach_angstrom(k).powi(3));
            let volume = 4.0 / 3.0 * std::f64::consts::PI * (outer - inner);
            count as f64 / (atoms.len() as f64 * density * volume)
        })
        .collect();
    Ok(PairDistribution::of_shells(&raw))
}

/// g(r) of all atoms of an open sample, up to 20 Å: pairs over the part of their shell that lies
/// inside `shape`, divided by the value at 19.85 Å.
///
/// # Errors
/// [`PairDistributionError::PeriodicBoundary`]; [`PairDistributionError::TooSmall`] when no two
/// atoms are 19.85 Å apart.
pub fn open_pair_distribution(
    atoms: &Atoms,
    shape: &AlphaShape,
) -> Result<PairDistribution, PairDistributionError> {
    if atoms.boundary() != Boundary::Open {
        return Err(PairDistributionError::PeriodicBoundary);
    }
    if shape.tetrahedra().is_empty() {
        return Err(PairDistributionError::TooSmall);
    }
    // ANCHOR: finite-shape
    let counts = pair_counts(atoms.positions(), Boundary::Open);
    let measure = |(shell, (count, share)): (usize, (u64, f64))| {
        let weight = middle_angstrom(shell).powi(2) * share;
        if weight > 0.0 {
            count as f64 / weight
        } else {
            0.0
        }
    };
    let shares = shares_inside(atoms, shape);
    let pairs = (1..).zip(counts.into_iter().zip(shares));
    let raw: Vec<f64> = pairs.map(measure).collect();
    let unit = raw[UNIT_SHELL - 1];
    if unit <= 0.0 {
        return Err(PairDistributionError::TooSmall);
    }
    let measured: Vec<f64> = raw.iter().map(|value| value / unit).collect();
    // ANCHOR_END: finite-shape
    Ok(PairDistribution::of_shells(&measured))
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

/// The middle of a shell, counted from 1, in ångström.
fn middle_angstrom(shell: usize) -> f64 {
    (shell as f64 - 0.5) * SHELL_ANGSTROM
}

/// The largest distance that a shell, counted from 1, holds, in ångström; of shell 0, zero.
fn reach_angstrom(shell: usize) -> f64 {
    let reach = (shell as f64 - 0.01) * SHELL_ANGSTROM;
    reach.clamp(0.0, RANGE_ANGSTROM)
}

impl PairDistribution {
    /// From the values of all shells: the first and the last are dropped, the rest smoothed.
    fn of_shells(raw: &[f64]) -> PairDistribution {
        PairDistribution {
            r_angstrom: (2..SHELLS).map(middle_angstrom).collect(),
            g: gaussian_smooth(&raw[1..SHELLS - 1], SMOOTHING_SHELLS),
        }
    }
}
