//! The examples that figures show are chosen by their rules (Fig. 5a, b, d, e and h).

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{AtomId, Vec3};
use amorphous_packing::geometry::icosahedron;
use amorphous_packing::network::{Link, clearest_pair, richest_cluster, smallest_network_with};
use amorphous_packing::numerics::Numbered;

use super::scenes::analysed;

/// An icosahedron about atom 12: twelve bipyramids, each an edge neighbour of five.
fn icosahedral() -> Analysis {
    analysed(icosahedron().into_iter().chain([Vec3::ZERO]).collect(), 1.2)
}

#[test]
fn the_richest_cluster_is_the_first_of_equals_in_any_order() {
    let analysis = icosahedral();
    let found = analysis.networks(5, Region::All);
    let mut links = found.sharing.edge.clone();
    assert_eq!(links.len(), 30);
    let cluster = richest_cluster(&analysis.triangulation, &found.motifs, &links).unwrap();
    links.reverse();
    let again = richest_cluster(&analysis.triangulation, &found.motifs, &links);
    assert_eq!(again.as_ref(), Some(&cluster));
    assert_eq!(cluster.neighbours(), 5);
    let atoms = |place: u32| {
        let ring = analysis.ring(found.motifs[place as usize]);
        let mut atoms: Vec<AtomId> = ring.vertices().map(|vertex| vertex.atom).collect();
        atoms.sort_unstable();
        atoms
    };
    let centre = cluster.members[0].0;
    assert!((0..12).all(|place| atoms(centre) <= atoms(place)));
    for &(neighbour, _) in &cluster.members[1..] {
        let linked = |link: &Link| [link.first, link.second].contains(&centre);
        let other = |link: &Link| [link.first, link.second].contains(&neighbour);
        assert!(links.iter().any(|link| linked(link) && other(link)));
    }
}

#[test]
fn the_clearest_pair_is_the_least_distorted() {
    let mut corners: Vec<Vec3> = icosahedron().into_iter().chain([Vec3::ZERO]).collect();
    // Pulled out, this corner distorts the bipyramids that it belongs to.
    corners[0] *= 1.06;
    let analysis = analysed(corners, 1.3);
    let found = analysis.networks(5, Region::All);
    let (triangulation, motifs) = (&analysis.triangulation, &found.motifs);
    let link = clearest_pair(triangulation, motifs, &found.sharing.edge, 5).unwrap();
    for place in [link.first, link.second] {
        let ring = analysis.ring(motifs[place as usize]);
        assert!(ring.vertices().all(|vertex| vertex.atom != AtomId::new(0)));
    }
    assert_eq!(
        clearest_pair(triangulation, motifs, &found.sharing.vertex, 4),
        None
    );
    assert_eq!(
        clearest_pair(triangulation, motifs, &found.sharing.edge, 6),
        None
    );
    assert_eq!(
        richest_cluster(triangulation, motifs, &found.sharing.vertex),
        None
    );
}

#[test]
fn a_network_holds_the_fillings_that_its_own_bipyramids_make() {
    let analysis = icosahedral();
    let found = analysis.networks(5, Region::All);
    let holding = |fillings: &[u32]| {
        smallest_network_with(
            fillings,
            &found.networks,
            &analysis.triangulation,
            &found.motifs,
        )
    };
    assert_eq!(holding(&[12]), Some(0));
    assert_eq!(holding(&[]), Some(0));
    assert_eq!(holding(&[12, 12]), None);
    assert_eq!(holding(&[8]), None);
    assert_eq!(holding(&[12, 1, 1]), Some(0), "the corners are caps once");
}
