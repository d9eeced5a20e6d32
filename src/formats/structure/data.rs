//! Data files of LAMMPS: the file that `read_data` reads and `write_data` writes.
//!
//! Layout: LAMMPS documentation, command `read_data`. The boundary is not stated there; LAMMPS repeats
//! a cell along all three directions unless told otherwise, and so does this.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use crate::atoms::{Element, Vec3};

use super::error::{StructureError, repeated};
use super::frame::{Kinds, ReadStructure, Structure, StructureCell};
use super::input::Lines;
use super::line::{Line, element_of_symbol};
use super::units::{angstrom_per_length, unknown_units};

/// So many types can be labelled or have a mass.
const MOST_TYPES: u64 = 1 << 20;

/// The one frame of a data file.
pub(super) struct Data {
    lines: Lines,
    done: bool,
}

/// What is known of the file so far.
#[derive(Default)]
struct Found {
    comment: String,
    step: Option<u64>,
    scale: f64,
    atoms: Option<u64>,
    types: u64,
    bounds: [Option<(f64, f64)>; 3],
    tilts: [f64; 3],
    vectors: [Option<Vec3>; 3],
    origin: Vec3,
    masses: Vec<(u32, f64)>,
    labels: BTreeMap<String, u32>,
    rows: Option<Vec<Row>>,
}

struct Row {
    id: u64,
    kind: u32,
    position: Vec3,
}

/// Where a row of the section Atoms holds what: the columns of the type and of x; the identifier is
/// the first.
#[derive(Clone, Copy)]
struct Style {
    kind: usize,
    x: usize,
}

/// A section that begins.
enum Section {
    Atoms(Option<String>),
    Masses,
    Labels,
    Other,
}

impl Data {
    pub(super) fn new(lines: Lines) -> Data {
        Data { lines, done: false }
    }

    fn read(&mut self) -> Result<Option<Structure>, StructureError> {
        let mut found = Found {
            scale: 1.0,
            ..Found::default()
        };
        let Some(line) = self.lines.next()? else {
            return Ok(None);
        };
        found.title(line)?;
        while let Some(line) = self.lines.next_filled()? {
            let said = line.without_comment();
            if said.text.trim().is_empty() {
                continue;
            }
            match section(line) {
                Some(Section::Atoms(style)) => self.atoms(&mut found, style)?,
                Some(Section::Masses) => self.masses(&mut found)?,
                Some(Section::Labels) => self.labels(&mut found)?,
                Some(Section::Other) => self.pass()?,
                None => found.header(said)?,
            }
        }
        let expected = || "the section Atoms".to_owned();
        let rows = found
            .rows
            .take()
            .ok_or_else(|| self.lines.ends(expected()))?;
        found.structure(rows).map(Some)
    }

    /// The next line of a section that holds more than a comment.
    fn row(&mut self, expected: impl Fn() -> String) -> Result<Line<'_>, StructureError> {
        loop {
            let line = self.lines.expect_filled(&expected)?;
            let only_comment = line.text.trim_start().starts_with('#');
            if !only_comment {
                break;
            }
        }
        Ok(self.lines.last().without_comment())
    }

    /// Goes past a section whose content is not needed.
    fn pass(&mut self) -> Result<(), StructureError> {
        while self.lines.skip_blank()? {
            match self.lines.peek()? {
                Some(line) if section(line).is_none() => {}
                _ => return Ok(()),
            }
            self.lines.next()?;
        }
        Ok(())
    }

    fn masses(&mut self, found: &mut Found) -> Result<(), StructureError> {
        for index in 0..found.types {
            let expected = || format!("the mass of type {} of {}", index + 1, found.types);
            let line = self.row(expected)?;
            let mut words = line.words();
            let (Some(kind), Some(mass)) = (words.next(), words.next()) else {
                return Err(line.unexpected(expected()));
            };
            let kind = found.kind(line, kind)?;
            found.masses.push((kind, line.real(mass, "a mass")?));
        }
        Ok(())
    }

    fn labels(&mut self, found: &mut Found) -> Result<(), StructureError> {
        for index in 0..found.types {
            let expected = || format!("the label of type {} of {}", index + 1, found.types);
            let line = self.row(expected)?;
            let mut words = line.words();
            let (Some(kind), Some(label)) = (words.next(), words.next()) else {
                return Err(line.unexpected(expected()));
            };
            found
                .labels
                .insert(label.to_owned(), line.type_number(kind)?);
        }
        Ok(())
    }

    fn atoms(&mut self, found: &mut Found, style: Option<String>) -> Result<(), StructureError> {
        let heading = self.lines.number();
        let Some(atoms) = found.atoms else {
            return Err(StructureError::Unsupported {
                line: heading,
                what:
                    "begins the atoms before a line such as '500 atoms' has said how many there are"
                        .to_owned(),
            });
        };
        let named = style.as_deref().map(|name| {
            Style::named(name).ok_or_else(|| StructureError::Unsupported {
                line: heading,
                what: format!(
                    "names the atom style '{}'; atomic, charge, molecular, bond, angle, full, dipole and \
                     sphere are read",
                    repeated(name)
                ),
            })
        });
        let mut style = named.transpose()?;
        let mut rows = Vec::new();
        let mut columns = 0;
        for index in 0..atoms {
            let line = self.row(|| format!("atom {} of {atoms}", index + 1))?;
            let words: SmallVec<[&str; 16]> = line.words().collect();
            let style = match style {
                Some(style) => style,
                None => *style.insert(Style::guessed(line, &words)?),
            };
            if index == 0 {
                columns = words.len();
            }
            if words.len() != columns || words.len() < style.x + 3 {
                let least = columns.max(style.x + 3);
                return Err(line.unexpected(format!("an atom in {least} columns")));
            }
            let place = words.iter().skip(style.x).copied();
            rows.push(Row {
                id: line.whole(words[0], "a whole number as identifier")?,
                kind: found.kind(line, words[style.kind])?,
                position: line.place(place, "a position: three finite numbers")?,
            });
        }
        rows.sort_unstable_by_key(|row| row.id);
        if let Some(pair) = rows.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(StructureError::DuplicateId {
                line: self.lines.number(),
                id: pair[0].id,
            });
        }
        found.rows = Some(rows);
        Ok(())
    }
}

impl Found {
    /// The title, into which `write_data` writes step and units.
    fn title(&mut self, line: Line<'_>) -> Result<(), StructureError> {
        self.comment = line.text.trim().to_owned();
        if !line.text.contains("LAMMPS") {
            return Ok(());
        }
        let stated = |key: &str| {
            let (_, rest) = line.text.split_once(key)?;
            rest.trim_start()
                .strip_prefix('=')?
                .split([',', ' '])
                .find(|word| !word.is_empty())
        };
        self.step = stated("timestep").and_then(|step| step.parse().ok());
        if let Some(units) = stated("units") {
            let known = angstrom_per_length(units.trim());
            let unknown = || line.unsupported(unknown_units(&repeated(units)));
            self.scale = known.ok_or_else(unknown)?;
        }
        Ok(())
    }

    /// A line before the first section.
    fn header(&mut self, line: Line<'_>) -> Result<(), StructureError> {
        const WORDS: &str =
            "a line of the header, such as '500 atoms' or '0 25 xlo xhi', or a section";
        const BOUNDS: &str = "the lower and upper bound of the box, the lower one first";
        let words: SmallVec<[&str; 8]> = line.words().collect();
        let numbers = words.iter().take_while(starts_number).count();
        let (numbers, names) = words.split_at(numbers);
        let real = |k: usize, expected: &str| {
            let word = numbers.get(k).ok_or_else(|| line.unexpected(expected))?;
            line.real(word, expected)
        };
        let three = |expected: &str| {
            Ok::<_, StructureError>([real(0, expected)?, real(1, expected)?, real(2, expected)?])
        };
        match *names {
            ["atoms"] => {
                let number = numbers.first().ok_or_else(|| line.unexpected(WORDS))?;
                self.atoms = Some(line.count(number)?);
            }
            ["atom", "types"] => {
                let number = numbers.first().ok_or_else(|| line.unexpected(WORDS))?;
                let types = line.whole(number, "the number of atom types")?;
                if types > MOST_TYPES {
                    return Err(line.unexpected("a number of atom types that can be"));
                }
                self.types = types;
            }
            ["xlo", "xhi"] | ["ylo", "yhi"] | ["zlo", "zhi"] => {
                let axis = match names[0] {
                    "xlo" => 0,
                    "ylo" => 1,
                    _ => 2,
                };
                let (low, high) = (real(0, BOUNDS)?, real(1, BOUNDS)?);
                if low >= high {
                    return Err(line.unexpected(BOUNDS));
                }
                self.bounds[axis] = Some((low, high));
            }
            ["xy", "xz", "yz"] => self.tilts = three("the three tilts xy xz yz of the box")?,
            ["avec"] => self.vectors[0] = Some(Vec3::from(three("three numbers and avec")?)),
            ["bvec"] => self.vectors[1] = Some(Vec3::from(three("three numbers and bvec")?)),
            ["cvec"] => self.vectors[2] = Some(Vec3::from(three("three numbers and cvec")?)),
            ["abc", "origin"] => self.origin = Vec3::from(three("three numbers and abc origin")?),
            // Bonds, angles, extra room and the like.
            [_, ..] if !numbers.is_empty() => {}
            _ => match &self.rows {
                Some(rows) => {
                    let expected = format!("a section, for all {} atoms are there", rows.len());
                    return Err(line.unexpected(expected));
                }
                None => return Err(line.unexpected(WORDS)),
            },
        }
        Ok(())
    }

    /// The type that a number or a label names.
    fn kind(&self, line: Line<'_>, word: &str) -> Result<u32, StructureError> {
        match self.labels.get(word) {
            Some(kind) => Ok(*kind),
            None => line.type_number(word),
        }
    }

    fn cell(&self) -> Result<StructureCell, StructureError> {
        let cell = match (self.vectors, self.bounds) {
            ([Some(a), Some(b), Some(c)], _) => StructureCell {
                origin: self.origin,
                vectors: [a, b, c],
                periodic: [true; 3],
            },
            (_, [Some(x), Some(y), Some(z)]) => {
                let [xy, xz, yz] = self.tilts;
                StructureCell {
                    origin: Vec3::new(x.0, y.0, z.0),
                    vectors: [
                        Vec3::new(x.1 - x.0, 0.0, 0.0),
                        Vec3::new(xy, y.1 - y.0, 0.0),
                        Vec3::new(xz, yz, z.1 - z.0),
                    ],
                    periodic: [true; 3],
                }
            }
            _ => {
                return Err(StructureError::Content(
                    "its header does not state the whole box; it should hold 'xlo xhi', 'ylo yhi' and \
                     'zlo zhi'"
                        .to_owned(),
                ));
            }
        };
        Ok(StructureCell {
            origin: cell.origin * self.scale,
            vectors: cell.vectors.map(|vector| vector * self.scale),
            ..cell
        })
    }

    fn structure(self, rows: Vec<Row>) -> Result<Structure, StructureError> {
        let cell = self.cell()?;
        let labels = self.labels.iter();
        let elements: Option<BTreeMap<u32, Element>> = labels
            .map(|(label, kind)| Some((*kind, element_of_symbol(label)?)))
            .collect();
        let elements = elements.unwrap_or_default();
        let element = |row: &Row| elements.get(&row.kind).copied();
        let by_label: Option<Vec<Element>> = match elements.is_empty() {
            true => None,
            false => rows.iter().map(element).collect(),
        };
        Ok(Structure {
            kinds: by_label.map_or_else(
                || Kinds::Types(rows.iter().map(|row| row.kind).collect()),
                Kinds::Elements,
            ),
            positions: rows.iter().map(|row| row.position * self.scale).collect(),
            masses: self.masses,
            cell: Some(cell),
            step: self.step,
            time: None,
            comment: self.comment,
        })
    }
}

impl Style {
    /// The columns of an atom style, by its name.
    fn named(name: &str) -> Option<Style> {
        let (kind, x) = match name {
            "atomic" => (1, 2),
            "charge" | "dipole" => (1, 3),
            "molecular" | "bond" | "angle" => (2, 3),
            "full" => (2, 4),
            "sphere" => (1, 4),
            _ => return None,
        };
        Some(Style { kind, x })
    }

    /// The style that the columns of the first atom tell; three more hold its image.
    fn guessed(line: Line<'_>, words: &[&str]) -> Result<Style, StructureError> {
        const SAY: &str = "does not tell its atom style by its columns; write the style behind the \
                           heading, such as 'Atoms # charge'";
        let whole = |k: usize| words[k].bytes().all(|b| b.is_ascii_digit());
        let name = match words.len() {
            5 | 8 => "atomic",
            6 | 9 if !whole(2) => "charge",
            7 | 10 if whole(2) && !whole(3) => "full",
            _ => return Err(line.unsupported(SAY)),
        };
        Style::named(name).ok_or_else(|| line.unsupported(SAY))
    }
}

/// The section that a line begins.
fn section(line: Line<'_>) -> Option<Section> {
    const OTHERS: [&str; 13] = [
        "Velocities",
        "Ellipsoids",
        "Lines",
        "Triangles",
        "Bodies",
        "Bonds",
        "Angles",
        "Dihedrals",
        "Impropers",
        "Coeffs",
        "Labels",
        "Bonus",
        "Types",
    ];
    let (said, comment) = line.text.split_once('#').unwrap_or((line.text, ""));
    let words: SmallVec<[&str; 4]> = said.split_ascii_whitespace().collect();
    match words[..] {
        ["Atoms"] => {
            let style = comment.split_ascii_whitespace().next();
            Some(Section::Atoms(style.map(str::to_owned)))
        }
        ["Masses"] => Some(Section::Masses),
        ["Atom", "Type", "Labels"] => Some(Section::Labels),
        [.., last] if starts_capital(words[0]) && OTHERS.contains(&last) => Some(Section::Other),
        _ => None,
    }
}

fn starts_capital(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
}

fn starts_number(word: &&&str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
}

impl ReadStructure for Data {
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError> {
        match std::mem::replace(&mut self.done, true) {
            true => Ok(None),
            false => self.read(),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    const FILE: &str = "\
LAMMPS data file via write_data, version 2 Aug 2023, timestep = 5000, units = metal

4 atoms # four
2 atom types
0 bonds
-1 9 xlo xhi
0.0 2.0e1 ylo yhi
5 35 zlo zhi

Masses

1 63.546  # Cu
2 91.224

Pair Coeffs # eam

1 cu.eam
2 zr.eam

Atoms # atomic

3 2 4 5 12.5 0 0 -1
1 1 -0.5 1 6.5 0 0 0
# a remark

2 1 1.5 2 8 0 0 0
4 2 2 4 9.5 0 0 0

Velocities

1 0 0 0
";

    fn read(text: &str) -> Result<Structure, StructureError> {
        let mut data = Data::new(Lines::of_text(text)?);
        let frame = data.next_frame()?.unwrap();
        assert!(data.next_frame()?.is_none());
        Ok(frame)
    }

    fn refusal(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn header_masses_and_atoms_are_read_and_the_rest_gone_past() {
        let frame = read(FILE).unwrap();
        assert_eq!(frame.step, Some(5000));
        assert_eq!(frame.masses, [(1, 63.546), (2, 91.224)]);
        assert_eq!(frame.kinds, Kinds::Types(vec![1, 1, 2, 2]));
        assert_eq!(frame.positions[2], Vec3::new(4.0, 5.0, 12.5));
        let cell = frame.cell.unwrap();
        assert_eq!(cell.origin, Vec3::new(-1.0, 0.0, 5.0));
        assert_eq!(
            cell.vectors,
            [10.0 * Vec3::X, 20.0 * Vec3::Y, 30.0 * Vec3::Z]
        );
        assert_eq!(cell.periodic, [true; 3]);
    }

    #[test]
    fn every_style_has_its_columns() {
        for (style, row) in [
            ("Atoms # charge", "4 2 -0.5 2 4 9.5"),
            ("Atoms", "4 2 -0.5 2 4 9.5"),
            ("Atoms  # molecular", "4 7 2 2 4 9.5"),
            ("Atoms  # full", "4 7 2 0 2 4 9.5 0 0 0"),
            ("Atoms", "4 7 2 0.0 2 4 9.5"),
            ("Atoms", "4 2 2 4 9.5"),
            ("Atoms # sphere", "4 2 1.0 8.9 2 4 9.5"),
        ] {
            let text = format!(
                "\n1 atoms\n2 atom types\n0 9 xlo xhi\n0 9 ylo yhi\n0 9 zlo zhi\n\n{style}\n\n{row}\n"
            );
            let frame = read(&text).unwrap();
            assert_eq!(frame.positions, [Vec3::new(2.0, 4.0, 9.5)], "{style} {row}");
            assert_eq!(frame.kinds, Kinds::Types(vec![2]), "{style} {row}");
        }
    }

    #[test]
    fn skew_and_general_cells_and_labels_are_read() {
        let skew = FILE.replace("5 35 zlo zhi", "5 35 zlo zhi\n1 -2 3 xy xz yz");
        let cell = read(&skew).unwrap().cell.unwrap();
        assert_eq!(cell.vectors[1], Vec3::new(1.0, 20.0, 0.0));
        assert_eq!(cell.vectors[2], Vec3::new(-2.0, 3.0, 30.0));
        let general = FILE
            .replace("-1 9 xlo xhi", "9 1 0 avec\n0 8 1 bvec\n1 0 7 cvec")
            .replace("0.0 2.0e1 ylo yhi", "-1 -2 -3 abc origin")
            .replace("5 35 zlo zhi", "");
        let cell = read(&general).unwrap().cell.unwrap();
        assert_eq!(cell.origin, Vec3::new(-1.0, -2.0, -3.0));
        assert_eq!(cell.vectors[2], Vec3::new(1.0, 0.0, 7.0));
        let labelled = FILE
            .replace("\nMasses", "\nAtom Type Labels\n\n1 Cu\n2 Zr\n\nMasses")
            .replace("1 63.546", "Cu 63.546")
            .replace("3 2 4 5", "3 Zr 4 5");
        let (cu, zr) = (Element::Cu, Element::Zr);
        let frame = read(&labelled).unwrap();
        assert_eq!(frame.kinds, Kinds::Elements(vec![cu, cu, zr, zr]));
    }

    #[test]
    fn units_in_the_title_are_minded() {
        let nano = read(&FILE.replace("metal", "nano")).unwrap();
        assert_eq!(nano.positions[2], Vec3::new(40.0, 50.0, 125.0));
        assert!(refusal(&FILE.replace("metal", "lj")).contains("line 1 states the units 'lj'"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (from, to, said) in [
            (
                "4 atoms #",
                "four atoms #",
                "line 3 should hold a line of the header",
            ),
            (
                "4 atoms #",
                "1e3 atoms #",
                "line 3 should hold the number of atoms",
            ),
            (
                "4 atoms #",
                "-4 atoms #",
                "line 3 should hold the number of atoms",
            ),
            ("4 atoms #", "#", "line 20 begins the atoms before"),
            ("4 atoms #", "5 atoms #", "line 29 should hold an atom"),
            (
                "4 atoms #",
                "3 atoms #",
                "line 27 should hold a section, for all 3 atoms are there",
            ),
            (
                "-1 9 xlo",
                "9 -1 xlo",
                "line 6 should hold the lower and upper bound",
            ),
            (
                "-1 9 xlo",
                "9 xlo",
                "line 6 should hold the lower and upper bound",
            ),
            ("5 35 zlo zhi", "", "does not state the whole box"),
            (
                "2 91.224",
                "2",
                "line 13 should hold the mass of type 2 of 2",
            ),
            ("# atomic", "# body", "line 20 names the atom style 'body'"),
            (
                "1 1 -0.5 1 6.5 0 0 0",
                "1 1 -0.5 1 6.5",
                "line 23 should hold an atom in 8 columns",
            ),
            (
                "1 1 -0.5",
                "1 x -0.5",
                "line 23 should hold a whole number as the type",
            ),
            (
                "1 1 -0.5",
                "1 1 nan",
                "line 23: 'nan' is not a finite number",
            ),
            ("1 1 -0.5", "3 1 -0.5", "holds the atom identifier 3 twice"),
            (
                "\nAtoms # atomic",
                "\nAtom",
                "which should hold the section Atoms",
            ),
        ] {
            assert!(FILE.contains(from), "{from}");
            let message = refusal(&FILE.replacen(from, to, 1));
            assert!(message.contains(said), "{to:?}: {message}");
        }
        let end = FILE.find("2 1 1.5").unwrap();
        assert!(refusal(&FILE[..end]).contains("which should hold atom 3 of 4"));
        let ambiguous = "\n1 atoms\n1 atom types\n0 9 xlo xhi\n0 9 ylo yhi\n0 9 zlo zhi\n\nAtoms\n\n1 1 1 2 4 9.5\n";
        assert!(refusal(ambiguous).contains("line 10 does not tell its atom style"));
        assert!(refusal("title\n").contains("which should hold the section Atoms"));
    }
}
