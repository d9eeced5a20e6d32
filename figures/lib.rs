//! What the figures, tables and commands share.

pub mod progress;
