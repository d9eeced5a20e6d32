//! Files of atoms as programs write them: positions, elements or types, cells, several frames.
//!
//! [`open`] finds the format and gives the [`Frames`] one after the other; each is a [`Structure`], as
//! the file says it, which [`Structure::to_atoms`] makes a sample with what the user adds ([`Choice`]).

mod choice;
mod cif;
mod data;
mod dump;
mod error;
mod format;
mod frame;
mod gro;
mod input;
mod lattice;
mod line;
mod open;
mod pdb;
mod units;
mod vasp;
mod xyz;

pub use choice::{CLOSEST_ANGSTROM, Choice};
pub use error::StructureError;
pub use format::{Format, NoSuchFormat};
pub use frame::{Kinds, ReadStructure, Structure, StructureCell};
pub use input::LONGEST_LINE;
pub use open::{Frames, open, read, read_text};

pub(crate) use input::Lines;
pub(crate) use xyz::Xyz;
