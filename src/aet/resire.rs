//! RESIRE, the real-space iterative reconstruction: gradient descent on the difference between the
//! measured and the computed images (Methods, "3D reconstruction with the RESIRE algorithm").
//!
//! With `b` the image at one tilt and `P` the projection of the object `O`, the error is
//! `ε = ½ Σ |P(O) − b|²` (equation 1), and its gradient at a voxel the difference `P(O) − b` at the
//! place where the voxel falls (equation 2). One iteration is
//! `O ← max(0, O − t Σ gradients)` with `t = step / (images · dim1)`.

use ndarray::{Array3, ArrayView3, Axis, Slice};

use super::geometry::{Rotation, TiltAngles, centre, film_size};
use super::input::{InputError, check, check_padding, check_projection};
use super::options::{Forward, Options, Shape};
use super::r_factor::{RFactors, difference};
use super::slices::{self, SliceProjector};
use super::voxels::VoxelProjector;
use crate::progress::Progress;

/// A reconstruction that runs step by step, and can be stopped, looked at and resumed.
pub struct Reconstruction {
    options: Options,
    dimensions: (usize, usize),
    size: [usize; 3],
    measured: Vec<f32>,
    computed: Vec<f32>,
    /// The difference of the two, with one zero more at the end of each axis.
    residual: Vec<f32>,
    object: Vec<f32>,
    voxels: VoxelProjector,
    slices: Option<SliceProjector>,
    r_factors: Vec<RFactors>,
}

/// All that a reconstruction has reached, to go on from.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// The whole object, wider than the volume for a film; axes x, y, z.
    pub object: Array3<f32>,
    /// The R-factors of the iterations done.
    pub r_factors: Vec<RFactors>,
}

/// The volume of a reconstruction, axes x, y, z: as large as an image along x and y, as deep as wide.
pub type Volume = Array3<f32>;

/// Reconstructs a volume: `images` by angle, x and y (the tilt axis), one angle for each; with the
/// R-factors of the iterations.
///
/// # Errors
/// [`InputError`]: nothing is computed from images that cannot be right.
pub fn reconstruct(
    images: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    options: &Options,
    progress: &dyn Progress,
) -> Result<(Volume, Vec<RFactors>), InputError> {
    let mut reconstruction = Reconstruction::new(images, angles, options)?;
    progress.start("RESIRE", Some(options.iterations as u64));
    for _ in 0..options.iterations {
        let r_factors = reconstruction.step();
        progress.advance(1);
        progress.note(&format!("R1 {:.4}", r_factors.r1));
    }
    progress.finish();
    Ok((reconstruction.volume(), reconstruction.r_factors))
}

/// The size of the object that images of `dimensions` pixels at `angles` need.
///
/// # Errors
/// [`InputError::TooSteep`].
pub fn object_size(
    (dim1, dim2): (usize, usize),
    angles: &[TiltAngles],
    shape: Shape,
) -> Result<[usize; 3], InputError> {
    let rotations: Vec<Rotation> = angles.iter().copied().map(Rotation::of).collect();
    match shape {
        Shape::Particle => Ok([dim1, dim2, dim1]),
        Shape::Film => film_size((dim1, dim2), dim1, &rotations).ok_or(InputError::TooSteep),
    }
}

/// The bytes that a reconstruction holds at its most, on so many threads: object, images, and the
/// workspace of the projection (for area 1 of the Ta film 111 MB on one thread).
///
/// # Errors
/// [`InputError::TooSteep`].
pub fn memory_bytes(
    dimensions: (usize, usize),
    angles: &[TiltAngles],
    options: &Options,
    threads: usize,
) -> Result<u64, InputError> {
    // To plan a grid of any padding needs memory itself.
    check_padding(options.padding)?;
    let size = object_size(dimensions, angles, options.shape)?;
    let product = |sides: &[usize]| sides.iter().map(|&side| side as u64).product::<u64>();
    let voxels = product(&size);
    let pixels = product(&[angles.len(), dimensions.0 + 1, dimensions.1 + 1]);
    let mut numbers = voxels + 4 * pixels;
    if options.forward == Forward::FourierSlice {
        let rotations: Vec<Rotation> = angles.iter().copied().map(Rotation::of).collect();
        let grid = slices::grid(size, options.padding);
        let held = slices::planes_held(size, options.padding, &rotations, threads);
        let planes = grid[1] / 2 + 1;
        let complex = product(&[planes, size[0], size[2]])
            + product(&[planes, angles.len(), dimensions.0])
            + product(&[held, grid[0] + 1, grid[2] + 1])
            + product(&[threads, grid[0], size[2]]);
        numbers += 2 * complex;
    }
    Ok(numbers * size_of::<f32>() as u64)
}

impl Reconstruction {
    /// A reconstruction before its first step: the object is zero.
    ///
    /// # Errors
    /// [`InputError`].
    pub fn new(
        images: ArrayView3<'_, f32>,
        angles: &[TiltAngles],
        options: &Options,
    ) -> Result<Reconstruction, InputError> {
        check(images, angles, options)?;
        let (_, dim1, dim2) = images.dim();
        let size = object_size((dim1, dim2), angles, options.shape)?;
        let rotations: Vec<Rotation> = angles.iter().copied().map(Rotation::of).collect();
        let voxels = VoxelProjector::new(size, (dim1, dim2), &rotations);
        let slices = match options.forward {
            Forward::RealSpace => None,
            Forward::FourierSlice => Some(SliceProjector::new(
                size,
                options.padding,
                (dim1, dim2),
                &rotations,
            )),
        };
        Ok(Reconstruction {
            options: options.clone(),
            dimensions: (dim1, dim2),
            size,
            measured: images.iter().copied().collect(),
            computed: vec![0.0; images.len()],
            residual: vec![0.0; angles.len() * voxels.padded_pixels()],
            object: vec![0.0; size.iter().product()],
            voxels,
            slices,
            r_factors: Vec::new(),
        })
    }

    /// One iteration; the R-factors are those of the object before it.
    ///
    /// The result is the same, bit for bit, on any number of threads.
    pub fn step(&mut self) -> RFactors {
        match &mut self.slices {
            Some(slices) => slices.project(&self.object, &mut self.computed),
            None => self.voxels.project(&self.object, &mut self.computed),
        }
        // ANCHOR: step
        let (dim1, dim2) = self.dimensions;
        let r_factors = difference(
            (dim1, dim2),
            &self.computed,
            &self.measured,
            &mut self.residual,
        );
        let images = self.measured.len() / (dim1 * dim2);
        let step = (self.options.step / (images * dim1) as f64) as f32;
        self.voxels
            .back_project(&self.residual, &mut self.object, |gradient, voxel| {
                *voxel = (*voxel - step * gradient).max(0.0);
            });
        // ANCHOR_END: step
        self.r_factors.push(r_factors);
        r_factors
    }

    /// The R-factors of the iterations done.
    pub fn r_factors(&self) -> &[RFactors] {
        &self.r_factors
    }

    /// The size of the object along x, y and z.
    pub fn object_size(&self) -> [usize; 3] {
        self.size
    }

    /// The volume as it is now: the middle of the object.
    pub fn volume(&self) -> Volume {
        let [n1, n2, n3] = self.size;
        let (dim1, dim2) = self.dimensions;
        let (x, y) = (centre(n1) - centre(dim1), centre(n2) - centre(dim2));
        let object = as_array(&self.object, self.size);
        let middle = object.slice_each_axis(|axis| match axis.axis {
            Axis(0) => Slice::from(x..x + dim1),
            Axis(1) => Slice::from(y..y + dim2),
            _ => Slice::from(..n3),
        });
        middle.as_standard_layout().into_owned()
    }

    /// Ends the reconstruction.
    pub fn into_volume(self) -> Volume {
        self.volume()
    }

    /// All that has been reached, to be kept.
    pub fn reached(&self) -> Reached {
        let object = as_array(&self.object, self.size);
        Reached {
            object: object.as_standard_layout().into_owned(),
            r_factors: self.r_factors.clone(),
        }
    }

    /// Goes on from what was kept; the steps that follow are those that would have followed.
    ///
    /// # Errors
    /// [`InputError::AnotherSize`] if it is an object of another size.
    pub fn restore(&mut self, reached: Reached) -> Result<(), InputError> {
        if reached.object.shape() != self.size {
            return Err(InputError::AnotherSize {
                found: reached.object.shape().to_vec(),
                expected: self.size,
            });
        }
        // y fastest, then x, then z.
        let turned = reached.object.permuted_axes([2, 0, 1]);
        self.object = turned.iter().copied().collect();
        self.r_factors = reached.r_factors;
        Ok(())
    }
}

/// A view of an object (y fastest, then x, then z) with the axes x, y, z.
fn as_array(object: &[f32], [n1, n2, n3]: [usize; 3]) -> ArrayView3<'_, f32> {
    ArrayView3::from_shape((n3, n1, n2), object)
        .expect("an object has as many voxels as its size says")
        .permuted_axes([1, 2, 0])
}

/// The images of an object by the Fourier-slice theorem, by angle, x and y: `dimensions` pixels
/// about the centre, on a grid of `padding` times the object.
///
/// # Errors
/// [`InputError`]: without a voxel, an image or a pixel, with an angle that is none or a padding below 1.
pub fn project(
    object: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    dimensions: (usize, usize),
    padding: [f64; 3],
) -> Result<Array3<f32>, InputError> {
    check_padding(padding)?;
    with_object(object, angles, dimensions, |size, rotations, object| {
        let mut images = vec![0.0; angles.len() * dimensions.0 * dimensions.1];
        SliceProjector::new(size, padding, dimensions, rotations).project(object, &mut images);
        images
    })
}

/// The images of an object in real space: every voxel is shared out among the four pixels about the
/// place where it falls. The exact transpose of [`back_project`].
///
/// # Errors
/// [`InputError`]: without a voxel, an image or a pixel, or with an angle that is none.
pub fn project_in_real_space(
    object: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    dimensions: (usize, usize),
) -> Result<Array3<f32>, InputError> {
    with_object(object, angles, dimensions, |size, rotations, object| {
        let mut images = vec![0.0; angles.len() * dimensions.0 * dimensions.1];
        VoxelProjector::new(size, dimensions, rotations).project(object, &mut images);
        images
    })
}

fn with_object(
    object: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    (dim1, dim2): (usize, usize),
    images: impl FnOnce([usize; 3], &[Rotation], &[f32]) -> Vec<f32>,
) -> Result<Array3<f32>, InputError> {
    let (n1, n2, n3) = object.dim();
    check_projection([n1, n2, n3], angles, (dim1, dim2))?;
    let rotations: Vec<Rotation> = angles.iter().copied().map(Rotation::of).collect();
    let object: Vec<f32> = object.permuted_axes([2, 0, 1]).iter().copied().collect();
    let images = images([n1, n2, n3], &rotations, &object);
    let images = Array3::from_shape_vec((angles.len(), dim1, dim2), images);
    Ok(images.expect("as many images as there are angles"))
}

/// The sum over `images` (by angle, x and y) of their bilinear samples at the places where the voxels
/// of an object of `size` fall, zero outside (equation 2).
///
/// # Errors
/// [`InputError`]: without a voxel, an image or a pixel, or unless there is one angle for each image.
pub fn back_project(
    images: ArrayView3<'_, f32>,
    angles: &[TiltAngles],
    size: [usize; 3],
) -> Result<Array3<f32>, InputError> {
    let (count, dim1, dim2) = images.dim();
    check_projection(size, angles, (dim1, dim2))?;
    if count != angles.len() {
        return Err(InputError::AngleCount {
            images: count,
            angles: angles.len(),
        });
    }
    let rotations: Vec<Rotation> = angles.iter().copied().map(Rotation::of).collect();
    let voxels = VoxelProjector::new(size, (dim1, dim2), &rotations);
    let mut padded = Vec::with_capacity(count * voxels.padded_pixels());
    for image in images.outer_iter() {
        for line in image.outer_iter() {
            padded.extend(line.iter().chain(&[0.0]));
        }
        padded.extend(std::iter::repeat_n(0.0, dim2 + 1));
    }
    let mut object = vec![0.0; size.iter().product()];
    voxels.back_project(&padded, &mut object, |sum, voxel| *voxel = sum);
    let object = as_array(&object, size);
    Ok(object.as_standard_layout().into_owned())
}
