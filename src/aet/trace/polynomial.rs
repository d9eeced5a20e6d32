//! The polynomial of the fourth order about a place, fitted under a Gaussian weight (Rogers et al.,
//! Phys. Biol. 4, 220 (2007), doi 10.1088/1478-3975/4/3/008; the paper's ref. 61).
//!
//! The weighted normal equations hold nothing but moments of the weight, which factorises along the
//! axes; so a fit costs one small Cholesky factorisation. The fits are most of the time that tracing
//! takes: they write into room that is kept, and work on rows cut into pieces of a constant length, which
//! the compiler turns into vector instructions.

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
/// Linear and quadratic terms.
pub(super) const LOW: usize = 9;
/// Powers in the moments of the normal equations.
const POWERS: usize = 2 * ORDER + 1;
/// Numbers in a piece of a row.
const LANES: usize = 4;
/// Pieces of a row of the equations: the coefficients and the right side.
const PIECES: usize = (TERMS + 1) / LANES;

/// The values about a maximum: x slowest, z fastest.
pub(super) type Neighbourhood = [[[f32; WIDTH]; WIDTH]; WIDTH];
/// `Σ w² x^i y^j z^k` over the ball by i, j and k, where they are at most 8 in all.
type Moments = [[[f64; POWERS]; POWERS]; POWERS];
/// `Σ w² f x^i y^j z^k` over the ball by i, j and k.
type RightSide = [[[f64; ORDER + 1]; ORDER + 1]; ORDER + 1];
/// Rows of coefficients, of which those from the diagonal on count, each with its right side at the end.
type Equations = [[[f64; LANES]; PIECES]; TERMS];

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

/// Room for one fit after another.
pub(super) struct Fit {
    moments: Moments,
    right: RightSide,
    equations: Equations,
}

impl Fit {
    pub(super) fn new() -> Fit {
        Fit {
            moments: [[[0.0; POWERS]; POWERS]; POWERS],
            right: [[[0.0; ORDER + 1]; ORDER + 1]; ORDER + 1],
            equations: [[[0.0; LANES]; PIECES]; TERMS],
        }
    }

    // ANCHOR: normal-equations
    /// The coefficients of x, y, z, x², y², z², xy, xz and yz about `place`; `None` if the equations
    /// cannot be solved.
    pub(super) fn low_terms(
        &mut self,
        values: &Neighbourhood,
        place: [f64; 3],
    ) -> Option<[f64; LOW]> {
        let powers = place.map(weighted_powers);
        moments(&powers, &mut self.moments);
        right_side(values, &powers, &mut self.right);
        let moments = self.moments.as_flattened().as_flattened();
        let rows = self.equations.iter_mut().zip(&MOMENTS).zip(&TERM_EXPONENTS);
        for (index, ((row, places), &[x, y, z])) in rows.enumerate() {
            let row = row.as_flattened_mut();
            for (value, &place) in row[index..].iter_mut().zip(&places[index..]) {
                *value = moments[usize::from(place)];
            }
            row[TERMS] = self.right[x][y][z];
        }
        solve_last(&mut self.equations)
    }
    // ANCHOR_END: normal-equations
}

/// The exponents, once in memory.
static TERM_EXPONENTS: [[usize; 3]; TERMS] = EXPONENTS;
/// Where the moment of two terms stands: that of their exponents, added.
static MOMENTS: [[u16; TERMS]; TERMS] = moments_of_terms();

const fn moments_of_terms() -> [[u16; TERMS]; TERMS] {
    let mut places = [[0; TERMS]; TERMS];
    let mut row = 0;
    while row < TERMS {
        let mut column = 0;
        while column < TERMS {
            let (a, b) = (EXPONENTS[row], EXPONENTS[column]);
            let (x, y, z) = (a[0] + b[0], a[1] + b[1], a[2] + b[2]);
            places[row][column] = ((x * POWERS + y) * POWERS + z) as u16;
            column += 1;
        }
        row += 1;
    }
    places
}

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

/// The moments over the ball. Columns along z of one height share their sum: so the sums over x and y are
/// taken height by height, and each is then multiplied by that of its columns.
fn moments(powers: &[[[f64; POWERS]; WIDTH]; 3], moments: &mut Moments) {
    let [along_x, along_y, along_z] = powers;
    let mut column = along_z[REACH];
    *moments = [[[0.0; POWERS]; POWERS]; POWERS];
    for height in 0..=REACH {
        if height > 0 {
            for z in [REACH - height, REACH + height] {
                add(&mut column, 1.0, &along_z[z]);
            }
        }
        let mut plane = [[0.0; POWERS]; POWERS];
        let mut is_there = false;
        for (x, heights) in along_x.iter().zip(&HEIGHTS) {
            let mut row = [0.0; POWERS];
            let mut is_in_row = false;
            for (y, _) in along_y
                .iter()
                .zip(heights)
                .filter(|(_, h)| **h == Some(height))
            {
                add(&mut row, 1.0, y);
                is_in_row = true;
            }
            if is_in_row {
                for (sums, x) in plane.iter_mut().zip(x) {
                    add(sums, *x, &row);
                }
                is_there = true;
            }
        }
        if !is_there {
            continue;
        }
        for (i, (moments, sums)) in moments.iter_mut().zip(&plane).enumerate() {
            for (moments, sum) in moments.iter_mut().zip(sums).take(POWERS - i) {
                add(moments, *sum, &column);
            }
        }
    }
}

/// Adds a multiple of one line to another.
#[inline]
fn add(line: &mut [f64; POWERS], factor: f64, other: &[f64; POWERS]) {
    for (value, other) in line.iter_mut().zip(other) {
        *value += factor * other;
    }
}

/// The sums `Σ w² f x^i y^j z^k` over the ball.
fn right_side(values: &Neighbourhood, powers: &[[[f64; POWERS]; WIDTH]; 3], sums: &mut RightSide) {
    let [along_x, along_y, along_z] = powers;
    *sums = [[[0.0; ORDER + 1]; ORDER + 1]; ORDER + 1];
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
}

/// Rows that are eliminated together, so that what is left is read and written once for all of them.
const TOGETHER: usize = 5;

/// Solves symmetric equations for the last unknowns by Cholesky's factorisation; `None` where they are
/// not positive definite. What stands before the diagonal is neither read nor kept.
fn solve_last(equations: &mut Equations) -> Option<[f64; LOW]> {
    for start in (0..TERMS).step_by(TOGETHER) {
        for row in start..start + TOGETHER {
            let (piece, lane) = (row / LANES, row % LANES);
            let (before, rest) = equations.split_at_mut(row);
            let values = rest.first_mut()?;
            for other in &before[start..] {
                let factor = other[piece][lane];
                for (values, other) in values[piece..].iter_mut().zip(&other[piece..]) {
                    *values = std::array::from_fn(|lane| values[lane] - factor * other[lane]);
                }
            }
            let pivot = values[piece][lane];
            if pivot.is_nan() || pivot <= 0.0 {
                return None;
            }
            let scale = 1.0 / pivot.sqrt();
            for value in values[piece..].as_flattened_mut() {
                *value *= scale;
            }
        }
        let (done, left) = equations.split_at_mut(start + TOGETHER);
        let done = done.last_chunk()?;
        for (row, values) in (start + TOGETHER..).zip(left) {
            eliminate(done, row, values);
        }
    }
    let mut found = [0.0; LOW];
    for low in (0..LOW).rev() {
        let diagonal = TERMS - LOW + low;
        let row = equations[diagonal].as_flattened();
        let known = row[diagonal + 1..TERMS].iter().zip(&found[low + 1..]);
        let known: f64 = known.map(|(factor, value)| factor * value).sum();
        found[low] = (row[TERMS] - known) / row[diagonal];
    }
    Some(found)
}

/// Takes factorised rows out of a later row.
#[inline]
fn eliminate(
    done: &[[[f64; LANES]; PIECES]; TOGETHER],
    row: usize,
    values: &mut [[f64; LANES]; PIECES],
) {
    let (piece, lane) = (row / LANES, row % LANES);
    let factors = done.each_ref().map(|done| done[piece][lane]);
    let [a, b, c, d, e] = done.each_ref().map(|done| &done[piece..]);
    let others = a.iter().zip(b).zip(c).zip(d).zip(e);
    for (values, ((((a, b), c), d), e)) in values[piece..].iter_mut().zip(others) {
        *values = std::array::from_fn(|lane| {
            values[lane]
                - factors[0] * a[lane]
                - factors[1] * b[lane]
                - factors[2] * c[lane]
                - factors[3] * d[lane]
                - factors[4] * e[lane]
        });
    }
}

/// The values of a function about a maximum at the origin, for the tests here and of the search.
#[cfg(test)]
pub(super) fn sampled(f: impl Fn(f64, f64, f64) -> f64) -> Neighbourhood {
    let from = |index: usize| index as f64 - REACH as f64;
    std::array::from_fn(|x| {
        std::array::from_fn(|y| std::array::from_fn(|z| f(from(x), from(y), from(z)) as f32))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let found = Fit::new()
            .low_terms(&sampled(f), [a, b, c])
            .expect("solvable");
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
}
