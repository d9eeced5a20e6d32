//! Pair counts in shells, up to 20 Å: the part of g(r) that costs.
//!
//! The atoms are sorted into columns along z; the atoms of a column between two heights are then
//! one run of memory, and the distances from one atom to a run are arithmetic without a branch.
//! In an open sample every pair is met once. A periodic box is padded with its images, and its own
//! atoms are asked for all their neighbours.

use std::ops::Range;

use rayon::prelude::*;

use crate::atoms::{Boundary, Vec3};
use crate::neighbours::CellList;

use super::shells::{RANGE_ANGSTROM, SHELL_ANGSTROM, SHELLS};

/// The edge of a column along x and y, and the height of its cells, in ångström.
const CELL_ANGSTROM: Vec3 = Vec3::new(4.0, 4.0, 2.0);
/// Distances are taken this many at a time.
const BLOCK: usize = 64;
/// One bin for each shell, one for what is farther away, and as many as eight bits can name.
const BINS: usize = 256;
/// Added to a number below 2³², leaves its nearest whole number in the low bits.
const WHOLE: f64 = (1_u64 << 52) as f64;

/// Ordered pairs of positions (ångström) in each shell up to 20 Å: shell `k`, counted from 1, holds
/// those with `ceil(d / 0.1 Å + 0.01) = k`; the first entry is shell 1, and the last, which reaches
/// beyond 20 Å, is not whole. In a periodic cell the positions lie inside.
pub fn pair_counts(positions: &[Vec3], boundary: Boundary) -> Vec<u64> {
    if let Boundary::Periodic(_) = boundary {
        let mut all = pair_counts_between(positions, positions, boundary);
        // Every atom has met itself, in the first shell.
        all[0] -= positions.len() as u64;
        return all;
    }
    let columns = Columns::new(positions);
    let atoms = (0..columns.list.len()).into_par_iter();
    let half = total(atoms, |atom, counts| {
        columns.add(columns.list.sorted(atom), atom + 1, counts);
    });
    half[1..=SHELLS].iter().map(|count| 2 * count).collect()
}

/// Pairs of one of the positions `from` and one of `to` in the same shells; a place that is in both
/// makes a pair of the first shell with itself.
pub fn pair_counts_between(from: &[Vec3], to: &[Vec3], boundary: Boundary) -> Vec<u64> {
    let columns = match boundary {
        Boundary::Open => Columns::new(to),
        Boundary::Periodic(cell) => {
            let images = cell.with_images(to, RANGE_ANGSTROM).into_iter();
            Columns::new(&images.map(|(place, _)| place).collect::<Vec<_>>())
        }
    };
    let atoms = from.par_iter();
    let all = total(atoms, |&place, counts| columns.add(place, 0, counts));
    all[1..=SHELLS].to_vec()
}

/// The positions sorted into columns, each coordinate in an array of its own: one instruction then
/// takes several.
struct Columns {
    list: CellList,
    along: [Vec<f64>; 3],
}

impl Columns {
    fn new(positions: &[Vec3]) -> Columns {
        let list = CellList::with_cells(positions, Boundary::Open, RANGE_ANGSTROM, CELL_ANGSTROM);
        let along = |axis: usize| (0..list.len()).map(|k| list.sorted(k)[axis]).collect();
        Columns {
            along: [along(0), along(1), along(2)],
            list,
        }
    }

    /// Adds the distances from `place` to the positions that are sorted at `behind` or later.
    fn add(&self, place: Vec3, behind: usize, counts: &mut [u64; BINS]) {
        self.list
            .for_each_run(place, behind, |run, _| self.count(place, run, counts));
    }

    /// Adds the distances from `place` to a run of the sorted positions.
    fn count(&self, place: Vec3, run: Range<usize>, counts: &mut [u64; BINS]) {
        const FARTHEST: f64 = (SHELLS + 1) as f64;
        let [px, py, pz] = place.to_array();
        let along = |axis: usize| self.along[axis][run.clone()].chunks(BLOCK);
        let mut shells = [0_u64; BLOCK];
        for ((xs, ys), zs) in along(0).zip(along(1)).zip(along(2)) {
            for (((shell, x), y), z) in shells.iter_mut().zip(xs).zip(ys).zip(zs) {
                let squared = (x - px).powi(2) + (y - py).powi(2) + (z - pz).powi(2);
                let above = squared.sqrt() * (1.0 / SHELL_ANGSTROM) + 0.01;
                // The nearest whole number to this plus one half is the next one above.
                *shell = (above.min(FARTHEST) + 0.5 + WHOLE).to_bits();
            }
            for shell in &shells[..xs.len()] {
                counts[*shell as usize % BINS] += 1;
            }
        }
    }
}

/// The sum over the atoms of what `add` counts for each.
fn total<A: IndexedParallelIterator>(
    atoms: A,
    add: impl Fn(A::Item, &mut [u64; BINS]) + Sync,
) -> [u64; BINS] {
    let none = || [0_u64; BINS];
    atoms
        .with_min_len(64)
        .fold(none, |mut counts, atom| {
            add(atom, &mut counts);
            counts
        })
        .reduce(none, |mut a, b| {
            for (a, b) in a.iter_mut().zip(b) {
                *a += b;
            }
            a
        })
}
