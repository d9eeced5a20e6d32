//! Whole samples in 3D: every atom a ball, the crystal nuclei grey (Fig. 1a, b, Fig. S7).

use amorphous_packing::data::Sample;

use crate::Panel;
use crate::harness::load::Loaded;
use crate::page::style::{LIGHT_GREY, sample_colour, sample_label};
use crate::render::{Scene, Sphere, View};
use crate::scenes::shot::Shot;

/// The radius of an atom, as a share of the first-neighbour shell distance: balls nearly touch.
const RADIUS: f64 = 0.33;
/// The scale bar.
const BAR_ANGSTROM: f64 = 20.0;

/// How far the view is turned from the broadest, to the right and down, in degrees: a film seen
/// flat on has no depth.
const TURNED_DEG: (f64, f64) = (18.0, 28.0);

/// A sample, its amorphous atoms in the colour of the sample: `wanted` if it is there, else the
/// first.
pub fn view(loaded: &Loaded, wanted: Sample) -> Panel {
    let (sample, analysis) = loaded.shown(wanted);
    let spheres = analysis
        .atoms
        .positions()
        .iter()
        .zip(analysis.crystal.iter())
        .map(|(&centre, crystal)| Sphere {
            centre,
            radius: RADIUS * analysis.first_valley_angstrom,
            colour: if crystal {
                LIGHT_GREY
            } else {
                sample_colour(sample)
            },
        })
        .collect();
    let scene = Scene {
        spheres,
        ..Scene::default()
    };
    let view = View::broadest(&scene).turned(TURNED_DEG.0, TURNED_DEG.1);
    let shot = Shot::new(scene).seen(view).bar(BAR_ANGSTROM);
    shot.panel().titled(sample_label(sample))
}
