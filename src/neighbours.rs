//! All atoms within a radius: a cell list, for open samples and periodic boxes alike.
//!
//! Space is divided into cells; the neighbours of a point lie in the cells around its own. In a
//! periodic box a cell beyond the edge is the wrapped cell, seen through an image. Boxes thinner
//! than the radius are no special case: the same cell is then visited through several images.

use crate::atoms::{AtomId, Boundary, Vec3};

/// Points sorted into cells, ready for searches up to one fixed radius.
#[derive(Debug)]
pub struct CellList {
    radius: f64,
    origin: Vec3,
    edge: Vec3,
    cells: [i64; 3],
    reach: [i64; 3],
    period: Option<Vec3>,
    start: Vec<u32>,
    members: Vec<(AtomId, Vec3)>,
}

/// One neighbour of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// The neighbouring atom.
    pub atom: AtomId,
    /// From the point to the neighbour, in ångström.
    pub displacement: Vec3,
    /// The squared distance, in Å².
    pub squared: f64,
}

impl CellList {
    /// Sorts finite `positions` (ångström; wrapped into the box when periodic) for searches up to
    /// `radius` ångström, which must be positive.
    pub fn new(positions: &[Vec3], boundary: Boundary, radius: f64) -> CellList {
        let (origin, extent, period) = match boundary {
            Boundary::Periodic(edges) => ([0.0; 3], edges, Some(edges)),
            Boundary::Open => {
                let (low, high) = bounds(positions);
                (low, [0, 1, 2].map(|k| high[k] - low[k]), None)
            }
        };
        let cells = cell_counts(extent, radius, positions.len());
        let edge = [0, 1, 2].map(|k| (extent[k] / cells[k] as f64).max(f64::MIN_POSITIVE));
        let reach = [0, 1, 2].map(|k| match period {
            Some(_) => (radius / edge[k]).ceil() as i64,
            None => ((radius / edge[k]).ceil() as i64).min(cells[k]),
        });
        let mut list = CellList {
            radius,
            origin,
            edge,
            cells,
            reach,
            period,
            start: Vec::new(),
            members: Vec::new(),
        };
        list.sort(positions);
        list
    }

    /// Calls `visit` for every point within the radius of `centre`, `centre` itself included when
    /// it is one of the points. The order is fixed by the positions alone.
    #[inline]
    pub fn for_each_within(&self, centre: Vec3, mut visit: impl FnMut(Neighbour)) {
        let limit = self.radius * self.radius;
        let home = [0, 1, 2].map(|k| self.cell_of(centre[k], k));
        let [rx, ry, rz] = self.reach;
        for dx in -rx..=rx {
            let Some((x, shift_x)) = self.wrapped(home[0] + dx, 0) else {
                continue;
            };
            for dy in -ry..=ry {
                let Some((y, shift_y)) = self.wrapped(home[1] + dy, 1) else {
                    continue;
                };
                // The cells of one image are one run of members.
                let (mut z, end) = (home[2] - rz, home[2] + rz);
                while z <= end {
                    let (last, shift_z) = match self.period {
                        Some(period) => {
                            let image = z.div_euclid(self.cells[2]);
                            let last = end.min((image + 1) * self.cells[2] - 1);
                            (last, image as f64 * period[2])
                        }
                        None => {
                            z = z.max(0);
                            (end.min(self.cells[2] - 1), 0.0)
                        }
                    };
                    if z > last {
                        break;
                    }
                    let column = (x * self.cells[1] + y) * self.cells[2];
                    let at = |z: i64| (column + z.rem_euclid(self.cells[2])) as usize;
                    let range = self.start[at(z)] as usize..self.start[at(last) + 1] as usize;
                    for &(atom, [x, y, z]) in &self.members[range] {
                        let displacement = [
                            x + shift_x - centre[0],
                            y + shift_y - centre[1],
                            z + shift_z - centre[2],
                        ];
                        let [dx, dy, dz] = displacement;
                        let squared = dx * dx + dy * dy + dz * dz;
                        if squared <= limit {
                            visit(Neighbour {
                                atom,
                                displacement,
                                squared,
                            });
                        }
                    }
                    z = if self.period.is_some() {
                        last + 1
                    } else {
                        end + 1
                    };
                }
            }
        }
    }

    fn cell_of(&self, x: f64, k: usize) -> i64 {
        (((x - self.origin[k]) / self.edge[k]) as i64).clamp(0, self.cells[k] - 1)
    }

    /// The stored cell behind the cell index `index` along axis `k`, and the displacement in
    /// ångström of the image it is seen through; `None` outside an open sample.
    fn wrapped(&self, index: i64, k: usize) -> Option<(i64, f64)> {
        match self.period {
            Some(period) => {
                let image = index.div_euclid(self.cells[k]);
                Some((index.rem_euclid(self.cells[k]), image as f64 * period[k]))
            }
            None => (0..self.cells[k]).contains(&index).then_some((index, 0.0)),
        }
    }

    /// Counting sort of the points into cells.
    fn sort(&mut self, positions: &[Vec3]) {
        let cell = |p: &Vec3| {
            let [x, y, z] = [0, 1, 2].map(|k| self.cell_of(p[k], k));
            ((x * self.cells[1] + y) * self.cells[2] + z) as usize
        };
        let total = self.cells.iter().product::<i64>() as usize;
        let mut start = vec![0_u32; total + 1];
        let cells: Vec<usize> = positions.iter().map(cell).collect();
        for &c in &cells {
            start[c + 1] += 1;
        }
        for c in 0..total {
            start[c + 1] += start[c];
        }
        let mut next = start.clone();
        let mut members = vec![(0, [0.0; 3]); positions.len()];
        for (atom, &c) in cells.iter().enumerate() {
            members[next[c] as usize] = (atom as AtomId, positions[atom]);
            next[c] += 1;
        }
        self.start = start;
        self.members = members;
    }
}

/// The smallest axis-parallel box around the points: its low and high corner.
pub(crate) fn bounds<'a>(positions: impl IntoIterator<Item = &'a Vec3>) -> (Vec3, Vec3) {
    positions.into_iter().fold(
        ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]),
        |(low, high), p| {
            (
                [0, 1, 2].map(|k| low[k].min(p[k])),
                [0, 1, 2].map(|k| high[k].max(p[k])),
            )
        },
    )
}

/// Cells about as wide as the radius, but never many more cells than points.
fn cell_counts(extent: Vec3, radius: f64, points: usize) -> [i64; 3] {
    let most = (4 * points.max(16)) as f64;
    let mut edge = radius;
    loop {
        let counts = extent.map(|length| (length / edge).floor().max(1.0));
        if counts.iter().product::<f64>() <= most {
            return counts.map(|count| count as i64);
        }
        edge *= 1.3;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scattered(n: usize, edge: f64) -> Vec<Vec3> {
        let mut state = 42_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 * edge
        };
        (0..n).map(|_| [next(), next(), next()]).collect()
    }

    fn found(list: &CellList, centre: Vec3) -> Vec<AtomId> {
        let mut atoms = Vec::new();
        list.for_each_within(centre, |n| atoms.push(n.atom));
        atoms.sort_unstable();
        atoms
    }

    #[test]
    fn open_search_equals_the_double_loop() {
        let points = scattered(300, 20.0);
        let list = CellList::new(&points, Boundary::Open, 3.0);
        for &p in &points {
            let expected: Vec<AtomId> = (0..points.len() as AtomId)
                .filter(|&j| {
                    let q = points[j as usize];
                    (0..3).map(|k| (q[k] - p[k]).powi(2)).sum::<f64>() <= 9.0
                })
                .collect();
            assert_eq!(found(&list, p), expected);
        }
    }

    #[test]
    fn a_box_thinner_than_the_radius_shows_every_image() {
        let edge = 4.0;
        let points = scattered(10, edge);
        let list = CellList::new(&points, Boundary::Periodic([edge; 3]), 7.0);
        for &p in &points {
            let mut expected = Vec::new();
            for (j, q) in points.iter().enumerate() {
                for image in 0..343_i32 {
                    let n = [image / 49 - 3, image / 7 % 7 - 3, image % 7 - 3];
                    let squared = (0..3)
                        .map(|k| (q[k] + f64::from(n[k]) * edge - p[k]).powi(2))
                        .sum::<f64>();
                    if squared <= 49.0 {
                        expected.push(j as AtomId);
                    }
                }
            }
            expected.sort_unstable();
            assert_eq!(found(&list, p), expected);
        }
    }
}
