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
use crate::atoms::ScatteringFactor;
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
/// let image = image(&specimen, &microscope, &sampling, (31, 31), &Silent)?;
/// assert!(image[[15, 15]] > 2.0 * image[[14, 15]]);
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
    let factor = ScatteringFactor::of(specimen.element)?;
    let optics = Optics::new(plan.cell, &factor, microscope, sampling);
    let prism = match sampling.method {
        Method::Probes => None,
        Method::Prism { factor } => Some(Prism::new(&optics, factor, microscope)),
    };
    let scan = plan.scan();
    progress.start("multislice", Some((plan.waves() * rotations.len()) as u64));
    let mut pixels = Vec::with_capacity(rotations.len() * size.0 * size.1);
    for ((turned, range), number) in plan.turned.iter().zip(&plan.slices).zip(1..) {
        let stack = Stack::new(&optics, turned, sampling.slice_angstrom, *range);
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
    /// The first and the last slice of each image.
    slices: Vec<(i64, i64)>,
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
        let cell = Cell::about(places.map(|place| [place.x, place.y]), [nx, ny], sampling)?;
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
        let slices = turned
            .iter()
            .map(|turned| slice_range(&turned.positions, sampling.slice_angstrom))
            .collect::<Result<_, _>>()?;
        Ok(Plan {
            slices,
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
        let slices = self.slices.iter().map(|(first, last)| last - first + 1);
        let shared = (slices.max().unwrap_or(0) as u64 + 2) * samples + matrix;
        let complex = shared + threads as u64 * (3 * samples + own);
        let images = (self.turned.len() * self.size.0 * self.size.1) as u64;
        complex * size_of::<super::transform::C32>() as u64 + images * size_of::<f32>() as u64
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::aet::geometry::TiltAngles;
    use crate::atoms::Element;
    use crate::numerics::Vec3;
    use crate::progress::Silent;

    const PIXEL: f64 = 0.3216;
    const SIZE: (usize, usize) = (17, 15);

    fn microscope(outer_mrad: f64) -> Microscope {
        Microscope {
            outer_mrad,
            ..Microscope::default()
        }
    }

    fn sampling(microscope: &Microscope, method: Method) -> Sampling {
        Sampling {
            padding_angstrom: 3.0,
            method,
            ..Sampling::of(microscope, PIXEL)
        }
    }

    fn ta(positions: &[[f64; 3]]) -> Specimen {
        Specimen {
            element: Element::Ta,
            positions: positions.iter().copied().map(Vec3::from).collect(),
        }
    }

    /// Five atoms in three slices, none on a sample.
    fn five() -> Specimen {
        ta(&[
            [0.07, -0.31, 0.4],
            [1.83, 1.12, -1.3],
            [-1.91, 0.77, 2.2],
            [0.61, -1.57, 3.1],
            [-1.13, -1.01, -0.9],
        ])
    }

    fn by(specimen: &Specimen, microscope: &Microscope, method: Method) -> Array2<f32> {
        let sampling = sampling(microscope, method);
        image(specimen, microscope, &sampling, SIZE, &Silent).unwrap()
    }

    fn largest(image: &Array2<f32>) -> f32 {
        image.iter().fold(0.0, |a, &b| a.max(b))
    }

    /// The largest difference of two images, as a part of the maximum.
    fn difference(one: &Array2<f32>, other: &Array2<f32>) -> f32 {
        let differences = one.iter().zip(other).map(|(a, b)| (a - b).abs());
        differences.fold(0.0, f32::max) / largest(one)
    }

    #[test]
    fn prism_with_factor_one_is_plain_multislice_and_with_two_is_close() {
        let microscope = microscope(60.0);
        let plain = by(&five(), &microscope, Method::Probes);
        let prism = |factor| by(&five(), &microscope, Method::Prism { factor });
        let (one, two) = (difference(&plain, &prism(1)), difference(&plain, &prism(2)));
        assert!(one < 1e-5, "{one}");
        assert!(two < 0.03, "{two}");
    }

    #[test]
    fn atoms_moved_by_pixels_move_the_image() {
        let microscope = microscope(60.0);
        let mut moved = five();
        for place in &mut moved.positions {
            *place += Vec3::new(2.0 * PIXEL, -PIXEL, 0.0);
        }
        let here = by(&five(), &microscope, Method::Probes);
        let there = by(&moved, &microscope, Method::Probes);
        let expected = Array2::from_shape_fn((15, 14), |(x, y)| here[[x, y + 1]]);
        let found = Array2::from_shape_fn((15, 14), |(x, y)| there[[x + 2, y]]);
        let error = difference(&expected, &found);
        assert!(error < 1e-4, "{error}");
    }

    #[test]
    fn the_image_of_an_atom_is_symmetric_about_it() {
        let microscope = microscope(60.0);
        let image = by(&ta(&[[0.0; 3]]), &microscope, Method::Prism { factor: 2 });
        let (middle, top) = ([8, 7], largest(&image));
        assert_eq!(image[middle], top);
        for a in 0..=7 {
            for b in 0..=7 {
                let at = |x: usize, y: usize| image[[x, y]];
                let corner = at(8 + a, 7 + b);
                for same in [at(8 - a, 7 + b), at(8 + a, 7 - b), at(8 + b, 7 + a)] {
                    assert!((corner - same).abs() < 2e-3 * top, "{a}, {b}");
                }
            }
        }
    }

    /// A detector without a hole that reaches to the limit takes all but what is scattered beyond, and
    /// there is less of that the farther the limit.
    #[test]
    fn no_electron_is_lost() {
        let lost = |outer_mrad| {
            let everything = Microscope {
                inner_mrad: 0.0,
                outer_mrad,
                ..Microscope::default()
            };
            let sampling = Sampling {
                scan_pixel_angstrom: 1.0,
                ..sampling(&everything, Method::Probes)
            };
            let image = image(&five(), &everything, &sampling, (4, 3), &Silent).unwrap();
            image
                .iter()
                .fold(0.0_f32, |lost, part| lost.max((1.0 - part).abs()))
        };
        let (near, far) = (lost(200.0), lost(400.0));
        assert!(near < 0.01 && far < 0.3 * near, "{near} {far}");
    }

    /// Far apart, two atoms scatter as much as one and one; and nearly as the square of the charge.
    #[test]
    fn scattering_grows_with_the_atoms_and_with_their_charge() {
        let microscope = microscope(100.0);
        let sum =
            |specimen: &Specimen| by(specimen, &microscope, Method::Prism { factor: 2 }).sum();
        let one = sum(&ta(&[[0.0; 3]]));
        let two = sum(&ta(&[[-1.6, 0.0, 0.3], [1.6, 0.0, 0.3]]));
        assert!((two / one - 2.0).abs() < 0.1, "{}", two / one);
        let palladium = Specimen {
            element: Element::Pd,
            ..ta(&[[0.0; 3]])
        };
        let exponent = (one / sum(&palladium)).ln() / (73.0_f32 / 46.0).ln();
        assert!((1.4..2.0).contains(&exponent), "{exponent}");
    }

    #[test]
    fn a_series_holds_the_images_of_the_turned_atoms_on_any_number_of_threads() {
        let microscope = microscope(60.0);
        let sampling = sampling(&microscope, Method::Prism { factor: 2 });
        let rotations = [-40.0, 0.0, 63.0].map(|tilt| Rotation::of(TiltAngles::tilt(tilt)));
        let series = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let work = || tilt_series(&five(), &rotations, &microscope, &sampling, SIZE, &Silent);
            pool.build().unwrap().install(work).unwrap()
        };
        let images = series(1);
        assert_eq!(images, series(3));
        for (image, rotation) in images.outer_iter().zip(&rotations) {
            let alone = by(&five().turned(rotation), &microscope, sampling.method);
            let error = difference(&image.to_owned(), &alone);
            assert!(error < 5e-3, "{error}");
        }
    }

    /// The line x = 7 of the image of four atoms and the sum of the image: abTEM 1.0.11, computed by
    /// benches/peers/multislice.py. Its detector has sharp edges, ours are one frequency step wide.
    #[test]
    fn four_atoms_look_as_in_abtem() {
        let line = [
            6.77388e-04,
            8.63185e-04,
            2.18523e-03,
            1.50378e-03,
            1.88526e-03,
            8.63459e-03,
            1.02126e-01,
            1.24505e-02,
            1.63106e-03,
            6.09969e-04,
            3.39950e-04,
            2.23843e-04,
            1.63394e-04,
            1.19395e-04,
            8.34231e-05,
        ];
        let (sum, top) = (0.79953, 1.02126e-01);
        let four = ta(&[
            [0.07, -0.31, 0.4],
            [1.83, 1.12, 1.3],
            [-1.91, 0.77, 2.2],
            [0.61, -1.57, 3.1],
        ]);
        let microscope = microscope(100.0);
        let sampling = Sampling {
            method: Method::Probes,
            ..Sampling::of(&microscope, PIXEL)
        };
        let image = image(&four, &microscope, &sampling, (15, 15), &Silent).unwrap();
        assert!((image.sum() / sum - 1.0).abs() < 0.003, "{}", image.sum());
        for (&found, expected) in image.row(7).iter().zip(line) {
            assert!(
                (found - expected).abs() < 0.002 * top,
                "{found}, {expected}"
            );
        }
    }

    #[test]
    fn focus_lies_where_the_microscope_says() {
        let focused = |z: f64, defocus_angstrom| {
            let microscope = Microscope {
                defocus_angstrom,
                ..microscope(60.0)
            };
            largest(&by(&ta(&[[0.0, 0.0, z]]), &microscope, Method::Probes))
        };
        // The same atom 100 Å behind the origin, and the focus with it; without, it is blurred.
        let (here, there) = (focused(0.0, 0.0), focused(100.0, 100.0));
        assert!((there / here - 1.0).abs() < 1e-3, "{here} {there}");
        assert!(focused(100.0, 0.0) < 0.5 * here);
    }

    #[test]
    fn what_cannot_be_simulated_is_refused() {
        let microscope = microscope(60.0);
        let settings = sampling(&microscope, Method::Prism { factor: 2 });
        let refused = |specimen: &Specimen, sampling: &Sampling, size| {
            image(specimen, &microscope, sampling, size, &Silent).unwrap_err()
        };
        use MultisliceError as E;
        assert_eq!(refused(&ta(&[]), &settings, SIZE), E::NoAtoms);
        let lost = ta(&[[0.0; 3], [f64::NAN, 0.0, 0.0]]);
        assert_eq!(refused(&lost, &settings, SIZE), E::Atom { number: 2 });
        assert_eq!(
            refused(&five(), &settings, (0, 3)),
            E::NoPixels { nx: 0, ny: 3 }
        );
        let narrow = Sampling {
            method: Method::Prism { factor: 8 },
            ..settings
        };
        assert!(matches!(
            refused(&five(), &narrow, SIZE),
            E::Window { factor: 8, .. }
        ));
        let none = tilt_series(&five(), &[], &microscope, &settings, SIZE, &Silent);
        assert_eq!(none, Err(E::NoRotations));
        let bad = [UNTURNED, Rotation([[f64::INFINITY; 3]; 3])];
        let bad = tilt_series(&five(), &bad, &microscope, &settings, SIZE, &Silent);
        assert_eq!(bad, Err(E::Rotation { number: 2 }));
        for far in [[1e300, 0.0, 0.0], [0.0, 0.0, -1e300], [0.0, 0.0, 1e12]] {
            let found = refused(&ta(&[far]), &settings, SIZE);
            assert!(matches!(found, E::Large { .. }), "{found}");
        }
        let bytes = memory_bytes(&five(), &[UNTURNED], &microscope, &settings, SIZE, 2).unwrap();
        let small = Sampling {
            memory_limit_bytes: 1 << 20,
            ..settings
        };
        let found = refused(&five(), &small, SIZE);
        assert!(matches!(found, E::Memory { needed, .. } if needed > 1 << 20));
        assert!((4 << 20..1 << 28).contains(&bytes), "{bytes}");
    }
}
