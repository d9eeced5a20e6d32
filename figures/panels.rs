//! One function per kind of panel. Each takes the table of its contract and says which columns
//! it draws; drawn with plotters.

use std::ops::Range;
use std::rc::Rc;

use anyhow::Result;
use plotters::style::RGBColor;
use polars::prelude::DataFrame;

use crate::axes::{Scale, Tick, extremes, nice_range, number};
use crate::frame::{Axis, Entry, Frame, LEFT_MM, Legend, Sign};
use crate::page::Canvas;
use crate::series::{Row, Series, is_named};
use crate::style::{self, LABEL_PT, LIGHT_GREY, NOTE_PT, mm, pt};
use crate::text::{CAPITAL_HEIGHT, Type};

type Draw = dyn Fn(&Canvas<'_>) -> Result<()>;

/// A panel: how it is drawn, and the table that it shows.
pub struct Panel {
    title: String,
    whole: bool,
    table: Option<DataFrame>,
    draw: Box<Draw>,
}

/// What the charts have in common: axes, legend, marks.
#[derive(Debug, Clone)]
pub struct Chart {
    x_title: String,
    y_title: String,
    x_scale: Scale,
    y_scale: Scale,
    x_range: Option<Range<f64>>,
    y_range: Option<Range<f64>>,
    also: (Vec<f64>, Vec<f64>),
    legend: Legend,
    shares: bool,
    empty: String,
    marks: Vec<(f64, String, RGBColor)>,
}

/// Height of the strip that holds a panel's letter and title.
pub(crate) const STRIP_MM: f64 = 4.0;
/// Where a logarithmic axis of counts begins: below one, so that a count of one is a bar.
const COUNTS_FROM: f64 = 0.5;
/// The narrowest bar.
const NARROWEST_BAR_MM: f64 = 0.25;

impl Panel {
    /// A panel that `draw` draws; without a table, and so without a CSV.
    pub fn new(draw: impl Fn(&Canvas<'_>) -> Result<()> + 'static) -> Panel {
        Panel {
            title: String::new(),
            whole: false,
            table: None,
            draw: Box::new(draw),
        }
    }

    /// A line beside the panel's letter.
    pub fn titled(self, title: &str) -> Panel {
        Panel {
            title: title.to_owned(),
            ..self
        }
    }

    /// The panel writes `table` as its CSV (a chart: another one than it draws from).
    pub fn with_table(self, table: &DataFrame) -> Panel {
        Panel {
            table: Some(table.clone()),
            ..self
        }
    }

    /// The panel writes no CSV, because the figure writes the table for several panels
    /// ([`crate::Figure::table`]).
    pub fn without_table(self) -> Panel {
        Panel {
            table: None,
            ..self
        }
    }

    /// The table of the panel.
    pub fn table(&self) -> Option<&DataFrame> {
        self.table.as_ref()
    }

    /// Draws the panel on `canvas`, its title in the strip at the top, `indent` units from the
    /// left.
    pub(crate) fn draw(&self, canvas: &Canvas<'_>, indent: i32) -> Result<()> {
        let strip = if self.whole { 0 } else { mm(STRIP_MM) };
        let set = Type::size(LABEL_PT).below();
        // The title's baseline is the letter's.
        let drop = pt((style::LETTER_PT - LABEL_PT) * CAPITAL_HEIGHT);
        canvas.text(&self.title, (indent, drop), set)?;
        (self.draw)(&canvas.part(0, strip, canvas.width(), canvas.height() - strip))
    }
}

impl Chart {
    /// A chart with linear axes and these titles (with units: `Dihedral angle *φ* (°)`).
    pub fn new(x_title: &str, y_title: &str) -> Chart {
        Chart {
            x_title: x_title.to_owned(),
            y_title: y_title.to_owned(),
            x_scale: Scale::Linear,
            y_scale: Scale::Linear,
            x_range: None,
            y_range: None,
            also: (Vec::new(), Vec::new()),
            legend: Legend::TopRight,
            shares: false,
            empty: "no data".to_owned(),
            marks: Vec::new(),
        }
    }

    /// A logarithmic x axis.
    pub fn log_x(self) -> Chart {
        Chart {
            x_scale: Scale::Log,
            ..self
        }
    }

    /// A logarithmic y axis.
    pub fn log_y(self) -> Chart {
        Chart {
            y_scale: Scale::Log,
            ..self
        }
    }

    /// The values that x holds; without it, those of the data.
    pub fn x_range(self, range: Range<f64>) -> Chart {
        Chart {
            x_range: Some(range),
            ..self
        }
    }

    /// The values that y holds; without it, those of the data, bars and histograms from zero.
    pub fn y_range(self, range: Range<f64>) -> Chart {
        Chart {
            y_range: Some(range),
            ..self
        }
    }

    /// The x axis holds these values beside its own, so that several charts have the same axis
    /// ([`Series::extent`]).
    pub fn x_holds(mut self, extent: Option<(f64, f64)>) -> Chart {
        self.also.0.extend(extent.iter().flat_map(|e| [e.0, e.1]));
        self
    }

    /// As [`Chart::x_holds`], for the y axis.
    pub fn y_holds(mut self, extent: Option<(f64, f64)>) -> Chart {
        self.also.1.extend(extent.iter().flat_map(|e| [e.0, e.1]));
        self
    }

    /// Where the legend stands; at the top on the right unless told.
    pub fn legend(self, legend: Legend) -> Chart {
        Chart { legend, ..self }
    }

    /// Every value is drawn as its share in the sum of its series, so that samples of different
    /// size compare. The CSV keeps the values.
    pub fn shares(self) -> Chart {
        Chart {
            shares: true,
            ..self
        }
    }

    /// The sentence of a chart without data.
    pub fn when_empty(self, sentence: &str) -> Chart {
        Chart {
            empty: sentence.to_owned(),
            ..self
        }
    }

    /// A dashed line up from `x`, with a label at its top.
    pub fn mark(mut self, x: f64, label: &str, colour: RGBColor) -> Chart {
        self.marks.push((x, label.to_owned(), colour));
        self
    }

    /// The smallest and the largest of the values and of those that x has to hold.
    fn x_extremes(&self, values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
        extremes(values.chain(self.also.0.iter().copied()))
    }

    fn x_axis(&self, data: Range<f64>) -> Axis {
        let range = self.x_range.clone().unwrap_or(data);
        Axis::new(&self.x_title, range, self.x_scale)
    }

    /// The y axis for these values; `from_zero` for what is an area or a length.
    fn y_axis(&self, values: &[f64], from_zero: bool) -> Axis {
        let values = [values, &self.also.1].concat();
        let range = self.y_range.clone().unwrap_or_else(|| match self.y_scale {
            Scale::Linear => {
                // The labels of the marks need room above the data.
                let room = 1.0 + 0.12 * self.marks.len() as f64;
                nice_range(values.iter().map(|value| value * room), from_zero, 10)
            }
            Scale::Log => log_range(&values),
        });
        Axis::new(&self.y_title, range, self.y_scale)
    }

    fn frame<'a>(
        &self,
        canvas: &Canvas<'a>,
        x: Axis,
        y: Axis,
        series: &[Series],
        sign: Sign,
    ) -> Result<Frame<'a>> {
        let named = series.iter().filter(|series| !series.label.is_empty());
        let entries: Vec<Entry> = named
            .map(|series| Entry {
                label: series.label.clone(),
                colour: series.colour,
                sign: if series.dotted { Sign::Dots } else { sign },
            })
            .collect();
        let frame = Frame::draw(canvas, x, y, self.legend, &entries)?;
        for (row, (x, label, colour)) in self.marks.iter().enumerate() {
            frame.mark(*x, label, *colour, row)?;
        }
        Ok(frame)
    }

    fn weighed(&self, mut rows: Vec<Row>) -> Vec<Row> {
        let sum: f64 = rows.iter().map(|row| row.value).sum();
        if self.shares && sum > 0.0 {
            for row in &mut rows {
                row.value /= sum;
            }
        }
        rows
    }
}

/// Bars side by side: one group for every value of the column `category` (whole numbers in order,
/// gaps kept; names as they come), in it one bar per series.
pub fn grouped_bars(table: &DataFrame, category: &str, series: Vec<Series>, chart: Chart) -> Panel {
    let (source, category) = (table.clone(), category.to_owned());
    Panel::new(move |canvas| {
        let groups = groups(&source, &category, &series)?;
        let values: Vec<f64> = groups.bars.iter().flatten().map(|bar| bar.1).collect();
        let count = groups.labels.len().max(1) as f64;
        let ticks = groups.labels.iter().enumerate().map(|(index, label)| Tick {
            value: index as f64,
            label: Some(label.clone()),
        });
        let x =
            Axis::new(&chart.x_title, -0.6..count - 0.4, Scale::Linear).with_ticks(ticks.collect());
        let y = chart.y_axis(&values, true);
        let frame = chart.frame(canvas, x, y, &series, Sign::Square)?;
        if values.is_empty() {
            return frame.sentence(&chart.empty);
        }
        let width = 0.8 / series.len() as f64;
        for (index, (series, bars)) in series.iter().zip(&groups.bars).enumerate() {
            for &(group, value) in bars.iter().filter(|bar| bar.1 > 0.0) {
                let left = group as f64 - 0.4 + index as f64 * width;
                frame.bar(left..left + 0.96 * width, 0.0..value, series.colour)?;
            }
        }
        Ok(())
    })
    .with_table(table)
}

/// A histogram whose bins lie between the columns `low` and `high`: a filled outline for a single
/// series, outlines for several.
pub fn histogram(
    table: &DataFrame,
    (low, high): (&str, &str),
    series: Vec<Series>,
    chart: Chart,
) -> Panel {
    let (source, bins) = (table.clone(), [low.to_owned(), high.to_owned()]);
    Panel::new(move |canvas| {
        let bins = [bins[0].as_str(), bins[1].as_str()];
        let rows = chart_rows(&source, &bins, &series, &chart)?;
        let edges = rows.iter().flatten().flat_map(|row| row.place.clone());
        let range = chart
            .x_extremes(edges)
            .map_or(0.0..1.0, |(low, high)| padded(low..high));
        let values: Vec<f64> = rows.iter().flatten().map(|row| row.value).collect();
        let (x, y) = (chart.x_axis(range), chart.y_axis(&values, true));
        let sign = if series.len() > 1 {
            Sign::Line
        } else {
            Sign::Square
        };
        let frame = chart.frame(canvas, x, y, &series, sign)?;
        if values.iter().all(|&value| value == 0.0) {
            return frame.sentence(&chart.empty);
        }
        for (series, rows) in series.iter().zip(&rows) {
            let line = if series.dotted {
                Sign::Dots
            } else {
                Sign::Line
            };
            for outline in outlines(rows, &chart) {
                if sign == Sign::Square {
                    frame.area(&outline, lighter(series.colour))?;
                }
                frame.curve(&outline, series.colour, line)?;
            }
        }
        Ok(())
    })
    .with_table(table)
}

/// Counts against a whole number (networks against size): thin bars, side by side for several
/// series, on a logarithmic axis of counts on which a count of one is visible. The largest size of
/// each series is written above its bar.
pub fn size_histogram(table: &DataFrame, size: &str, series: Vec<Series>, chart: Chart) -> Panel {
    let (source, size, chart) = (table.clone(), size.to_owned(), chart.log_y());
    Panel::new(move |canvas| {
        let rows = chart_rows(&source, &[&size], &series, &chart)?;
        let sizes = rows.iter().flatten().map(|row| row.place[0]);
        let range = match (chart.x_scale, chart.x_extremes(sizes)) {
            (Scale::Linear, Some((_, high))) => {
                0.0..nice_range([high + 1.0].into_iter(), true, 12).end
            }
            (Scale::Log, Some((low, high))) => 0.7 * low..1.6 * high,
            (_, None) => 0.7..10.0,
        };
        let values: Vec<f64> = rows.iter().flatten().map(|row| row.value).collect();
        let (x, y) = (chart.x_axis(range), chart.y_axis(&values, true));
        let frame = chart.frame(canvas, x, y, &series, Sign::Square)?;
        if values.iter().all(|&value| value == 0.0) {
            return frame.sentence(&chart.empty);
        }
        let parts = series.len();
        for (index, (series, rows)) in series.iter().zip(&rows).enumerate() {
            for row in rows.iter().filter(|row| row.value > 0.0) {
                let bar = size_bar(&frame, chart.x_scale, row.place[0], (index, parts));
                frame.bar(bar, 0.0..row.value, series.colour)?;
            }
            let drawn = rows.iter().filter(|row| row.value > 0.0);
            if let Some(last) = drawn.max_by(|a, b| a.place[0].total_cmp(&b.place[0])) {
                let label = number(last.place[0], 1.0);
                frame.note(&label, last.place[0], last.value, series.colour)?;
            }
        }
        Ok(())
    })
    .with_table(table)
}

/// Curves against the column `x`, solid or dotted.
pub fn curves(table: &DataFrame, x: &str, series: Vec<Series>, chart: Chart) -> Panel {
    let (source, column) = (table.clone(), x.to_owned());
    Panel::new(move |canvas| {
        let rows = chart_rows(&source, &[&column], &series, &chart)?;
        let places = rows.iter().flatten().map(|row| row.place[0]);
        let range = chart
            .x_extremes(places)
            .map_or(0.0..1.0, |(low, high)| low..high.max(low + 1e-9));
        let values: Vec<f64> = rows.iter().flatten().map(|row| row.value).collect();
        let (x, y) = (chart.x_axis(range), chart.y_axis(&values, false));
        let frame = chart.frame(canvas, x, y, &series, Sign::Line)?;
        if values.is_empty() {
            return frame.sentence(&chart.empty);
        }
        for (series, rows) in series.iter().zip(&rows) {
            let points: Vec<(f64, f64)> =
                rows.iter().map(|row| (row.place[0], row.value)).collect();
            let sign = if series.dotted {
                Sign::Dots
            } else {
                Sign::Line
            };
            frame.curve(&points, series.colour, sign)?;
        }
        Ok(())
    })
    .with_table(table)
}

/// A picture (a PNG), as large as the panel allows, its proportions kept.
pub fn picture(png: Vec<u8>) -> Panel {
    let png = Rc::new(png);
    Panel::new(move |canvas| canvas.image(Rc::clone(&png)))
}

/// A light frame with a sentence: what is drawn here some other time, or what is missing.
pub fn placeholder(sentence: &str) -> Panel {
    let sentence = sentence.to_owned();
    Panel::new(move |canvas| {
        let (width, height) = (canvas.width(), canvas.height());
        canvas.frame([(0, 0), (width, height)], LIGHT_GREY, style::AXIS_PT)?;
        let set = Type::size(NOTE_PT).colour(style::GREY).centred().level();
        let lines = set.lines(&sentence, width - mm(4.0));
        let first = height / 2 - (lines.len() as i32 - 1) * mm(2.8) / 2;
        for (index, line) in lines.iter().enumerate() {
            canvas.text(line, (width / 2, first + index as i32 * mm(2.8)), set)?;
        }
        Ok(())
    })
}

/// Panels of equal width side by side under one letter, each with its own title. Their tables
/// are left to the figure ([`crate::Figure::table`]).
pub fn side_by_side(panels: Vec<Panel>) -> Panel {
    let draw = move |canvas: &Canvas<'_>| {
        let count = panels.len().max(1) as i32;
        let gap = mm(3.0);
        let width = (canvas.width() - (count - 1) * gap) / count;
        for (index, panel) in panels.iter().enumerate() {
            let left = index as i32 * (width + gap);
            let part = canvas.part(left, 0, width, canvas.height());
            panel.draw(&part, mm(LEFT_MM))?;
        }
        Ok(())
    };
    Panel {
        whole: true,
        ..Panel::new(draw)
    }
}

/// The groups of a bar chart: their labels, and for every series its bars (group, value).
struct Groups {
    labels: Vec<String>,
    bars: Vec<Vec<(usize, f64)>>,
}

fn groups(table: &DataFrame, category: &str, series: &[Series]) -> Result<Groups> {
    if is_named(table, category)? {
        named_groups(table, category, series)
    } else {
        numbered_groups(table, category, series)
    }
}

fn named_groups(table: &DataFrame, category: &str, series: &[Series]) -> Result<Groups> {
    let mut names: Vec<String> = Vec::new();
    let mut bars = Vec::new();
    for series in series {
        let mut of_series = Vec::new();
        for (name, value) in series.named_rows(table, category)? {
            let known = names.iter().position(|other| *other == name);
            let group = known.unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            });
            of_series.push((group, value));
        }
        bars.push(of_series);
    }
    let labels = names.iter().map(|name| style::label(name)).collect();
    Ok(Groups { labels, bars })
}

fn numbered_groups(table: &DataFrame, category: &str, series: &[Series]) -> Result<Groups> {
    let rows = series
        .iter()
        .map(|series| series.rows(table, &[category]))
        .collect::<Result<Vec<_>>>()?;
    let Some((low, high)) = extremes(rows.iter().flatten().map(|row| row.place[0])) else {
        return Ok(Groups {
            labels: Vec::new(),
            bars: vec![Vec::new(); series.len()],
        });
    };
    let (low, high) = (low.round() as i64, high.round() as i64);
    let bar = |row: &Row| ((row.place[0].round() as i64 - low) as usize, row.value);
    Ok(Groups {
        labels: (low..=high)
            .map(|value| number(value as f64, 1.0))
            .collect(),
        bars: rows
            .iter()
            .map(|rows| rows.iter().map(bar).collect())
            .collect(),
    })
}

/// The rows of every series, as values or as shares.
fn chart_rows(
    table: &DataFrame,
    place: &[&str],
    series: &[Series],
    chart: &Chart,
) -> Result<Vec<Vec<Row>>> {
    series
        .iter()
        .map(|series| Ok(chart.weighed(series.rows(table, place)?)))
        .collect()
}

/// The bar of a size: its part of the unit around the size, never narrower than can be seen.
fn size_bar(
    frame: &Frame<'_>,
    scale: Scale,
    size: f64,
    (index, parts): (usize, usize),
) -> Range<f64> {
    if scale == Scale::Log {
        // Bars of equal width on the page.
        let half = 1.02_f64.powf(1.0 / parts as f64);
        let middle = size * half.powf(2.0 * index as f64 + 1.0 - parts as f64);
        return middle / half..middle * half;
    }
    let unit = f64::from(frame.length(0.0..1.0).max(1));
    let width = (0.8 / parts as f64).max(f64::from(mm(NARROWEST_BAR_MM)) / unit);
    let left = size + (index as f64 - parts as f64 / 2.0) * width;
    left..left + width
}

/// The outlines of a histogram, from the axis up and back to it; bins without a value part them.
fn outlines(rows: &[Row], chart: &Chart) -> Vec<Vec<(f64, f64)>> {
    let floor = match (&chart.y_range, chart.y_scale) {
        (Some(range), _) => range.start,
        (None, Scale::Linear) => 0.0,
        (None, Scale::Log) => COUNTS_FROM,
    };
    let mut outlines: Vec<Vec<(f64, f64)>> = Vec::new();
    for row in rows.iter().filter(|row| row.value > floor) {
        let (low, high, value) = (row.place[0], row.place[1], row.value);
        let adjoins = |outline: &Vec<(f64, f64)>| {
            let end = outline.last().map_or(f64::NAN, |point| point.0);
            (end - low).abs() < 1e-6 * (high - low)
        };
        match outlines.last_mut() {
            Some(outline) if adjoins(outline) => outline.extend([(low, value), (high, value)]),
            _ => outlines.push(vec![(low, floor), (low, value), (high, value)]),
        }
    }
    for outline in &mut outlines {
        let end = outline.last().map_or(0.0, |point| point.0);
        outline.push((end, floor));
    }
    outlines
}

/// The range with a little room on both sides, so that the outermost outline is not on the axis.
fn padded(range: Range<f64>) -> Range<f64> {
    let room = 0.015 * (range.end - range.start);
    range.start - room..range.end + room
}

/// A range of powers of ten that holds the positive values; counts begin at one half.
fn log_range(values: &[f64]) -> Range<f64> {
    let positive = values.iter().copied().filter(|value| *value > 0.0);
    let Some((low, high)) = extremes(positive) else {
        return COUNTS_FROM..10.0;
    };
    let start = if low >= 1.0 {
        COUNTS_FROM
    } else {
        10_f64.powf(low.log10().floor())
    };
    start..(1.5 * high).max(10.0 * start)
}

/// The colour mixed half and half with white.
fn lighter(colour: RGBColor) -> RGBColor {
    let half = |part: u8| part / 2 + 127;
    RGBColor(half(colour.0), half(colour.1), half(colour.2))
}
