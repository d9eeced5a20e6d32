//! Pair counts in shells, up to 20 Å: the part of g(r) that costs.
//!
//! The atoms are sorted into columns along z; the atoms of a column between two heights are then
//! one run of memory, and the distances from one atom to a run are arithmetic without a branch.
//! In an open sample every pair is met once. A periodic box is padded with its images, and its own
//! atoms are asked for all their neighbours.

use rayon::prelude::*;

use crate::atoms::{Boundary, Vec3};
use crate::neighbours::bounds;

use super::{RANGE_ANGSTROM, SHELL_ANGSTROM, SHELLS};

/// The edge of a column along x and y, and the height of its cells, in ångström.
const CELL_ANGSTROM: Vec3 = [4.0, 4.0, 2.0];
/// Distances are taken this many at a time.
const BLOCK: usize = 64;
/// One bin for each shell, one for what is farther away, and as many as eight bits can name.
const BINS: usize = 256;
/// Added to a number below 2³², leaves its nearest whole number in the low bits.
const WHOLE: f64 = (1_u64 << 52) as f64;

/// Ordered pairs of positions (ångström) in each shell up to 20 Å: shell `k`, counted from 1, holds
/// those with `ceil(d / 0.1 Å + 0.01) = k`; the first entry is shell 1, and the last, which reaches
/// beyond 20 Å, is not whole. In a periodic box the positions lie in `0 ≤ x < edge`.
pub fn pair_counts(positions: &[Vec3], boundary: Boundary) -> Vec<u64> {
    let home = positions.len() as u64;
    let counts = match boundary {
        Boundary::Open => {
            let columns = Columns::new(positions.to_vec());
            let atoms = (0..columns.len()).into_par_iter();
            let half = total(atoms, |atom, counts| {
                columns.for_each_run(columns.place(atom), Some(atom), |from, to| {
                    columns.count(columns.place(atom), from, to, counts);
                });
            });
            half.map(|count| 2 * count)
        }
        Boundary::Periodic(edges) => {
            let columns = Columns::new(with_images(positions, edges));
            let atoms = positions.par_iter();
            let mut all = total(atoms, |&place, counts| {
                columns.for_each_run(place, None, |from, to| {
                    columns.count(place, from, to, counts);
                });
            });
            // Every atom has met itself, in the first shell.
            all[1] -= home;
            all
        }
    };
    counts[1..=SHELLS].to_vec()
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

/// The positions and those of their images within the range of the box.
fn with_images(positions: &[Vec3], edges: Vec3) -> Vec<Vec3> {
    let reach = edges.map(|edge| (RANGE_ANGSTROM / edge).ceil() as i64);
    let mut all = Vec::with_capacity(4 * positions.len());
    for x in -reach[0]..=reach[0] {
        for y in -reach[1]..=reach[1] {
            for z in -reach[2]..=reach[2] {
                let image = [x, y, z];
                let moved = positions
                    .iter()
                    .map(|p| [0, 1, 2].map(|k| p[k] + image[k] as f64 * edges[k]));
                all.extend(moved.filter(|p| {
                    (0..3).all(|k| -RANGE_ANGSTROM <= p[k] && p[k] <= edges[k] + RANGE_ANGSTROM)
                }));
            }
        }
    }
    all
}

/// Positions sorted into columns of cells, each coordinate in an array of its own.
struct Columns {
    low: Vec3,
    edge: Vec3,
    cells: [usize; 3],
    start: Vec<usize>,
    sorted: [Vec<f64>; 3],
}

impl Columns {
    fn new(positions: Vec<Vec3>) -> Columns {
        let (low, high) = bounds(&positions);
        let extent = [0, 1, 2].map(|k| high[k] - low[k]);
        let (edge, cells) = cells_for(extent, positions.len());
        let cell = |p: &Vec3| {
            let [x, y, z] = [0, 1, 2].map(|k| clamped((p[k] - low[k]) / edge[k], cells[k]));
            (x * cells[1] + y) * cells[2] + z
        };
        let mut keyed: Vec<(usize, Vec3)> = positions.iter().map(|p| (cell(p), *p)).collect();
        keyed.par_sort_by_key(|&(cell, _)| cell);
        let mut start = vec![0; cells.iter().product::<usize>() + 1];
        for &(cell, _) in &keyed {
            start[cell + 1] += 1;
        }
        for cell in 1..start.len() {
            start[cell] += start[cell - 1];
        }
        let sorted = [0, 1, 2].map(|k| keyed.iter().map(|(_, p)| p[k]).collect());
        Columns {
            low,
            edge,
            cells,
            start,
            sorted,
        }
    }

    fn len(&self) -> usize {
        self.sorted[0].len()
    }

    fn place(&self, atom: usize) -> Vec3 {
        [0, 1, 2].map(|k| self.sorted[k][atom])
    }

    /// Calls `visit` with the ends of the runs that hold everything within the range of `place`;
    /// with `after`, only what is sorted behind that atom.
    fn for_each_run(&self, place: Vec3, after: Option<usize>, mut visit: impl FnMut(usize, usize)) {
        let at = |x: f64, k: usize| clamped((x - self.low[k]) / self.edge[k], self.cells[k]);
        let gap = |cell: usize, k: usize| {
            let low = self.low[k] + cell as f64 * self.edge[k];
            (low - place[k]).max(place[k] - low - self.edge[k]).max(0.0)
        };
        let window = |k: usize| {
            let first = at(place[k] - RANGE_ANGSTROM, k);
            first..=at(place[k] + RANGE_ANGSTROM, k)
        };
        let behind = after.map_or(0, |atom| atom + 1);
        let own = at(place[0], 0);
        for x in window(0).filter(|&x| after.is_none() || x >= own) {
            let gap_x = gap(x, 0).powi(2);
            for y in window(1) {
                let free = RANGE_ANGSTROM.powi(2) - gap_x - gap(y, 1).powi(2);
                if free < 0.0 {
                    continue;
                }
                let height = free.sqrt();
                let column = (x * self.cells[1] + y) * self.cells[2];
                let from = self.start[column + at(place[2] - height, 2)].max(behind);
                let to = self.start[column + at(place[2] + height, 2) + 1];
                if from < to {
                    visit(from, to);
                }
            }
        }
    }

    /// Adds the distances from `place` to a run.
    fn count(&self, place: Vec3, from: usize, to: usize, counts: &mut [u64; BINS]) {
        const FARTHEST: f64 = (SHELLS + 1) as f64;
        let [px, py, pz] = place;
        let run = |k: usize| self.sorted[k][from..to].chunks(BLOCK);
        let mut shells = [0_u64; BLOCK];
        for ((xs, ys), zs) in run(0).zip(run(1)).zip(run(2)) {
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

fn clamped(cell: f64, cells: usize) -> usize {
    (cell as usize).min(cells - 1)
}

/// Edges and numbers of cells, never many more cells than points.
fn cells_for(extent: Vec3, points: usize) -> (Vec3, [usize; 3]) {
    let mut edge = CELL_ANGSTROM;
    loop {
        let cells = [0, 1, 2].map(|k| (extent[k] / edge[k]).floor() + 1.0);
        if cells.iter().product::<f64>() <= (8 * points.max(64)) as f64 {
            return (edge, cells.map(|n| n as usize));
        }
        edge = edge.map(|edge| 1.3 * edge);
    }
}
