//! The place of a maximum between the samples: a polynomial of the fourth order, fitted under a
//! Gaussian weight that moves along (Rogers et al., Phys. Biol. 4, 220 (2007),
//! doi 10.1088/1478-3975/4/3/008; the paper's ref. 61).
//!
//! The weighted normal equations hold nothing but moments of the weight, which factorises along the
//! axes; so a fit costs one small Cholesky factorisation.

use nalgebra::{Matrix3, Vector3};

/// Samples on each side of the maximum.
pub(super) const REACH: usize = 3;
/// Samples along each axis.
pub(super) const WIDTH: usize = 2 * REACH + 1;
/// Squared radius of the ball that is fitted, in fine samples.
const RADIUS_SQUARED: usize = 12;
/// The weight is `exp(−|x − place|² / WEIGHT)`.
const WEIGHT: f64 = 9.0;
/// Order of the polynomial.
const ORDER: usize = 4;
/// Its terms.
const TERMS: usize = 35;
/// No step is longer than this along any axis, in fine samples.
const LONGEST_STEP: f64 = 0.5;
/// So many steps in a row that were not cut short end the search.
const CALM_STEPS: usize = 7;
/// The search is given up after so many.
const MOST_STEPS: usize = 14;
/// A step as short as this would be followed by none.
const AT_REST: f64 = 1e-10;

/// The values about a maximum: x slowest, z fastest.
pub(super) type Neighbourhood = [[[f32; WIDTH]; WIDTH]; WIDTH];

/// Where a search ended, from the maximum, in fine samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Found {
    At([f64; 3]),
    NoMaximum([f64; 3]),
    Left([f64; 3]),
    Restless([f64; 3]),
}

/// Follows the maximum of the fitted polynomial from the brightest sample.
pub(super) fn find(values: &Neighbourhood) -> Found {
    let mut place = [0.0; 3];
    let mut calm = 0;
    for taken in 1..=MOST_STEPS {
        let Some(full) = step(values, place) else {
            return Found::NoMaximum(place);
        };
        let step = full.map(|step| step.clamp(-LONGEST_STEP, LONGEST_STEP));
        for (place, step) in place.iter_mut().zip(step) {
            *place += step;
        }
        if place.iter().any(|place| place.abs() > REACH as f64) {
            return Found::Left(place);
        }
        let longest = step
            .iter()
            .fold(0.0_f64, |longest, step| longest.max(step.abs()));
        calm = if longest < LONGEST_STEP { calm + 1 } else { 0 };
        if calm == CALM_STEPS {
            return Found::At(place);
        }
        // At rest, the steps that are left to take change nothing.
        if longest < AT_REST {
            let enough = taken + CALM_STEPS - calm <= MOST_STEPS;
            return if enough {
                Found::At(place)
            } else {
                Found::Restless(place)
            };
        }
    }
    Found::Restless(place)
}

// ANCHOR: newton
/// Newton's step to the maximum of the polynomial that is fitted about `place`; `None` where the
/// curvature is that of no maximum.
fn step(values: &Neighbourhood, place: [f64; 3]) -> Option<[f64; 3]> {
    let [x, y, z, xx, yy, zz, xy, xz, yz] = low_terms(values, place)?;
    let curvature = Matrix3::new(2.0 * xx, xy, xz, xy, 2.0 * yy, yz, xz, yz, 2.0 * zz);
    if curvature.determinant() >= 0.0 {
        return None;
    }
    let step = -(curvature.try_inverse()? * Vector3::new(x, y, z));
    Some([step.x, step.y, step.z])
}
// ANCHOR_END: newton

/// The exponents of the terms. Those that a step needs, the linear and the quadratic ones, come last:
/// they are solved for first, and the others not at all.
const EXPONENTS: [[usize; 3]; TERMS] = exponents();

const fn exponents() -> [[usize; 3]; TERMS] {
    let mut terms = [[0; 3]; TERMS];
    // The constant is term 0.
    let mut count = 1;
    let mut order = ORDER;
    while order > 2 {
        let mut x = 0;
        while x <= order {
            let mut y = 0;
            while y + x <= order {
                terms[count] = [x, y, order - x - y];
                count += 1;
                y += 1;
            }
            x += 1;
        }
        order -= 1;
    }
    let low = [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [2, 0, 0],
        [0, 2, 0],
        [0, 0, 2],
        [1, 1, 0],
        [1, 0, 1],
        [0, 1, 1],
    ];
    let mut k = 0;
    while k < LOW {
        terms[count + k] = low[k];
        k += 1;
    }
    terms
}

/// Linear and quadratic terms.
const LOW: usize = 9;
/// Powers in the moments of the normal equations.
const POWERS: usize = 2 * ORDER + 1;

// ANCHOR: normal-equations
/// The coefficients of x, y, z, x², y², z², xy, xz and yz about `place`; `None` if the equations
/// cannot be solved.
fn low_terms(values: &Neighbourhood, place: [f64; 3]) -> Option<[f64; LOW]> {
    let powers = place.map(weighted_powers);
    let moments = moments(&powers);
    let right = right_side(values, &powers);
    let mut matrix = [[0.0; TERMS]; TERMS];
    for (row, a) in EXPONENTS.iter().enumerate() {
        for (column, b) in EXPONENTS[..=row].iter().enumerate() {
            matrix[row][column] = moments[a[0] + b[0]][a[1] + b[1]][a[2] + b[2]];
        }
    }
    let mut vector = EXPONENTS.map(|[x, y, z]| right[x][y][z]);
    solve_last(&mut matrix, &mut vector)
}
// ANCHOR_END: normal-equations

/// `w² (x − place)^k` at each sample of an axis. The weight stands on both sides of the equations and so
/// squared in them.
fn weighted_powers(place: f64) -> [[f64; POWERS]; WIDTH] {
    std::array::from_fn(|sample| {
        let from = sample as f64 - REACH as f64 - place;
        let mut power = (-2.0 * from * from / WEIGHT).exp();
        std::array::from_fn(|_| {
            let value = power;
            power *= from;
            value
        })
    })
}

/// How far the ball reaches along z over a sample of x and y; `None` beside the ball.
const HEIGHTS: [[Option<usize>; WIDTH]; WIDTH] = heights();

const fn heights() -> [[Option<usize>; WIDTH]; WIDTH] {
    let mut heights = [[None; WIDTH]; WIDTH];
    let mut x = 0;
    while x < WIDTH {
        let mut y = 0;
        while y < WIDTH {
            let (dx, dy) = (x.abs_diff(REACH), y.abs_diff(REACH));
            let mut height = 0;
            while height <= REACH && dx * dx + dy * dy + height * height <= RADIUS_SQUARED {
                heights[x][y] = Some(height);
                height += 1;
            }
            y += 1;
        }
        x += 1;
    }
    heights
}

/// The moments `Σ w² x^i y^j z^k` over the ball, up to the power 8 in all.
fn moments(powers: &[[[f64; POWERS]; WIDTH]; 3]) -> [[[f64; POWERS]; POWERS]; POWERS] {
    let [along_x, along_y, along_z] = powers;
    // Columns of the ball of one height share their sum along z.
    let columns: [[f64; POWERS]; REACH + 1] = std::array::from_fn(|height| {
        let mut sums = [0.0; POWERS];
        for powers in &along_z[REACH - height..=REACH + height] {
            for (sum, power) in sums.iter_mut().zip(powers) {
                *sum += power;
            }
        }
        sums
    });
    let mut moments = [[[0.0; POWERS]; POWERS]; POWERS];
    for (x, heights) in along_x.iter().zip(&HEIGHTS) {
        let mut plane = [[0.0; POWERS]; POWERS];
        for (y, height) in along_y.iter().zip(heights) {
            let Some(height) = height else { continue };
            for (row, y) in plane.iter_mut().zip(y) {
                for (value, column) in row.iter_mut().zip(&columns[*height]) {
                    *value += y * column;
                }
            }
        }
        for (i, (moments, x)) in moments.iter_mut().zip(x).enumerate() {
            for (row, plane) in moments.iter_mut().zip(&plane).take(POWERS - i) {
                for (value, plane) in row.iter_mut().zip(plane) {
                    *value += x * plane;
                }
            }
        }
    }
    moments
}

/// The sums `Σ w² f x^i y^j z^k` over the ball.
fn right_side(
    values: &Neighbourhood,
    powers: &[[[f64; POWERS]; WIDTH]; 3],
) -> [[[f64; ORDER + 1]; ORDER + 1]; ORDER + 1] {
    let [along_x, along_y, along_z] = powers;
    let mut sums = [[[0.0; ORDER + 1]; ORDER + 1]; ORDER + 1];
    for ((x, heights), values) in along_x.iter().zip(&HEIGHTS).zip(values) {
        let mut plane = [[0.0; ORDER + 1]; ORDER + 1];
        for ((y, height), values) in along_y.iter().zip(heights).zip(values) {
            let Some(height) = height else { continue };
            let mut column = [0.0; ORDER + 1];
            for z in REACH - height..=REACH + height {
                let value = f64::from(values[z]);
                for (sum, power) in column.iter_mut().zip(&along_z[z]) {
                    *sum += value * power;
                }
            }
            for (row, y) in plane.iter_mut().zip(y) {
                for (value, column) in row.iter_mut().zip(&column) {
                    *value += y * column;
                }
            }
        }
        for (sums, x) in sums.iter_mut().zip(x) {
            for (row, plane) in sums.iter_mut().zip(&plane) {
                for (value, plane) in row.iter_mut().zip(plane) {
                    *value += x * plane;
                }
            }
        }
    }
    sums
}

/// Solves symmetric equations, of which the lower half is given, for the last unknowns, by Cholesky's
/// factorisation; `None` where they are not positive definite.
fn solve_last(matrix: &mut [[f64; TERMS]; TERMS], vector: &mut [f64; TERMS]) -> Option<[f64; LOW]> {
    for column in 0..TERMS {
        let pivot = matrix[column][column];
        if !(pivot > 0.0) {
            return None;
        }
        let root = pivot.sqrt();
        let mut factors = [0.0; TERMS];
        for row in column..TERMS {
            matrix[row][column] /= root;
            factors[row] = matrix[row][column];
        }
        vector[column] /= root;
        let known = vector[column];
        for row in column + 1..TERMS {
            let factor = factors[row];
            for (value, other) in matrix[row][column + 1..=row]
                .iter_mut()
                .zip(&factors[column + 1..=row])
            {
                *value -= factor * other;
            }
            vector[row] -= factor * known;
        }
    }
    for row in (TERMS - LOW..TERMS).rev() {
        for later in row + 1..TERMS {
            vector[row] -= matrix[later][row] * vector[later];
        }
        vector[row] /= matrix[row][row];
    }
    vector[TERMS - LOW..].try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampled(f: impl Fn(f64, f64, f64) -> f64) -> Neighbourhood {
        let from = |index: usize| index as f64 - REACH as f64;
        std::array::from_fn(|x| {
            std::array::from_fn(|y| std::array::from_fn(|z| f(from(x), from(y), from(z)) as f32))
        })
    }

    #[test]
    fn the_ball_has_179_samples_and_every_term_is_there_once() {
        let samples: usize = HEIGHTS
            .iter()
            .flatten()
            .flatten()
            .map(|height| 2 * height + 1)
            .sum();
        assert_eq!(samples, 179);
        let mut terms = EXPONENTS.to_vec();
        terms.sort_unstable();
        terms.dedup();
        assert_eq!(terms.len(), TERMS);
        assert!(
            EXPONENTS
                .iter()
                .all(|term| term.iter().sum::<usize>() <= ORDER)
        );
    }

    #[test]
    fn the_terms_of_a_polynomial_come_back_wherever_the_weight_lies() {
        // About (a, b, c): coefficients of the shifted polynomial by hand.
        let f = |x: f64, y: f64, z: f64| {
            10.0 - x * x - 2.0 * y * y - 3.0 * z * z + 0.5 * x * y + 0.25 * x * z - 0.125 * y * z
                + 0.5 * x
                + 0.01 * x.powi(4)
        };
        let [a, b, c] = [0.5, -0.25, 1.0];
        let found = low_terms(&sampled(f), [a, b, c]).expect("solvable");
        let expected = [
            -2.0 * a + 0.5 * b + 0.25 * c + 0.5 + 0.04 * a.powi(3),
            -4.0 * b + 0.5 * a - 0.125 * c,
            -6.0 * c + 0.25 * a - 0.125 * b,
            -1.0 + 0.06 * a * a,
            -2.0,
            -3.0,
            0.5,
            0.25,
            -0.125,
        ];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4, "{found} {expected}");
        }
    }

    #[test]
    fn a_gaussian_is_found_where_it_is() {
        let centre = [0.4, -0.3, 0.2];
        let values = sampled(|x, y, z| {
            let [a, b, c] = centre;
            (-((x - a).powi(2) + (y - b).powi(2) + (z - c).powi(2)) / 18.0).exp()
        });
        let Found::At(place) = find(&values) else {
            panic!("a Gaussian has a maximum")
        };
        for (place, centre) in place.iter().zip(centre) {
            assert!((place - centre).abs() < 2e-4, "{place} {centre}");
        }
    }

    #[test]
    fn what_has_no_maximum_is_told_apart_from_what_lies_elsewhere() {
        let saddle = find(&sampled(|x, y, z| 5.0 - x * x - y * y + z * z));
        assert_eq!(saddle, Found::NoMaximum([0.0; 3]));
        let far = find(&sampled(|x, y, z| 50.0 - (x - 5.0).powi(2) - y * y - z * z));
        assert!(matches!(far, Found::Left([x, ..]) if x > 3.0), "{far:?}");
    }
}
