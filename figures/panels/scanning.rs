//! The panels of the figure of RESIRE and scanning AET: convergence in the areas, the example of the
//! authors' package, and the film put together from the published volumes of its areas.

use std::collections::BTreeMap;

use amorphous_packing::aet::{Area, FILM, Stitched, reconstruct, stitch};
use amorphous_packing::data::tomography::{
    TiltSeries, read_published_volume, read_series, volume_file,
};
use amorphous_packing::data::{DataStore, at_hand};
use amorphous_packing::formats::tables::from_csv;
use amorphous_packing::progress::Silent;
use amorphous_packing::report::tomography::r_factor_table;
use anyhow::{Context, Result};
use ndarray::{Array2, Array3, ArrayView2, Axis};
use plotters::style::RGBColor;
use polars::prelude::{DataFrame, DataType};

use crate::charts::images::{Grey, scale_bar, spread};
use crate::charts::plots;
use crate::charts::series::Series;
use crate::harness::provenance::Input;
use crate::page::panel::placeholder;
use crate::page::style::mix;
use crate::panels::tomography::{FETCH, orthogonal_slices, r_factor_curve};
use crate::{Chart, Figure, Options, Panel, Stages};

/// What `reconstruct --sample ta_film --area all` found, 500 iterations of each area whose images
/// are in the local copy of the public data.
const R_FACTORS: &[u8] = include_bytes!("../../data/resire_r_factors.csv");
const AREAS: &[u8] = include_bytes!("../../data/resire_areas.csv");

/// Colours of the areas, from the first to the last.
const ENDS: [RGBColor; 2] = [RGBColor(64, 24, 102), RGBColor(240, 150, 40)];
/// The slice of the film across y, in the middle of the second row of areas.
const ROW: usize = 87;
/// The part of the voxels that are darker or brighter than the range of greys.
const BEYOND: f64 = 0.005;

/// The R-factors of the areas: area, iteration, r1, r2; and how they ended and agree with the
/// published volumes: area, iterations, r1, r2, correlation, sum_ratio, relative_l2, voxels.
///
/// # Errors
/// When a committed table is none.
pub fn area_tables() -> Result<(DataFrame, DataFrame)> {
    let curves = from_csv(R_FACTORS).context("data/resire_r_factors.csv")?;
    let areas = from_csv(AREAS).context("data/resire_areas.csv")?;
    Ok((curves, areas))
}

/// R1 of the areas of the film against the iteration.
///
/// # Errors
/// When the committed tables are damaged.
pub fn area_curves(figure: Figure, letter: char) -> Result<Figure> {
    let (mut curves, areas) = area_tables()?;
    let named = curves.column("area")?.cast(&DataType::String)?;
    curves.with_column(named)?;
    let numbers = areas.column("area")?.cast(&DataType::String)?;
    let numbers: Vec<String> = numbers.str()?.iter().flatten().map(str::to_owned).collect();
    let last = numbers.len().saturating_sub(1).max(1) as f64;
    let series = (0..).zip(&numbers).map(|(place, number)| {
        let part = f64::from(place) / last;
        Series::column("r1")
            .only("area", number)
            .label(&format!("area {number}"))
            .colour(mix(ENDS[0], ENDS[1], part))
    });
    let chart = Chart::new("Iteration", "*R*_{1}").log_x().log_y();
    let panel = plots::curves(&curves, "iteration", series.collect(), chart);
    let figure = figure.table("figx2_areas", &areas);
    Ok(figure.panel(letter, panel.titled("Areas of the Ta film")))
}

/// The example of the authors' package, reconstructed: its R-factors and three slices.
///
/// # Errors
/// When a file is damaged.
pub fn example_panels(
    figure: Figure,
    letters: [char; 4],
    options: &Options,
    stages: &mut Stages,
) -> Result<Figure> {
    let series = TiltSeries::Example;
    let store = options.running.source.store_offline()?;
    let Some(read) = at_hand(read_series(&store, series, &Silent))? else {
        let sentence = format!("the images of the example are not at hand; get them with {FETCH}");
        return Ok(letters.into_iter().fold(figure, |figure, letter| {
            figure.panel(letter, placeholder(&sentence))
        }));
    };
    let how = series.options();
    let (volume, r_factors) = stages.watch("example: iterations", |progress| {
        reconstruct(read.images.view(), &read.angles, &how, progress)
    })?;
    let table = r_factor_table(&r_factors)?;
    let slices = orthogonal_slices(&volume, series.pixel_angstrom());
    let figure = letters[1..]
        .iter()
        .zip(slices)
        .fold(figure, |figure, (&letter, slice)| {
            figure.panel(letter, slice)
        });
    let curve = r_factor_curve(&table).with_table(&table);
    let files = series.files().into_iter().zip(&read.files);
    let figure = files.fold(figure, |figure, (file, located)| {
        figure.input(Input::located(&series.id(), &file, located))
    });
    Ok(figure
        .panel(letters[0], curve.titled("Example of the RESIRE package"))
        .parameter("example_iterations", how.iterations))
}

/// The film put together from the published volumes of its areas: slices across z and across y.
///
/// # Errors
/// When a file is damaged.
pub fn film_panels(
    figure: Figure,
    letters: [char; 2],
    options: &Options,
    stages: &mut Stages,
) -> Result<Figure> {
    let store = options.running.source.store_offline()?;
    let (figure, film) = stages.time("putting the areas together", || film(figure, &store))?;
    if film.missing.len() == Area::COUNT {
        let sentence = format!("the volumes of the areas are not at hand; get them with {FETCH}");
        return Ok(letters.into_iter().fold(figure, |figure, letter| {
            figure.panel(letter, placeholder(&sentence))
        }));
    }
    let known = known(&film);
    let pixel = TiltSeries::TaFilm.pixel_angstrom();
    let slice = |axis: usize, index: usize, title: &str| -> Panel {
        let slice = cropped(known.index_axis(Axis(axis), index));
        let range = spread(&slice, BEYOND);
        let bar = scale_bar(slice.nrows(), pixel);
        Grey::new(slice, range).panel(Some(bar)).titled(title)
    };
    let missing: Vec<String> = film.missing.iter().map(usize::to_string).collect();
    let figure = match missing[..] {
        [] => figure,
        _ => figure.footnote(&format!(
            "White in f and g: areas whose volumes are not at hand ({}), and what no area reaches.",
            missing.join(", ")
        )),
    };
    Ok(figure
        .panel(
            letters[0],
            slice(2, FILM[2] / 2, "Ta film from its areas, across *z*"),
        )
        .panel(
            letters[1],
            slice(1, ROW, "Ta film from its areas, across *y*"),
        )
        .parameter("areas_missing", film.missing.clone()))
}

/// The smallest part of a slice that holds all its numbers.
fn cropped(slice: ArrayView2<'_, f32>) -> Array2<f32> {
    let known = |axis: usize| {
        let lines = slice.axis_iter(Axis(axis));
        let known: Vec<bool> = lines.map(|line| line.iter().any(|v| !v.is_nan())).collect();
        let first = known.iter().position(|&known| known).unwrap_or(0);
        let end = known
            .iter()
            .rposition(|&known| known)
            .map_or(0, |last| last + 1);
        ndarray::Slice::from(first..end.max(first))
    };
    let [x, y] = [known(0), known(1)];
    let part = slice.slice_each_axis(|axis| if axis.axis == Axis(0) { x } else { y });
    part.to_owned()
}

/// The film, not a number where none of its areas reaches.
fn known(film: &Stitched) -> Array3<f32> {
    let mut known = Array3::from_elem(film.volume.dim(), f32::NAN);
    for area in Area::all().filter(|area| !film.missing.contains(&area.number)) {
        let window = area.window();
        let place = |axis: ndarray::AxisDescription| window[axis.axis.index()].clone().into();
        known
            .slice_each_axis_mut(place)
            .assign(&film.volume.slice_each_axis(place));
    }
    known
}

/// The film from the published volumes that are at hand.
fn film(mut figure: Figure, store: &DataStore) -> Result<(Figure, Stitched)> {
    let mut areas = BTreeMap::new();
    for area in Area::all() {
        if let Some((volume, located)) = at_hand(read_published_volume(store, area, &Silent))? {
            areas.insert(area.number, volume);
            let id = TiltSeries::TaArea(area).id();
            figure = figure.input(Input::located(&id, &volume_file(area), &located));
        }
    }
    Ok((figure, stitch(&areas)?))
}
