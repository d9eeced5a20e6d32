//! XYZ: a number of atoms, a comment, one line for each atom; and extended XYZ, whose comment says what
//! the columns hold and which cell there is.
//!
//! Layout: XMol's manual; of extended XYZ, <https://github.com/libAtoms/extxyz>.

use smallvec::SmallVec;

use crate::atoms::{Element, Vec3};

use super::error::{StructureError, repeated};
use super::frame::{Kinds, ReadStructure, Structure, StructureCell};
use super::input::Lines;
use super::line::{Line, Symbols, parse_real};

/// The words of a row.
type Words<'a> = SmallVec<[&'a str; 16]>;

/// The frames of an XYZ file.
pub(crate) struct Xyz {
    lines: Lines,
    symbols: Symbols,
}

/// The two lines before the atoms.
pub(crate) struct Header {
    atoms: u64,
    line: u64,
    comment: String,
    pairs: Vec<(String, String)>,
    columns: Columns,
}

/// Where a row holds what.
struct Columns {
    count: usize,
    position: usize,
    species: Species,
    /// The name of each property and its first column; none of plain XYZ.
    named: Vec<(String, usize)>,
}

/// What tells the kind of an atom.
#[derive(Clone, Copy, PartialEq)]
enum Species {
    /// A symbol; a number here means this.
    Symbol(usize, Number),
    Number(usize, Number),
    None,
}

/// What a number says about an atom.
#[derive(Clone, Copy, PartialEq)]
enum Number {
    Atomic,
    Type,
}

impl Xyz {
    pub(crate) fn new(lines: Lines) -> Xyz {
        Xyz {
            lines,
            symbols: Symbols::default(),
        }
    }

    /// The header of the next frame; `None` at the end.
    pub(crate) fn header(&mut self) -> Result<Option<Header>, StructureError> {
        let Some(line) = self.lines.next_filled()? else {
            return Ok(None);
        };
        let atoms = line.count(line.text.trim())?;
        let line = self
            .lines
            .expect(|| "a comment, which may be blank".to_owned())?;
        let (number, comment) = (line.number, line.text.trim().to_owned());
        let pairs = pairs(&comment);
        let columns = Columns::of(line, &pairs)?;
        Ok(Some(Header {
            atoms,
            line: number,
            comment,
            pairs,
            columns,
        }))
    }

    /// Hands every atom of a frame on: its line and the words of it, as many as there are columns.
    pub(crate) fn rows(
        &mut self,
        header: &Header,
        mut each: impl FnMut(Line<'_>, &[&str], &mut Symbols) -> Result<(), StructureError>,
    ) -> Result<(), StructureError> {
        for index in 0..header.atoms {
            let expected = || format!("atom {} of {}", index + 1, header.atoms);
            let line = self.lines.expect_filled(expected)?;
            let words: Words<'_> = line.words().collect();
            if words.len() < header.columns.count {
                let expected = match header.columns.named.is_empty() {
                    true => "an atom: its symbol, x, y and z".to_owned(),
                    false => format!(
                        "an atom in the {} columns of the properties",
                        header.columns.count
                    ),
                };
                return Err(line.unexpected(expected));
            }
            each(line, &words, &mut self.symbols)?;
        }
        self.check_end(header.atoms)
    }

    /// That the frame ends here: a wrong number of atoms would otherwise be noticed in the next frame
    /// only, which may never be read.
    fn check_end(&mut self, atoms: u64) -> Result<(), StructureError> {
        let Some(line) = self.lines.peek_filled()? else {
            return Ok(());
        };
        match line.text.trim().bytes().all(|b| b.is_ascii_digit()) {
            true => Ok(()),
            false => Err(line.unexpected(format!(
                "nothing, or the number of atoms of the next frame, for all {atoms} atoms are there"
            ))),
        }
    }
}

impl Header {
    /// The first column of a property.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        let named = self.columns.named.iter().find(|(known, _)| known == name);
        named.map(|(_, column)| *column)
    }

    /// Whether the comment says what the columns hold.
    pub(crate) fn is_extended(&self) -> bool {
        !self.columns.named.is_empty()
    }

    /// The number of the comment line, and what it says.
    pub(crate) fn comment(&self) -> (u64, &str) {
        (self.line, &self.comment)
    }

    /// The position of an atom.
    pub(crate) fn position(&self, line: Line<'_>, words: &[&str]) -> Result<Vec3, StructureError> {
        let place = words.iter().skip(self.columns.position).copied();
        line.place(place, "a position: three finite numbers")
    }

    /// The word that tells the kind of an atom, if one does.
    pub(crate) fn species<'a>(&self, words: &[&'a str]) -> Option<&'a str> {
        match self.columns.species {
            Species::Symbol(column, _) | Species::Number(column, _) => words.get(column).copied(),
            Species::None => None,
        }
    }

    /// What kind of number may stand for a symbol in this row; `None` where a symbol stands.
    fn number(&self, word: &str) -> Option<Number> {
        match self.columns.species {
            Species::Number(_, number) => Some(number),
            Species::Symbol(_, number) if word.bytes().all(|b| b.is_ascii_digit()) => Some(number),
            _ => None,
        }
    }

    /// The value of a key of the comment.
    fn value(&self, key: &str) -> Option<&str> {
        let pair = self.pairs.iter().find(|(k, _)| k.eq_ignore_ascii_case(key));
        pair.map(|(_, value)| value.as_str())
    }

    /// The comment as a line, for sentences about it.
    fn line(&self) -> Line<'_> {
        Line {
            number: self.line,
            text: &self.comment,
        }
    }

    fn cell(&self) -> Result<Option<StructureCell>, StructureError> {
        let line = self.line();
        let Some(lattice) = self.value("Lattice") else {
            return Ok(None);
        };
        let nine = numbers::<9>(
            line,
            lattice,
            "Lattice= with the nine numbers of three vectors",
        )?;
        let vector = |k: usize| Vec3::new(nine[3 * k], nine[3 * k + 1], nine[3 * k + 2]);
        let mut cell = StructureCell::repeated([0, 1, 2].map(vector));
        if let Some(origin) = self.value("Origin") {
            cell.origin = Vec3::from(numbers::<3>(line, origin, "Origin= with three numbers")?);
        }
        if let Some(flags) = self.value("pbc") {
            let flags: Vec<Option<bool>> =
                flags.split(separates).filter(filled).map(flag).collect();
            cell.periodic = match flags[..] {
                [Some(a), Some(b), Some(c)] => [a, b, c],
                _ => return Err(line.unexpected("pbc= with three flags such as \"T T F\"")),
            };
        }
        Ok(Some(cell))
    }

    /// The time step, also as LAMMPS writes it into the comment.
    fn step(&self) -> Option<u64> {
        let stated = self.value("step").or(self.value("timestep"));
        let lammps = || self.comment.strip_prefix("Atoms. Timestep:").map(str::trim);
        stated.or_else(lammps)?.parse().ok()
    }

    fn time(&self) -> Option<f64> {
        parse_real(self.value("time")?).filter(|time| time.is_finite())
    }
}

impl ReadStructure for Xyz {
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError> {
        let Some(header) = self.header()? else {
            return Ok(None);
        };
        let mut structure = Structure {
            cell: header.cell()?,
            step: header.step(),
            time: header.time(),
            comment: header.comment.clone(),
            ..Structure::default()
        };
        self.rows(&header, |line, words, symbols| {
            let first = structure.positions.is_empty();
            structure.positions.push(header.position(line, words)?);
            let Some(word) = header.species(words) else {
                return Ok(());
            };
            let number = header.number(word);
            if first {
                structure.kinds = match number {
                    Some(Number::Type) => Kinds::Types(Vec::new()),
                    _ => Kinds::Elements(Vec::new()),
                };
            }
            match (&mut structure.kinds, number) {
                (Kinds::Elements(all), None) => all.push(symbols.element(line, word)?),
                (Kinds::Elements(all), Some(Number::Atomic)) => all.push(atomic(line, word)?),
                (Kinds::Types(all), Some(Number::Type)) => all.push(line.type_number(word)?),
                _ => {
                    let expected = "a symbol or a number of a type, as the first atom has";
                    return Err(line.unexpected(expected));
                }
            }
            Ok(())
        })?;
        Ok(Some(structure))
    }

    fn skip_frame(&mut self) -> Result<bool, StructureError> {
        let Some(header) = self.header()? else {
            return Ok(false);
        };
        for index in 0..header.atoms {
            let expected = || format!("atom {} of {}", index + 1, header.atoms);
            self.lines.expect_filled(expected)?;
        }
        self.check_end(header.atoms)?;
        Ok(true)
    }
}

impl Columns {
    /// The columns that a comment states; of plain XYZ symbol, x, y, z.
    fn of(line: Line<'_>, pairs: &[(String, String)]) -> Result<Columns, StructureError> {
        const LIST: &str = "Properties= with a list such as species:S:1:pos:R:3";
        let find = |key: &str| pairs.iter().find(|(k, _)| k.eq_ignore_ascii_case(key));
        let Some((_, list)) = find("Properties") else {
            // LAMMPS writes the numbers of types where others write atomic numbers.
            let number = match line.text.trim().starts_with("Atoms. Timestep:") {
                true => Number::Type,
                false => Number::Atomic,
            };
            return Ok(Columns {
                count: 4,
                position: 1,
                species: Species::Symbol(0, number),
                named: Vec::new(),
            });
        };
        let parts: Vec<&str> = list.split(':').collect();
        let mut named = Vec::new();
        let mut count = 0_usize;
        for part in parts.chunks(3) {
            let &[name, _, width] = part else {
                return Err(line.unexpected(LIST));
            };
            let width: usize = width.parse().map_err(|_| line.unexpected(LIST))?;
            named.push((name.to_owned(), count, width));
            count = count.saturating_add(width);
        }
        let column = |name: &str| {
            let column = named
                .iter()
                .find(|(known, _, width)| known == name && *width > 0);
            column.map(|(_, column, width)| (*column, *width))
        };
        let position = match column("pos").or_else(|| column("positions")) {
            Some((position, 3)) => position,
            _ => return Err(line.unexpected(LIST)),
        };
        let any = |names: &[&str]| names.iter().find_map(|name| column(name));
        let species = if let Some((column, _)) = any(&["species", "element", "symbol"]) {
            Species::Symbol(column, Number::Type)
        } else if let Some((column, _)) = any(&["Z", "numbers", "atomic_number"]) {
            Species::Number(column, Number::Atomic)
        } else if let Some((column, _)) = any(&["type", "types"]) {
            Species::Number(column, Number::Type)
        } else {
            Species::None
        };
        let named = named.into_iter().map(|(name, column, _)| (name, column));
        Ok(Columns {
            count,
            position,
            species,
            named: named.collect(),
        })
    }
}

/// The element of an atomic number.
fn atomic(line: Line<'_>, word: &str) -> Result<Element, StructureError> {
    let number = word.parse().ok().and_then(Element::from_number);
    number.ok_or_else(|| StructureError::UnknownSymbol {
        line: line.number,
        found: repeated(word),
    })
}

/// Exactly so many numbers of a value.
fn numbers<const N: usize>(
    line: Line<'_>,
    value: &str,
    expected: &str,
) -> Result<[f64; N], StructureError> {
    let words: Vec<&str> = value.split(separates).filter(filled).collect();
    let mut numbers = [0.0; N];
    if words.len() != N {
        return Err(line.unexpected(expected));
    }
    for (number, word) in numbers.iter_mut().zip(words) {
        *number = line.real(word, expected)?;
    }
    Ok(numbers)
}

/// What stands between the values of a list, in the notations that there are.
fn separates(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, ',' | '[' | ']')
}

fn filled(word: &&str) -> bool {
    !word.is_empty()
}

fn flag(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "t" | "true" | "1" => Some(true),
        "f" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// The pairs `key=value` of a comment; values may stand in quotes, braces or brackets. What is no pair
/// is passed over.
fn pairs(comment: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = comment;
    while let Some(equals) = rest.find('=') {
        let before = rest[..equals].trim_end();
        let key = before.rsplit(|c: char| c.is_whitespace()).next();
        let key = key.unwrap_or_default().trim_matches(['"', '\'']);
        let (value, after) = value(rest[equals + 1..].trim_start());
        pairs.push((key.to_owned(), value));
        rest = after;
    }
    pairs
}

/// The value at the beginning of a text, and what follows.
fn value(text: &str) -> (String, &str) {
    let close = match text.chars().next() {
        Some(quote @ ('"' | '\'')) => quote,
        Some('{') => '}',
        Some('[') => ']',
        _ => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            return (text[..end].to_owned(), &text[end..]);
        }
    };
    let mut value = String::new();
    let mut escaped = false;
    for (place, c) in text.char_indices().skip(1) {
        if escaped {
            value.push(if c == 'n' { ' ' } else { c });
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == close {
            return (value, &text[place + c.len_utf8()..]);
        } else {
            value.push(c);
        }
    }
    (value, "")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn frames(text: &str) -> Result<Vec<Structure>, StructureError> {
        let mut xyz = Xyz::new(Lines::of_text(text)?);
        let mut all = Vec::new();
        while let Some(frame) = xyz.next_frame()? {
            all.push(frame);
        }
        Ok(all)
    }

    fn refusal(text: &str) -> String {
        frames(text).unwrap_err().to_string()
    }

    #[test]
    fn plain_files_hold_symbols_or_atomic_numbers() {
        let text =
            "2\r\n\r\nCu 1 2.5 -3\t0.1 0.2\r\n40 4.0D+00 5 6\r\n\r\n1\nsecond\nzr 0 0 1e1\n\n";
        let read = frames(text).unwrap();
        assert_eq!(
            read[0].kinds,
            Kinds::Elements(vec![Element::Cu, Element::Zr])
        );
        assert_eq!(
            read[0].positions,
            [[1., 2.5, -3.], [4., 5., 6.]].map(Vec3::from)
        );
        assert_eq!((read[0].cell, read[0].step), (None, None));
        assert_eq!(read[1].kinds, Kinds::Elements(vec![Element::Zr]));
        assert_eq!(read[1].comment, "second");
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn lammps_writes_types_and_the_step() {
        let read = frames("2\nAtoms. Timestep: 400\n1 0 0 0\n2 1 1 1\n").unwrap();
        assert_eq!(read[0].kinds, Kinds::Types(vec![1, 2]));
        assert_eq!(read[0].step, Some(400));
    }

    #[test]
    fn the_comment_of_extended_files_says_columns_and_cell() {
        let text = "1\nenergy=-3.5 Properties=id:I:1:pos:R:3:species:S:1:force:R:3 \
                    Lattice=\"5 0 0 0.5 6 0 0 0 7\" pbc=\"T T F\" Time=2.5 note=\"a \\\"b\\\" c=d\" \
                    Origin=\"1 2 3\"\n9 1 2 3 Zr 0 0 0\n";
        let frame = &frames(text).unwrap()[0];
        assert_eq!(frame.positions, [Vec3::new(1.0, 2.0, 3.0)]);
        assert_eq!(frame.kinds, Kinds::Elements(vec![Element::Zr]));
        let cell = frame.cell.unwrap();
        assert_eq!(cell.vectors[1], Vec3::new(0.5, 6.0, 0.0));
        assert_eq!(cell.periodic, [true, true, false]);
        assert_eq!(cell.origin, Vec3::new(1.0, 2.0, 3.0));
        assert_eq!(frame.time, Some(2.5));
        for (list, kinds) in [
            ("pos:R:3:Z:I:1", Kinds::Elements(vec![Element::Cu])),
            ("pos:R:3:type:I:1", Kinds::Types(vec![29])),
            ("pos:R:3:species:S:1", Kinds::Types(vec![29])),
            ("pos:R:3:id:I:1", Kinds::Unknown),
        ] {
            let read = frames(&format!("1\nProperties={list}\n0 0 0 29\n")).unwrap();
            assert_eq!(read[0].kinds, kinds, "{list}");
        }
    }

    #[test]
    fn a_lattice_is_repeated_unless_flags_say_otherwise() {
        let cell = |keys: &str| frames(&format!("1\n{keys}\nCu 0 0 0\n")).unwrap()[0].cell;
        let all = cell("Lattice=\"5 0 0 0 5 0 0 0 5\"").unwrap();
        assert_eq!(all.periodic, [true; 3]);
        let some = cell("lattice={5 0 0 0 5 0 0 0 5} PBC=[True, False, 1]").unwrap();
        assert_eq!(some.periodic, [true, false, true]);
        assert_eq!(cell("pbc=\"F F F\""), None);
    }

    #[test]
    fn frames_are_gone_past_unread() {
        let mut xyz = Xyz::new(Lines::of_text("1\n\nwrong\n1\n\nCu 0 0 0\n").unwrap());
        assert!(xyz.skip_frame().unwrap());
        assert_eq!(xyz.next_frame().unwrap().unwrap().positions.len(), 1);
        assert!(!xyz.skip_frame().unwrap());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, said) in [
            (
                "five\n\n",
                "line 1 should hold the number of atoms, a whole number, but reads 'five'",
            ),
            ("1e3\n\n", "line 1 should hold the number of atoms"),
            ("-2\n\n", "line 1 should hold the number of atoms"),
            ("2\n", "ends before line 2, which should hold a comment"),
            (
                "2\n\nCu 0 0 0\n",
                "ends before line 4, which should hold atom 2 of 2",
            ),
            (
                "1\n\nCu 0 0\n",
                "line 3 should hold an atom: its symbol, x, y and z, but reads 'Cu 0 0'",
            ),
            ("1\n\nCu 0 zero 0\n", "line 3 should hold a position"),
            ("1\n\nCu 0 NaN 0\n", "line 3: 'NaN' is not a finite number"),
            ("1\n\nCu 0,5 1 0\n", "line 3: '0,5' uses a comma"),
            ("1\n\nQq 0 0 0\n", "line 3: 'Qq' is not the symbol"),
            ("1\n\n119 0 0 0\n", "line 3: '119' is not the symbol"),
            (
                "1\n\nCu 0 0 0\nCu 1 1 1\n",
                "line 4 should hold nothing, or the number of atoms of the next frame, for all 1 atoms",
            ),
            (
                "1\nProperties=species:S:1\nCu 0 0 0\n",
                "line 2 should hold Properties=",
            ),
            (
                "1\nProperties=pos:R\n0 0 0\n",
                "line 2 should hold Properties=",
            ),
            (
                "1\nLattice=\"1 2 3\"\nCu 0 0 0\n",
                "line 2 should hold Lattice=",
            ),
            (
                "1\nLattice=\"1 0 0 0 1 0 0 0 1\" pbc=\"T T\"\nCu 0 0 0\n",
                "line 2 should hold pbc=",
            ),
            (
                "1\nProperties=species:S:1:pos:R:3:q:R:1\nCu 0 0 0\n",
                "line 3 should hold an atom in the 5 columns",
            ),
            (
                "2\n\n1 0 0 0\nCu 1 1 1\nx",
                "line 5 should hold nothing, or the number of atoms of the next",
            ),
            (
                "2\nAtoms. Timestep: 0\n1 0 0 0\nCu 1 1 1\n",
                "line 4 should hold a symbol or a number of a type",
            ),
        ] {
            let message = refusal(text);
            assert!(message.contains(said), "{text:?}: {message}");
        }
    }
}
