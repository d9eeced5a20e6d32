//! All points within a radius: a cell list, for open samples and periodic boxes alike.
//!
//! Space is divided into cells; the neighbours of a place lie in the cells around its own. In a
//! periodic box a cell beyond the edge is the wrapped cell, seen through an image. Boxes thinner
//! than the radius are no special case: the same cell is then visited through several images. A cell that
//! is skew, or open along a direction, is padded with its images instead.
//!
//! The points are sorted by cell, z fastest: those of a column of cells between two heights are one run
//! of memory.

use std::ops::Range;

use crate::atoms::{Boundary, Cell, Vec3};
use crate::numerics::{Bounds, Grouped};

/// Neighbours of an atom nearer than this, in ångström, are the atom itself.
const SELF_ANGSTROM: f64 = 0.1;

/// Points sorted into cells, ready for searches up to one fixed radius.
#[derive(Debug)]
pub struct CellList {
    radius: f64,
    /// A little more than the radius: what lies farther away is not sought, however the borders of
    /// the cells are rounded.
    reach: f64,
    origin: Vec3,
    edge: Vec3,
    /// Cells in an ångström, to see which cells are near; which cell a point is in the edge tells.
    per_angstrom: Vec3,
    cells: [i64; 3],
    /// Whether a sphere covers many cells along z.
    is_fine: bool,
    period: Option<Vec3>,
    /// The cell whose images are among the points.
    padded: Option<Cell>,
    /// Where the points of each cell begin; one more at the end.
    starts: Vec<u32>,
    /// The points, sorted by cell, and which of those given each is.
    sorted: Vec<(Vec3, u32)>,
}

/// One neighbour of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// The neighbouring point, by its place in the list given.
    pub index: usize,
    /// From the place to the neighbour, in ångström.
    pub displacement: Vec3,
    /// The squared distance, in Å².
    pub squared: f64,
}

impl CellList {
    /// Sorts finite `positions` (ångström; wrapped into the box when periodic) for searches up to
    /// `radius` ångström, which must be positive.
    pub fn new(positions: &[Vec3], boundary: Boundary, radius: f64) -> CellList {
        CellList::with_cells(positions, boundary, radius, Vec3::splat(radius))
    }

    /// The same with cells of about `edge` ångström: several for each radius follow its sphere more
    /// closely than one.
    pub fn with_cells(positions: &[Vec3], boundary: Boundary, radius: f64, edge: Vec3) -> CellList {
        let padded = match boundary {
            Boundary::Periodic(cell) if cell.edges().is_none() => Some(cell),
            _ => None,
        };
        let points: Vec<(Vec3, u32)> = match padded {
            Some(cell) => cell.with_images(positions, radius * (1.0 + 1e-9)),
            None => positions.iter().copied().zip(0..).collect(),
        };
        let (origin, extent, period) = match boundary.edges() {
            Some(edges) => (Vec3::ZERO, edges, Some(edges)),
            None => {
                let bounds = Bounds::of(points.iter().map(|(point, _)| *point));
                (bounds.low, bounds.extent(), None)
            }
        };
        let counts = cell_counts(extent, edge, points.len());
        let edge = (extent / counts).max(Vec3::splat(f64::MIN_POSITIVE));
        let mut list = CellList {
            radius,
            reach: radius * (1.0 + 1e-9),
            origin,
            edge,
            per_angstrom: edge.recip().min(Vec3::splat(f64::MAX)),
            is_fine: 2.0 * edge.z < radius,
            cells: counts.to_array().map(|count| count as i64),
            period,
            padded,
            starts: Vec::new(),
            sorted: Vec::new(),
        };
        list.sort(&points);
        list
    }

    /// The number of points, with their images in a padded cell.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// One of the points, by its place among those sorted by cell.
    pub fn sorted(&self, place: usize) -> Vec3 {
        self.sorted[place].0
    }

    /// Calls `visit` for every point within the radius of `centre`, `centre` itself included when
    /// it is one of the points. The order is fixed by the positions alone.
    #[inline]
    pub fn for_each_within(&self, centre: Vec3, mut visit: impl FnMut(Neighbour)) {
        let limit = self.radius * self.radius;
        self.for_each_run(centre, 0, |run, shift| {
            for &(point, index) in &self.sorted[run] {
                let displacement = point + shift - centre;
                let squared = displacement.length_squared();
                if squared <= limit {
                    visit(Neighbour {
                        index: index as usize,
                        displacement,
                        squared,
                    });
                }
            }
        });
    }

    /// Calls `visit` for every neighbour of the atom at `centre` that is nearer than `cutoff`, at most
    /// the radius; not for the atom itself.
    #[inline]
    pub fn for_each_bond(&self, centre: Vec3, cutoff: f64, mut visit: impl FnMut(Neighbour)) {
        let (least, most) = (SELF_ANGSTROM.powi(2), cutoff.powi(2));
        self.for_each_within(centre, |bond| {
            if least < bond.squared && bond.squared < most {
                visit(bond);
            }
        });
    }

    /// Calls `visit` with runs of sorted points that together hold every point within the radius of
    /// `centre` that is sorted at `behind` or later, and with what to add to the points of the run to
    /// see them from `centre`.
    #[inline]
    pub fn for_each_run(
        &self,
        centre: Vec3,
        behind: usize,
        mut visit: impl FnMut(Range<usize>, Vec3),
    ) {
        let Some(cell) = self.padded else {
            return self.for_each_run_about(centre, behind, visit);
        };
        let inside = cell.wrapped(centre);
        self.for_each_run_about(inside, behind, |run, shift| {
            visit(run, shift + (centre - inside))
        });
    }

    /// The same about a place in the cell whose images are among the points.
    #[inline]
    fn for_each_run_about(
        &self,
        centre: Vec3,
        behind: usize,
        mut visit: impl FnMut(Range<usize>, Vec3),
    ) {
        let [_, rows, layers] = self.cells;
        // Coarse cells are too few to be cut short column by column.
        let (coarse, is_fine) = (self.window(2, centre, self.reach), self.is_fine);
        for x in self.window(0, centre, self.reach) {
            let (column, shift_x) = self.wrapped(x, 0);
            let slab = column * rows * layers..(column + 1) * rows * layers;
            if self.starts[slab.end as usize] as usize <= behind {
                continue;
            }
            let free = self.reach.powi(2) - self.gap(x, 0, centre).powi(2);
            for y in self.window(1, centre, self.reach) {
                let (row, shift_y) = self.wrapped(y, 1);
                let free = free - self.gap(y, 1, centre).powi(2);
                if free < 0.0 {
                    continue;
                }
                let column = slab.start + row * layers;
                let heights = match is_fine {
                    true => self.window(2, centre, free.sqrt()),
                    false => coarse.clone(),
                };
                let (mut z, end) = (*heights.start(), *heights.end());
                // The cells of one image are one run.
                while z <= end {
                    let (from, shift_z) = self.wrapped(z, 2);
                    let to = (from + end - z).min(layers - 1);
                    let start = self.starts[(column + from) as usize] as usize;
                    let run = start.max(behind)..self.starts[(column + to) as usize + 1] as usize;
                    if run.start < run.end {
                        visit(run, Vec3::new(shift_x, shift_y, shift_z));
                    }
                    z += to - from + 1;
                }
            }
        }
    }

    /// The cells along an axis that reach within `distance` of `centre`; in a periodic box they are
    /// counted on beyond its edges.
    #[inline]
    fn window(&self, axis: usize, centre: Vec3, distance: f64) -> std::ops::RangeInclusive<i64> {
        let steps = |x: f64| (x - self.origin[axis]) * self.per_angstrom[axis];
        let [first, last] = [-distance, distance].map(|to| steps(centre[axis] + to));
        match self.period {
            Some(_) => floor(first)..=floor(last),
            None => {
                let [first, last] =
                    [first, last].map(|x| (x as i64).clamp(0, self.cells[axis] - 1));
                first..=last
            }
        }
    }

    /// How far a cell lies from `centre` along an axis.
    #[inline]
    fn gap(&self, cell: i64, axis: usize, centre: Vec3) -> f64 {
        let low = self.origin[axis] + cell as f64 * self.edge[axis];
        let high = low + self.edge[axis];
        (low - centre[axis]).max(centre[axis] - high).max(0.0)
    }

    /// The stored cell behind the cell `index` along an axis, and the displacement in ångström of the
    /// image that it is seen through.
    #[inline]
    fn wrapped(&self, index: i64, axis: usize) -> (i64, f64) {
        match self.period {
            Some(period) => {
                let image = index.div_euclid(self.cells[axis]);
                (
                    index.rem_euclid(self.cells[axis]),
                    image as f64 * period[axis],
                )
            }
            None => (index, 0.0),
        }
    }

    /// Sorts the points into cells.
    fn sort(&mut self, points: &[(Vec3, u32)]) {
        let cell = |(p, _): &(Vec3, u32)| {
            let steps = (*p - self.origin) / self.edge;
            let along = |axis: usize| (steps[axis] as i64).clamp(0, self.cells[axis] - 1);
            ((along(0) * self.cells[1] + along(1)) * self.cells[2] + along(2)) as u32
        };
        let of_points: Vec<u32> = points.iter().map(cell).collect();
        let total = self.cells.iter().product::<i64>() as usize;
        let Grouped { starts, items } = Grouped::new(total, || {
            let cells = of_points.iter().copied();
            cells.zip(0..points.len() as u32)
        });
        let sorted = items.iter().map(|&place| points[place as usize]);
        self.sorted = sorted.collect();
        self.starts = starts;
    }
}

/// The largest whole number that is not larger; `f64::floor` is a call where the processor may lack it.
#[inline]
fn floor(x: f64) -> i64 {
    let towards_zero = x as i64;
    towards_zero - i64::from(x < towards_zero as f64)
}

/// Cells about as wide as asked, but never many more cells than points.
fn cell_counts(extent: Vec3, edge: Vec3, points: usize) -> Vec3 {
    let most = (4 * points.max(16)) as f64;
    // However small the edge, a few steps make it large enough.
    let mut edge = edge.max(1e-9 * extent).max(Vec3::splat(f64::MIN_POSITIVE));
    loop {
        let counts = (extent / edge).floor().max(Vec3::ONE);
        if counts.element_product() <= most {
            return counts;
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
        (0..n).map(|_| Vec3::new(next(), next(), next())).collect()
    }

    fn found(list: &CellList, centre: Vec3) -> Vec<usize> {
        let mut points = Vec::new();
        list.for_each_within(centre, |n| points.push(n.index));
        points.sort_unstable();
        points
    }

    #[test]
    fn open_search_equals_the_double_loop() {
        let points = scattered(300, 20.0);
        let fine = Vec3::new(1.0, 1.5, 0.7);
        for list in [
            CellList::new(&points, Boundary::Open, 3.0),
            CellList::with_cells(&points, Boundary::Open, 3.0, fine),
        ] {
            let outside = [
                Vec3::splat(-1.0),
                Vec3::new(21.0, 5.0, 5.0),
                Vec3::splat(99.0),
            ];
            for &p in points.iter().chain(&outside) {
                let near = |j: &usize| points[*j].distance_squared(p) <= 9.0;
                let expected: Vec<usize> = (0..points.len()).filter(near).collect();
                assert_eq!(found(&list, p), expected);
            }
        }
    }

    #[test]
    fn what_is_sorted_behind_a_point_makes_half_of_the_pairs() {
        let points = scattered(200, 12.0);
        let list = CellList::with_cells(&points, Boundary::Open, 3.0, Vec3::new(2.0, 2.0, 1.0));
        let (mut half, mut all) = (0, 0);
        for k in 0..list.len() {
            let centre = list.sorted(k);
            let near = |j: &usize| list.sorted(*j).distance_squared(centre) <= 9.0;
            list.for_each_run(centre, k + 1, |run, _| half += run.filter(near).count());
            list.for_each_within(centre, |_| all += 1);
        }
        assert_eq!(2 * half, all - points.len());
    }

    #[test]
    fn a_box_thinner_than_the_radius_shows_every_image() {
        let edge = 4.0;
        let points = scattered(10, edge);
        let periodic = Boundary::periodic(Vec3::splat(edge));
        let fine = Vec3::new(1.0, 1.5, 0.7);
        for list in [
            CellList::new(&points, periodic, 7.0),
            CellList::with_cells(&points, periodic, 7.0, fine),
        ] {
            for &p in &points {
                let mut expected = Vec::new();
                for (j, &q) in points.iter().enumerate() {
                    for image in 0..343 {
                        let n = [image / 49 - 3, image / 7 % 7 - 3, image % 7 - 3];
                        let moved = q + edge * Vec3::from(n.map(f64::from));
                        if moved.distance_squared(p) <= 49.0 {
                            expected.push(j);
                        }
                    }
                }
                expected.sort_unstable();
                assert_eq!(found(&list, p), expected);
            }
        }
    }

    #[test]
    fn a_skew_cell_shows_every_image_along_what_repeats() {
        let lattice = [
            Vec3::new(6.0, 0.0, 0.0),
            Vec3::new(2.0, 5.0, 0.0),
            Vec3::new(-1.0, 1.5, 7.0),
        ];
        for periodic in [[true; 3], [true, true, false], [false, true, false]] {
            let cell = Cell::new(lattice, periodic);
            let inside = scattered(12, 6.0).into_iter().map(|p| cell.wrapped(p));
            let points: Vec<Vec3> = inside.collect();
            let list = CellList::new(&points, Boundary::Periodic(cell), 8.0);
            let far = Vec3::new(40.0, -31.0, 3.0);
            for &p in points.iter().chain(&[far]) {
                let mut expected = Vec::new();
                for (j, &q) in points.iter().enumerate() {
                    for image in 0..31_i32.pow(3) {
                        let n = [image / 961 - 15, image / 31 % 31 - 15, image % 31 - 15];
                        let open = (0..3).any(|k| !periodic[k] && n[k] != 0);
                        let moved = q + cell.displacement(Vec3::from(n.map(f64::from)));
                        if !open && moved.distance_squared(p) <= 64.0 {
                            expected.push(j);
                        }
                    }
                }
                expected.sort_unstable();
                assert_eq!(found(&list, p), expected);
            }
        }
    }

    #[test]
    fn a_search_of_no_radius_finds_the_place_itself() {
        let points = scattered(40, 9.0);
        let list = CellList::new(&points, Boundary::Open, 0.0);
        assert_eq!(found(&list, points[7]), [7]);
    }
}
