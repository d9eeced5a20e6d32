//! The scenes of the liquid chapter: the networks in a periodic box, whole (Fig. S21) or cut out
//! with the atoms (Fig. 6c–e).
//!
//! A network that runs through the box has no place of its own: it is drawn in the box, a link that
//! leaves through one face enters through the opposite one.

use std::collections::{BTreeMap, BTreeSet};

use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{Image, TetrahedronId};
use amorphous_packing::network::{Extent, Network};
use amorphous_packing::numerics::Bounds;
use amorphous_packing::report::NetworkRows;
use plotters::style::RGBColor;

use crate::Panel;
use crate::charts::scale::number;
use crate::page::panel::placeholder;
use crate::page::style::{BLACK, FIVE_FOLD, LIGHT_GREY, RING};
use crate::render::{Scene, Sphere, Stick, View};
use crate::scenes::parts::{CENTROID, Parts, SKELETON, edges_of, together};
use crate::scenes::shot::Shot;

/// The sides of the region of Fig. 6c–e, about the middle of the box, in ångström.
const SIDES_ANGSTROM: Vec3 = Vec3::new(28.0, 28.0, 9.0);
const ATOM: f64 = 0.5;
const EDGE: f64 = 0.06;
const BOX_EDGE: f64 = 0.16;

/// How the skeletons of a network are drawn, with radii in ångström; centroids without a
/// radius are not drawn.
#[derive(Clone, Copy)]
struct Look {
    colour: RGBColor,
    strut: f64,
    centroid: f64,
}

/// Near by, as in the other scenes.
const NEAR: Look = Look {
    colour: FIVE_FOLD,
    strut: SKELETON,
    centroid: CENTROID,
};
/// In the whole box, the largest network: stout where it is one among many, fine where it is all.
const LARGEST: Look = Look {
    colour: FIVE_FOLD,
    strut: 0.45,
    centroid: 0.55,
};
const SPANNING: Look = Look {
    strut: 0.2,
    centroid: 0.28,
    ..LARGEST
};
/// In the whole box, the others.
const OTHER: Look = Look {
    colour: LIGHT_GREY,
    strut: 0.11,
    centroid: 0.0,
};

/// The scale bars of the region and of the whole box.
const BAR_ANGSTROM: f64 = 4.0;
const BOX_BAR_ANGSTROM: f64 = 20.0;

/// What the colours mean in Fig. 6c–e, for a footnote.
pub const SNAPSHOT_COLOURS: &str = "c–e: the region of 28 × 28 × 9 Å in the middle of the box; \
    atoms are blue, the skeletons of the networks of five bipyramids or more orange, the centroids \
    of tetrahedra that they join black.";

/// What they mean in Fig. S21.
pub const BOX_COLOURS: &str = "All networks of five bipyramids or more in the periodic box: the \
    skeletons of the largest are orange with black centroids, those of the others grey. What leaves \
    the box through a face comes in through the opposite one. Titles: the size of the largest, its \
    share of all bipyramids, and the axes along which it spans the box.";

/// The atoms and the networks in the middle of a periodic frame (Fig. 6c–e).
pub fn snapshot(entry: NetworkRows<'_>) -> Panel {
    let Some(edges) = entry.of.analysis.atoms.boundary().edges() else {
        return placeholder("the sample is no periodic box");
    };
    let sides = SIDES_ANGSTROM.min(edges);
    let [low, high] = [-0.5, 0.5].map(|half| 0.5 * edges + half * sides);
    let region = Bounds { low, high };
    let networks = entry.of.found.networks.iter();
    let skeletons = networks.map(|network| skeletons(entry, network, edges, &region, NEAR));
    let scene = together(skeletons.chain([atoms(entry, &region), edges_of(&region, EDGE)]));
    let view = View::along(Vec3::Z, Vec3::X).turned(-10.0, 12.0);
    Shot::new(scene).seen(view).bar(BAR_ANGSTROM).panel()
}

/// All networks of a periodic frame in its box (Fig. S21).
pub fn box_of_networks(entry: NetworkRows<'_>) -> Panel {
    let Some(edges) = entry.of.analysis.atoms.boundary().edges() else {
        return placeholder("the sample is no periodic box");
    };
    let outline = edges_of(&whole(edges), BOX_EDGE);
    let scene = together([networks_in_box(entry, edges), outline]);
    let view = View::along(Vec3::Z, Vec3::X).turned(-24.0, 18.0);
    Shot::new(scene).seen(view).bar(BOX_BAR_ANGSTROM).panel()
}

/// The skeletons of all networks in a box of these edges (Å), the largest orange.
pub fn networks_in_box(entry: NetworkRows<'_>, edges: Vec3) -> Scene {
    let networks = entry.of.found.networks.iter().enumerate();
    together(networks.map(|(rank, network)| {
        let look = match (rank, network.extent) {
            (0, Extent::Length(_)) => LARGEST,
            (0, Extent::Spans(_)) => SPANNING,
            _ => OTHER,
        };
        skeletons(entry, network, edges, &whole(edges), look)
    }))
}

/// The size of the largest network, its share of the bipyramids, and how it spans the box.
pub fn largest_described(entry: NetworkRows<'_>) -> String {
    let Some(largest) = entry.of.found.networks.first() else {
        return "no network".to_owned();
    };
    let share = 100.0 * largest.size() as f64 / entry.of.found.motifs.len() as f64;
    let size = number(largest.size() as f64, 1.0);
    let axes = match largest.extent {
        Extent::Length(_) => String::new(),
        Extent::Spans(axes) => {
            let names = ["x", "y", "z"].into_iter().zip(axes);
            let names = names.filter_map(|(name, spans)| spans.then_some(name));
            format!(", spans *{}*", names.collect::<String>())
        }
    };
    format!("{size} bipyramids ({share:.1} %){axes}")
}

/// Blue balls at the atoms in the region.
fn atoms(entry: NetworkRows<'_>, region: &Bounds) -> Scene {
    let inside = entry.of.analysis.atoms.positions().iter();
    let inside = inside.filter(|place| region.contains(**place));
    Scene {
        spheres: inside.map(|&centre| ball(centre, ATOM, RING)).collect(),
        ..Scene::default()
    }
}

fn ball(centre: Vec3, radius: f64, colour: RGBColor) -> Sphere {
    Sphere {
        centre,
        radius,
        colour,
    }
}

/// Two tetrahedra that a strut joins, the first in the box itself, the second in an image.
type Strut = (TetrahedronId, TetrahedronId, Image);

/// What a region of the box holds of the skeletons of a network, each centroid and strut once.
fn skeletons(
    entry: NetworkRows<'_>,
    network: &Network,
    edges: Vec3,
    region: &Bounds,
    look: Look,
) -> Scene {
    let parts = Parts::of(entry, &network.members);
    let mut centroids: BTreeMap<TetrahedronId, Vec3> = BTreeMap::new();
    for (&(tetrahedron, _), place) in &parts.centroids {
        let wrapped = place.rem_euclid(edges);
        centroids.entry(tetrahedron).or_insert(wrapped);
    }
    let mut struts: BTreeSet<Strut> = BTreeSet::new();
    let mut sticks = Vec::new();
    for &[first, second] in &parts.struts {
        if !struts.insert((first.0, second.0, second.1 - first.1)) {
            continue;
        }
        let ends = [first, second].map(|corner| parts.centroids[&corner]);
        // The strut from the box itself, and its images that may reach into the region.
        let home = edges * (ends[0] / edges).floor();
        for shift in around() {
            let moved = ends.map(|end| end - home + shift * edges);
            sticks.extend(clipped(moved, region).map(|ends| Stick {
                ends,
                radius: look.strut,
                colour: look.colour,
            }));
        }
    }
    let dots = centroids.into_values();
    let dots = dots.filter(|place| look.centroid > 0.0 && region.contains(*place));
    Scene {
        spheres: dots
            .map(|place| ball(place, look.centroid, BLACK))
            .collect(),
        sticks,
        triangles: Vec::new(),
    }
}

/// The box and the images around it.
fn around() -> impl Iterator<Item = Vec3> {
    let steps = [-1.0, 0.0, 1.0];
    steps.into_iter().flat_map(move |x| {
        steps
            .into_iter()
            .flat_map(move |y| steps.into_iter().map(move |z| Vec3::new(x, y, z)))
    })
}

/// The box of these edges with a corner at the origin.
fn whole(edges: Vec3) -> Bounds {
    Bounds {
        low: Vec3::ZERO,
        high: edges,
    }
}

/// The part of a line inside the region, if it has a length there.
fn clipped(line: [Vec3; 2], region: &Bounds) -> Option<[Vec3; 2]> {
    region.clip(line).filter(|[from, to]| from != to)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Bounds = Bounds {
        low: Vec3::ZERO,
        high: Vec3::ONE,
    };

    #[test]
    fn a_line_across_a_face_is_whole_among_its_images() {
        let line = [[0.9, 0.8, 0.3], [1.2, 1.1, 0.4]].map(Vec3::from);
        let length: f64 = around()
            .filter_map(|shift| clipped(line.map(|end| end + shift), &UNIT))
            .map(|[a, b]| a.distance(b))
            .sum();
        assert!((length - line[0].distance(line[1])).abs() < 1e-12);
    }
}
