//! What the steps from images to atoms cost.
//!
//! An iteration of RESIRE, and its two halves, at the size of area 1 of the Ta film: an object of
//! 543 × 63 × 131 voxels, 46 images of 131 × 61 pixels. The images are synthetic. The halves include
//! the planning of the transforms and the copies of their pure functions; the iteration does not.
//!
//! Tracing of area 1, the published reconstruction of 131 × 61 × 131 voxels, and one iteration of the
//! refinement of area 20, 624 atoms against 46 measured images of 151 × 77 pixels: on one thread and on two,
//! where the public data are, else they are left out by name.
//!
//! `cargo bench -p benches --bench tomography`; RESIRE on one thread with `RAYON_NUM_THREADS=1`.

use std::hint::black_box;

use amorphous_packing::aet::refine::Descent;
use amorphous_packing::aet::trace::{TraceOptions, trace};
use amorphous_packing::aet::{
    Options, Reconstruction, TiltAngles, back_project, object_size, project,
};
use amorphous_packing::progress::Silent;
use benches::{FILM_PIXEL_ANGSTROM, area_atoms, area_volume};
use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::Array3;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Pixels of an image of area 1.
const IMAGE: (usize, usize) = (131, 61);
/// Images of the tilt series.
const COUNT: usize = 46;

/// Tilts from −63° to 56° with small corrections about the other two axes, as the measured ones.
fn angles() -> Vec<TiltAngles> {
    let corrections = [0.0, 0.2, -0.2, 0.0, -0.2];
    (0..COUNT)
        .map(|k| TiltAngles {
            phi_deg: corrections[k % 5],
            theta_deg: -63.0 + 119.0 * k as f64 / (COUNT - 1) as f64,
            psi_deg: corrections[(k + 2) % 5],
        })
        .collect()
}

/// Positive numbers without a pattern.
fn values(shape: (usize, usize, usize)) -> Array3<f32> {
    let mut state = 1_u32;
    Array3::from_shape_simple_fn(shape, || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as f32 / (1 << 24) as f32
    })
}

fn tomography(c: &mut Criterion) {
    let (angles, options) = (angles(), Options::film());
    let Ok([n1, n2, n3]) = object_size(IMAGE, &angles, options.shape) else {
        return;
    };
    let object = values((n1, n2, n3));
    let images = values((COUNT, IMAGE.0, IMAGE.1));
    let mut group = c.benchmark_group("resire");
    group.sample_size(10);
    group.bench_function("forward", |b| {
        b.iter(|| project(black_box(object.view()), &angles, IMAGE, options.padding));
    });
    group.bench_function("back", |b| {
        b.iter(|| back_project(black_box(images.view()), &angles, [n1, n2, n3]));
    });
    if let Ok(mut reconstruction) = Reconstruction::new(images.view(), &angles, &options) {
        group.bench_function("iteration", |b| b.iter(|| reconstruction.step()));
    }
    group.finish();
}

/// Pools of one thread and of two.
fn pools() -> impl Iterator<Item = (String, ThreadPool)> {
    [1, 2].into_iter().filter_map(|threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        Some((format!("threads_{threads}"), pool.ok()?))
    })
}

fn tracing(c: &mut Criterion) {
    let Some(volume) = area_volume(1) else {
        println!("trace: the published volume of area 1 is not there; left out");
        return;
    };
    let options = TraceOptions::film(FILM_PIXEL_ANGSTROM);
    let mut group = c.benchmark_group("trace");
    group.sample_size(10);
    for (name, pool) in pools() {
        group.bench_function(name, |b| {
            b.iter(|| pool.install(|| trace(black_box(volume.view()), &options, &Silent)));
        });
    }
    group.finish();
}

fn refinement(c: &mut Criterion) {
    let refinement = area_atoms(20).and_then(|area| area.refinement().ok());
    let Some(mut refinement) = refinement else {
        println!("refine: the images of area 20 and their atoms are not there; left out");
        return;
    };
    let one = Descent {
        iterations: 1,
        ..Descent::film()
    };
    let mut group = c.benchmark_group("refine");
    group.sample_size(20);
    for (name, pool) in pools() {
        group.bench_function(name, |b| {
            b.iter(|| pool.install(|| refinement.descend(&one, &Silent)));
        });
    }
    group.finish();
}

criterion_group!(benches, tomography, tracing, refinement);
criterion_main!(benches);
