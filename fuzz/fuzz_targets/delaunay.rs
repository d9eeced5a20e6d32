//! Points of every degenerate kind into the triangulation; what comes out is checked exactly.
//!
//! `cargo +nightly fuzz run delaunay`, or on a stable toolchain
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run delaunay`.
#![no_main]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use amorphous_packing::atoms::{AtomId, Vec3};
use amorphous_packing::geometry::{Delaunay, DelaunayError, Image, TetrahedronId, Vertex};
use amorphous_packing::numerics::Numbered;
use libfuzzer_sys::fuzz_target;
use rayon::{ThreadPool, ThreadPoolBuilder};
use robust::Coord3D;

const MOST_POINTS: usize = 64;

/// The triangulation by one thread, in one part, beside that by several, in as many parts.
static ONE_THREAD: LazyLock<ThreadPool> = LazyLock::new(|| threads(1));
static THREADS: LazyLock<ThreadPool> = LazyLock::new(|| threads(4));

fn threads(count: usize) -> ThreadPool {
    let pool = ThreadPoolBuilder::new().num_threads(count).build();
    pool.expect("threads can be started")
}

/// What `find` finds, the same in one part as in several.
fn in_parts_too(
    find: impl Fn() -> Result<Delaunay, DelaunayError> + Sync,
) -> Result<Delaunay, DelaunayError> {
    let whole = ONE_THREAD.install(&find);
    assert_eq!(whole, THREADS.install(&find));
    whole
}

fuzz_target!(|data: &[u8]| {
    let Some((&kind, data)) = data.split_first() else {
        return;
    };
    if kind < 128 {
        open(&points(kind % 4, data));
    } else {
        periodic(kind, data);
    }
});

/// Coordinates of few values, of few values at several scales, or of any digits.
fn points(kind: u8, data: &[u8]) -> Vec<Vec3> {
    let coordinate = |bytes: &[u8]| match kind {
        0 => f64::from(bytes[0].cast_signed() % 4),
        1 => f64::from(bytes[0].cast_signed()),
        2 => f64::from(bytes[0].cast_signed() / 16) * 2_f64.powi(10 * i32::from(bytes[0] % 8)),
        _ => {
            let word = bytes
                .iter()
                .fold(0_u64, |word, &b| word << 8 | u64::from(b));
            // Exponents from −64 to 63, any digits.
            let exponent = 1023 - 64 + (word >> 56 & 127);
            f64::from_bits(word >> 63 << 63 | exponent << 52 | (word << 8) >> 12)
        }
    };
    let size = if kind == 3 { 8 } else { 1 };
    let places = data.chunks_exact(3 * size).take(MOST_POINTS);
    places
        .map(|place| Vec3::from([0, 1, 2].map(|k| coordinate(&place[k * size..(k + 1) * size]))))
        .collect()
}

fn open(points: &[Vec3]) {
    match in_parts_too(|| Delaunay::open(points)) {
        Ok(found) => {
            sound(&found, |v| points[v.atom.index()]);
            let corners = TetrahedronId::first(found.len()).flat_map(|t| found.corners(t));
            let met: BTreeSet<AtomId> = corners.map(|corner| corner.atom).collect();
            assert_eq!(met.len(), points.len(), "a point is missing");
            for t in TetrahedronId::first(found.len()) {
                let corners = found.corners(t).map(|v| points[v.atom.index()]);
                assert!(points.iter().all(|&p| inside(corners, p) <= 0.0));
            }
            let mut reversed = points.to_vec();
            reversed.reverse();
            assert_eq!(
                Delaunay::open(&reversed).map(|again| again.len()),
                Ok(found.len())
            );
        }
        Err(DelaunayError::Coincident { first, second }) => {
            assert!(first < second && points[first as usize] == points[second as usize]);
        }
        Err(DelaunayError::Flat { .. }) => {
            for window in points.windows(4) {
                let [a, b, c, d] = [0, 1, 2, 3].map(|k| window[k]);
                assert!(side([a, b, c], d) == 0.0);
            }
        }
        Err(other) => panic!("{other}"),
    }
}

fn periodic(kind: u8, data: &[u8]) {
    let Some((shape, data)) = data.split_at_checked(3) else {
        return;
    };
    // A cell of edge 8, sheared by whole eighths; the points have whole coordinates or half ones.
    let [p, q, r] = [0, 1, 2].map(|k| f64::from(shape[k].cast_signed() % 8));
    let lattice = [[8.0, 0.0, 0.0], [p, 8.0, 0.0], [q, r, 8.0]].map(Vec3::from);
    let fine = f64::from(1 << (kind % 5));
    let points: Vec<Vec3> = data
        .chunks_exact(3)
        .take(MOST_POINTS / 4)
        .map(|place| Vec3::from([0, 1, 2].map(|k| (f64::from(place[k]) / fine).rem_euclid(8.0))))
        .collect();
    match in_parts_too(|| Delaunay::periodic(&points, lattice)) {
        Ok(found) => {
            for t in TetrahedronId::first(found.len()) {
                assert!(found.neighbours(t).iter().all(Option::is_some), "a surface");
            }
            sound(&found, |v| {
                let along = |axis: usize| f64::from(v.image.0[axis]) * lattice[axis];
                points[v.atom.index()] + along(0) + along(1) + along(2)
            });
        }
        Err(DelaunayError::Coincident { .. }) => assert!(points.len() > 1),
        Err(DelaunayError::Flat { .. }) => assert!(points.is_empty()),
        Err(other) => panic!("{other}"),
    }
}

fn side([a, b, c]: [Vec3; 3], d: Vec3) -> f64 {
    robust::orient3d(coord(a), coord(b), coord(c), coord(d))
}

fn inside(corners: [Vec3; 4], point: Vec3) -> f64 {
    let [a, b, c, d] = corners;
    let orientation = side([a, b, c], d);
    let [a, b, c, d] = corners.map(coord);
    robust::insphere(a, b, c, d, coord(point)) * orientation.signum()
}

fn coord(Vec3 { x, y, z }: Vec3) -> Coord3D<f64> {
    Coord3D { x, y, z }
}

/// No tetrahedron is flat, neighbours share a face and lie on its two sides, and no sphere holds
/// the corner beyond a face.
fn sound(found: &Delaunay, place: impl Fn(Vertex) -> Vec3) {
    for t in TetrahedronId::first(found.len()) {
        let corners = found.corners(t);
        assert!(corners.is_sorted() && corners[0].image == Image::HOME);
        let places = corners.map(&place);
        assert!(side([places[0], places[1], places[2]], places[3]) != 0.0);
        for k in 0..4 {
            let Some(next) = found.neighbour(t, k) else {
                continue;
            };
            let seen = found
                .corners(next.tetrahedron)
                .map(|v| v.shifted(next.shift));
            let apex = usize::from(next.apex);
            assert!(
                (0..4)
                    .filter(|&i| i != k)
                    .all(|i| seen.contains(&corners[i]))
            );
            let back = found.neighbour(next.tetrahedron, apex);
            assert!(back.is_some_and(|back| {
                (back.tetrahedron, usize::from(back.apex)) == (t, k)
                    && back.shift == Image::HOME - next.shift
            }));
            let beyond = place(seen[apex]);
            assert!(inside(places, beyond) <= 0.0);
            let face = [1, 2, 3].map(|turn| places[(k + turn) % 4]);
            assert!(side(face, places[k]) * side(face, beyond) < 0.0);
        }
    }
}
