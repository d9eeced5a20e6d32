//! Fig. S6: how precisely the atoms are found: a measured and a simulated image, and the deviations of the
//! atoms found again from images of a known model.

use std::process::ExitCode;

use anyhow::Result;
use figures::panels::precision::{
    VIEW_AREA, deviation_panel, measured_view, of_ball, of_film, simulated_view,
};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Fig. S6: precision of the atomic positions", figs6)
}

fn figs6(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let store = options.running.source.store_offline()?;
    let measured = stages.time("images", || measured_view(&store))?;
    let cells = if measured.is_some() {
        "aabbccc"
    } else {
        "bbccc"
    };
    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(56.0, cells)]);
    let mut figure = Figure::new("figs6", "Precision of the atomic positions", layout)
        .panel('b', simulated_view()?)
        .panel('c', deviation_panel()?);
    figure = match measured {
        None => figure.footnote(&format!(
            "Not drawn: a, the measured image, for want of the images of area {VIEW_AREA} of the film."
        )),
        Some((panel, inputs)) => {
            let figure = figure.panel('a', panel);
            inputs.into_iter().fold(figure, Figure::input)
        }
    };
    let (film, ball) = (of_film()?, of_ball()?);
    let line = |of: &str, found: figures::panels::precision::Recovered| {
        format!(
            "{of}: {} of {} atoms ({:.1} %) within 1 Å, {:.1} pm r.m.s.",
            found.found,
            found.known,
            found.percent(),
            found.rmsd_pm
        )
    };
    Ok(figure
        .footnote(&line("Film, linear images with 10 % noise", film))
        .footnote(&line("Ball cut out of it, multislice images (PRISM)", ball)))
}
