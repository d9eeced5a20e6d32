//! From S(Q) to g(r) (Methods, "Electron diffraction experiments"): the transform, and the straight line
//! below the first peak.

use std::f64::consts::{PI, TAU};

use super::error::DiffractionError;
use super::structure_factor::{StructureFactor, summit};
use super::transform::{SineTransform, Window};

/// The spacing of the distances, in ångström.
pub const PAIR_STEP_ANGSTROM: f64 = 0.02;
/// Fewer values make no structure factor.
const LEAST_VALUES: usize = 20;

/// A pair distribution by diffraction.
#[derive(Debug, Clone, PartialEq)]
pub struct DiffractionPairs {
    /// Distances in ångström, from [`PAIR_STEP_ANGSTROM`] on.
    pub r_angstrom: Vec<f64>,
    /// `G(r) = 4πρr [g(r) − 1]` in 1/Å², as transformed.
    pub transformed: Vec<f64>,
    /// The same with the straight line from the origin to the valley before the first peak.
    pub reduced: Vec<f64>,
    /// g(r); zero below the valley.
    pub g: Vec<f64>,
    /// The first peak of g(r), in ångström.
    pub first_peak_angstrom: f64,
    /// The valley before it, in ångström.
    pub valley_angstrom: f64,
    /// Atoms per cubic ångström, from the slope −4πρ of that line.
    pub density_per_cubic_angstrom: f64,
}

/// g(r) up to a distance in ångström from a structure factor.
///
/// `G(r) = (2/π) ∫ Q [S(Q) − 1] W(Q) sin(Qr) dQ`; below the valley before its first peak it is replaced
/// by the straight line through the origin that fits it best there. The slope of the line is −4πρ, and
/// `g(r) = 1 + G(r) / (4πρr)`. Below the lowest Q, S is continued as the square of Q.
///
/// # Errors
/// [`DiffractionError::ShortRange`], [`DiffractionError::NoFirstPeak`].
pub fn diffraction_pairs(
    factor: &StructureFactor,
    window: Window,
    r_max_angstrom: f64,
) -> Result<DiffractionPairs, DiffractionError> {
    let (q, s) = (&factor.q_per_angstrom, &factor.s);
    if q.len() < LEAST_VALUES || q.len() != s.len() || q[0] <= 0.0 {
        let (low, high) = (q.first().copied(), q.last().copied());
        let (low, high) = (low.unwrap_or_default(), high.unwrap_or_default());
        return Err(DiffractionError::ShortRange {
            low,
            high,
            least: 8.0,
        });
    }
    let count = (r_max_angstrom / PAIR_STEP_ANGSTROM).clamp(0.0, 1e5) as usize;
    let r: Vec<f64> = (1..=count).map(|k| k as f64 * PAIR_STEP_ANGSTROM).collect();
    let transformed = SineTransform::new(q, window).apply(s, &r);
    let ring = (0..q.len())
        .max_by(|&a, &b| s[a].total_cmp(&s[b]))
        .unwrap_or_default();
    // Ehrenfest's relation says where the first peak of g(r) is near.
    let peak = summit(&r, &transformed, 1.23 * TAU / q[ring]);
    let peak = peak.ok_or(DiffractionError::NoFirstPeak)?;
    let valley = (1..=peak)
        .rev()
        .find(|&k| transformed[k - 1] >= transformed[k]);
    let valley = valley.ok_or(DiffractionError::NoFirstPeak)?;
    let below = || r[..=valley].iter().zip(&transformed);
    let slope = below().map(|(r, g)| r * g).sum::<f64>() / below().map(|(r, _)| r * r).sum::<f64>();
    if slope >= 0.0 {
        return Err(DiffractionError::NoFirstPeak);
    }
    let line = r.iter().zip(&transformed).enumerate();
    let line = line.map(|(k, (r, &g))| if k <= valley { slope * r } else { g });
    let reduced: Vec<f64> = line.collect();
    let g: Vec<f64> = r
        .iter()
        .zip(&reduced)
        .map(|(r, reduced)| 1.0 - reduced / (slope * r))
        .collect();
    let near = peak.saturating_sub(5)..(peak + 6).min(g.len());
    let highest = near.max_by(|&a, &b| g[a].total_cmp(&g[b])).unwrap_or(peak);
    Ok(DiffractionPairs {
        first_peak_angstrom: crate::numerics::parabola_extremum(&r, &g, highest),
        valley_angstrom: r[valley],
        density_per_cubic_angstrom: -slope / (4.0 * PI),
        r_angstrom: r,
        transformed,
        reduced,
        g,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::super::known::{density, hard_spheres};
    use super::super::transform::structure_factor_of;
    use super::*;

    fn spheres(from: f64) -> StructureFactor {
        let q: Vec<f64> = (0..)
            .map(|k| from + 0.02 * f64::from(k))
            .take_while(|q| *q <= 16.0)
            .collect();
        let s = q.iter().map(|&q| hard_spheres(q)).collect();
        StructureFactor {
            q_per_angstrom: q,
            s,
        }
    }

    #[test]
    fn the_pairs_of_hard_spheres_touch_and_have_their_density() {
        for window in [Window::Lorch, Window::Sharp] {
            let pairs = diffraction_pairs(&spheres(0.02), window, 15.0).unwrap();
            let off = pairs.density_per_cubic_angstrom / density() - 1.0;
            assert!(off.abs() < 0.03, "{window:?} {off}");
            // The spheres are 2.6 Å wide; the smearing moves the summit of the step outwards.
            assert!(
                (2.6..2.85).contains(&pairs.first_peak_angstrom),
                "{}",
                pairs.first_peak_angstrom
            );
            assert!(
                pairs
                    .g
                    .iter()
                    .zip(&pairs.r_angstrom)
                    .all(|(g, r)| *r > pairs.valley_angstrom || g.abs() < 1e-9)
            );
            let far = &pairs.g[600..];
            assert!((far.iter().sum::<f64>() / far.len() as f64 - 1.0).abs() < 0.01);
        }
        // What a beam stop hides costs little.
        let pairs = diffraction_pairs(&spheres(1.2), Window::Lorch, 15.0).unwrap();
        let off = pairs.density_per_cubic_angstrom / density() - 1.0;
        assert!(off.abs() < 0.1, "{off}");
    }

    #[test]
    fn there_and_back_is_the_same_curve_at_the_resolution_of_the_range() {
        let whole = diffraction_pairs(&spheres(0.02), Window::Sharp, 60.0).unwrap();
        let q = spheres(0.02).q_per_angstrom;
        let (r, g) = (&whole.r_angstrom, &whole.g);
        let s = structure_factor_of(r, g, whole.density_per_cubic_angstrom, &q);
        for (k, (&q, s)) in q
            .iter()
            .zip(s)
            .enumerate()
            .filter(|(k, _)| (30..750).contains(k))
        {
            assert!(
                (s - hard_spheres(q)).abs() < 0.03,
                "{k} {q} {s} {}",
                hard_spheres(q)
            );
        }
    }

    #[test]
    fn no_structure_has_no_peak() {
        let q: Vec<f64> = (1..800).map(|k| 0.02 * f64::from(k)).collect();
        let s = vec![1.0; q.len()];
        let none = diffraction_pairs(
            &StructureFactor {
                q_per_angstrom: q,
                s,
            },
            Window::Lorch,
            10.0,
        );
        assert_eq!(none, Err(DiffractionError::NoFirstPeak));
        let empty = StructureFactor {
            q_per_angstrom: vec![],
            s: vec![],
        };
        assert!(diffraction_pairs(&empty, Window::Lorch, 10.0).is_err());
    }
}
