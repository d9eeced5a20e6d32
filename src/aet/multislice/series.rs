//! Images of a specimen: one, or those of a tilt series.

use ndarray::{Array2, Array3, Axis};

use super::cell::{Cell, beams, place};
use super::electron::wavelength_angstrom;
use super::error::MultisliceError;
use super::options::{LEAST_WINDOW_ANGSTROM, Method, Microscope, Sampling, check};
use super::prism::{Prism, Sizes};
use super::probes::{self, Scan};
use super::slices::{Optics, Stack, slice_range};
use super::specimen::Specimen;
use crate::aet::geometry::Rotation;
use crate::aet::scattering::ScatteringFactor;
use crate::progress::Progress;

/// The identity: an image along z.
const UNTURNED: Rotation = Rotation([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);

/// The ADF-STEM image of a specimen, along z: by x and y, which part of the beam falls on the detector.
///
/// Pixel `i` of `n` lies at `(i − n/2)` times the pixel of the image, `n/2` rounded down
/// ([`centre`](crate::aet::centre)). The result is the same, bit for bit, on any number of threads.
///
/// # Errors
/// [`MultisliceError`].
///
/// ```
/// use amorphous_packing::aet::multislice::{Microscope, Sampling, Specimen, image};
/// use amorphous_packing::atoms::Element;
/// use amorphous_packing::numerics::Vec3;
/// use amorphous_packing::progress::Silent;
/// let specimen = Specimen { element: Element::Ta, positions: vec![Vec3::ZERO] };
/// let microscope = Microscope { outer_mrad: 60.0, ..Microscope::default() };
/// let sampling = Sampling::of(&microscope, 0.5);
/// let image = image(&specimen, &microscope, &sampling, (5, 5), &Silent)?;
/// assert!(image[[2, 2]] > 2.0 * image[[0, 0]]);
/// # Ok::<(), amorphous_packing::aet::multislice::MultisliceError>(())
/// ```
pub fn image(
    specimen: &Specimen,
    microscope: &Microscope,
    sampling: &Sampling,
    size: (usize, usize),
    progress: &dyn Progress,
) -> Result<Array2<f32>, MultisliceError> {
    let images = tilt_series(specimen, &[UNTURNED], microscope, sampling, size, progress)?;
    Ok(images.index_axis_move(Axis(0), 0))
}

/// The ADF-STEM images of a specimen turned by each of the rotations about the origin: by angle, x
/// and y, as [`reconstruct`](crate::aet::reconstruct) takes them. Each as [`image`] makes it, in one cell
/// that holds the atoms at all the angles.
///
/// # Errors
/// [`MultisliceError`].
pub fn tilt_series(
    specimen: &Specimen,
    rotations: &[Rotation],
    microscope: &Microscope,
    sampling: &Sampling,
    size: (usize, usize),
    progress: &dyn Progress,
) -> Result<Array3<f32>, MultisliceError> {
    let plan = Plan::new(specimen, rotations, microscope, sampling, size)?;
    let needed = plan.memory_bytes(rayon::current_num_threads());
    if needed > sampling.memory_limit_bytes {
        let limit = sampling.memory_limit_bytes;
        return Err(MultisliceError::Memory { needed, limit });
    }
    let factor = ScatteringFactor::of(specimen.element);
    let optics = Optics::new(plan.cell, &factor, microscope, sampling);
    let prism = match sampling.method {
        Method::Probes => None,
        Method::Prism { factor } => Some(Prism::new(&optics, factor, microscope)),
    };
    let scan = plan.scan();
    progress.start("multislice", Some((plan.waves() * rotations.len()) as u64));
    let mut pixels = Vec::with_capacity(rotations.len() * size.0 * size.1);
    for (turned, number) in plan.turned.iter().zip(1..) {
        let stack = Stack::new(&optics, turned, sampling.slice_angstrom);
        pixels.extend(match &prism {
            Some(prism) => prism.image(&stack, &scan, microscope, progress),
            None => probes::image(&stack, &scan, microscope, progress),
        });
        progress.note(&format!("image {number} of {}", rotations.len()));
    }
    progress.finish();
    let shape = (rotations.len(), size.0, size.1);
    Ok(Array3::from_shape_vec(shape, pixels).expect("one pixel for each position of the beam"))
}

/// The bytes that [`tilt_series`] holds at its most, on so many threads: the slices of one image, the
/// S-matrix of PRISM, and what each thread works with.
///
/// # Errors
/// [`MultisliceError`].
pub fn memory_bytes(
    specimen: &Specimen,
    rotations: &[Rotation],
    microscope: &Microscope,
    sampling: &Sampling,
    size: (usize, usize),
    threads: usize,
) -> Result<u64, MultisliceError> {
    let plan = Plan::new(specimen, rotations, microscope, sampling, size)?;
    Ok(plan.memory_bytes(threads))
}

/// What a series needs, before anything is computed.
struct Plan {
    turned: Vec<Specimen>,
    cell: Cell,
    size: (usize, usize),
    pixel: f64,
    slices: usize,
    /// Plane waves where there is an S-matrix.
    prism: Option<Sizes>,
    /// Plane waves that make up the whole beam.
    beams: usize,
}

impl Plan {
    fn new(
        specimen: &Specimen,
        rotations: &[Rotation],
        microscope: &Microscope,
        sampling: &Sampling,
        (nx, ny): (usize, usize),
    ) -> Result<Plan, MultisliceError> {
        check(microscope, sampling)?;
        specimen.check()?;
        if nx == 0 || ny == 0 {
            return Err(MultisliceError::NoPixels { nx, ny });
        }
        if rotations.is_empty() {
            return Err(MultisliceError::NoRotations);
        }
        let finite = |rotation: &Rotation| rotation.0.as_flattened().iter().all(|r| r.is_finite());
        if let Some(index) = rotations.iter().position(|rotation| !finite(rotation)) {
            return Err(MultisliceError::Rotation { number: index + 1 });
        }
        let turned: Vec<Specimen> = rotations.iter().map(|r| specimen.turned(r)).collect();
        let places = turned.iter().flat_map(|specimen| &specimen.positions);
        let cell = Cell::about(places.map(|place| [place.x, place.y]), [nx, ny], sampling);
        let wavelength = wavelength_angstrom(microscope.energy_kev);
        let prism = match sampling.method {
            Method::Probes => None,
            Method::Prism { factor } => {
                let window = cell.side[0].min(cell.side[1]) / factor as f64;
                let least = LEAST_WINDOW_ANGSTROM;
                if window < least {
                    return Err(MultisliceError::Window {
                        window,
                        least,
                        factor,
                    });
                }
                Some(Sizes::of(&cell, factor, wavelength, microscope))
            }
        };
        let slices = turned.iter().map(|turned| {
            let (first, last) = slice_range(&turned.positions, sampling.slice_angstrom);
            (last - first + 1) as usize
        });
        Ok(Plan {
            slices: slices.max().unwrap_or(0),
            beams: beams(&cell, 1, wavelength, microscope.convergence_mrad).len(),
            turned,
            cell,
            size: (nx, ny),
            pixel: sampling.scan_pixel_angstrom,
            prism,
        })
    }

    /// Where the beam stands.
    fn scan(&self) -> Scan {
        let turns = |axis: usize, count: usize| {
            (0..count)
                .map(|i| (place(i, count, self.pixel) - self.cell.low[axis]) / self.cell.side[axis])
                .collect()
        };
        Scan {
            x: turns(0, self.size.0),
            y: turns(1, self.size.1),
        }
    }

    /// The waves that go through the sample for one image.
    fn waves(&self) -> usize {
        match &self.prism {
            Some(sizes) => sizes.beams(),
            None => self.size.0 * self.size.1,
        }
    }

    fn memory_bytes(&self, threads: usize) -> u64 {
        let samples = self.cell.size.iter().map(|&n| n as u64).product::<u64>();
        let (matrix, own) = match &self.prism {
            Some(sizes) => sizes.complex_numbers(),
            None => (0, self.beams as u64),
        };
        // Of each slice what it transmits, the propagator, the phases of an atom, the weights; of each
        // thread a wave, its spectrum and the memory of the transforms, at most three waves.
        let shared = (self.slices as u64 + 2) * samples + matrix;
        let complex = shared + threads as u64 * (3 * samples + own);
        let images = (self.turned.len() * self.size.0 * self.size.1) as u64;
        complex * size_of::<super::transform::C32>() as u64 + images * size_of::<f32>() as u64
    }
}
