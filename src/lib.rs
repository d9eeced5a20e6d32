//! Three-dimensional atomic packing in amorphous solids with liquid-like structure.

pub mod atoms;
pub mod io;
pub mod liquid;
pub mod sample;
