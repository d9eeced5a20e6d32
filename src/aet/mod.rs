//! Atomic electron tomography: from the frames of a tilt series to images, from the images to a volume, and
//! from the volume to atoms (Methods, "Image preprocessing" to "The 3D precision estimation"; Figs. 1a, b,
//! S1–S4 and S6).
//!
//! An image is an array by x and y, a tilt series one by angle, x and y; the tilt axis is y, the
//! beam z. A volume has the axes x, y, z. Numbers are single precision, as in the published volumes.
//!
//! Arrays in, arrays out: of the library it uses the numerics, the progress and the atoms. Frames of a
//! microscope become images by [`preprocess`]. Begin with [`reconstruct`]; its steps are those of [`Reconstruction`]. Then come [`mod@trace`], [`mod@classify`] and
//! [`refine`]. [`multislice`] makes the images of atoms
//! at known places, to test the way back.

mod atom_filter;
mod atom_images;
pub mod classify;
mod compare;
mod cubic;
mod fourier;
mod gaussian;
mod geometry;
mod input;
mod morphology;
pub mod multislice;
mod noise;
mod options;
mod otsu;
mod precision;
pub mod preprocess;
mod r_factor;
pub mod refine;
mod resire;
mod scanning;
mod slices;
mod spectrum;
mod thickness;
pub mod trace;
mod view_fit;
mod voxels;

pub use atom_images::{AtomImages, View};
pub use compare::{Agreement, psnr};
pub use cubic::shift_images;
pub use geometry::{Rotation, TiltAngles, centre, film_size, smallest_tilt};
pub use input::{InputError, repeated};
pub use noise::{DetectorNoise, poisson_noise};
pub use options::{Forward, Options, Shape};
pub use otsu::otsu;
pub use precision::{Pair, Precision};
pub use r_factor::{RFactors, r_factors};
pub use resire::{
    Reached, Reconstruction, Volume, back_project, memory_bytes, object_size, project,
    project_in_real_space, reconstruct,
};
pub use scanning::{
    Area, FILM, StitchError, Stitched, UnknownArea, film_centre, owner, part, stitch,
};
pub use spectrum::{mean_power_spectrum, radial_mean, radial_power};
pub use thickness::{Film, film_surfaces};
