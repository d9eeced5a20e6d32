//! POSCAR and CONTCAR, and the trajectory XDATCAR, of VASP.
//!
//! Layout: VASP wiki, pages POSCAR and XDATCAR. Version 4 names no elements: then there are types.

use crate::atoms::{Element, MOST_ATOMS, Vec3};

use super::error::StructureError;
use super::frame::{Kinds, ReadStructure, Structure, StructureCell};
use super::input::Lines;
use super::line::{Line, Symbols, parse_real};

const COUNTS: &str = "how many atoms there are of each kind";
/// So many kinds of atoms can be.
const MOST_KINDS: usize = 1000;

/// The one frame of a POSCAR.
pub(super) struct Poscar {
    lines: Lines,
    done: bool,
}

/// The frames of an XDATCAR.
pub(super) struct Xdatcar {
    lines: Lines,
    header: Option<Header>,
}

/// What stands before positions: comment, cell, and the atoms of each kind.
#[derive(Clone)]
struct Header {
    comment: String,
    cell: StructureCell,
    /// The lengths of Cartesian positions are multiplied by these.
    scale: Vec3,
    elements: Option<Vec<Element>>,
    counts: Vec<u64>,
    atoms: u64,
}

impl Header {
    /// The lines that follow the comment.
    fn read(lines: &mut Lines, comment: String) -> Result<Header, StructureError> {
        let (scale, line) = scale(lines)?;
        let mut vectors = [Vec3::ZERO; 3];
        for vector in &mut vectors {
            const VECTOR: &str = "a vector of the cell: three numbers";
            let line = lines.expect_filled(|| VECTOR.to_owned())?;
            *vector = line.place(line.words(), VECTOR)?;
        }
        let scale = match scale {
            Scale::Factors(factors) => factors,
            Scale::Volume(volume) => {
                let [a, b, c] = vectors;
                let factor = (volume / a.dot(b.cross(c)).abs()).cbrt();
                if !factor.is_finite() {
                    return Err(StructureError::FlatCell { line: line + 3 });
                }
                Vec3::splat(factor)
            }
        };
        let mut symbols = Symbols::default();
        let expected = || format!("the symbols of the elements, or {COUNTS}");
        let line = lines.expect_filled(expected)?;
        let first = line.words().next().unwrap_or_default();
        let elements = match first.starts_with(|c: char| c.is_ascii_alphabetic()) {
            true => {
                let elements = line.words().map(|word| symbols.element(line, word));
                Some(elements.collect::<Result<Vec<Element>, _>>()?)
            }
            false => None,
        };
        let line = match elements {
            Some(_) => lines.expect_filled(|| COUNTS.to_owned())?,
            None => lines.last(),
        };
        let counts = line.words().map(|word| line.whole(word, COUNTS));
        let counts = counts.collect::<Result<Vec<u64>, _>>()?;
        if let Some(elements) = elements.as_ref().filter(|all| all.len() != counts.len()) {
            let expected = format!(
                "one number of atoms for each of the {} elements",
                elements.len()
            );
            return Err(line.unexpected(expected));
        }
        if counts.len() > MOST_KINDS {
            return Err(line.unexpected(format!("at most {MOST_KINDS} kinds of atoms")));
        }
        let atoms = counts
            .iter()
            .fold(0_u64, |sum, count| sum.saturating_add(*count));
        if atoms > MOST_ATOMS as u64 {
            return Err(StructureError::TooMany {
                line: line.number,
                announced: atoms,
            });
        }
        Ok(Header {
            comment,
            cell: StructureCell::repeated(vectors.map(|vector| vector * scale)),
            scale,
            elements,
            counts,
            atoms,
        })
    }

    /// The frame of the positions that follow.
    fn positions(&self, lines: &mut Lines, cartesian: bool) -> Result<Structure, StructureError> {
        let mut positions = Vec::new();
        for index in 0..self.atoms {
            let line = lines.expect_filled(|| self.atom(index))?;
            let position = line.place(line.words(), "a position: three finite numbers")?;
            positions.push(match cartesian {
                true => position * self.scale,
                false => self.cell.place(position),
            });
        }
        Ok(Structure {
            positions,
            kinds: self.kinds(),
            cell: Some(self.cell),
            comment: self.comment.clone(),
            ..Structure::default()
        })
    }

    fn atom(&self, index: u64) -> String {
        format!("atom {} of {}", index + 1, self.atoms)
    }

    fn kinds(&self) -> Kinds {
        fn each<T: Copy>(of: impl Iterator<Item = T>, counts: &[u64]) -> Vec<T> {
            let each = of.zip(counts);
            each.flat_map(|(kind, count)| std::iter::repeat_n(kind, *count as usize))
                .collect()
        }
        match &self.elements {
            Some(elements) => Kinds::Elements(each(elements.iter().copied(), &self.counts)),
            None => Kinds::Types(each(1.., &self.counts)),
        }
    }
}

/// The scale of a cell.
enum Scale {
    /// The factor along x, y and z.
    Factors(Vec3),
    /// The volume that it is to have.
    Volume(f64),
}

/// The scale, and the number of its line.
fn scale(lines: &mut Lines) -> Result<(Scale, u64), StructureError> {
    const SCALE: &str = "the scale of the cell: a number that is not 0, or three positive ones";
    let line = lines.expect_filled(|| SCALE.to_owned())?;
    let numbers = line.words().map(|word| line.real(word, SCALE));
    let numbers = numbers.collect::<Result<Vec<f64>, _>>()?;
    let scale = match numbers[..] {
        [scale] if scale > 0.0 => Scale::Factors(Vec3::splat(scale)),
        [volume] if volume < 0.0 => Scale::Volume(-volume),
        [x, y, z] if x > 0.0 && y > 0.0 && z > 0.0 => Scale::Factors(Vec3::new(x, y, z)),
        _ => return Err(line.unexpected(SCALE)),
    };
    Ok((scale, line.number))
}

/// Whether positions are Cartesian, by the first letter of a line as VASP does it.
fn is_cartesian(line: Line<'_>) -> Result<bool, StructureError> {
    let word = line.words().next().unwrap_or_default();
    match word.chars().next() {
        Some('c' | 'C' | 'k' | 'K') => Ok(true),
        Some(c) if c.is_ascii_alphabetic() && parse_real(word).is_none() => Ok(false),
        _ => Err(line.unexpected("Direct or Cartesian")),
    }
}

impl Poscar {
    pub(super) fn new(lines: Lines) -> Poscar {
        Poscar { lines, done: false }
    }

    fn read(&mut self) -> Result<Option<Structure>, StructureError> {
        let lines = &mut self.lines;
        let Some(line) = lines.next()? else {
            return Ok(None);
        };
        let comment = line.text.trim().to_owned();
        let header = Header::read(lines, comment)?;
        let expected = || "Direct or Cartesian".to_owned();
        let mut line = lines.expect_filled(expected)?;
        let selective = line.text.trim_start().starts_with(['s', 'S']);
        if selective {
            line = lines.expect_filled(expected)?;
        }
        let cartesian = is_cartesian(line)?;
        header.positions(lines, cartesian).map(Some)
    }
}

impl ReadStructure for Poscar {
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError> {
        match std::mem::replace(&mut self.done, true) {
            true => Ok(None),
            false => self.read(),
        }
    }
}

impl Xdatcar {
    pub(super) fn new(lines: Lines) -> Xdatcar {
        Xdatcar {
            lines,
            header: None,
        }
    }

    /// The line `Direct configuration= 1` of the next frame, with the header that is valid there: the
    /// one before it, or where the cell varies the one that precedes it.
    fn configuration(&mut self) -> Result<Option<(Header, Option<u64>)>, StructureError> {
        const CONFIGURATION: &str = "Direct configuration= and its number";
        let Some(line) = self.lines.next_filled()? else {
            return Ok(None);
        };
        let mut step = configuration(line);
        if step.is_none() {
            let comment = line.text.trim().to_owned();
            self.header = Some(Header::read(&mut self.lines, comment)?);
            let line = self.lines.expect_filled(|| CONFIGURATION.to_owned())?;
            step = configuration(line);
            if step.is_none() {
                return Err(line.unexpected(CONFIGURATION));
            }
        }
        match (&self.header, step) {
            (Some(header), Some(step)) => Ok(Some((header.clone(), step))),
            _ => Err(self.lines.last().unexpected("a comment, before the cell")),
        }
    }
}

/// The number of a configuration, if the line begins one; it need not have a number.
fn configuration(line: Line<'_>) -> Option<Option<u64>> {
    let rest = line.text.trim().strip_prefix("Direct configuration")?;
    Some(rest.trim_start_matches(['=', ' ']).parse().ok())
}

impl ReadStructure for Xdatcar {
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError> {
        let Some((header, step)) = self.configuration()? else {
            return Ok(None);
        };
        let frame = header.positions(&mut self.lines, false)?;
        Ok(Some(Structure { step, ..frame }))
    }

    fn skip_frame(&mut self) -> Result<bool, StructureError> {
        let Some((header, _)) = self.configuration()? else {
            return Ok(false);
        };
        for index in 0..header.atoms {
            self.lines.expect_filled(|| header.atom(index))?;
        }
        Ok(true)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    const FILE: &str = "\
CuZr glass
2.0
 4 0 0
 1 5 0
 0 0 6
Cu Zr_sv
1 2
Selective dynamics
Direct
0.5 0.5 0.5 T T F
0.0 0.25 0.0 T T T
0.0 0.0 -0.5 F F F

0 0 0
";

    fn poscar(text: &str) -> Result<Structure, StructureError> {
        let mut poscar = Poscar::new(Lines::of_text(text)?);
        let frame = poscar.next_frame()?.unwrap();
        assert!(poscar.next_frame()?.is_none());
        Ok(frame)
    }

    fn xdatcar(text: &str) -> Result<Vec<Structure>, StructureError> {
        let mut xdatcar = Xdatcar::new(Lines::of_text(text)?);
        let mut all = Vec::new();
        while let Some(frame) = xdatcar.next_frame()? {
            all.push(frame);
        }
        Ok(all)
    }

    #[test]
    fn elements_cell_and_positions_are_read() {
        let frame = poscar(FILE).unwrap();
        assert_eq!(
            frame.kinds,
            Kinds::Elements(vec![Element::Cu, Element::Zr, Element::Zr])
        );
        let cell = frame.cell.unwrap();
        assert_eq!(
            cell.vectors,
            [[8., 0., 0.], [2., 10., 0.], [0., 0., 12.]].map(Vec3::from)
        );
        let places = [[5., 5., 6.], [0.5, 2.5, 0.], [0., 0., -6.]].map(Vec3::from);
        assert_eq!(frame.positions, places);
        assert_eq!(frame.comment, "CuZr glass");
    }

    #[test]
    fn old_files_have_types_and_scales_are_factors_or_a_volume() {
        let old = FILE.replace("Cu Zr_sv\n", "").replace("CuZr glass", "");
        assert_eq!(poscar(&old).unwrap().kinds, Kinds::Types(vec![1, 2, 2]));
        let volume = poscar(&FILE.replace("2.0\n", "-960\n")).unwrap();
        assert!((volume.cell.unwrap().vectors[0].x - 8.0).abs() < 1e-12);
        let cartesian = FILE
            .replace("Direct", "kartesian")
            .replace("2.0\n", "2 1 0.5\n");
        let frame = poscar(&cartesian).unwrap();
        assert_eq!(frame.positions[0], Vec3::new(1.0, 0.5, 0.25));
        assert_eq!(frame.cell.unwrap().vectors[1], Vec3::new(2.0, 5.0, 0.0));
    }

    #[test]
    fn a_trajectory_may_change_its_cell() {
        let head = "unknown system\n1\n5 0 0\n0 5 0\n0 0 5\nCu\n1\n";
        let text = format!(
            "{head}Direct configuration=     1\n0.1 0 0\nDirect configuration=     2\n0.2 0 0\n\
             {}Direct configuration=     3\n0.2 0 0\n\n",
            head.replace('5', "10")
        );
        let frames = xdatcar(&text).unwrap();
        let found: Vec<_> = frames.iter().map(|f| (f.step, f.positions[0].x)).collect();
        assert_eq!(found, [(Some(1), 0.5), (Some(2), 1.0), (Some(3), 2.0)]);
        let mut reader = Xdatcar::new(Lines::of_text(&text).unwrap());
        assert!(reader.skip_frame().unwrap() && reader.skip_frame().unwrap());
        assert_eq!(reader.next_frame().unwrap().unwrap(), frames[2]);
        let refusal = |text: &str| xdatcar(text).unwrap_err().to_string();
        assert!(refusal("Direct configuration= 1\n").contains("line 1 should hold a comment"));
        assert!(
            refusal(&format!("{head}0 0 0\n")).contains("line 8 should hold Direct configuration=")
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (from, to, said) in [
            ("2.0\n", "0\n", "line 2 should hold the scale"),
            ("2.0\n", "2 1\n", "line 2 should hold the scale"),
            ("2.0\n", "2,0\n", "line 2: '2,0' uses a comma"),
            (" 1 5 0", " 1 5", "line 4 should hold a vector of the cell"),
            ("Cu Zr_sv", "Cu Qq", "line 6: 'Qq' is not the symbol"),
            (
                "Cu Zr_sv",
                "Cu",
                "line 7 should hold one number of atoms for each of the 1 elements",
            ),
            ("1 2\n", "1 two\n", "line 7 should hold how many atoms"),
            (
                "1 2\n",
                "1 4294967295\n",
                "line 7 announces 4294967296 atoms",
            ),
            (
                "1 2\n",
                "1 18446744073709551615\n",
                "line 7 announces 18446744073709551615 atoms",
            ),
            ("Direct", "0 0 0", "line 9 should hold Direct or Cartesian"),
            (
                "0.0 0.25 0.0 T",
                "0.0 0.25 T",
                "line 11 should hold a position",
            ),
            (
                "0.0 0.25",
                "inf 0.25",
                "line 11: 'inf' is not a finite number",
            ),
            (
                "1 2\n",
                "1 9\n",
                "ends before line 15, which should hold atom 5 of 10",
            ),
        ] {
            assert!(FILE.contains(from), "{from}");
            let message = poscar(&FILE.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(message.contains(said), "{to:?}: {message}");
        }
        let flat = FILE.replace("2.0\n", "-9\n").replace(" 1 5 0", " 1 0 0");
        assert!(poscar(&flat).unwrap_err().to_string().contains("no volume"));
    }
}
