//! The Gaussian that an atom is drawn as, on the pixels about it along one axis (Methods,
//! "Determination and refinement of 3D atomic coordinates", step 5).

/// Pixels on each side of the nearest one over which an atom is drawn.
pub(super) const REACH: usize = 4;
/// Pixels over which an atom is drawn, along each axis.
pub(super) const WIDTH: usize = 2 * REACH + 1;
/// Sharper Gaussians are not built from products, whose factors could leave the range of numbers.
const STEEPEST: f64 = 40.0;

/// `exp(−b d²)`.
pub(super) struct Gaussian {
    /// `b`, per squared pixel.
    sharpness: f64,
    /// `exp(−b j²)` at 0, 1, … pixels.
    at_pixels: [f64; REACH + 1],
}

impl Gaussian {
    /// Of the sharpness `b` per squared pixel.
    pub(super) fn new(sharpness: f64) -> Gaussian {
        Gaussian {
            sharpness,
            at_pixels: std::array::from_fn(|pixel| (-sharpness * (pixel * pixel) as f64).exp()),
        }
    }

    /// The values at the pixels 0, 1, … of an atom at `place`, which lies within half a pixel of the
    /// pixel in the middle.
    ///
    /// `exp(−b (j − d)²) = exp(−b d²) · exp(2bd)^j · exp(−b j²)`: two exponentials for nine values.
    #[inline]
    pub(super) fn profile(&self, place: f64) -> [f64; WIDTH] {
        let b = self.sharpness;
        if b > STEEPEST {
            return std::array::from_fn(|pixel| (-b * (pixel as f64 - place).powi(2)).exp());
        }
        let from_middle = place - REACH as f64;
        let ratio = (2.0 * b * from_middle).exp();
        let inverse = 1.0 / ratio;
        let middle = (-b * from_middle * from_middle).exp();
        let mut profile = [middle; WIDTH];
        let (mut above, mut below) = (middle, middle);
        for (pixel, at_pixel) in self.at_pixels.iter().enumerate().skip(1) {
            above *= ratio;
            below *= inverse;
            profile[REACH + pixel] = above * at_pixel;
            profile[REACH - pixel] = below * at_pixel;
        }
        profile
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_products_are_the_exponentials() {
        for b in [1e-3, 0.17, 1.0, 20.0, 40.0, 41.0, 1e9] {
            let gaussian = Gaussian::new(b);
            for place in [3.5, 3.61, 4.0, 4.3, 4.5] {
                for (pixel, value) in gaussian.profile(place).into_iter().enumerate() {
                    let expected = (-b * (pixel as f64 - place).powi(2)).exp();
                    let bound = 1e-12 * expected + f64::MIN_POSITIVE;
                    assert!((value - expected).abs() <= bound, "{b} {place} {pixel}");
                }
            }
        }
    }
}
