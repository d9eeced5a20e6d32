//! One function per kind of chart. Each takes the table of its contract and says which columns
//! it draws; drawn with plotters.

use polars::prelude::DataFrame;

use crate::charts::chart::Chart;
use crate::charts::legend::Sign;
use crate::charts::scale::{Scale, nice_range, number};
use crate::charts::series::Series;
use crate::charts::shapes::{chart_rows, groups, lighter, outlines, padded, size_bar};
use crate::page::panel::Panel;
use crate::page::style;

/// Bars side by side: one group for every value of the column `category` (whole numbers in order,
/// gaps kept; names as they come), in it one bar per series.
pub fn grouped_bars(table: &DataFrame, category: &str, series: Vec<Series>, chart: Chart) -> Panel {
    let (source, category) = (table.clone(), category.to_owned());
    Panel::new(move |canvas| {
        let groups = groups(&source, &category, &series)?;
        let values = groups.values();
        let x = groups.axis(&chart.x_title).upright(chart.upright);
        let y = chart.y_axis(&values, true);
        let axes = chart.axes(canvas, x, y, &series, Sign::Square)?;
        if values.is_empty() {
            return chart.without_data(&axes);
        }
        let width = 0.8 / series.len() as f64;
        for (index, (series, bars)) in series.iter().zip(&groups.bars).enumerate() {
            for &(group, value) in bars.iter().filter(|bar| bar.1 > 0.0) {
                let left = group as f64 - 0.4 + index as f64 * width;
                axes.bar(left..left + 0.96 * width, 0.0..value, series.colour)?;
            }
        }
        chart.marks(&axes)
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
        let axes = chart.axes(canvas, x, y, &series, sign)?;
        if values.iter().all(|&value| value == 0.0) {
            return chart.without_data(&axes);
        }
        // Over what is filled, which would hide them, and under lines.
        let filled = sign == Sign::Square;
        if !filled {
            chart.marks(&axes)?;
        }
        for (series, rows) in series.iter().zip(&rows) {
            let line = if series.dotted {
                Sign::Dots
            } else {
                Sign::Line
            };
            for outline in outlines(rows, &chart) {
                if filled {
                    axes.area(&outline, lighter(series.colour))?;
                }
                axes.curve(&outline, series.colour, line)?;
            }
        }
        if filled {
            chart.marks(&axes)?;
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
        let axes = chart.axes(canvas, x, y, &series, Sign::Square)?;
        if values.iter().all(|&value| value == 0.0) {
            return chart.without_data(&axes);
        }
        let parts = series.len();
        for (index, (series, rows)) in series.iter().zip(&rows).enumerate() {
            for row in rows.iter().filter(|row| row.value > 0.0) {
                let bar = size_bar(&axes, row.place[0], (index, parts));
                axes.bar(bar, 0.0..row.value, series.colour)?;
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
                axes.note(&number(at.0, 1.0), at, &bars, colour)?;
            }
        }
        chart.marks(&axes)
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
        let axes = chart.axes(canvas, x, y, &series, Sign::Line)?;
        if values.is_empty() {
            return chart.without_data(&axes);
        }
        chart.marks(&axes)?;
        for (series, rows) in series.iter().zip(&rows) {
            let points: Vec<(f64, f64)> =
                rows.iter().map(|row| (row.place[0], row.value)).collect();
            let sign = if series.dotted {
                Sign::Dots
            } else {
                Sign::Line
            };
            axes.curve(&points, series.colour, sign)?;
            for &point in points.iter().filter(|_| discs) {
                axes.disc(point, series.colour)?;
            }
        }
        Ok(())
    })
    .with_table(table)
}
