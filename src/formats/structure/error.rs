//! Why a file of atoms cannot be read or used: one sentence each.

use std::io;
use std::path::{Path, PathBuf};

use crate::atoms::{AtomId, AtomsError, Element, MOST_ATOMS, Vec3};

use super::format::Format;

/// So many characters of a wrong line are repeated in its sentence.
const REPEATED: usize = 60;
/// So many types are named in a sentence.
const NAMED_TYPES: usize = 8;

/// What is wrong with a file of atoms, or with the atoms of one of its frames. The sentences speak of
/// the file as "it"; [`StructureError::InFile`] puts its name before them.
#[derive(Debug, thiserror::Error)]
pub enum StructureError {
    /// The file cannot be opened or read.
    #[error("it cannot be read")]
    Read(#[source] io::Error),
    /// What was compressed cannot be restored.
    #[error("its {with} data are damaged or cut short; get or make the file again")]
    Decompress {
        /// The name of the compression.
        with: &'static str,
        /// What the decoder says.
        #[source]
        cause: io::Error,
    },
    /// A compression that is not read.
    #[error("it is compressed by {with}, which is not read here; decompress it first")]
    Compression {
        /// The name of the compression.
        with: &'static str,
    },
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It is text of the format without atoms.
    #[error("it ends without any atoms; a file of the format {format} should hold {expected}")]
    NoAtoms {
        /// The format.
        format: Format,
        /// What was looked for.
        expected: &'static str,
    },
    /// It is text of two bytes a character.
    #[error("it is text in UTF-16; save it as UTF-8")]
    Utf16,
    /// Bytes that are no text.
    #[error("line {line} is no text in UTF-8; is the file damaged, or binary?")]
    NotText {
        /// Line number, from 1.
        line: u64,
    },
    /// A line without end.
    #[error("line {line} is longer than {most} bytes; is the file damaged, or binary?")]
    LongLine {
        /// Line number, from 1.
        line: u64,
        /// The longest that is read.
        most: usize,
    },
    /// More bytes than can be held in memory.
    #[error("it holds more than {most} bytes, which are read at once; split it")]
    TooLarge {
        /// The most that are read.
        most: u64,
    },
    /// It ends within a frame.
    #[error(
        "it ends before line {line}, which should hold {expected}; it is cut short, get or make it again"
    )]
    Ends {
        /// Line number, from 1.
        line: u64,
        /// What should have come.
        expected: String,
    },
    /// A line holds something else than it must.
    #[error("line {line} should hold {expected}, but reads '{found}'")]
    Unexpected {
        /// Line number, from 1.
        line: u64,
        /// What should stand there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A decimal comma.
    #[error("line {line}: '{found}' uses a comma for the decimal point; write a point")]
    Comma {
        /// Line number, from 1.
        line: u64,
        /// The word.
        found: String,
    },
    /// Not a number, or an infinite one.
    #[error("line {line}: '{found}' is not a finite number; correct or remove it")]
    NotFinite {
        /// Line number, from 1.
        line: u64,
        /// The word.
        found: String,
    },
    /// More atoms than can be numbered.
    #[error(
        "line {line} announces {announced} atoms; at most {MOST_ATOMS} can be analysed, cut it in parts"
    )]
    TooMany {
        /// Line number, from 1.
        line: u64,
        /// The number that it states.
        announced: u64,
    },
    /// A word where the symbol of an element belongs.
    #[error("line {line}: '{found}' is not the symbol of a chemical element")]
    UnknownSymbol {
        /// Line number, from 1.
        line: u64,
        /// The word.
        found: String,
    },
    /// Two atoms have the same identifier.
    #[error("the frame that ends at line {line} holds the atom identifier {id} twice")]
    DuplicateId {
        /// The last line of the frame, from 1.
        line: u64,
        /// The identifier.
        id: u64,
    },
    /// A cell of no volume, or of none that can be computed.
    #[error("the cell that ends at line {line} has no volume; its vectors must span one")]
    FlatCell {
        /// Line number, from 1.
        line: u64,
    },
    /// Something that the format allows and that is not read.
    #[error("line {line} {what}")]
    Unsupported {
        /// Line number, from 1.
        line: u64,
        /// What it does, and what to do about it.
        what: String,
    },
    /// A binary file without what is needed.
    #[error("{0}")]
    Content(String),
    /// A binary file that its decoder refuses.
    #[error("it cannot be decoded as {format}; get or make it again")]
    Undecoded {
        /// The format.
        format: Format,
        /// What the decoder says.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Neither name nor content tell what it is.
    #[error(
        "neither its name nor its first lines tell its format; say which it is: {}",
        Format::names()
    )]
    UnknownFormat,
    /// A format that the library was built without.
    #[error("{what} is read only by a library built with its feature `{feature}`")]
    NotBuilt {
        /// The format or the compression.
        what: &'static str,
        /// The feature.
        feature: &'static str,
    },
    /// The atoms have numbers for types, and nothing says which elements these are.
    #[error(
        "it has {} without element symbols; say which elements they are",
        types_listed(types)
    )]
    TypesWithoutElements {
        /// The numbers, increasing.
        types: Vec<u32>,
    },
    /// Fewer elements were given than there are types.
    #[error(
        "{given} elements were given, but it has an atom of type {needed}; give one for each of the \
         types 1 to {needed}"
    )]
    TooFewElements {
        /// Number of elements given.
        given: usize,
        /// The largest type.
        needed: u32,
    },
    /// A type that counts from 0.
    #[error("it has an atom of type 0; types count from 1")]
    TypeZero,
    /// Nothing says of which element the atoms are.
    #[error("it does not say of which element its atoms are; say it")]
    NoElement,
    /// The file states no cell that could be repeated.
    #[error("it states no cell, so that its atoms cannot be repeated along axis {axis}")]
    NoCell {
        /// `a`, `b` or `c`.
        axis: char,
    },
    /// Two atoms are closer than atoms can be.
    #[error(
        "atoms {first} and {second} (counted from 0), {} and {}, are only {distance:.3} Å apart; are \
         the lengths in nm, or fractions of the cell? they must be in ångström",
        elements[0].symbol(), elements[1].symbol()
    )]
    TooClose {
        /// The smaller index.
        first: AtomId,
        /// The larger index.
        second: AtomId,
        /// What they are.
        elements: [Element; 2],
        /// In ångström.
        distance: f64,
    },
    /// An atom or a vector of the cell reaches farther than any sample.
    #[error("{what} reaches to ({}, {}, {}) Å, farther than a tenth of a millimetre; correct or remove it",
        place[0], place[1], place[2])]
    FarAway {
        /// The atom or the vector.
        what: String,
        /// Where it lies, in ångström.
        place: Vec3,
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
        problem: Box<StructureError>,
    },
}

impl StructureError {
    /// The same with the name of the file; one that has it already keeps it.
    pub fn in_file(self, path: &Path) -> StructureError {
        match self {
            named @ StructureError::InFile { .. } => named,
            problem => StructureError::InFile {
                path: path.to_owned(),
                problem: Box::new(problem),
            },
        }
    }
}

/// What stands in a line, as it can be repeated in a sentence: short, on one line.
pub(super) fn repeated(text: &str) -> String {
    let text = text.trim();
    let mut said: String = text
        .chars()
        .take(REPEATED)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(REPEATED).is_some() {
        said.push('…');
    }
    said
}

fn types_listed(types: &[u32]) -> String {
    let named: Vec<String> = types.iter().take(NAMED_TYPES).map(u32::to_string).collect();
    let plural = if types.len() == 1 { "type" } else { "types" };
    let more = if types.len() > NAMED_TYPES {
        ", …"
    } else {
        ""
    };
    format!("atom {plural} {}{more}", named.join(", "))
}
