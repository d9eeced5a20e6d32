//! The sheet of `analyze`: all panels of a structure on one page.

use amorphous_packing::analysis::{Analysis, SpeciesSummary, Summary};
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
use polars::prelude::{Column, DataFrame, df};

use crate::commands::structure_frame::Analysed;
use crate::page::panel::placeholder;
use crate::panels::bipyramid::thetas;
use crate::panels::network::{dihedral, filling, neighbours, pentagonal_sizes};
use crate::panels::order::{bond_order_map, voronoi_bars};
use crate::panels::packing::populations;
use crate::panels::structure::{over_frames, pair_curves, species_shares};
use crate::scenes::network::largest;
use crate::scenes::samples::structure;
use crate::{Figure, Layout, Panel, style};

/// The page of a structure; `frames` is the table of a series of them, whose last one it is.
///
/// # Errors
/// Those of polars and of the panels.
pub fn sheet(frame: &Analysed, name: &str, frames: Option<&DataFrame>) -> Result<Figure> {
    let (analysis, description) = (&frame.analysis, &frame.description);
    let of = frame.described();
    let whole = [Rows::new(name, analysis)];
    let networks = [of.networks(name)];
    // In a crystal, the cells of all atoms.
    let is_crystal = analysis.crystal.count() == analysis.atoms.len();
    let shown = |cell: &&RegulatedCell| is_crystal || !analysis.crystal[cell.atom];
    let cells = description.regulated.iter().filter(shown).cloned();
    let cells: Vec<RegulatedCell> = cells.collect();
    let angles = dihedral_angles(&analysis.triangulation, &description.found);
    let pairs = described_pairs(&of)?;
    let orders = bond_order_table(&[Rows::new(name, &analysis.bond_order[..])])?;
    let indices = index_table(&[Rows::new(name, &cells[..])], 12)?;
    let is_alloy = frame.row.summary.species.len() > 1;

    let mut rows = vec![
        (62.0, "aaaabbbbcccc"),
        (58.0, "ddddddeeeeee"),
        (52.0, "ffffgggghhhh"),
    ];
    // Of a single element all parts are all.
    rows.extend(match is_alloy {
        true => [(52.0, "iiiijjjjkkkk"), (74.0, "llllllllllll")],
        false => [(52.0, "iiiiiijjjjjj"), (74.0, "kkkkkkkkkkkk")],
    });
    if frames.is_some() {
        rows.push((
            54.0,
            if is_alloy {
                "mmmmmmnnnnnn"
            } else {
                "llllllmmmmmm"
            },
        ));
    }
    let mut figure = Figure::new("sheet", name, Layout::grid(style::DOUBLE_COLUMN_MM, &rows))
        .panel('a', structure(analysis, name))
        .panel(
            'b',
            pair_curves(&pairs, analysis.first_valley_angstrom, &description.pairs),
        )
        .panel(
            'c',
            of_only(&orders, |table| bond_order_map(table, ""))?.titled("Bond order"),
        )
        .panel(
            'd',
            of_only(&indices, voronoi_bars)?.titled(match is_crystal {
                true => "Voronoi cells, all atoms",
                false => "Voronoi cells",
            }),
        )
        .panel(
            'e',
            of_only(&population_table(&whole)?, |table| {
                Ok(match is_crystal {
                    true => placeholder("all atoms are crystal"),
                    false => populations(table, ""),
                })
            })?
            .titled("Motifs"),
        )
        .panel('f', distortion(&whole)?.titled("Distortion"))
        .panel(
            'g',
            of_only(&neighbour_table(&networks)?, |table| {
                Ok(neighbours(table, ""))
            })?
            .titled("Sharing"),
        )
        .panel(
            'h',
            of_only(&dihedral_table(&networks)?, |table| {
                Ok(dihedral(table, mean(&angles)))
            })?,
        )
        .panel(
            'i',
            of_only(&filling_table(&networks)?, |table| Ok(filling(table)))?,
        )
        .panel(
            'j',
            of_only(&size_table(&networks)?, |table| {
                Ok(pentagonal_sizes(table, ""))
            })?
            .titled("Networks"),
        )
        .panel(if is_alloy { 'l' } else { 'k' }, largest(&networks)?);
    if is_alloy {
        figure = figure.panel('k', species_shares(&shares(&frame.row.summary)?));
    }
    let last = if is_alloy { ['m', 'n'] } else { ['l', 'm'] };
    figure = figure.footnote(
        "Crystal nuclei are grey. Unless said otherwise, all but the bond order is of the amorphous \
         region; *w* is the shell distance.",
    );
    Ok(match frames {
        Some(frames) => {
            series(figure, frames, last).footnote("The other panels are of the last frame.")
        }
        None => figure,
    })
}

/// The two panels of a series of frames.
pub fn series(figure: Figure, frames: &DataFrame, letters: [char; 2]) -> Figure {
    let [motifs, networks] = [
        (&style::MOTIF_FRACTIONS[..], "Fraction of tetrahedra"),
        (&style::NETWORK_NUMBERS[..], "Fraction of bipyramids"),
    ]
    .map(|(columns, title)| over_frames(frames, columns, title));
    figure.panel(letters[0], motifs).panel(letters[1], networks)
}

/// A panel of the only structure of a table, which it need not name; the table keeps the name.
fn of_only(table: &DataFrame, panel: impl Fn(&DataFrame) -> Result<Panel>) -> Result<Panel> {
    Ok(panel(&unnamed(table)?)?.with_table(table))
}

fn distortion(whole: &[Rows<'_, &Analysis>]) -> Result<Panel> {
    let means = unnamed(&theta_mean_table(whole)?)?;
    of_only(&theta_table(whole)?, |table| thetas(table, &means))
}

/// A table whose sample has no name.
fn unnamed(table: &DataFrame) -> Result<DataFrame> {
    let mut unnamed = table.clone();
    unnamed.with_column(Column::new("sample".into(), vec![""; table.height()]))?;
    Ok(unnamed)
}

/// The part of each element in what the motifs are made of.
fn shares(summary: &Summary) -> Result<DataFrame> {
    let column = |value: &dyn Fn(&SpeciesSummary) -> Option<f64>| {
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
