//! From the simulated diffraction pattern of known atoms back to their pair distribution.

use std::f64::consts::TAU;

use amorphous_packing::aet::poisson_noise;
use amorphous_packing::atoms::{Atoms, Boundary, Element, ScatteringFactor, Vec3};
use amorphous_packing::data::carried::embedded;
use amorphous_packing::data::snapshot::Snapshot;
use amorphous_packing::geometry::AlphaShape;
use amorphous_packing::numerics::parabola_extremum;
use amorphous_packing::order::diffraction::{
    BeamStop, GOLD_LATTICE_ANGSTROM, Intensity, PairHistogram, StopOptions, StructureFactor,
    StructureFactorOptions, Window, calibrate, diffraction_pairs, draw_pattern, face_centred_rings,
    powder_intensity, reduce_pattern, structure_factor, structure_factor_of,
};
use amorphous_packing::order::{ALPHA_ANGSTROM, RANGE_ANGSTROM, shares_inside};
use amorphous_packing::progress::Silent;
use ndarray::{Array2, Axis};

const SIDE: usize = 640;
/// Of `s = 1/d`, in 1/Å: Q = 17.5 1/Å at the middle of the edges.
const S_PER_PX: f64 = 17.5 / TAU / (SIDE as f64 / 2.0);

/// A ball of the carried glass, of about 6,000 atoms.
fn ball() -> Atoms {
    let snapshot = Snapshot::from_parquet(embedded("ta_glass_300K.parquet").unwrap()).unwrap();
    let frame = snapshot.atoms();
    let middle = 0.5 * frame.boundary().edges().unwrap();
    let all = frame.positions().iter().copied();
    let inside: Vec<Vec3> = all.filter(|place| place.distance(middle) < 30.0).collect();
    Atoms::new(Element::Ta, inside, Boundary::Open).unwrap()
}

/// A pattern of a profile in pixels, behind a beam stop, of which the brightest pixel counts so many.
fn pattern(centre: [f64; 2], seed: u64, profile: impl Fn(f64) -> f64 + Sync) -> Array2<f32> {
    let stop = BeamStop {
        middle_px: [centre[0] + 2.5, centre[1] - 1.5],
        radius_px: 20.0,
        arm_px: 8.0,
        arm_deg: -40.0,
        transmitted: 0.04,
    };
    let drawn = draw_pattern([SIDE; 2], centre, Some(stop), profile).insert_axis(Axis(0));
    poisson_noise(drawn.view(), 5000.0, seed).remove_axis(Axis(0))
}

#[test]
fn the_pattern_of_a_glass_gives_the_pairs_of_its_atoms() {
    let atoms = ball();
    let pairs = PairHistogram::of(atoms.positions(), &Silent).unwrap();
    let factor = ScatteringFactor::of(Element::Ta).unwrap();
    let factor2 = |q: f64| factor.at(q / TAU).powi(2);
    let q: Vec<f64> = (0..1300).map(|k| 0.02 * f64::from(k)).collect();
    let s = pairs.structure_factor(&q);
    let sample = pattern([327.4, 311.2], 1, |radius| {
        let q = (TAU * S_PER_PX * radius).max(0.8);
        let (k, part) = ((q / 0.02) as usize, (q / 0.02).fract());
        let inelastic = 0.5 * factor2(1.2) * (-q / 2.5).exp() + factor2(16.0);
        factor2(q) * (s[k] + part * (s[k + 1] - s[k])) + inelastic
    });
    let rings = face_centred_rings(GOLD_LATTICE_ANGSTROM, 4.0);
    let gold = ScatteringFactor::of(Element::Au).unwrap();
    let reference = pattern([315.8, 323.9], 2, |radius| {
        let s = S_PER_PX * radius.max(8.0);
        let smooth = 300.0 * (-s / 0.25).exp() + 30.0 * gold.at(s).powi(2) + 1.0;
        0.004 * powder_intensity(&rings, &gold, 0.007, s) + smooth
    });

    let [sample, reference] =
        [sample, reference].map(|p| reduce_pattern(p.view(), &StopOptions::default()).unwrap());
    for (found, truth) in [(&sample, [327.4, 311.2]), (&reference, [315.8, 323.9])] {
        let off = [0, 1].map(|k| found.centre.centre_px[k] - truth[k]);
        assert!(off[0].hypot(off[1]) < 0.05, "{off:?}");
    }
    let calibration = calibrate(&reference.radial, GOLD_LATTICE_ANGSTROM).unwrap();
    assert!((calibration.s_per_px / S_PER_PX - 1.0).abs() < 1e-3);
    let intensity = Intensity::of(&sample.radial, &calibration);
    let options = StructureFactorOptions::default();
    let found = structure_factor(&intensity, &factor, &options).unwrap();
    let tail = &found.structure_factor.s[found.structure_factor.s.len() * 3 / 4..];
    assert!((tail.iter().sum::<f64>() / tail.len() as f64 - 1.0).abs() < 0.01);
    let measured = diffraction_pairs(&found.structure_factor, Window::Lorch, 12.0).unwrap();

    // The atoms' own pairs in real space, at the resolution of the same range of Q.
    let shape = AlphaShape::about(&atoms, RANGE_ANGSTROM, ALPHA_ANGSTROM).unwrap();
    let (r, g) = pairs.pairs(&shares_inside(&atoms, &shape));
    let q = found.structure_factor.q_per_angstrom;
    let s = structure_factor_of(&r, &g, 0.055, &q);
    let own = StructureFactor {
        q_per_angstrom: q,
        s,
    };
    let own = diffraction_pairs(&own, Window::Lorch, 12.0).unwrap();
    let (first, last) = (99, 500);
    let alike = correlation(&measured.g[first..last], &own.g[first..last]);
    assert!(alike >= 0.95, "{alike}");
    let height = |g: &[f64]| g.iter().copied().fold(0.0, f64::max);
    let ratio = height(&measured.g) / height(&own.g);
    assert!((0.8..1.15).contains(&ratio), "{ratio}");
    for within in [2.2..3.8, 4.2..6.5] {
        let peak = |g: &[f64]| {
            let inside =
                (1..r.len().min(g.len()) - 1).filter(|&k| within.contains(&measured.r_angstrom[k]));
            let best = inside.max_by(|&a, &b| g[a].total_cmp(&g[b])).unwrap();
            parabola_extremum(&measured.r_angstrom, g, best)
        };
        let off = peak(&measured.g) - peak(&own.g);
        assert!(off.abs() < 0.03, "{within:?}: {off}");
    }
    println!(
        "correlation {alike:.4}, height {ratio:.3}, density {:.4}",
        measured.density_per_cubic_angstrom
    );
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let [mean_a, mean_b] = [a, b].map(|line| line.iter().sum::<f64>() / n);
    let pairs = || a.iter().zip(b).map(|(x, y)| (x - mean_a, y - mean_b));
    let product: f64 = pairs().map(|(x, y)| x * y).sum();
    let squares = |of: fn((f64, f64)) -> f64| pairs().map(|p| of(p).powi(2)).sum::<f64>();
    product / (squares(|p| p.0) * squares(|p| p.1)).sqrt()
}
