//! The harness that every figure shares, so that a figure file reads like its caption:
//! load, analyse, panels.
//!
//! A figure binary holds no science and no drawing. It calls [`draw`], which reads the command
//! line ([`cli::Options`]), makes sure that the output directory can be written, times the stages
//! ([`Stages`]) and writes what the [`Figure`] consists of: `fig5.svg`, `fig5.png`, one CSV for
//! each quantitative panel and `fig5.json`, the provenance.
//!
//! * [`cli`]: the common options, one sentence for every error;
//! * [`figure`]: the page, its panels and the files; [`layout`]: where on the page a panel lies;
//! * [`panels`]: one function per kind of panel, each from the table of its contract;
//!   [`series`] says which rows and columns of it, [`chart`] which axes;
//! * [`style`]: colours, type sizes and line widths; [`text`]: the markup of labels, the font;
//! * [`provenance`]: what `fig5.json` says; [`stages`]: seconds and progress;
//! * [`ledger`]: paper against code; [`markdown`]: the ledger as pages of the book.

pub mod axes;
pub mod chart;
pub mod claims;
pub mod cli;
pub mod density;
pub mod figure;
pub mod files;
pub mod frame;
pub mod heatmap;
pub mod layout;
pub mod ledger;
pub mod legend;
pub mod load;
pub mod markdown;
pub mod network;
pub mod order;
pub mod page;
pub mod panels;
pub mod progress;
pub mod provenance;
pub mod series;
mod shapes;
pub mod stages;
pub mod style;
pub mod text;

pub use chart::Chart;
pub use cli::{Options, run};
pub use figure::{Figure, draw, produce};
pub use layout::Layout;
pub use legend::Legend;
pub use panels::Panel;
pub use series::Series;
pub use stages::Stages;
