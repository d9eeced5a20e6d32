//! Light and colour: what a lit surface sends to the viewer, and its value in the file.
//!
//! Light is added and averaged in linear intensities, not in the values of the file.

use std::sync::LazyLock;

use plotters::style::RGBColor;

use super::solids::Point;

/// Linear intensities of red, green and blue.
pub(super) type Light = [f32; 3];

/// White paper.
pub(super) const PAPER: Light = [1.0; 3];

/// Where the light comes from: the left, above, and the viewer's side.
const LIGHT: Point = Point::new(-0.371, -0.557, 0.743);
/// Halfway between the light and the viewer.
const GLOSS: Point = Point::new(-0.199, -0.298, 0.934);
/// Parts of the light that come from everywhere and from one side, and the strength of the gloss.
const AMBIENT: f32 = 0.50;
const DIFFUSE: f32 = 0.62;
const SPECULAR: f32 = 0.16;

/// Steps between black and white in the table of the file's values. They are even in the square
/// roots of intensities, of which a step is less than a tenth of a step of the file.
const STEPS: usize = 4096;

/// The light that a surface sends to the viewer.
#[inline]
pub(super) fn lit(colour: Light, normal: Point, open: f32) -> Light {
    let diffuse = normal.dot(LIGHT).max(0.0);
    let gloss = normal.dot(GLOSS).max(0.0).powi(48);
    // Surfaces that turn away from the viewer darken, so that every ball has its outline.
    let rim = (normal.z / 0.5).clamp(0.0, 1.0);
    let outline = 0.45 + 0.55 * rim * rim * (3.0 - 2.0 * rim);
    let strength = (AMBIENT * open + DIFFUSE * diffuse * (0.4 + 0.6 * open)) * outline;
    colour.map(|part| (part * strength + SPECULAR * gloss * open).min(1.0))
}

/// A share of light replaced by the paper's white: evenly to the eye, which sees about the square
/// roots of intensities.
#[inline]
pub(super) fn faded(light: Light, share: f32) -> Light {
    light.map(|part| (part.sqrt() * (1.0 - share) + share).powi(2))
}

/// Linear intensities of a colour (IEC 61966-2-1).
pub(super) fn linear(colour: RGBColor) -> Light {
    [colour.0, colour.1, colour.2].map(|part| {
        let part = f32::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    })
}

/// The values of linear intensities in the file (IEC 61966-2-1).
#[inline]
pub(super) fn encoded(light: Light) -> [u8; 3] {
    static TABLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let value = |step: usize| {
            let part = (step as f64 / STEPS as f64).powi(2);
            let value = if part <= 0.003_130_8 {
                12.92 * part
            } else {
                1.055 * part.powf(1.0 / 2.4) - 0.055
            };
            (255.0 * value).round() as u8
        };
        (0..=STEPS).map(value).collect()
    });
    let table = TABLE.as_slice();
    light.map(|part| table[(part.clamp(0.0, 1.0).sqrt() * STEPS as f32 + 0.5) as usize])
}
