//! The positions with the exact gradient of the squared difference and L-BFGS (Nocedal & Wright,
//! *Numerical Optimization*, 2nd ed., Springer 2006): not what was published, but what it should be
//! compared with.

use std::sync::{Mutex, PoisonError};

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;

use super::positions::Iteration;
use super::series::{Compared, Refinement, Scale};
use crate::numerics::Vec3;
use crate::progress::Progress;

/// Steps that L-BFGS remembers.
const MEMORY: usize = 10;
/// How far the first step moves the atom that is pulled the most, in pixels. L-BFGS knows no scale before
/// it, so the squared difference is measured in units that make it so.
const FIRST_STEP: f64 = 0.05;

/// Why the minimisation ended without a result.
#[derive(Debug, thiserror::Error)]
#[error("the positions could not be minimised; begin nearer to the images, or descend first")]
pub struct ExactError {
    /// What the optimiser says.
    #[source]
    cause: Error,
}

impl Refinement {
    /// Moves the atoms to where the squared difference `½ Σ (H·computed − measured)²` is least, the
    /// scale `H` chosen anew (least squares) at every place; as many iterations of L-BFGS at most. No atom
    /// goes farther than 1 Å from where it began.
    ///
    /// # Errors
    /// [`ExactError`]; the positions are then as they were.
    pub fn minimise(
        &mut self,
        iterations: usize,
        progress: &dyn Progress,
    ) -> Result<Vec<Iteration>, ExactError> {
        let begin = self.positions.clone();
        progress.start("iterations", Some(iterations as u64));
        let first = vec![0.0; 3 * self.movable.len()];
        let compared = self.compare(Scale::LeastSquares);
        let pull = self.exact_gradients(&compared);
        let pull = pull.iter().map(|gradient| gradient.abs().max_element());
        let unit = pull.fold(0.0, f64::max) / FIRST_STEP;
        if unit == 0.0 {
            progress.finish();
            return Ok(Vec::new());
        }
        let seen = Mutex::new(Vec::new());
        let problem = Problem {
            unit,
            state: Mutex::new(Held {
                refinement: self,
                at: None,
            }),
            seen: &seen,
            begin: &begin,
            progress,
        };
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), MEMORY);
        let run = Executor::new(problem, solver)
            .configure(|state| state.param(first).max_iters(iterations as u64))
            .timer(false)
            .run();
        progress.finish();
        let best = run.map(|result| result.state.get_best_param().cloned());
        match best {
            Ok(Some(best)) => self.set_parameters(&begin, &best),
            Ok(None) => self.positions = begin,
            Err(cause) => {
                self.positions = begin;
                return Err(ExactError { cause });
            }
        }
        Ok(seen.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Moves the atoms from where they began by what the parameters say.
    fn set_parameters(&mut self, begin: &[Vec3], parameters: &[f64]) {
        let leash = self.leash();
        for (&index, parameters) in self.movable.iter().zip(parameters.chunks_exact(3)) {
            self.positions[index] = begin[index] + on_leash(Vec3::from_slice(parameters), leash);
        }
    }

    // ANCHOR: exact
    /// `∂/∂position of ½ Σ (H·computed − measured)²`, per movable atom. The scale is the best one, so
    /// that its change counts for nothing; what is clipped does not change.
    fn exact_gradients(&self, compared: &Compared) -> Vec<Vec3> {
        self.gradients(compared.scale, |index, room| {
            self.residual(compared, index, &mut room.image);
            let (_, dim2) = self.drawing.dimensions();
            let computed = compared.computed[index].chunks(dim2);
            for (out, computed) in self.drawing.rows_mut(&mut room.image).zip(computed) {
                for (out, &computed) in out.iter_mut().zip(computed) {
                    if computed < 0.0 {
                        *out = 0.0;
                    }
                }
            }
            self.drawing.filter(room);
        })
    }
    // ANCHOR_END: exact
}

// ANCHOR: leash
/// The displacement that a parameter stands for: itself while it is short, and never longer than the leash.
fn on_leash(parameter: Vec3, leash: f64) -> Vec3 {
    parameter / (1.0 + parameter.length_squared() / (leash * leash)).sqrt()
}

/// The gradient over the parameter of what has the gradient `pull` over the displacement.
fn pull_on_leash(pull: Vec3, parameter: Vec3, leash: f64) -> Vec3 {
    let square = leash * leash + parameter.length_squared();
    (pull - parameter * (parameter.dot(pull) / square)) * (leash / square.sqrt())
}
// ANCHOR_END: leash

/// What the optimiser asks, with the last answer kept: it asks for value and gradient of one place.
struct Problem<'a> {
    /// What the squared difference and its gradient are divided by.
    unit: f64,
    state: Mutex<Held<'a>>,
    seen: &'a Mutex<Vec<Iteration>>,
    begin: &'a [Vec3],
    progress: &'a dyn Progress,
}

struct Held<'a> {
    refinement: &'a mut Refinement,
    at: Option<(Vec<f64>, Compared)>,
}

impl Problem<'_> {
    fn with<T>(&self, parameters: &[f64], ask: impl FnOnce(&Refinement, &Compared) -> T) -> T {
        let mut held = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = held.at.as_ref().is_some_and(|(at, _)| at == parameters);
        if !is_known {
            held.refinement.set_parameters(self.begin, parameters);
            let compared = held.refinement.compare(Scale::LeastSquares);
            held.at = Some((parameters.to_vec(), compared));
        }
        let Held { refinement, at } = &*held;
        match at {
            Some((_, compared)) => ask(refinement, compared),
            None => unreachable!("the answer has just been kept"),
        }
    }
}

impl CostFunction for Problem<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, parameters: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.with(parameters, |_, compared| 0.5 * compared.squares / self.unit))
    }
}

impl Gradient for Problem<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, parameters: &Vec<f64>) -> Result<Vec<f64>, Error> {
        Ok(self.with(parameters, |refinement, compared| {
            let iteration = Iteration {
                r: compared.r,
                moved_angstrom: refinement.moved_angstrom(self.begin),
            };
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.push(iteration);
            self.progress.advance(1);
            self.progress.note(&format!("R {:.4}", compared.r));
            let gradients = refinement.exact_gradients(compared);
            let pulls = gradients.iter().zip(parameters.chunks_exact(3));
            pulls
                .flat_map(|(&gradient, parameter)| {
                    let parameter = Vec3::from_slice(parameter);
                    pull_on_leash(gradient / self.unit, parameter, refinement.leash()).to_array()
                })
                .collect()
        }))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::aet::{AtomImages, Rotation, TiltAngles, View};
    use crate::atoms::{Element, ScatteringFactor};
    use crate::progress::Silent;

    const PIXEL: f64 = 0.3216;

    /// Three atoms, their images at five tilts, and the same atoms, two of them a little beside their places.
    fn beside() -> (Vec<Vec3>, Refinement) {
        let atoms = [
            Vec3::new(0.2, -0.3, 0.1),
            Vec3::new(7.1, 2.2, -5.2),
            Vec3::new(-4.2, 6.3, 3.1),
        ];
        let angles: Vec<TiltAngles> = (-2..=2)
            .map(|k| TiltAngles::tilt(25.0 * f64::from(k)))
            .collect();
        let views: Vec<View> = angles.iter().map(|&a| Rotation::of(a).into()).collect();
        let factor = ScatteringFactor::of(Element::Ta).unwrap();
        let images = AtomImages::new((33, 31), PIXEL, &factor).images(&atoms, 6.0, &views);
        // The one that is held stands where it is.
        let beside = Vec3::new(0.12, -0.08, 0.1);
        let moved = [atoms[0] + beside, atoms[1] + beside, atoms[2]];
        let may_move = [true, true, false];
        let images = images.view();
        let refinement =
            Refinement::new(images, &angles, PIXEL, Element::Ta, &moved, &may_move).unwrap();
        (atoms.to_vec(), refinement)
    }

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        let (_, mut refinement) = beside();
        let compared = refinement.compare(Scale::LeastSquares);
        let gradients = refinement.exact_gradients(&compared);
        let largest = gradients
            .iter()
            .map(|g| g.abs().max_element())
            .fold(0.0, f64::max);
        let step = 1e-4;
        for (atom, gradient) in gradients.into_iter().enumerate() {
            for axis in 0..3 {
                let mut half_square = |shift: f64| {
                    let place = refinement.positions[atom];
                    refinement.positions[atom][axis] += shift;
                    let squares = refinement.compare(Scale::LeastSquares).squares;
                    refinement.positions[atom] = place;
                    0.5 * squares
                };
                let difference = (half_square(step) - half_square(-step)) / (2.0 * step);
                assert!(
                    (difference - gradient[axis]).abs() < 1e-5 * largest,
                    "atom {atom}, axis {axis}: {} and {difference}",
                    gradient[axis]
                );
            }
        }
    }

    #[test]
    fn the_least_difference_is_where_the_atoms_are() {
        let (atoms, mut refinement) = beside();
        refinement.minimise(40, &Silent).unwrap();
        for (found, atom) in refinement.positions().iter().zip(&atoms) {
            assert!(found.distance(*atom) < 0.002, "{found} {atom}");
        }
    }

    #[test]
    fn a_leash_lets_short_steps_be_and_holds_long_ones() {
        let short = Vec3::new(0.01, 0.0, 0.0);
        assert!((on_leash(short, 3.0) - short).length() < 1e-6);
        assert!(on_leash(Vec3::splat(1e6), 3.0).length() <= 3.0);
        // The gradient over the parameter, by differences of a linear function of the displacement.
        let (pull, at, leash) = (Vec3::new(1.0, -2.0, 0.5), Vec3::new(2.0, 1.0, -4.0), 3.0);
        let found = pull_on_leash(pull, at, leash);
        for axis in 0..3 {
            let mut ends = [at; 2];
            ends[0][axis] -= 1e-5;
            ends[1][axis] += 1e-5;
            let [below, above] = ends.map(|end| pull.dot(on_leash(end, leash)));
            assert!((found[axis] - (above - below) / 2e-5).abs() < 1e-8);
        }
    }
}
