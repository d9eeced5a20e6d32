//! Grey images: slices of volumes, projections, power spectra.

use std::ops::Range;

use amorphous_packing::numerics::quantiles;
use anyhow::Result;
use ndarray::Array2;
use plotters::style::RGBColor;

use crate::charts::heatmap::{Colours, picture};
use crate::page::canvas::Canvas;
use crate::page::panel::Panel;
use crate::page::style::{BLACK, CURVE_PT, NOTE_PT, WHITE, mm, pt};
use crate::page::text::Type;

/// Room below an image for its scale bar.
const BAR_ROOM_MM: f64 = 4.6;
/// A scale bar is at most this part of the image wide.
const BAR_PART: f64 = 0.35;

/// An image, its first index to the right and its second one up; white where it is not a number.
#[derive(Debug, Clone)]
pub struct Grey {
    values: Array2<f32>,
    range: Range<f64>,
    marks: Vec<Marks>,
}

/// Small marks on an image.
#[derive(Debug, Clone)]
pub struct Marks {
    /// Pixels from the centre of the first, to the right and up.
    places: Vec<(f64, f64)>,
    colour: RGBColor,
    is_ring: bool,
}

/// Half the width of a mark.
const MARK_MM: f64 = 0.55;
/// Corners of a ring.
const CORNERS: usize = 12;

impl Marks {
    /// Rings about these places.
    pub fn rings(places: Vec<(f64, f64)>, colour: RGBColor) -> Marks {
        Marks {
            places,
            colour,
            is_ring: true,
        }
    }

    /// Crosses on these places.
    pub fn crosses(places: Vec<(f64, f64)>, colour: RGBColor) -> Marks {
        Marks {
            is_ring: false,
            ..Marks::rings(places, colour)
        }
    }

    /// Draws them on an image of `size` units and so many pixels.
    fn draw(&self, canvas: &Canvas<'_>, size: (i32, i32), pixels: (usize, usize)) -> Result<()> {
        let half = f64::from(mm(MARK_MM));
        for &(x, y) in &self.places {
            let across = (x + 0.5) / pixels.0 as f64 * f64::from(size.0);
            let down = (1.0 - (y + 0.5) / pixels.1 as f64) * f64::from(size.1);
            let at = |dx: f64, dy: f64| ((across + dx * half) as i32, (down + dy * half) as i32);
            if self.is_ring {
                let corner = |k: usize| {
                    let (sin, cos) = (std::f64::consts::TAU * k as f64 / CORNERS as f64).sin_cos();
                    at(cos, sin)
                };
                let ring: Vec<(i32, i32)> = (0..=CORNERS).map(corner).collect();
                canvas.line(&ring, self.colour, CURVE_PT)?;
            } else {
                canvas.line(&[at(-0.6, -0.6), at(0.6, 0.6)], self.colour, CURVE_PT)?;
                canvas.line(&[at(-0.6, 0.6), at(0.6, -0.6)], self.colour, CURVE_PT)?;
            }
        }
        Ok(())
    }
}

/// What a scale bar says.
#[derive(Debug, Clone)]
pub struct ScaleBar {
    /// Pixels that it is long.
    pub pixels: f64,
    /// Its label.
    pub label: String,
}

impl Grey {
    /// An image, bright where it is high, between these values.
    pub fn new(values: Array2<f32>, range: Range<f64>) -> Grey {
        Grey {
            values,
            range,
            marks: Vec::new(),
        }
    }

    /// With marks on it, those given later on top.
    pub fn marked(self, marks: Vec<Marks>) -> Grey {
        Grey { marks, ..self }
    }

    /// Width over height.
    pub fn proportion(&self) -> f64 {
        self.values.nrows() as f64 / self.values.ncols().max(1) as f64
    }

    /// Draws the image as large as fits, at the top left; gives its size in units.
    ///
    /// # Errors
    /// When plotters refuses to draw.
    pub fn draw(&self, canvas: &Canvas<'_>) -> Result<(i32, i32)> {
        let (columns, rows) = self.values.dim();
        let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let scale = (width / columns as f64).min(height / rows as f64);
        let size = (
            (scale * columns as f64) as i32,
            (scale * rows as f64) as i32,
        );
        let colours = Colours::greys(self.range.clone());
        let png = picture(size, &colours, |across, down| {
            let column = ((across * columns as f64) as usize).min(columns - 1);
            let row = (((1.0 - down) * rows as f64) as usize).min(rows - 1);
            let value = f64::from(self.values[[column, row]]);
            (!value.is_nan()).then_some(value)
        })?;
        let image = canvas.part(0, 0, size.0, size.1);
        image.image(png)?;
        for marks in &self.marks {
            marks.draw(&image, size, self.values.dim())?;
        }
        Ok(size)
    }

    /// A panel of the image with a scale bar below it.
    pub fn panel(self, bar: Option<ScaleBar>) -> Panel {
        Panel::new(move |canvas| {
            let below = if bar.is_some() { mm(BAR_ROOM_MM) } else { 0 };
            let (width, height) = (canvas.width(), canvas.height() - below);
            let fits = f64::from(width).min(self.proportion() * f64::from(height)) as i32;
            let left = (width - fits) / 2;
            let size = self.draw(&canvas.part(left, 0, fits, height))?;
            let Some(bar) = &bar else { return Ok(()) };
            let scale = f64::from(size.0) / self.values.nrows() as f64;
            let length = (scale * bar.pixels) as i32;
            let at = size.1 + mm(1.3);
            canvas.line(&[(left, at), (left + length, at)], BLACK, 2.0 * CURVE_PT)?;
            let set = Type::size(NOTE_PT).level();
            canvas.text(&bar.label, (left + length + mm(1.0), at), set)
        })
    }
}

/// A scale bar of a round length for an image `columns` pixels wide, of pixels of `pixel_angstrom`.
pub fn scale_bar(columns: usize, pixel_angstrom: Option<f64>) -> ScaleBar {
    let step = |most: f64| {
        let power = 10_f64.powf(most.log10().floor());
        let fits = [5.0, 2.0, 1.0].map(|digit| digit * power);
        fits.into_iter()
            .find(|length| *length <= most)
            .unwrap_or(power)
    };
    let most = BAR_PART * columns as f64;
    match pixel_angstrom {
        Some(pixel) => {
            let length = step(most * pixel);
            let label = if length >= 10.0 {
                format!("{} nm", length / 10.0)
            } else {
                format!("{length} Å")
            };
            ScaleBar {
                pixels: length / pixel,
                label,
            }
        }
        None => {
            let pixels = step(most.max(1.0));
            ScaleBar {
                pixels,
                label: format!("{pixels} voxels"),
            }
        }
    }
}

/// The range of values without the lowest and the highest part of them.
pub fn spread(values: &Array2<f32>, beyond: f64) -> Range<f64> {
    let numbers = values.iter().copied().filter(|value| !value.is_nan());
    let numbers = numbers.map(f64::from).collect();
    let [low, high] = quantiles(numbers, [beyond, 1.0 - beyond]).unwrap_or_default();
    low..if high > low { high } else { low + 1.0 }
}

/// Space between the images of a contact sheet.
const SHEET_GAP_MM: f64 = 0.7;
/// Type of the labels on them.
const SHEET_PT: f64 = 5.0;

/// The height of a contact sheet of so many images in so many columns, `width_mm` wide, without its
/// title.
pub fn sheet_height_mm(count: usize, columns: usize, proportion: f64, width_mm: f64) -> f64 {
    let wide = (width_mm + SHEET_GAP_MM) / columns as f64 - SHEET_GAP_MM;
    count.div_ceil(columns) as f64 * (wide / proportion + SHEET_GAP_MM)
}

/// Images in rows of so many columns, each with a label in its corner.
pub fn contact_sheet(images: Vec<(String, Grey)>, columns: usize) -> Panel {
    Panel::new(move |canvas| {
        let (gap, columns) = (mm(SHEET_GAP_MM), columns.max(1) as i32);
        let wide = (canvas.width() + gap) / columns - gap;
        for (index, (label, image)) in (0..).zip(&images) {
            let high = (f64::from(wide) / image.proportion()) as i32;
            let left = (index % columns) * (wide + gap);
            let top = (index / columns) * (high + gap);
            image.draw(&canvas.part(left, top, wide, high))?;
            let set = Type::size(SHEET_PT).colour(WHITE).level();
            let corner = (left + set.width(label) + mm(1.0), top + pt(SHEET_PT + 1.2));
            canvas.fill([(left, top), corner], BLACK)?;
            let at = (left + mm(0.5), (top + corner.1) / 2);
            canvas.text(label, at, set)?;
        }
        Ok(())
    })
}
