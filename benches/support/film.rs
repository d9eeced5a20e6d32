//! What tracing and refinement are measured on: areas of the published film, where the public data
//! are.

use std::path::PathBuf;

use amorphous_packing::aet::refine::{RefineError, Refinement};
use amorphous_packing::aet::{Area, FILM, TiltAngles, centre};
use amorphous_packing::atoms::{Element, Vec3};
use amorphous_packing::data::tomography::{TiltSeries, read_published_volume, read_series};
use amorphous_packing::data::{DataStore, StoreOptions, user_cache_dir};
use amorphous_packing::formats::mat::read_matrix;
use amorphous_packing::progress::Silent;
use ndarray::Array3;

/// Side of a pixel of the film in ångström (Methods).
pub const FILM_PIXEL_ANGSTROM: f64 = 0.3216;
/// The atoms of the film before they were refined.
const MODEL: &str = "5_Position_refinement/Input/Ta_film/atomic_model_Ta_film.mat";

/// The published volume of an area of the film by x, y and z, when the public data are in
/// `$AMORPHOUS_PACKING_DATA` or in the cache.
pub fn area_volume(number: usize) -> Option<Array3<f32>> {
    let area = Area::new(number).ok()?;
    let (volume, _) = read_published_volume(&store()?, area, &Silent).ok()?;
    Some(volume)
}

/// The measured images of an area and the atoms of the whole film, those within the area movable.
#[derive(Debug, Clone)]
pub struct AreaAtoms {
    /// By angle, x and y.
    pub images: Array3<f32>,
    /// An angle for each image.
    pub angles: Vec<TiltAngles>,
    /// In pixels from the centre of the area.
    pub positions: Vec<Vec3>,
    /// Whether an atom lies within the area.
    pub may_move: Vec<bool>,
}

/// The atoms of an area of the film before they were refined, when the public data are there.
pub fn area_atoms(number: usize) -> Option<AreaAtoms> {
    let (store, area) = (store()?, Area::new(number).ok()?);
    let series = read_series(&store, TiltSeries::TaArea(area), &Silent).ok()?;
    let model = store.locate(MODEL, &Silent).ok()?;
    let model = read_matrix(&model.path, "model", Some(3), None).ok()?;
    let from = [0, 1, 2].map(|axis| area.centre[axis] as f64 - (centre(FILM[axis]) + 1) as f64);
    let half = Vec3::from_array(area.half.map(|half| half as f64));
    let positions: Vec<Vec3> = model
        .columns()
        .into_iter()
        .map(|column| {
            let atom = Vec3::new(column[0], column[1], column[2]);
            atom / FILM_PIXEL_ANGSTROM - Vec3::from_array(from)
        })
        .collect();
    let may_move = positions.iter().map(|p| p.abs().cmple(half).all());
    Some(AreaAtoms {
        may_move: may_move.collect(),
        images: series.images,
        angles: series.angles,
        positions,
    })
}

impl AreaAtoms {
    /// Ready to be refined.
    ///
    /// # Errors
    /// [`RefineError`].
    pub fn refinement(&self) -> Result<Refinement, RefineError> {
        Refinement::new(
            self.images.view(),
            &self.angles,
            FILM_PIXEL_ANGSTROM,
            Element::Ta,
            &self.positions,
            &self.may_move,
        )
    }
}

/// The public data where they are; none are fetched.
fn store() -> Option<DataStore> {
    let options = StoreOptions {
        data_dir: std::env::var_os("AMORPHOUS_PACKING_DATA").map(PathBuf::from),
        cache_dir: user_cache_dir(),
        offline: true,
    };
    DataStore::new(options).ok()
}
