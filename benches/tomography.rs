//! What an iteration of RESIRE costs, and its two halves, at the size of area 1 of the Ta film: an
//! object of 543 × 63 × 131 voxels, 46 images of 131 × 61 pixels. The images are synthetic.
//!
//! `cargo bench -p benches --bench tomography`; one thread with `RAYON_NUM_THREADS=1`. The halves include the
//! planning of the transforms and the copies of their pure functions; the iteration does not.

use std::hint::black_box;

use amorphous_packing::aet::{
    Options, Reconstruction, TiltAngles, back_project, object_size, project,
};
use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::Array3;

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

criterion_group!(benches, tomography);
criterion_main!(benches);
