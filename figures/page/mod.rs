//! The page: its panels and where they lie, what is drawn on, text, colours and sizes.
//! It uses `render` for the pictures that it lays down; it knows no chart and no sample's numbers.
//! Begin with `panel.rs`; `canvas.rs` turns a page into SVG and PNG.

pub mod canvas;
pub mod layout;
pub mod panel;
pub(crate) mod resample;
pub mod style;
pub mod text;
