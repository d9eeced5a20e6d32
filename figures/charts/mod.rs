//! Charts on plotters: from a table to axes, curves, bars, points, heat maps, grey images.
//! It uses `page`; it knows the kinds of charts and none of the paper's.
//! Begin with `plots.rs`, one function per kind; [`series::Series`] says which columns and rows of
//! the table, [`chart::Chart`] which axes.

pub mod axes;
pub mod chart;
pub mod heatmap;
pub mod images;
pub mod legend;
pub mod listing;
pub mod plots;
pub mod points;
pub mod scale;
pub mod series;
pub(crate) mod shapes;
