//! Atoms as extended XYZ, the format that OVITO, ASE and others read and write.

use std::fmt::Write;

use crate::atoms::{Boundary, Vec3};

use super::structure::{Lines, StructureError, Xyz};

/// One atom of an extended XYZ file.
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// The chemical symbol.
    pub species: &'static str,
    /// The position in ångström; may lie outside a periodic box.
    pub position: Vec3,
    /// Values of the integer properties, in their order.
    pub integers: Vec<i64>,
    /// Red, green and blue, 0 to 1: OVITO shows the atom in this colour.
    pub colour: [f64; 3],
}

/// A property of every atom beside species and position.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Its values, in the order of the atoms.
    pub values: Values,
}

/// The values of a property.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Whole numbers, one for each atom.
    Integers(Vec<i64>),
    /// Real numbers, one for each atom, written with so many decimals.
    Reals(Vec<f64>, usize),
    /// Three real numbers for each atom, written with so many decimals.
    Vectors(Vec<[f64; 3]>, usize),
}

/// An extended XYZ frame of coloured particles. `integers` names the integer properties of every
/// particle.
///
/// ```
/// use amorphous_packing::atoms::{Boundary, Vec3};
/// use amorphous_packing::formats::extxyz::{Particle, frame};
/// let atom = Particle {
///     species: "Ta",
///     position: Vec3::new(1.0, 2.0, 3.5),
///     integers: vec![7],
///     colour: [1.0, 0.0, 0.0],
/// };
/// assert_eq!(
///     frame(&[atom], Boundary::Open, &["id"]),
///     "1\nProperties=species:S:1:pos:R:3:id:I:1:color:R:3 pbc=\"F F F\"\n\
///      Ta 1.000000 2.000000 3.500000 7 1.000 0.000 0.000\n"
/// );
/// ```
pub fn frame(particles: &[Particle], boundary: Boundary, integers: &[&'static str]) -> String {
    let column = |k: usize| -> Vec<i64> {
        let values = particles.iter().map(|p| p.integers.get(k).copied());
        values.map(Option::unwrap_or_default).collect()
    };
    let named = integers.iter().enumerate();
    let mut properties: Vec<Property> = named
        .map(|(k, name)| Property {
            name,
            values: Values::Integers(column(k)),
        })
        .collect();
    properties.push(Property {
        name: "color",
        values: Values::Vectors(particles.iter().map(|p| p.colour).collect(), 3),
    });
    let species: Vec<&str> = particles.iter().map(|p| p.species).collect();
    let positions: Vec<Vec3> = particles.iter().map(|p| p.position).collect();
    frame_of(&species, &positions, boundary, &properties)
}

/// An extended XYZ frame of atoms with any properties; positions in ångström.
pub fn frame_of(
    species: &[&str],
    positions: &[Vec3],
    boundary: Boundary,
    properties: &[Property],
) -> String {
    let mut text = format!("{}\n", positions.len());
    if let Boundary::Periodic(cell) = boundary {
        // Along open directions as long as the atoms reach.
        let lattice = cell.closed_about(positions, 0.0);
        let numbers = lattice.map(|a| a.to_array()).concat();
        let numbers: Vec<String> = numbers.iter().map(f64::to_string).collect();
        text += &format!("Lattice=\"{}\" ", numbers.join(" "));
    }
    text += "Properties=species:S:1:pos:R:3";
    for Property { name, values } in properties {
        let kind = match values {
            Values::Integers(_) => "I:1",
            Values::Reals(..) => "R:1",
            Values::Vectors(..) => "R:3",
        };
        text += &format!(":{name}:{kind}");
    }
    let [x, y, z] = boundary
        .directions()
        .map(|periodic| if periodic { "T" } else { "F" });
    text += &format!(" pbc=\"{x} {y} {z}\"\n");
    for (index, (species, position)) in species.iter().zip(positions).enumerate() {
        let [x, y, z] = position.to_array();
        // Writing to a string cannot fail.
        let _ = write!(text, "{species} {x:.6} {y:.6} {z:.6}");
        for Property { values, .. } in properties {
            let _ = match values {
                Values::Integers(values) => write!(text, " {}", values[index]),
                Values::Reals(values, decimals) => write!(text, " {:.decimals$}", values[index]),
                Values::Vectors(values, decimals) => {
                    let [a, b, c] = values[index];
                    write!(text, " {a:.decimals$} {b:.decimals$} {c:.decimals$}")
                }
            };
        }
        text.push('\n');
    }
    text
}

/// The atoms of the first frame of an extended XYZ file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    /// Chemical symbols.
    pub species: Vec<String>,
    /// Positions in ångström.
    pub positions: Vec<Vec3>,
    /// Whole numbers that were asked for by name, for each name that is there.
    pub integers: Vec<(String, Vec<i64>)>,
}

impl Frame {
    /// Reads the first frame; of the properties species, positions, and the whole numbers named in
    /// `integers`.
    ///
    /// ```
    /// use amorphous_packing::formats::extxyz::Frame;
    /// let text = "1\nProperties=species:S:1:pos:R:3:flag:I:1 pbc=\"F F F\"\nTa 1 2 3.5 -3\n";
    /// let frame = Frame::read(text, &["flag"]).unwrap();
    /// assert_eq!(frame.positions[0].z, 3.5);
    /// assert_eq!(frame.integers, [("flag".to_owned(), vec![-3])]);
    /// ```
    ///
    /// # Errors
    /// [`StructureError`], also for plain XYZ, which does not name its columns.
    pub fn read(text: &str, integers: &[&str]) -> Result<Frame, StructureError> {
        let mut xyz = Xyz::new(Lines::of_text(text)?);
        let header = xyz.header()?.ok_or(StructureError::Empty)?;
        if !header.is_extended() {
            let (line, found) = header.comment();
            return Err(StructureError::Unexpected {
                line,
                expected: "Properties= with pos:R:3 (and species:S:1)".to_owned(),
                found: found.to_owned(),
            });
        }
        let wanted: Vec<(&str, usize)> = integers
            .iter()
            .filter_map(|&name| Some((name, header.column(name)?)))
            .collect();
        let mut frame = Frame {
            integers: wanted
                .iter()
                .map(|(name, _)| ((*name).to_owned(), vec![]))
                .collect(),
            ..Frame::default()
        };
        xyz.rows(&header, |line, words, _| {
            frame.positions.push(header.position(line, words)?);
            let species = header.species(words).unwrap_or("X");
            frame.species.push(species.to_owned());
            for ((name, values), (_, column)) in frame.integers.iter_mut().zip(&wanted) {
                let value = words.get(*column).and_then(|word| word.parse().ok());
                let wrong = || line.unexpected(format!("a whole number as {name}"));
                values.push(value.ok_or_else(wrong)?);
            }
            Ok(())
        })?;
        Ok(frame)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let positions = [Vec3::new(1.0, -2.5, 0.125), Vec3::new(0.0, 3.0, 4.0)];
        let properties = [
            Property {
                name: "intensity",
                values: Values::Reals(vec![0.5, f64::NAN], 3),
            },
            Property {
                name: "flag",
                values: Values::Integers(vec![0, -3]),
            },
        ];
        let text = frame_of(&["Ta", "Ta"], &positions, Boundary::Open, &properties);
        assert!(text.contains("Ta 0.000000 3.000000 4.000000 NaN -3\n"));
        let read = Frame::read(&text, &["flag", "absent"]).unwrap();
        assert_eq!(read.positions, positions);
        assert_eq!(read.species, ["Ta", "Ta"]);
        assert_eq!(read.integers, [("flag".to_owned(), vec![0, -3])]);
    }

    #[test]
    fn what_is_no_frame_is_said_in_a_sentence() {
        let refusal = |text: &str| Frame::read(text, &["flag"]).unwrap_err().to_string();
        assert_eq!(refusal(""), "it is empty");
        assert!(refusal("x\n").contains("the number of atoms, a whole number, but reads 'x'"));
        assert!(refusal("1\nnothing\nTa 1 2 3").contains("but reads 'nothing'"));
        let header = "Properties=species:S:1:pos:R:3";
        assert!(
            refusal(&format!("2\n{header}\nTa 1 2 3\n")).contains("which should hold atom 2 of 2")
        );
        assert!(refusal(&format!("1\n{header}\nTa 1 two 3\n")).contains("line 3"));
        assert!(refusal("1\nProperties=pos:R\nTa 1 2 3").contains("pos:R"));
        let flagged = format!("1\n{header}:flag:I:1\nTa 1 2 3 0.5\n");
        assert!(refusal(&flagged).contains("line 3 should hold a whole number as flag"));
    }
}
