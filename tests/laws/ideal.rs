//! Arrangements with an exact answer.

use amorphous_packing::analysis::Region;
use amorphous_packing::atoms::Vec3;
use amorphous_packing::bipyramid::bipyramid_shape;
use amorphous_packing::geometry::ideal_bipyramid;
use amorphous_packing::network::{Extent, dihedral_angles, icosahedral_filling};
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
    let centre = atoms.len() - 1;
    let analysis = analysed(open(atoms), 3.5);
    sanity_check(&analysis);
    let found = analysis.networks(5, Region::All);
    assert_eq!(found.motifs.len(), 12);
    let filling = icosahedral_filling(&analysis.triangulation, &found.motifs);
    assert_eq!(filling[centre], 12);
    assert_eq!(found.sharing.edge.len(), 30, "the edges of a dodecahedron");
    assert!(found.sharing.vertex.is_empty());
    let exact = (-1.0 / 5.0_f64.sqrt()).acos().to_degrees();
    assert_relative_eq!(exact, 116.565, epsilon = 5e-4);
    for phi in dihedral_angles(&analysis.triangulation, &found) {
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
