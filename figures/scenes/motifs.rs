//! The four motifs with their skeletons (Fig. 2a).

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{Image, Vertex};

use crate::page::panel::{placeholder, side_by_side};
use crate::page::style::{FACE, MOTIFS};
use crate::render::{Scene, Triangle, View};
use crate::scenes::parts::{Parts, by_role, together};
use crate::scenes::shot::Shot;
use crate::{Layout, Panel};

/// What the colours mean, for a footnote.
pub const COLOURS: &str = "Capping atoms are brown, ring atoms blue, bonds black lines; a skeleton \
    joins the centroids (black) of the tetrahedra that share a face.";

/// The radius of the balls in ångström.
const ATOM: f64 = 0.38;
/// How much the faces hide.
const FACE_ALPHA: f64 = 0.13;

/// A triplet and a bipyramid of four, five and six: of each the least distorted one of the
/// amorphous region, all at the scale at which they fit the place of `letter` in the layout.
pub fn motifs(analysis: &Analysis, layout: &Layout, letter: char) -> Panel {
    let shots: Vec<Option<Shot>> = (3..=6)
        .map(|fold| Some(shot(&least(analysis, fold)?, fold, analysis)))
        .collect();
    let scale = layout.rectangle(letter).map_or(f64::INFINITY, |place| {
        let width = place.width / MOTIFS.len() as f64 - 3.0;
        let scales = shots.iter().flatten();
        scales
            .map(|shot| shot.largest_scale(width, place.height))
            .fold(f64::INFINITY, f64::min)
    });
    let panels = shots.into_iter().zip(MOTIFS).map(|(shot, motif)| {
        let (name, label, _) = motif;
        let shape = if name == "triplet" { "" } else { " bipyramid" };
        let panel = match shot {
            Some(shot) => shot.scaled(scale).panel(),
            None => placeholder(&format!("the sample has no {name}{shape}")),
        };
        panel.titled(&(label.to_owned() + shape))
    });
    side_by_side(panels.collect())
}

/// The least distorted motif of `fold` tetrahedra, of the amorphous region.
fn least(analysis: &Analysis, fold: usize) -> Option<Parts> {
    let mut parts = Parts::default();
    if fold == 3 {
        let least = analysis.least_distorted_triplet(Region::Amorphous)?;
        parts.add_triplet(&analysis.triangulation, least);
    } else {
        let least = analysis.least_distorted_bipyramid(fold, Region::Amorphous)?;
        parts.add_ring(&analysis.triangulation, &least, Image::HOME);
    }
    Some(parts)
}

/// The motif with its capping atoms one above the other, seen a little from above, so that the
/// skeleton lies open.
fn shot(parts: &Parts, fold: usize, analysis: &Analysis) -> Shot {
    let triangulation = &analysis.triangulation;
    let place = |vertex: &Vertex| triangulation.position(*vertex);
    let of_role = |capping: bool| -> Vec<Vec3> {
        let atoms = parts.atoms.iter().filter(|atom| *atom.1 == capping);
        atoms.map(|atom| place(atom.0)).collect()
    };
    let (caps, ring) = (of_role(true), of_role(false));
    let axis = caps[1] - caps[0];
    let middle = 0.5 * (caps[0] + caps[1]);
    let mean = ring.iter().sum::<Vec3>() / ring.len() as f64;
    // A triplet is seen from its open side; a closed ring is alike from all sides.
    let (towards, turn) = match fold {
        3 => (middle - mean, 0.0),
        _ => (ring[0] - middle, 90.0 / fold as f64),
    };
    let right = axis.cross(towards);
    let view = View::along(right.cross(axis), right).turned(turn, 24.0);
    // The outer faces: every bond of the ring with either capping atom.
    let sides = parts
        .bonds
        .iter()
        .filter(|bond| !bond.iter().any(|v| parts.atoms[v]));
    let faces = sides.flat_map(|[a, b]| {
        caps.iter().map(|&cap| Triangle {
            corners: [cap, place(a), place(b)],
            colour: FACE,
            alpha: FACE_ALPHA,
        })
    });
    let faces = Scene {
        triangles: faces.collect(),
        ..Scene::default()
    };
    Shot::new(together([
        parts.atoms(triangulation, ATOM, by_role),
        parts.skeletons(MOTIFS[fold - 3].2),
        faces,
    ]))
    .seen(view)
}
