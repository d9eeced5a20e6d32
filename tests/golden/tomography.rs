//! RESIRE on the published projections, against the published volumes and the numbers that another
//! program of the same definitions reached, which is not part of this repository.

use amorphous_packing::aet::{Agreement, Area, RFactors, Volume, reconstruct};
use amorphous_packing::data::tomography::{
    TiltSeries, read_published_volume, read_series, volume_file,
};
use amorphous_packing::formats::mat::MatFile;
use amorphous_packing::progress::Silent;
use libtest_mimic::Trial;
use ndarray::{Axis, Slice};

use crate::data::file;
use acceptance::trials::{store, trial};

/// The rows of area 1 that are reconstructed alone, 23 to 39, from 0.
const ROWS: [usize; 2] = [22, 39];
/// Rows at either side of the slab that are not compared: beyond them the film goes on.
const TRIM: usize = 4;
/// The areas' centres and half sizes.
const ALIGNMENT: &str = "1_Measured_data/Ta_film/Sub_area_projections_for_sAET/alignPara.mat";

pub(crate) fn trials() -> Vec<Trial> {
    let area = Area::new(1).unwrap();
    let example = TiltSeries::Example.files();
    let [images, angles] = TiltSeries::TaArea(area).files();
    let slab = [images, angles, volume_file(area)];
    let trial_of = |name: &str, files: &[String], run: fn()| {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        trial(&format!("RESIRE: {name}"), &files, run)
    };
    let long = "slab of the Ta film at 500 iterations (minutes; cargo test --test golden -- --ignored RESIRE)";
    vec![
        trial_of(
            "example of the authors at 100 iterations",
            &example,
            example_at_100,
        ),
        trial_of("slab of the Ta film at 50 iterations", &slab, slab_at_50),
        trial_of(long, &slab, slab_at_500).with_ignored_flag(true),
        trial_of(
            "areas of the Ta film, those of the authors",
            &[ALIGNMENT.to_owned()],
            areas,
        ),
    ]
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{found}, not {expected}"
    );
}

fn example_at_100() {
    let series = read_series(store(), TiltSeries::Example, &Silent).unwrap();
    let options = TiltSeries::Example.options();
    let reached = reconstruct(series.images.view(), &series.angles, &options, &Silent);
    let (volume, r_factors) = reached.unwrap();
    assert_eq!(volume.dim(), (61, 61, 61));
    let last = r_factors[r_factors.len() - 1];
    near(last.r1, 0.0133, 0.0002);
    near(last.r2, 0.0182, 0.0003);
}

/// The slab and its R-factors, and how it agrees with the same rows of the published volume.
fn slab(iterations: usize) -> (Volume, Vec<RFactors>, Agreement) {
    let area = Area::new(1).unwrap();
    let series = read_series(store(), TiltSeries::TaArea(area), &Silent).unwrap();
    let rows = Slice::from(ROWS[0]..ROWS[1]);
    let mut options = TiltSeries::TaArea(area).options();
    options.iterations = iterations;
    let images = series.images.slice_axis(Axis(2), rows);
    let (volume, r_factors) = reconstruct(images, &series.angles, &options, &Silent).unwrap();
    let (published, _) = read_published_volume(store(), area, &Silent).unwrap();
    let ours = volume.slice_axis(Axis(1), Slice::from(TRIM..volume.dim().1 - TRIM));
    let theirs = published.slice_axis(Axis(1), Slice::from(ROWS[0] + TRIM..ROWS[1] - TRIM));
    let agreement = Agreement::of(ours, theirs).unwrap();
    (volume, r_factors, agreement)
}

fn slab_at_50() {
    let (volume, r, agreement) = slab(50);
    assert_eq!(volume.dim(), (131, 17, 131));
    for (iteration, expected) in [(1, 1.0), (2, 0.333), (10, 0.206), (50, 0.1342)] {
        near(r[iteration - 1].r1, expected, 0.0005);
    }
    assert!(agreement.correlation >= 0.89, "{agreement:?}");
}

fn slab_at_500() {
    let (_, r, agreement) = slab(500);
    for (iteration, expected) in [(100, 0.122), (200, 0.1166), (500, 0.1134)] {
        near(r[iteration - 1].r1, expected, 0.0005);
    }
    assert!(agreement.correlation >= 0.9995, "{agreement:?}");
    near(agreement.sum_ratio, 1.0, 0.005);
}

fn areas() {
    let table = MatFile::open(&file(ALIGNMENT)).unwrap();
    let read = |name| table.matrix(name, Some(Area::COUNT), Some(3)).unwrap();
    let (centres, halves) = (read("CropCen"), read("CropHalf"));
    for area in Area::all() {
        let row = area.number - 1;
        for axis in 0..3 {
            assert_eq!(area.centre[axis] as f64, centres[[row, axis]]);
            assert_eq!(area.half[axis] as f64, halves[[row, axis]]);
        }
    }
}
