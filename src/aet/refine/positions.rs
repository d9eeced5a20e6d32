//! The descent of the positions as it was published: the residual times the derivative of the Gaussian.

use rayon::prelude::*;

use super::series::{Compared, Refinement, Scale};
use crate::aet::atom_filter::Room;
use crate::aet::atom_images::{Spot, View};
use crate::aet::gaussian::{Gaussian, WIDTH};
use crate::numerics::Vec3;
use crate::progress::Progress;

/// An atom moves at most this far along an axis in one iteration, in pixels.
const LONGEST_STEP: f64 = 0.5;
/// It stays within this distance of where the round began, in ångström.
const LEASH_ANGSTROM: f64 = 1.0;
/// The published length of a step is one over `8 · 20 · 9³ · side`.
const STEP_DIVISOR: f64 = 8.0 * 14_580.0;

/// How positions descend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descent {
    /// Number of iterations.
    pub iterations: usize,
    /// Length of a step: 1 for the film and the first particle, 0.2 for the second.
    pub step: f64,
    /// The mean side, in pixels, of the whole padded image that the length of a step is measured by; 426
    /// for the film, also where only an area of it is refined.
    pub side: f64,
}

/// One iteration of a refinement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Iteration {
    /// `R` of the positions before the iteration.
    pub r: f64,
    /// Root mean square displacement since the round began, after the iteration, in ångström.
    pub moved_angstrom: f64,
}

impl Descent {
    /// As the film was refined: 1,000 iterations of step 1, with its 451 × 401 pixels.
    pub fn film() -> Descent {
        Descent {
            iterations: 1_000,
            step: 1.0,
            side: 426.0,
        }
    }
}

impl Refinement {
    /// Moves the atoms down the published gradient, and tells of every iteration.
    ///
    /// That gradient lets the unfiltered Gaussian stand for the filtered one, so that it is not quite that
    /// of the squared difference; [`Refinement::minimise`] has the exact one.
    pub fn descend(&mut self, descent: &Descent, progress: &dyn Progress) -> Vec<Iteration> {
        let begin = self.positions.clone();
        progress.start("iterations", Some(descent.iterations as u64));
        let iterations = (0..descent.iterations)
            .map(|_| {
                let compared = self.compare(Scale::Sums);
                self.step(&compared, descent, &begin);
                progress.advance(1);
                progress.note(&format!("R {:.4}", compared.r));
                Iteration {
                    r: compared.r,
                    moved_angstrom: self.moved_angstrom(&begin),
                }
            })
            .collect();
        progress.finish();
        iterations
    }

    fn step(&mut self, compared: &Compared, descent: &Descent, begin: &[Vec3]) {
        let b = self.drawing.sharpness(self.b_factor);
        // ANCHOR: step
        let length = descent.step / (STEP_DIVISOR * descent.side) / (compared.scale * b).powi(2);
        let gradients = self.gradients(compared.scale, |index, room| {
            self.residual(compared, index, &mut room.image);
        });
        for (&index, gradient) in self.movable.iter().zip(gradients) {
            let step =
                (-length * gradient).clamp(-Vec3::splat(LONGEST_STEP), Vec3::splat(LONGEST_STEP));
            let moved = self.positions[index] + step - begin[index];
            self.positions[index] = begin[index] + moved.clamp_length_max(self.leash());
        }
        // ANCHOR_END: step
    }

    /// `Σ residual · H · ∂Gaussian/∂position` over all images, per movable atom, in the frame of the
    /// object; `residual` puts the padded residual of an image into the room.
    pub(super) fn gradients(
        &self,
        scale: f64,
        residual: impl Fn(usize, &mut Room) + Sync,
    ) -> Vec<Vec3> {
        let gaussian = self.drawing.gaussian(self.b_factor);
        let of_image = |room: &mut Room, (index, view): (usize, &View)| -> Vec<Vec3> {
            residual(index, room);
            let atoms = self.movable.iter().map(|&index| self.positions[index]);
            atoms
                .map(|position| {
                    let spot = self.drawing.spot(position, view);
                    spot.map_or(Vec3::ZERO, |spot| {
                        to_object(view, on_image(&spot, &gaussian, &room.image))
                    })
                })
                .collect()
        };
        // Image by image, so that each stays near the processor.
        let views = self.views.par_iter().enumerate();
        let of_images: Vec<Vec<Vec3>> = views.map_init(|| self.drawing.room(), of_image).collect();
        let factor = 2.0 * self.drawing.sharpness(self.b_factor) * scale;
        (0..self.movable.len())
            .map(|atom| {
                factor
                    * of_images
                        .iter()
                        .map(|of_atoms| of_atoms[atom])
                        .sum::<Vec3>()
            })
            .collect()
    }

    /// How far an atom may go from where the round began, in voxels.
    pub(super) fn leash(&self) -> f64 {
        LEASH_ANGSTROM / self.pixel_angstrom
    }

    pub(super) fn moved_angstrom(&self, begin: &[Vec3]) -> f64 {
        let squares = self
            .movable
            .iter()
            .map(|&i| self.positions[i].distance_squared(begin[i]));
        (squares.sum::<f64>() / self.movable.len() as f64).sqrt() * self.pixel_angstrom
    }
}

/// The residual under a spot times the distance from its middle, along x, y and the beam.
fn on_image(spot: &Spot, gaussian: &Gaussian, residual: &[f64]) -> Vec3 {
    let [along_x, along_y, along_beam] = spot.profiles(gaussian);
    let [u, v, w] = spot.within;
    // Sums along x by column, so that neighbours in memory are added side by side.
    let (mut sums, mut tilted) = ([0.0; WIDTH], [0.0; WIDTH]);
    spot.for_each_row(|row, x, columns| {
        let (height, slope) = (along_x[x], along_x[x] * (x as f64 - u));
        let sums = sums[columns.clone()].iter_mut().zip(&mut tilted[columns]);
        for ((sum, tilted), value) in sums.zip(&residual[row]) {
            *sum += height * value;
            *tilted += slope * value;
        }
    });
    let mut on_image = Vec3::ZERO;
    for (y, profile) in along_y.iter().enumerate() {
        let value = sums[y] * profile;
        on_image += Vec3::new(tilted[y] * profile, value * (y as f64 - v), value);
    }
    let total: f64 = along_beam.iter().sum();
    let slope = (0..)
        .zip(along_beam)
        .map(|(z, value)| (f64::from(z) - w) * value);
    on_image * Vec3::new(total, total, slope.sum())
}

/// A direction on an image as one of the object: `Rᵀ`.
fn to_object(view: &View, direction: Vec3) -> Vec3 {
    let [r0, r1, r2] = view.rotation.0.map(Vec3::from_array);
    r0 * direction.x + r1 * direction.y + r2 * direction.z
}
