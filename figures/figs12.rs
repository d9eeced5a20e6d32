//! Fig. S12: neighbours of the pentagonal bipyramids of the two palladium nanoparticles.

use amorphous_packing::sample::Sample;
use figures::panels;
use figures::{Figure, Layout, style};
use polars::prelude::DataFrame;

/// The page: a panel for each sample.
pub(crate) fn page(sharing: &DataFrame, samples: &[Sample]) -> Figure {
    let layout = Layout::even(style::DOUBLE_COLUMN_MM, 58.0, 2, samples.len());
    let figure = Figure::new("figs12", "Neighbours of pentagonal bipyramids", layout);
    ('a'..)
        .zip(samples)
        .fold(figure, |figure, (letter, &sample)| {
            figure.panel(letter, panels::neighbours(sharing, sample).without_table())
        })
        .table("figs12", sharing)
}
