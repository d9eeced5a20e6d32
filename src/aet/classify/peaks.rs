//! Peaks become atoms or not.

use ndarray::{ArrayView3, Axis};

use super::clusters::divide;
use super::intensity::Ball;
use super::mixture::crossing;
use crate::aet::otsu::histogram;
use crate::aet::trace::{Flag, Peak};
use crate::numerics::{Histogram, Vec3};

/// Bins of the histogram that the division begins with.
const BINS: usize = 100;
/// The ball whose integrated intensity the division begins with, in thirds of a voxel.
const FIRST_THIRDS: i32 = 7;

/// How peaks are classified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassifyOptions {
    /// Radius of the ball whose intensities are compared, in thirds of a voxel: 4 for the film, 7 for
    /// the particles.
    pub thirds: i32,
}

impl ClassifyOptions {
    /// As the film was classified.
    pub fn film() -> ClassifyOptions {
        ClassifyOptions { thirds: 4 }
    }

    /// As the particles were classified.
    pub fn particle() -> ClassifyOptions {
        ClassifyOptions { thirds: 7 }
    }
}

/// Why peaks cannot be classified.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ClassifyError {
    /// There is nothing to classify.
    #[error("no peak was kept by the tracing, so there is nothing to classify")]
    NoPeaks,
    /// Support and atoms do not meet.
    #[error("none of the atoms lies in the support; check that support and volume have one frame")]
    NothingInside,
    /// The support is of another size.
    #[error(
        "the support has {support:?} voxels and the volume {volume:?}; they must have one size"
    )]
    Support {
        /// Voxels of the support.
        support: Vec<usize>,
        /// Voxels of the volume.
        volume: Vec<usize>,
    },
    /// All peaks are alike.
    #[error(
        "the {peaks} peaks cannot be told apart by their intensity; there is no atom among them, or no noise"
    )]
    Alike {
        /// Their number.
        peaks: usize,
    },
}

/// What the classification found.
#[derive(Debug, Clone, PartialEq)]
pub struct Classified {
    /// The peaks, their flags set.
    pub peaks: Vec<Peak>,
    /// The mean intensity in the ball of each peak that was classified (kept or faint), NaN for the others.
    pub intensities: Vec<f64>,
    /// The mean intensity at which the division began.
    pub first_cut: f64,
    /// Half the mean intensity of the atoms: about there the clusters divide.
    pub cut: f64,
    /// The histogram that the division began with: integrated intensities of the peaks.
    pub histogram: Histogram,
    /// Passes of the division until nothing changed.
    pub passes: usize,
}

impl Classified {
    /// The places of the atoms, in voxels counted from 1.
    pub fn atoms(&self) -> Vec<Vec3> {
        let kept = self.peaks.iter().filter(|peak| peak.flag == Flag::Kept);
        kept.map(|peak| peak.voxel).collect()
    }
}

/// Divides the peaks that the tracing kept into atoms and others: those too faint, and then those outside
/// `support`. The clusters are those of all peaks: the many faint ones outside belong to what an atom
/// is told apart from.
///
/// # Errors
/// [`ClassifyError`].
pub fn classify(
    volume: ArrayView3<'_, f32>,
    mut peaks: Vec<Peak>,
    support: Option<ArrayView3<'_, bool>>,
    options: ClassifyOptions,
) -> Result<Classified, ClassifyError> {
    if let Some(support) = support
        && support.shape() != volume.shape()
    {
        return Err(ClassifyError::Support {
            support: support.shape().to_vec(),
            volume: volume.shape().to_vec(),
        });
    }
    let candidates: Vec<usize> = (0..peaks.len())
        .filter(|&index| peaks[index].flag == Flag::Kept)
        .collect();
    if candidates.is_empty() {
        return Err(ClassifyError::NoPeaks);
    }
    let alike = ClassifyError::Alike {
        peaks: candidates.len(),
    };
    let places: Vec<Vec3> = candidates.iter().map(|&index| peaks[index].voxel).collect();
    let first_ball = Ball::of_thirds(FIRST_THIRDS);
    let sums = first_ball.sums(volume, &places);
    let histogram = histogram(&sums, BINS).ok_or(alike.clone())?;
    let first = crossing(&histogram).ok_or(alike.clone())?;
    let ball = Ball::of_thirds(options.thirds);
    let samples = ball.samples(volume, &places);
    let begin = sums.iter().map(|&sum| sum > first).collect();
    let clusters = divide(samples.view(), begin).ok_or(alike)?;
    let mut intensities = vec![f64::NAN; peaks.len()];
    for ((&index, row), is_atom) in candidates
        .iter()
        .zip(samples.axis_iter(Axis(0)))
        .zip(clusters.is_atom)
    {
        let sum: f64 = row.iter().map(|&value| f64::from(value)).sum();
        intensities[index] = sum / ball.len() as f64;
        if !is_atom {
            peaks[index].flag = Flag::Faint;
        } else if support.is_some_and(|support| !holds(support, peaks[index].voxel)) {
            peaks[index].flag = Flag::Outside;
        }
    }
    if !peaks.iter().any(|peak| peak.flag == Flag::Kept) {
        return Err(ClassifyError::NothingInside);
    }
    let mean = clusters.mean.iter().sum::<f64>() / ball.len() as f64;
    Ok(Classified {
        peaks,
        intensities,
        first_cut: first / first_ball.len() as f64,
        cut: mean / 2.0,
        histogram,
        passes: clusters.passes,
    })
}

/// Whether the voxel nearest to a place (counted from 1) belongs to a support.
fn holds(support: ArrayView3<'_, bool>, voxel: Vec3) -> bool {
    let index = voxel.round().to_array().map(|place| place as i64 - 1);
    let inside = (0..3).all(|axis| (0..support.shape()[axis] as i64).contains(&index[axis]));
    inside && support[index.map(|place| place as usize)]
}
