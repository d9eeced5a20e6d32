//! A panel: what is drawn in one rectangle of a page under one letter, and the table that it shows;
//! and how panels are put together.

use std::rc::Rc;

use anyhow::Result;
use polars::prelude::DataFrame;

use super::canvas::Canvas;
use super::style::{self, LABEL_PT, LEFT_MM, LIGHT_GREY, NOTE_PT, mm, pt};
use super::text::{CAPITAL_HEIGHT, Type};

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

/// A picture (a PNG), as large as the panel allows, its proportions kept.
pub fn picture(png: Vec<u8>) -> Panel {
    let png = Rc::new(png);
    Panel::new(move |canvas| canvas.image(Rc::clone(&png)))
}

/// A light outline with a sentence: what is drawn here some other time, or what is missing.
pub fn placeholder(sentence: &str) -> Panel {
    let sentence = sentence.to_owned();
    Panel::new(move |canvas| {
        let (width, height) = (canvas.width(), canvas.height());
        canvas.outline([(0, 0), (width, height)], LIGHT_GREY, style::AXIS_PT)?;
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
