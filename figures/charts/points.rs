//! Panels of points: a value beside each name.

use plotters::style::RGBColor;
use polars::prelude::DataFrame;

use crate::charts::chart::Chart;
use crate::charts::legend::Sign;
use crate::charts::series::Series;
use crate::charts::shapes::groups;
use crate::page::panel::Panel;
use crate::page::style::mm;

/// How much room above its line a label of a line wants.
const LABEL_ROOM_MM: f64 = 3.5;

/// A dashed line across a chart: value, label, colour.
pub type Level = (f64, String, RGBColor);

/// One disc per series above every name in the column `category`, and dashed lines across.
pub fn points(
    table: &DataFrame,
    category: &str,
    series: Vec<Series>,
    levels: Vec<Level>,
    chart: Chart,
) -> Panel {
    let (source, category) = (table.clone(), category.to_owned());
    Panel::new(move |canvas| {
        let groups = groups(&source, &category, &series)?;
        let values = groups.values();
        let x = groups.axis(&chart.x_title);
        let y = chart.y_axis(&values, false);
        let axes = chart.axes(canvas, x, y, &series, Sign::Square)?;
        if values.is_empty() {
            return chart.without_data(&axes);
        }
        chart.marks(&axes)?;
        for (value, label, colour) in &levels {
            // The label stands above the line's end, unless a point is close above it.
            let last = groups.bars.iter().flatten();
            let last = last.filter(|bar| bar.0 + 1 == groups.labels.len());
            let mut heights = last.map(|bar| axes.height(*value..bar.1));
            let below = heights.any(|height| (0..mm(LABEL_ROOM_MM)).contains(&height));
            axes.level(*value, label, *colour, below)?;
        }
        for (series, points) in series.iter().zip(&groups.bars) {
            for &(group, value) in points {
                axes.disc((group as f64, value), series.colour)?;
            }
        }
        Ok(())
    })
    .with_table(table)
}
