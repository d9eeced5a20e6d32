//! The finite-shape normalisation of g(r): how much of a sphere about an atom lies in the sample.
//!
//! Methods, "Calculation of the PDF from the experimental 3D atomic model". Neighbours at the
//! distance `r` can be found only where the sphere of radius `r` about an atom lies inside the
//! sample. Only the sum of that share over all atoms is needed, and it is the mean over directions
//! of one correlation: `C(Δ) = Σ_i χ(x_i + Δ)` with the indicator `χ` of the alpha shape. `C` is
//! found for all displacements at once by Fourier transforms on a grid.

use std::ops::Range;

use rayon::prelude::*;
use realfft::RealFftPlanner;
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use crate::atoms::Vec3;
use crate::geometry::{AlphaShape, HalfSpaces};
use crate::numerics::{Bounds, Grouped, fast_length};

use super::shells::RANGE_ANGSTROM;

/// The spacing of the grid in ångström.
const GRID_ANGSTROM: f64 = 0.5;
/// The directions of a spherical mean.
const DIRECTIONS: usize = 2_000;
/// Planes of the grid that are filled together.
const SLAB: usize = 8;
/// The largest displacement along an axis in grid steps; one more than the range, for the
/// interpolation.
const REACH: usize = (RANGE_ANGSTROM / GRID_ANGSTROM) as usize + 1;
/// Displacements along an axis.
const LAGS: usize = 2 * REACH + 1;
/// The largest prime factor of the lengths that are transformed.
const LARGEST_FACTOR: usize = 5;

/// The correlation `C(Δ)` of atoms and shape for `|Δ| ≤ 20 Å`.
pub(super) struct ShapeCorrelation {
    /// By x, y and z, each from `-REACH` to `REACH`.
    values: Vec<f64>,
}

impl ShapeCorrelation {
    pub(super) fn new(atoms: &[Vec3], shape: &AlphaShape) -> ShapeCorrelation {
        let grid = FourierGrid::around(atoms, shape);
        let planes = grid.plane_spectra(atoms, shape);
        let columns = grid.correlated(&planes);
        drop(planes);
        ShapeCorrelation {
            values: grid.back_along_z(&columns),
        }
    }

    /// `⟨C(r û)⟩`, the mean over directions: how many atoms, counted by the share of their sphere
    /// of radius `r_angstrom` (at most 20) that lies in the shape.
    // ANCHOR: spherical-mean
    pub(super) fn spherical_mean(&self, r_angstrom: f64) -> f64 {
        let steps = r_angstrom / GRID_ANGSTROM;
        let sum: f64 = directions()
            .map(|direction| self.interpolated(steps * direction))
            .sum();
        sum / DIRECTIONS as f64
    }
    // ANCHOR_END: spherical-mean

    /// Trilinear interpolation at a displacement in grid steps.
    fn interpolated(&self, steps: Vec3) -> f64 {
        weights(steps + Vec3::splat(REACH as f64))
            .map(|([x, y, z], weight)| weight * self.values[(x * LAGS + y) * LAGS + z])
            .sum()
    }
}

/// Directions spread evenly over the sphere (a Fibonacci lattice).
fn directions() -> impl Iterator<Item = Vec3> {
    let golden_angle = std::f64::consts::PI * (3.0 - 5.0_f64.sqrt());
    (0..DIRECTIONS).map(move |k| {
        let z = 1.0 - (2 * k + 1) as f64 / DIRECTIONS as f64;
        let (sine, cosine) = (golden_angle * k as f64).sin_cos();
        let radius = (1.0 - z * z).sqrt();
        Vec3::new(radius * cosine, radius * sine, z)
    })
}

/// The eight grid points about a place (in grid steps) and their trilinear weights.
fn weights(place: Vec3) -> impl Iterator<Item = ([usize; 3], f64)> {
    let low = place.floor();
    let over = place - low;
    (0..8).map(move |corner| {
        let up = [corner >> 2 & 1, corner >> 1 & 1, corner & 1];
        let weight = [0, 1, 2].map(|k| if up[k] == 1 { over[k] } else { 1.0 - over[k] });
        let point = [0, 1, 2].map(|k| low[k] as usize + up[k]);
        (point, weight.iter().product())
    })
}

/// The grid that is transformed.
struct FourierGrid {
    /// Where it begins, in ångström.
    low: Vec3,
    /// How much of it atoms and shape fill.
    filled: [usize; 3],
    /// With the padding that keeps displacements of 20 Å from wrapping around.
    padded: [usize; 3],
}

/// One plane of constant x, transformed along z and y: by the wave number along z, then y. In
/// single precision, which halves the memory; its rounding averages out.
type Plane = Vec<Complex<f32>>;

/// Indicator and atoms of a plane.
struct Planes {
    shape: Plane,
    atoms: Plane,
}

impl FourierGrid {
    fn around(atoms: &[Vec3], shape: &AlphaShape) -> FourierGrid {
        let corners = shape.corners().iter().flatten();
        let Bounds { low, high } = Bounds::of(atoms.iter().chain(corners).copied());
        // A flat side of the sample lies midway between planes of the grid, not on one.
        let low = low - Vec3::splat(0.5 * GRID_ANGSTROM);
        let steps = (high - low) / GRID_ANGSTROM;
        let filled = steps.to_array().map(|n| n as usize + 2);
        FourierGrid {
            low,
            filled,
            padded: filled.map(|n| fast_length(n + REACH, 1, LARGEST_FACTOR)),
        }
    }

    /// Wave numbers along z: those of a real transform.
    fn waves(&self) -> usize {
        self.padded[2] / 2 + 1
    }

    fn steps(&self, place: Vec3) -> Vec3 {
        (place - self.low) / GRID_ANGSTROM
    }

    fn slabs(&self) -> usize {
        self.filled[0].div_ceil(SLAB)
    }

    /// The tetrahedra of the shape that reach into each slab, by their places in the list of its
    /// corners.
    fn tetrahedra_of_slabs(&self, shape: &AlphaShape) -> Grouped<u32> {
        let slab = |place: Vec3| (self.steps(place)[0] as usize / SLAB) as u32;
        Grouped::new(self.slabs(), || {
            shape.corners().iter().enumerate().flat_map(|(t, corners)| {
                let Bounds { low, high } = Bounds::of(corners.iter().copied());
                (slab(low)..=slab(high)).map(move |slab| (slab, t as u32))
            })
        })
    }

    /// The atoms that weigh on planes of each slab, where they lie in grid steps: on the plane
    /// below them and on the next, which may be the first of another slab.
    fn atoms_of_slabs(&self, atoms: &[Vec3]) -> Grouped<Vec3> {
        let slabs = self.slabs();
        Grouped::new(slabs, || {
            atoms.iter().flat_map(|&atom| {
                let place = self.steps(atom);
                let below = place[0] as usize;
                let last = ((below + 1) / SLAB).min(slabs - 1);
                (below / SLAB..=last).map(move |slab| (slab as u32, place))
            })
        })
    }

    /// Fills the grid slab by slab and transforms each plane along z and y.
    fn plane_spectra(&self, atoms: &[Vec3], shape: &AlphaShape) -> Vec<Planes> {
        let (tetrahedra, deposits) = (self.tetrahedra_of_slabs(shape), self.atoms_of_slabs(atoms));
        let planes: Vec<Vec<Planes>> = (0..self.slabs() as u32)
            .into_par_iter()
            .map(|slab| {
                let from = slab as usize * SLAB;
                let planes = from..(from + SLAB).min(self.filled[0]);
                let cells = planes.len() * self.filled[1] * self.filled[2];
                let mut indicator = vec![0.0; cells];
                for &t in tetrahedra.of(slab) {
                    self.mark(&shape.corners()[t as usize], &planes, &mut indicator);
                }
                let mut masses = vec![0.0; cells];
                for &place in deposits.of(slab) {
                    for ([x, y, z], weight) in weights(place) {
                        if planes.contains(&x) {
                            masses[self.cell(x - from, y) + z] += weight;
                        }
                    }
                }
                let mut transform = PlaneTransform::new(self);
                let area = self.filled[1] * self.filled[2];
                let both = indicator.chunks(area).zip(masses.chunks(area));
                both.map(|(shape, atoms)| Planes {
                    shape: transform.spectrum(shape),
                    atoms: transform.spectrum(atoms),
                })
                .collect()
            })
            .collect();
        planes.into_iter().flatten().collect()
    }

    /// The first cell of a row, in planes of the filled size.
    fn cell(&self, plane: usize, y: usize) -> usize {
        (plane * self.filled[1] + y) * self.filled[2]
    }

    /// Sets the grid points inside a tetrahedron to one.
    fn mark(&self, corners: &[Vec3; 4], planes: &Range<usize>, indicator: &mut [f64]) {
        let corners = corners.map(|corner| self.steps(corner));
        let faces = HalfSpaces::of(&corners);
        let Bounds { low, high } = Bounds::of(corners);
        let (from, to) = (low.ceil(), high.floor());
        let ends = |k: usize| from[k] as usize..=to[k] as usize;
        for x in ends(0).filter(|x| planes.contains(x)) {
            for y in ends(1) {
                let (low, high) = faces.along_z(x as f64, y as f64);
                let (low, high) = (low.max(from[2]).ceil(), high.min(to[2]).floor());
                if low <= high {
                    let row = self.cell(x - planes.start, y);
                    indicator[row + low as usize..=row + high as usize].fill(1.0);
                }
            }
        }
    }

    /// Transforms along x, multiplies, and transforms back along x and y, as far as the range
    /// goes: for every wave number along z the displacements along x and y.
    fn correlated(&self, planes: &[Planes]) -> Vec<Vec<Complex<f64>>> {
        let mut planner = FftPlanner::new();
        let [nx, ny, _] = self.padded;
        let (there, back) = (planner.plan_fft_forward(nx), planner.plan_fft_inverse(nx));
        let back_y = planner.plan_fft_inverse(ny);
        let longest = [&there, &back, &back_y].map(|fft| fft.get_inplace_scratch_len());
        let scratch = longest.into_iter().max().unwrap_or(0);
        let zero = Complex::new(0.0, 0.0);
        let sharper = self.padded.map(sharpening);
        (0..self.waves())
            .into_par_iter()
            .map_init(
                || (vec![zero; nx], vec![zero; nx], vec![zero; scratch]),
                |(shape, atoms, scratch), wave| {
                    let mut lines = vec![zero; LAGS * ny];
                    for y in 0..ny {
                        let at = wave * ny + y;
                        shape[planes.len()..].fill(zero);
                        atoms[planes.len()..].fill(zero);
                        for (x, plane) in planes.iter().enumerate() {
                            shape[x] = wide(plane.shape[at]);
                            atoms[x] = wide(plane.atoms[at]);
                        }
                        // ANCHOR: product
                        there.process_with_scratch(shape, scratch);
                        there.process_with_scratch(atoms, scratch);
                        let plain = 1.0 + sharper[2][wave] + sharper[1][y];
                        let along_x = shape.iter_mut().zip(atoms.iter()).zip(&sharper[0]);
                        for ((shape, atoms), sharper) in along_x {
                            *shape *= atoms.conj() * (plain + sharper);
                        }
                        back.process_with_scratch(shape, scratch);
                        // ANCHOR_END: product
                        for lag in 0..LAGS {
                            lines[lag * ny + y] = shape[wrapped(lag, nx)];
                        }
                    }
                    back_y.process_with_scratch(&mut lines, scratch);
                    let rows = lines.chunks(ny);
                    rows.flat_map(|row| (0..LAGS).map(|lag| row[wrapped(lag, ny)]))
                        .collect()
                },
            )
            .collect()
    }

    /// Transforms back along z.
    fn back_along_z(&self, waves: &[Vec<Complex<f64>>]) -> Vec<f64> {
        let nz = self.padded[2];
        let back = RealFftPlanner::<f64>::new().plan_fft_inverse(nz);
        let scale = 1.0 / self.padded.iter().product::<usize>() as f64;
        (0..LAGS * LAGS)
            .into_par_iter()
            .flat_map_iter(|column| {
                let mut spectrum: Vec<Complex<f64>> =
                    waves.iter().map(|wave| wave[column]).collect();
                // What a real signal cannot have is rounding.
                spectrum[0].im = 0.0;
                if nz.is_multiple_of(2) {
                    spectrum[nz / 2].im = 0.0;
                }
                let mut values = back.make_output_vec();
                back.process(&mut spectrum, &mut values)
                    .expect("input and output have the planned lengths");
                (0..LAGS).map(move |lag| scale * values[wrapped(lag, nz)])
            })
            .collect()
    }
}

/// The transform of a plane along z and then y, with its working memory.
struct PlaneTransform<'a> {
    grid: &'a FourierGrid,
    along_z: std::sync::Arc<dyn realfft::RealToComplex<f64>>,
    along_y: std::sync::Arc<dyn rustfft::Fft<f64>>,
    row: Vec<f64>,
    spectrum: Vec<Complex<f64>>,
    plane: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl<'a> PlaneTransform<'a> {
    fn new(grid: &'a FourierGrid) -> PlaneTransform<'a> {
        let along_z = RealFftPlanner::new().plan_fft_forward(grid.padded[2]);
        let along_y = FftPlanner::new().plan_fft_forward(grid.padded[1]);
        let zero = Complex::new(0.0, 0.0);
        let scratch = along_z
            .get_scratch_len()
            .max(along_y.get_inplace_scratch_len());
        PlaneTransform {
            row: along_z.make_input_vec(),
            spectrum: along_z.make_output_vec(),
            plane: vec![zero; grid.waves() * grid.padded[1]],
            scratch: vec![zero; scratch],
            grid,
            along_z,
            along_y,
        }
    }

    fn spectrum(&mut self, cells: &[f64]) -> Plane {
        let ny = self.grid.padded[1];
        self.plane.fill(Complex::new(0.0, 0.0));
        for (y, filled) in cells.chunks(self.grid.filled[2]).enumerate() {
            if filled.iter().all(|&value| value == 0.0) {
                continue;
            }
            self.row.fill(0.0);
            self.row[..filled.len()].copy_from_slice(filled);
            let scratch = &mut self.scratch[..self.along_z.get_scratch_len()];
            self.along_z
                .process_with_scratch(&mut self.row, &mut self.spectrum, scratch)
                .expect("input and output have the planned lengths");
            for (wave, value) in self.spectrum.iter().enumerate() {
                self.plane[wave * ny + y] = *value;
            }
        }
        self.along_y
            .process_with_scratch(&mut self.plane, &mut self.scratch);
        let narrow = |value: &Complex<f64>| Complex::new(value.re as f32, value.im as f32);
        self.plane.iter().map(narrow).collect()
    }
}

/// Depositing the atoms and reading the correlation off the grid, both trilinearly, blur it with a
/// variance of a third of a squared grid step along each axis. Taking a sixth of the second
/// difference away from it undoes that: for each wave number along an axis, what to add to one.
fn sharpening(n: usize) -> Vec<f64> {
    let cosine = |wave: usize| (2.0 * std::f64::consts::PI * wave as f64 / n as f64).cos();
    (0..n).map(|wave| (1.0 - cosine(wave)) / 3.0).collect()
}

fn wide(value: Complex<f32>) -> Complex<f64> {
    Complex::new(f64::from(value.re), f64::from(value.im))
}

/// Where a displacement stands in a transform of `n` points.
fn wrapped(lag: usize, n: usize) -> usize {
    (lag + n - REACH) % n
}
