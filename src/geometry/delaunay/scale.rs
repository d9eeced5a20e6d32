//! Scaling by a power of two, which is exact.

use crate::numerics::Vec3;

/// A power of two by which coordinates are multiplied, so that no product of the exact predicates
/// (of degree five) leaves the range of numbers.
pub(super) struct Scale {
    factors: [f64; 2],
}

/// The largest coordinate becomes at least half of 2 to this power.
const LARGEST_EXPONENT: i32 = 90;
/// Scaled coordinates are multiples of 2 to this power.
const FINEST_EXPONENT: i32 = -212;

impl Scale {
    /// The scale of finite points.
    pub(super) fn of(points: &[Vec3]) -> Scale {
        let coordinates = points.iter().map(|point| point.abs().max_element());
        let largest = coordinates.fold(0.0, f64::max);
        Scale::by(LARGEST_EXPONENT - exponent_above(largest))
    }

    /// Multiplication by `2^exponent`, which may be no number.
    pub(super) fn by(exponent: i32) -> Scale {
        let half = exponent / 2;
        Scale {
            factors: [power_of_two(half), power_of_two(exponent - half)],
        }
    }

    pub(super) fn apply(&self, point: Vec3) -> Vec3 {
        // Adding a number whose last bit is the finest rounds to it.
        const GRID: f64 = 1.5 * power_of_two(FINEST_EXPONENT + 52);
        point.map(|x| {
            let scaled = x * self.factors[0] * self.factors[1];
            if scaled.abs() < 0.25 * GRID {
                (scaled + GRID) - GRID
            } else {
                scaled
            }
        })
    }
}

/// The smallest `e` of which `|x| < 2^e`, for finite `x`; very negative for zero.
pub(super) fn exponent_above(x: f64) -> i32 {
    // Below the normal numbers the exponent is not in the bits: once into them, then on.
    let (x, lifted) = if x.abs() < f64::MIN_POSITIVE {
        (x * power_of_two(64), 64)
    } else {
        (x, 0)
    };
    (x.abs().to_bits() >> 52) as i32 - 1022 - lifted
}

/// `2^exponent` for the exponents of normal numbers.
pub(super) const fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_is_exact() {
        let smallest = f64::from_bits(1);
        for largest in [smallest, 1e-310, 1e-30, 1.0, 3.7, 1e15, f64::MAX] {
            let point = Vec3::new(largest, -0.5 * largest, 0.0);
            let Vec3 { x, y, z } = Scale::of(&[point]).apply(point);
            assert!(x >= power_of_two(LARGEST_EXPONENT - 1), "{largest}");
            assert!(x < power_of_two(LARGEST_EXPONENT), "{largest}");
            if largest > 1e-300 {
                assert_eq!(y, -0.5 * x);
            }
            assert_eq!(z, 0.0);
        }
    }

    #[test]
    fn what_is_too_fine_is_rounded() {
        let scale = Scale::of(&[Vec3::X]);
        let fine = scale.apply(Vec3::new(1e-30, 1e-120, 1.0 + f64::EPSILON));
        assert!(fine.x != 0.0 && fine.y == 0.0 && fine.z > scale.apply(Vec3::ONE).z);
    }
}
