//! PDB: records of fixed columns; models are frames.
//!
//! Layout: wwPDB, "Atomic Coordinate Entry Format" 3.3. The crate `pdbtbx` was weighed: it builds the
//! whole hierarchy of chains and residues, refuses much of what programs of materials science write,
//! and reads whole files.
//!
//! The element stands in columns 77–78; where these are blank it is that of the atom's name in columns
//! 13–16, whose two-letter symbols begin in column 13. Of alternate locations the first (blank or `A`)
//! is kept. A cell of 1 × 1 × 1 Å with right angles is what programs write for none.

use crate::atoms::{Element, Vec3};

use super::error::{StructureError, repeated};
use super::frame::{Kinds, ReadStructure, Structure, StructureCell};
use super::input::Lines;
use super::lattice::lattice;
use super::line::{Line, Symbols, element_of_symbol};

/// The models of a PDB file.
pub(super) struct Pdb {
    lines: Lines,
    symbols: Symbols,
    cell: Option<StructureCell>,
    comment: String,
}

/// Columns of a line, counted from 1 as the format's description does; less where it is short.
fn columns(text: &str, first: usize, last: usize) -> &str {
    let end = last.min(text.len());
    text.get(first - 1..end).unwrap_or_default().trim()
}

impl Pdb {
    pub(super) fn new(lines: Lines) -> Pdb {
        Pdb {
            lines,
            symbols: Symbols::default(),
            cell: None,
            comment: String::new(),
        }
    }
}

impl ReadStructure for Pdb {
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError> {
        let mut positions = Vec::new();
        let mut elements = Vec::new();
        let mut step = None;
        while let Some(line) = self.lines.next()? {
            let record = line.text.get(..6).unwrap_or(line.text).trim_end();
            match record {
                "ATOM" | "HETATM" => {
                    let site = line.text.as_bytes().get(16).copied();
                    if !matches!(site, None | Some(b' ' | b'A' | b'1')) {
                        continue;
                    }
                    positions.push(place(line)?);
                    elements.push(element(line, &mut self.symbols)?);
                }
                "CRYST1" => self.cell = cell(line)?,
                "MODEL" => step = columns(line.text, 7, 14).parse().ok(),
                "TITLE" => columns(line.text, 11, 80).clone_into(&mut self.comment),
                "ENDMDL" | "END" if !positions.is_empty() => break,
                _ => {}
            }
        }
        Ok((!positions.is_empty()).then(|| Structure {
            positions,
            kinds: Kinds::Elements(elements),
            cell: self.cell,
            step,
            comment: self.comment.clone(),
            ..Structure::default()
        }))
    }
}

fn place(line: Line<'_>) -> Result<Vec3, StructureError> {
    const PLACE: &str = "x, y and z in the columns 31–38, 39–46 and 47–54";
    let coordinate = |first: usize| line.real(columns(line.text, first, first + 7), PLACE);
    Ok(Vec3::new(coordinate(31)?, coordinate(39)?, coordinate(47)?))
}

fn element(line: Line<'_>, symbols: &mut Symbols) -> Result<Element, StructureError> {
    let symbol = columns(line.text, 77, 78);
    if symbol.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return symbols.element(line, symbol);
    }
    let name = line
        .text
        .get(12..16.min(line.text.len()))
        .unwrap_or_default();
    symbols.by(line, name, element_of_name)
}

/// The element of an atom's name as it stands in its four columns.
fn element_of_name(name: &str) -> Option<Element> {
    let letters = |text: &str| text.chars().all(|c| c.is_ascii_alphabetic());
    // Names of hydrogen with four characters begin in the column of the first of two letters.
    let hydrogen = name.len() == 4 && name.starts_with('H') && !name.contains(' ');
    let two = name.get(..2).filter(|two| letters(two) && !hydrogen);
    two.and_then(element_of_symbol).or_else(|| {
        let first = name.find(|c: char| c.is_ascii_alphabetic())?;
        element_of_symbol(name.get(first..=first)?)
    })
}

fn cell(line: Line<'_>) -> Result<Option<StructureCell>, StructureError> {
    const CELL: &str = "a, b, c, α, β and γ in the columns 7–54";
    let real = |first: usize, last: usize| line.real(columns(line.text, first, last), CELL);
    let lengths = [real(7, 15)?, real(16, 24)?, real(25, 33)?];
    let angles = [real(34, 40)?, real(41, 47)?, real(48, 54)?];
    // What programs write who know no cell.
    if lengths == [1.0; 3] || lengths == [0.0; 3] {
        return Ok(None);
    }
    let group = columns(line.text, 56, 66);
    let plain: String = group.chars().filter(|c| !c.is_whitespace()).collect();
    if !matches!(plain.as_str(), "" | "P1" | "1") {
        return Err(line.unsupported(format!(
            "states the symmetry '{}'; only cells of the space group P 1 are read: expand to P1, with \
             every atom of the cell listed",
            repeated(group)
        )));
    }
    let vectors = lattice(lengths, angles).ok_or(StructureError::FlatCell { line: line.number })?;
    Ok(Some(StructureCell::repeated(vectors)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    const FILE: &str = "\
TITLE     CuZr glass
CRYST1    8.000    6.000    7.500  90.00  90.00 120.00 P 1
MODEL        1
ATOM      1 Cu   MOL     1       1.000   2.500  -3.000  1.00  0.00          Cu
HETATM    2 ZR   ZR  A   2    -101.000-202.500-303.125  1.00  0.00          ZR2+
TER
ENDMDL
MODEL        2
ATOM      1  CA  MOL     1       2.000   2.500  -3.000
ATOM      2 HG11BMOL     1       9.000   9.000   9.000
ATOM      2 HG11AMOL     1       3.000   2.500  -3.000  1.00  0.00
ENDMDL
END
";

    fn frames(text: &str) -> Result<Vec<Structure>, StructureError> {
        let mut pdb = Pdb::new(Lines::of_text(text)?);
        let mut all = Vec::new();
        while let Some(frame) = pdb.next_frame()? {
            all.push(frame);
        }
        Ok(all)
    }

    #[test]
    fn models_are_frames_in_one_cell() {
        let read = frames(FILE).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(
            read[0].kinds,
            Kinds::Elements(vec![Element::Cu, Element::Zr])
        );
        assert_eq!(read[0].positions[0], Vec3::new(1.0, 2.5, -3.0));
        assert_eq!(read[0].positions[1], Vec3::new(-101.0, -202.5, -303.125));
        assert_eq!(
            (read[0].step, read[0].comment.as_str()),
            (Some(1), "CuZr glass")
        );
        assert_eq!(read[1].kinds, Kinds::Elements(vec![Element::C, Element::H]));
        assert_eq!(read[1].positions[1].x, 3.0);
        let cell = read[1].cell.unwrap();
        assert!((cell.vectors[1] - Vec3::new(-3.0, 27.0_f64.sqrt(), 0.0)).length() < 1e-12);
    }

    #[test]
    fn names_tell_elements_by_their_columns() {
        for (name, element) in [
            (" CA ", Element::C),
            ("CA  ", Element::Ca),
            ("CU1 ", Element::Cu),
            (" O1 ", Element::O),
            ("1HB ", Element::H),
            ("HG11", Element::H),
            ("HG  ", Element::Hg),
            ("Zr", Element::Zr),
        ] {
            assert_eq!(element_of_name(name), Some(element), "{name}");
        }
        assert_eq!(element_of_name("    "), None);
        assert_eq!(element_of_name(" 12 "), None);
    }

    #[test]
    fn a_cell_of_one_angstrom_is_none() {
        let none = "CRYST1    1.000    1.000    1.000  90.00  90.00  90.00 P 1           1";
        let text = FILE.replace(FILE.lines().nth(1).unwrap(), none);
        assert_eq!(frames(&text).unwrap()[0].cell, None);
        assert_eq!(frames("nothing of the kind\n").unwrap(), []);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (from, to, said) in [
            (
                "120.00 P 1",
                "120.00 P 21 21 21",
                "line 2 states the symmetry 'P 21 21 21'",
            ),
            (
                " 120.00 P",
                " 180.00 P",
                "the cell that ends at line 2 has no volume",
            ),
            (
                " 120.00 P",
                " 1x0.00 P",
                "line 2 should hold a, b, c, α, β and γ",
            ),
            (
                "   1.000   2.500",
                "   1.000        ",
                "line 4 should hold x, y and z in the columns",
            ),
            (
                "   1.000   2.500",
                "   1,000   2.500",
                "line 4: '1,000' uses a comma",
            ),
            (
                "   1.000   2.500",
                "     nan   2.500",
                "line 4: 'nan' is not a finite number",
            ),
            ("  Cu\n", "  Qq\n", "line 4: 'Qq' is not the symbol"),
            ("  -3.000\nATOM", "\nATOM", "line 9 should hold x, y and z"),
            (
                "ATOM      1  CA ",
                "ATOM      1  12 ",
                "line 9: '12' is not the symbol",
            ),
        ] {
            assert!(FILE.contains(from), "{from}");
            let message = frames(&FILE.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(message.contains(said), "{to:?}: {message}");
        }
    }
}
