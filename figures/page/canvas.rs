//! A page: what plotters draws on, and how it becomes an SVG and a PNG that are one picture.
//!
//! Plotters writes SVG with text. The text is turned into outlines of the bundled font, so that
//! every reader sees the same letters, and the PNG is rasterised from those outlines. Pictures of
//! scenes are in the SVG with a palette of their own, which keeps it small, and in the PNG with all
//! their colours.

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::{Context, Result, anyhow};
use base64::Engine;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{PathElement, Rectangle};
use plotters::prelude::SVGBackend;
use plotters::style::{RGBColor, ShapeStyle};
use resvg::tiny_skia::{self, Pixmap, Transform};
use resvg::usvg::{Indent, Tree, WriteOptions};

use crate::page::resample;
use crate::page::style::{UNITS_PER_MM, mm, pt};
use crate::page::text::{self, Type};
use crate::render::Picture;

/// Resolution of the PNG in dots per inch.
pub const PNG_DPI: f64 = 400.0;

/// A finished page, in both formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The SVG, its text as outlines.
    pub svg: String,
    /// The PNG, on white, [`PNG_DPI`] dots per inch.
    pub png: Vec<u8>,
}

/// A part of a page to draw on; coordinates are units of the page from its top left corner.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    images: Rc<RefCell<Vec<Image>>>,
}

/// A raster picture on the page; it lies below all that is drawn.
struct Image {
    left: i32,
    top: i32,
    width: i32,
    height: i32,
    png: Rc<Vec<u8>>,
    picture: Rc<Picture>,
}

impl<'a> Canvas<'a> {
    /// Width in units.
    pub fn width(&self) -> i32 {
        self.area.dim_in_pixel().0 as i32
    }

    /// Height in units.
    pub fn height(&self) -> i32 {
        self.area.dim_in_pixel().1 as i32
    }

    /// The plotters area, for what the functions here do not draw.
    pub fn area(&self) -> &DrawingArea<SVGBackend<'a>, Shift> {
        &self.area
    }

    /// The rectangle of this canvas with the given corner and size.
    pub fn part(&self, left: i32, top: i32, width: i32, height: i32) -> Canvas<'a> {
        Canvas {
            area: self.area.clone().shrink((left, top), (width, height)),
            images: Rc::clone(&self.images),
        }
    }

    /// Writes a line of text (see [`crate::page::text`] for its markup).
    ///
    /// # Errors
    /// When plotters refuses to draw; so do all the functions here.
    pub fn text(&self, content: &str, at: (i32, i32), set: Type) -> Result<()> {
        Ok(self.area.draw_text(content, &set.plotters(), at)?)
    }

    /// Draws a line through `points`, `width_pt` points wide.
    ///
    /// # Errors
    /// As [`Canvas::text`].
    pub fn line(&self, points: &[(i32, i32)], colour: RGBColor, width_pt: f64) -> Result<()> {
        Ok(self
            .area
            .draw(&PathElement::new(points.to_vec(), stroke(colour, width_pt)))?)
    }

    /// Fills the rectangle between two opposite corners.
    ///
    /// # Errors
    /// As [`Canvas::text`].
    pub fn fill(&self, corners: [(i32, i32); 2], colour: RGBColor) -> Result<()> {
        Ok(self
            .area
            .draw(&Rectangle::new(corners, ShapeStyle::from(&colour).filled()))?)
    }

    /// Draws the outline of the rectangle between two opposite corners.
    ///
    /// # Errors
    /// As [`Canvas::text`].
    pub fn outline(&self, [a, b]: [(i32, i32); 2], colour: RGBColor, width_pt: f64) -> Result<()> {
        self.line(
            &[a, (b.0, a.1), b, (a.0, b.1), a, (b.0, a.1)],
            colour,
            width_pt,
        )
    }

    /// Lays the picture `png` into the canvas, as large as fits, its proportions kept, centred.
    ///
    /// # Errors
    /// When `png` is no PNG.
    pub fn image(&self, png: Rc<Vec<u8>>) -> Result<()> {
        let picture = Pixmap::decode_png(&png).context("a panel's picture is no PNG")?;
        self.lay(png, Rc::new(Picture::on_white(&picture)));
        Ok(())
    }

    /// Lays a picture into the canvas as [`Canvas::image`] does.
    ///
    /// # Errors
    /// When the picture has no pixels.
    pub fn picture(&self, picture: &Rc<Picture>) -> Result<()> {
        self.lay(Rc::new(picture.png()?), Rc::clone(picture));
        Ok(())
    }

    fn lay(&self, png: Rc<Vec<u8>>, picture: Rc<Picture>) {
        let size = (f64::from(picture.width), f64::from(picture.height));
        let scale = (f64::from(self.width()) / size.0).min(f64::from(self.height()) / size.1);
        let (width, height) = ((size.0 * scale) as i32, (size.1 * scale) as i32);
        let base = self.area.get_base_pixel();
        self.images.borrow_mut().push(Image {
            left: base.0 + (self.width() - width) / 2,
            top: base.1 + (self.height() - height) / 2,
            width,
            height,
            png,
            picture,
        });
    }
}

/// Draws a page of the given size in millimetres; `title` is what a screen reader reads.
///
/// # Errors
/// What `draw` fails with.
pub fn render(
    (width_mm, height_mm): (f64, f64),
    title: &str,
    draw: impl FnOnce(&Canvas<'_>) -> Result<()>,
) -> Result<Drawing> {
    let size = (mm(width_mm), mm(height_mm));
    let images = Rc::new(RefCell::new(Vec::new()));
    let mut drawn = String::new();
    {
        let backend = SVGBackend::with_string(&mut drawn, (size.0 as u32, size.1 as u32));
        let canvas = Canvas {
            area: backend.into_drawing_area(),
            images: Rc::clone(&images),
        };
        draw(&canvas)?;
        canvas.area.present()?;
    }
    let outlines = outlines(&text::typeset(&drawn))?;
    Ok(Drawing {
        svg: compose(&outlines, (width_mm, height_mm), title, &images.borrow())?,
        png: rasterise(&outlines, size, &images.borrow())?,
    })
}

/// A stroke of `width_pt` points.
pub(crate) fn stroke(colour: RGBColor, width_pt: f64) -> ShapeStyle {
    ShapeStyle::from(&colour).stroke_width(pt(width_pt) as u32)
}

/// The same SVG with its text as outlines and with coordinates rounded to a micrometre.
fn outlines(svg: &str) -> Result<String> {
    let tree = parse(&svg.replacen("<svg ", r#"<svg stroke-linejoin="round" "#, 1))?;
    Ok(tree.to_string(&WriteOptions {
        coordinates_precision: 1,
        transforms_precision: 4,
        indent: Indent::None,
        ..WriteOptions::default()
    }))
}

/// The SVG to be written: sizes in millimetres, a title, white paper, the pictures, the drawing.
fn compose(outlines: &str, size: (f64, f64), title: &str, images: &[Image]) -> Result<String> {
    let (_, content) = outlines
        .split_once('>')
        .ok_or_else(|| anyhow!("the drawing is no SVG"))?;
    let (width, height) = (mm(size.0), mm(size.1));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{}</title>\n<path fill=\"#fff\" d=\"M0 0H{width}V{height}H0Z\"/>\n",
        f64::from(width) / UNITS_PER_MM,
        f64::from(height) / UNITS_PER_MM,
        text::escaped(title),
    );
    for image in images {
        let data = base64::engine::general_purpose::STANDARD.encode(image.png.as_slice());
        svg.push_str(&format!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" \
             xlink:href=\"data:image/png;base64,{data}\"/>\n",
            image.left, image.top, image.width, image.height,
        ));
    }
    // A line break after every element: the file can be compared line by line.
    svg.push_str(&compact(content.trim()).replace("><", ">\n<"));
    svg.push('\n');
    Ok(svg)
}

/// The same elements without defaults and without spaces that path data do not need.
fn compact(content: &str) -> String {
    let mut short = content
        .replace(" stroke=\"none\"", "")
        .replace(" fill=\"#000000\"", "");
    for command in ["M", "L", "Q", "C", "Z"] {
        short = short
            .replace(&format!(" {command} "), command)
            .replace(&format!("\"{command} "), &format!("\"{command}"))
            .replace(&format!(" {command}\""), &format!("{command}\""));
    }
    short
}

/// The PNG of a page: white paper, the pictures, the drawing.
fn rasterise(outlines: &str, size: (i32, i32), images: &[Image]) -> Result<Vec<u8>> {
    let scale = PNG_DPI / 25.4 / UNITS_PER_MM;
    let pixels = |units: i32| (f64::from(units) * scale).round() as u32;
    let mut page = Pixmap::new(pixels(size.0), pixels(size.1))
        .ok_or_else(|| anyhow!("a page of {} × {} has no pixels", size.0, size.1))?;
    page.fill(tiny_skia::Color::WHITE);
    for image in images {
        let corner = (f64::from(image.left) * scale, f64::from(image.top) * scale);
        let zoom = f64::from(image.width) * scale / f64::from(image.picture.width);
        resample::lay(&image.picture, &mut page, corner, zoom);
    }
    let zoom = Transform::from_scale(scale as f32, scale as f32);
    resvg::render(&parse(outlines)?, zoom, &mut page.as_mut());
    encode(&page, PNG_DPI).context("the PNG cannot be encoded")
}

/// The PNG of a page at half its resolution, for readers on a screen.
///
/// # Errors
/// When `png` is no PNG.
pub fn halved(png: &[u8]) -> Result<Vec<u8>> {
    let page = Pixmap::decode_png(png).context("this is no PNG")?;
    let mut half = Pixmap::new(page.width().div_ceil(2), page.height().div_ceil(2))
        .ok_or_else(|| anyhow!("the PNG has no pixels"))?;
    half.fill(tiny_skia::Color::WHITE);
    // Halfway between four pixels the bilinear value is their mean.
    let paint = tiny_skia::PixmapPaint {
        quality: tiny_skia::FilterQuality::Bilinear,
        ..tiny_skia::PixmapPaint::default()
    };
    let scale = Transform::from_scale(0.5, 0.5);
    half.draw_pixmap(0, 0, page.as_ref(), &paint, scale, None);
    encode(&half, PNG_DPI / 2.0).context("the PNG cannot be encoded")
}

/// The page as a PNG without transparency that says how large it is on paper.
fn encode(page: &Pixmap, dots_per_inch: f64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, page.width(), page.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels_per_metre = (dots_per_inch / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: pixels_per_metre,
        yppu: pixels_per_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&Picture::on_white(page).rgb)?;
    writer.finish()?;
    Ok(bytes)
}

fn parse(svg: &str) -> Result<Tree> {
    Tree::from_str(svg, &text::OPTIONS).context("the drawing is no SVG")
}
