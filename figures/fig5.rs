//! Fig. 5: how pentagonal bipyramids share vertices and edges, and the networks they form.

use std::process::ExitCode;

use amorphous_packing::analysis::Region;
use amorphous_packing::data::{EXPERIMENT, Sample};
use amorphous_packing::network::dihedral_angles;
use amorphous_packing::numerics::mean;
use amorphous_packing::report::network::{
    dihedral_table, filling_table, neighbour_table, size_table,
};
use anyhow::Result;
use figures::harness::load::load;
use figures::panels::network::{dihedral, filling, neighbours, pentagonal_sizes};
use figures::scenes::network::{
    COLOURS, edge_cluster, edge_pair, largest, representative, vertex_cluster, vertex_pair,
    with_dihedral_inset,
};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Fig. 5: networks of pentagonal bipyramids", fig5)
}

fn fig5(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let loaded = load(options, &EXPERIMENT, stages)?;
    // Sharing, filling and networks are those of the amorphous region; angles are of all pairs.
    let amorphous = loaded.networks(&[5], Region::Amorphous, stages);
    let all = loaded.networks(&[5], Region::All, stages);
    let entries = amorphous.entries();
    let angles: Vec<f64> = all
        .entries()
        .into_iter()
        .flat_map(|rows| dihedral_angles(&rows.of.analysis.triangulation, rows.of.found))
        .collect();
    let shown = loaded.sample_or_first(Sample::TaFilm);
    let of_shown = amorphous.of(shown)?;

    let layout = Layout::grid(
        style::DOUBLE_COLUMN_MM,
        &[
            (44.0, "aaaabbbccccc"),
            (48.0, "ddddeeefffff"),
            (56.0, "gggghhhhhhhh"),
            (74.0, "iiiiijjjjjjj"),
        ],
    );
    let figure = Figure::new("fig5", "Networks of pentagonal bipyramids", layout)
        .panel('a', vertex_pair(of_shown))
        .panel('b', edge_pair(of_shown))
        .panel('c', neighbours(&neighbour_table(&entries)?, shown.id()))
        .panel('d', vertex_cluster(&entries))
        .panel('e', edge_cluster(&entries))
        .panel(
            'f',
            with_dihedral_inset(
                dihedral(&dihedral_table(&all.entries())?, mean(&angles)),
                of_shown,
            ),
        )
        .panel('g', filling(&filling_table(&entries)?))
        .panel('h', representative(&entries)?)
        .panel('i', pentagonal_sizes(&size_table(&entries)?, shown.id()))
        .panel('j', largest(&entries)?);
    Ok(loaded.documented(figure.footnote(COLOURS)))
}
