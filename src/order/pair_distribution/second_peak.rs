//! The components of the second peak of g(r), whose splitting tells the glass from the liquid
//! (Supplementary Fig. 19).
//!
//! Where the two components overlap, the weaker one is no maximum but a shoulder: the flank of the
//! stronger one becomes flatter and then steeper again.

use crate::numerics::parabola_extremum;

use super::curve::PairDistribution;
use super::extrema::{ExtremumKind, SECOND_PEAK};
use super::shells::SHELL_ANGSTROM;

/// By how much a maximum has to stand out; several times the noise of a curve averaged over
/// frames.
pub const COMPONENT_DEPTH: f64 = 0.01;
/// By how much the slope at a shoulder, per ångström, has to be less steep than on both sides of
/// it: a step of [`COMPONENT_DEPTH`] between neighbouring shells.
pub const SHOULDER_SLOPE: f64 = COMPONENT_DEPTH / SHELL_ANGSTROM;

/// How a component of a peak shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentKind {
    /// As a maximum.
    Maximum,
    /// As a shoulder on the flank of a maximum.
    Shoulder,
}

/// A component of a peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// How it shows.
    pub kind: ComponentKind,
    /// Its position in ångström: that of the maximum, or where the flank is flattest, by a
    /// parabola through three shells.
    pub r_angstrom: f64,
    /// g there.
    pub g: f64,
}

impl PairDistribution {
    /// The components of the second peak by their distance: maxima that stand out by
    /// [`COMPONENT_DEPTH`] and shoulders that do by [`SHOULDER_SLOPE`], between 1.5 and 2.15 times
    /// the position of the first peak. The peak is split when there are two.
    ///
    /// ```
    /// use amorphous_packing::order::PairDistribution;
    /// let bell = |r: f64, centre: f64, width: f64| (-((r - centre) / width).powi(2)).exp();
    /// let curve = |second: f64, third: f64| {
    ///     let r_angstrom: Vec<f64> = (1..120).map(|k| 0.1 * f64::from(k)).collect();
    ///     let g = |&r: &f64| {
    ///         3.0 * bell(r, 2.9, 0.3) + second * bell(r, 4.9, 0.5) + third * bell(r, 5.7, 0.4)
    ///     };
    ///     PairDistribution { g: r_angstrom.iter().map(g).collect(), r_angstrom }
    /// };
    /// assert_eq!(curve(1.5, 0.0).second_peak_components().len(), 1);
    /// assert_eq!(curve(1.5, 0.6).second_peak_components().len(), 2);
    /// ```
    pub fn second_peak_components(&self) -> Vec<Component> {
        let maxima = self.extrema(COMPONENT_DEPTH).into_iter();
        let maxima = maxima
            .filter(|extremum| extremum.kind == ExtremumKind::Peak)
            .map(|peak| Component {
                kind: ComponentKind::Maximum,
                r_angstrom: peak.r_angstrom,
                g: peak.g,
            });
        let r1 = self.first_peak_angstrom();
        let mut found: Vec<Component> = maxima
            .chain(self.shoulders())
            .filter(|component| SECOND_PEAK.contains(&(component.r_angstrom / r1)))
            .collect();
        found.sort_by(|a, b| a.r_angstrom.total_cmp(&b.r_angstrom));
        found
    }

    /// The shoulders of all flanks.
    fn shoulders(&self) -> Vec<Component> {
        let (r, g) = (&self.r_angstrom, &self.g);
        let slopes: Vec<f64> = (1..g.len())
            .map(|k| (g[k] - g[k - 1]) / (r[k] - r[k - 1]))
            .collect();
        let middles: Vec<f64> = (1..r.len()).map(|k| 0.5 * (r[k - 1] + r[k])).collect();
        let mut found = Vec::new();
        let mut start = 0;
        for flank in slopes.chunk_by(|a, b| (*a < 0.0) == (*b < 0.0)) {
            let steepness: Vec<f64> = flank.iter().map(|slope| slope.abs()).collect();
            let places = &middles[start..start + flank.len()];
            found.extend(valleys(&steepness, SHOULDER_SLOPE).into_iter().map(|k| {
                let place = parabola_extremum(places, &steepness, k);
                // Between the two shells beside it g is a line.
                let below = start + k;
                Component {
                    kind: ComponentKind::Shoulder,
                    r_angstrom: place,
                    g: g[below] + slopes[below] * (place - r[below]),
                }
            }));
            start += flank.len();
        }
        found
    }
}

/// The minima from which the values rise by `depth` on both sides before they fall below them.
fn valleys(values: &[f64], depth: f64) -> Vec<usize> {
    let (mut found, mut highest, mut lowest) = (Vec::new(), 0.0, None);
    for (k, &value) in values.iter().enumerate() {
        match lowest {
            None if value > highest => highest = value,
            None if value <= highest - depth => lowest = Some(k),
            Some(low) if value < values[low] => lowest = Some(k),
            Some(low) if value >= values[low] + depth => {
                found.push(low);
                (highest, lowest) = (value, None);
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A first peak at 2.9 Å, and a second one of two bells.
    fn curve(second: f64, third: f64) -> PairDistribution {
        let bell = |r: f64, centre: f64, width: f64| (-((r - centre) / width).powi(2)).exp();
        let r_angstrom: Vec<f64> = (1..199).map(|k| 0.1 * f64::from(k)).collect();
        let g = r_angstrom.iter().map(|&r| {
            3.0 * bell(r, 2.9, 0.3) + second * bell(r, 4.9, 0.45) + third * bell(r, 5.7, 0.4)
        });
        PairDistribution {
            g: g.collect(),
            r_angstrom,
        }
    }

    #[test]
    fn two_maxima_a_shoulder_and_one_peak_are_told_apart() {
        use ComponentKind::{Maximum, Shoulder};
        for (second, third, kinds) in [
            (1.5, 1.3, vec![Maximum, Maximum]),
            (1.5, 0.5, vec![Maximum, Shoulder]),
            (0.5, 1.5, vec![Shoulder, Maximum]),
            (1.5, 0.0, vec![Maximum]),
            (0.0, 0.0, vec![]),
        ] {
            let found = curve(second, third).second_peak_components();
            let of: Vec<ComponentKind> = found.iter().map(|component| component.kind).collect();
            assert_eq!(of, kinds, "{second} {third}: {found:?}");
            if kinds.len() == 2 {
                assert!((found[0].r_angstrom - 4.9).abs() < 0.25, "{found:?}");
                assert!((found[1].r_angstrom - 5.7).abs() < 0.25, "{found:?}");
            }
        }
    }

    #[test]
    fn noise_is_no_component() {
        let mut noisy = curve(1.5, 0.0);
        for (k, g) in noisy.g.iter_mut().enumerate() {
            *g += 0.002 * ((k * k) as f64).sin();
        }
        assert_eq!(noisy.second_peak_components().len(), 1);
    }

    #[test]
    fn a_valley_rises_on_both_sides() {
        assert_eq!(valleys(&[0.0, 3.0, 1.0, 0.9, 3.0, 0.0], 1.0), [3]);
        assert_eq!(valleys(&[3.0, 2.0, 1.0, 0.0], 1.0), [0; 0]);
        assert_eq!(valleys(&[3.0, 2.9, 3.0], 1.0), [0; 0]);
        assert_eq!(valleys(&[2.0, 1.0, 2.0, 0.5, 2.0], 1.0), [1, 3]);
    }
}
