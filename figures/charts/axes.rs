//! The axes of a chart: two thin lines with ticks outside, titles, a legend, and the plotters
//! area in which the data are drawn.

use std::ops::Range;

use amorphous_packing::numerics::{Bounds, Vec3};
use anyhow::Result;
use plotters::chart::ChartBuilder;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle};
use plotters::prelude::SVGBackend;
use plotters::style::{Color, RGBColor, ShapeStyle};

use crate::charts::legend::{self, Entry, LINE_MM, Legend, Sign};
use crate::charts::scale::{Scale, Tick};
use crate::page::canvas::{Canvas, stroke};
use crate::page::style::{
    AXIS_PT, BLACK, CURVE_PT, LABEL_PT, LEFT_MM, MARK_PT, TICK_MM, TICK_PT, mm, pt,
};
use crate::page::text::{CAPITAL_HEIGHT, Type};

/// One axis: its title, the values it holds, its ticks.
#[derive(Debug, Clone)]
pub struct Axis {
    title: String,
    range: Range<f64>,
    scale: Scale,
    ticks: Option<Vec<Tick>>,
    upright: bool,
}

/// A chart whose axes are drawn and whose data can be.
pub(crate) struct Axes<'a> {
    plot: DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
    canvas: Canvas<'a>,
    x: Axis,
    y: Axis,
    inside: Inside,
}

/// The rectangle within the axes, in units of the canvas.
#[derive(Debug, Clone, Copy)]
struct Inside {
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

/// Space between a tick and its label, and between labels and the axis title.
const GAP_MM: f64 = 0.7;
/// What the name of a marked place takes on its left.
const NAME_ROOM_MM: f64 = 6.0;
/// Space right of the axes; half of the last label reaches into it.
const RIGHT_MM: f64 = 2.0;
/// Space above the axes.
const TOP_MM: f64 = 1.2;
/// Radius of the disc that marks a point.
const DISC_MM: f64 = 0.65;
/// The colour of a band.
const BAND: RGBColor = RGBColor(232, 232, 232);
/// Room that a labelled tick wants along x and along y.
const TICK_ROOM_MM: (f64, f64) = (10.0, 7.0);
impl Axis {
    /// An axis for the values `range`, with ticks at round numbers.
    pub fn new(title: &str, range: Range<f64>, scale: Scale) -> Axis {
        Axis {
            title: title.to_owned(),
            range,
            scale,
            ticks: None,
            upright: false,
        }
    }

    /// The same axis (x) with its labels read from bottom to top: long names in little room.
    pub fn upright(self, upright: bool) -> Axis {
        Axis { upright, ..self }
    }

    /// The same axis with ticks at given values.
    pub fn with_ticks(self, ticks: Vec<Tick>) -> Axis {
        Axis {
            ticks: Some(ticks),
            ..self
        }
    }

    fn span(&self) -> Range<f64> {
        self.scale.place(self.range.start)..self.scale.place(self.range.end)
    }

    fn resolved(self, room: i32, tick_room_mm: f64) -> Axis {
        let wanted = (room / mm(tick_room_mm)).max(2) as usize;
        let ticks = self
            .ticks
            .unwrap_or_else(|| self.scale.ticks(&self.range, wanted));
        Axis {
            ticks: Some(ticks),
            ..self
        }
    }

    fn ticks(&self) -> &[Tick] {
        self.ticks.as_deref().unwrap_or_default()
    }

    /// The height of the labels below an x axis.
    fn label_height(&self) -> i32 {
        if self.upright {
            widest_label(self)
        } else {
            pt(TICK_PT * CAPITAL_HEIGHT)
        }
    }

    /// Whether a value has a place on the axis.
    fn shows(&self, value: f64) -> bool {
        self.scale.holds(value) && (0.0..=1.0).contains(&self.portion(value))
    }

    /// Where along a length `value` lies, 0 … 1.
    fn portion(&self, value: f64) -> f64 {
        let span = self.span();
        (self.scale.place(value) - span.start) / (span.end - span.start)
    }
}

impl<'a> Axes<'a> {
    /// Draws axes, titles and legend on `canvas`.
    pub(crate) fn draw(
        canvas: &Canvas<'a>,
        x: Axis,
        y: Axis,
        legend: Legend,
        entries: &[Entry],
    ) -> Result<Axes<'a>> {
        let canvas = canvas.part(0, 0, canvas.width(), canvas.height());
        let rows = legend::rows_above(legend, entries, canvas.width() - mm(LEFT_MM));
        let top = mm(TOP_MM) + rows.len() as i32 * mm(LINE_MM);
        let bottom =
            canvas.height() - mm(TICK_MM + 2.5 * GAP_MM) - x.label_height() - pt(1.1 * LABEL_PT);
        let y = y.resolved(bottom - top, TICK_ROOM_MM.1);
        let left = left_margin(&y);
        let right = canvas.width() - mm(RIGHT_MM);
        let x = x.resolved(right - left, TICK_ROOM_MM.0);
        let inside = Inside {
            left,
            right,
            top,
            bottom,
        };
        let plot = ChartBuilder::on(canvas.area())
            .margin_left(left)
            .margin_right(canvas.width() - right)
            .margin_top(top)
            .margin_bottom(canvas.height() - bottom)
            .build_cartesian_2d(x.span(), y.span())?
            .plotting_area()
            .clone();
        let axes = Axes {
            plot,
            canvas,
            x,
            y,
            inside,
        };
        axes.draw_x()?;
        axes.draw_y()?;
        legend::draw(&axes.canvas, legend, entries, &rows, (left, right, top))?;
        Ok(axes)
    }

    /// Fills the box between two values of x and two of y; on a logarithmic axis a box from
    /// zero stands on the axis.
    pub(crate) fn bar(&self, x: Range<f64>, y: Range<f64>, colour: RGBColor) -> Result<()> {
        let at = |axis: &Axis, value: f64| {
            let span = axis.span();
            let placed = if axis.scale.holds(value) {
                axis.scale.place(value)
            } else {
                span.start
            };
            placed.clamp(span.start, span.end)
        };
        let corner = |x: f64, y: f64| (at(&self.x, x), at(&self.y, y));
        let corners = [corner(x.start, y.end), corner(x.end, y.start)];
        let style = ShapeStyle::from(&colour.to_rgba()).filled();
        Ok(self.plot.draw(&Rectangle::new(corners, style))?)
    }

    /// Draws a curve through `points`, cut off at the axes' ends.
    pub(crate) fn curve(&self, points: &[(f64, f64)], colour: RGBColor, sign: Sign) -> Result<()> {
        for piece in self.pieces(points) {
            let style = stroke(colour, CURVE_PT);
            match sign {
                Sign::Dots => self.plot.draw(&DashedPathElement::new(
                    piece,
                    pt(1.2 * CURVE_PT),
                    pt(1.6 * CURVE_PT),
                    style,
                ))?,
                Sign::Line | Sign::Square => self.plot.draw(&PathElement::new(piece, style))?,
            }
        }
        Ok(())
    }

    /// Fills the area that `outline` goes around.
    pub(crate) fn area(&self, outline: &[(f64, f64)], colour: RGBColor) -> Result<()> {
        let (xs, ys) = (self.x.span(), self.y.span());
        let corners: Vec<(f64, f64)> = outline
            .iter()
            .map(|point| (self.x.scale.place(point.0), self.y.scale.place(point.1)))
            .map(|(x, y)| (x.clamp(xs.start, xs.end), y.clamp(ys.start, ys.end)))
            .collect();
        Ok(self.plot.draw(&Polygon::new(corners, colour.filled()))?)
    }

    /// Draws a dashed line up from `x`; the label stands on line `row` from the top, right of the
    /// line, or left of it where the right has no room.
    pub(crate) fn mark(&self, x: f64, label: &str, colour: RGBColor, row: usize) -> Result<()> {
        if !self.x.shows(x) {
            return Ok(());
        }
        let (place, span) = (self.x.scale.place(x), self.y.span());
        self.dashed([(place, span.start), (place, span.end)], colour)?;
        let at = self.point(x, self.y.range.end);
        let line = at.1 + row as i32 * mm(LINE_MM);
        let set = Type::size(TICK_PT).colour(colour).below();
        self.beside(label, [at.0, at.0], line, set)
    }

    /// Fills the height between two values of x; the label stands at the top, right of the band, or
    /// left of it where the right has no room.
    pub(crate) fn band(&self, x: Range<f64>, label: &str) -> Result<()> {
        self.bar(x.clone(), self.y.range.clone(), BAND)?;
        let [from, to] = [x.start, x.end].map(|x| self.point(x, self.y.range.end));
        let set = Type::size(TICK_PT).below();
        self.beside(label, [from.0, to.0], from.1 + mm(0.4), set)
    }

    /// Writes a label right of the second of two places on the page, or left of the first where the
    /// right has no room.
    fn beside(&self, label: &str, [from, to]: [i32; 2], line: i32, set: Type) -> Result<()> {
        let gap = mm(1.0);
        if to + gap + set.width(label) <= self.canvas.width() {
            self.canvas.text(label, (to + gap, line), set)
        } else {
            self.canvas.text(label, (from - gap, line), set.ending())
        }
    }

    /// Draws a dashed line, in the coordinates of the plot.
    fn dashed(&self, ends: [(f64, f64); 2], colour: RGBColor) -> Result<()> {
        let set = stroke(colour, MARK_PT);
        Ok(self
            .plot
            .draw(&DashedPathElement::new(ends, mm(1.0), mm(0.7), set))?)
    }

    /// Draws an arrow down to the point `at`, a little above it.
    pub(crate) fn arrow(&self, at: (f64, f64), colour: RGBColor) -> Result<()> {
        let (x, y) = self.point(at.0, at.1);
        let (tip, head, end) = (y - mm(0.9), y - mm(2.1), y - mm(4.6));
        self.canvas.line(&[(x, tip), (x, end)], colour, CURVE_PT)?;
        let wing = mm(0.7);
        self.canvas.line(
            &[(x - wing, head), (x, tip), (x + wing, head)],
            colour,
            CURVE_PT,
        )
    }

    /// Writes words that end a little above the point `at`.
    pub(crate) fn words(&self, words: &str, at: (f64, f64), colour: RGBColor) -> Result<()> {
        let (x, y) = self.point(at.0, at.1);
        let set = Type::size(TICK_PT).colour(colour).ending();
        self.canvas.text(words, (x, y - mm(1.1)), set)
    }

    /// Draws a dashed line across at `y`, its label above or below its right end.
    pub(crate) fn level(&self, y: f64, label: &str, colour: RGBColor, below: bool) -> Result<()> {
        if !self.y.shows(y) {
            return Ok(());
        }
        let (place, span) = (self.y.scale.place(y), self.x.span());
        self.dashed([(span.start, place), (span.end, place)], colour)?;
        let (right, height) = self.point(self.x.range.end, y);
        let set = Type::size(TICK_PT).colour(colour).ending();
        if below {
            return self
                .canvas
                .text(label, (right, height + mm(0.6)), set.below());
        }
        self.canvas.text(label, (right, height - mm(0.6)), set)
    }

    /// Draws a disc about the point `at`; nothing outside the axes.
    pub(crate) fn disc(&self, at: (f64, f64), colour: RGBColor) -> Result<()> {
        if !(self.x.shows(at.0) && self.y.shows(at.1)) {
            return Ok(());
        }
        let place = (self.x.scale.place(at.0), self.y.scale.place(at.1));
        let disc = Circle::new(place, mm(DISC_MM), ShapeStyle::from(&colour).filled());
        Ok(self.plot.draw(&disc)?)
    }

    /// Writes a small label above the point `at`, and above those of `others` that the label
    /// would cover.
    pub(crate) fn note(
        &self,
        label: &str,
        at: (f64, f64),
        others: &[(f64, f64)],
        colour: RGBColor,
    ) -> Result<()> {
        let set = Type::size(TICK_PT).colour(colour).centred();
        let half = set.width(label) / 2;
        let middle = self.point(at.0, at.1).0.clamp(
            self.inside.left + half,
            (self.canvas.width() - half).max(self.inside.left + half),
        );
        let covered = others
            .iter()
            .map(|other| self.point(other.0, other.1))
            .filter(|other| (other.0 - middle).abs() <= half + mm(0.8));
        let top = covered.map(|other| other.1).min();
        let top = top
            .unwrap_or(self.inside.bottom)
            .min(self.point(at.0, at.1).1);
        self.canvas.text(label, (middle, top - mm(0.6)), set)
    }

    /// The part of the canvas within the axes.
    pub(crate) fn within(&self) -> Canvas<'a> {
        let Inside {
            left,
            right,
            top,
            bottom,
        } = self.inside;
        self.canvas.part(left, top, right - left, bottom - top)
    }

    /// Marks a point with a small cross and writes its name beside it.
    pub(crate) fn reference(&self, label: &str, at: (f64, f64), colour: RGBColor) -> Result<()> {
        let (x, y) = self.point(at.0, at.1);
        let arm = mm(0.7);
        self.canvas
            .line(&[(x - arm, y - arm), (x + arm, y + arm)], colour, CURVE_PT)?;
        self.canvas
            .line(&[(x - arm, y + arm), (x + arm, y - arm)], colour, CURVE_PT)?;
        let set = Type::size(TICK_PT).colour(colour).level();
        // Beside the axis there is no room on the left.
        match x - self.inside.left < mm(NAME_ROOM_MM) {
            true => self.canvas.text(label, (x + mm(1.3), y), set),
            false => self.canvas.text(label, (x - mm(1.3), y), set.ending()),
        }
    }

    /// Writes a sentence in the middle of the axes.
    pub(crate) fn sentence(&self, sentence: &str) -> Result<()> {
        let Inside {
            left,
            right,
            top,
            bottom,
        } = self.inside;
        let set = Type::size(LABEL_PT)
            .colour(crate::page::style::GREY)
            .centred()
            .level();
        let lines = set.lines(sentence, right - left - mm(2.0));
        let first = (top + bottom) / 2 - (lines.len() as i32 - 1) * mm(LINE_MM) / 2;
        for (index, line) in lines.iter().enumerate() {
            let at = ((left + right) / 2, first + index as i32 * mm(LINE_MM));
            self.canvas.text(line, at, set)?;
        }
        Ok(())
    }

    /// Width of the interval `x` on the page, in units of the page.
    pub(crate) fn length(&self, x: Range<f64>) -> i32 {
        self.point(x.end, self.y.range.start).0 - self.point(x.start, self.y.range.start).0
    }

    /// Height of the interval `y` on the page, in units of the page; negative downwards.
    pub(crate) fn height(&self, y: Range<f64>) -> i32 {
        self.point(self.x.range.start, y.start).1 - self.point(self.x.range.start, y.end).1
    }

    fn point(&self, x: f64, y: f64) -> (i32, i32) {
        let Inside {
            left,
            right,
            top,
            bottom,
        } = self.inside;
        let along = |from: i32, to: i32, portion: f64| {
            from + (f64::from(to - from) * portion.clamp(0.0, 1.0)).round() as i32
        };
        (
            along(left, right, self.x.portion(x)),
            along(bottom, top, self.y.portion(y)),
        )
    }

    fn draw_x(&self) -> Result<()> {
        let Inside {
            left,
            right,
            bottom,
            ..
        } = self.inside;
        let line = pt(AXIS_PT) / 2;
        self.canvas
            .line(&[(left - line, bottom), (right, bottom)], BLACK, AXIS_PT)?;
        let set = Type::size(TICK_PT).centred().below();
        let mut free = i32::MIN;
        for tick in self.x.ticks() {
            let (at, _) = self.point(tick.value, self.y.range.start);
            self.canvas.line(
                &[(at, bottom), (at, bottom + tick_length(tick))],
                BLACK,
                AXIS_PT,
            )?;
            let Some(label) = &tick.label else { continue };
            if self.x.upright {
                let set = Type::size(TICK_PT).ending().level().upwards();
                self.canvas
                    .text(label, (at, bottom + mm(TICK_MM + GAP_MM)), set)?;
                continue;
            }
            let half = set.width(label) / 2;
            if at - half > free {
                self.canvas
                    .text(label, (at, bottom + mm(TICK_MM + GAP_MM)), set)?;
                free = at + half + mm(GAP_MM);
            }
        }
        let at = (
            (left + right) / 2,
            self.canvas.height() - pt(0.25 * LABEL_PT),
        );
        self.canvas
            .text(&self.x.title, at, Type::size(LABEL_PT).centred())
    }

    fn draw_y(&self) -> Result<()> {
        let Inside {
            left, top, bottom, ..
        } = self.inside;
        let line = pt(AXIS_PT) / 2;
        self.canvas
            .line(&[(left, bottom + line), (left, top)], BLACK, AXIS_PT)?;
        let set = Type::size(TICK_PT).ending().level();
        for tick in self.y.ticks() {
            let (_, at) = self.point(self.x.range.start, tick.value);
            self.canvas.line(
                &[(left - tick_length(tick), at), (left, at)],
                BLACK,
                AXIS_PT,
            )?;
            if let Some(label) = &tick.label {
                self.canvas
                    .text(label, (left - mm(TICK_MM + GAP_MM), at), set)?;
            }
        }
        let set = Type::size(LABEL_PT).centred().upwards();
        self.canvas.text(
            &self.y.title,
            (pt(0.85 * LABEL_PT), (top + bottom) / 2),
            set,
        )
    }

    /// The parts of a curve that lie within the axes, in the coordinates of the plot.
    fn pieces(&self, points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
        let [low, high] = [
            (self.x.span().start, self.y.span().start),
            (self.x.span().end, self.y.span().end),
        ]
        .map(flat);
        let inside = Bounds { low, high };
        let placed: Vec<Vec3> = points
            .iter()
            .filter(|point| self.x.scale.holds(point.0) && self.y.scale.holds(point.1))
            .map(|point| flat((self.x.scale.place(point.0), self.y.scale.place(point.1))))
            .collect();
        let mut pieces: Vec<Vec<(f64, f64)>> = Vec::new();
        for pair in placed.array_windows() {
            let Some(ends) = inside.clip(*pair) else {
                continue;
            };
            let [from, to] = ends.map(|end| (end.x, end.y));
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&from) => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        pieces
    }
}

/// A point of the plot in the plane z = 0.
fn flat((x, y): (f64, f64)) -> Vec3 {
    Vec3::new(x, y, 0.0)
}

fn tick_length(tick: &Tick) -> i32 {
    mm(if tick.label.is_some() {
        TICK_MM
    } else {
        0.6 * TICK_MM
    })
}

fn left_margin(y: &Axis) -> i32 {
    (pt(1.1 * LABEL_PT) + widest_label(y) + mm(TICK_MM + 2.0 * GAP_MM)).max(mm(LEFT_MM))
}

fn widest_label(axis: &Axis) -> i32 {
    let set = Type::size(TICK_PT);
    let labels = axis.ticks().iter().filter_map(|tick| tick.label.as_deref());
    labels.map(|label| set.width(label)).max().unwrap_or(0)
}
