//! A region of the density map in three dimensions: where the density is high and where it is low,
//! with the skeletons of the motifs (Fig. 3c, S10c, f).

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{Image, isosurface};
use amorphous_packing::numerics::Bounds;
use amorphous_packing::packing::{DensityMap, GridRegion};
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

/// The region that is shown: about the fullest layer the box with most packing.
pub fn shown_region(map: &DensityMap) -> Option<GridRegion> {
    GridRegion::richest(map, map.fullest_layer(), SIDES_ANGSTROM, STEP_ANGSTROM)
}

/// The region as a scene.
pub fn region(analysis: &Analysis, map: &DensityMap, cut: Option<&GridRegion>) -> Panel {
    let Some(cut) = cut else {
        return placeholder("the sample is smaller than the region").titled("Packing");
    };
    let Some(levels) = cut.levels(map, LEVELS) else {
        return placeholder("no density: the sample is all surface").titled("Packing");
    };
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
fn surface(map: &DensityMap, cut: &GridRegion, level: f64, colour: RGBColor) -> Scene {
    let shape = cut.places.each_ref();
    let shape = shape.map(|along| FINER * (along.len() - 1) + 1);
    let triangles = isosurface(shape, |place| cut.density_between(map, place, FINER), level);
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
        let found = analysis.triplets(Region::Amorphous).into_iter();
        found
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
