//! The harness that every figure shares, so that a figure file reads like its caption:
//! load, analyse, panels.
//!
//! A figure binary holds no science and no drawing. It calls [`draw`], which reads the command
//! line ([`cli::Options`]), makes sure that the output directory can be written, times the stages
//! ([`Stages`]) and writes what the [`Figure`] consists of: `fig5.svg`, `fig5.png`, one CSV for
//! each quantitative panel and `fig5.json`, the provenance.
//!
//! * [`cli`]: the common options, one sentence for every error; [`advice`]: what to do about it;
//! * [`figure`]: the page, its panels and the files; [`layout`]: where on the page a panel lies;
//! * [`panels`], [`points`], [`listing`]: one function per kind of panel, each from the table of
//!   its contract;
//!   [`series`] says which rows and columns of it, [`chart`] which axes;
//! * [`scene`]: balls and sticks, ray-cast; [`views`]: the panel that shows a scene;
//! * [`style`]: colours, type sizes and line widths; [`text`]: the markup of labels, the font;
//! * [`provenance`]: what `fig5.json` says; [`stages`]: seconds and progress;
//! * [`ledger`]: paper against code; [`markdown`]: the ledger as pages of the book; [`speed`]: the
//!   benches as one of them.

pub mod advice;
pub mod axes;
pub mod bipyramid;
mod bipyramid_scenes;
pub mod chart;
pub mod claims;
pub mod cli;
pub mod conventions;
pub mod density;
pub mod density_scenes;
pub mod figure;
pub mod files;
pub mod frame;
pub mod heatmap;
pub mod images;
pub mod interface;
pub mod layout;
pub mod ledger;
pub mod legend;
pub mod liquid;
pub mod liquid_scenes;
pub mod listing;
pub mod load;
pub mod markdown;
pub mod motif_scenes;
pub mod network;
pub mod network_examples;
mod network_parts;
pub mod network_scenes;
pub mod order;
pub mod packing;
pub mod page;
pub mod pair_distribution;
pub mod panels;
pub mod points;
pub mod progress;
pub mod provenance;
pub mod reconstruction;
mod resample;
pub mod sample_scenes;
pub mod scanning;
pub mod scene;
mod section;
pub mod series;
mod shapes;
pub mod speed;
pub mod stages;
pub mod style;
pub mod text;
pub mod tomography;
pub mod views;

pub use chart::Chart;
pub use cli::{Options, run};
pub use figure::{Figure, draw, produce};
pub use layout::Layout;
pub use legend::Legend;
pub use panels::Panel;
pub use series::Series;
pub use stages::Stages;
pub use views::Shot;
