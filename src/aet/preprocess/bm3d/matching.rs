//! Which blocks of an image resemble a reference block most, for all references of one row.
//!
//! For every displacement the squared differences are summed over the rows of a block once for all
//! columns, and then over the columns of each block: blocks that overlap share the work, and all of it runs
//! along lines of pixels.

use super::blocks::Plane;
use super::options::Stage;

/// A block that resembles a reference.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Similar {
    /// Sum of the squared differences of the pixels.
    distance: f32,
    /// Its first pixel along x and y.
    pub(super) corner: [usize; 2],
}

/// The similar blocks of the references of one row, and what is needed to find them.
pub(super) struct Matches {
    /// Most for each reference.
    most: usize,
    /// So many for each reference, those found first, the nearest first.
    found: Vec<Similar>,
    counts: Vec<usize>,
    /// A block must be nearer than this to be added.
    limits: Vec<f32>,
    /// Of one displacement, by column: the sum over the rows of a block, then over four columns too.
    columns: Vec<f32>,
    fours: Vec<f32>,
}

impl Matches {
    /// For so many references a row of an image of so many columns.
    pub(super) fn new(references: usize, columns: usize, most: usize) -> Matches {
        Matches {
            most,
            found: vec![Similar::default(); references * most],
            counts: vec![0; references],
            limits: vec![0.0; references],
            columns: vec![0.0; columns],
            fours: vec![0.0; columns],
        }
    }

    /// What resembles a reference, itself first, then the nearest first: so many that their number is a
    /// power of two.
    pub(super) fn of(&self, reference: usize) -> &[Similar] {
        let count = self.counts[reference];
        &self.found[reference * self.most..][..1 << count.ilog2()]
    }

    /// Finds what resembles the blocks that begin in row `x` at the columns `places`, which ascend.
    pub(super) fn find<const N: usize>(
        &mut self,
        image: &Plane,
        x: usize,
        places: &[usize],
        stage: &Stage,
    ) {
        let limit = (stage.farthest * (N * N) as f64) as f32;
        // A stack of one is full from the start.
        self.limits.fill(if self.most == 1 { 0.0 } else { limit });
        self.counts.fill(1);
        for (reference, &y) in places.iter().enumerate() {
            self.found[reference * self.most] = Similar {
                distance: 0.0,
                corner: [x, y],
            };
        }
        if self.most == 1 {
            return;
        }
        let reach = stage.window / 2;
        let (last_x, last_y) = (image.dim.0 - N, image.dim.1 - N);
        for other in x.saturating_sub(reach)..=(x + reach).min(last_x) {
            for shift in -(reach.min(last_y) as isize)..=reach.min(last_y) as isize {
                if other != x || shift != 0 {
                    self.displaced::<N>(image, [x, other], shift, places);
                }
            }
        }
    }

    /// Compares the references in row `x` with the blocks in row `other` that are `shift` columns further.
    fn displaced<const N: usize>(
        &mut self,
        image: &Plane,
        [x, other]: [usize; 2],
        shift: isize,
        places: &[usize],
    ) {
        let apart = shift.unsigned_abs();
        // Columns of the references that have a partner begin at `from`, those of the partners at `to`.
        let (from, to) = if shift < 0 { (apart, 0) } else { (0, apart) };
        let width = image.dim.1 - apart;
        let columns = &mut self.columns[..width];
        columns.fill(0.0);
        for row in (0..N).step_by(4) {
            let four =
                |x: usize, y: usize| std::array::from_fn(|k| &image.row(x + row + k)[y..y + width]);
            add_squares(columns, four(x, from), four(other, to));
        }
        let fours = &mut self.fours[..width - 3];
        sum_fours(columns, fours);
        for (reference, &y) in places.iter().enumerate() {
            let Some(column) = y.checked_sub(from).filter(|column| column + N <= width) else {
                continue;
            };
            let parts = fours[column..=column + N - 4].iter().step_by(4);
            let distance: f32 = parts.sum();
            if distance < self.limits[reference] {
                let corner = [other, column + to];
                self.limits[reference] = insert(
                    &mut self.found[reference * self.most..][..self.most],
                    &mut self.counts[reference],
                    Similar { distance, corner },
                    self.limits[reference],
                );
            }
        }
    }
}

/// Puts a block among the nearest that follow the reference itself; the distance that the next must be
/// below.
fn insert(found: &mut [Similar], count: &mut usize, new: Similar, limit: f32) -> f32 {
    let mut place = (*count).min(found.len() - 1);
    while place > 1 && found[place - 1].distance > new.distance {
        found[place] = found[place - 1];
        place -= 1;
    }
    found[place] = new;
    *count = (*count + 1).min(found.len());
    if *count == found.len() {
        found[found.len() - 1].distance
    } else {
        limit
    }
}

/// Adds the squared differences of four pairs of rows.
#[inline(always)]
fn add_squares(sums: &mut [f32], first: [&[f32]; 4], second: [&[f32]; 4]) {
    let length = sums.len();
    let [a, b, c, d] = first.map(|row| &row[..length]);
    let [e, f, g, h] = second.map(|row| &row[..length]);
    for k in 0..length {
        let differences = [a[k] - e[k], b[k] - f[k], c[k] - g[k], d[k] - h[k]];
        let [p, q, r, s] = differences.map(|difference| difference * difference);
        sums[k] += (p + q) + (r + s);
    }
}

/// The sums of four neighbours, the last three of which have none.
#[inline(always)]
fn sum_fours(values: &[f32], sums: &mut [f32]) {
    let length = sums.len();
    let [a, b, c, d] = [0, 1, 2, 3].map(|k| &values[k..k + length]);
    for k in 0..length {
        sums[k] = (a[k] + b[k]) + (c[k] + d[k]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aet::preprocess::bm3d::blocks::Block;

    fn plane(dim: (usize, usize)) -> Plane {
        let value = |k: usize| ((k * k % 977) as f32 * 0.37).sin();
        Plane {
            dim,
            values: (0..dim.0 * dim.1).map(value).collect(),
        }
    }

    /// Each block against each other, pixel by pixel.
    fn slowly<const N: usize>(image: &Plane, [x, y]: [usize; 2], stage: &Stage) -> Vec<Similar> {
        let reference: Block<N> = image.block([x, y]);
        let reach = stage.window / 2;
        let near = |place: usize, length: usize| {
            place.saturating_sub(reach)..=(place + reach).min(length - N)
        };
        let corners = near(x, image.dim.0).flat_map(|u| near(y, image.dim.1).map(move |v| [u, v]));
        let mut all: Vec<Similar> = corners
            .map(|corner| {
                let other: Block<N> = image.block(corner);
                let pairs = reference.iter().flatten().zip(other.iter().flatten());
                let distance = pairs.map(|(a, b)| (a - b) * (a - b)).sum();
                Similar { distance, corner }
            })
            .filter(|similar| similar.distance < (stage.farthest * (N * N) as f64) as f32)
            .collect();
        all.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        all.truncate(stage.stack);
        all.truncate(1 << all.len().ilog2());
        all
    }

    fn compare<const N: usize>(dim: (usize, usize), farthest: f64) {
        let image = plane(dim);
        let stage = Stage {
            block: N,
            step: 3,
            window: 21,
            stack: 16,
            farthest,
        };
        let places: Vec<usize> = [0, 3, 6, dim.1 - N]
            .into_iter()
            .filter(|&y| y + N <= dim.1)
            .collect();
        let mut matches = Matches::new(places.len(), dim.1, stage.stack);
        for x in [0, 5, dim.0 - N] {
            matches.find::<N>(&image, x, &places, &stage);
            for (reference, &y) in places.iter().enumerate() {
                let (found, expected) =
                    (matches.of(reference), slowly::<N>(&image, [x, y], &stage));
                assert_eq!(found[0].corner, [x, y]);
                assert_eq!(found.len(), expected.len());
                for (a, b) in found.iter().zip(&expected) {
                    assert_eq!(a.corner, b.corner);
                    assert!((a.distance - b.distance).abs() < 1e-3);
                }
            }
        }
    }

    #[test]
    fn the_nearest_are_those_of_all_comparisons() {
        compare::<8>((40, 37), 1e3);
        compare::<8>((13, 61), 0.8);
        compare::<4>((29, 30), 0.5);
        compare::<12>((31, 26), 1e3);
        compare::<16>((21, 45), 0.9);
        compare::<8>((13, 8), 1e3);
    }
}
