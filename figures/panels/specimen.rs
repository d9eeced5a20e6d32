//! Specimens whose atoms are known, for images where none are public: cut out of the simulated glass that
//! the library carries.

use amorphous_packing::atoms::{Element, ScatteringFactor, Vec3};
use amorphous_packing::data::carried::embedded;
use amorphous_packing::data::snapshot::Snapshot;
use amorphous_packing::data::tomography::TiltSeries;
use anyhow::{Context, Result};

use crate::harness::provenance::Input;

/// The frame that is cut: tantalum, as the film, at the temperature of the experiment.
pub const FRAME: &str = "ta_glass_300K.parquet";

/// Atoms at known places, and how they are imaged.
pub struct Specimen {
    /// Positions in ångström from the centre of the specimen.
    pub positions: Vec<Vec3>,
    /// What the atoms are.
    pub element: Element,
    /// How they scatter.
    pub factor: ScatteringFactor,
    /// Side of a pixel in ångström: that of the images of the Ta film.
    pub pixel_angstrom: f64,
    /// The frame.
    pub input: Input,
}

/// A ball of simulated tantalum glass of this radius in ångström.
///
/// # Errors
/// When the carried frame is damaged.
pub fn glass_ball(radius_angstrom: f64) -> Result<Specimen> {
    let bytes = embedded(FRAME).with_context(|| format!("the library does not carry {FRAME}"))?;
    let snapshot = Snapshot::from_parquet(bytes)?;
    let element = Element::Ta;
    Ok(Specimen {
        positions: snapshot.ball(radius_angstrom),
        element,
        factor: ScatteringFactor::of(element)?,
        pixel_angstrom: TiltSeries::TaFilm.pixel_angstrom().unwrap_or(1.0),
        input: Input::of("ta_glass_300K", FRAME.to_owned(), bytes),
    })
}

impl Specimen {
    /// The positions in pixels.
    pub fn in_pixels(&self) -> Vec<Vec3> {
        let positions = self.positions.iter();
        positions
            .map(|&position| position / self.pixel_angstrom)
            .collect()
    }

    /// Pixels a side of an image that holds the specimen with this margin in pixels.
    pub fn side(&self, margin: usize) -> usize {
        let far = self.positions.iter().map(|position| position.length());
        let reach = far.fold(0.0, f64::max) / self.pixel_angstrom;
        2 * (reach.ceil() as usize + margin) + 1
    }
}
