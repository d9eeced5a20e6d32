//! What every figure and command shares: the command line and advice on errors, loading samples,
//! seconds and progress, output files and their provenance. It uses `page` and `charts`.
//! Begin with `figure.rs`, from a closure to files; then `load.rs`, from the command line to analyses.

pub mod advice;
pub mod cli;
pub mod figure;
pub mod files;
pub mod load;
pub mod out;
pub mod progress;
pub mod provenance;
pub mod stages;
