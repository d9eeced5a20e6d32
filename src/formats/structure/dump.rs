//! Text dumps of LAMMPS: one frame or a trajectory; orthogonal, skew and general cells.
//!
//! Layout: LAMMPS documentation, command `dump`, styles `atom` and `custom`.

use smallvec::SmallVec;

use crate::atoms::{Element, Vec3};

use super::error::{StructureError, repeated};
use super::frame::{Kinds, ReadStructure, Structure, StructureCell};
use super::input::Lines;
use super::line::{Line, Symbols};
use super::units::{angstrom_per_length, unknown_units};

const TIMESTEP: &str = "ITEM: TIMESTEP";
const NUMBER: &str = "ITEM: NUMBER OF ATOMS";
const BOUNDS: &str = "ITEM: BOX BOUNDS";
const ATOMS: &str = "ITEM: ATOMS";

/// The frames of a dump.
pub(super) struct Dump {
    lines: Lines,
    symbols: Symbols,
    /// Ångström per unit of length; units are stated once in a file.
    scale: f64,
}

/// What a frame says before its atoms.
struct Header {
    step: u64,
    time: Option<f64>,
    atoms: u64,
    cell: StructureCell,
}

/// One atom as it stands in the file.
#[derive(Clone, Copy)]
struct Row {
    id: u64,
    position: Vec3,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Element(Element),
    Type(u32),
    Unknown,
}

impl Dump {
    pub(super) fn new(lines: Lines) -> Dump {
        Dump {
            lines,
            symbols: Symbols::default(),
            scale: 1.0,
        }
    }

    /// Reads a heading and returns what follows it on its line.
    fn heading(&mut self, heading: &str) -> Result<(u64, String), StructureError> {
        let line = self.lines.expect_filled(|| heading.to_owned())?;
        match line.text.trim().strip_prefix(heading) {
            Some(rest) => Ok((line.number, rest.trim().to_owned())),
            None => Err(line.unexpected(heading)),
        }
    }

    /// What stands before a frame: its units and time, if the dump was told to state them.
    fn before(&mut self) -> Result<Option<(u64, Option<f64>)>, StructureError> {
        let mut time = None;
        let mut inside = false;
        loop {
            let item = match self.lines.next_filled()? {
                Some(line) => match line.text.trim() {
                    item @ (TIMESTEP | "ITEM: UNITS" | "ITEM: TIME") => item.to_owned(),
                    _ => return Err(line.unexpected(TIMESTEP)),
                },
                None if inside => return Err(self.lines.ends(TIMESTEP.to_owned())),
                None => return Ok(None),
            };
            inside = true;
            match item.as_str() {
                TIMESTEP => {
                    const STEP: &str = "the number of the time step";
                    let line = self.lines.expect_filled(|| STEP.to_owned())?;
                    return Ok(Some((line.whole(line.text.trim(), STEP)?, time)));
                }
                "ITEM: TIME" => {
                    const TIME: &str = "the time";
                    let line = self.lines.expect_filled(|| TIME.to_owned())?;
                    time = Some(line.real(line.text.trim(), TIME)?);
                }
                _ => {
                    let line = self.lines.expect_filled(|| "the units".to_owned())?;
                    let units = line.text.trim();
                    let known = angstrom_per_length(units);
                    self.scale =
                        known.ok_or_else(|| line.unsupported(unknown_units(&repeated(units))))?;
                }
            }
        }
    }

    fn header(&mut self) -> Result<Option<Header>, StructureError> {
        let Some((step, time)) = self.before()? else {
            return Ok(None);
        };
        self.heading(NUMBER)?;
        let line = self
            .lines
            .expect_filled(|| "the number of atoms".to_owned())?;
        let atoms = line.count(line.text.trim())?;
        let cell = self.cell()?;
        Ok(Some(Header {
            step,
            time,
            atoms,
            cell,
        }))
    }

    fn cell(&mut self) -> Result<StructureCell, StructureError> {
        let (number, rest) = self.heading(BOUNDS)?;
        let words: Vec<&str> = rest.split_ascii_whitespace().collect();
        let (rows, flags) = match words[..] {
            ["xy", "xz", "yz", ref flags @ ..] => (Rows::Skew, flags),
            ["abc", "origin", ref flags @ ..] => (Rows::General, flags),
            ref flags => (Rows::Orthogonal, flags),
        };
        let periodic = match *flags {
            [x, y, z] => [x, y, z].map(|flag| flag == "pp"),
            // Old versions state none; LAMMPS repeats what is not said to be open.
            [] => [true; 3],
            _ => {
                return Err(StructureError::Unexpected {
                    line: number,
                    expected: format!("{BOUNDS} and three boundary flags such as pp pp pp"),
                    found: repeated(&rest),
                });
            }
        };
        let mut cell = match rows {
            Rows::Orthogonal => self.orthogonal()?,
            Rows::Skew => self.skew()?,
            Rows::General => self.general()?,
        };
        cell.periodic = periodic;
        cell.origin *= self.scale;
        cell.vectors = cell.vectors.map(|vector| vector * self.scale);
        Ok(cell)
    }

    fn orthogonal(&mut self) -> Result<StructureCell, StructureError> {
        const ROW: &str = "the lower and upper bound of the box, the lower one first";
        let mut cell = StructureCell::repeated([Vec3::ZERO; 3]);
        for axis in 0..3 {
            let line = self.lines.expect_filled(|| ROW.to_owned())?;
            let [low, high] = line.reals(ROW)?;
            if low >= high {
                return Err(line.unexpected(ROW));
            }
            cell.origin[axis] = low;
            cell.vectors[axis][axis] = high - low;
        }
        Ok(cell)
    }

    /// A skew cell, of which the bounds of the box about it are stated.
    fn skew(&mut self) -> Result<StructureCell, StructureError> {
        const ROW: &str = "two bounds of the box, the lower one first, and a tilt";
        let mut bounds = [(0.0, 0.0); 3];
        let mut tilts = [0.0; 3];
        for axis in 0..3 {
            let line = self.lines.expect_filled(|| ROW.to_owned())?;
            let [low, high, tilt] = line.reals(ROW)?;
            if low >= high {
                return Err(line.unexpected(ROW));
            }
            (bounds[axis], tilts[axis]) = ((low, high), tilt);
        }
        let [xy, xz, yz] = tilts;
        let low = |values: &[f64]| values.iter().copied().fold(0.0, f64::min);
        let high = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
        let along_x = [xy, xz, xy + xz];
        bounds[0].0 -= low(&along_x);
        bounds[0].1 -= high(&along_x);
        bounds[1].0 -= low(&[yz]);
        bounds[1].1 -= high(&[yz]);
        let edge = |axis: usize| bounds[axis].1 - bounds[axis].0;
        if (0..3).any(|axis| edge(axis).partial_cmp(&0.0) != Some(std::cmp::Ordering::Greater)) {
            let line = self.lines.number();
            return Err(StructureError::FlatCell { line });
        }
        Ok(StructureCell {
            origin: Vec3::from(bounds.map(|(low, _)| low)),
            vectors: [
                Vec3::new(edge(0), 0.0, 0.0),
                Vec3::new(xy, edge(1), 0.0),
                Vec3::new(xz, yz, edge(2)),
            ],
            periodic: [true; 3],
        })
    }

    /// Three vectors of any direction, each with a coordinate of the corner.
    fn general(&mut self) -> Result<StructureCell, StructureError> {
        const ROW: &str = "a vector of the cell and a coordinate of its corner, four numbers";
        let mut cell = StructureCell::repeated([Vec3::ZERO; 3]);
        for axis in 0..3 {
            let line = self.lines.expect_filled(|| ROW.to_owned())?;
            let [x, y, z, origin] = line.reals(ROW)?;
            cell.vectors[axis] = Vec3::new(x, y, z);
            cell.origin[axis] = origin;
        }
        Ok(cell)
    }

    /// That the frame ends here: a wrong number of atoms would otherwise be noticed in the next frame
    /// only, which may never be read.
    fn check_end(&mut self, atoms: u64) -> Result<(), StructureError> {
        match self.lines.peek_filled()? {
            Some(line) if !line.text.trim_start().starts_with("ITEM:") => Err(line.unexpected(
                format!("nothing, or the next {TIMESTEP}, for all {atoms} atoms are there"),
            )),
            _ => Ok(()),
        }
    }

    fn rows(&mut self, header: &Header) -> Result<Vec<Row>, StructureError> {
        let (number, names) = self.heading(ATOMS)?;
        let columns = Columns::of(&names).ok_or_else(|| StructureError::Unsupported {
            line: number,
            what: format!(
                "lists the columns '{}', among which there are no positions; dump x y z, xs ys zs, \
                 xu yu zu or xsu ysu zsu",
                repeated(&names)
            ),
        })?;
        // The count is not trusted for an allocation: a damaged file may state anything.
        let mut rows: Vec<Row> = Vec::new();
        for index in 0..header.atoms {
            let expected = || format!("atom {} of {}", index + 1, header.atoms);
            let line = self.lines.expect_filled(expected)?;
            let mut row = columns.row(line, &mut self.symbols)?;
            row.position = match columns.scaled {
                true => header.cell.place(row.position),
                false => row.position * self.scale,
            };
            if columns.id.is_none() {
                row.id = index;
            }
            rows.push(row);
        }
        let line = self.lines.number();
        self.check_end(header.atoms)?;
        rows.sort_unstable_by_key(|row| row.id);
        match rows.windows(2).find(|pair| pair[0].id == pair[1].id) {
            Some(pair) => Err(StructureError::DuplicateId {
                line,
                id: pair[0].id,
            }),
            None => Ok(rows),
        }
    }
}

impl ReadStructure for Dump {
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError> {
        let Some(header) = self.header()? else {
            return Ok(None);
        };
        let rows = self.rows(&header)?;
        let mut structure = Structure {
            positions: rows.iter().map(|row| row.position).collect(),
            cell: Some(header.cell),
            step: Some(header.step),
            time: header.time,
            ..Structure::default()
        };
        let elements: Option<Vec<Element>> = rows.iter().map(|row| row.kind.element()).collect();
        let types: Option<Vec<u32>> = rows.iter().map(|row| row.kind.number()).collect();
        structure.kinds = match (elements, types) {
            (Some(elements), _) if !rows.is_empty() => Kinds::Elements(elements),
            (_, Some(types)) if !rows.is_empty() => Kinds::Types(types),
            _ => Kinds::Unknown,
        };
        Ok(Some(structure))
    }

    fn skip_frame(&mut self) -> Result<bool, StructureError> {
        let Some(header) = self.header()? else {
            return Ok(false);
        };
        self.heading(ATOMS)?;
        for index in 0..header.atoms {
            let expected = || format!("atom {} of {}", index + 1, header.atoms);
            self.lines.expect_filled(expected)?;
        }
        self.check_end(header.atoms)?;
        Ok(true)
    }
}

/// How the three lines of a box are written.
enum Rows {
    Orthogonal,
    Skew,
    General,
}

impl Kind {
    fn element(self) -> Option<Element> {
        match self {
            Kind::Element(element) => Some(element),
            _ => None,
        }
    }

    fn number(self) -> Option<u32> {
        match self {
            Kind::Type(number) => Some(number),
            _ => None,
        }
    }
}

/// Where a row of atoms holds what.
struct Columns {
    count: usize,
    id: Option<usize>,
    position: [usize; 3],
    scaled: bool,
    element: Option<usize>,
    number: Option<usize>,
}

impl Columns {
    fn of(names: &str) -> Option<Columns> {
        const FORMS: [([&str; 3], bool); 4] = [
            (["x", "y", "z"], false),
            (["xu", "yu", "zu"], false),
            (["xs", "ys", "zs"], true),
            (["xsu", "ysu", "zsu"], true),
        ];
        let names: Vec<&str> = names.split_ascii_whitespace().collect();
        let find = |name: &str| names.iter().position(|n| *n == name);
        FORMS.into_iter().find_map(|([x, y, z], scaled)| {
            Some(Columns {
                count: names.len(),
                id: find("id"),
                position: [find(x)?, find(y)?, find(z)?],
                scaled,
                element: find("element"),
                number: find("type"),
            })
        })
    }

    /// The atom of a line, its position as it is written.
    fn row(&self, line: Line<'_>, symbols: &mut Symbols) -> Result<Row, StructureError> {
        const ROW: &str = "one finite number per listed column";
        let words: SmallVec<[&str; 16]> = line.words().collect();
        if words.len() != self.count {
            return Err(line.unexpected(format!("the {} listed columns", self.count)));
        }
        let [x, y, z] = self.position.map(|column| line.real(words[column], ROW));
        Ok(Row {
            id: match self.id {
                Some(column) => line.whole(words[column], "a whole number as identifier")?,
                None => 0,
            },
            position: Vec3::new(x?, y?, z?),
            kind: match (self.element, self.number) {
                (Some(column), _) => Kind::Element(symbols.element(line, words[column])?),
                (None, Some(column)) => Kind::Type(line.type_number(words[column])?),
                (None, None) => Kind::Unknown,
            },
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    /// Five atoms in a box of 10 × 20 × 30 Å whose lower corner is (−1, 0, 5), out of order.
    const PLAIN: &str = "\
ITEM: TIMESTEP
400
ITEM: NUMBER OF ATOMS
5
ITEM: BOX BOUNDS pp pp pp
-1.0000000000000000e+00 9.0000000000000000e+00
0.0 20.0
5.0 35.0
ITEM: ATOMS id type x y z
2 2 1.5 2 8
1 1 -0.5 1 6.5
4 1 4 5 12.5
3 1 2 4 9.5
5 1 9.25 19 35.5
";

    const SCALED: &str = "\
ITEM: TIMESTEP
400
ITEM: NUMBER OF ATOMS
5
ITEM: BOX BOUNDS pp pp pp
-1 9
0 20
5 35
ITEM: ATOMS zs id xs ys type
0.05 1 0.05 0.05 1
0.1 2 0.25 0.1 2
0.15 3 0.3 0.2 1
0.25 4 0.5 0.25 1
1.0166666666666666 5 1.025 0.95 1
";

    fn frames(text: &str) -> Result<Vec<Structure>, StructureError> {
        let mut dump = Dump::new(Lines::of_text(text)?);
        let mut all = Vec::new();
        while let Some(frame) = dump.next_frame()? {
            all.push(frame);
        }
        Ok(all)
    }

    fn first(text: &str) -> Structure {
        frames(text).unwrap().remove(0)
    }

    fn refusal(text: &str) -> String {
        frames(text).unwrap_err().to_string()
    }

    #[test]
    fn atoms_come_in_the_order_of_their_identifiers() {
        let frame = first(PLAIN);
        assert_eq!(frame.step, Some(400));
        let cell = frame.cell.unwrap();
        assert_eq!(cell.origin, Vec3::new(-1.0, 0.0, 5.0));
        assert_eq!(
            cell.vectors,
            [10.0 * Vec3::X, 20.0 * Vec3::Y, 30.0 * Vec3::Z]
        );
        assert_eq!(cell.periodic, [true; 3]);
        assert_eq!(frame.positions[0], Vec3::new(-0.5, 1.0, 6.5));
        assert_eq!(frame.positions[4], Vec3::new(9.25, 19.0, 35.5));
        assert_eq!(frame.kinds, Kinds::Types(vec![1, 2, 1, 1, 1]));
    }

    #[test]
    fn unwrapped_and_scaled_positions_are_the_same_places() {
        let plain = first(PLAIN);
        assert_eq!(first(&PLAIN.replace("x y z", "xu yu zu")), plain);
        let scaled = first(SCALED);
        assert_eq!(scaled.kinds, plain.kinds);
        for (a, b) in plain.positions.iter().zip(&scaled.positions) {
            assert!((*a - *b).abs().max_element() <= 1e-12, "{a} {b}");
        }
        assert!(frames(&SCALED.replace("zs id xs ys", "zsu id xsu ysu")).is_ok());
    }

    #[test]
    fn elements_count_more_than_types() {
        let text = PLAIN
            .replace("type x", "element x")
            .replace("\n2 2", "\n2 Zr");
        let text = text
            .replace(" 1 -0.5", " Cu -0.5")
            .replace(" 1 4 5", " Cu 4 5");
        let text = text
            .replace(" 1 2 4", " Cu 2 4")
            .replace(" 1 9.25", " Cu 9.25");
        let mut elements = vec![Element::Cu; 5];
        elements[1] = Element::Zr;
        assert_eq!(first(&text).kinds, Kinds::Elements(elements));
        let text = PLAIN.replace("type x y z", "q x y z");
        assert_eq!(first(&text).kinds, Kinds::Unknown);
    }

    #[test]
    fn flags_say_which_directions_are_repeated() {
        let text = PLAIN.replace("pp pp pp", "pp fs mm");
        assert_eq!(first(&text).cell.unwrap().periodic, [true, false, false]);
        let text = PLAIN.replace(" pp pp pp", "");
        assert_eq!(first(&text).cell.unwrap().periodic, [true; 3]);
    }

    #[test]
    fn the_bounds_of_a_skew_cell_are_those_of_the_box_about_it() {
        // a = (10, 0, 0), b = (-2, 8, 0), c = (3, -1, 6), corner (1, 2, 3).
        let text = PLAIN
            .replace("BOUNDS pp", "BOUNDS xy xz yz pp")
            .replace("-1.0000000000000000e+00 9.0000000000000000e+00", "-1 14 -2")
            .replace("0.0 20.0", "1 10 3")
            .replace("5.0 35.0", "3 9 -1");
        let cell = first(&text).cell.unwrap();
        assert_eq!(cell.origin, Vec3::new(1.0, 2.0, 3.0));
        let expected = [[10., 0., 0.], [-2., 8., 0.], [3., -1., 6.]].map(Vec3::from);
        assert_eq!(cell.vectors, expected);
        let scaled = text
            .replace("x y z", "xs ys zs")
            .replace("-0.5 1 6.5", "0.5 0.25 0.5");
        assert_eq!(first(&scaled).positions[0], Vec3::new(7.0, 3.5, 6.0));
    }

    #[test]
    fn a_general_cell_states_its_vectors() {
        let text = PLAIN
            .replace("BOUNDS pp", "BOUNDS abc origin pp")
            .replace("-1.0000000000000000e+00 9.0000000000000000e+00", "9 1 0 -1")
            .replace("0.0 20.0", "0 8 1 -2")
            .replace("5.0 35.0", "1 0 7 -3");
        let cell = first(&text).cell.unwrap();
        assert_eq!(cell.origin, Vec3::new(-1.0, -2.0, -3.0));
        assert_eq!(
            cell.vectors,
            [[9., 1., 0.], [0., 8., 1.], [1., 0., 7.]].map(Vec3::from)
        );
    }

    #[test]
    fn a_trajectory_gives_its_frames_in_order_in_its_units() {
        let text = format!(
            "ITEM: UNITS\nnano\n{PLAIN}\nITEM: TIME\n1.5\n{}",
            PLAIN.replace("400", "800")
        );
        let read = frames(&text).unwrap();
        let steps: Vec<_> = read.iter().map(|f| (f.step, f.time)).collect();
        assert_eq!(steps, [(Some(400), None), (Some(800), Some(1.5))]);
        for frame in &read {
            assert_eq!(frame.positions[4], Vec3::new(92.5, 190.0, 355.0));
            assert_eq!(frame.cell.unwrap().vectors[1], 200.0 * Vec3::Y);
        }
        let message = refusal(&text.replace("nano", "lj"));
        assert!(
            message.contains("line 2 states the units 'lj'"),
            "{message}"
        );
        let mut dump = Dump::new(Lines::of_text(&text).unwrap());
        assert!(dump.skip_frame().unwrap());
        assert_eq!(dump.next_frame().unwrap().unwrap(), read[1]);
        assert!(!dump.skip_frame().unwrap());
    }

    #[test]
    fn errors_name_their_line() {
        for (from, to, line, words) in [
            ("ITEM: TIMESTEP", "hello", 1, "ITEM: TIMESTEP"),
            ("400", "-4", 2, "the number of the time step"),
            ("ATOMS\n5", "ATOMS\nfive", 4, "the number of atoms"),
            ("pp pp pp", "pp pp", 5, "three boundary flags"),
            ("0.0 20.0", "20.0 0.0", 7, "the lower one first"),
            ("id type x y z", "id type vx vy vz", 9, "no positions"),
            ("1.5 2 8", "1.5 2", 10, "the 5 listed columns"),
            ("1.5 2 8", "1.5 NaN 8", 10, "not a finite number"),
            ("1.5 2 8", "1.5 two 8", 10, "one finite number"),
            ("3 1 2 4", "3.5 1 2 4", 13, "a whole number as identifier"),
            ("3 1 2 4", "3 -1 2 4", 13, "the type of the atom"),
        ] {
            assert!(PLAIN.contains(from));
            let message = refusal(&PLAIN.replacen(from, to, 1));
            assert!(
                message.contains(&format!("line {line}")) && message.contains(words),
                "{to:?}: {message}"
            );
        }
        let twice = refusal(&PLAIN.replace("3 1 2 4", "4 1 2 4"));
        assert_eq!(
            twice,
            "the frame that ends at line 14 holds the atom identifier 4 twice"
        );
    }

    #[test]
    fn a_dump_cut_short_anywhere_is_an_error() {
        let whole = format!("ITEM: UNITS\nmetal\nITEM: TIME\n0.5\n{PLAIN}");
        let lines: Vec<&str> = whole.lines().collect();
        for kept in 1..lines.len() {
            let message = refusal(&lines[..kept].join("\n"));
            let said = format!("ends before line {}", kept + 1);
            assert!(message.contains(&said), "{message}");
        }
        // A stated count beyond the file must not be believed.
        let more = PLAIN.replace("ATOMS\n5", "ATOMS\n70000000");
        assert!(
            refusal(&more).contains("ends before line 15, which should hold atom 6 of 70000000")
        );
        let many = PLAIN.replace("ATOMS\n5", "ATOMS\n18446744073709551615");
        assert!(refusal(&many).contains("announces 18446744073709551615 atoms"));
    }
}
