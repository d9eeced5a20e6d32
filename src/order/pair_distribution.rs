//! The pair distribution function g(r) and its first valley.
//!
//! Methods, "Calculation of the PDF from the experimental 3D atomic model": shells of 0.1 Å. For
//! a periodic frame the normalisation is the mean density; no shape correction is needed.

use rayon::prelude::*;

use crate::atoms::{Atoms, Boundary};
use crate::neighbours::CellList;
use crate::stats::{gaussian_smooth, parabola_extremum};

/// The thickness of a shell in ångström.
pub const SHELL_ANGSTROM: f64 = 0.1;
/// The largest pair distance in ångström.
pub const RANGE_ANGSTROM: f64 = 20.0;
/// The width of the smoothing Gaussian, in shells.
const SMOOTHING_SHELLS: f64 = 1.5;
/// The first valley is searched this far behind the first peak, in multiples of its position:
/// the second peak of every liquid and glass lies beyond.
const VALLEY_REACH: f64 = 1.6;

/// g(r) in shells of [`SHELL_ANGSTROM`].
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
    /// There is no minimum behind the first peak.
    #[error(
        "g(r) has no valley behind its first peak, so that the first-neighbour distance is not \
         defined; is this a gas, or a sample of few atoms?"
    )]
    NoValley,
}

impl PairDistribution {
    /// The position of the first peak, `R1` in ångström, by a parabola through its top.
    pub fn first_peak_angstrom(&self) -> f64 {
        parabola_extremum(&self.r_angstrom, &self.g, self.first_peak())
    }

    /// The first valley in ångström, by a parabola through the lowest shell between the first
    /// and second peak, rounded to 0.01 Å: the first-nearest-neighbour shell distance `w`.
    ///
    /// # Errors
    /// [`PairDistributionError::NoValley`].
    pub fn first_valley_angstrom(&self) -> Result<f64, PairDistributionError> {
        let peak = self.first_peak();
        let end = self
            .r_angstrom
            .partition_point(|&r| r < VALLEY_REACH * self.r_angstrom[peak]);
        let valley = (peak + 1..end)
            .min_by(|&a, &b| self.g[a].total_cmp(&self.g[b]))
            .filter(|&k| k + 1 < end && self.g[k] < self.g[peak])
            .ok_or(PairDistributionError::NoValley)?;
        let r = parabola_extremum(&self.r_angstrom, &self.g, valley);
        Ok((r * 100.0).round() / 100.0)
    }

    fn first_peak(&self) -> usize {
        (0..self.g.len())
            .max_by(|&a, &b| self.g[a].total_cmp(&self.g[b]).then(b.cmp(&a)))
            .unwrap_or(0)
    }
}

/// g(r) of all atoms of a periodic frame, up to 20 Å.
///
/// # Errors
/// [`PairDistributionError::OpenBoundary`].
pub fn periodic_pair_distribution(
    atoms: &Atoms,
) -> Result<PairDistribution, PairDistributionError> {
    let Boundary::Periodic(edges) = atoms.boundary() else {
        return Err(PairDistributionError::OpenBoundary);
    };
    let counts = pair_counts(atoms);
    let density = atoms.len() as f64 / edges.iter().product::<f64>();
    let r_angstrom: Vec<f64> = (0..counts.len())
        .map(|k| (k as f64 + 0.5) * SHELL_ANGSTROM)
        .collect();
    let raw: Vec<f64> = counts
        .iter()
        .enumerate()
        .map(|(k, &count)| {
            let [inner, outer] = [k, k + 1].map(|k| (k as f64 * SHELL_ANGSTROM).powi(3));
            let volume = 4.0 / 3.0 * std::f64::consts::PI * (outer - inner);
            count as f64 / (atoms.len() as f64 * density * volume)
        })
        .collect();
    Ok(PairDistribution {
        g: gaussian_smooth(&raw, SMOOTHING_SHELLS),
        r_angstrom,
    })
}

/// Ordered pairs in each shell.
fn pair_counts(atoms: &Atoms) -> Vec<u64> {
    let shells = (RANGE_ANGSTROM / SHELL_ANGSTROM).round() as usize;
    let cells = CellList::new(atoms.positions(), atoms.boundary(), RANGE_ANGSTROM);
    atoms
        .positions()
        .par_iter()
        .fold(
            || vec![0_u64; shells],
            |mut counts, &position| {
                cells.for_each_within(position, |n| {
                    if n.squared > 0.0 {
                        let shell = (n.squared.sqrt() / SHELL_ANGSTROM) as usize;
                        if let Some(count) = counts.get_mut(shell) {
                            *count += 1;
                        }
                    }
                });
                counts
            },
        )
        .reduce(
            || vec![0_u64; shells],
            |mut a, b| {
                for (a, b) in a.iter_mut().zip(b) {
                    *a += b;
                }
                a
            },
        )
}
