//! Whether any of very many points lies in a sphere or beyond a plane.
//!
//! The points are sorted along the Hilbert curve; each run of them has a bounding box, and each run
//! of boxes. Boxes that the region certainly does not reach are passed over, and what remains is
//! decided exactly.

use crate::geometry::tetrahedron::Circumsphere;
use crate::numerics::{Bounds, Vec3};

use super::order::curve;

/// Points, or boxes, in a box.
const RUN: usize = 8;
/// What a look at a point costs, in looks at a box.
const POINT_COST: usize = 4;
/// Far above the relative rounding error of the arithmetic below.
const ROUNDING: f64 = 1e-12;

/// Points in boxes in boxes.
pub(super) struct Boxes<'a> {
    points: &'a [Vec3],
    order: Vec<u32>,
    /// The boxes, those of the points first.
    levels: Vec<Vec<Bounds>>,
}

impl Boxes<'_> {
    pub(super) fn new(points: &[Vec3]) -> Boxes<'_> {
        let order = curve(points);
        let of_points = |run: &[u32]| Bounds::of(run.iter().map(|&k| points[k as usize]));
        let mut levels: Vec<Vec<Bounds>> = vec![order.chunks(RUN).map(of_points).collect()];
        while let Some(finest) = levels.last().filter(|level| level.len() > 1) {
            let of_boxes = |run: &[Bounds]| run.iter().copied().fold(Bounds::NONE, Bounds::and);
            let next = finest.chunks(RUN).map(of_boxes).collect();
            levels.push(next);
        }
        Boxes {
            points,
            order,
            levels,
        }
    }

    /// One in `step` of the points, evenly spread.
    pub(super) fn every(&self, step: usize) -> impl Iterator<Item = u32> {
        self.order.iter().copied().step_by(step)
    }

    /// The first point found of which `inside` is true; it is false outside the region, and need
    /// not be asked in the box `known`. Every box
    /// that is looked at costs one of `patience`, and every point [`POINT_COST`]; with none left,
    /// what is found means nothing.
    pub(super) fn first_inside(
        &self,
        region: Region,
        known: Bounds,
        patience: &mut usize,
        inside: impl Fn(Vec3) -> bool,
    ) -> Option<u32> {
        let top = self.levels.len() - 1;
        let mut waiting: Vec<(usize, usize)> = vec![(top, 0)];
        while let Some((level, index)) = waiting.pop() {
            *patience = patience.saturating_sub(1);
            let bounds = self.levels[level].get(index)?;
            if known.encloses(bounds) || !region.may_reach(bounds) {
                continue;
            }
            let run = index * RUN..(index + 1) * RUN;
            if level > 0 {
                let end = run.end.min(self.levels[level - 1].len());
                waiting.extend((run.start..end).map(|child| (level - 1, child)));
                continue;
            }
            let run = &self.order[run.start..run.end.min(self.order.len())];
            *patience = patience.saturating_sub(POINT_COST * run.len());
            if *patience == 0 {
                return None;
            }
            let found = run.iter().find(|&&k| inside(self.points[k as usize]));
            if found.is_some() {
                return found.copied();
            }
        }
        None
    }
}

/// Where `v |x|² − n·x` is negative, `x` from the origin: a sphere through the origin, or a
/// half-space that ends there.
#[derive(Clone, Copy)]
pub(super) struct Region {
    origin: Vec3,
    v: f64,
    n: Vec3,
    /// The rounding errors that `v` and `n` may have.
    v_error: f64,
    n_error: f64,
}

impl Region {
    /// The sphere through four places.
    pub(super) fn sphere(corners: [Vec3; 4]) -> Region {
        let sphere = Circumsphere::of(&corners);
        let longest = sphere.longest_squared;
        Region {
            origin: corners[0],
            v: sphere.six_volumes.abs(),
            n: sphere.six_volumes.signum() * sphere.normal,
            v_error: ROUNDING * longest * longest.sqrt(),
            n_error: ROUNDING * longest * longest,
        }
    }

    /// The half-space beyond the hull face of a ghost with these corners.
    pub(super) fn beyond([a, b, c]: [Vec3; 3]) -> Region {
        let [b, c] = [b - a, c - a];
        Region {
            origin: a,
            v: 0.0,
            n: c.cross(b),
            v_error: 0.0,
            n_error: ROUNDING * b.dot(b).max(c.dot(c)),
        }
    }

    /// Whether a box may hold a point of the region; false only beyond doubt.
    fn may_reach(&self, bounds: &Bounds) -> bool {
        let (mut least, mut farthest) = (0.0, 0.0_f64);
        for k in 0..3 {
            let [low, high] = [bounds.low, bounds.high].map(|corner| corner[k] - self.origin[k]);
            let value = |x: f64| (self.v * x - self.n[k]) * x;
            let mut smallest = value(low).min(value(high));
            if self.v > 0.0 {
                let lowest = 0.5 * self.n[k] / self.v;
                if low < lowest && lowest < high {
                    smallest = smallest.min(value(lowest));
                }
            }
            least += smallest;
            farthest = farthest.max(low.abs()).max(high.abs());
        }
        least <= (self.v_error * farthest + self.n_error) * farthest
    }
}
