//! Long work that is taken up again after an interruption: simulations through LAMMPS, and what a
//! reconstruction leaves on the way.
//!
//! The highest floor; it may use all others. Begin with [`simulation`], which runs [`lammps`] in a
//! directory, or with [`checkpoint`].

#[cfg(feature = "tomography")]
pub mod checkpoint;
#[cfg(feature = "simulate")]
pub mod lammps;
#[cfg(feature = "tomography")]
pub mod memory;
#[cfg(feature = "simulate")]
pub mod simulation;
#[cfg(feature = "simulate")]
mod turn;
