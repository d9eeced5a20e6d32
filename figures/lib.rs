//! Everything that the figures and commands share, in rooms.
//!
//! A figure binary holds no science and no drawing and reads like its caption: load, analyse,
//! panels. It calls [`draw`], which reads the command line ([`Options`]), makes sure that the output
//! directory can be written, times the stages ([`Stages`]) and writes what the [`Figure`] consists
//! of: `fig5.svg`, `fig5.png`, one CSV for each quantitative panel and `fig5.json`, the provenance.
//!
//! The rooms, each of which uses those above it only:
//! * [`render`]: balls and sticks, ray-cast to pictures;
//! * [`view`]: a structure as one HTML page that turns in any browser;
//! * [`page`]: panels on a page, text, colours, SVG and PNG;
//! * [`charts`]: from tables to axes, curves, bars, maps;
//! * [`harness`]: command line, loading, stages, files, provenance;
//! * [`scenes`]: what is shown in three dimensions, by chapter;
//! * [`panels`]: what is shown in charts, by chapter;
//! * [`record`]: the paper's claims against ours, the book's generated pages;
//! * [`commands`]: what draws no figure: `fetch`, `verify`, `quench` …

pub mod charts;
pub mod commands;
pub mod harness;
pub mod page;
pub mod panels;
pub mod record;
pub mod render;
pub mod scenes;
pub mod view;

pub use charts::chart::Chart;
pub use charts::legend::Legend;
pub use charts::series::Series;
pub use harness::cli::{Options, run};
pub use harness::figure::{Figure, draw, produce};
pub use harness::stages::Stages;
pub use page::layout::Layout;
pub use page::panel::Panel;
pub use page::style;
pub use scenes::shot::Shot;
