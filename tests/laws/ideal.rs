//! Arrangements with an exact answer.

use amorphous_packing::analysis::Region;
use amorphous_packing::atoms::Vec3;
use amorphous_packing::bipyramid::bipyramid_shape;
use amorphous_packing::geometry::ideal_bipyramid;
use amorphous_packing::network::export::{bipyramid_table, network_table, particles};
use amorphous_packing::network::tables::{Entry, dihedral_angles};
use amorphous_packing::network::{Extent, icosahedral_filling};
use amorphous_packing::tables::{to_csv, to_parquet};
use approx::assert_relative_eq;

use crate::support::{analysed, centred_icosahedron, open, sanity_check};

#[test]
fn ideal_bipyramid_has_alpha_over_gamma_1_0515_and_theta_0() {
    let (caps, ring) = ideal_bipyramid();
    let atoms: Vec<Vec3> = ring.into_iter().chain(caps).collect();
    let analysis = analysed(open(atoms), 1.2);
    sanity_check(&analysis);
    let found = analysis.bipyramids(5, Region::All);
    assert_eq!(found.len(), 1);
    let shape = bipyramid_shape(&analysis.triangulation, &analysis.ring(found[0]));
    let exact = 2.0 * (1.0 - 0.25 / 36_f64.to_radians().sin().powi(2)).sqrt();
    assert_relative_eq!(shape.alpha / shape.gamma, exact, epsilon = 1e-12);
    assert_relative_eq!(exact, 1.0515, epsilon = 5e-5);
    assert_relative_eq!(shape.beta / shape.gamma, 1.0, epsilon = 1e-12);
    assert!(shape.theta_deg < 1e-5, "{}", shape.theta_deg);
}

#[test]
fn perfect_icosahedron_is_twelve_bipyramids_at_116_565_degrees() {
    let atoms = centred_icosahedron(2.8);
    let centre = atoms.len() as u32 - 1;
    let analysis = analysed(open(atoms), 3.5);
    sanity_check(&analysis);
    let found = analysis.networks(5, Region::All);
    assert_eq!(found.motifs.len(), 12);
    let filling = icosahedral_filling(&analysis.triangulation, &found.motifs);
    assert_eq!(filling[centre as usize], 12);
    assert_eq!(found.sharing.edge.len(), 30, "the edges of a dodecahedron");
    assert!(found.sharing.vertex.is_empty());
    let entry = Entry {
        sample: "icosahedron",
        analysis: &analysis,
        networks: &found,
    };
    exported_whole(entry);
    let exact = (-1.0 / 5.0_f64.sqrt()).acos().to_degrees();
    assert_relative_eq!(exact, 116.565, epsilon = 5e-4);
    for phi in dihedral_angles(entry) {
        assert_relative_eq!(phi, exact, epsilon = 1e-9);
    }
    assert_eq!(found.networks.len(), 1);
    let network = &found.networks[0];
    assert_eq!((network.size(), network.atoms.len()), (12, 13));
    let Extent::Length(length) = network.extent else {
        panic!("an open network has a length")
    };
    assert_relative_eq!(length, 5.6, epsilon = 1e-12);
}

/// Every bipyramid, network and atom is in the exported tables, once.
fn exported_whole(entry: Entry<'_>) {
    let bipyramids = bipyramid_table(entry).unwrap();
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
    let networks = to_csv(&network_table(entry).unwrap()).unwrap();
    assert_eq!(
        String::from_utf8(networks).unwrap(),
        "network,bipyramids,atoms,length_angstrom,spans_x,spans_y,spans_z\n\
         1,12,13,5.6,false,false,false\n"
    );
    let found: Vec<i64> = particles(entry).iter().map(|p| p.integers[0]).collect();
    assert_eq!(found, (0..13).collect::<Vec<i64>>());
    let bytes = to_parquet(&bipyramids).unwrap();
    assert_eq!(bytes, to_parquet(&bipyramids).unwrap());
}
