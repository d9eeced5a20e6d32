//! Back projection: every voxel takes the value of an image at the place where it falls (RESIRE:
//! Methods, equation 2), and the forward projection in real space, which is its exact transpose.
//!
//! Along y, the tilt axis, neighbouring voxels fall on neighbouring pixels as long as the other two
//! angles are small. So the images are stored with y fastest, and a column of voxels along y meets
//! two columns of an image at constant distance: four streams and two weights, without a gather.
//! Where the distance changes, a new run begins; at large angles the runs are short and the result
//! is the same.

use rayon::prelude::*;

use super::geometry::{Affine, Rotation, centre};

/// Voxels along x that are worked on at a time, so that they stay in the cache for all angles.
const TILE: usize = 64;

/// Takes objects of one size to images of one size at fixed angles, and back.
#[derive(Debug, Clone)]
pub(super) struct VoxelProjector {
    object: [usize; 3],
    image: (usize, usize),
    rotations: Vec<Rotation>,
}

/// A run of voxels along y that meet neighbouring pixels.
struct Run {
    /// The first voxel along y, and how many follow with it.
    first: usize,
    length: usize,
    /// The lower pixel of the first voxel, in an image with one pixel more along each axis.
    pixel: usize,
    /// Weight of the upper pixels along x and along y at the first voxel, and its growth.
    along_x: (f32, f32),
    along_y: (f32, f32),
}

impl VoxelProjector {
    pub(super) fn new(
        object: [usize; 3],
        image: (usize, usize),
        rotations: &[Rotation],
    ) -> VoxelProjector {
        VoxelProjector {
            object,
            image,
            rotations: rotations.to_vec(),
        }
    }

    /// The pixels of an image with one zero more at the end of each axis, so that interpolation may
    /// look one further.
    pub(super) fn padded_pixels(&self) -> usize {
        (self.image.0 + 1) * (self.image.1 + 1)
    }

    /// For every voxel the sum over the images, in their order; `update` gets the sums of a line
    /// along y and that line of the object (y fastest, then x, then z).
    ///
    /// `images` are padded: see [`VoxelProjector::padded_pixels`].
    pub(super) fn back_project(
        &self,
        images: &[f32],
        object: &mut [f32],
        update: impl Fn(f32, &mut f32) + Sync,
    ) {
        let [n1, n2, _] = self.object;
        object
            .par_chunks_mut(n1 * n2)
            .enumerate()
            .for_each(|(z, layer)| {
                let mut sums = vec![0.0; TILE * n2];
                for (tile, voxels) in layer.chunks_mut(TILE * n2).enumerate() {
                    let sums = &mut sums[..voxels.len()];
                    sums.fill(0.0);
                    let columns = (tile * TILE, tile * TILE + voxels.len() / n2);
                    let images = images.chunks(self.padded_pixels());
                    for (rotation, image) in self.rotations.iter().zip(images) {
                        self.add_image(rotation, image, columns, z, sums);
                    }
                    for (sum, voxel) in sums.iter().zip(voxels) {
                        update(*sum, voxel);
                    }
                }
            });
    }

    /// Adds one image to the sums of the columns of voxels `columns` of layer `z`.
    fn add_image(
        &self,
        rotation: &Rotation,
        image: &[f32],
        columns: (usize, usize),
        z: usize,
        sums: &mut [f32],
    ) {
        let (n2, stride) = (self.object[1], self.image.1 + 1);
        self.for_each_run(rotation, columns, z, |x, run| {
            let sums = &mut sums[(x - columns.0) * n2 + run.first..][..run.length];
            let near = &image[run.pixel..][..run.length + 1];
            let far = &image[run.pixel + stride..][..run.length + 1];
            let pixels = near.iter().zip(&near[1..]).zip(far.iter().zip(&far[1..]));
            // ANCHOR: bilinear
            for (k, (sum, ((a, b), (c, d)))) in (0_i32..).zip(sums.iter_mut().zip(pixels)) {
                let k = k as f32;
                let y = run.along_y.0 + run.along_y.1 * k;
                let x = run.along_x.0 + run.along_x.1 * k;
                let near = a + (b - a) * y;
                let far = c + (d - c) * y;
                *sum += near + (far - near) * x;
            }
            // ANCHOR_END: bilinear
        });
    }

    /// The transpose: every voxel is shared out among the four pixels about the place where it
    /// falls. The images are not padded.
    pub(super) fn project(&self, object: &[f32], images: &mut [f32]) {
        let [n1, n2, n3] = self.object;
        let (dim1, dim2) = self.image;
        let stride = dim2 + 1;
        images
            .par_chunks_mut(dim1 * dim2)
            .zip(&self.rotations)
            .for_each(|(image, rotation)| {
                let mut padded = vec![0.0; self.padded_pixels()];
                for z in 0..n3 {
                    self.for_each_run(rotation, (0, n1), z, |x, run| {
                        let voxels = &object[(z * n1 + x) * n2 + run.first..][..run.length];
                        for (k, voxel) in voxels.iter().enumerate() {
                            let step = k as f32;
                            let y = run.along_y.0 + run.along_y.1 * step;
                            let x = run.along_x.0 + run.along_x.1 * step;
                            let pixel = run.pixel + k;
                            padded[pixel] += voxel * (1.0 - x) * (1.0 - y);
                            padded[pixel + 1] += voxel * (1.0 - x) * y;
                            padded[pixel + stride] += voxel * x * (1.0 - y);
                            padded[pixel + stride + 1] += voxel * x * y;
                        }
                    });
                }
                for (line, padded) in image.chunks_mut(dim2).zip(padded.chunks(stride)) {
                    line.copy_from_slice(&padded[..dim2]);
                }
            });
    }

    /// The runs of the columns `columns` of layer `z` that fall inside an image.
    fn for_each_run(
        &self,
        rotation: &Rotation,
        columns: (usize, usize),
        z: usize,
        mut work: impl FnMut(usize, &Run),
    ) {
        let [n1, n2, n3] = self.object;
        let (dim1, dim2) = self.image;
        let from_centre = |index: usize, length: usize| index as f64 - centre(length) as f64;
        let [r0, r1, _] = rotation.0;
        let (z, y0) = (from_centre(z, n3), from_centre(0, n2));
        for x in columns.0..columns.1 {
            let x0 = from_centre(x, n1);
            let at = |row: [f64; 3], length: usize| Affine {
                at: row[0] * x0 + row[1] * y0 + row[2] * z + centre(length) as f64,
                by: row[1],
            };
            let (u, v) = (at(r0, dim1), at(r1, dim2));
            let (mut y, end) = v.within(
                u.within((0, n2), (0.0, (dim1 - 1) as f64)),
                (0.0, (dim2 - 1) as f64),
            );
            // The place along y, less the index: constant but for the small angles.
            let lag = Affine {
                at: v.at,
                by: v.by - 1.0,
            };
            while y < end {
                let stop = u.same_floor(y, lag.same_floor(y, end));
                let (across, along) = (u.value(y).floor(), lag.value(y).floor());
                // The sum of two roundings may fall below the first pixel by a hair.
                let along = along.max(-(y as f64));
                let line = (along + y as f64) as usize;
                work(
                    x,
                    &Run {
                        first: y,
                        length: stop - y,
                        pixel: across as usize * (dim2 + 1) + line,
                        along_x: ((u.value(y) - across) as f32, u.by as f32),
                        along_y: ((lag.value(y) - along) as f32, lag.by as f32),
                    },
                );
                y = stop;
            }
        }
    }
}
