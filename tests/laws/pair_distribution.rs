//! The pair distribution of samples of known shape, and its normalisation two ways.

use amorphous_packing::atoms::{Atoms, Vec3};
use amorphous_packing::geometry::{AlphaShape, Triangulation};
use amorphous_packing::order::{
    ExtremumKind, PairDistribution, open_pair_distribution, periodic_pair_distribution,
    shares_inside,
};
use approx::assert_relative_eq;

use acceptance::random::Random;

use crate::support::{BCC, FCC, boxed, crystal, open};

/// A point in a box of these edges about the origin.
fn point(random: &mut Random, edges: Vec3) -> Vec3 {
    edges * (random.vector() - 0.5)
}

/// Independent random points in a region of a box.
fn poisson(count: usize, edges: Vec3, holds: impl Fn(Vec3) -> bool, seed: u64) -> Vec<Vec3> {
    let mut random = Random(seed);
    let mut points = Vec::new();
    while points.len() < count {
        let point = point(&mut random, edges);
        if holds(point) {
            points.push(point);
        }
    }
    points
}

/// Points and their alpha shape.
fn shaped(points: Vec<Vec3>, alpha: f64) -> (Atoms, AlphaShape) {
    let atoms = open(points);
    let shape = AlphaShape::new(&Triangulation::new(&atoms).unwrap(), alpha);
    (atoms, shape)
}

/// The mean of g between two distances, in bands of 1 Å: single shells scatter more than 1 %.
fn bands(g: &PairDistribution) -> Vec<f64> {
    let kept: Vec<f64> = (g.r_angstrom.iter().zip(&g.g))
        .filter(|(r, _)| **r > 3.0)
        .map(|(_, g)| *g)
        .collect();
    let last = kept[kept.len() - 20..].iter().sum::<f64>() / 20.0;
    let mean = |band: &[f64]| band.iter().sum::<f64>() / band.len() as f64 / last;
    kept.chunks_exact(10).map(mean).collect()
}

/// A quarter of a radian about z, half a radian about x.
fn turned(p: Vec3) -> Vec3 {
    let [x, y, z] = p.to_array();
    let ((s, c), (t, d)) = (0.25_f64.sin_cos(), 0.5_f64.sin_cos());
    let (x, y) = (c * x - s * y, s * x + c * y);
    Vec3::new(x, d * y - t * z, t * y + d * z)
}

/// Independent points in the alpha shape of a fine lattice, cut to a region.
fn poisson_in(count: usize, edges: Vec3, holds: impl Fn(&Vec3) -> bool) -> PairDistribution {
    let spacing = 2.37;
    let cells = (edges / spacing).to_array().map(|cells| cells as usize + 1);
    let sites = crystal(BCC, Vec3::splat(spacing), cells).into_iter();
    let centred = sites.map(|p| p - 0.5 * edges);
    // Turned, so that no flat side is parallel to the planes of the grid, which would meet all of it
    // at once.
    let turned = centred.filter(&holds).map(turned).collect();
    let (_, shape) = shaped(turned, 1.5);
    let points = poisson(count, Vec3::splat(126.0), |point| shape.contains(point), 1);
    open_pair_distribution(&open(points), &shape).unwrap()
}

#[test]
fn independent_points_in_a_ball_have_a_flat_g() {
    let inside = |p: &Vec3| p.length_squared() < 25.0 * 25.0;
    for band in bands(&poisson_in(30_000, Vec3::splat(50.0), inside)) {
        assert_relative_eq!(band, 1.0, epsilon = 0.01);
    }
}

#[test]
fn independent_points_in_a_slab_have_a_flat_g() {
    for band in bands(&poisson_in(30_000, Vec3::new(90.0, 80.0, 12.0), |_| true)) {
        assert_relative_eq!(band, 1.0, epsilon = 0.01);
    }
}

/// Pairs and the share of the spheres inside the shape, both counted one by one.
fn by_hand(atoms: &Atoms, shape: &AlphaShape, r: f64) -> f64 {
    let directions = poisson(
        1_500,
        Vec3::splat(2.0),
        |p| p.length_squared() < 1.0 && p.length_squared() > 1e-4,
        3,
    );
    let mut inside = 0;
    for atom in atoms.positions() {
        for d in &directions {
            inside += usize::from(shape.contains(*atom + r * *d / d.length()));
        }
    }
    inside as f64 / directions.len() as f64
}

#[test]
fn the_transforms_agree_with_direct_sampling() {
    let points = crystal(FCC, Vec3::splat(4.2), [5, 5, 5]);
    let mut random = Random(4);
    let jittered: Vec<Vec3> = points
        .iter()
        .map(|p| *p + point(&mut random, Vec3::splat(0.8)))
        .collect();
    assert_eq!(jittered.len(), 500);
    let (atoms, shape) = shaped(jittered, 4.18);
    let weights = shares_inside(&atoms, &shape);
    for r in [2.0, 5.0, 9.0, 13.0] {
        let shell = (r / 0.1_f64).round() as usize;
        let r = (shell as f64 + 0.5) * 0.1;
        let direct = by_hand(&atoms, &shape, r);
        let share = |count: f64| count / atoms.len() as f64;
        assert!(
            (share(weights[shell]) - share(direct)).abs() < 0.003,
            "{r}: {} {direct}",
            weights[shell]
        );
    }
}

#[test]
fn a_periodic_crystal_has_its_shells_and_the_coordination_number_of_each() {
    let a = 4.0;
    let atoms = boxed(crystal(FCC, Vec3::splat(a), [4; 3]), Vec3::splat(4.0 * a));
    let g = periodic_pair_distribution(&atoms).unwrap();
    assert_relative_eq!(g.first_peak_angstrom(), a / 2.0_f64.sqrt(), epsilon = 0.06);
    // ∫ 4πr²ρ g dr over the first shell: twelve neighbours; smoothing moves none of them out.
    let density = 4.0 / a.powi(3);
    let neighbours = |from: f64, to: f64| -> f64 {
        let shells = g.r_angstrom.iter().zip(&g.g);
        let within = shells.filter(|(r, _)| (from..to).contains(*r));
        let volume = |r: f64| 4.0 * std::f64::consts::PI * r * r * 0.1;
        within.map(|(r, g)| density * g * volume(*r)).sum()
    };
    assert_relative_eq!(neighbours(2.2, 3.4), 12.0, max_relative = 0.02);
    assert_relative_eq!(neighbours(3.4, 4.4), 6.0, max_relative = 0.02);
}

#[test]
fn independent_points_in_a_box_have_g_one() {
    let edges = Vec3::splat(30.0);
    let atoms = boxed(poisson(4_000, edges, |_| true, 5), edges);
    let g = periodic_pair_distribution(&atoms).unwrap();
    for band in g.g[50..].chunks_exact(10) {
        let mean = band.iter().sum::<f64>() / band.len() as f64;
        assert_relative_eq!(mean, 1.0, epsilon = 0.01);
    }
}

/// A curve of 200 shells.
fn curve(g: impl Fn(f64) -> f64) -> PairDistribution {
    let r_angstrom: Vec<f64> = (2..200).map(|k| (f64::from(k) - 0.5) * 0.1).collect();
    PairDistribution {
        g: r_angstrom.iter().map(|&r| g(r)).collect(),
        r_angstrom,
    }
}

#[test]
fn a_split_second_peak_is_seen_and_a_single_one_is_not() {
    let bell = |r: f64, at: f64, width: f64| (-((r - at) / width).powi(2)).exp();
    let single = curve(|r| 2.0 * bell(r, 2.75, 0.3) + bell(r, 5.0, 0.6));
    let split = curve(|r| 2.0 * bell(r, 2.75, 0.3) + bell(r, 4.7, 0.35) + bell(r, 5.4, 0.35));
    assert!(!single.second_peak_is_split(0.0));
    assert!(split.second_peak_is_split(0.0));
    assert!(!split.second_peak_is_split(0.9));
}

#[test]
fn peaks_and_valleys_lie_where_the_curve_turns() {
    let wave = curve(|r| 1.0 + (2.0 * std::f64::consts::PI * r / 4.0).sin() * (-r / 10.0).exp());
    let found = wave.extrema(0.01);
    assert_eq!(found[0].kind, ExtremumKind::Peak);
    // sin(kr) exp(−r/10) turns where tan(kr) = 10 k.
    let k = std::f64::consts::PI / 2.0;
    let first = (10.0 * k).atan() / k;
    for (order, extremum) in (0..).zip(&found) {
        assert_relative_eq!(
            extremum.r_angstrom,
            first + 2.0 * f64::from(order),
            epsilon = 1e-3
        );
    }
    assert_eq!(found.len(), 10);
}

#[test]
fn a_sample_too_small_or_of_the_wrong_boundary_is_one_sentence() {
    let points = crystal(FCC, Vec3::splat(4.0), [2; 3]);
    let (atoms, shape) = shaped(points.clone(), 4.18);
    let error = open_pair_distribution(&atoms, &shape).unwrap_err();
    assert!(
        error.to_string().contains("five shell distances away"),
        "{error}"
    );
    let periodic = boxed(points, Vec3::splat(8.0));
    assert!(open_pair_distribution(&periodic, &shape).is_err());
    assert!(periodic_pair_distribution(&atoms).is_err());
}
