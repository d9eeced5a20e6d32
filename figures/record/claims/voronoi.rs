//! Claims about the Voronoi cells: coordination, five-edged faces, icosahedra.

use amorphous_packing::order::{CellStatistics, RegulatedCell, Regulation};
use amorphous_packing::packing::DELTA_MAX;

use crate::record::ledger::{Finding, Ours};

use super::published::{Published, of_all};

/// Cells with a longer edge than this, in ångström, lie at the surface or at a void.
const LONGEST_EDGE_ANGSTROM: f64 = 6.0;

const EDGE_CUT: &str = "cells with an edge above 6 Å left out";
const BOND_CUT: &str = "only neighbours nearer than the first valley";

/// The cells of one sample by the stated rule and by two others.
struct Cells {
    literal: Vec<RegulatedCell>,
    edge_cut: Vec<RegulatedCell>,
    bond_cut: Vec<RegulatedCell>,
}

impl Cells {
    fn of(sample: &Published<'_>) -> Cells {
        let analysis = sample.analysis;
        let full = analysis.voronoi_cells();
        let literal = analysis.regulated_cells(&full, Regulation::default());
        let nearer = Regulation {
            farthest_angstrom: analysis.first_valley_angstrom,
            ..Regulation::default()
        };
        let short = |cell: &&RegulatedCell| cell.longest_edge <= LONGEST_EDGE_ANGSTROM;
        Cells {
            edge_cut: literal.iter().filter(short).cloned().collect(),
            bond_cut: analysis.regulated_cells(&full, nearer),
            literal,
        }
    }
}

pub(super) fn of_samples(samples: &[Published<'_>], all: bool) -> Vec<Finding> {
    let cells: Vec<Cells> = samples.iter().map(Cells::of).collect();
    let each = samples.iter().zip(&cells);
    let mut findings: Vec<Finding> = each.map(|(s, cells)| coordination(s, cells)).collect();
    if all {
        findings.extend(pooled(&cells));
    }
    findings
}

/// By the stated rule and by the two others.
fn statistics<'a>(cells: impl Iterator<Item = &'a Cells> + Clone) -> [CellStatistics; 3] {
    let rules: [fn(&Cells) -> &Vec<RegulatedCell>; 3] =
        [|c| &c.literal, |c| &c.edge_cut, |c| &c.bond_cut];
    rules.map(|rule| CellStatistics::of(cells.clone().flat_map(rule), DELTA_MAX))
}

fn coordination(sample: &Published<'_>, cells: &Cells) -> Finding {
    let found = statistics(std::iter::once(cells));
    let [literal, edge_cut, bond_cut] = found.map(|cells| cells.mean_coordination);
    sample
        .finding("coordination.mean", Ours::Number(literal))
        .or(EDGE_CUT, edge_cut)
        .or(BOND_CUT, bond_cut)
        .or("the same, the centre counted as well", bond_cut + 1.0)
}

fn pooled(cells: &[Cells]) -> Vec<Finding> {
    let found = statistics(cells.iter());
    let by_rules = |id, ours: Ours, value: fn(&CellStatistics) -> f64| {
        let [_, edge_cut, bond_cut] = found.each_ref().map(value);
        of_all(id, ours)
            .or(EDGE_CUT, edge_cut)
            .or(BOND_CUT, bond_cut)
    };
    let [literal, ..] = found;
    let most = 2 * literal.slight_icosahedra < literal.icosahedra;
    vec![
        by_rules(
            "voronoi.icosahedra",
            Ours::Number(literal.icosahedra_percent()),
            CellStatistics::icosahedra_percent,
        ),
        by_rules(
            "voronoi.five_edged",
            Ours::Number(literal.five_edged_percent),
            |cells| cells.five_edged_percent,
        ),
        by_rules(
            "abundance.icosahedra",
            Ours::Count(literal.slight_icosahedra as i64),
            |cells| cells.slight_icosahedra as f64,
        ),
        Finding::new("icosahedra.distorted", None, Ours::holds(most)),
    ]
}
