//! Model-based re-alignment: the images computed from the traced atoms are the references against
//! which the angles and the place of every measured image are refined (Methods, end of "3D
//! reconstruction with the RESIRE algorithm").

use nalgebra::{SMatrix, SVector};
use rayon::prelude::*;

use super::series::Refinement;
use crate::aet::atom_images::View;
use crate::aet::geometry::{Rotation, TiltAngles};
use crate::progress::Progress;

/// What is refined of an image: φ, θ, ψ in degrees, and the shift along x and y in pixels.
const PARAMETERS: usize = 5;
/// Difference quotients: degrees and pixels.
const DIFFERENCES: [f64; PARAMETERS] = [0.05; PARAMETERS];
/// Gauss–Newton steps of an image at most.
const STEPS: usize = 12;
/// It ends where no parameter moves by more, degrees and pixels.
const SETTLED: f64 = 1e-4;
/// A step that does not lower the difference is halved so often.
const HALVINGS: usize = 6;

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

/// Refines the angles and the place of every image against the atoms, which stay as they are. The
/// images begin at `angles`, one for each, without a shift.
pub fn realign(
    atoms: &Refinement,
    angles: &[TiltAngles],
    progress: &dyn Progress,
) -> Vec<Realigned> {
    progress.start("images", Some(angles.len() as u64));
    let realigned = angles
        .par_iter()
        .enumerate()
        .map(|(index, &angles)| {
            let found = Image { atoms, index }.realign(angles);
            progress.advance(1);
            found
        })
        .collect();
    progress.finish();
    realigned
}

type Parameters = SVector<f64, PARAMETERS>;

/// One image and its atoms.
struct Image<'a> {
    atoms: &'a Refinement,
    index: usize,
}

impl Image<'_> {
    fn realign(&self, angles: TiltAngles) -> Realigned {
        let TiltAngles {
            phi_deg,
            theta_deg,
            psi_deg,
        } = angles;
        let mut best = Parameters::from([phi_deg, theta_deg, psi_deg, 0.0, 0.0]);
        let mut residual = self.residual(&best);
        let r_before = self.r(&residual);
        for _ in 0..STEPS {
            let Some(full) = self.gauss_newton(&best, &residual) else {
                break;
            };
            let Some((found, lower)) = self.lower(&best, full, squares(&residual)) else {
                break;
            };
            let moved = (found - best).amax();
            (best, residual) = (found, lower);
            if moved < SETTLED {
                break;
            }
        }
        let [phi_deg, theta_deg, psi_deg, u, v] = best.into();
        Realigned {
            before: angles,
            angles: TiltAngles {
                phi_deg,
                theta_deg,
                psi_deg,
            },
            shift: [u, v],
            r_before,
            r_after: self.r(&residual),
        }
    }

    /// The first of a step and its halves that lowers the squared difference.
    fn lower(
        &self,
        from: &Parameters,
        mut step: Parameters,
        squares_before: f64,
    ) -> Option<(Parameters, Vec<f64>)> {
        for _ in 0..HALVINGS {
            let found = from + step;
            let residual = self.residual(&found);
            if squares(&residual) < squares_before {
                return Some((found, residual));
            }
            step /= 2.0;
        }
        None
    }

    // ANCHOR: gauss-newton
    fn gauss_newton(&self, at: &Parameters, residual: &[f64]) -> Option<Parameters> {
        let slopes: Vec<Vec<f64>> = (0..PARAMETERS)
            .map(|parameter| {
                let mut ends = [*at; 2];
                ends[0][parameter] -= DIFFERENCES[parameter];
                ends[1][parameter] += DIFFERENCES[parameter];
                let [below, above] = ends.map(|end| self.residual(&end));
                let both = below.iter().zip(&above);
                both.map(|(a, b)| (b - a) / (2.0 * DIFFERENCES[parameter]))
                    .collect()
            })
            .collect();
        let normal =
            SMatrix::<f64, PARAMETERS, PARAMETERS>::from_fn(|i, j| dot(&slopes[i], &slopes[j]));
        let right = Parameters::from_fn(|i, _| dot(&slopes[i], residual));
        Some(-normal.cholesky()?.solve(&right))
    }
    // ANCHOR_END: gauss-newton

    /// Computed less measured pixels, the computed ones scaled to differ the least: a scale from images that
    /// are not aligned yet would be too small.
    fn residual(&self, parameters: &Parameters) -> Vec<f64> {
        let &[phi_deg, theta_deg, psi_deg, u, v] = parameters.as_ref();
        let view = View {
            rotation: Rotation::of(TiltAngles {
                phi_deg,
                theta_deg,
                psi_deg,
            }),
            shift: [u, v],
        };
        let drawing = &self.atoms.drawing;
        let mut room = drawing.room();
        let atoms = &self.atoms.positions;
        drawing.draw(atoms, self.atoms.b_factor, &view, &mut room.image);
        drawing.filter_middle(&mut room);
        let middle = drawing.rows(&room.image).flatten();
        let computed: Vec<f64> = middle.map(|value| value.max(0.0)).collect();
        let measured = self.atoms.measured(self.index);
        let scale = dot(&computed, measured) / dot(&computed, &computed);
        let pixels = computed.iter().zip(measured);
        pixels.map(|(c, m)| scale * c - m).collect()
    }

    fn r(&self, residual: &[f64]) -> f64 {
        let total: f64 = self
            .atoms
            .measured(self.index)
            .iter()
            .map(|m| m.abs())
            .sum();
        residual.iter().map(|r| r.abs()).sum::<f64>() / total
    }
}

fn squares(residual: &[f64]) -> f64 {
    residual.iter().map(|r| r * r).sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
