//! The sheet of `analyze`: all panels of a structure on one page.

use amorphous_packing::analysis::Summary;
use amorphous_packing::network::dihedral_angles;
use amorphous_packing::numerics::mean;
use amorphous_packing::order::RegulatedCell;
use amorphous_packing::report::Rows;
use amorphous_packing::report::bipyramid::{theta_mean_table, theta_table};
use amorphous_packing::report::network::{
    dihedral_table, filling_table, neighbour_table, size_table,
};
use amorphous_packing::report::packing::population_table;
use amorphous_packing::report::structure::described_pairs;
use amorphous_packing::report::voronoi::{bond_order_table, index_table};
use anyhow::Result;
use polars::prelude::{DataFrame, df};

use crate::commands::structure_run::Analysed;
use crate::panels::bipyramid::thetas;
use crate::panels::network::{dihedral, filling, neighbours, pentagonal_sizes};
use crate::panels::order::{bond_order_map, voronoi_bars};
use crate::panels::packing::populations;
use crate::panels::structure::{over_frames, pair_curves, species_shares};
use crate::scenes::network::largest;
use crate::scenes::samples::structure;
use crate::{Figure, Layout, style};

/// The page of a structure; `frames` is the table of a series of them, whose last one it is.
///
/// # Errors
/// Those of polars and of the panels.
pub fn sheet(frame: &Analysed, name: &str, frames: Option<&DataFrame>) -> Result<Figure> {
    let (analysis, description) = (&frame.analysis, &frame.description);
    let of = frame.described();
    let whole = [Rows::new(name, analysis)];
    let networks = [of.networks(name)];
    let amorphous: Vec<RegulatedCell> = description
        .regulated
        .iter()
        .filter(|cell| !analysis.crystal[cell.atom])
        .cloned()
        .collect();
    let angles = dihedral_angles(&analysis.triangulation, &description.found);
    let pairs = described_pairs(&of)?;
    let w = analysis.first_valley_angstrom;
    let orders = bond_order_table(&[Rows::new(name, &analysis.bond_order[..])])?;

    let mut rows = vec![
        (62.0, "aaaabbbbcccc"),
        (58.0, "ddddddeeeeee"),
        (52.0, "ffffgggghhhh"),
        (52.0, "iiiijjjjkkkk"),
        (74.0, "llllllllllll"),
    ];
    if frames.is_some() {
        rows.push((54.0, "mmmmmmnnnnnn"));
    }
    let figure = Figure::new("sheet", name, Layout::grid(style::DOUBLE_COLUMN_MM, &rows))
        .panel('a', structure(analysis, name))
        .panel(
            'b',
            pair_curves(&pairs, w, description.pairs.as_ref().err()),
        )
        .panel('c', bond_order_map(&orders, name)?.titled("Bond order"))
        .panel(
            'd',
            voronoi_bars(&index_table(&[Rows::new(name, &amorphous[..])], 12)?)?,
        )
        .panel(
            'e',
            populations(&population_table(&whole)?, name).titled("Motifs"),
        )
        .panel(
            'f',
            thetas(&theta_table(&whole)?, &theta_mean_table(&whole)?)?,
        )
        .panel(
            'g',
            neighbours(&neighbour_table(&networks)?, name).titled("Sharing"),
        )
        .panel('h', dihedral(&dihedral_table(&networks)?, mean(&angles)))
        .panel('i', filling(&filling_table(&networks)?))
        .panel(
            'j',
            pentagonal_sizes(&size_table(&networks)?, name).titled("Networks"),
        )
        .panel('k', species_shares(&shares(&frame.row.summary)?))
        .panel('l', largest(&networks)?);
    let figure = match frames {
        Some(frames) => figure
            .panel(
                'm',
                over_frames(frames, &style::MOTIF_FRACTIONS, "Fraction of tetrahedra"),
            )
            .panel(
                'n',
                over_frames(frames, &style::NETWORK_NUMBERS, "Share of bipyramids"),
            ),
        None => figure,
    };
    let figure = figure.footnote(
        "Crystal nuclei are grey. Everything but the bond order is of the amorphous region; *w* is \
         the shell distance.",
    );
    Ok(match frames {
        Some(_) => figure.footnote("The other panels are of the last frame."),
        None => figure,
    })
}

/// The part of each element in what the motifs are made of.
fn shares(summary: &Summary) -> Result<DataFrame> {
    let column = |value: &dyn Fn(&amorphous_packing::analysis::SpeciesSummary) -> Option<f64>| {
        summary
            .species
            .iter()
            .map(value)
            .collect::<Vec<Option<f64>>>()
    };
    let symbols = summary.species.iter().map(|part| part.element.symbol());
    Ok(df!(
        "element" => symbols.collect::<Vec<_>>(),
        "atoms" => column(&|part| Some(part.fraction)),
        "caps" => column(&|part| part.cap_fraction),
        "rings" => column(&|part| part.ring_fraction),
        "networks" => column(&|part| part.network_fraction),
    )?)
}
