//! GRO of GROMACS: lengths in nanometres, which become ångström; velocities are passed over.
//!
//! Layout: GROMACS manual, file formats. The element is read from the atom's name: `Cu1` and `Zr` by
//! their two letters; of a name in capitals alone, such as `CA`, only the first letter counts (carbon)
//! unless that is no element (`ZR`) or the residue has the name too (`CA` in residue `CA`, `NA` in
//! `NA+`, `CU` in `CU2`).

use crate::atoms::{Element, Vec3};

use super::error::StructureError;
use super::frame::{Kinds, ReadStructure, Structure, StructureCell};
use super::input::Lines;
use super::line::{Line, Symbols, element_of_symbol, leading_letters, parse_real};

const ANGSTROM_PER_NM: f64 = 10.0;
/// The column, from 0, in which the coordinates begin.
const COORDINATES: usize = 20;

/// The frames of a GRO file.
pub(super) struct Gro {
    lines: Lines,
    symbols: Symbols,
}

impl Gro {
    pub(super) fn new(lines: Lines) -> Gro {
        Gro {
            lines,
            symbols: Symbols::default(),
        }
    }

    /// Title and number of atoms; `None` at the end.
    fn header(&mut self) -> Result<Option<(String, u64)>, StructureError> {
        let Some(line) = self.lines.next()? else {
            return Ok(None);
        };
        let title = line.text.trim().to_owned();
        // Blank lines at the end of the file are no title.
        if title.is_empty() && !self.lines.skip_blank()? {
            return Ok(None);
        }
        let line = self
            .lines
            .expect_filled(|| "the number of atoms".to_owned())?;
        let atoms = line.count(line.text.trim())?;
        Ok(Some((title, atoms)))
    }

    fn cell(&mut self) -> Result<Option<StructureCell>, StructureError> {
        const BOX: &str = "the box: three or nine numbers";
        let line = self.lines.expect_filled(|| BOX.to_owned())?;
        let numbers = line.words().map(|word| line.real(word, BOX));
        let numbers = numbers.collect::<Result<Vec<f64>, _>>()?;
        let vectors = match numbers[..] {
            [x, y, z] => [[x, 0., 0.], [0., y, 0.], [0., 0., z]],
            [x, y, z, ay, az, bx, bz, cx, cy] => [[x, ay, az], [bx, y, bz], [cx, cy, z]],
            _ => return Err(line.unexpected(BOX)),
        };
        // What programs write who know no box.
        let none = numbers.iter().all(|&number| number == 0.0);
        let vectors = vectors.map(|vector| Vec3::from(vector) * ANGSTROM_PER_NM);
        Ok((!none).then(|| StructureCell::repeated(vectors)))
    }
}

impl ReadStructure for Gro {
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError> {
        let Some((comment, atoms)) = self.header()? else {
            return Ok(None);
        };
        let mut positions = Vec::new();
        let mut elements = Vec::new();
        for index in 0..atoms {
            let expected = || format!("atom {} of {atoms}", index + 1);
            let line = self.lines.expect_filled(expected)?;
            positions.push(place(line)?);
            elements.push(element(line, &mut self.symbols)?);
        }
        Ok(Some(Structure {
            positions,
            kinds: Kinds::Elements(elements),
            masses: Vec::new(),
            cell: self.cell()?,
            step: after(&comment, "step=").and_then(|step| step.parse().ok()),
            time: after(&comment, "t=")
                .and_then(parse_real)
                .filter(|time| time.is_finite()),
            comment,
        }))
    }

    fn skip_frame(&mut self) -> Result<bool, StructureError> {
        let Some((_, atoms)) = self.header()? else {
            return Ok(false);
        };
        for index in 0..atoms {
            let expected = || format!("atom {} of {atoms}", index + 1);
            self.lines.expect_filled(expected)?;
        }
        self.cell()?;
        Ok(true)
    }
}

/// The word that follows a key in a title.
fn after<'a>(title: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = title.rsplit_once(key)?;
    rest.split_ascii_whitespace().next()
}

/// The place of an atom: three fields, as wide as the points are apart.
fn place(line: Line<'_>) -> Result<Vec3, StructureError> {
    const PLACE: &str = "an atom: residue, name, number, and x, y, z in nm from column 21 on";
    let wrong = || line.unexpected(PLACE);
    let text = line.text.get(COORDINATES..).ok_or_else(wrong)?;
    // The field of the atom's number has no point; that of a box has.
    if line.text[..COORDINATES].contains('.') {
        return Err(wrong());
    }
    let mut points = text.match_indices('.').map(|(place, _)| place);
    let width = match (points.next(), points.next()) {
        (Some(first), Some(second)) => second - first,
        _ => match text.contains(',') {
            // A comma for the decimal point gets its sentence.
            true => return line.place(text.split_ascii_whitespace(), PLACE),
            false => return Err(wrong()),
        },
    };
    let coordinate = |k: usize| {
        let end = text.len().min((k + 1) * width);
        let field = text.get(k * width..end).ok_or_else(wrong)?;
        line.real(field.trim(), PLACE)
    };
    let place = Vec3::new(coordinate(0)?, coordinate(1)?, coordinate(2)?);
    Ok(place * ANGSTROM_PER_NM)
}

fn element(line: Line<'_>, symbols: &mut Symbols) -> Result<Element, StructureError> {
    let field = |from: usize, to: usize| line.text.get(from..to).unwrap_or_default();
    let (residue, name) = (field(5, 10).trim(), field(10, 15).trim());
    // Both decide, so that both are what is remembered.
    let both = field(5, 15);
    let found = symbols.by(line, both, |_| element_of_name(name, residue));
    found.map_err(|_| StructureError::UnknownSymbol {
        line: line.number,
        found: name.to_owned(),
    })
}

fn element_of_name(name: &str, residue: &str) -> Option<Element> {
    let letters = leading_letters(name.trim_start_matches(|c: char| c.is_ascii_digit()));
    let two = letters.get(..2);
    let one = letters.get(..1).and_then(element_of_symbol);
    let mixed = letters
        .get(1..2)
        .is_some_and(|c| c.chars().all(|c| c.is_ascii_lowercase()));
    let of_residue = leading_letters(residue).eq_ignore_ascii_case(letters);
    let two = two.and_then(element_of_symbol);
    match mixed || of_residue {
        true => two.or(one),
        false => one.or(two),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    const FILE: &str = "\
CuZr glass t= 2.50000 step= 500
    2
    1GLASS  Cu1    1   0.100   0.250  -0.300  0.1000  0.2000  0.3000
    2ZR      ZR    2 -10.100 -20.250 -30.312
   0.80000   0.60000   0.75000   0.00000   0.00000  -0.30000   0.00000   0.10000   0.20000
no box
    1
    1MOL     CA    1     1.00000     2.50000    -3.00000
   0.0 0.0 0.0

";

    fn frames(text: &str) -> Result<Vec<Structure>, StructureError> {
        let mut gro = Gro::new(Lines::of_text(text)?);
        let mut all = Vec::new();
        while let Some(frame) = gro.next_frame()? {
            all.push(frame);
        }
        Ok(all)
    }

    fn near(a: Vec3, b: [f64; 3]) -> bool {
        (a - Vec3::from(b)).length() < 1e-12
    }

    #[test]
    fn nanometres_become_angstrom() {
        let read = frames(FILE).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(
            read[0].kinds,
            Kinds::Elements(vec![Element::Cu, Element::Zr])
        );
        assert!(near(read[0].positions[0], [1.0, 2.5, -3.0]));
        assert!(near(read[0].positions[1], [-101.0, -202.5, -303.12]));
        assert_eq!((read[0].time, read[0].step), (Some(2.5), Some(500)));
        let cell = read[0].cell.unwrap();
        assert!(near(cell.vectors[0], [8.0, 0.0, 0.0]));
        assert!(near(cell.vectors[1], [-3.0, 6.0, 0.0]));
        assert!(near(cell.vectors[2], [1.0, 2.0, 7.5]));
        assert!(near(read[1].positions[0], [10.0, 25.0, -30.0]));
        assert_eq!(read[1].cell, None);
        let mut reader = Gro::new(Lines::of_text(FILE).unwrap());
        assert!(reader.skip_frame().unwrap() && reader.skip_frame().unwrap());
        assert!(!reader.skip_frame().unwrap());
    }

    #[test]
    fn names_and_residues_tell_elements() {
        for (name, residue, element) in [
            ("CA", "ALA", Element::C),
            ("CA", "CA2+", Element::Ca),
            ("Cu1", "MOL", Element::Cu),
            ("ZR", "MOL", Element::Zr),
            ("OW", "SOL", Element::O),
            ("HW1", "SOL", Element::H),
            ("1HB", "ALA", Element::H),
            ("NA", "NA", Element::Na),
            ("NA", "MOL", Element::N),
        ] {
            assert_eq!(
                element_of_name(name, residue),
                Some(element),
                "{name} {residue}"
            );
        }
        assert_eq!(element_of_name("X", "X"), None);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (from, to, said) in [
            (
                "    2\n    1G",
                "    x\n    1G",
                "line 2 should hold the number of atoms",
            ),
            (
                "    2\n    1G",
                "    3\n    1G",
                "line 5 should hold an atom",
            ),
            (
                "    2\n    1G",
                "    1\n    1G",
                "line 4 should hold the box",
            ),
            (
                "   0.250  -0.300  0.1000  0.2000  0.3000",
                "",
                "line 3 should hold an atom",
            ),
            (
                "   0.100",
                "     nan",
                "line 3: 'nan' is not a finite number",
            ),
            (
                "   0.100   0.250  -0.300  0.1000  0.2000  0.3000",
                "   0,100   0,250  -0,300",
                "line 3: '0,100' uses a comma",
            ),
            ("Cu1", "Xx1", "line 3: 'Xx1' is not the symbol"),
            (
                "   0.80000   0.60000",
                "   0.80000",
                "line 5 should hold the box",
            ),
        ] {
            assert!(FILE.contains(from), "{from}");
            let message = frames(&FILE.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(message.contains(said), "{to:?}: {message}");
        }
        let short = frames("title\n").unwrap_err().to_string();
        assert!(short.contains("ends before line 2, which should hold the number of atoms"));
    }
}
