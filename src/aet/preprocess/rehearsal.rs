//! A tilt series of known atoms as a drifting microscope would have recorded it: no raw frames of the
//! paper are public, and with these every step of the preprocessing can be held against the truth.
//!
//! The frames have what the steps are there to remove: drift between and within them, noise of counting
//! and of reading, a background that varies, and images that are not centred (Methods, "Image
//! preprocessing").

use std::f64::consts::TAU;

use ndarray::{Array2, Array3, ArrayView2, Axis};
use rand::SeedableRng;
use rand_distr::{Distribution, Normal, Uniform};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use rustfft::FftPlanner;

use super::drift::SlowScan;
use crate::aet::atom_images::{AtomImages, View};
use crate::aet::geometry::{Rotation, TiltAngles};
use crate::aet::noise::DetectorNoise;
use crate::atoms::ScatteringFactor;
use crate::numerics::Vec3;
use crate::numerics::{C64, Fourier2d, signed_frequency};

/// What is recorded, and how badly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// Frames of a tilt.
    pub frames: usize,
    /// The slow direction of the scan.
    pub slow_scan: SlowScan,
    /// Drift in pixels during a frame: standard deviation along x and y.
    pub drift_pixels: f64,
    /// By how much an image may lie off its centre, in pixels along x and y, either way.
    pub shift_pixels: f64,
    /// Electrons in the brightest pixel of a frame.
    pub brightest: f64,
    /// Standard deviation of the noise of reading, in electrons.
    pub read: f64,
    /// The mean background, as a part of the brightest pixel; it varies by half of it across the image.
    pub background: f64,
    /// Factor B of the atoms in Å².
    pub b_factor: f64,
    /// Seed of all that is random.
    pub seed: u64,
}

impl Default for Conditions {
    /// Three frames with a drift of 0.3 pixel each, images up to 3 pixels off their centre, 100 electrons
    /// in the brightest pixel and 2 of reading, a background of a tenth, B = 6 Å².
    fn default() -> Conditions {
        Conditions {
            frames: 3,
            slow_scan: SlowScan::Y,
            drift_pixels: 0.3,
            shift_pixels: 3.0,
            brightest: 100.0,
            read: 2.0,
            background: 0.1,
            b_factor: 6.0,
            seed: 1,
        }
    }
}

/// A tilt series whose truth is known, in electrons.
pub struct Rehearsal {
    conditions: Conditions,
    clean: Array3<f32>,
}

/// One tilt as it was recorded, and the truth about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// By frame, x and y.
    pub frames: Array3<f32>,
    /// The background where nothing has drifted and the image is centred.
    pub background: Array2<f32>,
    /// Where the centre of the object lies at the middle of the first frame, in pixels from the centre of
    /// the image along x and y.
    pub centre: [f64; 2],
    /// How far it has gone from there to the middle of each frame.
    pub shifts: Vec<[f64; 2]>,
}

impl Rehearsal {
    /// Of atoms at `positions` (pixels from the centre of the object) of an element with this scattering
    /// factor, imaged with pixels of `pixel_angstrom` Å on `dimensions` pixels at every angle.
    pub fn new(
        positions: &[Vec3],
        factor: &ScatteringFactor,
        pixel_angstrom: f64,
        dimensions: (usize, usize),
        angles: &[TiltAngles],
        conditions: Conditions,
    ) -> Rehearsal {
        let drawing = AtomImages::new(dimensions, pixel_angstrom, factor);
        let views: Vec<View> = angles.iter().map(|&a| Rotation::of(a).into()).collect();
        let mut clean = drawing.images(positions, conditions.b_factor, &views);
        let brightest = clean.fold(0.0_f32, |most, &value| most.max(value));
        if brightest > 0.0 {
            clean *= conditions.brightest as f32 / brightest;
        }
        Rehearsal { conditions, clean }
    }

    /// The images without drift, noise and background, centred, by angle, x and y.
    pub fn clean(&self) -> &Array3<f32> {
        &self.clean
    }

    /// The noise of one frame.
    pub fn noise(&self) -> DetectorNoise {
        DetectorNoise {
            gain: 1.0,
            read: self.conditions.read,
        }
    }

    /// The frames of a tilt, by its number from 0.
    pub fn record(&self, tilt: usize) -> Recorded {
        let Conditions {
            frames,
            slow_scan,
            drift_pixels,
            shift_pixels,
            seed,
            ..
        } = self.conditions;
        let image = self.clean.index_axis(Axis(0), tilt);
        // A stream of its own for every tilt.
        let mut random = Pcg64Mcg::seed_from_u64(seed.wrapping_add(7919 * (tilt as u64 + 1)));
        let mut normal = |deviation: f64| {
            Normal::new(0.0, deviation).map_or(0.0, |normal| normal.sample(&mut random))
        };
        let velocity = [normal(drift_pixels), normal(drift_pixels)];
        // It slows down or speeds up by some tenth over the tilt.
        let acceleration = [0.1 * normal(drift_pixels), 0.1 * normal(drift_pixels)];
        let mut off = |most: f64| {
            Uniform::new(-most, most).map_or(0.0, |uniform| uniform.sample(&mut random))
        };
        let centre = [off(shift_pixels), off(shift_pixels)];
        let middle = frames as f64 / 2.0;
        let drift = |time: f64| {
            let time = time - middle;
            [0, 1].map(|axis| {
                centre[axis] + velocity[axis] * time + acceleration[axis] * time * time / 2.0
            })
        };
        let begin = drift(0.5);
        let background = self.background(image.dim());
        let moving = drifting(image, frames, slow_scan, &drift, &background);
        let noisy = self
            .noise()
            .recorded(moving.view(), seed.wrapping_add(tilt as u64));
        Recorded {
            frames: noisy,
            background: Array2::from_shape_fn(image.dim(), |(x, y)| {
                background(x as f64, y as f64) as f32
            }),
            centre: begin,
            shifts: (0..frames)
                .map(|frame| {
                    let there = drift(frame as f64 + 0.5);
                    [there[0] - begin[0], there[1] - begin[1]]
                })
                .collect(),
        }
    }

    /// A support whose thickness varies: a slope and a wide hill, which moves with the object.
    fn background(&self, (dim1, dim2): (usize, usize)) -> impl Fn(f64, f64) -> f64 + Sync + use<> {
        let mean = self.conditions.background * self.conditions.brightest;
        move |x, y| {
            let [u, v] = [x / dim1 as f64 - 0.5, y / dim2 as f64 - 0.5];
            let hill = (-((u - 0.3).powi(2) + (v + 0.2).powi(2)) / 0.8).exp();
            mean * (0.8 + 0.3 * u - 0.15 * v + 0.3 * hill)
        }
    }
}

/// Frames of an image that moves by `drift(t)` pixels: the pixel at the place `s` of `n` along the slow
/// direction of frame `k` is recorded at the time `t = k + s / n`, in frames, all pixels of a line along the
/// fast direction at once.
///
/// The image is interpolated as the band-limited, periodic function that its Fourier transform is: exact
/// where it is zero along its border. To it is added the background, at the same places.
fn drifting(
    image: ArrayView2<'_, f32>,
    frames: usize,
    slow_scan: SlowScan,
    drift: &(impl Fn(f64) -> [f64; 2] + Sync),
    background: &(impl Fn(f64, f64) -> f64 + Sync),
) -> Array3<f32> {
    // Turned so that the slow direction comes first.
    let (turned, order) = match slow_scan {
        SlowScan::X => (image, [0, 1]),
        SlowScan::Y => (image.reversed_axes(), [1, 0]),
    };
    let (slow, fast) = turned.dim();
    let mut spectrum: Vec<C64> = turned
        .iter()
        .map(|&v| C64::new(f64::from(v), 0.0))
        .collect();
    Fourier2d::new([slow, fast]).forward(&mut spectrum);
    let line_back = FftPlanner::new().plan_fft_inverse(fast);
    let scale = 1.0 / (slow * fast) as f64;
    let line = |number: usize| -> Vec<f32> {
        let (frame, s) = (number / slow, number % slow);
        let moved = drift(frame as f64 + s as f64 / slow as f64);
        let [along_slow, along_fast] = order.map(|axis| moved[axis]);
        let place = s as f64 - along_slow;
        let mut values = vec![C64::default(); fast];
        for (j, row) in spectrum.chunks(fast).enumerate() {
            let turns = signed_frequency(j, slow) * place / slow as f64;
            let phase = C64::from_polar(scale, TAU * turns);
            for (value, coefficient) in values.iter_mut().zip(row) {
                *value += coefficient * phase;
            }
        }
        for (k, value) in values.iter_mut().enumerate() {
            let turns = signed_frequency(k, fast) * along_fast / fast as f64;
            *value *= C64::from_polar(1.0, -TAU * turns);
        }
        line_back.process(&mut values);
        let lines = values.iter().enumerate().map(|(f, value)| {
            let at = [place, f as f64 - along_fast];
            let [x, y] = order.map(|axis| at[axis]);
            (value.re + background(x, y)) as f32
        });
        lines.collect()
    };
    let lines: Vec<f32> = (0..frames * slow)
        .into_par_iter()
        .flat_map_iter(line)
        .collect();
    let frames = Array3::from_shape_vec((frames, slow, fast), lines)
        .unwrap_or_else(|_| Array3::zeros((frames, slow, fast)));
    match slow_scan {
        SlowScan::X => frames,
        SlowScan::Y => frames
            .permuted_axes([0, 2, 1])
            .as_standard_layout()
            .into_owned(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::atoms::Element;

    /// A Gaussian, whose moved image is known.
    fn spot(x: f64, y: f64) -> f64 {
        (-((x - 20.0).powi(2) + (y - 14.0).powi(2)) / 12.0).exp()
    }

    #[test]
    fn every_line_shows_the_object_where_it_was_then() {
        let image = Array2::from_shape_fn((40, 30), |(x, y)| spot(x as f64, y as f64) as f32);
        let drift = |t: f64| [0.7 * t - 0.2, -0.4 * t + 0.1 * t * t];
        let background = |x: f64, y: f64| 0.01 * x - 0.02 * y;
        for slow_scan in [SlowScan::X, SlowScan::Y] {
            let frames = drifting(image.view(), 2, slow_scan, &drift, &background);
            assert_eq!(frames.dim(), (2, 40, 30));
            for ((k, x, y), &value) in frames.indexed_iter() {
                let part = match slow_scan {
                    SlowScan::X => x as f64 / 40.0,
                    SlowScan::Y => y as f64 / 30.0,
                };
                let [u, v] = drift(k as f64 + part);
                let (x, y) = (x as f64 - u, y as f64 - v);
                let expected = spot(x, y) + background(x, y);
                assert!((f64::from(value) - expected).abs() < 2e-4, "{k} {x} {y}");
            }
        }
    }

    #[test]
    fn a_rehearsal_has_its_electrons_and_repeats_itself() {
        let factor = ScatteringFactor::of(Element::Ta).unwrap();
        let angles = [-30.0, 0.0, 30.0].map(TiltAngles::tilt);
        let atoms = [Vec3::new(0.0, 3.0, -4.0), Vec3::new(5.0, -6.0, 2.0)];
        let of = |seed| {
            let conditions = Conditions {
                seed,
                ..Conditions::default()
            };
            Rehearsal::new(&atoms, &factor, 0.35, (40, 44), &angles, conditions)
        };
        let rehearsal = of(1);
        let brightest = rehearsal.clean().fold(0.0_f32, |m, &v| m.max(v));
        assert!((brightest - 100.0).abs() < 1e-3);
        let recorded = rehearsal.record(1);
        assert_eq!(recorded.frames.dim(), (3, 40, 44));
        // Mean of what was counted: image and background.
        let expected = (rehearsal.clean().index_axis(Axis(0), 1).to_owned() + &recorded.background)
            .mean()
            .unwrap();
        let found = recorded.frames.mean().unwrap();
        assert!((found / expected - 1.0).abs() < 0.02, "{found} {expected}");
        assert_eq!(recorded.shifts[0], [0.0; 2]);
        let [u, v] = recorded.shifts[2];
        assert!(u != 0.0 && v != 0.0 && recorded.centre.iter().all(|s| s.abs() < 6.0));
        assert_eq!(recorded, of(1).record(1));
        assert_ne!(recorded, of(2).record(1));
        assert_ne!(recorded.centre, rehearsal.record(2).centre);
    }
}
