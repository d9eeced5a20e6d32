//! Where on the page a panel lies: a drawing in letters of the page itself.

use anyhow::{Result, ensure};
use serde::Serialize;

/// A page of rows with given heights, cut into columns of equal width, on which every panel
/// covers a rectangle of cells.
///
/// ```
/// use figures::Layout;
/// // Panel c is as wide as a and b together; panel d takes the second row.
/// let layout = Layout::grid(183.0, &[(40.0, "aabbcccc"), (60.0, "dddddddd")]);
/// let c = layout.rectangle('c').unwrap();
/// assert!(c.width > 80.0 && c.height > 39.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    width_mm: f64,
    rows: Vec<(f64, Vec<char>)>,
}

/// A rectangle on the page, in millimetres from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rectangle {
    /// Distance of the left side from the left side of the page.
    pub left: f64,
    /// Distance of the top from the top of the page.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// Space around the page.
pub(crate) const MARGIN_MM: f64 = 1.5;
/// Space between two panels side by side.
const COLUMN_GAP_MM: f64 = 4.0;
/// Space between two panels one above the other.
const ROW_GAP_MM: f64 = 4.0;
/// A cell without a panel.
const EMPTY: char = '.';

impl Layout {
    /// A page `width_mm` wide. Each row is its height in millimetres and its cells, one letter
    /// each: the cells with the same letter make the rectangle of that panel, `.` stays empty.
    pub fn grid(width_mm: f64, rows: &[(f64, &str)]) -> Layout {
        Layout {
            width_mm,
            rows: rows
                .iter()
                .map(|&(height, cells)| (height, cells.chars().collect()))
                .collect(),
        }
    }

    /// A page with `count` panels (26 at most), `columns` in a row, every row `height_mm` high.
    pub fn even(width_mm: f64, height_mm: f64, columns: usize, count: usize) -> Layout {
        let letters: Vec<char> = ('a'..='z').take(count).collect();
        let rows = letters.chunks(columns.max(1)).map(|row| {
            let empty = columns.saturating_sub(row.len());
            let cells = row.iter().copied();
            (height_mm, cells.chain(vec![EMPTY; empty]).collect())
        });
        Layout {
            width_mm,
            rows: rows.collect(),
        }
    }

    /// Width of the page in millimetres.
    pub fn width_mm(&self) -> f64 {
        self.width_mm
    }

    /// Height of the page in millimetres, footnotes not counted.
    pub fn height_mm(&self) -> f64 {
        let gaps = self.rows.len().saturating_sub(1) as f64 * ROW_GAP_MM;
        self.rows.iter().map(|row| row.0).sum::<f64>() + gaps + 2.0 * MARGIN_MM
    }

    /// The letters of the panels, in alphabetical order.
    pub fn letters(&self) -> Vec<char> {
        let mut letters: Vec<char> = self.cells().map(|(_, _, letter)| letter).collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    }

    /// The rectangle of the panel `letter`; `None` when the page has no such panel.
    pub fn rectangle(&self, letter: char) -> Option<Rectangle> {
        let (rows, columns) = self.span(letter)?;
        let cell = self.cell_width();
        let above: f64 = self.rows[..rows.0].iter().map(|row| row.0).sum();
        let heights: f64 = self.rows[rows.0..=rows.1].iter().map(|row| row.0).sum();
        Some(Rectangle {
            left: MARGIN_MM + columns.0 as f64 * (cell + COLUMN_GAP_MM),
            top: MARGIN_MM + above + rows.0 as f64 * ROW_GAP_MM,
            width: (columns.1 - columns.0) as f64 * (cell + COLUMN_GAP_MM) + cell,
            height: heights + (rows.1 - rows.0) as f64 * ROW_GAP_MM,
        })
    }

    /// Checks that the page can be drawn: rows of equally many cells, every panel a rectangle.
    ///
    /// # Errors
    /// One sentence that names the row or the panel.
    pub fn check(&self) -> Result<()> {
        let columns = self.column_count();
        // A page without rows is one of footnotes: what would be on it is not at hand.
        ensure!(
            columns > 0 || self.rows.is_empty(),
            "the layout has no cells"
        );
        for (index, (height, cells)) in self.rows.iter().enumerate() {
            ensure!(
                cells.len() == columns && *height > 0.0,
                "row {} of the layout has {} cells where the first has {columns}",
                index + 1,
                cells.len(),
            );
        }
        for letter in self.letters() {
            let inside = self.cells().filter(|cell| cell.2 == letter).count();
            let area = self
                .span(letter)
                .map_or(0, |(r, c)| (r.1 - r.0 + 1) * (c.1 - c.0 + 1));
            ensure!(
                inside == area,
                "panel {letter} of the layout is not a rectangle"
            );
        }
        Ok(())
    }

    fn column_count(&self) -> usize {
        self.rows.first().map_or(0, |row| row.1.len())
    }

    /// A column's width when every column has a gap on its right but the last.
    fn cell_width(&self) -> f64 {
        let columns = self.column_count() as f64;
        (self.width_mm - 2.0 * MARGIN_MM - (columns - 1.0) * COLUMN_GAP_MM) / columns
    }

    fn cells(&self) -> impl Iterator<Item = (usize, usize, char)> {
        self.rows
            .iter()
            .enumerate()
            .flat_map(|(row, (_, cells))| {
                let cells = cells.iter().enumerate();
                cells.map(move |(column, &letter)| (row, column, letter))
            })
            .filter(|cell| cell.2 != EMPTY)
    }

    /// First and last row, first and last column of a panel.
    fn span(&self, letter: char) -> Option<((usize, usize), (usize, usize))> {
        self.cells()
            .filter(|cell| cell.2 == letter)
            .fold(None, |span, (row, column, _)| {
                let ((top, bottom), (left, right)) = span.unwrap_or(((row, row), (column, column)));
                Some((
                    (top.min(row), bottom.max(row)),
                    (left.min(column), right.max(column)),
                ))
            })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn fig5() -> Layout {
        Layout::grid(
            183.0,
            &[
                (40.0, "aaabbbcccccc"),
                (42.0, "dddeeeffffff"),
                (46.0, "ggggghhhhhhh"),
                (56.0, "iiiiijjjjjjj"),
            ],
        )
    }

    #[test]
    fn panels_lie_on_the_page_and_do_not_overlap() {
        let layout = fig5();
        layout.check().unwrap();
        let placed: Vec<Rectangle> = layout
            .letters()
            .into_iter()
            .map(|letter| layout.rectangle(letter).unwrap())
            .collect();
        assert_eq!(placed.len(), 10);
        for (index, a) in placed.iter().enumerate() {
            assert!(a.left >= 0.0 && a.left + a.width <= layout.width_mm());
            assert!(a.top >= 0.0 && a.top + a.height <= layout.height_mm());
            for b in &placed[index + 1..] {
                let apart = a.left + a.width <= b.left
                    || b.left + b.width <= a.left
                    || a.top + a.height <= b.top
                    || b.top + b.height <= a.top;
                assert!(apart, "{a:?} overlaps {b:?}");
            }
        }
    }

    #[test]
    fn a_panel_across_rows_takes_the_gap_between_them() {
        let layout = Layout::grid(100.0, &[(30.0, "ab"), (20.0, "ac")]);
        let a = layout.rectangle('a').unwrap();
        let c = layout.rectangle('c').unwrap();
        assert!((a.height - 50.0 - ROW_GAP_MM).abs() < 1e-9);
        assert!((a.top + a.height - c.top - c.height).abs() < 1e-9);
    }

    #[test]
    fn an_even_page_leaves_the_end_of_its_last_row_empty() {
        let layout = Layout::even(183.0, 50.0, 2, 3);
        layout.check().unwrap();
        assert_eq!(layout.letters(), ['a', 'b', 'c']);
        let [a, c] = ['a', 'c'].map(|letter| layout.rectangle(letter).unwrap());
        assert_eq!((a.left, a.width), (c.left, c.width));
    }

    #[test]
    fn what_is_no_page_is_refused() {
        let refused = |rows: &[(f64, &str)]| Layout::grid(183.0, rows).check().is_err();
        assert!(!refused(&[]), "a page of footnotes alone");
        assert!(refused(&[(10.0, "")]));
        assert!(refused(&[(10.0, "ab"), (10.0, "a")]));
        assert!(refused(&[(10.0, "ab"), (10.0, "ba")]));
        assert!(refused(&[(10.0, "aba")]));
        assert!(!refused(&[(10.0, "a.a".replace('.', "a").as_str())]));
    }
}
