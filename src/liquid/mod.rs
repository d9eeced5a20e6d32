//! The simulated tantalum: interatomic potential, melt and quench (main text, "MD simulations",
//! Fig. 6 and Supplementary Figs. 19–21).
//!
//! Everything here is a pure function: tables and input scripts as text. Running LAMMPS and
//! reading what it wrote is the business of [`crate::runs::lammps`].

pub mod crystal;
pub mod eam;
pub mod growth;
pub mod lattice;
pub mod potential;
pub mod protocol;
pub mod ravelo;
pub mod script;
pub mod setfl;
pub mod states;
pub mod zhou;
