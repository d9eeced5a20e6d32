//! A panel of words and numbers in rows and columns.

use crate::page::panel::Panel;
use crate::page::style::{self, AXIS_PT, LABEL_PT, LIGHT_GREY, mm, pt};
use crate::page::text::Type;

/// Distance between two rows.
const ROW_MM: f64 = 4.6;

/// Rows of cells under a header; the first column is as wide as it needs, the others share the
/// rest, centred. A light line stands under the header.
pub fn listing<const N: usize>(header: [&str; N], rows: Vec<[String; N]>, note: &str) -> Panel {
    let all: Vec<[String; N]> = [header.map(ToOwned::to_owned)]
        .into_iter()
        .chain(rows)
        .collect();
    let note = note.to_owned();
    Panel::new(move |canvas| {
        let set = Type::size(LABEL_PT).level();
        let widths = all.iter().map(|row| set.width(&row[0]));
        let first = widths.max().unwrap_or(0) + mm(4.0);
        let other = (canvas.width() - first) / (N.max(2) as i32 - 1);
        for (index, row) in all.iter().enumerate() {
            let y = mm(ROW_MM) / 2 + index as i32 * mm(ROW_MM);
            for (column, cell) in row.iter().enumerate() {
                match column as i32 {
                    0 => canvas.text(cell, (0, y), set)?,
                    n => canvas.text(cell, (first + (2 * n - 1) * other / 2, y), set.centred())?,
                }
            }
        }
        let rule = mm(ROW_MM);
        canvas.line(&[(0, rule), (canvas.width(), rule)], LIGHT_GREY, AXIS_PT)?;
        let set = Type::size(style::NOTE_PT).colour(style::GREY).below();
        let top = all.len() as i32 * mm(ROW_MM) + mm(2.0);
        for (index, line) in set.lines(&note, canvas.width()).iter().enumerate() {
            canvas.text(
                line,
                (0, top + index as i32 * pt(1.3 * style::NOTE_PT)),
                set,
            )?;
        }
        Ok(())
    })
}
