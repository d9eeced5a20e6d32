//! A figure beyond the paper: how RESIRE converges, slices of what it gives, and the film put
//! together from its areas.

use std::process::ExitCode;

use anyhow::Result;
use figures::panels::scanning::{area_curves, example_panels, film_panels};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw(
        "From images to a volume: R-factors, slices, scanning AET",
        figx2,
    )
}

fn figx2(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let layout = Layout::grid(
        style::DOUBLE_COLUMN_MM,
        &[(50.0, "aaabbb"), (56.0, "ccddee"), (74.0, "fffggg")],
    );
    let figure = Figure::new("figx2", "From images to a volume", layout);
    let figure = area_curves(figure, 'a')?;
    let figure = example_panels(figure, ['b', 'c', 'd', 'e'], options, stages)?;
    film_panels(figure, ['f', 'g'], options, stages)
}
