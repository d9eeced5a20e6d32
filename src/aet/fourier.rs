//! Fourier transforms of a volume that fills a corner of its padded grid only.
//!
//! Of the grid of the Fourier-slice projection (three times the film in two directions) a few per
//! cent hold the object, and the object is real. So the transform along y is real-to-complex and
//! runs over the rows of the object alone, that along x over the layers of the object, and only the
//! one along z sees the whole grid: plane by plane of constant frequency along y, which is how the
//! slices need it.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::geometry::centre;

/// A number of a spectrum.
pub(super) type C32 = Complex<f32>;

/// So many rows are transformed together and written as whole cache lines.
const BLOCK: usize = 8;

/// The transforms of one size of object on one size of grid.
///
/// A volume is stored with y fastest, then x, then z. Frequencies along x and z are stored with
/// zero in the middle (`n / 2`), so that neighbours are neighbours; that along y from zero up, for
/// the object is real.
pub(super) struct Transforms {
    /// The object's samples along x, y and z.
    pub(super) object: [usize; 3],
    /// The padded grid; all three even.
    pub(super) grid: [usize; 3],
    along_x: Arc<dyn Fft<f32>>,
    along_y: Arc<dyn RealToComplex<f32>>,
    along_z: Arc<dyn Fft<f32>>,
    back_along_x: Arc<dyn Fft<f32>>,
    back_along_y: Arc<dyn ComplexToReal<f32>>,
    scratch: Pool<Scratch>,
}

/// The frequencies of constant frequency along y: x slowest, and after every axis one zero more,
/// so that interpolation may look one further.
pub(super) type Plane = Vec<C32>;

/// The working memory of one thread.
#[derive(Default)]
struct Scratch {
    rows: Vec<C32>,
    tile: Vec<C32>,
    fft: Vec<C32>,
    real: Vec<f32>,
}

/// Things that are dear to make and are used again.
pub(super) struct Pool<T>(Mutex<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Pool<T> {
        Pool(Mutex::new(Vec::new()))
    }
}

impl<T> Pool<T> {
    pub(super) fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    pub(super) fn give(&self, thing: T) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(thing);
    }
}

impl Transforms {
    pub(super) fn new(object: [usize; 3], grid: [usize; 3]) -> Transforms {
        let mut complex = FftPlanner::new();
        let mut real = RealFftPlanner::new();
        Transforms {
            object,
            grid,
            along_x: complex.plan_fft_forward(grid[0]),
            along_y: real.plan_fft_forward(grid[1]),
            along_z: complex.plan_fft_forward(grid[2]),
            back_along_x: complex.plan_fft_inverse(grid[0]),
            back_along_y: real.plan_fft_inverse(grid[1]),
            scratch: Pool::default(),
        }
    }

    /// The number of frequencies along y that a real object has.
    pub(super) fn planes(&self) -> usize {
        self.grid[1] / 2 + 1
    }

    /// Distance of two rows of a plane.
    pub(super) fn stride(&self) -> usize {
        self.grid[2] + 1
    }

    fn with_scratch<T>(&self, work: impl FnOnce(&mut Scratch) -> T) -> T {
        let mut scratch = self.scratch.take().unwrap_or_default();
        let result = work(&mut scratch);
        self.scratch.give(scratch);
        result
    }

    /// Transforms the object along y into `spectrum`: by z, frequency along y, x.
    ///
    /// Every other voxel changes its sign, which moves zero frequency along x and z to the middle.
    pub(super) fn rows_to_frequencies(&self, object: &[f32], spectrum: &mut [C32]) {
        let [n1, n2, n3] = self.object;
        let layers = spectrum
            .par_chunks_mut(self.planes() * n1)
            .zip(object.par_chunks(n1 * n2));
        layers.enumerate().for_each(|(z, (spectrum, layer))| {
            let odd_layer = z.abs_diff(centre(n3)) % 2;
            self.with_scratch(|scratch| self.layer(layer, odd_layer, spectrum, scratch));
        });
    }

    fn layer(&self, layer: &[f32], odd_layer: usize, spectrum: &mut [C32], scratch: &mut Scratch) {
        let [n1, n2, _] = self.object;
        let (m2, planes, middle) = (self.grid[1], self.planes(), centre(n2));
        let Scratch {
            rows, fft, real, ..
        } = scratch;
        real.resize(m2, 0.0);
        rows.resize(BLOCK * planes, C32::default());
        fft.resize(self.along_y.get_scratch_len(), C32::default());
        for (block, lines) in layer.chunks(BLOCK * n2).enumerate() {
            let first = block * BLOCK;
            for (line, frequencies) in lines.chunks(n2).zip(rows.chunks_mut(planes)) {
                real[n2 - middle..m2 - middle].fill(0.0);
                real[..n2 - middle].copy_from_slice(&line[middle..]);
                real[m2 - middle..].copy_from_slice(&line[..middle]);
                // Fails on wrong lengths only.
                let _ = self
                    .along_y
                    .process_with_scratch(real, frequencies, &mut fft[..]);
            }
            let count = lines.len() / n2;
            for (plane, spectrum) in spectrum.chunks_mut(n1).enumerate() {
                for (x, value) in spectrum[first..first + count].iter_mut().enumerate() {
                    let odd = ((first + x).abs_diff(centre(n1)) + odd_layer) % 2;
                    let sign = if odd == 1 { -1.0 } else { 1.0 };
                    *value = rows[x * planes + plane] * sign;
                }
            }
        }
    }

    /// One plane of the spectrum of [`Transforms::rows_to_frequencies`], transformed along x and z.
    pub(super) fn plane(&self, spectrum: &[C32], index: usize, plane: &mut Plane) {
        let [n1, _, n3] = self.object;
        let [m1, _, m3] = self.grid;
        let stride = self.stride();
        plane.resize((m1 + 1) * stride, C32::default());
        self.with_scratch(
            |Scratch {
                 rows, tile, fft, ..
             }| {
                rows.resize(n3 * m1, C32::default());
                let longest = self
                    .along_x
                    .get_inplace_scratch_len()
                    .max(self.along_z.get_immutable_scratch_len());
                fft.resize(longest.max(fft.len()), C32::default());
                let lines = spectrum.chunks(self.planes() * n1);
                for (row, layer) in rows.chunks_mut(m1).zip(lines) {
                    wrap(&layer[index * n1..(index + 1) * n1], row);
                    self.along_x.process_with_scratch(row, fft);
                }
                tile.clear();
                tile.resize(BLOCK * m3, C32::default());
                for (block, plane) in plane[..m1 * stride].chunks_mut(BLOCK * stride).enumerate() {
                    let count = plane.len() / stride;
                    let x = block * BLOCK;
                    for (z, row) in rows.chunks(m1).enumerate() {
                        let place = (z + m3 - centre(n3)) % m3;
                        for (line, &value) in tile.chunks_mut(m3).zip(&row[x..x + count]) {
                            line[place] = value;
                        }
                    }
                    for (line, out) in tile.chunks(m3).zip(plane.chunks_mut(stride)) {
                        self.along_z
                            .process_immutable_with_scratch(line, &mut out[..m3], fft);
                    }
                }
            },
        );
    }

    /// Transforms one row of a slice back along x, in place, and hands the pixels in the middle to
    /// `pixels`; without the factor of the number of samples.
    pub(super) fn row_to_pixels(&self, row: &mut [C32], pixels: &mut [C32]) {
        let m1 = self.grid[0];
        self.with_scratch(|Scratch { fft, .. }| {
            let length = self.back_along_x.get_inplace_scratch_len();
            fft.resize(length.max(fft.len()), C32::default());
            self.back_along_x.process_with_scratch(row, fft);
        });
        let middle = centre(pixels.len());
        for (x, pixel) in pixels.iter_mut().enumerate() {
            // Zero frequency was in the middle.
            let odd = x.abs_diff(middle) % 2 == 1;
            let value = row[(x + m1 - middle) % m1];
            *pixel = if odd { -value } else { value };
        }
    }

    /// Transforms the rows of all frequencies along y (`of(frequency)` for one pixel along x) back
    /// along y, and hands out the pixels in the middle.
    pub(super) fn column_to_pixels(&self, of: impl Fn(usize) -> C32, pixels: &mut [f32]) {
        let (m2, planes) = (self.grid[1], self.planes());
        let scale = 1.0 / (self.grid[0] as f32 * m2 as f32);
        self.with_scratch(
            |Scratch {
                 rows, real, fft, ..
             }| {
                rows.resize(rows.len().max(planes), C32::default());
                real.resize(m2, 0.0);
                let length = self.back_along_y.get_scratch_len();
                fft.resize(length.max(fft.len()), C32::default());
                for (frequency, value) in rows[..planes].iter_mut().enumerate() {
                    *value = of(frequency);
                }
                rows[0].im = 0.0;
                rows[planes - 1].im = 0.0;
                // Fails on wrong lengths, and on imaginary parts that were just set to zero.
                let _ = self
                    .back_along_y
                    .process_with_scratch(&mut rows[..planes], real, fft);
                let middle = centre(pixels.len());
                for (y, pixel) in pixels.iter_mut().enumerate() {
                    *pixel = real[(y + m2 - middle) % m2] * scale;
                }
            },
        );
    }
}

/// Puts a line into a longer one of zeros, with its centre at index 0 and what lies before it at
/// the end.
fn wrap(line: &[C32], longer: &mut [C32]) {
    let (n, m, middle) = (line.len(), longer.len(), centre(line.len()));
    longer[..n - middle].copy_from_slice(&line[middle..]);
    longer[n - middle..m - middle].fill(C32::default());
    longer[m - middle..].copy_from_slice(&line[..middle]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pruned_transform_is_the_definition() {
        let (object, grid) = ([5, 3, 4], [12, 6, 8]);
        let transforms = Transforms::new(object, grid);
        let value = |x: usize, y: usize, z: usize| ((7 * x + 5 * y * y + 3 * x * z) % 11) as f32;
        let mut voxels = Vec::new();
        for z in 0..4 {
            for x in 0..5 {
                voxels.extend((0..3).map(|y| value(x, y, z)));
            }
        }
        let mut spectrum = vec![C32::default(); 4 * 5 * transforms.planes()];
        transforms.rows_to_frequencies(&voxels, &mut spectrum);
        let mut plane = Plane::new();
        for p in 0..transforms.planes() {
            transforms.plane(&spectrum, p, &mut plane);
            for k in 0..grid[0] {
                for l in 0..grid[2] {
                    let mut sum = Complex::<f64>::default();
                    for z in 0..4 {
                        for x in 0..5 {
                            for y in 0..3 {
                                let turns = (k as f64 - 6.0) * (x as f64 - 2.0) / 12.0
                                    + p as f64 * (y as f64 - 1.0) / 6.0
                                    + (l as f64 - 4.0) * (z as f64 - 2.0) / 8.0;
                                let angle = -std::f64::consts::TAU * turns;
                                sum += Complex::from_polar(f64::from(value(x, y, z)), angle);
                            }
                        }
                    }
                    let found = plane[k * transforms.stride() + l];
                    let error = (f64::from(found.re) - sum.re).hypot(f64::from(found.im) - sum.im);
                    assert!(error < 1e-3, "plane {p}, {k}, {l}: {found}, not {sum}");
                }
            }
        }
    }
}
