//! Peaks and valleys of g(r).

use crate::numerics::parabola_extremum;

use super::curve::{PairDistribution, PairDistributionError};

/// The first valley is searched this far behind the first peak, in multiples of its position:
/// the second peak of every liquid and glass lies beyond.
const VALLEY_REACH: f64 = 1.6;

/// Where the second peak lies, with what it may be split into, in multiples of the first peak's
/// position: behind the first valley of every sample and before the second.
pub(super) const SECOND_PEAK: std::ops::Range<f64> = 1.5..2.15;

/// Which way a curve turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtremumKind {
    /// A maximum.
    Peak,
    /// A minimum.
    Valley,
}

/// A maximum or a minimum of g(r).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremum {
    /// Which of the two.
    pub kind: ExtremumKind,
    /// Its position in ångström, by a parabola through its shell and the two beside it.
    pub r_angstrom: f64,
    /// g in its shell.
    pub g: f64,
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

    /// The peaks and valleys in turn, from the first peak on, that stand out by at least `depth`:
    /// behind a peak the curve falls by `depth` before it rises above it again, behind a valley it
    /// rises by as much. Smaller wiggles are passed over. With a `depth` of zero every local
    /// extremum counts.
    pub fn extrema(&self, depth: f64) -> Vec<Extremum> {
        let g = &self.g;
        let mut found = Vec::new();
        let mut best = self.first_peak();
        let mut kind = ExtremumKind::Peak;
        for k in best + 1..g.len() {
            let sign = match kind {
                ExtremumKind::Peak => 1.0,
                ExtremumKind::Valley => -1.0,
            };
            let gone = sign * (g[best] - g[k]);
            if gone < 0.0 {
                best = k;
            } else if gone > 0.0 && gone >= depth {
                found.push(Extremum {
                    kind,
                    r_angstrom: parabola_extremum(&self.r_angstrom, g, best),
                    g: g[best],
                });
                best = k;
                kind = match kind {
                    ExtremumKind::Peak => ExtremumKind::Valley,
                    ExtremumKind::Valley => ExtremumKind::Peak,
                };
            }
        }
        found
    }

    /// The positions of the first `count` valleys and peaks behind the first peak, in multiples of its
    /// position; fewer where the curve has fewer. Every local extremum counts.
    pub fn relative_extrema(&self, count: usize) -> Vec<f64> {
        let r1 = self.first_peak_angstrom();
        let behind = self.extrema(0.0).into_iter().skip(1).take(count);
        behind.map(|extremum| extremum.r_angstrom / r1).collect()
    }

    /// Whether the second peak is split: whether more than one maximum that stands out by `depth`
    /// lies between 1.5 and 2.15 times the position of the first peak, where the liquid has one
    /// and the glass of Supplementary Fig. 19 two. With a `depth` of zero the slightest dip in the
    /// peak counts.
    pub fn second_peak_is_split(&self, depth: f64) -> bool {
        let r1 = self.first_peak_angstrom();
        let extrema = self.extrema(depth).into_iter();
        let maxima = extrema
            .filter(|extremum| extremum.kind == ExtremumKind::Peak)
            .filter(|peak| SECOND_PEAK.contains(&(peak.r_angstrom / r1)));
        maxima.count() > 1
    }

    fn first_peak(&self) -> usize {
        (0..self.g.len())
            .max_by(|&a, &b| self.g[a].total_cmp(&self.g[b]).then(b.cmp(&a)))
            .unwrap_or(0)
    }
}
