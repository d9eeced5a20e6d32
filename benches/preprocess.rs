//! What the preprocessing of images costs.
//!
//! Denoising of an image of the size of area 1 of the Ta film, 131 × 61 pixels, and of a whole frame as it
//! is registered, 401 × 401; the estimate of the noise from 46 images of 131 × 61: on one thread and on
//! two. The images are synthetic: waves and noise.
//!
//! `cargo bench -p benches --bench preprocess`

use std::hint::black_box;

use amorphous_packing::aet::preprocess::{
    AlignmentOptions, Bm3d, DriftOptions, align, background_under, correct_drift, denoise,
    denoise_counted, estimate_noise,
};
use amorphous_packing::aet::{DetectorNoise, TiltAngles};
use amorphous_packing::progress::Silent;
use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::{Array2, Array3, Axis};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Of the brightest pixel about a tenth.
const NOISE: DetectorNoise = DetectorNoise {
    gain: 0.01,
    read: 0.02,
};

/// Waves about 8 pixels long from 0 to 1, as a detector records them.
fn images(dim: (usize, usize, usize)) -> Array3<f32> {
    let wave = |place: usize, length: f64| (std::f64::consts::TAU * place as f64 / length).cos();
    let clean = Array3::from_shape_fn(dim, |(k, x, y)| {
        (0.5 + 0.25 * wave(x + k, 7.6) + 0.25 * wave(x + 2 * y, 16.9)) as f32
    });
    NOISE.recorded(clean.view(), 1)
}

/// Pools of one thread and of two.
fn pools() -> impl Iterator<Item = (String, ThreadPool)> {
    [1, 2].into_iter().filter_map(|threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        Some((format!("threads_{threads}"), pool.ok()?))
    })
}

fn denoising(c: &mut Criterion) {
    let options = Bm3d::default();
    for (x, y) in [(131, 61), (401, 401)] {
        let images = images((1, x, y));
        let image = images.index_axis(Axis(0), 0);
        let mut group = c.benchmark_group(format!("bm3d/{x}x{y}"));
        group.sample_size(10);
        for (name, pool) in pools() {
            group.bench_function(format!("normal/{name}"), |b| {
                b.iter(|| pool.install(|| denoise(black_box(image), 0.1, &options)));
            });
            group.bench_function(format!("counted/{name}"), |b| {
                b.iter(|| pool.install(|| denoise_counted(black_box(image), &NOISE, &options)));
            });
        }
        group.finish();
    }
}

fn noise(c: &mut Criterion) {
    let images = images((46, 131, 61));
    c.bench_function("estimate_noise/46x131x61", |b| {
        b.iter(|| estimate_noise(black_box(images.view())));
    });
}

fn drift(c: &mut Criterion) {
    let images = images((1, 401, 401));
    let image = images.index_axis(Axis(0), 0);
    let frames = Array3::from_shape_fn((3, 401, 401), |(k, x, y)| image[[(x + k) % 401, y]]);
    let mut group = c.benchmark_group("drift/3x401x401");
    group.sample_size(10);
    for (name, pool) in pools() {
        group.bench_function(name, |b| {
            b.iter(|| pool.install(|| correct_drift(frames.view(), &DriftOptions::default())));
        });
    }
    group.finish();
}

fn background(c: &mut Criterion) {
    let images = images((1, 401, 401));
    let image = images.index_axis(Axis(0), 0);
    let mask = Array2::from_shape_fn((401, 401), |(x, y)| {
        (x as f64 - 200.0).hypot(y as f64 - 200.0) < 160.0
    });
    let mut group = c.benchmark_group("background/401x401");
    group.sample_size(10);
    group.bench_function("disc", |b| {
        b.iter(|| background_under(black_box(image), mask.view()));
    });
    group.finish();
}

fn alignment(c: &mut Criterion) {
    let mut images = images((46, 177, 177));
    for ((k, x, y), value) in images.indexed_iter_mut() {
        let from = (x as f64 - 88.0 - (k % 3) as f64).hypot(y as f64 - 88.0 + (k % 5) as f64);
        *value *= (1.0 - (from / 60.0).powi(2)).max(0.0) as f32;
    }
    let angles: Vec<TiltAngles> = (0..46)
        .map(|k| TiltAngles::tilt(3.0 * f64::from(k) - 67.5))
        .collect();
    let options = AlignmentOptions::default();
    let mut group = c.benchmark_group("align/46x177x177");
    group.sample_size(10);
    for (name, pool) in pools() {
        group.bench_function(name, |b| {
            b.iter(|| pool.install(|| align(images.view(), &angles, &options, &Silent)));
        });
    }
    group.finish();
}

criterion_group!(benches, denoising, noise, drift, background, alignment);
criterion_main!(benches);
