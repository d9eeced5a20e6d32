//! What the diffraction costs: the distances of all pairs of the embedded liquid (31,250 atoms, 4.9 · 10⁸
//! pairs), the Debye formula over them at 800 Q, and the way from its pattern of 1024 × 1024 pixels to g(r).
//!
//! `cargo bench -p benches --bench diffraction`; on one thread with `RAYON_NUM_THREADS=1`.

use std::f64::consts::TAU;
use std::hint::black_box;
use std::time::Duration;

use amorphous_packing::atoms::{Element, ScatteringFactor};
use amorphous_packing::order::diffraction::{
    BeamStop, Calibration, Intensity, PairHistogram, StopOptions, StructureFactorOptions, Window,
    diffraction_pairs, draw_pattern, reduce_pattern, structure_factor,
};
use amorphous_packing::progress::Silent;
use benches::liquid;
use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};

/// Pixels a side, and `s = 1/d` of a pixel in 1/Å.
const SIDE: usize = 1024;
const S_PER_PX: f64 = 17.5 / TAU / 512.0;

fn diffraction(c: &mut Criterion) {
    let mut group = c.benchmark_group("diffraction");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(500));
    let atoms = liquid();
    group.bench_function("pairs of atoms", |b| {
        b.iter(|| PairHistogram::of(black_box(atoms.positions()), &Silent));
    });
    let pairs = PairHistogram::of(atoms.positions(), &Silent).expect("the liquid is small");
    let q: Vec<f64> = (1..=800).map(|k| 0.02 * f64::from(k)).collect();
    group.bench_function("Debye formula at 800 Q", |b| {
        b.iter(|| pairs.structure_factor(black_box(&q)));
    });
    let factor = ScatteringFactor::of(Element::Ta).expect("tantalum is in the table");
    let q: Vec<f64> = (0..1300).map(|k| 0.02 * f64::from(k)).collect();
    let s = pairs.structure_factor(&q);
    let centre = [519.3, 505.6];
    let stop = BeamStop {
        middle_px: centre,
        radius_px: 30.0,
        arm_px: 12.0,
        arm_deg: 130.0,
        transmitted: 0.03,
    };
    let pattern = draw_pattern([SIDE; 2], centre, Some(stop), |radius| {
        let q = (TAU * S_PER_PX * radius).max(0.8);
        let near = s[((q / 0.02) as usize).min(s.len() - 1)];
        factor.at(q / TAU).powi(2) * near + 40.0 * (-q / 2.5).exp() + 0.5
    });
    let calibration = Calibration {
        s_per_px: S_PER_PX,
        error_per_px: 0.0,
        rings: Vec::new(),
    };
    group.bench_function("pattern to g(r)", |b| {
        b.iter(|| {
            let reduced =
                reduce_pattern(black_box(pattern.view()), &StopOptions::default()).ok()?;
            let intensity = Intensity::of(&reduced.radial, &calibration);
            let options = StructureFactorOptions::default();
            let found = structure_factor(&intensity, &factor, &options).ok()?;
            diffraction_pairs(&found.structure_factor, Window::Lorch, 12.0).ok()
        });
    });
    group.finish();
}

criterion_group!(benches, diffraction);
criterion_main!(benches);
