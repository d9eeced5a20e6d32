//! Where images are taken from: the angles and the shift of each are refined until the image that is
//! computed for them is the measured one. What is computed from is another's business: atoms
//! ([`realign`](fn@crate::aet::refine::realign)) or a volume
//! ([`refine_views`](crate::aet::preprocess::refine_views)) (Methods, end of "3D reconstruction with the
//! RESIRE algorithm").

use nalgebra::{SMatrix, SVector};

use super::atom_images::View;
use super::geometry::{Rotation, TiltAngles};

/// What is refined of an image: φ, θ, ψ in degrees, and the shift along x and y in pixels.
const PARAMETERS: usize = 5;
/// Difference quotients: degrees and pixels.
const DIFFERENCE: f64 = 0.05;
/// Gauss–Newton steps of an image at most.
const STEPS: usize = 12;
/// It ends where no parameter moves by more, degrees and pixels.
const SETTLED: f64 = 1e-4;
/// A step that does not lower the difference is halved so often.
const HALVINGS: usize = 6;

type Parameters = SVector<f64, PARAMETERS>;

/// An image, re-aligned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Realigned {
    /// The angles that it began with.
    pub before: TiltAngles,
    /// The angles found.
    pub angles: TiltAngles,
    /// Where the centre of the object falls on the measured image, from the centre of the image, in pixels
    /// along x and y. Moved by its opposite ([`shift_images`](crate::aet::shift_images)) the image is
    /// centred.
    pub shift: [f64; 2],
    /// `R` of the image before.
    pub r_before: f64,
    /// `R` of the image after.
    pub r_after: f64,
}

/// An image that is asked for: the number of the measured one and from where it is to be computed.
pub(super) type Asked = (usize, View);

/// Images to be refined: what was measured, and how it is computed.
pub(super) struct ViewFit<'a, F> {
    /// The pixels of each measured image.
    pub(super) measured: Vec<&'a [f64]>,
    /// Computes images of as many pixels; all that a step needs are asked for at once.
    pub(super) computed: F,
    /// Which parameters of each image are refined: the three angles, the two shifts.
    pub(super) free: Vec<[bool; PARAMETERS]>,
}

/// An image on its way.
struct Running {
    best: Parameters,
    residual: Vec<f64>,
    step: Parameters,
    is_settled: bool,
}

impl<F: Fn(&[Asked]) -> Vec<Vec<f64>>> ViewFit<'_, F> {
    /// Refines the angles and shifts of all images from where they begin.
    pub(super) fn refine(&self, begin: &[(TiltAngles, [f64; 2])]) -> Vec<Realigned> {
        let begin_at = begin.iter().map(|&(angles, [u, v])| {
            Parameters::from([angles.phi_deg, angles.theta_deg, angles.psi_deg, u, v])
        });
        let begin_at: Vec<_> = begin_at.enumerate().collect();
        let residuals = self.residuals(&begin_at);
        let r_before: Vec<f64> = residuals
            .iter()
            .enumerate()
            .map(|(index, residual)| self.r(index, residual))
            .collect();
        let mut images: Vec<Running> = begin_at
            .into_iter()
            .zip(residuals)
            .map(|((_, best), residual)| Running {
                best,
                residual,
                step: Parameters::zeros(),
                is_settled: false,
            })
            .collect();
        for _ in 0..STEPS {
            if images.iter().all(|image| image.is_settled) {
                break;
            }
            self.gauss_newton(&mut images);
            self.lower(&mut images);
        }
        let all = images.iter().enumerate().zip(begin).zip(r_before);
        all.map(|(((index, image), begin), r_before)| {
            let (angles, shift) = split(&image.best);
            Realigned {
                before: begin.0,
                angles,
                shift,
                r_before,
                r_after: self.r(index, &image.residual),
            }
        })
        .collect()
    }

    /// Finds the step of every image that is not settled; one without a step is settled.
    fn gauss_newton(&self, images: &mut [Running]) {
        let mut ends = Vec::new();
        for (index, image) in running(images) {
            for parameter in self.free(index) {
                for sign in [-1.0, 1.0] {
                    let mut end = image.best;
                    end[parameter] += sign * DIFFERENCE;
                    ends.push((index, end));
                }
            }
        }
        let mut residuals = self.residuals(&ends).into_iter();
        for (index, image) in images
            .iter_mut()
            .enumerate()
            .filter(|(_, image)| !image.is_settled)
        {
            let free: Vec<usize> = self.free(index).collect();
            let ends: Vec<Vec<f64>> = residuals.by_ref().take(2 * free.len()).collect();
            match step(&free, &ends, &image.residual) {
                Some(step) => image.step = step,
                None => image.is_settled = true,
            }
        }
    }

    /// Takes the first of the step and its halves that lowers the squared difference of an image; where
    /// none does, the image is settled.
    fn lower(&self, images: &mut [Running]) {
        let mut waiting: Vec<usize> = running(images).map(|(index, _)| index).collect();
        for _ in 0..HALVINGS {
            let tried: Vec<(usize, Parameters)> = waiting
                .iter()
                .map(|&index| (index, images[index].best + images[index].step))
                .collect();
            waiting.clear();
            for ((index, found), residual) in tried.iter().zip(self.residuals(&tried)) {
                let image = &mut images[*index];
                if squares(&residual) < squares(&image.residual) {
                    image.is_settled = image.step.amax() < SETTLED;
                    (image.best, image.residual) = (*found, residual);
                } else {
                    image.step /= 2.0;
                    waiting.push(*index);
                }
            }
            if waiting.is_empty() {
                break;
            }
        }
        for index in waiting {
            images[index].is_settled = true;
        }
    }

    /// Computed less measured pixels, the computed ones scaled to differ the least: a scale from images that
    /// are not aligned yet would be too small.
    fn residuals(&self, at: &[(usize, Parameters)]) -> Vec<Vec<f64>> {
        let asked: Vec<Asked> = at
            .iter()
            .map(|(index, parameters)| {
                let (angles, shift) = split(parameters);
                let rotation = Rotation::of(angles);
                (*index, View { rotation, shift })
            })
            .collect();
        let mut images = (self.computed)(&asked);
        for (computed, (index, _)) in images.iter_mut().zip(&asked) {
            let measured = self.measured[*index];
            let scale = dot(computed, measured) / dot(computed, computed);
            for (computed, measured) in computed.iter_mut().zip(measured) {
                *computed = scale * *computed - measured;
            }
        }
        images
    }

    /// The parameters of an image that are refined.
    fn free(&self, index: usize) -> impl Iterator<Item = usize> {
        let free = self.free[index];
        (0..PARAMETERS).filter(move |&parameter| free[parameter])
    }

    fn r(&self, index: usize, residual: &[f64]) -> f64 {
        let sum = |values: &[f64]| values.iter().map(|value| value.abs()).sum::<f64>();
        sum(residual) / sum(self.measured[index])
    }
}

fn running(images: &[Running]) -> impl Iterator<Item = (usize, &Running)> {
    images
        .iter()
        .enumerate()
        .filter(|(_, image)| !image.is_settled)
}

// ANCHOR: gauss-newton
/// The step of Gauss and Newton from the residuals below and above each free parameter, and at the place;
/// none where the images do not tell it.
fn step(free: &[usize], ends: &[Vec<f64>], residual: &[f64]) -> Option<Parameters> {
    let mut slopes = vec![Vec::new(); PARAMETERS];
    for (&parameter, ends) in free.iter().zip(ends.chunks(2)) {
        let both = ends[0].iter().zip(&ends[1]);
        slopes[parameter] = both.map(|(a, b)| (b - a) / (2.0 * DIFFERENCE)).collect();
    }
    let normal = SMatrix::<f64, PARAMETERS, PARAMETERS>::from_fn(|i, j| {
        let held = i == j && slopes[i].is_empty();
        if held {
            1.0
        } else {
            dot(&slopes[i], &slopes[j])
        }
    });
    let right = Parameters::from_fn(|i, _| dot(&slopes[i], residual));
    Some(-normal.cholesky()?.solve(&right))
}
// ANCHOR_END: gauss-newton

fn split(parameters: &Parameters) -> (TiltAngles, [f64; 2]) {
    let &[phi_deg, theta_deg, psi_deg, u, v] = parameters.as_ref();
    let angles = TiltAngles {
        phi_deg,
        theta_deg,
        psi_deg,
    };
    (angles, [u, v])
}

fn squares(residual: &[f64]) -> f64 {
    residual.iter().map(|r| r * r).sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
