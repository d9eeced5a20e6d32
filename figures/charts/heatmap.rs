//! Heat maps: a picture of coloured cells within axes or to scale, and the bar of its colours.

use std::ops::Range;
use std::rc::Rc;

use anyhow::{Result, anyhow};
use plotters::style::RGBColor;
use resvg::tiny_skia::{ColorU8, Pixmap};

use crate::charts::scale::Scale;
use crate::page::canvas::Canvas;
use crate::page::style::{AXIS_PT, BLACK, LABEL_PT, TICK_MM, TICK_PT, mix, mm, pt};
use crate::page::text::Type;

/// Colours for values from the lower to the upper end of a range.
#[derive(Debug, Clone)]
pub struct Colours {
    title: String,
    range: Range<f64>,
    scale: Scale,
    /// Evenly spaced from the lower to the upper end.
    steps: [RGBColor; 5],
}

/// Side of a pixel of the picture in millimetres.
const PIXEL_MM: f64 = 0.08;
/// Room for the bar of the colours with its numbers and title.
pub(crate) const BAR_ROOM_MM: f64 = 13.0;
/// Width of the bar.
const BAR_MM: f64 = 2.2;
/// Space between the map and the bar.
const BAR_GAP_MM: f64 = 1.5;

impl Colours {
    /// Colours for counts, from pale to dark on a logarithmic scale.
    pub fn counts(title: &str, most: f64) -> Colours {
        Colours {
            title: title.to_owned(),
            range: 1.0..most.max(10.0),
            scale: Scale::Log,
            steps: [
                RGBColor(222, 235, 247),
                RGBColor(107, 174, 214),
                RGBColor(33, 113, 181),
                RGBColor(8, 48, 107),
                RGBColor(3, 15, 48),
            ],
        }
    }

    /// Colours for a field, from blue over white to orange; black lines stand out on all of them.
    pub fn field(title: &str, range: Range<f64>) -> Colours {
        Colours {
            title: title.to_owned(),
            range,
            scale: Scale::Linear,
            steps: [
                RGBColor(67, 119, 181),
                RGBColor(160, 198, 226),
                RGBColor(245, 243, 236),
                RGBColor(250, 190, 120),
                RGBColor(224, 110, 28),
            ],
        }
    }

    /// Greys, from black to white.
    pub fn greys(range: Range<f64>) -> Colours {
        let grey = |step: u16| {
            let shade = (step * 255 / 4) as u8;
            RGBColor(shade, shade, shade)
        };
        Colours {
            title: String::new(),
            range,
            scale: Scale::Linear,
            steps: [0, 1, 2, 3, 4].map(grey),
        }
    }

    /// The colour of a value; values beyond the ends have the colours of the ends.
    fn of(&self, value: f64) -> RGBColor {
        let [low, high] = [self.range.start, self.range.end].map(|x| self.scale.place(x));
        let portion = (self.scale.place(value) - low) / (high - low);
        let place = portion.clamp(0.0, 1.0) * (self.steps.len() - 1) as f64;
        let first = (place as usize).min(self.steps.len() - 2);
        mix(
            self.steps[first],
            self.steps[first + 1],
            place - first as f64,
        )
    }

    /// Draws the bar of the colours with its numbers at the left of the canvas, as high as it.
    pub(crate) fn bar(&self, canvas: &Canvas<'_>) -> Result<()> {
        let (left, width, height) = (mm(BAR_GAP_MM), mm(BAR_MM), canvas.height());
        let [low, high] = [self.range.start, self.range.end].map(|x| self.scale.place(x));
        let bar = canvas.part(left, 0, width, height);
        let png = raster((width, height), |_, down| {
            let place = high - down * (high - low);
            Some(self.of(match self.scale {
                Scale::Linear => place,
                Scale::Log => 10_f64.powf(place),
            }))
        })?;
        bar.image(png)?;
        canvas.outline([(left, 0), (left + width, height)], BLACK, AXIS_PT)?;
        let set = Type::size(TICK_PT).level();
        let mut widest = 0;
        for tick in self.scale.ticks(&self.range, 5) {
            let Some(label) = tick.label else { continue };
            let up = (self.scale.place(tick.value) - low) / (high - low);
            let at = height - (up * f64::from(height)).round() as i32;
            let right = left + width + mm(TICK_MM);
            canvas.line(&[(left + width, at), (right, at)], BLACK, AXIS_PT)?;
            canvas.text(&label, (right + mm(0.5), at), set)?;
            widest = widest.max(set.width(&label));
        }
        let beside = left + width + mm(TICK_MM + 1.0) + widest + pt(LABEL_PT);
        let set = Type::size(LABEL_PT).centred().upwards();
        canvas.text(&self.title, (beside, height / 2), set)
    }
}

/// A picture for a place of `size` units: `colour` gives the colour at a point, by the portions of
/// width and height from the top left corner; white without one.
pub(crate) fn picture(
    size: (i32, i32),
    colours: &Colours,
    value: impl Fn(f64, f64) -> Option<f64>,
) -> Result<Rc<Vec<u8>>> {
    raster(size, |across, down| {
        value(across, down).map(|value| colours.of(value))
    })
}

fn raster(size: (i32, i32), colour: impl Fn(f64, f64) -> Option<RGBColor>) -> Result<Rc<Vec<u8>>> {
    let pixels = |units: i32| (units / mm(PIXEL_MM)).max(1) as u32;
    let (width, height) = (pixels(size.0), pixels(size.1));
    let mut picture = Pixmap::new(width, height).ok_or_else(|| anyhow!("a map has no area"))?;
    for (k, pixel) in (0_u32..).zip(picture.pixels_mut()) {
        let across = (f64::from(k % width) + 0.5) / f64::from(width);
        let down = (f64::from(k / width) + 0.5) / f64::from(height);
        let RGBColor(r, g, b) = colour(across, down).unwrap_or(RGBColor(255, 255, 255));
        *pixel = ColorU8::from_rgba(r, g, b, 255).premultiply();
    }
    Ok(Rc::new(picture.encode_png()?))
}
