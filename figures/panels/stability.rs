//! Images of one tilt, taken before, during and after a tilt series, held against each other (Fig. S4).

use std::path::{Path, PathBuf};

use amorphous_packing::aet::TiltAngles;
use amorphous_packing::aet::preprocess::{
    Change, Conditions, Rehearsal, alike_up_to, change, mean_alike,
};
use amorphous_packing::atoms::Vec3;
use amorphous_packing::data::raw_frames::same_size;
use amorphous_packing::data::tilt_series::{images_of, read_file};
use amorphous_packing::report::preprocessing::{change_table, ring_table};
use anyhow::{Result, ensure};
use ndarray::{Array2, Array3, Axis};

use crate::harness::provenance::Input;
use crate::panels::preprocessing::{image, rings};
use crate::panels::specimen::glass_ball;
use crate::{Figure, Layout, Stages, style};

/// The images are moved by this many pixels at most to lie on each other.
const LARGEST_SHIFT: f64 = 32.0;
/// The synthetic sample: radius in ångström, and pixels around it.
const RADIUS_ANGSTROM: f64 = 22.0;
const MARGIN: usize = 16;
/// To show what a change looks like, so many atoms of a hundred are moved by so many ångström.
const MOVED_PERCENT: usize = 20;
const MOVED_ANGSTROM: f64 = 1.5;
/// Images with a panel of their own.
const SHOWN: usize = 3;

/// Images of one tilt, with what they are called.
pub struct Series {
    names: Vec<String>,
    images: Vec<Array2<f32>>,
    pixel_angstrom: Option<f64>,
    inputs: Vec<Input>,
    note: String,
}

/// The names of the paper's images, then numbers.
fn names(count: usize) -> Vec<String> {
    let known = ["Before", "During", "After"];
    let name = |k: usize| {
        known
            .get(k)
            .map_or(format!("Image {}", k + 1), |n| (*n).to_owned())
    };
    (0..count).map(name).collect()
}

/// The user's own images: one or more in each file.
///
/// # Errors
/// When a file cannot be read, when their sizes differ, and of fewer than two images.
pub fn own(files: &[PathBuf], pixel_angstrom: Option<f64>) -> Result<Series> {
    if let Some(pixel) = pixel_angstrom {
        ensure!(
            pixel.is_finite() && pixel > 0.0,
            "the pixel is {pixel} Å; it must be a positive number"
        );
    }
    let mut read: Vec<(&Path, Array3<f32>)> = Vec::new();
    let mut inputs = Vec::new();
    for file in files {
        let bytes = read_file(file)?;
        inputs.push(Input::of("own", file.display().to_string(), &bytes));
        let images = images_of(file, &bytes)?;
        if let Some((first_file, first)) = read.first() {
            same_size(first.view(), first_file, images.view(), file)?;
        }
        read.push((file, images));
    }
    let images: Vec<Array2<f32>> = read
        .iter()
        .flat_map(|(_, images)| images.outer_iter().map(|image| image.to_owned()))
        .collect();
    ensure!(
        images.len() > 1,
        "there is one image; give at least two of the same tilt to compare"
    );
    Ok(Series {
        names: names(images.len()),
        note: "Your own images of one tilt.".to_owned(),
        images,
        pixel_angstrom,
        inputs,
    })
}

/// Three images of a ball of simulated tantalum glass that does not change, each with its own noise, place
/// and drift; and a fourth, of which some atoms have moved.
///
/// # Errors
/// When the carried frame is damaged.
pub fn synthetic() -> Result<Series> {
    let ball = glass_ball(RADIUS_ANGSTROM)?;
    let side = ball.side(MARGIN);
    let still = ball.in_pixels();
    let moved: Vec<Vec3> = still
        .iter()
        .enumerate()
        .map(|(k, &atom)| match k % 100 < MOVED_PERCENT {
            // By the golden angle in directions that repeat nowhere.
            true => atom + MOVED_ANGSTROM / ball.pixel_angstrom * direction(k),
            false => atom,
        })
        .collect();
    let conditions = Conditions {
        frames: 1,
        drift_pixels: 0.2,
        background: 0.0,
        ..Conditions::default()
    };
    let record = |atoms: &[Vec3], seed: u64| -> Array2<f32> {
        let of = Rehearsal::new(
            atoms,
            &ball.factor,
            ball.pixel_angstrom,
            (side, side),
            &[TiltAngles::default()],
            Conditions { seed, ..conditions },
        );
        of.record(0).frames.index_axis_move(Axis(0), 0)
    };
    let images = [1, 2, 3].map(|seed| record(&still, seed));
    let mut names = names(SHOWN);
    names.push(format!("{MOVED_PERCENT} % of the atoms moved"));
    Ok(Series {
        names,
        images: images.into_iter().chain([record(&moved, 4)]).collect(),
        pixel_angstrom: Some(ball.pixel_angstrom),
        note: format!(
            "Synthetic images, for none of the paper's are public: {} atoms of simulated tantalum glass, \
             100 electrons in the brightest pixel. Dotted: every fifth atom moved by {MOVED_ANGSTROM} Å, \
             to show what a change would look like.",
            ball.positions.len()
        ),
        inputs: vec![ball.input],
    })
}

/// A unit vector for each number.
fn direction(number: usize) -> Vec3 {
    let turns = number as f64 * 0.618_033_988_749_895;
    let z = 2.0 * (number as f64 * 0.754_877_666_246_693).fract() - 1.0;
    let (sin, cos) = (std::f64::consts::TAU * turns).sin_cos();
    let around = (1.0 - z * z).sqrt();
    Vec3::new(around * cos, around * sin, z)
}

/// The figure: three images and the correlations of the Fourier rings with the first.
///
/// # Errors
/// When an image cannot be used.
pub fn stability(id: &str, series: Series, stages: &mut Stages) -> Result<Figure> {
    let Series {
        names,
        images,
        pixel_angstrom,
        inputs,
        note,
    } = series;
    let first = images[0].view();
    let (dim1, dim2) = first.dim();
    let largest = LARGEST_SHIFT.min(0.25 * dim1.min(dim2) as f64);
    let changes = stages.time("registration", || -> Result<Vec<(String, Change)>> {
        let others = names.iter().zip(&images).enumerate().skip(1);
        let held = others.map(|(k, (name, image))| {
            Ok((name.clone(), change(image.view(), first, k + 1, largest)?))
        });
        held.collect()
    })?;
    let named: Vec<(String, &Change)> = changes
        .iter()
        .map(|(name, change)| (name.clone(), change))
        .collect();
    let curves = ring_table(&named, pixel_angstrom)?;
    let shown = SHOWN.min(images.len());
    let dotted = |k: usize| (changes[k].0.clone(), k + 1 >= SHOWN);
    let curve_names: Vec<(String, bool)> = (0..changes.len()).map(dotted).collect();
    let cells = &["aadddd", "aabbdddd", "aabbccdddd"][shown - 1];
    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(46.0, cells)]);
    let title = "Images of one tilt before, during and after a tilt series";
    let mut figure = Figure::new(id, title, layout);
    let moved = std::iter::once(&images[0]).chain(changes.iter().map(|(_, change)| &change.moved));
    for ((letter, name), of) in ['a', 'b', 'c'].into_iter().zip(&names).zip(moved) {
        figure = figure.panel(letter, image(of, pixel_angstrom).titled(name));
    }
    figure = figure
        .panel(
            'd',
            rings(&curves, pixel_angstrom, &curve_names).titled("With the first image"),
        )
        .table(&format!("{id}_changes"), &change_table(&named)?)
        .footnote(&note);
    for (name, change) in &changes {
        figure = figure.footnote(&sentence(name, change, pixel_angstrom));
    }
    figure = figure.parameter("pixel_angstrom", pixel_angstrom);
    Ok(inputs.into_iter().fold(figure, Figure::input))
}

/// How alike an image is to the first.
fn sentence(name: &str, change: &Change, pixel_angstrom: Option<f64>) -> String {
    let [x, y] = change.registered.shift;
    let reach = alike_up_to(&change.rings).unwrap_or(0.0);
    let reach = match pixel_angstrom {
        Some(pixel) => format!("{:.1} Å", pixel / reach.max(1e-9)),
        None => format!("{:.1} pixels", 1.0 / reach.max(1e-9)),
    };
    let mean = mean_alike(&change.rings).unwrap_or(0.0);
    format!(
        "{name}: {:.2} pixels from the place of the first image, correlation with it {:.3}; rings alike down \
         to {reach}, {mean:.2} in the mean.",
        x.hypot(y),
        change.registered.coefficient
    )
}
