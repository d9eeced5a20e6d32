//! Forward projection by the Fourier-slice theorem: the transform of a projection is the plane of
//! the object's transform that is perpendicular to the beam (RESIRE: Methods, equation 1).
//!
//! The plane is sampled by trilinear interpolation between the frequencies of the padded grid, zero
//! outside. Row by row of the image's frequency along y: while the tilt axis is y and the other two
//! angles are small, such a row stays between two or three planes of the grid, and only those that
//! the next rows need are kept.

use std::f64::consts::TAU;

use rayon::prelude::*;

use super::fourier::{C32, Plane, Pool, Transforms};
use super::geometry::{Affine, Rotation};
use crate::numerics::fast_length;

/// Rows that are sampled at a time, at least; a plane that two batches need is made once.
const BATCH: usize = 8;

/// Lengths without a larger prime factor are fast.
const LARGEST_PRIME: usize = 7;

/// Projects objects of one size at fixed angles.
pub(super) struct SliceProjector {
    transforms: Transforms,
    image: (usize, usize),
    rotations: Vec<Rotation>,
    /// Where the centre of the object falls on each image, in pixels along x and y; none: in its centre.
    shifts: Option<Vec<[f64; 2]>>,
    /// For every row, the first and the last plane that it lies between.
    spans: Vec<(usize, usize)>,
    spectrum: Vec<C32>,
    slices: Vec<C32>,
    planes: Vec<Option<Plane>>,
    free: Pool<Plane>,
    rows: Pool<Vec<C32>>,
}

/// The padded grid for an object: `padding` times each axis, rounded up to an even fast length.
pub(super) fn grid(object: [usize; 3], padding: [f64; 3]) -> [usize; 3] {
    [0, 1, 2].map(|axis| {
        let least = (object[axis] as f64 * padding[axis]).ceil() as usize;
        fast_length(least, 2, LARGEST_PRIME)
    })
}

impl SliceProjector {
    pub(super) fn new(
        object: [usize; 3],
        padding: [f64; 3],
        image: (usize, usize),
        rotations: &[Rotation],
    ) -> SliceProjector {
        let transforms = Transforms::new(object, grid(object, padding));
        let planes = transforms.planes();
        let spans = (0..planes)
            .map(|row| span(transforms.grid, row, rotations))
            .collect();
        SliceProjector {
            spectrum: vec![C32::default(); planes * object[0] * object[2]],
            slices: vec![C32::default(); planes * rotations.len() * image.0],
            planes: (0..planes).map(|_| None).collect(),
            free: Pool::default(),
            rows: Pool::default(),
            rotations: rotations.to_vec(),
            shifts: None,
            transforms,
            image,
            spans,
        }
    }

    /// The same, the centre of the object falling beside the centre of each image: by pixels along x and y,
    /// one pair for each rotation.
    pub(super) fn shifted(mut self, shifts: Vec<[f64; 2]>) -> SliceProjector {
        self.shifts = Some(shifts);
        self
    }

    /// The images of an object (y fastest, then x, then z): one after the other, y fastest.
    pub(super) fn project(&mut self, object: &[f32], images: &mut [f32]) {
        self.transforms
            .rows_to_frequencies(object, &mut self.spectrum);
        let row_length = self.rotations.len() * self.image.0;
        let count = self.transforms.planes();
        let batch = BATCH.max(2 * rayon::current_num_threads());
        let mut slices = std::mem::take(&mut self.slices);
        for first in (0..count).step_by(batch) {
            let end = (first + batch).min(count);
            self.hold_planes(first, end);
            slices[first * row_length..end * row_length]
                .par_chunks_mut(self.image.0)
                .enumerate()
                .for_each(|(index, pixels)| {
                    let row = first + index / self.rotations.len();
                    self.sample(row, index % self.rotations.len(), pixels);
                });
        }
        self.hold_planes(count, count);
        self.to_images(&slices, images);
        self.slices = slices;
    }

    /// Makes the planes that the rows `first..end` need, and lets go of those that neither they nor
    /// later rows need.
    fn hold_planes(&mut self, first: usize, end: usize) {
        let later = self.spans[first..].iter().map(|span| span.0).min();
        let earliest = later.unwrap_or(self.planes.len());
        for plane in &mut self.planes[..earliest] {
            if let Some(plane) = plane.take() {
                self.free.give(plane);
            }
        }
        let last = self.spans[first..end].iter().map(|span| span.1).max();
        let Some(last) = last else { return };
        let missing: Vec<usize> = (earliest..=last)
            .filter(|&index| self.planes[index].is_none())
            .collect();
        let made: Vec<Plane> = missing
            .par_iter()
            .map(|&index| {
                let mut plane = self.free.take().unwrap_or_default();
                self.transforms.plane(&self.spectrum, index, &mut plane);
                plane
            })
            .collect();
        for (index, plane) in missing.into_iter().zip(made) {
            self.planes[index] = Some(plane);
        }
    }

    /// One row of one slice, transformed back along x.
    fn sample(&self, row: usize, angle: usize, pixels: &mut [C32]) {
        let m1 = self.transforms.grid[0];
        let mut line = self.rows.take().unwrap_or_default();
        line.clear();
        line.resize(m1, C32::default());
        let [x, y, z] = frequencies(self.transforms.grid, row, &self.rotations[angle]);
        let border = self.transforms.grid[1] as f64 / 2.0;
        let (mut first, end) = y.within((0, m1), (-border, border));
        while first < end {
            let stop = y.same_floor(first, end);
            self.sample_between(&mut line, (first, stop), [x, y, z]);
            first = stop;
        }
        if let Some(&shift) = self.shifts.as_ref().and_then(|shifts| shifts.get(angle)) {
            self.shift_row(row, shift, &mut line);
        }
        self.transforms.row_to_pixels(&mut line, pixels);
        self.rows.give(line);
    }

    /// A shift of the image is a phase of its transform.
    fn shift_row(&self, row: usize, [u, v]: [f64; 2], line: &mut [C32]) {
        let [m1, m2, _] = self.transforms.grid.map(|length| length as f64);
        for (k, value) in line.iter_mut().enumerate() {
            let turns = (k as f64 - m1 / 2.0) * u / m1 + row as f64 * v / m2;
            let (sine, cosine) = (-TAU * turns).sin_cos();
            *value *= C32::new(cosine as f32, sine as f32);
        }
    }

    /// The part of a row that lies between two neighbouring planes.
    fn sample_between(&self, line: &mut [C32], range: (usize, usize), at: [Affine; 3]) {
        let [m1, _, m3] = self.transforms.grid;
        let floor = at[1].value(range.0).floor();
        // The object is real: on the negative side lie the conjugates of the positive one.
        let mirrored = floor < 0.0;
        let turned = |line: Affine, about: f64| match mirrored {
            true => Affine {
                at: about - line.at,
                by: -line.by,
            },
            false => line,
        };
        let x = turned(at[0], m1 as f64);
        let y = turned(at[1], 0.0);
        let z = turned(at[2], m3 as f64);
        let lower = if mirrored { -floor - 1.0 } else { floor };
        let range = x.within(range, (0.0, (m1 - 1) as f64));
        let (first, end) = z.within(range, (0.0, (m3 - 1) as f64));
        if first >= end {
            return;
        }
        let plane = |index: usize| {
            let held = self.planes.get(index).and_then(Option::as_deref);
            held.unwrap_or_default()
        };
        let (below, above) = (plane(lower as usize), plane(lower as usize + 1));
        let weight = Affine {
            at: y.at - lower,
            by: y.by,
        };
        let sampler = Sampler {
            stride: self.transforms.stride(),
            x,
            z,
            first,
        };
        let line = &mut line[first..end];
        let whole = |value: f64| weight.by == 0.0 && weight.at == value;
        if whole(0.0) || above.is_empty() {
            sampler.in_plane(line, below);
        } else if whole(1.0) {
            sampler.in_plane(line, above);
        } else {
            sampler.between_planes(line, below, above, weight);
        }
        if mirrored {
            for value in line {
                value.im = -value.im;
            }
        }
    }

    /// Transforms the slices back along y.
    fn to_images(&self, slices: &[C32], images: &mut [f32]) {
        let (dim1, dim2) = self.image;
        let row_length = self.rotations.len() * dim1;
        images
            .par_chunks_mut(dim2)
            .enumerate()
            .for_each(|(column, pixels)| {
                self.transforms
                    .column_to_pixels(|row| slices[row * row_length + column], pixels);
            });
    }
}

/// Where the samples of a row lie in the planes.
struct Sampler {
    stride: usize,
    x: Affine,
    z: Affine,
    first: usize,
}

impl Sampler {
    /// Index of the corner of the cell of sample `k`, and the place in the cell.
    #[inline]
    fn cell(&self, k: usize) -> (usize, f32, f32) {
        let (x, z) = (self.x.value(k), self.z.value(k));
        // Neither is negative, so that the conversion rounds down.
        let (column, row) = (x as u32, z as u32);
        let corner = column as usize * self.stride + row as usize;
        (
            corner,
            (x - f64::from(column)) as f32,
            (z - f64::from(row)) as f32,
        )
    }

    fn in_plane(&self, line: &mut [C32], plane: &[C32]) {
        for (k, value) in line.iter_mut().enumerate() {
            let (corner, x, z) = self.cell(self.first + k);
            *value = bilinear(plane, corner, self.stride, x, z);
        }
    }

    fn between_planes(&self, line: &mut [C32], below: &[C32], above: &[C32], weight: Affine) {
        for (k, value) in line.iter_mut().enumerate() {
            let (corner, x, z) = self.cell(self.first + k);
            let low = bilinear(below, corner, self.stride, x, z);
            let high = bilinear(above, corner, self.stride, x, z);
            *value = low + (high - low) * weight.value(self.first + k) as f32;
        }
    }
}

#[inline]
fn bilinear(plane: &[C32], corner: usize, stride: usize, x: f32, z: f32) -> C32 {
    let cell = &plane[corner..corner + stride + 2];
    let near = cell[0] + (cell[1] - cell[0]) * z;
    let far = cell[stride] + (cell[stride + 1] - cell[stride]) * z;
    near + (far - near) * x
}

/// Where the samples of a row of an image's transform lie in the transform of the object: x and z
/// counted from the first plane of the grid, y from zero frequency, as functions of the index in
/// the row, whose middle is zero frequency.
fn frequencies(grid: [usize; 3], row: usize, rotation: &Rotation) -> [Affine; 3] {
    let [m1, m2, m3] = grid.map(|length| length as f64);
    let [r0, r1, _] = rotation.0;
    let row = row as f64;
    // ANCHOR: frequencies
    let affine = |by: f64, constant: f64, middle: f64| Affine {
        at: middle + constant - by * (m1 / 2.0),
        by,
    };
    [
        affine(r0[0], row * (m1 / m2) * r1[0], m1 / 2.0),
        affine(r0[1] * (m2 / m1), row * r1[1], 0.0),
        affine(r0[2] * (m3 / m1), row * (m3 / m2) * r1[2], m3 / 2.0),
    ]
    // ANCHOR_END: frequencies
}

/// The first and the last plane between which a row lies, over all angles.
fn span(grid: [usize; 3], row: usize, rotations: &[Rotation]) -> (usize, usize) {
    let border = (grid[1] / 2) as f64;
    let (mut lowest, mut highest) = (border, 0.0_f64);
    for rotation in rotations {
        let y = frequencies(grid, row, rotation)[1];
        let (a, b) = (y.value(0), y.value(grid[0] - 1));
        let near = if a * b <= 0.0 {
            0.0
        } else {
            a.abs().min(b.abs())
        };
        lowest = lowest.min(near);
        highest = highest.max(a.abs().max(b.abs()));
    }
    let highest = (highest.floor() + 1.0).min(border);
    (lowest.floor() as usize, highest as usize)
}

/// The most planes that are held at a time, by so many threads.
pub(super) fn planes_held(
    object: [usize; 3],
    padding: [f64; 3],
    rotations: &[Rotation],
    threads: usize,
) -> usize {
    let grid = grid(object, padding);
    let spans: Vec<_> = (0..=grid[1] / 2)
        .map(|row| span(grid, row, rotations))
        .collect();
    let batch = BATCH.max(2 * threads);
    let held = spans.chunks(batch).enumerate().map(|(index, rows)| {
        let later = spans[index * batch..].iter().map(|span| span.0).min();
        let last = rows.iter().map(|span| span.1).max();
        last.unwrap_or(0) + 1 - later.unwrap_or(0)
    });
    held.max().unwrap_or(0)
}
