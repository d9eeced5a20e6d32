//! Tracing, classification and refinement on the published volumes and images, against the published peaks
//! and models.

use std::collections::BTreeMap;

use amorphous_packing::aet::classify::{ClassifyOptions, classify};
use amorphous_packing::aet::refine::{Descent, Refinement};
use amorphous_packing::aet::trace::{Flag, Peak, TraceOptions, merge, trace};
use amorphous_packing::aet::{Area, FILM, Precision, film_centre, stitch};
use amorphous_packing::atoms::{Element, Vec3};
use amorphous_packing::data::tomography::{
    TiltSeries, read_published_volume, read_series, volume_file,
};
use amorphous_packing::data::tracing::{
    PEAKS, SUPPORT, UNREFINED, read_peaks, read_support, read_unrefined_of,
};
use amorphous_packing::data::{Sample, at_hand, read_published};
use amorphous_packing::progress::Silent;
use libtest_mimic::Trial;
use ndarray::Array3;

use acceptance::trials::{model, store, trial};

const PIXEL: f64 = 0.3216;
/// Peaks of neighbouring areas nearer than this, in voxels, are one.
const MERGE: f64 = 3.0;
/// Atoms nearer than this, in voxels, to what is not rebuilt are left out of the comparison.
const MARGIN: f64 = 4.0;
/// An area whose volume stands for all of them: the trials cope with missing ones.
const SOME: usize = 20;

pub(crate) fn trials() -> Vec<Trial> {
    let area = |number| Area::new(number).unwrap();
    let mut trials: Vec<Trial> = [1, 20, 55]
        .map(|number| {
            let files = [PEAKS, &volume_file(area(number))];
            let name =
                format!("tracing: the peaks of area {number}, all of them the published ones");
            trial(&name, &files, move || peaks_of(area(number)))
        })
        .into();
    let film = model(Sample::TaFilm);
    let volume = volume_file(area(SOME));
    trials.extend([
        trial(
            "tracing: 36,037 peaks of the areas, 35,632 in bounds, 32,230 merged",
            &[PEAKS],
            merging,
        ),
        trial(
            "classification: the film put together keeps every atom of the model that is a peak",
            &[PEAKS, SUPPORT, UNREFINED, film, &volume],
            classification,
        ),
    ]);
    trials.extend(REFINED.map(|expected| {
        let number = expected.area;
        let [images, angles] = TiltSeries::TaArea(area(number)).files();
        let files = [UNREFINED, film, &images, &angles];
        let name = format!(
            "refinement: 100 iterations of area {number} bring it nearer to the published model"
        );
        trial(&name, &files, move || refinement(&expected))
    }));
    trials
}

/// What the refinement of an area begins with, and what it must reach in 100 iterations.
struct Refined {
    area: usize,
    b_factor: f64,
    r: [f64; 2],
    rmsd_pm: [f64; 2],
}

const REFINED: [Refined; 2] = [
    Refined {
        area: 20,
        b_factor: 6.06,
        r: [0.2583, 0.2530],
        rmsd_pm: [23.1, 17.9],
    },
    Refined {
        area: 55,
        b_factor: 6.87,
        r: [0.3160, 0.2960],
        rmsd_pm: [27.6, 17.9],
    },
];

/// The kept peaks of an area in the part where it counts, voxels of the film from 1.
fn traced(area: Area, volume: &Array3<f32>) -> Vec<Vec3> {
    let peaks = trace(volume.view(), &TraceOptions::film(PIXEL), &Silent).unwrap();
    let kept = peaks.iter().filter(|peak| peak.flag == Flag::Kept);
    let places = kept.map(|peak| peak.voxel + area.offset());
    places.filter(|&place| area.is_trusted_at(place)).collect()
}

fn nearest(place: Vec3, list: &[Vec3]) -> f64 {
    list.iter()
        .map(|other| other.distance(place))
        .fold(f64::INFINITY, f64::min)
}

fn peaks_of(area: Area) {
    let (published, _) = read_peaks(store(), &Silent).unwrap();
    let (volume, _) = read_published_volume(store(), area, &Silent).unwrap();
    let ours = traced(area, &volume);
    assert!(ours.len() > 200, "{} peaks", ours.len());
    for place in ours {
        let distance = nearest(place, &published);
        assert!(
            distance < 1e-4,
            "{place} lies {distance} voxels from a published peak"
        );
    }
}

fn in_bounds(place: &Vec3) -> bool {
    (0..3).all(|axis| (1.0..=FILM[axis] as f64 - 1.0).contains(&place[axis]))
}

fn merging() {
    let (published, _) = read_peaks(store(), &Silent).unwrap();
    assert_eq!(published.len(), 36_037);
    let inside: Vec<Vec3> = published.into_iter().filter(in_bounds).collect();
    assert_eq!(inside.len(), 35_632);
    assert_eq!(merge(&inside, MERGE).len(), 32_230);
}

/// The film as it can be rebuilt from the areas at hand; of what is published of it only that is compared.
struct Film {
    areas: Vec<Area>,
    volume: Array3<f32>,
    peaks: Vec<Vec3>,
}

impl Film {
    fn at_hand() -> Film {
        let mut volumes = BTreeMap::new();
        let mut peaks = Vec::new();
        for area in Area::all() {
            let read = at_hand(read_published_volume(store(), area, &Silent)).unwrap();
            if let Some((volume, _)) = read {
                peaks.extend(traced(area, &volume));
                volumes.insert(area.number, volume);
            }
        }
        let inside: Vec<Vec3> = peaks.into_iter().filter(in_bounds).collect();
        Film {
            areas: volumes
                .keys()
                .map(|&number| Area::new(number).unwrap())
                .collect(),
            volume: stitch(&volumes).unwrap().volume,
            peaks: merge(&inside, MERGE),
        }
    }

    /// Whether the film is rebuilt at a place and around it, in the plane of x and y.
    fn holds(&self, place: Vec3) -> bool {
        let rebuilt = |x: f64, y: f64| {
            let x = x.clamp(1.0, FILM[0] as f64);
            let y = y.clamp(1.0, FILM[1] as f64);
            self.areas.iter().any(|area| {
                let [columns, rows, _] = area.window();
                columns.contains(&(x.round() as usize - 1))
                    && rows.contains(&(y.round() as usize - 1))
            })
        };
        let around = [-MARGIN, 0.0, MARGIN];
        around
            .iter()
            .all(|dx| around.iter().all(|dy| rebuilt(place.x + dx, place.y + dy)))
    }
}

fn classification() {
    let film = Film::at_hand();
    let voxel = |atom: &Vec3| *atom / PIXEL + film_centre();
    let (before, _) = read_unrefined_of(store(), Sample::TaFilm, &Silent).unwrap();
    let (last, _) = read_published(store(), Sample::TaFilm, &Silent).unwrap();
    let (support, _) = read_support(store(), &Silent).unwrap();
    let list = film.peaks.iter().map(|&voxel| Peak {
        voxel,
        height: 0.0,
        flag: Flag::Kept,
    });
    let classified = classify(
        film.volume.view(),
        list.collect(),
        Some(support.view()),
        ClassifyOptions::film(),
    );
    let classified = classified.unwrap();
    assert!(classified.passes < 15, "{} passes", classified.passes);
    let atoms = classified.atoms();
    // Every atom of the model before its refinement that is among the peaks is kept.
    let model: Vec<Vec3> = before
        .iter()
        .map(voxel)
        .filter(|&place| film.holds(place))
        .collect();
    let peaks: Vec<Vec3> = model
        .into_iter()
        .filter(|&p| nearest(p, &film.peaks) < 1e-3)
        .collect();
    assert!(
        peaks.len() > 3_000,
        "{} atoms of the model are peaks",
        peaks.len()
    );
    let lost = peaks
        .iter()
        .filter(|&&place| nearest(place, &atoms) > 1e-3)
        .count();
    assert_eq!(lost, 0, "of {}", peaks.len());
    // The final model is found, and what is found is in it.
    let angstrom = |places: &[Vec3]| -> Vec<Vec3> { places.iter().map(|&p| p * PIXEL).collect() };
    let all: Vec<Vec3> = last.positions().iter().map(voxel).collect();
    let known: Vec<Vec3> = all
        .iter()
        .copied()
        .filter(|&place| film.holds(place))
        .collect();
    let found: Vec<Vec3> = atoms
        .iter()
        .copied()
        .filter(|&place| film.holds(place))
        .collect();
    let within = |cutoff| {
        let precision = Precision::of(&angstrom(&atoms), &angstrom(&known), cutoff);
        precision.pairs.len() as f64 / known.len() as f64
    };
    assert!(within(1.0) >= 0.99, "{}", within(1.0));
    assert!(within(0.5) >= 0.97, "{}", within(0.5));
    let precision = Precision::of(&angstrom(&found), &angstrom(&all), 1.0);
    let wrong = precision.spurious() as f64 / found.len() as f64;
    assert!(wrong <= 0.13, "{wrong}");
}

fn refinement(expected: &Refined) {
    let area = Area::new(expected.area).unwrap();
    let series = read_series(store(), TiltSeries::TaArea(area), &Silent).unwrap();
    let (before, _) = read_unrefined_of(store(), Sample::TaFilm, &Silent).unwrap();
    let (last, _) = read_published(store(), Sample::TaFilm, &Silent).unwrap();
    let centre = area.middle() - film_centre();
    let places =
        |atoms: &[Vec3]| -> Vec<Vec3> { atoms.iter().map(|&a| a / PIXEL - centre).collect() };
    let may_move: Vec<bool> = before
        .iter()
        .map(|&a| area.holds(a / PIXEL + film_centre()))
        .collect();
    let (images, angles) = (series.images.view(), &series.angles);
    let mut refinement = Refinement::new(
        images,
        angles,
        PIXEL,
        Element::Ta,
        &places(&before),
        &may_move,
    )
    .unwrap();
    let last = places(last.positions());
    let rmsd_pm = |refinement: &Refinement| {
        let atoms = refinement.positions().iter().zip(&last).zip(&may_move);
        let squares: Vec<f64> = atoms
            .filter(|(_, may_move)| **may_move)
            .map(|((a, b), _)| a.distance_squared(*b))
            .collect();
        100.0 * PIXEL * (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
    };
    let fit = refinement.settle_b_factor();
    assert!((fit.b_factor - expected.b_factor).abs() < 0.05, "{fit:?}");
    assert!((fit.r - expected.r[0]).abs() < 0.001, "{fit:?}");
    let before = rmsd_pm(&refinement);
    assert!((before - expected.rmsd_pm[0]).abs() < 0.2, "{before}");
    let descent = Descent {
        iterations: 100,
        ..Descent::film()
    };
    let course = refinement.descend(&descent, &Silent);
    assert!(
        course.windows(2).all(|pair| pair[1].r < pair[0].r),
        "R falls"
    );
    let (r, after) = (refinement.r_factor(), rmsd_pm(&refinement));
    assert!(r <= expected.r[1], "{r}");
    assert!(after <= expected.rmsd_pm[1], "{after}");
}
