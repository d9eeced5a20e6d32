//! The commands, a file each; `bin/` holds the programs, which only start them.
//! They use every room; no room uses them.
//! Begin with the file of the command; `reconstruction.rs`, `tracing.rs` and
//! `refinement.rs`, `precision_run.rs` are the jobs that `reconstruct`, `trace`, `refine` and
//! `precision` do; `structure_run.rs` and what it uses the one of `analyze`, `preprocessing.rs` that of
//! `preprocess`, `diffraction.rs` that of Fig. S5.

pub mod analyze;
pub mod book;
pub mod diffraction;
pub mod fetch;
pub mod multislice_run;
pub mod networks;
pub mod precision;
pub mod precision_run;
pub mod preprocess;
pub mod preprocessed;
pub mod preprocessing;
pub mod preprocessing_choice;
pub mod preprocessing_errors;
pub mod preprocessing_kept;
pub mod preprocessing_settings;
pub mod quench;
pub mod reconstruct;
pub mod reconstruction;
pub mod refine;
pub mod refinement;
pub mod structure_files;
pub mod structure_frame;
pub mod structure_merge;
pub mod structure_run;
pub mod structure_sheet;
pub mod structure_told;
pub mod structure_view;
pub mod trace;
pub mod tracing;
pub mod verify;
