//! Reader for LAMMPS text dumps: one frame or a trajectory, orthogonal boxes.

use std::fs::File;
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};

use crate::atoms::{Atoms, AtomsError, Boundary, Element, Vec3};
use crate::numerics::Bounds;

/// One frame of a dump.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The time step at which it was written.
    pub step: u64,
    /// The box, in ångström.
    pub bounds: Bounds,
    /// Whether the box repeats along x, y and z.
    pub periodic: [bool; 3],
    /// Positions in ångström as the dump states them (scaled ones multiplied out), ordered by
    /// atom identifier if the dump has the column `id`, else as in the file.
    pub positions: Vec<Vec3>,
}

impl Frame {
    /// The edges of the box in ångström.
    pub fn edges(&self) -> Vec3 {
        self.bounds.extent()
    }

    /// The frame as a sample whose box begins at the origin.
    ///
    /// # Errors
    /// [`DumpError::MixedBoundary`] if the box repeats along some axes only, and what
    /// [`Atoms::new`] refuses.
    pub fn to_atoms(&self, element: Element) -> Result<Atoms, DumpError> {
        let boundary = match self.periodic {
            [true, true, true] => Boundary::periodic(self.edges()),
            [false, false, false] => Boundary::Open,
            _ => return Err(DumpError::MixedBoundary { step: self.step }),
        };
        let origin = self.bounds.low;
        let positions: Vec<Vec3> = self.positions.iter().map(|&p| p - origin).collect();
        Ok(Atoms::new(element, positions, boundary)?)
    }
}

/// Why a text is not a dump that can be used.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// The file cannot be opened or read.
    #[error("cannot read the dump")]
    Read(#[from] std::io::Error),
    /// The text stops within a frame.
    #[error(
        "the dump ends before line {line}, where {expected} belongs; it is cut short, \
         write it again"
    )]
    Ends {
        /// Line number, from 1.
        line: usize,
        /// What should have come.
        expected: &'static str,
    },
    /// A line holds something else than it must.
    #[error("line {line} of the dump should hold {expected}, but reads '{found}'")]
    Unexpected {
        /// Line number, from 1.
        line: usize,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The box is not orthogonal.
    #[error("line {line} of the dump describes a triclinic box; only orthogonal boxes can be read")]
    Triclinic {
        /// Line number, from 1.
        line: usize,
    },
    /// The positions are not among the columns.
    #[error(
        "line {line} of the dump lists the columns '{found}', among which there are no positions; \
         dump x y z, xs ys zs, xu yu zu or xsu ysu zsu"
    )]
    NoPositions {
        /// Line number, from 1.
        line: usize,
        /// The columns.
        found: String,
    },
    /// Two atoms have the same identifier.
    #[error("the frame of step {step} holds the atom identifier {id} twice")]
    DuplicateId {
        /// The time step of the frame.
        step: u64,
        /// The identifier.
        id: u64,
    },
    /// The box repeats along some axes only.
    #[error(
        "the frame of step {step} is periodic along some axes only; \
         it must be periodic along all three or none"
    )]
    MixedBoundary {
        /// The time step of the frame.
        step: u64,
    },
    /// The positions make no sample.
    #[error(transparent)]
    Atoms(#[from] AtomsError),
    /// The same, with the file in which it was found.
    #[error("{}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        problem: Box<DumpError>,
    },
}

/// All frames of a dump file.
///
/// # Errors
/// [`DumpError::InFile`]; a file without any frame is an error too.
pub fn read_dump(path: &Path) -> Result<Vec<Frame>, DumpError> {
    let read = || -> Result<Vec<Frame>, DumpError> {
        let frames =
            DumpReader::new(BufReader::new(File::open(path)?)).collect::<Result<Vec<_>, _>>()?;
        if frames.is_empty() {
            return Err(DumpError::Ends {
                line: 1,
                expected: "ITEM: TIMESTEP",
            });
        }
        Ok(frames)
    };
    read().map_err(|problem| DumpError::InFile {
        path: path.to_owned(),
        problem: Box::new(problem),
    })
}

/// The frames of a dump, one after the other; ends after the first error.
pub struct DumpReader<R> {
    lines: Lines<R>,
    line: usize,
    failed: bool,
}

impl<R: BufRead> DumpReader<R> {
    /// A reader at the beginning of a dump.
    pub fn new(reader: R) -> DumpReader<R> {
        DumpReader {
            lines: reader.lines(),
            line: 0,
            failed: false,
        }
    }

    fn next_line(&mut self, expected: &'static str) -> Result<String, DumpError> {
        self.line += 1;
        match self.lines.next() {
            Some(text) => Ok(text?),
            None => Err(DumpError::Ends {
                line: self.line,
                expected,
            }),
        }
    }

    fn unexpected(&self, expected: &'static str, found: &str) -> DumpError {
        DumpError::Unexpected {
            line: self.line,
            expected,
            found: found.trim().to_owned(),
        }
    }

    fn parse<T: std::str::FromStr>(
        &self,
        word: &str,
        expected: &'static str,
    ) -> Result<T, DumpError> {
        word.trim()
            .parse()
            .map_err(|_| self.unexpected(expected, word))
    }

    /// Reads a heading and returns what follows it on its line.
    fn heading(&mut self, heading: &'static str) -> Result<String, DumpError> {
        let text = self.next_line(heading)?;
        match text.trim_end().strip_prefix(heading) {
            Some(rest) => Ok(rest.trim().to_owned()),
            None => Err(self.unexpected(heading, &text)),
        }
    }

    /// The frame whose `ITEM: TIMESTEP` has just been read.
    fn frame(&mut self) -> Result<Frame, DumpError> {
        const STEP: &str = "the number of the time step";
        const ATOMS: &str = "the number of atoms";
        let text = self.next_line(STEP)?;
        let step = self.parse(&text, STEP)?;
        self.heading("ITEM: NUMBER OF ATOMS")?;
        let text = self.next_line(ATOMS)?;
        let atoms = self.parse(&text, ATOMS)?;
        let periodic = self.box_flags()?;
        let [x, y, z] = [self.interval()?, self.interval()?, self.interval()?];
        let bounds = Bounds {
            low: Vec3::new(x.0, y.0, z.0),
            high: Vec3::new(x.1, y.1, z.1),
        };
        let columns = self.columns()?;
        let positions = self.positions(step, atoms, &columns, &bounds)?;
        Ok(Frame {
            step,
            bounds,
            periodic,
            positions,
        })
    }

    fn box_flags(&mut self) -> Result<[bool; 3], DumpError> {
        const FLAGS: &str = "ITEM: BOX BOUNDS and three boundary flags such as pp pp pp";
        let rest = self.heading("ITEM: BOX BOUNDS")?;
        let flags: Vec<&str> = rest.split_whitespace().collect();
        if flags.contains(&"xy") || flags.first() == Some(&"abc") {
            return Err(DumpError::Triclinic { line: self.line });
        }
        match flags[..] {
            [x, y, z] => Ok([x, y, z].map(|flag| flag == "pp")),
            _ => Err(self.unexpected(FLAGS, &rest)),
        }
    }

    /// The lower and the upper bound of the box along one axis.
    fn interval(&mut self) -> Result<(f64, f64), DumpError> {
        const BOUNDS: &str = "the lower and upper bound of the box, the lower one first";
        let text = self.next_line(BOUNDS)?;
        let bounds = text
            .split_whitespace()
            .map(|word| self.parse(word, BOUNDS))
            .collect::<Result<Vec<f64>, _>>()?;
        match bounds[..] {
            [low, high] if low < high => Ok((low, high)),
            _ => Err(self.unexpected(BOUNDS, &text)),
        }
    }

    fn columns(&mut self) -> Result<Columns, DumpError> {
        let rest = self.heading("ITEM: ATOMS")?;
        Columns::of(&rest).ok_or(DumpError::NoPositions {
            line: self.line,
            found: rest,
        })
    }

    fn positions(
        &mut self,
        step: u64,
        atoms: usize,
        columns: &Columns,
        bounds: &Bounds,
    ) -> Result<Vec<Vec3>, DumpError> {
        // The count is not trusted for an allocation: a damaged file may state anything.
        let mut rows: Vec<(u64, Vec3)> = Vec::new();
        for index in 0..atoms {
            let text = self.next_line("an atom")?;
            let row = self.row(&text, columns, bounds)?;
            rows.push((row.0.unwrap_or(index as u64), row.1));
        }
        rows.sort_by_key(|(id, _)| *id);
        match rows.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(pair) => Err(DumpError::DuplicateId {
                step,
                id: pair[0].0,
            }),
            None => Ok(rows.into_iter().map(|(_, position)| position).collect()),
        }
    }

    fn row(
        &self,
        text: &str,
        columns: &Columns,
        bounds: &Bounds,
    ) -> Result<(Option<u64>, Vec3), DumpError> {
        const ROW: &str = "one finite number per listed column";
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.len() != columns.count {
            return Err(self.unexpected(ROW, text));
        }
        let id = match columns.id {
            Some(column) => Some(self.parse(words[column], "a whole number as identifier")?),
            None => None,
        };
        let mut position = Vec3::ZERO;
        for axis in 0..3 {
            let value: f64 = self.parse(words[columns.position[axis]], ROW)?;
            if !value.is_finite() {
                return Err(self.unexpected(ROW, text));
            }
            let (low, high) = (bounds.low[axis], bounds.high[axis]);
            position[axis] = if columns.scaled {
                low + value * (high - low)
            } else {
                value
            };
        }
        Ok((id, position))
    }
}

impl<R: BufRead> Iterator for DumpReader<R> {
    type Item = Result<Frame, DumpError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let result = loop {
            self.line += 1;
            match self.lines.next()? {
                Err(error) => break Err(error.into()),
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) if text.trim() == "ITEM: TIMESTEP" => break self.frame(),
                // Written before a frame if the dump was told to state units or times.
                Ok(text) if ["ITEM: UNITS", "ITEM: TIME"].contains(&text.trim()) => {
                    self.line += 1;
                    self.lines.next()?.ok()?;
                }
                Ok(text) => break Err(self.unexpected("ITEM: TIMESTEP", &text)),
            }
        };
        self.failed = result.is_err();
        Some(result)
    }
}

/// Where a row of atoms holds what.
struct Columns {
    count: usize,
    id: Option<usize>,
    position: [usize; 3],
    scaled: bool,
}

impl Columns {
    fn of(names: &str) -> Option<Columns> {
        const FORMS: [([&str; 3], bool); 4] = [
            (["x", "y", "z"], false),
            (["xu", "yu", "zu"], false),
            (["xs", "ys", "zs"], true),
            (["xsu", "ysu", "zsu"], true),
        ];
        let names: Vec<&str> = names.split_whitespace().collect();
        let find = |name: &str| names.iter().position(|n| *n == name);
        FORMS.into_iter().find_map(|([x, y, z], scaled)| {
            Some(Columns {
                count: names.len(),
                id: find("id"),
                position: [find(x)?, find(y)?, find(z)?],
                scaled,
            })
        })
    }
}
