//! Files of atoms as programs write them: positions, elements or types, cells, several frames.
//!
//! [`open`] finds the format and gives the [`Frames`] one after the other; each is a [`Structure`], as
//! the file says it, which [`Structure::to_atoms`] makes a sample with what the user adds ([`Choice`]).
//!
//! | format | frames | atoms | cell | passed over |
//! |---|---|---|---|---|
//! | XYZ | several | symbols or atomic numbers; of LAMMPS, types | none: open | further columns |
//! | extended XYZ | several | by `Properties=`: `species`, `Z` or `type`; `pos` | `Lattice=`, `Origin=`; repeated unless `pbc=` says otherwise | other properties and keys |
//! | LAMMPS dump (text) | several | `element`, else `type`; `x`, `xu`, `xs`, `xsu` …; by `id` | orthogonal, skew, general; repeated where the flag is `pp`, and without flags | other columns |
//! | LAMMPS data | one | types, labels of types; styles atomic, charge, molecular, bond, angle, full, dipole, sphere | orthogonal, skew, general; repeated | images, velocities, bonds, coefficients |
//! | POSCAR, CONTCAR | one | symbols, of VASP 4 types | three vectors; repeated | selective dynamics, velocities |
//! | XDATCAR | several | as POSCAR | fixed or with each frame; repeated | |
//! | CIF | each data block | `type_symbol`, else the letters of the label; fractions or Cartesian | lengths and angles; repeated | all else; symmetry beyond P 1 and partly occupied sites are refused |
//! | PDB | each model | columns 77–78, else the name | `CRYST1`; repeated | alternate locations, bonds, charges; symmetry is refused |
//! | GRO | several | letters of the name (`gro.rs` says which) | three or nine numbers; repeated | velocities |
//! | Parquet (`tables`) | by the column `frame` | `species`, `element`, `symbol` or `type` | of the project's snapshots | other columns |
//! | MAT-file (`fetch`) | one | unknown | none: open | other variables |
//!
//! Lengths are in ångström (of GRO in nanometres; of LAMMPS in the stated units). Any of them may be
//! compressed by gzip or zstd, whatever its name. Lines end in any way, none is longer than
//! [`LONGEST_LINE`]; a text may begin with a byte order mark, and must be UTF-8. Blank lines are passed
//! over; numbers may be written as Fortran does; what is not finite is refused. Of text one frame is in
//! memory at a time, and what a file announces is never trusted for an allocation.
//!
//! ```no_run
//! use std::path::Path;
//! use amorphous_packing::atoms::Element;
//! use amorphous_packing::formats::structure::{Choice, open};
//!
//! let choice = Choice {
//!     types: Some(vec![Element::Cu, Element::Zr]),
//!     ..Choice::default()
//! };
//! for frame in open(Path::new("quench.lammpstrj.gz"), None)?.step_by(10) {
//!     let atoms = frame?.to_atoms(&choice)?;
//!     println!("{} atoms", atoms.len());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
#[cfg(feature = "fetch")]
mod mat;
mod open;
#[cfg(feature = "tables")]
mod parquet;
#[cfg(feature = "tables")]
mod parquet_pages;
mod pdb;
mod units;
mod vasp;
mod xyz;

pub use choice::{CLOSEST_ANGSTROM, Choice, FARTHEST_ANGSTROM};
pub use error::StructureError;
pub use format::{Format, NoSuchFormat};
pub use frame::{Kinds, ReadStructure, Structure, StructureCell};
pub use input::LONGEST_LINE;
pub use open::{Frames, open, open_through, read, read_text};

pub(crate) use input::Lines;
#[cfg(feature = "tables")]
pub(crate) use parquet::SNAPSHOT_KEY;
pub(crate) use xyz::Xyz;
