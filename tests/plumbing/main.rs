//! Plumbing: files read and written, downloads, potentials, the input of LAMMPS; what stands around
//! the science, and what it says when something is wrong.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod download;
mod mat;
mod potential;
mod protocol;
mod snapshot;
mod structures;
