//! Series: which column of a table a panel draws, of which rows, in which colour.

use anyhow::{Result, anyhow};
use plotters::style::RGBColor;
use polars::prelude::{Column, DataFrame, DataType};

use crate::charts::scale::extremes;
use crate::page::style;

/// A column of a table, or of some rows of it, as one series of a panel.
#[derive(Debug, Clone)]
pub struct Series {
    column: String,
    only: Vec<(String, String)>,
    pub(crate) label: String,
    pub(crate) colour: RGBColor,
    pub(crate) dotted: bool,
}

/// A row of a series: the columns that place it, and its value.
pub(crate) struct Row {
    pub(crate) place: Vec<f64>,
    pub(crate) value: f64,
}

impl Series {
    /// The column `column`, black, without a label (and so not in the legend).
    pub fn column(column: &str) -> Series {
        Series {
            column: column.to_owned(),
            only: Vec::new(),
            label: String::new(),
            colour: style::BLACK,
            dotted: false,
        }
    }

    /// One series of `column` for every sample of the table, named and coloured as the sample is.
    /// A table without rows, or without the column `sample`, has no series.
    pub fn by_sample(table: &DataFrame, column: &str) -> Vec<Series> {
        Series::by(table, "sample", column)
    }

    /// One series of `column` for every value of `key`, in the order in which they first appear.
    pub fn by(table: &DataFrame, key: &str, column: &str) -> Vec<Series> {
        let mut ids: Vec<String> = Vec::new();
        for id in texts(table, key).into_iter().flatten().flatten() {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids.iter()
            .map(|id| {
                Series::column(column)
                    .only(key, id)
                    .label(&style::label(id))
                    .colour(style::colour(id))
            })
            .collect()
    }

    /// Only the rows whose column `key` holds `id`.
    pub fn only(mut self, key: &str, id: &str) -> Series {
        self.only.push((key.to_owned(), id.to_owned()));
        self
    }

    /// The name in the legend.
    pub fn label(self, label: &str) -> Series {
        Series {
            label: label.to_owned(),
            ..self
        }
    }

    /// The colour.
    pub fn colour(self, colour: RGBColor) -> Series {
        Series { colour, ..self }
    }

    /// A dotted curve instead of a solid one.
    pub fn dotted(self) -> Series {
        Series {
            dotted: true,
            ..self
        }
    }

    /// The smallest and the largest value of the series, for axes that several panels share;
    /// `None` without rows.
    ///
    /// # Errors
    /// When the table lacks a column of the series.
    pub fn extent(&self, table: &DataFrame) -> Result<Option<(f64, f64)>> {
        let rows = self.rows(table, &[])?;
        Ok(extremes(rows.iter().map(|row| row.value)))
    }

    /// The rows of this series: the columns `place` and the value. Rows in which one of them is
    /// missing or not finite are left out.
    pub(crate) fn rows(&self, table: &DataFrame, place: &[&str]) -> Result<Vec<Row>> {
        let kept = self.kept(table)?;
        let values = numbers(table, &self.column)?;
        let places = place
            .iter()
            .map(|name| numbers(table, name))
            .collect::<Result<Vec<_>>>()?;
        let row = |index: usize| Row {
            place: places.iter().map(|column| column[index]).collect(),
            value: values[index],
        };
        let finite = |row: &Row| row.value.is_finite() && row.place.iter().all(|x| x.is_finite());
        Ok(kept.into_iter().map(row).filter(finite).collect())
    }

    /// As [`Series::rows`] for a column of names: name and value.
    pub(crate) fn named_rows(&self, table: &DataFrame, name: &str) -> Result<Vec<(String, f64)>> {
        let names = texts(table, name)?;
        let values = numbers(table, &self.column)?;
        Ok(self
            .kept(table)?
            .into_iter()
            .filter(|&index| values[index].is_finite())
            .filter_map(|index| Some((names[index].clone()?, values[index])))
            .collect())
    }

    /// The indices of the rows that belong to the series.
    fn kept(&self, table: &DataFrame) -> Result<Vec<usize>> {
        let mut kept: Vec<usize> = (0..table.height()).collect();
        for (key, id) in &self.only {
            let ids = texts(table, key)?;
            kept.retain(|&index| ids[index].as_deref() == Some(id));
        }
        Ok(kept)
    }
}

/// Whether the column `name` of `table` holds names rather than numbers.
pub(crate) fn is_named(table: &DataFrame, name: &str) -> Result<bool> {
    Ok(column(table, name)?.dtype() == &DataType::String)
}

/// The column `name` as numbers, NaN where one is missing.
fn numbers(table: &DataFrame, name: &str) -> Result<Vec<f64>> {
    let cast = column(table, name)?.cast(&DataType::Float64)?;
    let values = cast.f64()?.iter();
    Ok(values.map(|value| value.unwrap_or(f64::NAN)).collect())
}

/// The column `name` as text.
fn texts(table: &DataFrame, name: &str) -> Result<Vec<Option<String>>> {
    let cast = column(table, name)?.cast(&DataType::String)?;
    let values = cast.str()?.iter();
    Ok(values.map(|value| value.map(ToOwned::to_owned)).collect())
}

fn column<'t>(table: &'t DataFrame, name: &str) -> Result<&'t Column> {
    let known = table.columns().iter().map(|column| column.name().as_str());
    table.column(name).map_err(|_| {
        let known: Vec<&str> = known.collect();
        anyhow!(
            "the table has no column '{name}'; it has {}",
            known.join(", ")
        )
    })
}
