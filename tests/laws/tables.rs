//! The tables: what an icosahedron exports, and samples with next to nothing to tell about: empty
//! tables, never a NaN, never a panic.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::Vec3;
use amorphous_packing::formats::tables::{to_csv, to_parquet};
use amorphous_packing::numerics::Mask;
use amorphous_packing::order::Regulation;
use amorphous_packing::packing::Smoothing;
use amorphous_packing::report::bipyramid::{bond_angle_table, ratio_table, theta_table};
use amorphous_packing::report::density::{density_mean_table, density_table};
use amorphous_packing::report::export::{bipyramid_table, network_table, particles};
use amorphous_packing::report::interface::{interface_fit_table, interface_table};
use amorphous_packing::report::network::{
    dihedral_table, filling_table, largest_table, length_table, neighbour_table, size_table,
};
use amorphous_packing::report::packing::{motif_table, population_table};
use amorphous_packing::report::voronoi::{distortion_table, edge_table, index_table};
use amorphous_packing::report::{Networks, Rows};
use polars::prelude::{DataFrame, PolarsResult};

use crate::support::{BCC, FCC, analysed, centred_icosahedron, crystal, open};
use acceptance::errors::sentence;

const W: f64 = 3.4;

/// A block of crystal in which the atoms of the nuclei are those that `crystalline` says.
fn block(crystalline: bool) -> Analysis {
    let mut analysis = analysed(open(crystal(FCC, Vec3::splat(3.9), [5; 3])), W);
    analysis.crystal = Mask::all(analysis.atoms.len(), crystalline);
    analysis
}

/// Every table of every chapter, by name.
fn tables(analysis: &Analysis) -> Vec<(&'static str, PolarsResult<DataFrame>)> {
    let entry = Rows::new("sample", analysis);
    let entries = [entry];
    let cells = analysis.regulated_cells(&analysis.voronoi_cells(), Regulation::default());
    let cells = [entry.with(&cells[..])];
    let map = analysis.density_map(Smoothing::of_fwhm(W)).unwrap();
    let maps = [entry.with(&map)];
    let profile = analysis.interface_profile();
    let profiles = [entry.with(&profile)];
    let found = analysis.networks(5, Region::Amorphous);
    let found = [entry.with(Networks {
        analysis,
        found: &found,
    })];
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
    let message = sentence(&analysis.amorphous_pair_distribution().unwrap_err());
    assert!(message.contains("0 atoms"), "{message}");
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
    let mut points = centred_icosahedron(2.8);
    no_nan(&analysed(open(points.clone()), W));
    points.truncate(6);
    no_nan(&analysed(open(points), W));
}

#[test]
fn a_sample_that_is_all_surface_has_no_density_and_says_so_in_its_tables() {
    let nothing = analysed(open(crystal(BCC, Vec3::splat(3.304), [2; 3])), 3.9);
    let empty = nothing.density_map(Smoothing::of_fwhm(3.9)).unwrap();
    let rows = [Rows::new("nothing", &empty)];
    assert_eq!(density_table(&rows).unwrap().height(), 0);
    let means = density_mean_table(&rows).unwrap();
    assert_eq!(means.column("mean_g_cm3").unwrap().null_count(), 2);
}

/// Every bipyramid, network and atom of an icosahedron is in the exported tables, once.
#[test]
fn an_icosahedron_is_exported_whole() {
    let analysis = analysed(open(centred_icosahedron(2.8)), 3.5);
    let found = analysis.networks(5, Region::All);
    let rows = Rows::new(
        "icosahedron",
        Networks {
            analysis: &analysis,
            found: &found,
        },
    );
    let bipyramids = bipyramid_table(&rows).unwrap();
    let columns = bipyramids.get_column_names().into_iter();
    let columns: Vec<&str> = columns.map(|name| name.as_str()).collect();
    assert_eq!(
        columns,
        [
            "bipyramid",
            "network",
            "cap_i",
            "cap_j",
            "ring_1",
            "ring_2",
            "ring_3",
            "ring_4",
            "ring_5",
            "critical_delta",
            "alpha_angstrom",
            "beta_angstrom",
            "gamma_angstrom",
            "theta_deg",
        ]
    );
    assert_eq!(bipyramids.height(), 12);
    let networks = to_csv(&network_table(&rows).unwrap()).unwrap();
    assert_eq!(
        String::from_utf8(networks).unwrap(),
        "network,bipyramids,atoms,length_angstrom,spans_x,spans_y,spans_z\n\
         1,12,13,5.6,false,false,false\n"
    );
    let particles = particles(&rows, |rank| [rank as f64, 0.0, 0.0]);
    let atoms: Vec<i64> = particles.iter().map(|p| p.integers[0]).collect();
    assert_eq!(atoms, (0..13).collect::<Vec<i64>>());
    assert!(particles.iter().all(|p| p.colour == [1.0, 0.0, 0.0]));
    let bytes = to_parquet(&bipyramids).unwrap();
    assert_eq!(bytes, to_parquet(&bipyramids).unwrap());
}
