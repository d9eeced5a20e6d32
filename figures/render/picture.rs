//! A finished picture.

use anyhow::{Context, Result};
use resvg::tiny_skia::Pixmap;

use super::palette::indexed;

/// Red, green and blue of every pixel, row by row, on white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Three bytes per pixel.
    pub rgb: Vec<u8>,
}

impl Picture {
    /// The pixels of `pixmap` on white paper.
    pub(crate) fn on_white(pixmap: &Pixmap) -> Picture {
        let mut rgb = vec![0; 3 * pixmap.pixels().len()];
        for (part, pixel) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(pixmap.pixels()) {
            let paper = u8::MAX - pixel.alpha();
            *part = [pixel.red(), pixel.green(), pixel.blue()].map(|x| x + paper);
        }
        Picture {
            width: pixmap.width(),
            height: pixmap.height(),
            rgb,
        }
    }

    /// The colour of a pixel.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = 3 * (y as usize * self.width as usize + x as usize);
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    /// How dark the rectangle (left, top, right, bottom, in pixels) is on average: 0 for white
    /// paper, 1 for black. What lies outside the picture counts as paper.
    pub fn ink(&self, [left, top, right, bottom]: [f64; 4]) -> f64 {
        let range = |from: f64, to: f64, end: u32| {
            let clamp = |x: f64| x.round().clamp(0.0, f64::from(end)) as u32;
            clamp(from)..clamp(to)
        };
        let (columns, rows) = (
            range(left, right, self.width),
            range(top, bottom, self.height),
        );
        let pixels = f64::from(columns.end.saturating_sub(columns.start))
            * f64::from(rows.end.saturating_sub(rows.start));
        let dark: u64 = rows
            .flat_map(|y| columns.clone().map(move |x| self.pixel(x, y)))
            .flatten()
            .map(|part| u64::from(255 - part))
            .sum();
        dark as f64 / (3.0 * 255.0 * pixels.max(1.0))
    }

    /// The picture as PNG, in the 256 colours that show it best.
    ///
    /// # Errors
    /// When it has no pixels.
    pub fn png(&self) -> Result<Vec<u8>> {
        let picture = indexed(&self.rgb);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(picture.palette.concat());
        // Indices are names, not intensities: differences between them say nothing.
        encoder.set_filter(png::Filter::NoFilter);
        let encode = |encoder: png::Encoder<'_, &mut Vec<u8>>| -> Result<()> {
            let mut writer = encoder.write_header()?;
            writer.write_image_data(&picture.pixels)?;
            Ok(writer.finish()?)
        };
        encode(encoder).context("a scene cannot be encoded")?;
        Ok(bytes)
    }
}
