//! A sample's rows: the one shape that every table is made from.

use polars::prelude::*;

use crate::analysis::Analysis;
use crate::network::MotifNetworks;
use crate::numerics::Histogram;

/// One sample's part of a table: what it is called, how hot it is, and what its rows are made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rows<'a, T> {
    /// The sample id of the tables.
    pub sample: &'a str,
    /// The temperature of a simulated frame in kelvin; `None` of the experiment.
    pub temperature_k: Option<f64>,
    /// What the rows are made of.
    pub of: T,
}

/// An analysis with the networks of one fold.
#[derive(Debug, Clone, Copy)]
pub struct Networks<'a> {
    /// The sample.
    pub analysis: &'a Analysis,
    /// Bipyramids and networks.
    pub found: &'a MotifNetworks,
}

/// A sample's rows of a table of networks.
pub type NetworkRows<'a> = Rows<'a, Networks<'a>>;

impl<'a, T> Rows<'a, T> {
    /// The rows of a measured sample.
    pub fn new(sample: &'a str, of: T) -> Rows<'a, T> {
        Rows {
            sample,
            temperature_k: None,
            of,
        }
    }

    /// The rows of a frame that was simulated at so many kelvin.
    pub fn at(self, temperature_k: f64) -> Rows<'a, T> {
        Rows {
            temperature_k: Some(temperature_k),
            ..self
        }
    }

    /// The same sample's rows of something else.
    pub fn with<U>(&self, of: U) -> Rows<'a, U> {
        Rows {
            sample: self.sample,
            temperature_k: self.temperature_k,
            of,
        }
    }
}

/// The sample ids, a row each.
pub(super) fn samples<'a, T>(rows: &[Rows<'a, T>]) -> Vec<&'a str> {
    rows.iter().map(|rows| rows.sample).collect()
}

/// The temperatures, a row each.
pub(super) fn temperatures<T>(rows: &[Rows<'_, T>]) -> Vec<Option<f64>> {
    rows.iter().map(|rows| rows.temperature_k).collect()
}

/// What each sample's part consists of, one after the other, and the sample of each.
pub(super) fn flattened<'a, T, R>(
    entries: &[Rows<'a, T>],
    parts: impl Fn(&T) -> Vec<R>,
) -> (Vec<&'a str>, Vec<R>) {
    let parts = entries.iter().flat_map(|Rows { sample, of, .. }| {
        let parts = parts(of).into_iter();
        parts.map(|part| (*sample, part))
    });
    parts.unzip()
}

/// A column: of every part its value.
pub(super) fn column<R, V>(parts: &[R], value: impl Fn(&R) -> V) -> Vec<V> {
    parts.iter().map(value).collect()
}

/// A table of histograms, a row for each bin: the sample, the ends of the bin by these names, and the
/// count.
pub(super) fn histogram_table(
    histograms: &[Rows<'_, Histogram>],
    (low_name, high_name): (&str, &str),
) -> PolarsResult<DataFrame> {
    let (mut samples, mut count) = (Vec::new(), Vec::new());
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for Rows { sample, of, .. } in histograms {
        for (ends, counted) in of.rows() {
            samples.push(*sample);
            low.push(ends.0);
            high.push(ends.1);
            count.push(counted);
        }
    }
    df!("sample" => samples, low_name => low, high_name => high, "count" => count)
}
