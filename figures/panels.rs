//! One function per kind of panel. Each takes the table of its contract and says which columns
//! it draws; drawn with plotters.

use std::rc::Rc;

use anyhow::Result;
use polars::prelude::DataFrame;

use crate::axes::{Scale, Tick, nice_range, number};
use crate::chart::Chart;
use crate::frame::{Axis, LEFT_MM};
use crate::legend::Sign;
use crate::page::Canvas;
use crate::series::Series;
use crate::shapes::{chart_rows, groups, lighter, outlines, padded, size_bar};
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

/// Height of the strip that holds a panel's letter and title.
pub(crate) const STRIP_MM: f64 = 4.0;
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

    /// The panel with another, smaller one before it, in the rectangle from `from` to `to`: parts
    /// of the panel's width and height, counted from the top left corner below its title.
    pub fn with_inset(self, inset: Panel, from: (f64, f64), to: (f64, f64)) -> Panel {
        let under = self.draw;
        let draw = move |canvas: &Canvas<'_>| {
            under(canvas)?;
            let x = |part: f64| (part * f64::from(canvas.width())).round() as i32;
            let y = |part: f64| (part * f64::from(canvas.height())).round() as i32;
            let (left, top) = (x(from.0), y(from.1));
            (inset.draw)(&canvas.part(left, top, x(to.0) - left, y(to.1) - top))
        };
        Panel {
            draw: Box::new(draw),
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
        let x = Axis::new(&chart.x_title, -0.6..count - 0.4, Scale::Linear)
            .with_ticks(ticks.collect())
            .upright(chart.upright);
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

/// Counts against a whole number, 1 or more (networks against size): thin bars, side by side for several
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
            (Scale::Log, Some((low, high))) => low - 0.5..1.3 * high,
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
                let bar = size_bar(&frame, row.place[0], (index, parts));
                frame.bar(bar, 0.0..row.value, series.colour)?;
            }
            let drawn = rows.iter().filter(|row| row.value > 0.0);
            if let Some(last) = drawn.max_by(|a, b| a.place[0].total_cmp(&b.place[0])) {
                let bars: Vec<(f64, f64)> = rows.iter().map(|r| (r.place[0], r.value)).collect();
                let colour = if parts > 1 {
                    series.colour
                } else {
                    style::BLACK
                };
                let at = (last.place[0], last.value);
                frame.note(&number(at.0, 1.0), at, &bars, colour)?;
            }
        }
        Ok(())
    })
    .with_table(table)
}

/// Curves against the column `x`, solid or dotted.
pub fn curves(table: &DataFrame, x: &str, series: Vec<Series>, chart: Chart) -> Panel {
    lines(table, x, series, chart, false)
}

/// Discs against the column `x`, joined by a line in the order of the rows.
pub fn joined_points(table: &DataFrame, x: &str, series: Vec<Series>, chart: Chart) -> Panel {
    lines(table, x, series, chart, true)
}

fn lines(table: &DataFrame, x: &str, series: Vec<Series>, chart: Chart, discs: bool) -> Panel {
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
            for &point in points.iter().filter(|_| discs) {
                frame.disc(point, series.colour)?;
            }
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

/// One panel above another, which gets `below_mm` millimetres, under the letter and title of the
/// upper one.
pub fn above(upper: Panel, lower: Panel, below_mm: f64) -> Panel {
    let over = upper.draw;
    let draw = move |canvas: &Canvas<'_>| {
        let (width, top) = (canvas.width(), canvas.height() - mm(below_mm));
        over(&canvas.part(0, 0, width, top))?;
        (lower.draw)(&canvas.part(0, top, width, canvas.height() - top))
    };
    Panel {
        title: upper.title,
        whole: upper.whole,
        table: upper.table,
        draw: Box::new(draw),
    }
}
