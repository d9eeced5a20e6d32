//! The published tilt series and volumes: images, angles, and what the authors reconstructed.

use ndarray::Array3;

use super::models::{ReadError, open};
use super::store::{DataStore, Located};
use super::tilt_series::by_image;
use crate::aet::{Area, Forward, Options, Shape, TiltAngles, UnknownArea};
use crate::progress::Progress;

/// A tilt series of the public data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TiltSeries {
    /// The example of the authors' RESIRE package, a corner of a film, 59 images.
    Example,
    /// The whole tantalum film, 46 images.
    TaFilm,
    /// One of its 65 areas.
    TaArea(Area),
    /// The first palladium nanoparticle, 52 images.
    Pd1,
    /// The second palladium nanoparticle, 54 images.
    Pd2,
}

/// A tilt series as it was read.
#[derive(Debug, Clone)]
pub struct TiltImages {
    /// Images by angle, x and y (the tilt axis).
    pub images: Array3<f32>,
    /// An angle for each image.
    pub angles: Vec<TiltAngles>,
    /// The files, images first.
    pub files: Vec<Located>,
}

impl TiltSeries {
    /// An area by its number, from 1.
    ///
    /// # Errors
    /// [`UnknownArea`].
    pub fn area(number: usize) -> Result<TiltSeries, UnknownArea> {
        Area::new(number).map(TiltSeries::TaArea)
    }

    /// The name of the series in tables: `example`, `ta_film`, `ta_film_area_1`, `pd1`, `pd2`.
    pub fn id(self) -> String {
        match self {
            TiltSeries::Example => "example".to_owned(),
            TiltSeries::TaFilm => "ta_film".to_owned(),
            TiltSeries::TaArea(area) => format!("ta_film_area_{}", area.number),
            TiltSeries::Pd1 => "pd1".to_owned(),
            TiltSeries::Pd2 => "pd2".to_owned(),
        }
    }

    /// The files of the images and of the angles, paths inside the repository.
    pub fn files(self) -> [String; 2] {
        let measured = "1_Measured_data";
        match self {
            TiltSeries::Example => [
                "2_RESIRE_package/Input/example_projections.mat".to_owned(),
                "2_RESIRE_package/Input/angles.mat".to_owned(),
            ],
            TiltSeries::TaArea(Area { number, .. }) => [
                format!(
                    "{measured}/Ta_film/Sub_area_projections_for_sAET/Projections_area{number}.mat"
                ),
                format!("{measured}/Ta_film/angles.mat"),
            ],
            TiltSeries::TaFilm | TiltSeries::Pd1 | TiltSeries::Pd2 => {
                let folder = match self {
                    TiltSeries::Pd1 => "Pd1_nanoparticle",
                    TiltSeries::Pd2 => "Pd2_nanoparticle",
                    _ => "Ta_film",
                };
                ["projections", "angles"].map(|name| format!("{measured}/{folder}/{name}.mat"))
            }
        }
    }

    /// Side of a pixel in ångström (Methods); not published for the example.
    pub fn pixel_angstrom(self) -> Option<f64> {
        match self {
            TiltSeries::Example => None,
            TiltSeries::TaFilm | TiltSeries::TaArea(_) => Some(0.3216),
            TiltSeries::Pd1 | TiltSeries::Pd2 => Some(0.454),
        }
    }

    /// The options that the published volumes were made with.
    pub fn options(self) -> Options {
        let particle = |padding: f64| Options {
            iterations: 200,
            step: 2.0,
            padding: [padding; 3],
            shape: Shape::Particle,
            forward: Forward::FourierSlice,
        };
        match self {
            TiltSeries::Example => Options {
                iterations: 100,
                ..Options::film()
            },
            TiltSeries::TaFilm | TiltSeries::TaArea(_) => Options::film(),
            TiltSeries::Pd1 => particle(4.0),
            TiltSeries::Pd2 => particle(3.5),
        }
    }
}

/// Reads a published tilt series.
///
/// # Errors
/// [`ReadError`].
pub fn read_series(
    store: &DataStore,
    series: TiltSeries,
    progress: &dyn Progress,
) -> Result<TiltImages, ReadError> {
    let (stack, images) = open(store, &series.files()[0], progress)?;
    let stack = stack.volume_f32(stack.first_name())?;
    let (angles, table) = read_angles_of(store, series, progress)?;
    Ok(TiltImages {
        images: by_image(stack),
        angles,
        files: vec![images, table],
    })
}

/// Reads the angles of a published tilt series alone.
///
/// # Errors
/// [`ReadError`].
pub fn read_angles_of(
    store: &DataStore,
    series: TiltSeries,
    progress: &dyn Progress,
) -> Result<(Vec<TiltAngles>, Located), ReadError> {
    let (table, angles) = open(store, &series.files()[1], progress)?;
    let table = table.matrix(table.first_name(), None, Some(3))?;
    let rows = table.rows().into_iter().map(|row| TiltAngles {
        phi_deg: row[0],
        theta_deg: row[1],
        psi_deg: row[2],
    });
    Ok((rows.collect(), angles))
}

/// The file of the published volume of an area, a path inside the repository.
pub fn volume_file(area: Area) -> String {
    format!(
        "2_RESIRE_package/Output/Ta_film_sub_area_reconstruction/ReconObj_sub{}.mat",
        area.number
    )
}

/// Reads the published volume of an area.
///
/// # Errors
/// [`ReadError`].
pub fn read_published_volume(
    store: &DataStore,
    area: Area,
    progress: &dyn Progress,
) -> Result<(Array3<f32>, Located), ReadError> {
    let (mat, located) = open(store, &volume_file(area), progress)?;
    let volume = mat.volume_f32("reconstruction")?;
    Ok((volume, located))
}
