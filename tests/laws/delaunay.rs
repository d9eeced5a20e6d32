//! What makes a Delaunay triangulation, checked exactly, on points of every kind.

use std::collections::{BTreeMap, BTreeSet};

use amorphous_packing::atoms::{AtomId, Vec3};
use amorphous_packing::geometry::{Delaunay, DelaunayError, Image, TetrahedronId, Vertex};
use amorphous_packing::numerics::{Bounds, Mask, Numbered};
use approx::assert_relative_eq;
use proptest::prelude::*;
use robust::Coord3D;

use acceptance::random::Random;

use crate::support::{BCC, FCC, HCP, block_edges, crystal, hcp_cell, vectors};

const CUBIC: &[Vec3] = &[Vec3::ZERO];

fn coord(point: Vec3) -> Coord3D<f64> {
    let [x, y, z] = point.to_array();
    Coord3D { x, y, z }
}

fn side([a, b, c]: [Vec3; 3], d: Vec3) -> f64 {
    robust::orient3d(coord(a), coord(b), coord(c), coord(d))
}

/// Positive when the point is inside the sphere through the corners, exactly.
fn inside(corners: [Vec3; 4], point: Vec3) -> f64 {
    let [a, b, c, d] = corners;
    let orientation = side([a, b, c], d);
    assert!(orientation != 0.0, "a flat tetrahedron");
    let [a, b, c, d] = corners.map(coord);
    robust::insphere(a, b, c, d, coord(point)) * orientation.signum()
}

fn others(k: usize) -> [usize; 3] {
    [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]][k]
}

fn six_volumes(corners: [Vec3; 4]) -> f64 {
    let [a, b, c] = [1, 2, 3].map(|k| corners[k] - corners[0]);
    a.dot(b.cross(c)).abs()
}

fn tetrahedra(found: &Delaunay) -> impl Iterator<Item = TetrahedronId> + Clone {
    TetrahedronId::first(found.len())
}

/// Every property of a triangulation, `place` telling where a corner lies: faces match, no
/// tetrahedron is flat, no sphere holds the corner beyond a face.
fn sound(found: &Delaunay, place: impl Fn(Vertex) -> Vec3) {
    let mut last = None;
    for t in tetrahedra(found) {
        let corners = found.corners(t);
        assert!(corners.is_sorted() && corners[0].image == Image::HOME);
        assert!(
            last.replace(corners) < Some(corners),
            "not sorted, or twice"
        );
        let places = corners.map(&place);
        assert!(side([0, 1, 2].map(|k| places[k]), places[3]) != 0.0);
        for k in 0..4 {
            let Some(next) = found.neighbour(t, k) else {
                continue;
            };
            let seen = found
                .corners(next.tetrahedron)
                .map(|v| v.shifted(next.shift));
            let own: BTreeSet<Vertex> = others(k).map(|k| corners[k]).into();
            let theirs: BTreeSet<Vertex> = others(next.apex as usize).map(|k| seen[k]).into();
            assert_eq!(own, theirs, "neighbours without a common face");
            let back = found
                .neighbour(next.tetrahedron, next.apex as usize)
                .unwrap();
            assert_eq!((back.tetrahedron, usize::from(back.apex)), (t, k));
            assert_eq!(back.shift, Image::HOME - next.shift);
            let beyond = place(seen[next.apex as usize]);
            assert!(inside(places, beyond) <= 0.0, "a face that is not Delaunay");
            let face = others(k).map(|k| places[k]);
            assert!(side(face, places[k]) * side(face, beyond) < 0.0, "a fold");
        }
    }
}

/// The triangulation of points in open space, checked: sound, convex, holding all points.
fn open(points: &[Vec3]) -> Delaunay {
    let found = Delaunay::open(points).unwrap();
    sound(&found, |v| points[v.atom.index()]);
    let mut met = Mask::all(points.len(), false);
    let mut volume = 0.0;
    let mut hull = 0.0;
    for t in tetrahedra(&found) {
        let corners = found.corners(t).map(|v| points[v.atom.index()]);
        volume += six_volumes(corners);
        for (k, corner) in found.corners(t).into_iter().enumerate() {
            met[corner.atom] = true;
            if found.neighbour(t, k).is_none() {
                let face = others(k).map(|k| corners[k]);
                let within = side(face, corners[k]);
                let wrong = points.iter().find(|&&p| side(face, p) * within < 0.0);
                assert_eq!(wrong, None, "outside the hull");
                let [a, b, c] = face;
                hull += six_volumes([a, b, c, points[0]]);
            }
        }
    }
    assert!(met.iter().all(|met| met), "a point is missing");
    // Of points in very different sizes the volumes are rounded.
    let extent = Bounds::of(points.iter().copied()).extent();
    let rounding = 1e-15 * found.len() as f64 * extent.element_product();
    assert_relative_eq!(volume, hull, max_relative = 1e-9, epsilon = rounding);
    found
}

/// As [`open`], and no sphere of all holds a point of all.
fn open_with_empty_spheres(points: &[Vec3]) -> Delaunay {
    let found = open(points);
    for t in tetrahedra(&found) {
        let corners = found.corners(t).map(|v| points[v.atom.index()]);
        assert!(points.iter().all(|&p| inside(corners, p) <= 0.0));
    }
    found
}

/// The tetrahedra as sets of places.
fn places(points: &[Vec3], found: &Delaunay) -> BTreeSet<[[u64; 3]; 4]> {
    let key = |v: Vertex| {
        (points[v.atom.index()] + Vec3::ZERO)
            .to_array()
            .map(f64::to_bits)
    };
    let mut all = BTreeSet::new();
    for t in tetrahedra(found) {
        let mut corners = found.corners(t).map(key);
        corners.sort_unstable();
        assert!(all.insert(corners));
    }
    all
}

fn hashed(count: usize, seed: u64) -> impl Iterator<Item = Vec3> {
    let mut random = Random(seed);
    (0..count).map(move |_| random.vector())
}

/// The points in another order.
fn shuffled(points: &[Vec3], seed: u64) -> Vec<Vec3> {
    let mut random = Random(seed);
    let mut keyed: Vec<(u64, Vec3)> = points.iter().map(|p| (random.bits(), *p)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, point)| point).collect()
}

fn lattices() -> [Vec<Vec3>; 5] {
    let cells = [4, 3, 3];
    [
        crystal(CUBIC, Vec3::ONE, cells),
        crystal(CUBIC, Vec3::new(0.1, 0.3, 0.7), cells),
        crystal(BCC, Vec3::splat(3.304), cells),
        crystal(FCC, Vec3::splat(3.89), cells),
        crystal(HCP, hcp_cell(2.75), cells),
    ]
}

/// A random point of the unit cube, moved to the unit sphere about its centre.
fn on_a_sphere(point: Vec3) -> Vec3 {
    let from_centre = point - Vec3::splat(0.5);
    from_centre / from_centre.length()
}

/// All points with whole coordinates on a sphere about the origin: exactly cospherical.
fn whole_points_on_a_sphere(squared: i32) -> Vec<Vec3> {
    let most = f64::from(squared).sqrt() as i32 + 1;
    let range = || -most..=most;
    let all = range().flat_map(|x| range().flat_map(move |y| range().map(move |z| [x, y, z])));
    all.filter(|p| p.iter().map(|x| x * x).sum::<i32>() == squared)
        .map(|p| Vec3::from(p.map(f64::from)))
        .collect()
}

#[test]
fn random_points() {
    let points: Vec<Vec3> = hashed(3000, 1).collect();
    open(&points);
    open_with_empty_spheres(&points[..300]);
}

#[test]
fn clusters_within_clusters() {
    // Powers pile the points up at the origin, at all scales down to 1e-15 and less.
    let points: Vec<Vec3> = hashed(2000, 2).map(|p| p.map(|x| x.powi(9))).collect();
    open(&points);
    open_with_empty_spheres(&points[..300]);
    let groups: Vec<Vec3> = hashed(1500, 3)
        .enumerate()
        .map(|(k, p)| Vec3::splat((k % 7) as f64) + 1e-7 * p)
        .collect();
    open(&groups);
}

#[test]
fn lattices_with_any_jitter() {
    for sites in lattices() {
        for size in [0.0, 1e-16, 1e-15, 1e-12, 1e-8, 1e-4, 1e-2, 0.1] {
            let moves = hashed(sites.len(), 4).map(|p| size * (p - Vec3::splat(0.5)));
            let points: Vec<Vec3> = sites
                .iter()
                .zip(moves)
                .map(|(site, by)| *site + by)
                .collect();
            let found = open_with_empty_spheres(&points);
            for seed in 0..3 {
                let other = shuffled(&points, seed);
                let again = Delaunay::open(&other).unwrap();
                assert_eq!(places(&points, &found), places(&other, &again));
            }
        }
    }
}

#[test]
fn points_on_spheres_circles_and_planes() {
    for squared in [9, 26, 41, 101, 1001] {
        let sphere = whole_points_on_a_sphere(squared);
        let found = open_with_empty_spheres(&sphere);
        let mut centred = sphere.clone();
        centred.push(Vec3::ZERO);
        open(&centred);
        let other = shuffled(&sphere, 5);
        let again = Delaunay::open(&other).unwrap();
        assert_eq!(places(&sphere, &found), places(&other, &again));
    }
    // A disc of whole points, all in one plane but one.
    let mut disc: Vec<Vec3> = crystal(CUBIC, Vec3::ONE, [15, 15, 1]);
    disc.push(Vec3::new(7.0, 7.0, 3.0));
    let found = open_with_empty_spheres(&disc);
    let other = shuffled(&disc, 6);
    let again = Delaunay::open(&other).unwrap();
    assert_eq!(places(&disc, &found), places(&other, &again));
    // A point in the middle of a very large cavity: ten thousand neighbours.
    let star: Vec<Vec3> = hashed(4000, 7)
        .map(on_a_sphere)
        .chain([Vec3::ZERO])
        .collect();
    open(&star);
}

#[test]
fn huge_and_tiny_coordinates() {
    let points: Vec<Vec3> = hashed(200, 8).collect();
    let count = open(&points).len();
    for size in [1e-300, 1e-30, 1e-12, 1e15, 1e90, 1e300] {
        let scaled: Vec<Vec3> = points.iter().map(|p| *p * size).collect();
        let found = Delaunay::open(&scaled).unwrap();
        assert_eq!(found.len(), count);
        if (1e-50..1e50).contains(&size) {
            open_with_empty_spheres(&scaled);
        }
    }
    // All sizes from 1e-30 to 1e15 in one set.
    let mixed: Vec<Vec3> = hashed(300, 9)
        .zip(hashed(300, 10))
        .map(|(p, e)| (p - Vec3::splat(0.5)) * e.map(|e| 10_f64.powf(45.0 * e - 30.0)))
        .collect();
    open_with_empty_spheres(&mixed);
    // Far from the origin, where few digits are left.
    let far: Vec<Vec3> = points
        .iter()
        .map(|p| Vec3::splat(1e15) + (1e3 * *p).round())
        .collect();
    open_with_empty_spheres(&far);
}

#[test]
fn what_cannot_be_triangulated_is_refused() {
    let flat = |points: &[Vec3]| {
        let expected = DelaunayError::Flat {
            points: points.len(),
        };
        assert_eq!(Delaunay::open(points), Err(expected));
    };
    flat(&[]);
    flat(&[Vec3::ONE]);
    flat(&crystal(CUBIC, Vec3::ONE, [9, 1, 1]));
    flat(&crystal(CUBIC, Vec3::new(0.1, 0.7, 1.0), [9, 7, 1]));
    // A tilted plane of whole points.
    let tilted: Vec<Vec3> = crystal(CUBIC, Vec3::ONE, [9, 7, 1])
        .into_iter()
        .map(|p| p.with_z(3.0 * p.x - 2.0 * p.y))
        .collect();
    flat(&tilted);

    let mut twice: Vec<Vec3> = hashed(50, 11).collect();
    twice[31] = twice[17];
    let expected = DelaunayError::Coincident {
        first: 17,
        second: 31,
    };
    assert_eq!(Delaunay::open(&twice), Err(expected.clone()));
    let unit = diagonal(Vec3::ONE);
    assert_eq!(Delaunay::periodic(&twice, unit), Err(expected));
    assert_eq!(
        Delaunay::open(&[Vec3::ZERO; 9]),
        Err(DelaunayError::Flat { points: 9 })
    );

    twice[3][1] = f64::NAN;
    let expected = Err(DelaunayError::NotFinite { point: 3 });
    assert_eq!(Delaunay::open(&twice), expected);
    assert_eq!(Delaunay::periodic(&twice, unit), expected);
    let points = [Vec3::splat(0.1), Vec3::new(0.4, 0.2, 0.3)];
    for lattice in [
        [Vec3::X, Vec3::Y, Vec3::X + Vec3::Y],
        [Vec3::X, Vec3::Y, 1e-12 * Vec3::Z],
        [Vec3::X, Vec3::new(0.0, f64::NAN, 0.0), Vec3::Z],
    ] {
        let message = Delaunay::periodic(&points, lattice)
            .unwrap_err()
            .to_string();
        assert!(message.contains("flat, or too thin"), "{message}");
    }
}

/// A triangulation of a periodic cell, checked: sound, closed, filling the cell once. The
/// coordinates have few digits, so that the images are exact.
fn periodic(points: &[Vec3], lattice: [Vec3; 3]) -> Delaunay {
    let found = Delaunay::periodic(points, lattice).unwrap();
    let place = |v: Vertex| {
        let along = |axis: usize| f64::from(v.image.0[axis]) * lattice[axis];
        points[v.atom.index()] + along(0) + along(1) + along(2)
    };
    let all = tetrahedra(&found);
    assert!(
        all.clone()
            .all(|t| found.neighbours(t).iter().all(Option::is_some))
    );
    sound(&found, place);
    let filled: f64 = all.map(|t| six_volumes(found.corners(t).map(place))).sum();
    let [a, b, c] = lattice;
    let volume = six_volumes([Vec3::ZERO, a, b, c]);
    assert_relative_eq!(filled / 6.0, volume, max_relative = 1e-12);
    found
}

fn diagonal(edges: Vec3) -> [Vec3; 3] {
    [Vec3::X, Vec3::Y, Vec3::Z].map(|axis| axis * edges)
}

/// Random points in a cell, with coordinates of few binary digits: exact when displaced.
fn coarse(count: usize, edge: f64, seed: u64) -> Vec<Vec3> {
    let points: BTreeSet<[u32; 3]> = hashed(count, seed)
        .map(|p| p.to_array().map(|x| (x * 1024.0 * edge) as u32))
        .collect();
    let points = points.into_iter();
    points
        .map(|p| Vec3::from(p.map(f64::from)) / 1024.0)
        .collect()
}

#[test]
fn periodic_cells_of_every_shape() {
    // Cubes, which have eight corners on one sphere; a single point; a point with room.
    for cells in [[1, 1, 1], [2, 1, 1], [3, 2, 4]] {
        let edges = block_edges(Vec3::ONE, cells);
        for basis in [CUBIC, BCC, FCC] {
            periodic(&crystal(basis, Vec3::ONE, cells), diagonal(edges));
        }
    }
    for (count, lattice) in [
        (1, [[4.0, 0.0, 0.0], [1.0, 4.0, 0.0], [0.5, 1.5, 4.0]]),
        (60, [[4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 4.0]]),
        (60, [[4.0, 0.0, 0.0], [2.0, 4.0, 0.0], [1.0, 2.0, 4.0]]),
        (60, [[4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [7.0, -5.0, 4.0]]),
        (60, [[0.0, 4.0, 0.0], [4.0, 0.0, 0.0], [0.0, 0.0, 4.0]]),
        (20, [[4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 32.0]]),
    ] {
        let found = periodic(&coarse(count, 4.0, 12), lattice.map(Vec3::from));
        assert!(found.len() >= 5 * count);
    }
}

#[test]
fn the_cell_of_a_lattice_may_be_chosen() {
    let points = coarse(80, 4.0, 13);
    let count = |lattice| periodic(&points, lattice).len();
    let [a, b, c] = diagonal(Vec3::splat(4.0));
    let straight = count([a, b, c]);
    assert_eq!(straight, count([a, b + a, c]));
    assert_eq!(straight, count([a, b + a, c + (a + b)]));
    assert_eq!(straight, count([b, a, c]));
}

#[test]
fn a_perfect_crystal_follows_its_own_translations() {
    for basis in [CUBIC, BCC, FCC] {
        let cells = [3, 4, 3];
        let edges = block_edges(Vec3::ONE, cells);
        let sites = crystal(basis, Vec3::ONE, cells);
        let bits = |p: &Vec3| p.to_array().map(f64::to_bits);
        let index: BTreeMap<[u64; 3], AtomId> = sites
            .iter()
            .map(bits)
            .zip(AtomId::first(sites.len()))
            .collect();
        let found = Delaunay::periodic(&sites, diagonal(edges)).unwrap();
        let all = |by: Vec3| -> BTreeSet<Vec<Vertex>> {
            let moved = |v: Vertex| {
                let place = sites[v.atom.index()] + by;
                let home = place.rem_euclid(edges);
                let steps = ((place - home) / edges).to_array();
                Vertex {
                    atom: index[&bits(&home)],
                    image: v.image + Image(steps.map(|steps| steps as i16)),
                }
            };
            let canonical = |t| {
                let mut corners = found.corners(t).map(moved);
                corners.sort_unstable();
                let away = Image::HOME - corners[0].image;
                corners.map(|v| v.shifted(away)).to_vec()
            };
            tetrahedra(&found).map(canonical).collect()
        };
        let here = all(Vec3::ZERO);
        assert_eq!(here.len(), found.len());
        // Every site is like every other: all translations of the lattice.
        for by in basis.iter().chain(&[Vec3::X, Vec3::new(0.0, 2.0, 1.0)]) {
            assert_eq!(here, all(*by));
        }
    }
}

/// Large sets are divided into parts that are triangulated side by side: into how many must not
/// matter, wherever the points lie.
#[test]
fn the_number_of_threads_does_not_matter() {
    let count = 12_500;
    let random = || hashed(count, 14);
    let sphere = random().map(on_a_sphere);
    let two_clouds = random().enumerate().map(|(k, p)| match k % 2 {
        0 => p,
        _ => Vec3::splat(50.0) + 1e-3 * p,
    });
    // All but one in a plane, so that no part of the plane alone has a volume.
    let plane = random().map(|p| p.with_z(0.25)).chain([Vec3::splat(0.5)]);
    let sets: [(&str, Vec<Vec3>); 7] = [
        ("random", random().collect()),
        ("crystal", crystal(FCC, Vec3::ONE, [14, 16, 14])),
        ("sphere", sphere.collect()),
        ("clusters", random().map(|p| p.map(|x| x.powi(4))).collect()),
        ("two clouds", two_clouds.collect()),
        ("film", random().map(|p| p.with_z(0.05 * p.z)).collect()),
        ("plane", plane.collect()),
    ];
    for (name, points) in sets {
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let open = || Delaunay::open(&points).unwrap();
            pool.build().unwrap().install(open)
        };
        let one = with(1);
        sound(&one, |v| points[v.atom.index()]);
        for threads in [2, 3] {
            assert!(one == with(threads), "{name}: {threads} threads");
        }
    }
    let cells = [
        (Vec3::ONE, random().collect()),
        (
            Vec3::new(14.0, 16.0, 14.0),
            crystal(FCC, Vec3::ONE, [14, 16, 14]),
        ),
    ];
    for (edges, points) in cells {
        let points: Vec<Vec3> = points;
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let periodic = || Delaunay::periodic(&points, diagonal(edges)).unwrap();
            pool.build().unwrap().install(periodic)
        };
        let one = with(1);
        for threads in [2, 3] {
            assert!(one == with(threads), "{threads} threads");
        }
    }
}

#[test]
#[ignore = "takes half a minute"]
fn a_million_points() {
    let points: Vec<Vec3> = hashed(1_000_000, 15).collect();
    let found = Delaunay::open(&points).unwrap();
    sound(&found, |v| points[v.atom.index()]);
    let hull = tetrahedra(&found).flat_map(|t| found.neighbours(t));
    let hull = hull.filter(Option::is_none).count();
    // Euler: V − E + F − T = 1 with 2 F = 4 T + hull, and E from the hull's own formula.
    assert!(hull > 300 && hull % 2 == 0);
    let volume: f64 = tetrahedra(&found)
        .map(|t| six_volumes(found.corners(t).map(|v| points[v.atom.index()])))
        .sum();
    assert!(volume / 6.0 > 0.999 && volume / 6.0 < 1.0, "{volume}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn few_points_of_few_values(
        points in prop::collection::btree_set(prop::array::uniform3(-2..=2_i8), 5..40),
        seed in 0..1000_u64,
    ) {
        let points: Vec<Vec3> = points.into_iter().map(|p| Vec3::from(p.map(f64::from))).collect();
        match Delaunay::open(&points) {
            Ok(found) => {
                let again = open_with_empty_spheres(&points);
                prop_assert_eq!(&again, &found);
                let other = shuffled(&points, seed);
                let again = Delaunay::open(&other).unwrap();
                prop_assert_eq!(places(&points, &found), places(&other, &again));
            }
            Err(error) => {
                prop_assert_eq!(error, DelaunayError::Flat { points: points.len() });
                let [a, b] = [points[0], points[1]];
                for c in &points {
                    prop_assert!(points.iter().all(|&d| side([a, b, *c], d) == 0.0));
                }
            }
        }
    }

    #[test]
    fn the_tetrahedra_are_all_empty_spheres(
        points in prop::collection::vec(vectors(-1.0..1.0), 5..14),
    ) {
        let found = open(&points);
        let n = points.len();
        let mut expected = BTreeSet::new();
        for a in 0..n {
            for b in a + 1..n {
                for c in b + 1..n {
                    for d in c + 1..n {
                        let corners = [a, b, c, d].map(|k| points[k]);
                        if points.iter().all(|&p| inside(corners, p) <= 0.0) {
                            expected.insert([a, b, c, d].map(AtomId::at));
                        }
                    }
                }
            }
        }
        let found: BTreeSet<[AtomId; 4]> =
            tetrahedra(&found).map(|t| found.corners(t).map(|v| v.atom)).collect();
        prop_assert_eq!(found, expected);
    }
}
