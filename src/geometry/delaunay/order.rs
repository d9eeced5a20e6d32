//! The order of insertion: each point near the one before it, and the early ones spread over all.
//!
//! The points are sorted along a Hilbert curve and then dealt into rounds, each several times
//! larger than the one before, that keep the order of the curve: a biased randomised insertion
//! order (Amenta, Choi & Rote 2003, doi:10.1145/777792.777824). What decides the round is a hash of
//! the rank on the curve, so that nothing is random.

use rayon::prelude::*;

use crate::numerics::{Bounds, Grouped, Vec3};

/// Bits per axis of the grid on which the curve runs, at most.
const BITS: u32 = 20;
/// A round holds `2^ROUND_BITS` times the points of the round before.
const ROUND_BITS: u32 = 3;
/// More rounds than any number of points fills.
const ROUNDS: usize = 12;

/// The indices of the points along the curve.
pub(super) fn curve(points: &[Vec3]) -> Vec<u32> {
    let bounds = Bounds::of(points.iter().copied());
    let extent = bounds.extent().max_element().max(f64::MIN_POSITIVE);
    // The way along the curve and the index of a point share one number.
    let index_bits = u64::BITS - (points.len() as u64).leading_zeros();
    let bits = ((u64::BITS - index_bits) / 3).min(BITS);
    let cells = f64::from(1_u32 << bits) * (1.0 - f64::EPSILON) / extent;
    let mut curve: Vec<u64> = points
        .par_iter()
        .enumerate()
        .map(|(index, &p)| {
            let steps = (p - bounds.low) * cells;
            let cell = steps.to_array().map(|x| x as u32);
            hilbert(cell, bits) << index_bits | index as u64
        })
        .collect();
    curve.par_sort_unstable();
    let index = (1 << index_bits) - 1;
    curve
        .into_iter()
        .map(|there| (there & index) as u32)
        .collect()
}

/// The indices of the points in the order in which to insert them.
pub(super) fn insertion_order(points: &[Vec3]) -> Vec<u32> {
    let curve = curve(points);
    let round = |rank: usize| {
        let zeros = hash(rank as u64).leading_zeros() / ROUND_BITS;
        (ROUNDS - 1 - (zeros as usize).min(ROUNDS - 1)) as u32
    };
    let ranked = || curve.iter().enumerate();
    Grouped::new(ROUNDS, || {
        ranked().map(|(rank, &index)| (round(rank), index))
    })
    .items
}

/// SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195).
fn hash(rank: u64) -> u64 {
    let mut z = (rank + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// How far along the Hilbert curve a cell lies (Skilling, AIP Conf. Proc. 707, 381 (2004),
/// doi:10.1063/1.1751381).
fn hilbert(mut cell: [u32; 3], bits: u32) -> u64 {
    for bit in (1..bits).rev() {
        let below = (1 << bit) - 1;
        for k in 0..3 {
            // All ones where the bit is set: reflect the first axis, else exchange it with axis k.
            let set = ((cell[k] >> bit) & 1).wrapping_neg();
            let exchange = (cell[0] ^ cell[k]) & below & !set;
            cell[0] ^= (below & set) | exchange;
            cell[k] ^= exchange;
        }
    }
    cell[1] ^= cell[0];
    cell[2] ^= cell[1];
    let mut reflect = cell[2];
    for shift in [1, 2, 4, 8, 16] {
        reflect ^= reflect >> shift;
    }
    reflect >>= 1;
    let [x, y, z] = cell.map(|axis| spread(u64::from(axis ^ reflect)));
    x << 2 | y << 1 | z
}

/// The low 21 bits, two zeros between each and the next.
fn spread(mut x: u64) -> u64 {
    x = (x | x << 32) & 0x001F_0000_0000_FFFF;
    x = (x | x << 16) & 0x001F_0000_FF00_00FF;
    x = (x | x << 8) & 0x100F_00F0_0F00_F00F;
    x = (x | x << 4) & 0x10C3_0C30_C30C_30C3;
    (x | x << 2) & 0x1249_2492_4924_9249
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_steps_from_cell_to_neighbouring_cell() {
        // The coarsest cells of the grid, eight along each axis.
        let side = 1 << (BITS - 3);
        let mut cells: Vec<[u32; 3]> = (0..512)
            .map(|k| [k / 64 * side, k / 8 % 8 * side, k % 8 * side])
            .collect();
        cells.sort_unstable_by_key(|&cell| hilbert(cell, BITS));
        for pair in cells.windows(2) {
            let steps: u32 = (0..3).map(|k| pair[0][k].abs_diff(pair[1][k])).sum();
            assert_eq!(steps, side);
        }
    }

    #[test]
    fn every_point_has_its_turn() {
        let points: Vec<Vec3> = (0..1000_u32)
            .map(|k| Vec3::from([k % 10, k / 10 % 10, k / 100].map(f64::from)))
            .collect();
        let mut order = insertion_order(&points);
        order.sort_unstable();
        assert!(order.into_iter().eq(0..1000));
    }
}
