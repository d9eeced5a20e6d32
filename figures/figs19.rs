//! Fig. S19: the pair distribution at all temperatures of the quench.

use std::process::ExitCode;

use amorphous_packing::data::Sample;
use amorphous_packing::report::pair_distribution::{pair_distribution_table, second_peak_table};
use anyhow::Result;
use figures::harness::load::load_present;
use figures::panels::liquid::{
    carried_curves, second_peak_described, second_peaks, stacked_curves, with_carried_inputs,
};
use figures::panels::pair_distribution::{borrowed, curves_of};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Fig. S19: g(r) at all temperatures", figs19)
}

fn figs19(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let chosen = options.samples_or(&[Sample::quench(), vec![Sample::TaFilm]].concat());
    let (frames, measured): (Vec<Sample>, Vec<Sample>) = chosen
        .into_iter()
        .partition(|sample| sample.temperature_k().is_some());
    // Of the frames the means over the simulation are shown, of the experiment its model.
    let loaded = load_present(options, &measured, stages)?;
    let carried = carried_curves(&frames)?;
    let described = second_peak_described(&carried);
    let found = [carried, curves_of(&loaded, stages)?].concat();
    let entries = borrowed(&found);
    let (curves, peaks) = (
        pair_distribution_table(&entries)?,
        second_peak_table(&entries)?,
    );
    let samples = [frames.clone(), loaded.ids()].concat();

    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(110.0, "aaabb")]);
    let figure = Figure::new("figs19", "The pair distribution along the quench", layout)
        .panel(
            'a',
            stacked_curves(&curves, &peaks, &frames).without_table(),
        )
        .panel('b', second_peaks(&curves, &peaks, &samples))
        .table("figs19", &curves)
        .table("figs19_second_peak", &peaks)
        .footnote(&described);
    Ok(loaded.documented(with_carried_inputs(figure, &frames)))
}
