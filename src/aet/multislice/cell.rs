//! The periodic cell in which waves and atoms live, its frequencies, and what passes an aperture or
//! falls on a detector.

use super::error::MultisliceError;
use super::options::{Microscope, Sampling};
use crate::aet::geometry::centre;
use crate::numerics::fast_length;

/// More samples along a side, or slices, are an error of the input.
pub(super) const MOST_SAMPLES: u32 = 1 << 15;

/// A periodic cell across the beam.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell {
    /// Where the first sample lies along x and y, in Å.
    pub(super) low: [f64; 2],
    /// The sides in Å.
    pub(super) side: [f64; 2],
    /// Samples of a wave along x and y, even.
    pub(super) size: [usize; 2],
}

/// The place in Å of pixel `index` of an image with `count` pixels of `pixel` Å.
pub(super) fn place(index: usize, count: usize, pixel: f64) -> f64 {
    (index as f64 - centre(count) as f64) * pixel
}

impl Cell {
    /// The cell about an image of `pixels` and about points across the beam (Å), with the empty space
    /// that is asked for. Its first sample lies a whole number of wave pixels from the origin, so that
    /// the beam stands on samples where the pixels of the wave divide those of the image.
    ///
    /// # Errors
    /// [`MultisliceError::Large`].
    pub(super) fn about(
        points: impl Iterator<Item = [f64; 2]>,
        pixels: [usize; 2],
        sampling: &Sampling,
    ) -> Result<Cell, MultisliceError> {
        let scan = sampling.scan_pixel_angstrom;
        let mut ends = pixels.map(|n| [place(0, n, scan), place(n - 1, n, scan)]);
        for point in points {
            for (end, value) in ends.iter_mut().zip(point) {
                *end = [end[0].min(value), end[1].max(value)];
            }
        }
        let (pixel, padding) = (sampling.wave_pixel_angstrom, sampling.padding_angstrom);
        let low = ends.map(|end| ((end[0] - padding) / pixel).floor() * pixel);
        let least = [0, 1].map(|axis| (ends[axis][1] + padding - low[axis]) / pixel);
        if let Some(&count) = least.iter().find(|least| **least > f64::from(MOST_SAMPLES)) {
            return Err(MultisliceError::Large {
                count,
                what: "samples along one side",
                most: MOST_SAMPLES,
            });
        }
        let size = least.map(|least| fast_length(least.ceil().max(8.0) as usize, 2, 7));
        let side = size.map(|n| n as f64 * pixel);
        Ok(Cell { low, side, size })
    }

    /// The largest frequencies within a limit (1/Å), in steps of the cell.
    pub(super) fn steps_within(&self, limit: f64) -> [usize; 2] {
        self.side.map(|side| (limit * side).floor() as usize)
    }

    /// The square of a frequency that is so many steps along x and y, in 1/Å².
    pub(super) fn square(&self, k: [i64; 2]) -> f64 {
        (k[0] as f64 / self.side[0]).powi(2) + (k[1] as f64 / self.side[1]).powi(2)
    }

    /// Which part of the beam (from 0 to 1) is within `limit_mrad` at a frequency `k` (in steps of the
    /// cell) where frequencies stand `spacing` steps apart: the edge is as wide as that spacing.
    pub(super) fn within(
        &self,
        k: [i64; 2],
        spacing: usize,
        wavelength: f64,
        limit_mrad: f64,
    ) -> f64 {
        let q = [k[0] as f64 / self.side[0], k[1] as f64 / self.side[1]];
        let length = q[0].hypot(q[1]);
        if length == 0.0 {
            return if limit_mrad > 0.0 { 1.0 } else { 0.0 };
        }
        let along = (q[0] / self.side[0]).hypot(q[1] / self.side[1]) / length;
        let edge = limit_mrad * 1e-3 / wavelength;
        ((edge - length) / (along * spacing as f64) + 0.5).clamp(0.0, 1.0)
    }

    /// Which part of what arrives at a frequency falls on the annular detector.
    pub(super) fn detected(
        &self,
        k: [i64; 2],
        spacing: usize,
        wavelength: f64,
        microscope: &Microscope,
    ) -> f64 {
        let within = |limit_mrad| self.within(k, spacing, wavelength, limit_mrad);
        let hole = match microscope.inner_mrad {
            0.0 => 0.0,
            inner => within(inner),
        };
        within(microscope.outer_mrad) - hole
    }
}

/// A plane wave of the convergent beam.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Beam {
    /// Its frequency along x and y, in steps of the cell.
    pub(super) k: [i64; 2],
    /// How much of it passes the aperture.
    pub(super) amplitude: f64,
}

/// The beams that make up the probe, every `spacing`-th along x and y, by y and then x.
pub(super) fn beams(
    cell: &Cell,
    spacing: usize,
    wavelength: f64,
    convergence_mrad: f64,
) -> Vec<Beam> {
    let reach = convergence_mrad * 1e-3 / wavelength;
    let step = spacing as i64;
    let most = cell
        .steps_within(reach)
        .map(|most| (most / spacing + 1) as i64);
    let mut beams = Vec::new();
    for y in -most[1]..=most[1] {
        for x in -most[0]..=most[0] {
            let k = [x * step, y * step];
            let amplitude = cell.within(k, spacing, wavelength, convergence_mrad);
            if amplitude > 0.0 {
                beams.push(Beam { k, amplitude });
            }
        }
    }
    beams
}

/// The intensity of the whole probe.
pub(super) fn intensity(beams: &[Beam]) -> f64 {
    beams.iter().map(|beam| beam.amplitude.powi(2)).sum()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_cell_holds_field_and_atoms_with_their_empty_space() {
        let sampling = Sampling::of(&Microscope::default(), 0.3216);
        let points = [[-3.0, 20.0], [5.0, -1.0]];
        let cell = Cell::about(points.into_iter(), [80, 40], &sampling).unwrap();
        let field = [40.0 * 0.3216, 20.0 * 0.3216];
        assert!(cell.low[0] <= -field[0] - 5.0 && cell.low[0] > -field[0] - 5.1);
        assert!(cell.low[0] + cell.side[0] >= field[0] - 0.3216 + 5.0);
        assert!(cell.low[1] + cell.side[1] >= 25.0);
        let steps = cell.low[0] / sampling.wave_pixel_angstrom;
        assert!((steps - steps.round()).abs() < 1e-9);
    }

    /// The area of the aperture in steps is `π (α / λ)² · area of the cell`, whatever the spacing.
    #[test]
    fn the_beams_fill_the_aperture_and_the_detector_its_ring() {
        let microscope = Microscope::default();
        let cell = Cell {
            low: [0.0; 2],
            side: [36.0, 30.0],
            size: [1120, 960],
        };
        let wavelength = 0.019_687;
        let area =
            |mrad: f64| std::f64::consts::PI * (mrad * 1e-3 / wavelength).powi(2) * 36.0 * 30.0;
        for spacing in [1, 2, 4] {
            let beams = beams(&cell, spacing, wavelength, 30.0);
            let sum: f64 = beams.iter().map(|beam| beam.amplitude).sum();
            let expected = area(30.0) / (spacing * spacing) as f64;
            assert!(
                (sum / expected - 1.0).abs() < 0.01,
                "{spacing}: {sum}, {expected}"
            );
        }
        let mut ring = 0.0;
        for y in -400..=400 {
            for x in -400..=400 {
                ring += cell.detected([x, y], 1, wavelength, &microscope);
            }
        }
        assert!((ring / (area(200.0) - area(40.0)) - 1.0).abs() < 1e-3);
    }
}
