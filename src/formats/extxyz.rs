//! Atoms as extended XYZ, the format that OVITO, ASE and others read and write.

use std::fmt::Write;

use crate::atoms::{Boundary, Vec3};

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
        let numbers = cell.lattice().map(|a| a.to_array()).concat();
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

/// Why a text is no extended XYZ file. The sentences speak of it as "it".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtXyzError {
    /// The first line is no number.
    #[error("its first line should be the number of atoms, found '{found}'")]
    Count {
        /// What stands there.
        found: String,
    },
    /// The second line names no properties that are read here.
    #[error(
        "its second line should hold Properties= with pos:R:3 (and species:S:1), found '{found}'"
    )]
    Properties {
        /// What stands there.
        found: String,
    },
    /// It ends early.
    #[error("it announces {expected} atoms and ends after {found}")]
    Truncated {
        /// Atoms announced.
        expected: usize,
        /// Atoms found.
        found: usize,
    },
    /// A line holds no atom.
    #[error("its line {line} should hold an atom as the properties say, found '{found}'")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What stands there.
        found: String,
    },
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
    /// [`ExtXyzError`].
    pub fn read(text: &str, integers: &[&str]) -> Result<Frame, ExtXyzError> {
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        let first = lines.next().unwrap_or_default().trim();
        let count: usize = first.parse().map_err(|_| ExtXyzError::Count {
            found: first.to_owned(),
        })?;
        let header = lines.next().unwrap_or_default();
        let columns = columns(header).ok_or_else(|| ExtXyzError::Properties {
            found: header.trim().to_owned(),
        })?;
        let at = |name: &str| columns.iter().find(|c| c.0 == name).map(|c| c.1);
        let missing = || ExtXyzError::Properties {
            found: header.trim().to_owned(),
        };
        let (species, position) = (at("species"), at("pos").ok_or_else(missing)?);
        let wanted: Vec<(&str, usize)> = integers
            .iter()
            .filter_map(|&name| Some((name, at(name)?)))
            .collect();
        let mut frame = Frame {
            integers: wanted
                .iter()
                .map(|(name, _)| ((*name).to_owned(), vec![]))
                .collect(),
            ..Frame::default()
        };
        for (index, line) in lines.take(count).enumerate() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let wrong = || ExtXyzError::Line {
                line: index + 3,
                found: line.trim().to_owned(),
            };
            let real = |k: usize| fields.get(k).and_then(|field| field.parse::<f64>().ok());
            let place = [0, 1, 2].map(|axis| real(position + axis));
            let [Some(x), Some(y), Some(z)] = place else {
                return Err(wrong());
            };
            frame.positions.push(Vec3::new(x, y, z));
            let symbol = species.map_or(Some("X"), |k| fields.get(k).copied());
            frame.species.push(symbol.ok_or_else(wrong)?.to_owned());
            for ((_, values), (_, column)) in frame.integers.iter_mut().zip(&wanted) {
                let value = fields.get(*column).and_then(|field| field.parse().ok());
                values.push(value.ok_or_else(wrong)?);
            }
        }
        match frame.positions.len() {
            found if found < count => Err(ExtXyzError::Truncated {
                expected: count,
                found,
            }),
            _ => Ok(frame),
        }
    }
}

/// The names of the properties of a header, each with its first column.
fn columns(header: &str) -> Option<Vec<(&str, usize)>> {
    let (_, rest) = header.split_once("Properties=")?;
    let quoted = rest.strip_prefix('"');
    let list = match quoted {
        Some(rest) => rest.split('"').next()?,
        None => rest.split_whitespace().next()?,
    };
    let parts: Vec<&str> = list.split(':').collect();
    let mut column = 0;
    let mut columns = Vec::new();
    for part in parts.chunks(3) {
        let &[name, _, count] = part else { return None };
        columns.push((name, column));
        column += count.parse::<usize>().ok()?;
    }
    Some(columns)
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
        let refusal = |text: &str| Frame::read(text, &[]).unwrap_err().to_string();
        assert!(refusal("").contains("number of atoms, found ''"));
        assert!(refusal("1\nnothing\nTa 1 2 3").contains("found 'nothing'"));
        let header = "Properties=species:S:1:pos:R:3";
        assert!(refusal(&format!("2\n{header}\nTa 1 2 3\n")).contains("ends after 1"));
        assert!(refusal(&format!("1\n{header}\nTa 1 two 3\n")).contains("its line 3"));
        assert!(refusal("1\nProperties=pos:R\nTa 1 2 3").contains("pos:R"));
    }
}
