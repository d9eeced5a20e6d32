//! Fig. S10: the mass density of the two palladium nanoparticles with and without packing.

use std::process::ExitCode;

use amorphous_packing::data::Sample;
use amorphous_packing::report::density::{density_mean_table, density_table};
use anyhow::Result;
use figures::harness::load::{load, rows_of};
use figures::panels::density::{distributions, slice};
use figures::scenes::density::{COLOURS, region, shown_region};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Fig. S10: packing and mass density", figs10)
}

fn figs10(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let loaded = load(options, &[Sample::Pd1, Sample::Pd2], stages)?;
    let maps = loaded.density_maps(stages)?;
    let means = density_mean_table(&loaded.rows(&maps))?;

    // One row of three panels for every sample.
    let rows = ["aaaabbbbbcccc", "ddddeeeeeffff"].map(|row| (60.0, row));
    let shown = loaded.samples.len().min(rows.len());
    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &rows[..shown]);
    let mut figure = Figure::new("figs10", "Packing and mass density", layout);
    let mut letters = 'a'..;
    for ((sample, analysis), map) in loaded.samples.iter().zip(&maps).take(shown) {
        let table = density_table(&[rows_of(*sample, map)])?;
        let cut = shown_region(map);
        let panels = [
            distributions(&table, &means, *sample)?,
            slice(*sample, analysis, map, cut.as_ref()),
            region(analysis, map, cut.as_ref()),
        ];
        for (panel, letter) in panels.into_iter().zip(&mut letters) {
            figure = figure.panel(letter, panel);
        }
    }
    Ok(loaded.documented(figure.table("figs10_mean", &means).footnote(COLOURS)))
}
