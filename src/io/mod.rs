//! Files.

pub mod dump;
pub mod lammps;
mod seal;
pub mod snapshot;
