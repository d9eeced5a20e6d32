//! Laplace's equation in a part of an image, by conjugate gradients: the smoothest continuation of what
//! lies around it.

use ndarray::{Array2, ArrayView2};

/// The squared residual falls by this factor before it ends.
const TOLERANCE: f64 = 1e-26;
/// Stands for a neighbour that is no unknown.
const NONE: u32 = u32::MAX;

/// The unknowns of an image: the pixels within a mask, in the order of the image.
struct Unknowns {
    /// Place in the image.
    places: Vec<(usize, usize)>,
    /// The neighbours along x and y that are unknowns.
    neighbours: Vec<[u32; 4]>,
    /// The number of neighbours that lie on the image.
    degrees: Vec<f64>,
    /// The sum of the neighbours that are known.
    known: Vec<f64>,
}

/// The image with the values within the mask replaced by those of the harmonic function (every pixel the
/// mean of its four neighbours) that continues what lies around it; beyond the border of the image nothing
/// pulls. `None` where the mask leaves nothing, so that there is no such function.
///
/// Exact for images that are harmonic themselves, to about ten digits.
pub(super) fn laplace_fill(
    image: ArrayView2<'_, f64>,
    mask: ArrayView2<'_, bool>,
) -> Option<Array2<f64>> {
    if mask.iter().all(|&is| is) {
        return None;
    }
    let unknowns = Unknowns::of(image, mask);
    // The mean of what is known is where the search begins.
    let known = image.iter().zip(mask).filter(|(_, is)| !**is);
    let (sum, count) = known.fold((0.0, 0.0), |(sum, count), (value, _)| {
        (sum + value, count + 1.0)
    });
    let solution = unknowns.solve(sum / count);
    let mut filled = image.to_owned();
    for (&place, value) in unknowns.places.iter().zip(solution) {
        filled[place] = value;
    }
    Some(filled)
}

impl Unknowns {
    fn of(image: ArrayView2<'_, f64>, mask: ArrayView2<'_, bool>) -> Unknowns {
        let mut numbers = Array2::from_elem(mask.dim(), NONE);
        let inside = mask.indexed_iter().filter(|(_, is)| **is);
        let places: Vec<(usize, usize)> = inside.map(|(place, _)| place).collect();
        for (number, &place) in (0..).zip(&places) {
            numbers[place] = number;
        }
        let mut unknowns = Unknowns {
            neighbours: vec![[NONE; 4]; places.len()],
            degrees: vec![0.0; places.len()],
            known: vec![0.0; places.len()],
            places,
        };
        for (number, &(x, y)) in unknowns.places.iter().enumerate() {
            let around = [
                (x.wrapping_sub(1), y),
                (x + 1, y),
                (x, y.wrapping_sub(1)),
                (x, y + 1),
            ];
            for (slot, place) in around.into_iter().enumerate() {
                let Some(&neighbour) = numbers.get(place) else {
                    continue;
                };
                unknowns.degrees[number] += 1.0;
                unknowns.neighbours[number][slot] = neighbour;
                if neighbour == NONE {
                    unknowns.known[number] += image[place];
                }
            }
        }
        unknowns
    }

    /// `degree · u − Σ u of the neighbours`.
    fn laplacian(&self, u: &[f64], out: &mut [f64]) {
        for ((out, neighbours), (degree, own)) in out
            .iter_mut()
            .zip(&self.neighbours)
            .zip(self.degrees.iter().zip(u))
        {
            let around = neighbours.iter().filter(|&&neighbour| neighbour != NONE);
            *out = degree * own - around.map(|&neighbour| u[neighbour as usize]).sum::<f64>();
        }
    }

    /// Conjugate gradients, preconditioned by the diagonal.
    fn solve(&self, start: f64) -> Vec<f64> {
        let count = self.places.len();
        let mut u = vec![start; count];
        let mut product = vec![0.0; count];
        self.laplacian(&u, &mut product);
        let mut residual: Vec<f64> = self
            .known
            .iter()
            .zip(&product)
            .map(|(b, a)| b - a)
            .collect();
        let scaled = |residual: &[f64]| -> Vec<f64> {
            residual
                .iter()
                .zip(&self.degrees)
                .map(|(r, d)| r / d)
                .collect()
        };
        let mut direction = scaled(&residual);
        let mut square = dot(&residual, &direction);
        let enough = TOLERANCE * square;
        // In exact arithmetic there are no more steps than unknowns.
        // ANCHOR: solve
        for _ in 0..count {
            if square <= enough || square == 0.0 {
                break;
            }
            self.laplacian(&direction, &mut product);
            let step = square / dot(&direction, &product);
            add(&mut u, step, &direction);
            add(&mut residual, -step, &product);
            let before = square;
            square = residual
                .iter()
                .zip(&self.degrees)
                .map(|(r, d)| r * r / d)
                .sum();
            let keep = square / before;
            for ((direction, r), degree) in direction.iter_mut().zip(&residual).zip(&self.degrees) {
                *direction = r / degree + keep * *direction;
            }
        }
        // ANCHOR_END: solve
        u
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], factor: f64, what: &[f64]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += factor * what;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    /// Harmonic on the grid itself, not in the limit of fine pixels alone.
    fn harmonic(side: usize) -> Array2<f64> {
        Array2::from_shape_fn((side, side), |(x, y)| {
            let (x, y) = (x as f64 / side as f64, y as f64 / side as f64);
            3.0 + x - 2.0 * y + 4.0 * x * y + 1.5 * (x * x - y * y) + x * (x * x - 3.0 * y * y)
        })
    }

    #[test]
    fn a_harmonic_background_is_exact_to_eight_digits() {
        for side in [64, 300] {
            let image = harmonic(side);
            let mask = Array2::from_shape_fn((side, side), |(x, y)| {
                let from = [x, y].map(|k| k as f64 / side as f64 - 0.5);
                // A disc, an island of known pixels in it, and a single pixel aside.
                let radius = from[0].hypot(from[1]);
                (0.05..0.42).contains(&radius) || (x, y) == (2, 3)
            });
            let hidden =
                Array2::from_shape_fn(
                    image.dim(),
                    |place| {
                        if mask[place] { 1e3 } else { image[place] }
                    },
                );
            let filled = laplace_fill(hidden.view(), mask.view()).unwrap();
            let worst = filled.iter().zip(&image).map(|(a, b)| (a - b).abs());
            let worst = worst.fold(0.0, f64::max);
            assert!(worst < 1e-8, "{side}: {worst}");
        }
    }

    /// Of `c r²`, whose Laplacian is 4c, a disc of radius R about the middle misses `c R²` there.
    #[test]
    fn what_is_not_harmonic_is_missed_by_its_laplacian() {
        let (side, radius, c) = (121, 40.0, 0.01);
        let square = |(x, y): (usize, usize)| (x as f64 - 60.0).powi(2) + (y as f64 - 60.0).powi(2);
        let image = Array2::from_shape_fn((side, side), |place| c * square(place));
        let mask = Array2::from_shape_fn((side, side), |place| square(place) < radius * radius);
        let filled = laplace_fill(image.view(), mask.view()).unwrap();
        let missed = filled[[60, 60]] - image[[60, 60]];
        assert!(
            (missed / (c * radius * radius) - 1.0).abs() < 0.02,
            "{missed}"
        );
    }

    #[test]
    fn the_border_of_the_image_is_free_and_a_full_mask_has_no_answer() {
        // Known along one side only: nothing pulls from the others, so the value goes on.
        let image = Array2::from_elem((5, 6), 2.0);
        let mask = Array2::from_shape_fn((5, 6), |(x, _)| x > 0);
        let filled = laplace_fill(image.view(), mask.view()).unwrap();
        assert!(filled.iter().all(|value| (value - 2.0).abs() < 1e-12));
        let all = Array2::from_elem((5, 6), true);
        assert_eq!(laplace_fill(image.view(), all.view()), None);
        let none = Array2::from_elem((5, 6), false);
        assert_eq!(laplace_fill(image.view(), none.view()), Some(image));
    }
}
