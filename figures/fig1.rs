//! Fig. 1: the three samples, their pair distributions, and their Voronoi polyhedra.

use std::process::ExitCode;

use amorphous_packing::data::Sample;
use amorphous_packing::data::tomography::TiltSeries;
use amorphous_packing::order::RegulatedCell;
use amorphous_packing::report::Rows;
use amorphous_packing::report::pair_distribution::pair_distribution_table;
use amorphous_packing::report::voronoi::index_table;
use anyhow::Result;
use figures::harness::load::load;
use figures::panels::order::voronoi_bars;
use figures::panels::pair_distribution::{borrowed, curves, curves_of};
use figures::panels::tomography::{spectrum_of, ta_series, with_spectrum, without_spectrum};
use figures::scenes::samples::view;
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Fig. 1: samples and their disorder", fig1)
}

fn fig1(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let samples = [Sample::TaFilm, Sample::Pd1, Sample::Pd2, Sample::TA_LIQUID];
    let loaded = load(options, &samples, stages)?;
    let found = curves_of(&loaded, stages)?;

    let layout = Layout::grid(
        style::DOUBLE_COLUMN_MM,
        &[(62.0, "aaabbb"), (58.0, "cccddd")],
    );
    let table = pair_distribution_table(&borrowed(&found))?;
    // The polyhedra are those of the experiment; of the liquid only when it stands alone.
    let cells = loaded.regulated_cells(stages);
    let measured: Vec<Rows<'_, &[RegulatedCell]>> = cells
        .entries()
        .into_iter()
        .filter(|entry| loaded.samples.len() == 1 || entry.sample != Sample::TA_LIQUID.id())
        .collect();
    let indices = index_table(&measured, 12)?;
    let spectra = [ta_series(), vec![TiltSeries::Pd1]].map(|series| spectrum_of(&series, options));
    let spectra = spectra.into_iter().collect::<Result<Vec<_>>>()?;
    let figure = Figure::new("fig1", "Three samples and their disorder", layout)
        .panel(
            'a',
            with_spectrum(view(&loaded, Sample::TaFilm), &spectra[0]),
        )
        .panel('b', with_spectrum(view(&loaded, Sample::Pd1), &spectra[1]))
        .panel('c', curves(&table, &loaded.ids()))
        .panel('d', voronoi_bars(&indices)?.titled("Voronoi polyhedra"));
    let mut figure = figure.footnote("Crystal nuclei are grey.");
    for (spectrum, sample) in spectra.into_iter().zip(["the Ta film", "Pd₁"]) {
        figure = match spectrum {
            Some(spectrum) => spectrum.noted(figure),
            None => without_spectrum(figure, sample),
        };
    }
    Ok(loaded.documented(figure))
}
