//! Fig. 3: the mass density of the tantalum film with and without polytetrahedral packing.

use std::process::ExitCode;

use amorphous_packing::packing::density_tables::{density_mean_table, density_table};
use amorphous_packing::sample::Sample;
use figures::density::{distributions, slice};
use figures::load::load;
use figures::panels::placeholder;
use figures::{Figure, Layout, style};

fn main() -> ExitCode {
    figures::draw("Fig. 3: packing and mass density", |options, stages| {
        let loaded = load(options, &[Sample::TaFilm], stages)?;
        let maps = loaded.density_maps(stages);
        let entries = loaded.with_ids(&maps);
        let (table, means) = (density_table(&entries)?, density_mean_table(&entries)?);
        let (sample, analysis) = &loaded.samples[0];

        let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(60.0, "aaaabbbbbccc")]);
        let scene = placeholder("three-dimensional view: to come").titled("Packing");
        let figure = Figure::new("fig3", "Packing and mass density", layout)
            .panel('a', distributions(&table, &means, *sample)?)
            .panel('b', slice(*sample, analysis, &maps[0]))
            .panel('c', scene)
            .table("fig3a_mean", &means);
        Ok(loaded.documented(figure))
    })
}
