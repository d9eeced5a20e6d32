//! What the charts have in common: axes and their ranges, legend, marks.

use std::ops::Range;

use anyhow::Result;
use plotters::style::RGBColor;

use crate::charts::axes::{Axes, Axis};
use crate::charts::legend::{Entry, Legend, Sign};
use crate::charts::scale::{Scale, extremes, nice_range};
use crate::charts::series::{Row, Series};
use crate::page::canvas::Canvas;

/// What the charts have in common: axes, legend, marks.
#[derive(Debug, Clone)]
pub struct Chart {
    pub(crate) x_title: String,
    y_title: String,
    pub(crate) x_scale: Scale,
    pub(crate) y_scale: Scale,
    x_range: Option<Range<f64>>,
    pub(crate) y_range: Option<Range<f64>>,
    also: (Vec<f64>, Vec<f64>),
    legend: Legend,
    shares: bool,
    pub(crate) upright: bool,
    pub(crate) empty: String,
    marks: Vec<(f64, String, RGBColor)>,
    bands: Vec<(Range<f64>, String)>,
}

/// Where a logarithmic axis of counts begins: below one, so that a count of one is a bar.
pub(crate) const COUNTS_FROM: f64 = 0.5;

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
            upright: false,
            empty: "no data".to_owned(),
            marks: Vec::new(),
            bands: Vec::new(),
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

    /// The labels along x are read from bottom to top.
    pub fn upright_labels(self) -> Chart {
        Chart {
            upright: true,
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

    /// A dashed line up from `x`, over what is filled and under curves, with a label at its top.
    pub fn mark(mut self, x: f64, label: &str, colour: RGBColor) -> Chart {
        self.marks.push((x, label.to_owned(), colour));
        self
    }

    /// A grey band behind the data between two values of x, with a label at its top.
    pub fn band(mut self, x: Range<f64>, label: &str) -> Chart {
        self.bands.push((x, label.to_owned()));
        self
    }

    /// The smallest and the largest of the values and of those that x has to hold.
    pub(crate) fn x_extremes(&self, values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
        extremes(values.chain(self.also.0.iter().copied()))
    }

    pub(crate) fn x_axis(&self, data: Range<f64>) -> Axis {
        let range = self.x_range.clone().unwrap_or(data);
        Axis::new(&self.x_title, range, self.x_scale)
    }

    /// The y axis for these values; `from_zero` for what is an area or a length.
    pub(crate) fn y_axis(&self, values: &[f64], from_zero: bool) -> Axis {
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

    /// Axes, legend and bands: what lies behind the data. The marks come by [`Chart::marks`], over what
    /// is filled and behind curves.
    pub(crate) fn axes<'a>(
        &self,
        canvas: &Canvas<'a>,
        x: Axis,
        y: Axis,
        series: &[Series],
        sign: Sign,
    ) -> Result<Axes<'a>> {
        let named = series.iter().filter(|series| !series.label.is_empty());
        let entries: Vec<Entry> = named
            .map(|series| Entry {
                label: series.label.clone(),
                colour: series.colour,
                sign: if series.dotted { Sign::Dots } else { sign },
            })
            .collect();
        let axes = Axes::draw(canvas, x, y, self.legend, &entries)?;
        for (x, label) in &self.bands {
            axes.band(x.clone(), label)?;
        }
        Ok(axes)
    }

    /// Draws the marks.
    pub(crate) fn marks(&self, axes: &Axes<'_>) -> Result<()> {
        let mut marks = self.marks.iter().enumerate();
        marks.try_for_each(|(row, (x, label, colour))| axes.mark(*x, label, *colour, row))
    }

    /// Finishes the axes of a chart without data: the marks and the sentence.
    pub(crate) fn without_data(&self, axes: &Axes<'_>) -> Result<()> {
        self.marks(axes)?;
        axes.sentence(&self.empty)
    }

    pub(crate) fn weighed(&self, mut rows: Vec<Row>) -> Vec<Row> {
        let sum: f64 = rows.iter().map(|row| row.value).sum();
        if self.shares && sum > 0.0 {
            for row in &mut rows {
                row.value /= sum;
            }
        }
        rows
    }
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
