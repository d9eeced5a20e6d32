//! From the rows of a table to what is drawn: groups of bars, outlines of histograms.

use std::ops::Range;

use anyhow::Result;
use plotters::style::RGBColor;
use polars::prelude::DataFrame;

use crate::charts::axes::{Axes, Axis};
use crate::charts::chart::{COUNTS_FROM, Chart};
use crate::charts::scale::{Scale, Tick, extremes, number};
use crate::charts::series::{Row, Series, is_named};
use crate::page::style::{self, mm};

/// The narrowest bar.
const NARROWEST_BAR_MM: f64 = 0.25;

/// The groups of a bar chart: their labels, and for every series its bars (group, value).
pub(crate) struct Groups {
    pub(crate) labels: Vec<String>,
    pub(crate) bars: Vec<Vec<(usize, f64)>>,
}

impl Groups {
    /// The values of all bars.
    pub(crate) fn values(&self) -> Vec<f64> {
        self.bars.iter().flatten().map(|bar| bar.1).collect()
    }

    /// The axis of the labels: one step a group.
    pub(crate) fn axis(&self, title: &str) -> Axis {
        let count = self.labels.len().max(1) as f64;
        let ticks = self.labels.iter().enumerate().map(|(index, label)| Tick {
            value: index as f64,
            label: Some(label.clone()),
        });
        Axis::new(title, -0.6..count - 0.4, Scale::Linear).with_ticks(ticks.collect())
    }
}

pub(crate) fn groups(table: &DataFrame, category: &str, series: &[Series]) -> Result<Groups> {
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
pub(crate) fn chart_rows(
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
pub(crate) fn size_bar(axes: &Axes<'_>, size: f64, (index, parts): (usize, usize)) -> Range<f64> {
    let unit = f64::from(axes.length(size - 0.5..size + 0.5).max(1));
    let width = (0.8 / parts as f64).max(f64::from(mm(NARROWEST_BAR_MM)) / unit);
    let left = size + (index as f64 - parts as f64 / 2.0) * width;
    left..left + width
}

/// The outlines of a histogram, from the axis up and back to it; bins without a value part them.
pub(crate) fn outlines(rows: &[Row], chart: &Chart) -> Vec<Vec<(f64, f64)>> {
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
pub(crate) fn padded(range: Range<f64>) -> Range<f64> {
    let room = 0.015 * (range.end - range.start);
    range.start - room..range.end + room
}

/// The colour mixed half and half with white.
pub(crate) fn lighter(colour: RGBColor) -> RGBColor {
    let half = |part: u8| part / 2 + 127;
    RGBColor(half(colour.0), half(colour.1), half(colour.2))
}
