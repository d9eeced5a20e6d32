//! The panels of the tomography: slices of a volume, the curve of the R-factors, tilt series and
//! their power spectra (Figs. S1–S3).

use amorphous_packing::aet::{Area, TiltAngles, mean_power_spectrum, radial_power};
use amorphous_packing::data::tomography::{TiltImages, TiltSeries, read_series};
use amorphous_packing::data::{DataStore, Located, at_hand};
use amorphous_packing::progress::Silent;
use amorphous_packing::report::tomography::radial_power_table;
use anyhow::Result;
use ndarray::{Array2, Array3, ArrayView3, Axis};
use polars::prelude::DataFrame;

use crate::charts::images::{Grey, ScaleBar, contact_sheet, scale_bar, sheet_height_mm, spread};
use crate::charts::plots;
use crate::charts::series::Series;
use crate::harness::provenance::Input;
use crate::page::style::{EDGE_SHARING, RING};
use crate::{Chart, Figure, Layout, Options, Panel, Stages, style};

/// The part of the voxels of a slice that are darker or brighter than its range of greys.
const BEYOND: f64 = 0.005;
/// Samples of a power spectrum along a side.
const SPECTRUM: usize = 512;
/// Spatial frequencies that are drawn, in 1/Å; below, the shape of the sample rules.
const LOWEST_Q: f64 = 0.15;
const HIGHEST_Q: f64 = 1.0;

/// R1 and R2 against the iteration, both axes logarithmic.
pub fn r_factor_curve(table: &DataFrame) -> Panel {
    let series = vec![
        Series::column("r1").label("*R*_{1}").colour(RING),
        Series::column("r2").label("*R*_{2}").colour(EDGE_SHARING),
    ];
    let chart = Chart::new("Iteration", "R-factor").log_x().log_y();
    plots::curves(table, "iteration", series, chart)
        .titled("R-factors")
        .without_table()
}

/// The three slices through the middle of a volume: across z and across y with x to the right, across
/// x with z to the right. All have one range of greys.
pub fn orthogonal_slices(volume: &Array3<f32>, pixel_angstrom: Option<f64>) -> [Panel; 3] {
    let middle = |axis: usize| {
        let index = volume.shape()[axis] / 2;
        volume.index_axis(Axis(axis), index).to_owned()
    };
    let slices = [middle(2), middle(1), middle(0).reversed_axes()];
    let all: Vec<f32> = slices.iter().flatten().copied().collect();
    let count = all.len();
    let range =
        Array2::from_shape_vec((count, 1), all).map_or(0.0..1.0, |all| spread(&all, BEYOND));
    let titles = ["Slice across *z*", "Slice across *y*", "Slice across *x*"];
    let [z, y, x] = slices;
    [(z, titles[0]), (y, titles[1]), (x, titles[2])].map(|(slice, title)| {
        let bar = scale_bar(slice.nrows(), pixel_angstrom);
        Grey::new(slice, range.clone())
            .panel(Some(bar))
            .titled(title)
    })
}

/// All images of a tilt series, each with its tilt.
pub fn tilt_series(images: ArrayView3<'_, f32>, angles: &[TiltAngles]) -> Panel {
    let labelled = images.outer_iter().zip(angles).map(|(image, angles)| {
        let image = image.to_owned();
        let range = spread(&image, BEYOND);
        (degrees(angles.theta_deg), Grey::new(image, range))
    });
    contact_sheet(labelled.collect(), SHEET_COLUMNS)
}

/// With a minus sign, and no minus zero.
fn degrees(angle: f64) -> String {
    let tenths = (10.0 * angle).round() / 10.0;
    let sign = if tenths < 0.0 { "−" } else { "" };
    format!("{sign}{:.1}°", tenths.abs())
}

/// A power spectrum up to [`HIGHEST_Q`], on a logarithmic scale of greys.
fn power_spectrum(spectrum: &Array2<f64>, pixel_angstrom: f64) -> Panel {
    // A sample is 1/(side · pixel) per ångström.
    let per_sample = 1.0 / (spectrum.nrows() as f64 * pixel_angstrom);
    let (middle, reach) = (spectrum.nrows() / 2, (HIGHEST_Q / per_sample) as usize);
    let reach = reach.clamp(1, middle - 1);
    let side = 2 * reach + 1;
    let logarithm = Array2::from_shape_fn((side, side), |(x, y)| {
        let place = [x, y].map(|k| k + middle - reach);
        spectrum[place].max(1e-30).log10() as f32
    });
    let range = spread(&logarithm, 0.01);
    let bar = ScaleBar {
        pixels: 0.2 / per_sample,
        label: "0.2 Å^{−1}".to_owned(),
    };
    Grey::new(logarithm, range).panel(Some(bar))
}

/// The command that gets images and volumes.
pub const FETCH: &str = "cargo run --bin fetch -- tomography";
/// Where a spectrum stands in the panel of a sample: parts of its width and height.
const INSET: [(f64, f64); 2] = [(0.79, 0.0), (1.0, 0.37)];
/// Images side by side in the panel of a tilt series.
const SHEET_COLUMNS: usize = 6;
/// Height of the title of a panel and of what surrounds a page.
const TITLE_MM: f64 = 4.0;
const MARGINS_MM: f64 = 3.0;
/// Height of the spectrum.
const SPECTRUM_MM: f64 = 62.0;

/// The figure of a tilt series: all images, their mean power spectrum and its mean over directions.
///
/// The first of `series` whose files can be had without a download is drawn; where there is none, no
/// panel is, and a footnote says how to get it.
///
/// # Errors
/// When a file is damaged.
pub fn tilt_series_figure(
    id: &str,
    title: &str,
    series: &[TiltSeries],
    options: &Options,
    stages: &mut Stages,
) -> Result<Figure> {
    let width = style::DOUBLE_COLUMN_MM;
    let figure = |heights: [f64; 2]| {
        let layout = Layout::grid(width, &[(heights[0], "aaaaa"), (heights[1], "bbccc")]);
        Figure::new(id, title, layout)
    };
    let store = options.running.source.store_offline()?;
    let found = stages.time("reading", || first_at_hand(&store, series))?;
    let Some((series, read)) = found else {
        // No box stands for what is not there: a sentence says how to get it.
        let sentence = format!(
            "Not drawn: the images of {} are not at hand; {FETCH} gets them.",
            series[0].id()
        );
        return Ok(Figure::new(id, title, Layout::grid(width, &[])).footnote(&sentence));
    };
    let pixel = series.pixel_angstrom().unwrap_or(1.0);
    let (count, dim1, dim2) = read.images.dim();
    let images = read.images.view();
    let spectrum = stages.time("power spectrum", || mean_power_spectrum(images, SPECTRUM));
    let table = radial_power_table(&radial_power(&spectrum, pixel, LOWEST_Q..=HIGHEST_Q))?;
    let proportion = dim1 as f64 / dim2 as f64;
    let sheet = sheet_height_mm(count, SHEET_COLUMNS, proportion, width - MARGINS_MM);
    let mut figure = figure([sheet + TITLE_MM, SPECTRUM_MM])
        .panel(
            'a',
            tilt_series(images, &read.angles).titled("Images and their tilts"),
        )
        .panel(
            'b',
            power_spectrum(&spectrum, pixel).titled("Mean power spectrum"),
        )
        .panel('c', radial_curve(&table).titled("Mean over directions"))
        .parameter("images", count)
        .parameter("pixel_angstrom", pixel)
        .parameter("series", series.id())
        .footnote(&format!(
            "{count} images of {dim1} × {dim2} pixels of {pixel} Å; the tilt axis points up. {}",
            match series {
                TiltSeries::TaArea(area) => format!(
                    "Area {} of 65 of the film; the whole images come with {FETCH}.",
                    area.number
                ),
                _ => String::new(),
            }
        ));
    for (file, located) in series.files().into_iter().zip(&read.files) {
        figure = figure.input(Input::located(&series.id(), &file, located));
    }
    Ok(figure)
}

/// The tilt series of the Ta film: the whole one, else its areas, whose halo is the same.
pub fn ta_series() -> Vec<TiltSeries> {
    let areas = Area::all().map(TiltSeries::TaArea);
    [TiltSeries::TaFilm].into_iter().chain(areas).collect()
}

/// A power spectrum beside a sample, and what it was made from.
pub struct Spectrum {
    spectrum: Array2<f64>,
    pixel_angstrom: f64,
    series: TiltSeries,
    files: Vec<Located>,
}

/// The mean power spectrum of the first of these series whose images are at hand.
///
/// # Errors
/// When a file is damaged.
pub fn spectrum_of(series: &[TiltSeries], options: &Options) -> Result<Option<Spectrum>> {
    let found = first_at_hand(&options.running.source.store_offline()?, series)?;
    Ok(found.map(|(series, read)| Spectrum {
        spectrum: mean_power_spectrum(read.images.view(), SPECTRUM),
        pixel_angstrom: series.pixel_angstrom().unwrap_or(1.0),
        series,
        files: read.files,
    }))
}

/// The panel with the spectrum as an inset, if there is one.
pub fn with_spectrum(panel: Panel, spectrum: &Option<Spectrum>) -> Panel {
    match spectrum {
        None => panel,
        Some(found) => {
            let inset = power_spectrum(&found.spectrum, found.pixel_angstrom);
            panel.with_inset(inset, INSET[0], INSET[1])
        }
    }
}

/// The figure with a line that says why a sample has no inset.
pub fn without_spectrum(figure: Figure, sample: &str) -> Figure {
    figure.footnote(&format!(
        "No inset: the images of {sample} are not at hand; {FETCH} gets them."
    ))
}

impl Spectrum {
    /// The figure with the files of the spectrum and a line about it.
    pub fn noted(self, figure: Figure) -> Figure {
        let id = self.series.id();
        let whose = match self.series {
            TiltSeries::TaArea(area) => format!("area {} of the Ta film", area.number),
            TiltSeries::Pd1 => "Pd₁".to_owned(),
            _ => "the Ta film".to_owned(),
        };
        let files = self.series.files().into_iter().zip(&self.files);
        let figure = files.fold(figure, |figure, (file, located)| {
            figure.input(Input::located(&id, &file, located))
        });
        figure.footnote(&format!(
            "Inset: mean power spectrum of the images of {whose}."
        ))
    }
}

/// The first series whose files are there.
fn first_at_hand(
    store: &DataStore,
    series: &[TiltSeries],
) -> Result<Option<(TiltSeries, TiltImages)>> {
    for &series in series {
        if let Some(read) = at_hand(read_series(store, series, &Silent))? {
            return Ok(Some((series, read)));
        }
    }
    Ok(None)
}

fn radial_curve(table: &DataFrame) -> Panel {
    let series = vec![Series::column("power").colour(style::BLACK)];
    let chart = Chart::new("Spatial frequency *q* (Å^{−1})", "Power (arbitrary units)");
    plots::curves(table, "q_per_angstrom", series, chart)
}
