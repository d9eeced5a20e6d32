//! Fig. 3: the mass density of the tantalum film with and without polytetrahedral packing.

use std::process::ExitCode;

use amorphous_packing::data::Sample;
use amorphous_packing::report::density::{density_mean_table, density_table};
use figures::harness::load::load;
use figures::panels::density::{distributions, slice};
use figures::scenes::density::{COLOURS, region, shown_region};
use figures::{Figure, Layout, style};

fn main() -> ExitCode {
    figures::draw("Fig. 3: packing and mass density", |options, stages| {
        let loaded = load(options, &[Sample::TaFilm], stages)?;
        let maps = loaded.density_maps(stages)?;
        let entries = loaded.rows(&maps);
        let (table, means) = (density_table(&entries)?, density_mean_table(&entries)?);
        let (sample, analysis) = &loaded.samples[0];

        let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(60.0, "aaaabbbbbcccc")]);
        let cut = shown_region(&maps[0]);
        let figure = Figure::new("fig3", "Packing and mass density", layout)
            .panel('a', distributions(&table, &means, *sample)?)
            .panel('b', slice(*sample, analysis, &maps[0], cut.as_ref()))
            .panel('c', region(analysis, &maps[0], cut.as_ref()))
            .table("fig3a_mean", &means)
            .footnote(COLOURS);
        Ok(loaded.documented(figure))
    })
}
