//! Opens a file of atoms: finds its format, gives its frames one after the other.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use super::cif::Cif;
use super::data::Data;
use super::dump::Dump;
use super::error::StructureError;
use super::format::Format;
use super::frame::{ReadStructure, Structure};
use super::gro::Gro;
use super::input::{Content, Lines};
use super::pdb::Pdb;
use super::vasp::{Poscar, Xdatcar};
use super::xyz::Xyz;

/// Formats that are decoded as a whole are read up to this size.
#[cfg(any(feature = "tables", feature = "fetch"))]
const MOST_BYTES: u64 = 4 << 30;

/// The frames of a file, one after the other; only one is in memory, except of [`Format::Parquet`] and
/// [`Format::Mat`]. Ends after the first error. A file without any atoms is an error.
pub struct Frames {
    reader: Box<dyn ReadStructure>,
    format: Format,
    /// The file, for the sentences.
    path: Option<PathBuf>,
    passed: u64,
    failed: bool,
}

/// Opens a file. The format is the one given, else found by [`Format::of_path`] and then by
/// [`Format::of_content`]; gzip and zstd are undone whatever its name.
///
/// # Errors
/// [`StructureError::InFile`] when it cannot be opened or its format be told; Parquet and MAT-files
/// are also decoded here.
pub fn open(path: &Path, format: Option<Format>) -> Result<Frames, StructureError> {
    open_through(path, format, |file| file)
}

/// The same with all bytes read through a reader about the file, one that hashes them say.
///
/// # Errors
/// As [`open`].
pub fn open_through<R: Read + Send + 'static>(
    path: &Path,
    format: Option<Format>,
    through: impl FnOnce(File) -> R,
) -> Result<Frames, StructureError> {
    let opened = || {
        let file = File::open(path).map_err(StructureError::Read)?;
        frames(through(file), Some(path), format)
    };
    let mut frames = opened().map_err(|problem| problem.in_file(path))?;
    frames.path = Some(path.to_owned());
    Ok(frames)
}

/// The frames of bytes that come from anywhere else.
///
/// # Errors
/// As [`open`], without the name of a file.
pub fn read(
    bytes: impl Read + Send + 'static,
    format: Option<Format>,
) -> Result<Frames, StructureError> {
    frames(bytes, None, format)
}

/// The frames of a text in memory; an error of the text as a whole comes as the first frame.
pub fn read_text(
    text: &str,
    format: Format,
) -> Box<dyn Iterator<Item = Result<Structure, StructureError>>> {
    match read(Cursor::new(text.as_bytes().to_vec()), Some(format)) {
        Ok(frames) => Box::new(frames),
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

fn frames(
    bytes: impl Read + Send + 'static,
    path: Option<&Path>,
    format: Option<Format>,
) -> Result<Frames, StructureError> {
    let content = Content::of(bytes)?;
    if content.beginning.is_empty() {
        return Err(StructureError::Empty);
    }
    let format = format
        .or_else(|| Format::of_mark(&content.beginning))
        .or_else(|| path.and_then(Format::of_path))
        .or_else(|| Format::of_content(&content.beginning))
        .ok_or(StructureError::UnknownFormat)?;
    Ok(Frames {
        reader: reader(format, content)?,
        format,
        path: None,
        passed: 0,
        failed: false,
    })
}

fn reader(format: Format, content: Content) -> Result<Box<dyn ReadStructure>, StructureError> {
    Ok(match format {
        Format::Xyz => Box::new(Xyz::new(Lines::of(content)?)),
        Format::LammpsDump => Box::new(Dump::new(Lines::of(content)?)),
        Format::LammpsData => Box::new(Data::new(Lines::of(content)?)),
        Format::Poscar => Box::new(Poscar::new(Lines::of(content)?)),
        Format::Xdatcar => Box::new(Xdatcar::new(Lines::of(content)?)),
        Format::Cif => Box::new(Cif::new(Lines::of(content)?)),
        Format::Pdb => Box::new(Pdb::new(Lines::of(content)?)),
        Format::Gro => Box::new(Gro::new(Lines::of(content)?)),
        Format::Parquet => parquet(content)?,
        Format::Mat => mat(content)?,
    })
}

#[cfg(feature = "tables")]
fn parquet(content: Content) -> Result<Box<dyn ReadStructure>, StructureError> {
    let bytes = content.whole(MOST_BYTES)?;
    Ok(Box::new(super::parquet::Parquet::new(bytes)?))
}

#[cfg(not(feature = "tables"))]
fn parquet(_: Content) -> Result<Box<dyn ReadStructure>, StructureError> {
    Err(StructureError::NotBuilt {
        what: "Parquet",
        feature: "tables",
    })
}

#[cfg(feature = "fetch")]
fn mat(content: Content) -> Result<Box<dyn ReadStructure>, StructureError> {
    let bytes = content.whole(MOST_BYTES)?;
    Ok(Box::new(super::mat::Mat::new(&bytes)?))
}

#[cfg(not(feature = "fetch"))]
fn mat(_: Content) -> Result<Box<dyn ReadStructure>, StructureError> {
    Err(StructureError::NotBuilt {
        what: "a MAT-file",
        feature: "fetch",
    })
}

impl Frames {
    /// The format of the file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Goes past the next frame without keeping its atoms, `false` at the end of the file.
    ///
    /// # Errors
    /// As of the iterator.
    pub fn skip_frame(&mut self) -> Result<bool, StructureError> {
        if self.failed {
            return Ok(false);
        }
        let skipped = self.reader.skip_frame();
        let there = self.noted(skipped.map(|there| there.then_some(())))?;
        Ok(there.is_some())
    }

    /// Counts a frame, or notes the end.
    fn noted<T>(
        &mut self,
        read: Result<Option<T>, StructureError>,
    ) -> Result<Option<T>, StructureError> {
        let read = match read {
            Ok(None) if self.passed == 0 => Err(StructureError::NoAtoms {
                format: self.format,
                expected: expected(self.format),
            }),
            read => read,
        };
        self.passed += 1;
        self.failed = !matches!(read, Ok(Some(_)));
        read.map_err(|problem| match &self.path {
            Some(path) => problem.in_file(path),
            None => problem,
        })
    }
}

impl Iterator for Frames {
    type Item = Result<Structure, StructureError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let read = self.reader.next_frame();
        self.noted(read).transpose()
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        for _ in 0..n {
            match self.skip_frame() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
        self.next()
    }
}

/// What a file of a format holds where its atoms are.
fn expected(format: Format) -> &'static str {
    match format {
        Format::Xyz => "the number of atoms in its first line",
        Format::LammpsDump => "ITEM: TIMESTEP",
        Format::LammpsData => "a section Atoms",
        Format::Poscar | Format::Xdatcar => "a comment, a scale and three vectors",
        Format::Cif => "a loop of _atom_site_ items",
        Format::Pdb => "ATOM or HETATM records",
        Format::Gro => "a title and the number of atoms",
        Format::Parquet | Format::Mat => "positions",
    }
}
