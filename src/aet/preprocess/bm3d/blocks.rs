//! Square blocks of pixels: their cosine transform, the transform along a stack of them, and the window
//! that weighs their pixels.

/// Pixels by x and y, or coefficients by their two frequencies.
pub(super) type Block<const N: usize> = [[f32; N]; N];

/// An image whose rows lie one after another.
pub(super) struct Plane {
    /// Pixels along x and y.
    pub(super) dim: (usize, usize),
    /// By x, then y.
    pub(super) values: Vec<f32>,
}

impl Plane {
    /// All pixels of one x.
    pub(super) fn row(&self, x: usize) -> &[f32] {
        &self.values[x * self.dim.1..][..self.dim.1]
    }

    /// The block whose first pixel is `(x, y)`.
    pub(super) fn block<const N: usize>(&self, [x, y]: [usize; 2]) -> Block<N> {
        let mut block = [[0.0; N]; N];
        for (row, line) in block.iter_mut().enumerate() {
            line.copy_from_slice(&self.row(x + row)[y..y + N]);
        }
        block
    }
}

/// The orthonormal cosine transform (type II) of a block along both axes.
pub(super) struct Cosine<const N: usize> {
    /// By frequency and pixel.
    forward: Block<N>,
    /// By pixel and frequency.
    inverse: Block<N>,
}

impl<const N: usize> Cosine<N> {
    pub(super) fn new() -> Cosine<N> {
        let mut forward = [[0.0; N]; N];
        let mut inverse = [[0.0; N]; N];
        for frequency in 0..N {
            let norm = if frequency == 0 { 1.0 } else { 2.0_f64 };
            for pixel in 0..N {
                let angle = std::f64::consts::PI * frequency as f64 * (pixel as f64 + 0.5);
                let value = (norm / N as f64).sqrt() * (angle / N as f64).cos();
                forward[frequency][pixel] = value as f32;
                inverse[pixel][frequency] = value as f32;
            }
        }
        Cosine { forward, inverse }
    }

    /// Coefficients of pixels.
    pub(super) fn forward(&self, pixels: &Block<N>) -> Block<N> {
        product(&product(&self.forward, pixels), &self.inverse)
    }

    /// Pixels of coefficients.
    pub(super) fn inverse(&self, coefficients: &Block<N>) -> Block<N> {
        product(&product(&self.inverse, coefficients), &self.forward)
    }
}

#[inline(always)]
fn product<const N: usize>(left: &Block<N>, right: &Block<N>) -> Block<N> {
    let mut out = [[0.0; N]; N];
    for (out, left) in out.iter_mut().zip(left) {
        for (factor, line) in left.iter().zip(right) {
            for (out, value) in out.iter_mut().zip(line) {
                *out += factor * value;
            }
        }
    }
    out
}

/// Haar's orthonormal transform along a stack of blocks, whose number is a power of two, in place: the
/// sum of all is the first.
pub(super) fn haar<const N: usize>(stack: &mut [Block<N>]) {
    let mut apart = 1;
    while apart < stack.len() {
        butterflies(stack, apart);
        apart *= 2;
    }
}

/// Back from [`haar`].
pub(super) fn haar_inverse<const N: usize>(stack: &mut [Block<N>]) {
    let mut apart = stack.len() / 2;
    while apart > 0 {
        butterflies(stack, apart);
        apart /= 2;
    }
}

/// Sum and difference of every second pair of blocks that are `apart`; its own inverse.
fn butterflies<const N: usize>(stack: &mut [Block<N>], apart: usize) {
    for pair in stack.chunks_exact_mut(2 * apart) {
        let (first, second) = pair.split_at_mut(apart);
        for (a, b) in first[0].iter_mut().zip(&mut second[0]) {
            for (a, b) in a.iter_mut().zip(b) {
                let (sum, difference) = (*a + *b, *a - *b);
                *a = sum * std::f32::consts::FRAC_1_SQRT_2;
                *b = difference * std::f32::consts::FRAC_1_SQRT_2;
            }
        }
    }
}

/// Kaiser's window along both axes, which gives the border of a block less weight than its middle.
pub(super) fn kaiser<const N: usize>(beta: f64) -> Block<N> {
    let line: [f64; N] = std::array::from_fn(|pixel| {
        let place = 2.0 * pixel as f64 / (N - 1) as f64 - 1.0;
        bessel_i0(beta * (1.0 - place * place).max(0.0).sqrt()) / bessel_i0(beta)
    });
    line.map(|a| line.map(|b| (a * b) as f32))
}

/// The modified Bessel function of order zero, by its series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let terms = (1..40).scan(1.0, |term, k| {
        *term *= quarter / f64::from(k * k);
        Some(*term)
    });
    1.0 + terms.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block<const N: usize>(seed: usize) -> Block<N> {
        std::array::from_fn(|x| {
            std::array::from_fn(|y| ((x * x + 3 * y + seed * x * y) as f32).sin())
        })
    }

    fn squares<const N: usize>(blocks: &[Block<N>]) -> f32 {
        let values = blocks.iter().flatten().flatten();
        values.map(|value| value * value).sum()
    }

    fn there_and_back<const N: usize>() {
        let cosine = Cosine::<N>::new();
        let pixels = block::<N>(2);
        let coefficients = cosine.forward(&pixels);
        // Orthonormal: as much power as before, the mean first.
        assert!((squares(&[coefficients]) / squares(&[pixels]) - 1.0).abs() < 1e-5);
        let sum: f32 = pixels.iter().flatten().sum();
        assert!((coefficients[0][0] - sum / N as f32).abs() < 1e-5);
        let back = cosine.inverse(&coefficients);
        let pairs = back.iter().flatten().zip(pixels.iter().flatten());
        pairs.for_each(|(a, b)| assert!((a - b).abs() < 1e-5));
    }

    #[test]
    fn cosines_are_orthonormal_and_come_back() {
        there_and_back::<4>();
        there_and_back::<8>();
        there_and_back::<12>();
        there_and_back::<16>();
        // A wave is one coefficient.
        let wave = |k: usize| (std::f32::consts::PI * 3.0 * (k as f32 + 0.5) / 8.0).cos();
        let found = Cosine::<8>::new().forward(&[std::array::from_fn(wave); 8]);
        assert!((found[0][3] - 8.0 / 2.0_f32.sqrt()).abs() < 1e-5);
        assert!((squares(&[found]) - found[0][3].powi(2)).abs() < 1e-4);
    }

    #[test]
    fn a_stack_of_any_power_of_two_comes_back_and_equals_are_one() {
        for count in [1, 2, 8, 32] {
            let stack: Vec<Block<4>> = (0..count).map(block).collect();
            let mut changed = stack.clone();
            haar(&mut changed);
            assert!((squares(&changed) / squares(&stack) - 1.0).abs() < 1e-5);
            haar_inverse(&mut changed);
            let pairs = changed
                .iter()
                .flatten()
                .flatten()
                .zip(stack.iter().flatten().flatten());
            pairs.for_each(|(a, b)| assert!((a - b).abs() < 1e-5));
            let mut equal = vec![block::<4>(1); count];
            haar(&mut equal);
            assert!(squares(&equal[1..]) < 1e-9);
        }
    }

    #[test]
    fn the_window_is_one_in_the_middle_and_symmetric() {
        let window = kaiser::<8>(2.0);
        // 1 / I0(2) at the ends of an axis.
        assert!((window[0][0] - (1.0 / 2.279_585_3_f32).powi(2)).abs() < 1e-6);
        assert!(window[3][4] > 0.97 && window[3][4] < 1.0);
        assert_eq!(window[1][6], window[6][1]);
        assert_eq!(window[0][2], window[7][5]);
    }
}
