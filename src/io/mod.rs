//! Files.

pub mod dump;
pub mod lammps;
pub mod snapshot;
