//! Lengths at which Fourier transforms are fast.

/// The smallest multiple of `step` from `least` on (at least `step`) without a prime factor above
/// `largest_prime`.
///
/// ```
/// use amorphous_packing::numerics::fast_length;
/// assert_eq!(fast_length(131, 2, 7), 140);
/// assert_eq!(fast_length(131, 1, 5), 135);
/// ```
pub fn fast_length(least: usize, step: usize, largest_prime: usize) -> usize {
    let is_fast = |mut n: usize| {
        for factor in 2..=largest_prime {
            while n.is_multiple_of(factor) {
                n /= factor;
            }
        }
        n == 1
    };
    let mut length = least.max(step).next_multiple_of(step);
    while !is_fast(length) {
        length += step;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_lengths_are_multiples_with_small_factors() {
        let even = [(1, 2), (131, 140), (189, 192), (393, 400), (815, 840)];
        for (least, length) in even {
            assert_eq!(fast_length(least, 2, 7), length);
        }
        for (least, length) in [(0, 1), (1, 1), (7, 8), (11, 12), (131, 135), (163, 180)] {
            assert_eq!(fast_length(least, 1, 5), length);
        }
    }
}
