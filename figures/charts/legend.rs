//! The legend of a chart.

use anyhow::Result;
use plotters::element::DashedPathElement;
use plotters::style::RGBColor;

use crate::page::canvas::{Canvas, stroke};
use crate::page::style::{CURVE_PT, TICK_PT, mm, pt};
use crate::page::text::Type;

/// Where the legend stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legend {
    /// Inside the axes, at the top on the right.
    TopRight,
    /// Inside the axes, at the top on the left.
    TopLeft,
    /// In a row above the axes.
    Above,
    /// There is none.
    None,
}

/// A name in the legend with its sign.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) label: String,
    pub(crate) colour: RGBColor,
    pub(crate) sign: Sign,
}

/// The sign of a series in the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Square,
    Line,
    Dots,
}

/// Length of the sign of a curve in the legend, and the side of a square.
const SIGN_MM: (f64, f64) = (4.0, 1.8);
/// Distance between two lines of a legend.
pub(crate) const LINE_MM: f64 = 3.1;

/// Draws a legend within or above the axes, whose left side, right side and top are given.
pub(crate) fn draw(
    canvas: &Canvas<'_>,
    legend: Legend,
    entries: &[Entry],
    rows: &[Vec<Entry>],
    (left, right, top): (i32, i32, i32),
) -> Result<()> {
    let set = Type::size(TICK_PT);
    let widest = entries.iter().map(|entry| entry_width(entry, set)).max();
    let column = match legend {
        Legend::None => return Ok(()),
        Legend::Above => {
            for (line, row) in rows.iter().enumerate() {
                let mut at = left;
                for entry in row {
                    draw_entry(canvas, entry, at, line as i32 * mm(LINE_MM), set)?;
                    at += entry_width(entry, set) + mm(3.0);
                }
            }
            return Ok(());
        }
        Legend::TopRight => right - widest.unwrap_or(0),
        Legend::TopLeft => left + mm(2.0),
    };
    for (line, entry) in entries.iter().enumerate() {
        draw_entry(canvas, entry, column, top + line as i32 * mm(LINE_MM), set)?;
    }
    Ok(())
}

fn draw_entry(canvas: &Canvas<'_>, entry: &Entry, left: i32, top: i32, set: Type) -> Result<()> {
    let middle = top + mm(SIGN_MM.1) / 2;
    let sign = sign_width(entry);
    match entry.sign {
        Sign::Square => canvas.fill(
            [(left, top), (left + sign, top + mm(SIGN_MM.1))],
            entry.colour,
        )?,
        Sign::Line => canvas.line(
            &[(left, middle), (left + sign, middle)],
            entry.colour,
            CURVE_PT,
        )?,
        Sign::Dots => canvas.area().draw(&DashedPathElement::new(
            [(left, middle), (left + sign, middle)],
            pt(1.2 * CURVE_PT),
            pt(1.6 * CURVE_PT),
            stroke(entry.colour, CURVE_PT),
        ))?,
    }
    canvas.text(&entry.label, (left + sign + mm(1.0), middle), set.level())
}

fn sign_width(entry: &Entry) -> i32 {
    mm(if entry.sign == Sign::Square {
        SIGN_MM.1
    } else {
        SIGN_MM.0
    })
}

fn entry_width(entry: &Entry, set: Type) -> i32 {
    sign_width(entry) + mm(1.0) + set.width(&entry.label)
}

/// The lines of a legend above the axes, each not wider than `width`.
pub(crate) fn rows_above(legend: Legend, entries: &[Entry], width: i32) -> Vec<Vec<Entry>> {
    let mut rows: Vec<Vec<Entry>> = Vec::new();
    if legend != Legend::Above {
        return rows;
    }
    let set = Type::size(TICK_PT);
    let mut free = 0;
    for entry in entries {
        let wanted = entry_width(entry, set) + mm(3.0);
        match rows.last_mut() {
            Some(row) if wanted <= free => row.push(entry.clone()),
            _ => {
                rows.push(vec![entry.clone()]);
                free = width;
            }
        }
        free -= wanted;
    }
    rows
}
