//! The scale of a diffraction pattern by the rings of a known crystal (Methods, "Electron diffraction
//! experiments": a gold sample is the reference).

use nalgebra::{DMatrix, DVector};

use super::error::DiffractionError;
use super::radial::RadialMean;
use crate::numerics::{gaussian_smooth, median, weighted_mean};

/// The edge of gold's cubic cell at room temperature, in ångström.
pub const GOLD_LATTICE_ANGSTROM: f64 = 4.0782;

/// Circles of which less is seen are not used.
const LEAST_SEEN: f64 = 0.3;
/// So many rings or groups of rings must be found.
const LEAST_RINGS: usize = 3;
/// How far the rings of the search reach, in units of the first one's spatial frequency.
const SEARCHED: f64 = 2.6;
/// The spacing of the logarithm of the radius in the search.
const LOG_STEP: f64 = 0.002;
/// Rings nearer to each other than this part of their radius are fitted together.
const TOGETHER: f64 = 0.08;
/// The standard deviation of a ring, in parts of the width of what is fitted, is at most this: those of an
/// amorphous sample are wider.
const WIDEST: f64 = 0.27;
/// Rings whose scale is farther than this part from the middle one do not count.
const FAR: f64 = 0.005;
/// A ring counts when it is so many times as high as its error.
const LEAST_ERRORS: f64 = 6.0;

/// A ring of a powder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowderRing {
    /// Miller indices, largest first.
    pub indices: [u32; 3],
    /// The spatial frequency `s = 1/d = 2 sin θ / λ`, in 1/Å.
    pub s_per_angstrom: f64,
    /// How many lattice planes scatter into it.
    pub planes: u32,
}

/// The rings of a face-centred cubic lattice with an edge in ångström, up to a spatial frequency in
/// 1/Å, by increasing frequency: indices all even or all odd. Rings of the same frequency, as 333 and
/// 511, are one each.
///
/// ```
/// use amorphous_packing::order::diffraction::{GOLD_LATTICE_ANGSTROM, face_centred_rings};
/// let rings = face_centred_rings(GOLD_LATTICE_ANGSTROM, 0.9);
/// let indices: Vec<_> = rings.iter().map(|ring| ring.indices).collect();
/// assert_eq!(indices, [[1, 1, 1], [2, 0, 0], [2, 2, 0], [3, 1, 1], [2, 2, 2]]);
/// assert!((rings[0].s_per_angstrom - 1.0 / 2.3546).abs() < 1e-4);
/// assert_eq!(rings[3].planes, 24);
/// ```
pub fn face_centred_rings(lattice_angstrom: f64, s_max_per_angstrom: f64) -> Vec<PowderRing> {
    let most = (lattice_angstrom * s_max_per_angstrom).clamp(0.0, 100.0) as u32;
    let mut rings = Vec::new();
    for h in 1..=most {
        for k in 0..=h {
            for l in 0..=k {
                let squared = f64::from(h * h + k * k + l * l);
                let s = squared.sqrt() / lattice_angstrom;
                if h % 2 == k % 2 && k % 2 == l % 2 && s <= s_max_per_angstrom {
                    let zeros = [h, k, l].iter().filter(|&&index| index == 0).count();
                    let orders = match (h == k, k == l) {
                        (true, true) => 1,
                        (false, false) => 6,
                        _ => 3,
                    };
                    rings.push(PowderRing {
                        indices: [h, k, l],
                        s_per_angstrom: s,
                        planes: orders * (8 >> zeros),
                    });
                }
            }
        }
    }
    rings.sort_by(|a, b| a.s_per_angstrom.total_cmp(&b.s_per_angstrom));
    rings
}

/// A ring of the reference, found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoundRing {
    /// Miller indices; of a group of rings that are fitted together those of the innermost.
    pub indices: [u32; 3],
    /// Its radius in pixels.
    pub radius_px: f64,
    /// Where the scale of all rings puts it, in pixels.
    pub expected_px: f64,
}

/// The scale of the patterns of a camera length.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Spatial frequency `s = 1/d` per pixel, in 1/Å; `Q = 2π s`.
    pub s_per_px: f64,
    /// Its standard error, from the scatter of the rings.
    pub error_per_px: f64,
    /// The rings that were found, by radius.
    pub rings: Vec<FoundRing>,
}

/// Finds the scale of a pattern from the rings of a face-centred cubic polycrystal with an edge in
/// ångström (gold: [`GOLD_LATTICE_ANGSTROM`]), given its radial mean.
///
/// The logarithm of the intensity, less its trend, is compared with the rings at every scale at which
/// the first one is seen; then each ring, together with those that overlap it, is fitted by Gaussians
/// on a parabola, and the scale is the mean over the rings. Radii are taken as proportional to the
/// spatial frequency: at 300 kV and 2.5 1/Å the tangent is 0.1 % longer.
///
/// # Errors
/// [`DiffractionError::FewRings`], [`DiffractionError::NotPositive`].
pub fn calibrate(
    radial: &RadialMean,
    lattice_angstrom: f64,
) -> Result<Calibration, DiffractionError> {
    if !(lattice_angstrom > 0.0 && lattice_angstrom.is_finite()) {
        let (what, value) = ("the edge of the reference's lattice", lattice_angstrom);
        return Err(DiffractionError::NotPositive { what, value });
    }
    let seen: Vec<usize> = (0..radial.mean.len())
        .filter(|&k| {
            radial.seen(k) >= LEAST_SEEN && radial.mean[k] > 0.0 && radial.radius_px[k] >= 1.0
        })
        .collect();
    let few = |found| DiffractionError::FewRings {
        found,
        least: LEAST_RINGS,
    };
    let (Some(&first), Some(&last)) = (seen.first(), seen.last()) else {
        return Err(few(0));
    };
    let [inner, outer] = [first, last].map(|k| radial.radius_px[k]);
    let first_s = 3.0_f64.sqrt() / lattice_angstrom;
    let rough = searched(radial, &seen, lattice_angstrom).ok_or_else(|| few(0))?;
    let rings = face_centred_rings(lattice_angstrom, (outer / rough).min(4.0 * first_s));
    let fitted: Vec<Fitted> = groups(&rings)
        .into_iter()
        .filter_map(|group| Fitted::of(radial, &seen, group, rough, [inner, outer]))
        .collect();
    let fitted = agreeing(fitted);
    if fitted.len() < LEAST_RINGS {
        return Err(few(fitted.len()));
    }
    let (scale, error) = mean_scale(&fitted);
    let rings = fitted.iter().map(|ring| FoundRing {
        indices: ring.indices,
        radius_px: ring.scale * ring.s,
        expected_px: scale * ring.s,
    });
    Ok(Calibration {
        s_per_px: 1.0 / scale,
        error_per_px: error / (scale * scale),
        rings: rings.collect(),
    })
}

/// The rings whose scale is near to the middle one.
fn agreeing(mut fitted: Vec<Fitted>) -> Vec<Fitted> {
    let middle = median(fitted.iter().map(|ring| ring.scale).collect()).unwrap_or_default();
    fitted.retain(|ring| (ring.scale - middle).abs() < FAR * middle);
    fitted
}

/// The weighted mean of the scales in pixels per 1/Å, and its error.
fn mean_scale(fitted: &[Fitted]) -> (f64, f64) {
    let weighted = |value: &dyn Fn(&Fitted) -> f64| {
        let values = fitted.iter().map(|ring| (value(ring), ring.weight));
        weighted_mean(values).unwrap_or_default()
    };
    let mean = weighted(&|ring| ring.scale);
    let variance = weighted(&|ring| (ring.scale - mean).powi(2));
    let others = fitted.len().saturating_sub(1).max(1);
    (mean, (variance / others as f64).sqrt())
}

/// The scale in pixels per 1/Å at which the rings of the lattice fit the profile best.
fn searched(radial: &RadialMean, seen: &[usize], lattice_angstrom: f64) -> Option<f64> {
    let [inner, outer] = [*seen.first()?, *seen.last()?].map(|k| radial.radius_px[k].ln());
    let count = ((outer - inner) / LOG_STEP) as usize + 1;
    let mut k = 0;
    let raw: Vec<f64> = (0..count)
        .map(|i| {
            let radius = (inner + i as f64 * LOG_STEP).exp();
            while k + 2 < seen.len() && radial.radius_px[seen[k + 1]] < radius {
                k += 1;
            }
            let next = (k + 1).min(seen.len() - 1);
            let [r0, r1] = [seen[k], seen[next]].map(|k| radial.radius_px[k]);
            let [i0, i1] = [seen[k], seen[next]].map(|k| radial.mean[k].ln());
            i0 + (i1 - i0) * ((radius - r0) / (r1 - r0).max(1e-9)).clamp(0.0, 1.0)
        })
        .collect();
    let trend = gaussian_smooth(&raw, 0.07 / LOG_STEP, 3.0);
    let rest: Vec<f64> = raw
        .iter()
        .zip(&trend)
        .map(|(value, trend)| value - trend)
        .collect();
    let s_first = 3.0_f64.sqrt() / lattice_angstrom;
    let rings = face_centred_rings(lattice_angstrom, SEARCHED * s_first);
    let places: Vec<f64> = rings
        .iter()
        .map(|ring| (ring.s_per_angstrom / s_first).ln())
        .collect();
    // From below the first ring to beyond the last, or to the end of the pattern; at least two rings.
    let before = (0.12 / LOG_STEP) as usize;
    let span = ((SEARCHED.ln() + 0.05) / LOG_STEP) as usize;
    let least = ((places.get(2)? + 0.1) / LOG_STEP) as usize;
    let model = |offset: f64| {
        let near = places
            .iter()
            .map(|place| (-0.5 * ((offset - place) / 0.012).powi(2)).exp());
        near.sum::<f64>()
    };
    let starts = 0..rest.len().saturating_sub(least);
    let likeness = |first: usize| {
        let from = first.saturating_sub(before);
        let part = &rest[from..(first + span).min(rest.len())];
        let offset = |k: usize| (from + k) as f64 - first as f64;
        let template: Vec<f64> = (0..part.len())
            .map(|k| model(offset(k) * LOG_STEP))
            .collect();
        correlation(part, &template)
    };
    let best = starts
        .map(|k| (k, likeness(k)))
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let radius = (inner + best.0 as f64 * LOG_STEP).exp();
    Some(radius / s_first)
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let [mean_a, mean_b] = [a, b].map(|line| line.iter().sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (x - mean_a, y - mean_b);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    if aa * bb > 0.0 {
        ab / (aa * bb).sqrt()
    } else {
        0.0
    }
}

/// The rings, those that overlap together.
fn groups(rings: &[PowderRing]) -> Vec<Vec<PowderRing>> {
    let mut groups: Vec<Vec<PowderRing>> = Vec::new();
    for &ring in rings {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|before| is_near(before, &ring)) => {
                group.push(ring);
            }
            _ => groups.push(vec![ring]),
        }
    }
    groups
}

fn is_near(a: &PowderRing, b: &PowderRing) -> bool {
    b.s_per_angstrom < a.s_per_angstrom * (1.0 + TOGETHER)
}

/// A ring, or rings that overlap, fitted.
struct Fitted {
    indices: [u32; 3],
    /// The spatial frequency of the innermost, in 1/Å.
    s: f64,
    /// Pixels per 1/Å.
    scale: f64,
    weight: f64,
}

impl Fitted {
    /// The fit near a rough scale; `None` where the ring is not seen or does not stand out.
    fn of(
        radial: &RadialMean,
        seen: &[usize],
        group: Vec<PowderRing>,
        rough: f64,
        [inner, outer]: [f64; 2],
    ) -> Option<Fitted> {
        let [low, high] = [group.first()?, group.last()?].map(|ring| ring.s_per_angstrom);
        // Half way to the neighbours of a ring of gold there is at least this much on each side.
        let [from, to] = [low * rough * 0.945, high * rough * 1.055];
        let within = |&&k: &&usize| (from..=to).contains(&radial.radius_px[k]);
        let bins: Vec<usize> = seen.iter().filter(within).copied().collect();
        let parameters = group.len() + 3;
        if from < inner
            || to > outer
            || bins.len() < parameters + 3
            || bins.len() < (to - from) as usize / 2
        {
            return None;
        }
        let fit = |scale: f64, width: f64| linear(radial, &bins, &group, scale, width);
        let spacing = to - from;
        let (mut scale, mut width) = (rough, 0.15 * spacing);
        let (mut d_scale, mut factor) = (0.012 * rough, 2.0_f64);
        let mut best = f64::INFINITY;
        for _ in 0..24 {
            let (at_scale, at_width) = (scale, width);
            for i in -4..=4 {
                for j in -2..=2 {
                    let tried = at_scale + f64::from(i) * d_scale / 4.0;
                    let wide =
                        (at_width * factor.powf(f64::from(j) / 2.0)).clamp(0.4, 0.5 * spacing);
                    if let Some((rest, ..)) = fit(tried, wide).filter(|(rest, ..)| *rest < best) {
                        (best, scale, width) = (rest, tried, wide);
                    }
                }
            }
            d_scale *= 0.62;
            factor = factor.powf(0.7);
        }
        let (_, height, error) = fit(scale, width)?;
        let is_inside = (scale / rough - 1.0).abs() < 0.02;
        let s = low;
        let is_sharp = width <= WIDEST * spacing;
        (height > LEAST_ERRORS * error && is_inside && is_sharp).then(|| Fitted {
            indices: group[0].indices,
            s,
            scale,
            // The place of a peak is known to its width over what it stands out by.
            weight: (scale * s * height / (error * width)).powi(2).min(1e12),
        })
    }
}

/// The rest of the least squares of a group's heights and a parabola under it, the height of the
/// strongest and its error.
fn linear(
    radial: &RadialMean,
    bins: &[usize],
    group: &[PowderRing],
    scale: f64,
    width: f64,
) -> Option<(f64, f64, f64)> {
    let columns = group.len() + 3;
    let middle = radial.radius_px[bins[bins.len() / 2]];
    let half = 0.5 * bins.len() as f64;
    // An error of nothing, as of a drawing without noise, has no weight of its own.
    let typical = bins.iter().map(|&k| radial.mean[k].abs()).sum::<f64>() / bins.len() as f64;
    let weight =
        |k: usize| 1.0 / (radial.standard_error[k].powi(2) + (1e-4 * typical).powi(2)).sqrt();
    let entry = |row: usize, column: usize| {
        let radius = radial.radius_px[bins[row]];
        let value = match column {
            c if c < group.len() => {
                let away = (radius - scale * group[c].s_per_angstrom) / width;
                (-0.5 * away * away).exp()
            }
            c => ((radius - middle) / half).powi((c - group.len()) as i32),
        };
        value * weight(bins[row])
    };
    let design = DMatrix::from_fn(bins.len(), columns, entry);
    let right = DVector::from_fn(bins.len(), |k, _| radial.mean[bins[k]] * weight(bins[k]));
    let inverse = (design.transpose() * &design).cholesky()?.inverse();
    let solved = &inverse * design.transpose() * &right;
    let rest = (&right - &design * &solved).norm_squared();
    let best = (0..group.len()).max_by(|&a, &b| solved[a].total_cmp(&solved[b]))?;
    let variance = rest / (bins.len() - columns) as f64;
    let is_up = (0..group.len()).all(|k| solved[k] > -0.1 * solved[best]);
    (is_up && solved[best] > 0.0).then(|| {
        (
            rest,
            solved[best],
            (variance * inverse[(best, best)]).sqrt(),
        )
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use ndarray::Array2;

    use super::super::known::{counted, gold_profile, sphere_profile};
    use super::super::radial::radial_mean;
    use super::super::simulated::draw_pattern;
    use super::*;

    fn radial(profile: impl Fn(f64) -> f64 + Sync, unit: f64, electrons: f64) -> RadialMean {
        let centre = [251.0, 247.4];
        let drawn = draw_pattern([500, 500], centre, None, profile);
        let hidden = Array2::from_shape_fn((500, 500), |(x, y)| {
            (x as f64 - centre[0]).hypot(y as f64 - centre[1]) < 15.0
        });
        radial_mean(counted(&drawn, unit, electrons, 4).view(), &hidden, centre).unwrap()
    }

    #[test]
    fn the_scale_is_found_to_a_part_in_a_thousand_at_any_camera_length() {
        for (s_per_px, width) in [
            (0.011, 0.012),
            (0.0063, 0.008),
            (0.0041, 0.006),
            (0.0032, 0.005),
        ] {
            let profile = gold_profile(s_per_px, width);
            let ring = profile(0.425 / s_per_px);
            let found = calibrate(&radial(profile, ring, 200.0), GOLD_LATTICE_ANGSTROM).unwrap();
            let off = found.s_per_px / s_per_px - 1.0;
            assert!(
                off.abs() < 1e-3 && found.rings.len() >= 3,
                "{s_per_px}: {off}"
            );
            assert!(found.error_per_px < 1e-3 * s_per_px);
        }
    }

    #[test]
    fn what_has_no_rings_of_gold_is_no_reference() {
        let spheres = radial(sphere_profile(0.011), 100.0, 1e4);
        let refused = calibrate(&spheres, GOLD_LATTICE_ANGSTROM).unwrap_err();
        assert!(matches!(refused, DiffractionError::FewRings { .. }));
        let refused = calibrate(&spheres, f64::NAN).unwrap_err();
        assert!(matches!(refused, DiffractionError::NotPositive { .. }));
    }
}
