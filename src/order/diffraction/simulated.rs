//! Diffraction patterns whose truth is known: a radial profile drawn about a centre, with the shadow
//! of a beam stop. No pattern of the paper's samples is public; these stand in their place.

use ndarray::Array2;
use rayon::prelude::*;

use super::calibration::PowderRing;
use crate::atoms::ScatteringFactor;

/// A beam stop: a disc on an arm that reaches in from the border.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeamStop {
    /// The middle of the disc, in pixels of the array's indices.
    pub middle_px: [f64; 2],
    /// The radius of the disc, in pixels.
    pub radius_px: f64,
    /// Half the width of the arm, in pixels.
    pub arm_px: f64,
    /// Where the arm comes from, in degrees from x to y.
    pub arm_deg: f64,
    /// Which part of the intensity is seen behind it, scattered in the camera.
    pub transmitted: f64,
}

impl BeamStop {
    /// Whether a pixel lies behind the stop.
    pub fn hides(&self, [x, y]: [f64; 2]) -> bool {
        let [dx, dy] = [x - self.middle_px[0], y - self.middle_px[1]];
        let (sin, cos) = self.arm_deg.to_radians().sin_cos();
        let (along, across) = (dx * cos + dy * sin, dy * cos - dx * sin);
        dx.hypot(dy) <= self.radius_px || (along > 0.0 && across.abs() <= self.arm_px)
    }
}

/// The spacing of the radii at which a profile is calculated, in pixels.
const TABLE_PX: f64 = 1.0 / 32.0;

/// The expected pattern of so many pixels along x and y: the `profile` of the distance from the
/// centre (both in pixels of the array's indices), less what the stop holds back. The profile is
/// calculated at every 1/32 pixel and linear between. Its noise is drawn by whoever needs it.
pub fn draw_pattern(
    [dim1, dim2]: [usize; 2],
    centre: [f64; 2],
    stop: Option<BeamStop>,
    profile: impl Fn(f64) -> f64 + Sync,
) -> Array2<f32> {
    let [far1, far2] = [(dim1, centre[0]), (dim2, centre[1])]
        .map(|(dim, middle)| middle.abs().max((dim as f64 - middle).abs()));
    let count = (far1.hypot(far2) / TABLE_PX) as usize + 2;
    let table: Vec<f64> = (0..count)
        .into_par_iter()
        .map(|k| profile(k as f64 * TABLE_PX))
        .collect();
    let mut pattern = Array2::<f32>::zeros((dim1, dim2));
    let rows: Vec<_> = pattern.outer_iter_mut().collect();
    rows.into_par_iter().enumerate().for_each(|(x, mut row)| {
        for (y, value) in row.iter_mut().enumerate() {
            let place = [x as f64, y as f64];
            let radius = (place[0] - centre[0]).hypot(place[1] - centre[1]);
            let shadow = stop
                .filter(|stop| stop.hides(place))
                .map_or(1.0, |stop| stop.transmitted);
            let place = radius / TABLE_PX;
            let k = (place as usize).min(count - 2);
            let intensity = table[k] + (place - k as f64) * (table[k + 1] - table[k]);
            *value = (shadow * intensity) as f32;
        }
    });
    pattern
}

/// The vibrations that dampen the rings of a powder: `B/2` of the factor `exp(−B s² / 2)`, in Å².
const POWDER_DAMPING: f64 = 0.6;

/// The intensity of a powder's rings at a spatial frequency `s = 1/d` in 1/Å: each a Gaussian of a standard
/// deviation of `width` in 1/Å, as strong as its planes and `f²` make it, and weaker the longer its circle.
pub fn powder_intensity(
    rings: &[PowderRing],
    factor: &ScatteringFactor,
    width: f64,
    s: f64,
) -> f64 {
    let at = rings.iter().map(|ring| {
        let centre = ring.s_per_angstrom;
        let strength = f64::from(ring.planes) * (factor.at(centre) / centre).powi(2);
        let away = (s - centre) / width;
        let damping = POWDER_DAMPING * centre * centre + 0.5 * away * away;
        strength * (-damping).exp() / width
    });
    at.sum()
}
