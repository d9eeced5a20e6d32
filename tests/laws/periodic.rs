//! Periodic boundaries: bookkeeping on the torus, and the same atoms seen in an open block.

use std::collections::BTreeSet;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{AtomId, Boundary, Cell, Vec3};
use amorphous_packing::geometry::{Image, Vertex};
use amorphous_packing::network::Extent;
use amorphous_packing::numerics::Numbered;
use approx::assert_relative_eq;
use proptest::prelude::*;
use rayon::iter::ParallelIterator;

use crate::support::{
    analysed, boxed, centred_icosahedron, crystal, molten, open, sanity_check, vectors,
};

const W: f64 = 4.0;
const EDGE: f64 = 12.0;

/// The same box, 3 × 3 × 3 times, as an open block; atom `i` of image `m` has the index
/// `m · n + i`, and the middle image comes first.
fn open_block(points: &[Vec3], edge: f64) -> (Vec<Vec3>, Vec<Image>) {
    let steps = [0_i16, -1, 1];
    let mut block = Vec::new();
    let mut images = Vec::new();
    for x in steps {
        for y in steps {
            for z in steps {
                let image = Image([x, y, z]);
                let by = image.displacement(&Cell::orthogonal(Vec3::splat(edge)));
                block.extend(points.iter().map(|p| *p + by));
                images.push(image);
            }
        }
    }
    (block, images)
}

/// Capping pair and ring of every motif: in the periodic box, shifted so that the smaller cap is
/// at home; in the open block, only those whose smaller cap is at home.
fn motifs(
    analysis: &Analysis,
    name: impl Fn(Vertex) -> Vertex,
) -> BTreeSet<(Vec<Vertex>, Vec<Vertex>)> {
    let sorted = |vertices: &[Vertex]| {
        let mut vertices: Vec<Vertex> = vertices.iter().map(|&v| name(v)).collect();
        vertices.sort_unstable();
        vertices
    };
    (4..=8)
        .flat_map(|fold| analysis.bipyramids(fold, Region::All))
        .map(|motif| {
            let ring = analysis.ring(motif);
            (sorted(&ring.caps), sorted(&ring.atoms))
        })
        .filter_map(|(caps, atoms)| {
            let away = caps[0].image;
            match analysis.atoms.boundary() {
                Boundary::Open => (away == Image::HOME).then_some((caps, atoms)),
                Boundary::Periodic(_) => {
                    let home = |vertices: Vec<Vertex>| {
                        let shifted = vertices.iter().map(|v| v.shifted(Image::HOME - away));
                        shifted.collect()
                    };
                    Some((home(caps), home(atoms)))
                }
            }
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn periodic_equals_open_inside_a_large_block(points in molten(3, 0.6)) {
        let n = points.len();
        let periodic = analysed(boxed(points, Vec3::splat(EDGE)), W);
        sanity_check(&periodic);
        let (block, images) = open_block(periodic.atoms.positions(), EDGE);
        let open = analysed(open(block), W);
        let unfolded = |v: Vertex| Vertex {
            atom: AtomId::at(v.atom.index() % n),
            image: images[v.atom.index() / n],
        };
        let in_box = motifs(&periodic, |v| v);
        prop_assert!(!in_box.is_empty());
        prop_assert_eq!(motifs(&open, unfolded), in_box);
    }

    #[test]
    fn the_torus_is_filled_once(points in molten(3, 0.9)) {
        let analysis = analysed(boxed(points, Vec3::splat(EDGE)), W);
        let triangulation = &analysis.triangulation;
        let tetrahedra = triangulation.len();
        let volume: f64 = triangulation.tetrahedra().map(|t| triangulation.volume(t)).sum();
        assert_relative_eq!(volume, EDGE.powi(3), max_relative = 1e-9);
        // Every face has two sides and every edge a closed ring; V − E + F − T = 0.
        for t in triangulation.tetrahedra() {
            prop_assert!(triangulation.neighbours(t).iter().all(Option::is_some));
        }
        let folds: Vec<usize> = triangulation.rings().map(|ring| ring.fold()).collect();
        prop_assert_eq!(folds.iter().sum::<usize>(), 6 * tetrahedra);
        prop_assert_eq!(analysis.atoms.len() + 2 * tetrahedra, folds.len() + tetrahedra);
    }

    #[test]
    fn translation_of_the_box_does_not_matter(
        points in molten(3, 0.6),
        by in vectors(0.0..EDGE),
    ) {
        let moved = points.iter().map(|p| *p + by).collect();
        let counts = |points: Vec<Vec3>| {
            let analysis = analysed(boxed(points, Vec3::splat(EDGE)), W);
            let found = analysis.networks(5, Region::All);
            let networks: Vec<usize> = found.networks.iter().map(|n| n.size()).collect();
            (analysis.triangulation.len(), found.motifs.len(), found.sharing.edge.len(), networks)
        };
        prop_assert_eq!(counts(points), counts(moved));
    }
}

#[test]
fn a_network_across_the_boundary_has_its_true_length() {
    let mut points = centred_icosahedron(2.8);
    // Around the corner of the box, among far lone atoms that triangulate the rest.
    let edge = 24.0;
    points.extend(crystal(&[Vec3::splat(0.5)], Vec3::splat(8.0), [3; 3]));
    let analysis = analysed(boxed(points, Vec3::splat(edge)), 3.5);
    sanity_check(&analysis);
    let found = analysis.networks(5, Region::All);
    assert_eq!(found.networks.len(), 1);
    assert_eq!(found.networks[0].size(), 12);
    let Extent::Length(length) = found.networks[0].extent else {
        panic!("one icosahedron does not span the box")
    };
    assert_relative_eq!(length, 5.6, epsilon = 1e-9);
}

#[test]
fn a_chain_through_the_box_spans_it() {
    // Staggered pentagons with an atom between each two: the column of interpenetrating
    // icosahedra of the Frank–Kasper phases, closed through the box along z.
    let (radius, rise) = (0.8507, 0.9);
    let layers = 8;
    let mut points = Vec::new();
    for layer in 0..layers {
        let z = f64::from(layer) * rise;
        let turn = if layer % 2 == 0 { 0.0 } else { 36.0 };
        points.extend((0..5).map(|k| {
            let angle = (72.0 * f64::from(k) + turn).to_radians();
            Vec3::new(10.0 + radius * angle.cos(), 10.0 + radius * angle.sin(), z)
        }));
        points.push(Vec3::new(10.0, 10.0, z + 0.5 * rise));
    }
    let height = f64::from(layers) * rise;
    // Lone atoms far away, so that the box is filled with tetrahedra too long to count.
    points.extend([2.0, 18.0].iter().flat_map(|&x| {
        [2.1, 17.8]
            .map(|y| [[x, y, 0.3], [x + 0.2, y - 0.1, 0.55 * height]].map(Vec3::from))
            .into_iter()
            .flatten()
    }));
    let analysis = analysed(boxed(points, Vec3::new(20.0, 20.0, height)), 1.35);
    sanity_check(&analysis);
    let found = analysis.networks(5, Region::All);
    assert_eq!(found.networks.len(), 1);
    assert_eq!(
        found.networks[0].extent,
        Extent::Spans([false, false, true])
    );
}
