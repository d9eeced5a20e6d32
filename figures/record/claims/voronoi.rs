//! Claims about the Voronoi cells: coordination, five-edged faces, icosahedra.

use amorphous_packing::order::{RegulatedCell, Regulation};
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
    let mut findings: Vec<Finding> = samples
        .iter()
        .zip(&cells)
        .map(|(sample, cells)| coordination(sample, cells))
        .collect();
    if all {
        let pool = |rule: fn(&Cells) -> &Vec<RegulatedCell>| -> Vec<&RegulatedCell> {
            cells.iter().flat_map(rule).collect()
        };
        let [literal, edge_cut, bond_cut] = [
            pool(|c| &c.literal),
            pool(|c| &c.edge_cut),
            pool(|c| &c.bond_cut),
        ];
        findings.extend(pooled(&literal, &edge_cut, &bond_cut));
    }
    findings
}

fn coordination(sample: &Published<'_>, cells: &Cells) -> Finding {
    let bond_cut = mean_coordination(&cells.bond_cut);
    sample
        .finding(
            "coordination.mean",
            Ours::Number(mean_coordination(&cells.literal)),
        )
        .or(EDGE_CUT, mean_coordination(&cells.edge_cut))
        .or(BOND_CUT, bond_cut)
        .or("the same, the centre counted as well", bond_cut + 1.0)
}

fn pooled(
    literal: &[&RegulatedCell],
    edge_cut: &[&RegulatedCell],
    bond_cut: &[&RegulatedCell],
) -> Vec<Finding> {
    let five_edged = |cells: &[&RegulatedCell]| {
        let faces = |n: usize| cells.iter().map(|c| c.index()[n]).sum::<u32>() as usize;
        percent(faces(2), (0..4).map(faces).sum())
    };
    let icosahedra = |cells: &[&RegulatedCell]| {
        let found = cells.iter().filter(|cell| cell.is_distorted_icosahedron());
        percent(found.count(), cells.len())
    };
    let slight = |cells: &[&RegulatedCell]| {
        let regular =
            |c: &&&RegulatedCell| c.is_distorted_icosahedron() && c.largest_delta <= DELTA_MAX;
        cells.iter().filter(regular).count()
    };
    let distorted = literal.iter().filter(|c| c.is_distorted_icosahedron());
    let most = 2 * slight(literal) < distorted.count();
    let pooled = |id, value: &dyn Fn(&[&RegulatedCell]) -> f64| {
        of_all(id, Ours::Number(value(literal)))
            .or(EDGE_CUT, value(edge_cut))
            .or(BOND_CUT, value(bond_cut))
    };
    vec![
        pooled("voronoi.icosahedra", &icosahedra),
        pooled("voronoi.five_edged", &five_edged),
        of_all("abundance.icosahedra", Ours::Count(slight(literal) as i64))
            .or(EDGE_CUT, slight(edge_cut) as f64)
            .or(BOND_CUT, slight(bond_cut) as f64),
        Finding::new("icosahedra.distorted", None, Ours::holds(most)),
    ]
}

/// Zero where there is no cell.
fn mean_coordination(cells: &[RegulatedCell]) -> f64 {
    let faces: usize = cells.iter().map(RegulatedCell::coordination).sum();
    faces as f64 / cells.len().max(1) as f64
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}
