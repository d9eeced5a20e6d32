//! Samples that lack what a chapter is about: empty tables, never a NaN, never a panic.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::bipyramid::tables::{bond_angle_table, ratio_table, theta_table};
use amorphous_packing::network::tables::{
    Entry, dihedral_table, filling_table, largest_table, length_table, neighbour_table, size_table,
};
use amorphous_packing::order::voronoi_tables::{
    VoronoiEntry, distortion_table, edge_table, index_table,
};
use amorphous_packing::order::{Regulation, interface_fit_table, interface_table};
use amorphous_packing::packing::Smoothing;
use amorphous_packing::packing::density_tables::{density_mean_table, density_table};
use amorphous_packing::packing::tables::{motif_table, population_table};
use amorphous_packing::tables::to_csv;
use polars::prelude::{DataFrame, PolarsResult};

use crate::support::{FCC, analysed, centred_icosahedron, crystal, open};

const W: f64 = 3.4;

/// A block of crystal in which the atoms of the nuclei are those that `crystalline` says.
fn block(crystalline: bool) -> Analysis {
    let mut analysis = analysed(open(crystal(FCC, [3.9; 3], [5; 3])), W);
    analysis.crystal = vec![crystalline; analysis.atoms.len()];
    analysis
}

/// Every table of every chapter, by name.
fn tables(analysis: &Analysis) -> Vec<(&'static str, PolarsResult<DataFrame>)> {
    let entries = [("sample", analysis)];
    let cells = analysis.regulated_cells(&analysis.voronoi_cells(), Regulation::default());
    let cells = [VoronoiEntry {
        sample: "sample",
        cells: &cells,
    }];
    let map = analysis.density_map(Smoothing::of_fwhm(W));
    let maps = [("sample", &map)];
    let profile = analysis.interface_profile();
    let profiles = [("sample", &profile)];
    let networks = analysis.networks(5, Region::Amorphous);
    let found = [Entry {
        sample: "sample",
        analysis,
        networks: &networks,
    }];
    vec![
        ("populations", population_table(&entries)),
        ("motifs", motif_table(&entries)),
        ("ratios", ratio_table(&entries)),
        ("theta", theta_table(&entries)),
        ("bond angles", bond_angle_table(&entries)),
        ("indices", index_table(&cells, 12)),
        ("edges", edge_table(&cells)),
        ("distortion", distortion_table(&cells)),
        ("density", density_table(&maps)),
        ("mean density", density_mean_table(&maps)),
        ("interface", interface_table(&profiles)),
        ("interface widths", interface_fit_table(&profiles, &[-3.0])),
        ("neighbours", neighbour_table(&found)),
        ("dihedral", dihedral_table(&found)),
        ("filling", filling_table(&found)),
        ("sizes", size_table(&found)),
        ("lengths", length_table(&found)),
        ("largest", largest_table(&found, 5)),
    ]
}

fn no_nan(analysis: &Analysis) {
    for (name, table) in tables(analysis) {
        let text = String::from_utf8(to_csv(&table.unwrap()).unwrap()).unwrap();
        assert!(
            !text.contains("NaN") && !text.contains("inf"),
            "{name}: {text}"
        );
    }
}

#[test]
fn all_crystal() {
    let analysis = block(true);
    no_nan(&analysis);
    let message = analysis
        .amorphous_pair_distribution()
        .unwrap_err()
        .to_string();
    assert!(
        !message.contains('\n') && message.contains("0 atoms"),
        "{message}"
    );
}

#[test]
fn no_crystal() {
    let analysis = block(false);
    no_nan(&analysis);
    assert!(analysis.nuclei().is_empty());
    assert!(analysis.interface_profile().fit(-3.0).is_none());
}

#[test]
fn fewer_atoms_than_a_shell() {
    // An icosahedron has one closed cell, five of its atoms have none.
    let mut atoms = centred_icosahedron(2.8);
    no_nan(&analysed(open(atoms.clone()), W));
    atoms.truncate(6);
    no_nan(&analysed(open(atoms), W));
}
