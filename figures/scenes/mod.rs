//! What is shown in three dimensions, by chapter: bipyramids, networks, samples, density.
//! It uses `render`, `page`, `charts` and `harness`.
//! Begin with `shot.rs`, the panel that shows a scene, and `parts.rs`, of which scenes are built.

pub(crate) mod bipyramid;
pub mod density;
pub mod liquid;
pub mod motifs;
pub mod network;
pub(crate) mod parts;
pub mod samples;
pub mod shot;
