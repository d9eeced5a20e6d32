//! The panels of the precision (Supp. Fig. 6) and of the table of data collection and refinement (Supp.
//! Table 1), from the committed results of `precision` and from the public files.

use amorphous_packing::aet::refine::Refinement;
use amorphous_packing::aet::{Area, film_centre, smallest_tilt};
use amorphous_packing::atoms::{Element, Vec3};
use amorphous_packing::data::tomography::{TiltSeries, read_angles_of, read_series};
use amorphous_packing::data::tracing::read_unrefined_of;
use amorphous_packing::data::{DataStore, EXPERIMENT, Sample, at_hand, read_published};
use amorphous_packing::formats::tables::from_csv;
use amorphous_packing::numerics::{Bins, Histogram, median};
use amorphous_packing::progress::Silent;
use anyhow::{Context, Result};
use ndarray::{Array2, Axis};
use polars::df;
use polars::prelude::{DataFrame, DataType};

use crate::charts::images::{Grey, scale_bar, spread};
use crate::charts::listing::listing;
use crate::charts::plots;
use crate::charts::series::Series;
use crate::harness::provenance::Input;
use crate::page::style::{EDGE_SHARING, RING};
use crate::panels::scanning::area_tables;
use crate::{Chart, Panel};

/// What `precision --areas 1-65` found: known, area, dx_pm, dy_pm, dz_pm; and by area.
const ATOMS: &[u8] = include_bytes!("../../data/precision_atoms.csv");
const AREAS: &[u8] = include_bytes!("../../data/precision_areas.csv");
/// What `precision --multislice` found, and the image of an area that it made.
const MULTISLICE_ATOMS: &[u8] = include_bytes!("../../data/multislice_atoms.csv");
const MULTISLICE: &[u8] = include_bytes!("../../data/multislice_trial.csv");
const VIEW: &[u8] = include_bytes!("../../data/multislice_view.csv");
/// The area whose middle is shown, measured and simulated.
pub const VIEW_AREA: usize = 17;
/// The area that the R-factor of the refined model is measured on.
const R_AREA: usize = 20;
/// The part of the pixels that are darker or brighter than the range of greys.
const BEYOND: f64 = 0.005;
/// Bins of the deviations in picometre.
const BIN_PM: f64 = 5.0;
const BINS: usize = 20;
/// What the public files do not say.
const NOT_PUBLIC: &str = "not public";
/// What is not at hand.
const ABSENT: &str = "needs data";

/// How well known atoms were found again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recovered {
    /// Atoms looked for.
    pub known: usize,
    /// Atoms found within 1 Å.
    pub found: usize,
    /// Root mean square deviation of those in picometre.
    pub rmsd_pm: f64,
}

impl Recovered {
    /// The part found, in per cent.
    pub fn percent(&self) -> f64 {
        100.0 * self.found as f64 / self.known as f64
    }
}

/// What the committed run over the film found.
///
/// # Errors
/// When a committed table is damaged.
pub fn of_film() -> Result<Recovered> {
    let areas = from_csv(AREAS).context("data/precision_areas.csv")?;
    let known: f64 = column(&areas, "known")?.iter().sum();
    recovered(ATOMS, known as usize).context("data/precision_atoms.csv")
}

/// What the committed run on a ball with multislice images found.
///
/// # Errors
/// When a committed table is damaged.
pub fn of_ball() -> Result<Recovered> {
    let trial = from_csv(MULTISLICE).context("data/multislice_trial.csv")?;
    let known: f64 = column(&trial, "known")?.iter().sum();
    recovered(MULTISLICE_ATOMS, known as usize).context("data/multislice_atoms.csv")
}

fn recovered(table: &[u8], known: usize) -> Result<Recovered> {
    let deviations = deviations(table)?;
    let squares: f64 = deviations.iter().map(|d| d * d).sum();
    Ok(Recovered {
        known,
        found: deviations.len(),
        rmsd_pm: (squares / deviations.len() as f64).sqrt(),
    })
}

/// The lengths of the deviations in picometre of a table with dx_pm, dy_pm and dz_pm.
///
/// # Errors
/// When the table is damaged.
pub(super) fn deviations(table: &[u8]) -> Result<Vec<f64>> {
    let table = from_csv(table)?;
    let [x, y, z] = ["dx_pm", "dy_pm", "dz_pm"].map(|name| column(&table, name));
    let (x, y, z) = (x?, y?, z?);
    let lengths = x.iter().zip(&y).zip(&z);
    Ok(lengths
        .map(|((x, y), z)| Vec3::new(*x, *y, *z).length())
        .collect())
}

/// A column of numbers.
///
/// # Errors
/// When the table lacks it.
pub(super) fn column(table: &DataFrame, name: &str) -> Result<Vec<f64>> {
    let column = table.column(name)?.cast(&DataType::Float64)?;
    Ok(column.f64()?.iter().flatten().collect())
}

/// The deviations of the atoms found again, of the film and of the ball: part of the atoms in each bin.
///
/// # Errors
/// When a committed table is damaged.
pub fn deviation_panel() -> Result<Panel> {
    let bins = Bins::of_width(BIN_PM);
    let parts = |table: &[u8]| -> Result<Vec<f64>> {
        let deviations = deviations(table)?;
        let count = deviations.len() as f64;
        let counts = Histogram::of(deviations, bins, BINS).counts;
        Ok(counts
            .into_iter()
            .map(|bin| 100.0 * bin as f64 / count)
            .collect())
    };
    let edges = |pick: fn((f64, f64)) -> f64| -> Vec<f64> {
        (0..BINS).map(|bin| pick(bins.edges(bin))).collect()
    };
    let table = df!(
        "deviation_low_pm" => edges(|edges| edges.0),
        "deviation_high_pm" => edges(|edges| edges.1),
        "film_percent" => parts(ATOMS)?,
        "multislice_percent" => parts(MULTISLICE_ATOMS)?,
    )?;
    let series = vec![
        Series::column("film_percent")
            .label("film, linear images")
            .colour(EDGE_SHARING),
        Series::column("multislice_percent")
            .label("ball, multislice images")
            .colour(RING),
    ];
    let chart = Chart::new("Deviation (pm)", "Atoms (%)");
    Ok(plots::histogram(
        &table,
        ("deviation_low_pm", "deviation_high_pm"),
        series,
        chart,
    )
    .titled("Deviations of the atoms found again"))
}

/// The simulated image of the middle of an area.
///
/// # Errors
/// When the committed table is damaged.
pub fn simulated_view() -> Result<Panel> {
    let image = view_image().context("data/multislice_view.csv")?;
    Ok(grey(image).titled("Multislice image"))
}

fn view_image() -> Result<Array2<f32>> {
    square(VIEW)
}

/// The square image whose pixels are the column `value` of a table.
///
/// # Errors
/// When the table is damaged.
pub(super) fn square(table: &[u8]) -> Result<Array2<f32>> {
    let values = column(&from_csv(table)?, "value")?;
    let side = values.len().isqrt();
    let values = values.into_iter().map(|value| value as f32).collect();
    Ok(Array2::from_shape_vec((side, side), values)?)
}

fn grey(image: Array2<f32>) -> Panel {
    let range = spread(&image, BEYOND);
    let bar = scale_bar(image.nrows(), TiltSeries::TaFilm.pixel_angstrom());
    Grey::new(image, range).panel(Some(bar))
}

/// The measured image of the same place at the same tilt, and its files; `None` where it is not at hand.
///
/// # Errors
/// When a file is damaged.
pub fn measured_view(store: &DataStore) -> Result<Option<(Panel, Vec<Input>)>> {
    let series = TiltSeries::TaArea(Area::new(VIEW_AREA)?);
    let Some(read) = at_hand(read_series(store, series, &Silent))? else {
        return Ok(None);
    };
    let index = smallest_tilt(&read.angles);
    let image = read.images.index_axis(Axis(0), index);
    let side = view_image()?.nrows().min(image.nrows()).min(image.ncols());
    let first = [image.nrows(), image.ncols()].map(|length| length / 2 - side / 2);
    let middle = Array2::from_shape_fn((side, side), |(i, j)| image[[first[0] + i, first[1] + j]]);
    let files = series.files().into_iter().zip(&read.files);
    let inputs = files.map(|(file, located)| Input::located(&series.id(), &file, located));
    Ok(Some((
        grey(middle).titled("Measured image"),
        inputs.collect(),
    )))
}

/// A row of the table: what, and its value for each sample of the experiment.
type Line = [String; 4];

/// The table of data collection, reconstruction and refinement (Supp. Table 1): what the paper and the
/// public files give, what is recomputed here, and what is not public.
///
/// # Errors
/// When a file is damaged.
pub fn statistics(store: &DataStore) -> Result<Panel> {
    let series = [TiltSeries::TaFilm, TiltSeries::Pd1, TiltSeries::Pd2];
    let all = |text: &str| [text; 3].map(str::to_owned);
    let mut lines: Vec<Line> = Vec::new();
    let mut add =
        |what: &str, [ta, pd1, pd2]: [String; 3]| lines.push([what.to_owned(), ta, pd1, pd2]);
    add("Voltage (kV)", all("300"));
    add("Convergence; detector; current; dose", all(NOT_PUBLIC));
    let pixels = series.map(|series| {
        series
            .pixel_angstrom()
            .map_or(String::new(), |p| p.to_string())
    });
    add("Pixel (Å)", pixels);
    let angles = series.map(|series| at_hand(read_angles_of(store, series, &Silent)));
    let mut images = Vec::new();
    let mut range = Vec::new();
    for angles in angles {
        let Some((angles, _)) = angles? else {
            images.push(ABSENT.to_owned());
            range.push(ABSENT.to_owned());
            continue;
        };
        let tilts = || angles.iter().map(|angles| angles.theta_deg);
        let (low, high) = (
            tilts().fold(f64::MAX, f64::min),
            tilts().fold(f64::MIN, f64::max),
        );
        images.push(angles.len().to_string());
        range.push(format!("−{:.1} to {high:.1}", low.abs()));
    }
    add("Images", three(images));
    add("Tilt (°)", three(range));
    add(
        "RESIRE iterations / step",
        series.map(|series| {
            let options = series.options();
            format!("{} / {}", options.iterations, options.step)
        }),
    );
    let ours = column(&area_tables()?.1, "r1")?;
    let middle = median(ours).map_or(String::new(), |r1| format!("{r1:.3}"));
    add(
        "*R*_{1} of our reconstructions (median)",
        [middle, ABSENT.to_owned(), ABSENT.to_owned()],
    );
    let mut atoms = Vec::new();
    let mut shift = Vec::new();
    for sample in EXPERIMENT {
        let model = at_hand(read_published(store, sample, &Silent))?;
        let unrefined = at_hand(read_unrefined_of(store, sample, &Silent))?;
        atoms.push(
            model
                .as_ref()
                .map_or(ABSENT.to_owned(), |(model, _)| model.len().to_string()),
        );
        shift.push(match (model, unrefined) {
            (Some((model, _)), Some((before, _))) => rms_pm(model.positions(), &before),
            _ => ABSENT.to_owned(),
        });
    }
    add("Atoms", three(atoms));
    add("Moved by the refinement (pm r.m.s.)", three(shift));
    let r = r_of_model(store)?;
    let [r, b] = r.map_or([ABSENT.to_owned(), ABSENT.to_owned()], |(r, b)| {
        [format!("{r:.3}"), format!("{b:.2}")]
    });
    let no_images = || "images not at hand".to_owned();
    add("*R* of the model on area 20", [r, no_images(), no_images()]);
    add(
        "*B* factor fitted on area 20 (Å^{2})",
        [b, no_images(), no_images()],
    );
    let film = of_film()?;
    let not_tried = || "not tried".to_owned();
    add(
        "Found again by linear images (%)",
        [format!("{:.1}", film.percent()), not_tried(), not_tried()],
    );
    add(
        "Precision by linear images (pm)",
        [format!("{:.1}", film.rmsd_pm), not_tried(), not_tried()],
    );
    let names = ["quantity", "ta_film", "pd1", "pd2"];
    let cells = |k: usize| -> Vec<String> { lines.iter().map(|line| line[k].clone()).collect() };
    let table = df!(
        names[0] => cells(0), names[1] => cells(1), names[2] => cells(2), names[3] => cells(3),
    )?;
    Ok(listing(["", "Ta film", "Pd₁", "Pd₂"], lines, "").with_table(&table))
}

fn three(values: Vec<String>) -> [String; 3] {
    let mut values = values.into_iter();
    std::array::from_fn(|_| values.next().unwrap_or_default())
}

fn rms_pm(after: &[Vec3], before: &[Vec3]) -> String {
    let squares = after
        .iter()
        .zip(before)
        .map(|(a, b)| a.distance_squared(*b));
    format!(
        "{:.1}",
        100.0 * (squares.sum::<f64>() / after.len() as f64).sqrt()
    )
}

/// R of the published final model on the measured images of an area, and the B factor fitted.
fn r_of_model(store: &DataStore) -> Result<Option<(f64, f64)>> {
    let area = Area::new(R_AREA)?;
    let series = TiltSeries::TaArea(area);
    let read = at_hand(read_series(store, series, &Silent))?;
    let model = at_hand(read_published(store, Sample::TaFilm, &Silent))?;
    let (Some(read), Some((model, _))) = (read, model) else {
        return Ok(None);
    };
    let pixel = series.pixel_angstrom().unwrap_or(1.0);
    let centre = area.middle() - film_centre();
    let places: Vec<Vec3> = model
        .positions()
        .iter()
        .map(|&a| a / pixel - centre)
        .collect();
    let may_move = vec![true; places.len()];
    let (images, angles) = (read.images.view(), &read.angles);
    let mut refinement = Refinement::new(images, angles, pixel, Element::Ta, &places, &may_move)?;
    let fit = refinement.settle_b_factor();
    Ok(Some((fit.r, fit.b_factor)))
}
