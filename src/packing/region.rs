//! A box of points of the density grid: the one that is shown in three dimensions, and the density
//! between its points (Fig. 3c, Supplementary Fig. 10c, f).

use std::ops::Range;

use crate::atoms::Vec3;
use crate::numerics::{Bounds, quantiles};

use super::density::{DensityMap, Surroundings};

/// A box of points of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRegion {
    /// The places of its points along each axis.
    pub places: [Range<usize>; 3],
}

impl GridRegion {
    /// Of the boxes of these sides in ångström about a layer across z, `step` ångström from one
    /// another, those with a density at most of their points, and of these the one with most points
    /// in motifs; the first of several. `None` where the grid is smaller in x or y.
    pub fn richest(map: &DensityMap, layer: usize, sides: Vec3, step: f64) -> Option<GridRegion> {
        let grid = &map.grid;
        let points = (sides / grid.step).round().to_array();
        let points = points.map(|n| n as usize + 1);
        let step = [0, 1].map(|k| ((step / grid.step[k]).round() as usize).max(1));
        let deep = points[2].min(grid.shape[2]);
        let low = layer.saturating_sub(deep / 2).min(grid.shape[2] - deep);
        let last = |k: usize| grid.shape[k].checked_sub(points[k]);
        let columns = (0..=last(0)?).step_by(step[0]);
        let rows = (0..=last(1)?).step_by(step[1]);
        let boxes = rows.flat_map(|y| columns.clone().map(move |x| [x, y]));
        let boxes = boxes.map(|[x, y]| GridRegion {
            places: [x..x + points[0], y..y + points[1], low..low + deep],
        });
        let boxes: Vec<_> = boxes.map(|region| (region.richness(map), region)).collect();
        // Almost all boxes of a sample without voids are known throughout.
        let most = boxes.iter().map(|(of, _)| of.0).max()?;
        let known = boxes.into_iter().filter(|(of, _)| of.0 == most);
        let richest = known.reduce(|best, next| if next.0.1 > best.0.1 { next } else { best });
        richest.map(|(_, region)| region)
    }

    /// Its points with a density, and its points in motifs.
    fn richness(&self, map: &DensityMap) -> (usize, usize) {
        self.indices(map).fold((0, 0), |(known, packed), index| {
            let is_packed = map.surroundings[index] == Surroundings::With;
            (
                known + usize::from(map.density[index].is_some()),
                packed + usize::from(is_packed),
            )
        })
    }

    /// The indices of its points in the grid of the map.
    pub fn indices<'a>(&'a self, map: &'a DensityMap) -> impl Iterator<Item = usize> + 'a {
        let [columns, rows, layers] = self.places.clone();
        layers.flat_map(move |z| {
            let (columns, rows) = (columns.clone(), rows.clone());
            rows.flat_map(move |y| columns.clone().map(move |x| map.grid.index([x, y, z])))
        })
    }

    /// The box of its first and last points, in ångström.
    pub fn bounds(&self, map: &DensityMap) -> Bounds {
        let places = self.places.each_ref();
        Bounds {
            low: map.grid.position(places.map(|along| along.start)),
            high: map.grid.position(places.map(|along| along.end - 1)),
        }
    }

    /// The densities in g/cm³ that such parts of its points lie below ([`quantiles`]); `None` where
    /// no point has one.
    pub fn levels<const N: usize>(&self, map: &DensityMap, parts: [f64; N]) -> Option<[f64; N]> {
        let known = self.indices(map).filter_map(|index| map.density[index]);
        quantiles(known.collect(), parts)
    }

    /// The density in g/cm³ between the points, cubic along each axis (Catmull and Rom): `place` counts
    /// steps of 1/`finer` of the grid's from the region's first point. At the border of the grid its
    /// last values go on. `None` where a point that enters has none.
    pub fn density_between(
        &self,
        map: &DensityMap,
        place: [usize; 3],
        finer: usize,
    ) -> Option<f64> {
        let taps = |k: usize| {
            let near = self.places[k].start + place[k] / finer;
            let weights = catmull_rom((place[k] % finer) as f64 / finer as f64);
            let last = map.grid.shape[k] - 1;
            let places = [0, 1, 2, 3].map(|tap: usize| (near + tap).saturating_sub(1).min(last));
            places.into_iter().zip(weights).filter(|tap| tap.1 != 0.0)
        };
        let mut sum = 0.0;
        for (z, c) in taps(2) {
            for (y, b) in taps(1) {
                for (x, a) in taps(0) {
                    sum += a * b * c * map.density[map.grid.index([x, y, z])]?;
                }
            }
        }
        Some(sum)
    }
}

/// The weights of four equally spaced values at the part `t` of the way from the second to the third.
fn catmull_rom(t: f64) -> [f64; 4] {
    [
        0.5 * t * (t * (2.0 - t) - 1.0),
        0.5 * (t * t * (3.0 * t - 5.0) + 2.0),
        0.5 * t * (t * (4.0 - 3.0 * t) + 1.0),
        0.5 * t * t * (t - 1.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packing::Grid;

    /// A map of 1 Å steps with these values and surroundings.
    fn map(
        shape: [usize; 3],
        density: impl Fn(Vec3) -> Option<f64>,
        packed: impl Fn(Vec3) -> bool,
    ) -> DensityMap {
        let grid = Grid {
            origin: Vec3::new(-3.0, 1.0, 2.0),
            step: Vec3::ONE,
            shape,
            periodic: [false; 3],
        };
        let [columns, rows, layers] = shape;
        let all = (0..layers).flat_map(|z| {
            (0..rows).flat_map(move |y| (0..columns).map(move |x| [x, y, z].map(|n| n as f64)))
        });
        let all: Vec<Vec3> = all.map(Vec3::from).collect();
        let surroundings = all.iter().map(|&place| match packed(place) {
            true => Surroundings::With,
            false => Surroundings::Without,
        });
        DensityMap {
            grid,
            surroundings: surroundings.collect(),
            density: all.iter().map(|&place| density(place)).collect(),
        }
    }

    #[test]
    fn the_richest_region_is_known_throughout_and_holds_most_motifs() {
        // Packed right of x = 12, unknown right of x = 16.
        let map = map(
            [20, 10, 6],
            |place| (place.x < 16.0).then_some(14.0),
            |place| place.x >= 12.0,
        );
        let sides = Vec3::new(5.0, 4.0, 2.0);
        let found = GridRegion::richest(&map, 3, sides, 2.0);
        let expected = GridRegion {
            places: [10..16, 0..5, 2..5],
        };
        assert_eq!(found.as_ref(), Some(&expected));
        let bounds = expected.bounds(&map);
        assert_eq!(bounds.low, Vec3::new(7.0, 1.0, 4.0));
        assert_eq!(bounds.extent(), sides);
        assert_eq!(GridRegion::richest(&map, 3, Vec3::splat(30.0), 2.0), None);
    }

    #[test]
    fn quadratics_are_interpolated_exactly_and_grid_points_are_met() {
        let law = |p: Vec3| 2.0 + p.x - 0.5 * p.y * p.y + p.x * p.z;
        let map = map([8, 8, 8], |place| Some(law(place)), |_| true);
        let region = GridRegion {
            places: [2..6, 2..6, 2..6],
        };
        for place in [[0, 0, 0], [3, 5, 7], [8, 4, 1], [11, 11, 11]] {
            let at = Vec3::splat(2.0) + Vec3::from(place.map(|n: usize| n as f64 / 4.0));
            let found = region.density_between(&map, place, 4);
            assert!((found.unwrap_or(f64::NAN) - law(at)).abs() < 1e-12);
        }
    }

    #[test]
    fn an_unknown_neighbour_leaves_no_density_between_but_one_at_the_points() {
        let map = map([8, 8, 8], |p| (p.x < 6.0).then_some(1.0), |_| true);
        let region = GridRegion {
            places: [2..6, 2..6, 2..6],
        };
        assert_eq!(region.density_between(&map, [4, 0, 0], 2), Some(1.0));
        assert_eq!(region.density_between(&map, [5, 0, 0], 2), None);
        assert_eq!(region.levels(&map, [0.0, 1.0]), Some([1.0, 1.0]));
    }
}
