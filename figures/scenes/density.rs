//! A region of the density map in three dimensions: where the density is high and where it is low,
//! with the skeletons of the motifs (Fig. 3c, S10c, f).

use std::ops::Range;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{Image, TetrahedronId, isosurface};
use amorphous_packing::numerics::Bounds;
use amorphous_packing::packing::{DensityMap, Surroundings, triplets};
use plotters::style::RGBColor;

use crate::Panel;
use crate::page::panel::placeholder;
use crate::page::style::{MOTIFS, WITH_PACKING, WITHOUT_PACKING};
use crate::render::{Scene, Triangle, View};
use crate::scenes::parts::{Parts, edges_of, together};
use crate::scenes::shot::Shot;

/// The sides of the region in ångström: along x and y, and along z.
const SIDES_ANGSTROM: Vec3 = Vec3::new(30.0, 30.0, 12.0);
/// Steps in which the region is moved to where most packing is.
const STEP_ANGSTROM: f64 = 2.0;
/// Lattice points of the surface for each of the map.
const FINER: usize = 2;
/// The parts of the region outside the surfaces of low and of high density.
const LEVELS: [f64; 2] = [0.15, 0.85];
const SURFACE_ALPHA: f64 = 0.34;
const EDGE: f64 = 0.06;
const BAR_ANGSTROM: f64 = 10.0;

/// What the colours mean, for a footnote.
pub const COLOURS: &str = "The region within the square, 12 Å deep: surfaces enclose the 15 % \
    of it that are densest (orange) and least dense (blue); skeletons of triplets are purple, of \
    quadrilateral, pentagonal and hexagonal bipyramids blue, orange and yellow, centroids black.";

/// A box of points of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    places: [Range<usize>; 3],
}

impl Cut {
    /// The box about a layer with the most points in motifs, its points having a density as far
    /// as there are such boxes; the first of several. `None` where the grid is smaller.
    pub fn richest(map: &DensityMap, layer: usize) -> Option<Cut> {
        let grid = &map.grid;
        let steps = (SIDES_ANGSTROM / grid.step).round();
        let points = steps.to_array().map(|n| n as usize + 1);
        let step = [0, 1].map(|k| ((STEP_ANGSTROM / grid.step[k]).round() as usize).max(1));
        let deep = points[2].min(grid.shape[2]);
        let low = layer.saturating_sub(deep / 2).min(grid.shape[2] - deep);
        let last = |k: usize| grid.shape[k].checked_sub(points[k]);
        let columns = (0..=last(0)?).step_by(step[0]);
        let rows = (0..=last(1)?).step_by(step[1]);
        let boxes = rows.flat_map(|y| columns.clone().map(move |x| [x, y]));
        let boxes = boxes.map(|[x, y]| Cut {
            places: [x..x + points[0], y..y + points[1], low..low + deep],
        });
        let richness = |cut: &Cut| {
            let (mut known, mut packed) = (0, 0);
            for index in cut.indices(map) {
                known += usize::from(map.density[index].is_some());
                packed += usize::from(map.surroundings[index] == Surroundings::With);
            }
            (known, packed)
        };
        let boxes: Vec<_> = boxes.map(|cut| (richness(&cut), cut)).collect();
        // Almost all boxes of a sample without voids are known throughout.
        let most = boxes.iter().map(|(of, _)| of.0).max()?;
        let known = boxes.into_iter().filter(|(of, _)| of.0 == most);
        let richest = known.reduce(|best, next| if next.0.1 > best.0.1 { next } else { best });
        richest.map(|(_, cut)| cut)
    }

    /// The corners of the square in the plane of the layer, in ångström.
    pub fn square(&self, map: &DensityMap) -> [[f64; 2]; 4] {
        let Bounds { low, high } = self.bounds(map);
        [
            [low.x, low.y],
            [high.x, low.y],
            [high.x, high.y],
            [low.x, high.y],
        ]
    }

    fn indices<'a>(&'a self, map: &'a DensityMap) -> impl Iterator<Item = usize> + 'a {
        let [columns, rows, layers] = self.places.clone();
        layers.flat_map(move |z| {
            let (columns, rows) = (columns.clone(), rows.clone());
            rows.flat_map(move |y| columns.clone().map(move |x| map.grid.index([x, y, z])))
        })
    }

    fn bounds(&self, map: &DensityMap) -> Bounds {
        let places = self.places.each_ref();
        Bounds {
            low: map.grid.position(places.map(|along| along.start)),
            high: map.grid.position(places.map(|along| along.end - 1)),
        }
    }
}

/// The region as a scene.
pub fn region(analysis: &Analysis, map: &DensityMap, cut: Option<&Cut>) -> Panel {
    let Some(cut) = cut else {
        return placeholder("the sample is smaller than the region").titled("Packing");
    };
    let mut known: Vec<f64> = cut.indices(map).filter_map(|k| map.density[k]).collect();
    known.sort_by(f64::total_cmp);
    let Some(last) = known.len().checked_sub(1) else {
        return placeholder("no density: the sample is all surface").titled("Packing");
    };
    let levels = LEVELS.map(|part| known[(part * last as f64) as usize]);
    let surfaces = levels.into_iter().zip([WITHOUT_PACKING, WITH_PACKING]);
    let surfaces = surfaces.map(|(level, colour)| surface(map, cut, level, colour));
    let parts = [
        skeletons(analysis, &cut.bounds(map)),
        edges_of(&cut.bounds(map), EDGE),
    ];
    let scene = together(parts.into_iter().chain(surfaces));
    let title = format!(
        "Below {:.1} and above {:.1} g cm^{{−3}}",
        levels[0], levels[1]
    );
    let view = View::along(Vec3::Z, Vec3::X).turned(14.0, -32.0);
    Shot::new(scene)
        .seen(view)
        .bar(BAR_ANGSTROM)
        .panel()
        .titled(&title)
}

/// The surface of one density in the region.
fn surface(map: &DensityMap, cut: &Cut, level: f64, colour: RGBColor) -> Scene {
    let shape = cut.places.each_ref();
    let shape = shape.map(|along| FINER * (along.len() - 1) + 1);
    let triangles = isosurface(shape, |place| between(map, cut, place), level);
    let (origin, step) = (cut.bounds(map).low, map.grid.step);
    let at = |point: Vec3| origin + point * step / FINER as f64;
    let triangles = triangles.into_iter().map(|corners| Triangle {
        corners: corners.map(at),
        colour,
        alpha: SURFACE_ALPHA,
    });
    Scene {
        triangles: triangles.collect(),
        ..Scene::default()
    }
}

/// The density between the points of the grid, cubic along each axis (Catmull and Rom).
fn between(map: &DensityMap, cut: &Cut, place: [usize; 3]) -> Option<f64> {
    let taps = |k: usize| {
        let near = cut.places[k].start + place[k] / FINER;
        let t = (place[k] % FINER) as f64 / FINER as f64;
        let weights = [
            0.5 * t * (t * (2.0 - t) - 1.0),
            0.5 * (t * t * (3.0 * t - 5.0) + 2.0),
            0.5 * t * (t * (4.0 - 3.0 * t) + 1.0),
            0.5 * t * t * (t - 1.0),
        ];
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

/// The skeletons of the amorphous motifs whose centroids are all in the box.
fn skeletons(analysis: &Analysis, bounds: &Bounds) -> Scene {
    let triangulation = &analysis.triangulation;
    let inside = |parts: &Parts| {
        let mut centroids = parts.centroids.values();
        centroids.all(|place| bounds.contains(*place))
    };
    let of_fold = |fold: usize| -> Vec<Parts> {
        if fold > 3 {
            let motifs = analysis.bipyramids(fold, Region::Amorphous).into_iter();
            return motifs
                .map(|motif| {
                    let mut parts = Parts::default();
                    parts.add_ring(triangulation, &analysis.ring(motif), Image::HOME);
                    parts
                })
                .collect();
        }
        let found = triplets(triangulation, &analysis.accepted).into_iter();
        let amorphous = |of: &[TetrahedronId; 3]| of.iter().any(|&t| analysis.is_amorphous(t));
        found
            .filter(amorphous)
            .map(|triplet| {
                let mut parts = Parts::default();
                parts.add_triplet(triangulation, triplet);
                parts
            })
            .collect()
    };
    let scenes = (3..=6).flat_map(|fold| {
        let all = of_fold(fold).into_iter().filter(inside);
        all.map(move |parts| parts.skeletons(MOTIFS[fold - 3].2))
    });
    together(scenes)
}
