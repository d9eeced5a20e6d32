//! CIF of cells without symmetry (P1): each data block with atoms is a frame.
//!
//! Layout: Hall, Allen & Brown, Acta Cryst. A47, 655 (1991), and the core dictionary of the IUCr. No
//! crate was found to fit: those there are read whole files, drag in parsers of their own grammar and
//! libraries of symmetry, and hide lines. Names with a dot (mmCIF) are read as those with `_`.

use smallvec::SmallVec;

use crate::atoms::{Element, Vec3};

use super::error::{StructureError, repeated};
use super::frame::{Kinds, ReadStructure, Structure, StructureCell};
use super::input::Lines;
use super::lattice::lattice;
use super::line::{Line, element_of_label, element_of_symbol};

/// The longest text of a value that is kept; what is longer is none that is needed.
const LONGEST_VALUE: usize = 256;
/// A site is there wholly from this occupancy on.
const WHOLE: f64 = 0.999;

/// The frames of a CIF.
pub(super) struct Cif {
    tokens: Tokens,
    /// The name of the block that has begun.
    block: Option<String>,
}

/// A word of the file.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// The name of an item, in small letters.
    Name(String),
    Value(String),
    Loop,
    Block(String),
}

/// Splits the text into words.
struct Tokens {
    lines: Lines,
    /// The line that is being split, and how far that has come.
    number: u64,
    text: String,
    at: usize,
    held: Option<Token>,
}

/// What a block has told so far.
#[derive(Default)]
struct Block {
    lengths: [Option<f64>; 3],
    angles: [Option<f64>; 3],
    /// The last line that told about the cell.
    cell_line: u64,
    sites: Vec<Vec3>,
    elements: Vec<Element>,
    fractional: bool,
}

/// Where a loop of atoms holds what.
#[derive(Default)]
struct Columns {
    position: [Option<usize>; 3],
    fractional: bool,
    symbol: Option<usize>,
    label: Option<usize>,
    occupancy: Option<usize>,
}

impl Tokens {
    fn line(&self) -> Line<'_> {
        Line {
            number: self.number,
            text: &self.text,
        }
    }

    fn peek(&mut self) -> Result<Option<&Token>, StructureError> {
        if self.held.is_none() {
            self.held = self.read()?;
        }
        Ok(self.held.as_ref())
    }

    fn next(&mut self) -> Result<Option<Token>, StructureError> {
        match self.held.take() {
            Some(token) => Ok(Some(token)),
            None => self.read(),
        }
    }

    fn read(&mut self) -> Result<Option<Token>, StructureError> {
        loop {
            let rest = &self.text[self.at..];
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            let rest = &self.text[self.at..];
            if !rest.is_empty() && !rest.starts_with('#') {
                return self.word().map(Some);
            }
            let Some(line) = self.lines.next()? else {
                return Ok(None);
            };
            if line.text.starts_with(';') {
                return self.text_field().map(Some);
            }
            self.number = line.number;
            self.text.clear();
            self.text.push_str(line.text);
            self.at = 0;
        }
    }

    /// The word at which the line stands.
    fn word(&mut self) -> Result<Token, StructureError> {
        let rest = &self.text[self.at..];
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
            let inside = &rest[1..];
            // A quote within a word does not end it.
            let ends = |place: &usize| {
                let after = inside[place + 1..].chars().next();
                after.is_none_or(char::is_whitespace)
            };
            let mut places = inside.match_indices(quote).map(|(place, _)| place);
            let Some(end) = places.find(ends) else {
                return Err(self
                    .line()
                    .unexpected(format!("a second {quote} to end the text")));
            };
            let value = short(&inside[..end]);
            self.at += end + 2;
            return Ok(Token::Value(value));
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let word = &rest[..end];
        let lower = || word.to_ascii_lowercase();
        let token = if word.starts_with('_') {
            Token::Name(lower().replacen('.', "_", 1))
        } else if word.eq_ignore_ascii_case("loop_") {
            Token::Loop
        } else if word.len() >= 5
            && word.is_char_boundary(5)
            && word[..5].eq_ignore_ascii_case("data_")
        {
            Token::Block(short(&word[5..]))
        } else {
            Token::Value(short(word))
        };
        self.at += end;
        Ok(token)
    }

    /// The value from a line that begins with `;` to the next that does.
    fn text_field(&mut self) -> Result<Token, StructureError> {
        let begun = self.lines.number();
        let mut value = short(&self.lines.last().text[1..]);
        loop {
            let line = self.lines.expect(|| {
                format!("a line that begins with ; to end the text begun in line {begun}")
            })?;
            if line.text.starts_with(';') {
                break;
            }
            if value.len() < LONGEST_VALUE {
                value.push(' ');
                value.push_str(&short(line.text));
            }
        }
        // What follows the closing semicolon is read on.
        self.number = self.lines.number();
        self.text.clear();
        self.text.push_str(self.lines.last().text);
        self.at = 1;
        Ok(Token::Value(value))
    }

    /// The value of an item.
    fn value(&mut self, name: &str) -> Result<String, StructureError> {
        match self.next()? {
            Some(Token::Value(value)) => Ok(value),
            Some(_) => Err(self.line().unexpected(format!("a value of {name}"))),
            None => Err(self.lines.ends(format!("a value of {name}"))),
        }
    }

    /// The values of a row; `None` when no row follows.
    fn row(&mut self, columns: usize) -> Result<Option<SmallVec<[String; 16]>>, StructureError> {
        if !matches!(self.peek()?, Some(Token::Value(_))) {
            return Ok(None);
        }
        let mut row = SmallVec::new();
        for _ in 0..columns {
            row.push(self.value("every item of the loop")?);
        }
        Ok(Some(row))
    }
}

/// As much of a text as is kept of a value.
fn short(text: &str) -> String {
    text.chars().take(LONGEST_VALUE).collect()
}

impl Cif {
    pub(super) fn new(lines: Lines) -> Cif {
        let tokens = Tokens {
            lines,
            number: 0,
            text: String::new(),
            at: 0,
            held: None,
        };
        Cif {
            tokens,
            block: None,
        }
    }

    /// The items up to the next block.
    fn read_block(&mut self) -> Result<Block, StructureError> {
        let mut block = Block::default();
        while let Some(token) = self.tokens.peek()? {
            if matches!(token, Token::Block(_)) {
                break;
            }
            match self.tokens.next()? {
                Some(Token::Name(name)) => {
                    let value = self.tokens.value(&name)?;
                    block.item(&name, &value, self.tokens.line())?;
                }
                Some(Token::Loop) => self.read_loop(&mut block)?,
                // The end of a save frame, or a value too much; neither tells anything.
                Some(Token::Value(_)) | Some(Token::Block(_)) | None => {}
            }
        }
        Ok(block)
    }

    fn read_loop(&mut self, block: &mut Block) -> Result<(), StructureError> {
        let mut names = Vec::new();
        while let Some(Token::Name(_)) = self.tokens.peek()? {
            if let Some(Token::Name(name)) = self.tokens.next()? {
                names.push(name);
            }
        }
        if names.is_empty() {
            let line = self.tokens.line();
            return Err(line.unexpected("the names of the items of a loop"));
        }
        let columns = Columns::of(&names);
        let symmetry = names.iter().position(|name| is_symmetry(name));
        while let Some(row) = self.tokens.row(names.len())? {
            let line = self.tokens.line();
            if let Some(column) = symmetry {
                identity(line, &row[column])?;
            }
            if let Some([x, y, z]) = columns.place() {
                let real = |column: usize| number(line, &row[column]);
                block.sites.push(Vec3::new(real(x)?, real(y)?, real(z)?));
                block.elements.push(columns.element(line, &row)?);
                block.fractional = columns.fractional;
                columns.whole(line, &row)?;
            }
        }
        // A loop of one row may hold what else stands alone.
        Ok(())
    }
}

impl Columns {
    fn of(names: &[String]) -> Columns {
        let find = |name: &str| names.iter().position(|known| known == name);
        let three =
            |kind: &str| ["x", "y", "z"].map(|axis| find(&format!("_atom_site_{kind}_{axis}")));
        let (fractional, cartesian) = (three("fract"), three("cartn"));
        let is_fractional = fractional.iter().all(Option::is_some);
        Columns {
            position: if is_fractional { fractional } else { cartesian },
            fractional: is_fractional,
            symbol: find("_atom_site_type_symbol"),
            label: find("_atom_site_label").or_else(|| find("_atom_site_label_atom_id")),
            occupancy: find("_atom_site_occupancy"),
        }
    }

    fn place(&self) -> Option<[usize; 3]> {
        match self.position {
            [Some(x), Some(y), Some(z)] => Some([x, y, z]),
            _ => None,
        }
    }

    fn element(&self, line: Line<'_>, row: &[String]) -> Result<Element, StructureError> {
        let (word, element) = match (self.symbol, self.label) {
            (Some(column), _) if !is_unknown(&row[column]) => {
                (&row[column], element_of_symbol(&row[column]))
            }
            (_, Some(column)) => (&row[column], element_of_label(&row[column])),
            _ => {
                return Err(line.unsupported(
                    "holds an atom without its element; give _atom_site_type_symbol or \
                     _atom_site_label",
                ));
            }
        };
        element.ok_or_else(|| StructureError::UnknownSymbol {
            line: line.number,
            found: repeated(word),
        })
    }

    /// That the atom is there, not one of several that may be.
    fn whole(&self, line: Line<'_>, row: &[String]) -> Result<(), StructureError> {
        let Some(word) = self.occupancy.map(|column| &row[column]) else {
            return Ok(());
        };
        match is_unknown(word) || number(line, word)? >= WHOLE {
            true => Ok(()),
            false => Err(line.unsupported(format!(
                "holds an atom of the occupancy {}; only cells without disorder can be read",
                repeated(word)
            ))),
        }
    }
}

impl Block {
    /// An item with its one value.
    fn item(&mut self, name: &str, value: &str, line: Line<'_>) -> Result<(), StructureError> {
        const LENGTHS: [&str; 3] = ["_cell_length_a", "_cell_length_b", "_cell_length_c"];
        const ANGLES: [&str; 3] = ["_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"];
        if let Some(axis) = LENGTHS.iter().position(|length| *length == name) {
            self.lengths[axis] = Some(number(line, value)?);
            self.cell_line = line.number;
        } else if let Some(axis) = ANGLES.iter().position(|angle| *angle == name) {
            self.angles[axis] = Some(number(line, value)?);
            self.cell_line = line.number;
        } else if is_symmetry(name) {
            identity(line, value)?;
        } else if is_group(name) && !is_unknown(value) && !is_p1(value) {
            return Err(symmetric(line, value));
        }
        Ok(())
    }

    fn structure(self, name: String) -> Result<Structure, StructureError> {
        let line = self.cell_line;
        let cell = match self.lengths {
            [Some(a), Some(b), Some(c)] => {
                let angles = self.angles.map(|angle| angle.unwrap_or(90.0));
                let vectors = lattice([a, b, c], angles);
                let vectors = vectors.ok_or(StructureError::FlatCell { line })?;
                Some(StructureCell::repeated(vectors))
            }
            _ => None,
        };
        let positions = match (self.fractional, cell) {
            (false, _) => self.sites,
            (true, Some(cell)) => self
                .sites
                .into_iter()
                .map(|site| cell.place(site))
                .collect(),
            (true, None) => {
                return Err(StructureError::Content(format!(
                    "its block '{name}' gives fractions of a cell and not all of _cell_length_a, \
                     _cell_length_b and _cell_length_c"
                )));
            }
        };
        Ok(Structure {
            positions,
            kinds: Kinds::Elements(self.elements),
            cell,
            comment: name,
            ..Structure::default()
        })
    }
}

/// A number, with or without its uncertainty: `0.123(4)`.
fn number(line: Line<'_>, word: &str) -> Result<f64, StructureError> {
    let digits = match word.split_once('(') {
        Some((digits, rest)) if rest.ends_with(')') => digits,
        _ => word,
    };
    let expected = format!("a number where '{}' stands", repeated(word));
    line.real(digits, &expected)
}

fn is_unknown(value: &str) -> bool {
    matches!(value, "?" | ".")
}

fn is_symmetry(name: &str) -> bool {
    matches!(
        name,
        "_symmetry_equiv_pos_as_xyz" | "_space_group_symop_operation_xyz"
    )
}

fn is_group(name: &str) -> bool {
    matches!(
        name,
        "_symmetry_space_group_name_h-m"
            | "_space_group_name_h-m_alt"
            | "_symmetry_int_tables_number"
            | "_space_group_it_number"
    )
}

fn is_p1(value: &str) -> bool {
    let plain: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    plain.eq_ignore_ascii_case("p1") || plain == "1"
}

/// That a symmetry operation leaves everything where it is.
fn identity(line: Line<'_>, operation: &str) -> Result<(), StructureError> {
    let plain: String = operation
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '+')
        .collect();
    match plain.eq_ignore_ascii_case("x,y,z") || is_unknown(operation) {
        true => Ok(()),
        false => Err(symmetric(line, operation)),
    }
}

fn symmetric(line: Line<'_>, what: &str) -> StructureError {
    line.unsupported(format!(
        "states the symmetry '{}'; only cells of the space group P 1 are read: expand to P1, with \
         every atom of the cell listed",
        repeated(what)
    ))
}

impl ReadStructure for Cif {
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError> {
        loop {
            if self.block.is_none() {
                match self.tokens.next()? {
                    None => return Ok(None),
                    Some(Token::Block(name)) => self.block = Some(name),
                    Some(_) => return Err(self.tokens.line().unexpected("data_ and a name")),
                }
            }
            let name = self.block.take().unwrap_or_default();
            let block = self.read_block()?;
            if !block.sites.is_empty() {
                return block.structure(name).map(Some);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    const FILE: &str = "\
# made by hand
data_CuZr
_publ_section_title
;
 A title of
 data_ two lines
;
_cell_length_a   8.0(1)
_cell_length_b   6
_cell_length_c   7.5
_cell_angle_alpha 90.0
_cell_angle_beta  90
_cell_angle_gamma 120.00
_symmetry_space_group_name_H-M 'P 1'
_space_group_IT_number 1
loop_
_symmetry_equiv_pos_as_xyz
 'x, y, z'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_occupancy
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Cu1 Cu0+ 1.0 0.5 0.0 0.25(3)   # a comment
'Zr 2' Zr 1
0.0 0.5 -0.5
O\"3 . ? 0 0 0
loop_
_atom_site_aniso_label
_atom_site_aniso_U_11
Cu1 0.01
";

    fn frames(text: &str) -> Result<Vec<Structure>, StructureError> {
        let mut cif = Cif::new(Lines::of_text(text)?);
        let mut all = Vec::new();
        while let Some(frame) = cif.next_frame()? {
            all.push(frame);
        }
        Ok(all)
    }

    fn near(a: Vec3, b: [f64; 3]) -> bool {
        (a - Vec3::from(b)).length() < 1e-12
    }

    #[test]
    fn cell_and_sites_are_read() {
        let frames = frames(FILE).unwrap();
        let frame = &frames[0];
        assert_eq!(frames.len(), 1);
        let elements = vec![Element::Cu, Element::Zr, Element::O];
        assert_eq!(frame.kinds, Kinds::Elements(elements));
        let cell = frame.cell.unwrap();
        assert!(near(cell.vectors[1], [-3.0, 27.0_f64.sqrt(), 0.0]));
        assert!(near(frame.positions[0], [4.0, 0.0, 1.875]));
        assert!(near(
            frame.positions[1],
            [-1.5, 27.0_f64.sqrt() / 2.0, -3.75]
        ));
        assert_eq!(frame.comment, "CuZr");
    }

    #[test]
    fn blocks_are_frames_and_dots_are_as_good() {
        let dotted = FILE
            .replace("_atom_site_", "_atom_site.")
            .replace("_cell_", "_cell.");
        let text = format!("data_global\n_audit 1\n{FILE}{dotted}");
        let read = frames(&text).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0], read[1]);
    }

    #[test]
    fn cartesian_sites_need_no_cell() {
        let text = "data_\nloop_\n_atom_site_label\n_atom_site_Cartn_x\n_atom_site_Cartn_y\n\
                    _atom_site_Cartn_z\nOW1 1 2 3\nCa2 2 3 4\n";
        let frame = &frames(text).unwrap()[0];
        assert_eq!(frame.cell, None);
        assert_eq!(frame.kinds, Kinds::Elements(vec![Element::O, Element::Ca]));
        assert_eq!(frame.positions[0], Vec3::new(1.0, 2.0, 3.0));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (from, to, said) in [
            (
                "'x, y, z'",
                "'x, y, z' '-x, -y, z'",
                "line 18 states the symmetry '-x, -y, z'",
            ),
            (
                "'P 1'",
                "'F m -3 m'",
                "line 14 states the symmetry 'F m -3 m'",
            ),
            (
                "IT_number 1",
                "IT_number 225",
                "line 15 states the symmetry '225'",
            ),
            ("data_CuZr", "hello", "line 2 should hold data_ and a name"),
            (
                "gamma 120.00",
                "gamma 180.0",
                "the cell that ends at line 13 has no volume",
            ),
            ("_cell_length_c   7.5", "", "not all of _cell_length_a"),
            (
                "length_b   6",
                "length_b   ?",
                "line 9 should hold a number where '?' stands",
            ),
            (
                "Zr 1\n",
                "Zr 0.5\n",
                "line 28 holds an atom of the occupancy 0.5",
            ),
            ("Zr 1\n", "Qq 1\n", "line 28: 'Qq' is not the symbol"),
            (
                "0.0 0.5 -0.5",
                "0.0 nan -0.5",
                "line 28: 'nan' is not a finite number",
            ),
            (
                "'Zr 2'",
                "'Zr 2",
                "line 27 should hold a second ' to end the text",
            ),
            (
                "O\"3 . ? 0 0 0",
                "O\"3 . ? 0 0",
                "line 30 should hold a value of every item of the loop",
            ),
            (
                "lines\n;",
                "lines\n",
                "to end the text begun in line 4; it is cut",
            ),
        ] {
            assert!(FILE.contains(from), "{from}");
            let message = frames(&FILE.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(message.contains(said), "{to:?}: {message}");
        }
    }
}
