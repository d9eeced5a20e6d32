//! Arrangements of atoms with a name, and the one consistency check that every test calls.

use std::collections::BTreeMap;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::geometry::{Image, Triangulation, Vertex, icosahedron};
use amorphous_packing::network::SMALLEST_NETWORK;
use amorphous_packing::progress::Silent;
use proptest::prelude::*;
use rayon::iter::ParallelIterator;

pub(crate) fn open(positions: Vec<Vec3>) -> Atoms {
    Atoms::new(Element::Ta, positions, Boundary::Open).unwrap()
}

pub(crate) fn boxed(positions: Vec<Vec3>, edges: Vec3) -> Atoms {
    Atoms::new(Element::Ta, positions, Boundary::periodic(edges)).unwrap()
}

pub(crate) fn analysed(atoms: Atoms, w: f64) -> Analysis {
    Analysis::new(atoms, Some(w), &Silent).unwrap()
}

/// Vectors with random components.
pub(crate) fn vectors(components: std::ops::Range<f64>) -> impl Strategy<Value = Vec3> {
    prop::array::uniform3(components).prop_map(Vec3::from)
}

/// Random atoms, at least `apart` from one another, in a cube of this edge.
pub(crate) fn scattered(
    count: std::ops::Range<usize>,
    edge: f64,
    apart: f64,
) -> impl Strategy<Value = Vec<Vec3>> {
    prop::collection::vec(vectors(0.0..edge), count).prop_map(move |points| {
        let mut kept: Vec<Vec3> = Vec::new();
        for p in points {
            if kept.iter().all(|q| p.distance_squared(*q) > apart * apart) {
                kept.push(p);
            }
        }
        kept
    })
}

/// A dense disordered packing: a face-centred cubic lattice, jittered strongly enough to melt it.
/// A failing case is not shrunk: that would lead to the lattice, where tetrahedra are not unique.
pub(crate) fn molten(cells: usize, jitter: f64) -> impl Strategy<Value = Vec<Vec3>> + use<> {
    let sites = crystal(FCC, Vec3::splat(4.0), [cells; 3]);
    let moves = prop::collection::vec(vectors(-jitter..jitter), sites.len());
    moves
        .prop_map(move |moves| {
            sites
                .iter()
                .zip(moves)
                .map(|(site, by)| *site + by)
                .collect()
        })
        .no_shrink()
}

pub(crate) const BCC: &[Vec3] = &[Vec3::ZERO, Vec3::splat(0.5)];
pub(crate) const FCC: &[Vec3] = &[
    Vec3::ZERO,
    Vec3::new(0.0, 0.5, 0.5),
    Vec3::new(0.5, 0.0, 0.5),
    Vec3::new(0.5, 0.5, 0.0),
];
/// In an orthohexagonal cell of edges 1, √3, c/a.
pub(crate) const HCP: &[Vec3] = &[
    Vec3::ZERO,
    Vec3::new(0.5, 0.5, 0.0),
    Vec3::new(0.5, 1.0 / 6.0, 0.5),
    Vec3::new(0.0, 2.0 / 3.0, 0.5),
];

/// The edges of the cell of an ideal hexagonal close packing with the bond length `a`.
pub(crate) fn hcp_cell(a: f64) -> Vec3 {
    Vec3::new(a, a * 3.0_f64.sqrt(), a * (8.0_f64 / 3.0).sqrt())
}

/// A block of a perfect crystal: `basis` in fractions of `cell`.
pub(crate) fn crystal(basis: &[Vec3], cell: Vec3, cells: [usize; 3]) -> Vec<Vec3> {
    let mut sites = Vec::new();
    for x in 0..cells[0] {
        for y in 0..cells[1] {
            for z in 0..cells[2] {
                let at = Vec3::new(x as f64, y as f64, z as f64);
                sites.extend(basis.iter().map(|site| (at + *site) * cell));
            }
        }
    }
    sites
}

/// The edges of a block of so many cells.
pub(crate) fn block_edges(cell: Vec3, cells: [usize; 3]) -> Vec3 {
    cell * Vec3::from(cells.map(|count| count as f64))
}

/// A regular icosahedron of this radius with an atom in its centre, the last.
pub(crate) fn centred_icosahedron(radius: f64) -> Vec<Vec3> {
    let corners = icosahedron().map(|corner| radius * corner);
    corners.into_iter().chain([Vec3::ZERO]).collect()
}

/// Every bookkeeping rule that an analysis must keep.
pub(crate) fn sanity_check(analysis: &Analysis) {
    rings_close(&analysis.triangulation);
    for fold in 4..=6 {
        let found = analysis.networks(fold, Region::All);
        let bipyramids = found.motifs.len();
        let mut owner = vec![None; bipyramids];
        for (index, network) in found.networks.iter().enumerate() {
            assert!(network.size() >= SMALLEST_NETWORK);
            for &(member, _) in &network.members {
                assert_eq!(
                    owner[member as usize].replace(index),
                    None,
                    "in two networks"
                );
            }
        }
        for link in &found.sharing.edge {
            let ends = [link.first, link.second];
            let [a, b] = ends.map(|m| owner[m as usize]);
            assert_eq!(a, b, "an edge link leaves its network");
            let [a, b] = ends.map(|m| analysis.ring(found.motifs[m as usize]));
            let there: Vec<Vertex> = b.vertices().map(|v| v.shifted(link.shift)).collect();
            let common = a.vertices().filter(|v| there.contains(v)).count();
            assert!(
                common >= 5,
                "edge sharing is five common atoms, not {common}"
            );
        }
    }
}

/// Rings are cyclic, their tetrahedra hold the caps and two neighbouring ring atoms, and no two
/// rings are about one edge.
fn rings_close(triangulation: &Triangulation) {
    let mut about: BTreeMap<[Vertex; 2], usize> = BTreeMap::new();
    for ring in triangulation.rings().collect::<Vec<_>>() {
        let n = ring.fold();
        assert!(n >= 3 && ring.atoms.len() == n);
        for (k, t) in ring.tetrahedra.iter().enumerate() {
            let mut expected = [
                ring.caps[0],
                ring.caps[1],
                ring.atoms[k],
                ring.atoms[(k + 1) % n],
            ];
            expected.sort_unstable();
            let mut corners = triangulation.corners(t.id).map(|c| c.shifted(t.shift));
            corners.sort_unstable();
            assert_eq!(corners, expected);
        }
        let home = Image::HOME - ring.caps[0].image;
        *about
            .entry(ring.caps.map(|cap| cap.shifted(home)))
            .or_default() += 1;
    }
    assert!(
        about.values().all(|&count| count == 1),
        "two rings about one edge"
    );
}
