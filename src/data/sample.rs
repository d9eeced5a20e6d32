//! The samples of the paper: the few facts in which one analysis differs from the next.
//!
//! A sample is a value, never a copy of a function. What is not stated here is the same for all.

use std::fmt;
use std::str::FromStr;

use super::frames::{PD_QUENCH, SimulatedFrame, TA_QUENCH, TA_ZHOU_QUENCH};
use crate::atoms::Element;

/// One of the three experimental models, or a frame of the simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sample {
    /// The amorphous tantalum film, 8,284 atoms.
    TaFilm,
    /// The first palladium nanoparticle, 52,308 atoms.
    Pd1,
    /// The second palladium nanoparticle, 76,238 atoms.
    Pd2,
    /// A frame of the simulation.
    Simulated(&'static SimulatedFrame),
}

/// The three samples of the experiment, in the order of the paper.
pub const EXPERIMENT: [Sample; 3] = [Sample::TaFilm, Sample::Pd1, Sample::Pd2];

/// Where the atoms of a sample come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A `.mat` file of the public data repository and the variable that holds 3×N coordinates.
    Published {
        /// Path inside the repository.
        file: &'static str,
        /// Name of the MATLAB variable.
        variable: &'static str,
        /// Number of atoms that the file must hold.
        atoms: usize,
    },
    /// A simulation snapshot that this project made and carries (name of the file in `data/`).
    Embedded {
        /// File name in `data/`.
        file: &'static str,
    },
}

impl Sample {
    /// The tantalum liquid at 5,200 K, to which the paper compares its samples; 31,250 atoms in a
    /// periodic box.
    pub const TA_LIQUID: Sample = Sample::Simulated(&TA_QUENCH[0]);

    /// The tantalum glass at 300 K, held at that temperature.
    pub const TA_GLASS: Sample = Sample::Simulated(&TA_QUENCH[TA_QUENCH.len() - 1]);

    /// Every sample there is.
    pub fn all() -> impl Iterator<Item = Sample> {
        let frames = [TA_QUENCH, TA_ZHOU_QUENCH, PD_QUENCH];
        EXPERIMENT
            .into_iter()
            .chain(frames.into_iter().flatten().map(Sample::Simulated))
    }

    /// The frames of the quench of tantalum, hottest first: Fig. 6.
    pub fn quench() -> Vec<Sample> {
        TA_QUENCH.iter().map(Sample::Simulated).collect()
    }

    /// The name of the sample in tables.
    pub fn id(self) -> &'static str {
        match self {
            Sample::TaFilm => "ta_film",
            Sample::Pd1 => "pd1",
            Sample::Pd2 => "pd2",
            Sample::Simulated(frame) => frame.id,
        }
    }

    /// The element that the sample consists of.
    pub fn element(self) -> Element {
        match self {
            Sample::TaFilm => Element::Ta,
            Sample::Pd1 | Sample::Pd2 => Element::Pd,
            Sample::Simulated(frame) => frame.element,
        }
    }

    /// Where the atoms come from.
    pub fn origin(self) -> Origin {
        match self {
            Sample::TaFilm => Origin::Published {
                file: "6_Final_coordinates/Final_atomic_model_Ta_film.mat",
                variable: "model",
                atoms: 8_284,
            },
            Sample::Pd1 => Origin::Published {
                file: "6_Final_coordinates/Final_atomic_model_Pd1_nanoparticle.mat",
                variable: "modelarr",
                atoms: 52_308,
            },
            Sample::Pd2 => Origin::Published {
                file: "6_Final_coordinates/Final_atomic_model_Pd2_nanoparticle.mat",
                variable: "modelarr",
                atoms: 76_238,
            },
            Sample::Simulated(frame) => Origin::Embedded { file: frame.file },
        }
    }

    // ANCHOR: first-valley
    /// The first-nearest-neighbour shell distance `w` in ångström, the first valley of g(r):
    /// the longest bond of a tetrahedron, the cutoff of the bond order.
    ///
    /// Fixed for the published models, to the authors' parameters (the amorphous curve of Fig. 1c);
    /// `None` for simulated frames, whose valley is found from their own g(r).
    pub fn first_valley_angstrom(self) -> Option<f64> {
        match self {
            Sample::TaFilm => Some(4.12),
            Sample::Pd1 => Some(3.90),
            Sample::Pd2 => Some(3.91),
            Sample::Simulated(_) => None,
        }
    }
    // ANCHOR_END: first-valley

    /// The simulated temperature in kelvin; `None` for the experiment.
    pub fn temperature_k(self) -> Option<f64> {
        match self {
            Sample::Simulated(frame) => Some(f64::from(frame.temperature_k)),
            _ => None,
        }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A name that is no sample.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("there is no sample '{name}'; the samples are {}", Sample::all().map(Sample::id).collect::<Vec<_>>().join(", "))]
pub struct UnknownSample {
    /// The name as given.
    pub name: String,
}

impl FromStr for Sample {
    type Err = UnknownSample;

    fn from_str(name: &str) -> Result<Sample, UnknownSample> {
        Sample::all()
            .find(|sample| sample.id() == name)
            .ok_or_else(|| UnknownSample {
                name: name.to_owned(),
            })
    }
}
