//! Whole samples in 3D: every atom a ball, the crystal nuclei grey (Fig. 1a, b, Fig. S7).

use amorphous_packing::analysis::Analysis;
use amorphous_packing::atoms::AtomId;
use amorphous_packing::data::Sample;
use amorphous_packing::numerics::Numbered;
use plotters::style::RGBColor;

use crate::Panel;
use crate::harness::load::Loaded;
use crate::page::panel::above;
use crate::page::style::{
    LIGHT_GREY, TICK_PT, element_colour, mm, rgb, sample_colour, sample_label,
};
use crate::page::text::Type;
use crate::render::{Scene, Sphere, View};
use crate::scenes::shot::Shot;

/// The radius of an atom, as a share of the first-neighbour shell distance: balls nearly touch.
const RADIUS: f64 = 0.33;
/// What the colours of elements take below the picture.
const LEGEND_MM: f64 = 5.0;
/// The scale bar.
const BAR_ANGSTROM: f64 = 20.0;

/// How far the view is turned from the broadest, to the right and down, in degrees: a film seen
/// flat on has no depth.
const TURNED_DEG: (f64, f64) = (18.0, 28.0);

/// A sample, its amorphous atoms in the colour of the sample: `wanted` if it is there, else the
/// first.
pub fn view(loaded: &Loaded, wanted: Sample) -> Panel {
    let (sample, analysis) = loaded.shown(wanted);
    all_atoms(analysis, |_| sample_colour(sample)).titled(sample_label(sample))
}

/// A structure, its amorphous atoms in the colours of their elements.
pub fn structure(analysis: &Analysis, title: &str) -> Panel {
    let composition = analysis.atoms.composition();
    let kinds = analysis.atoms.kinds();
    let colour = |atom: AtomId| rgb(element_colour(kinds[atom.index()].into()));
    let picture = all_atoms(analysis, colour);
    let symbols = composition.iter().map(|(element, _)| element.symbol());
    above(picture, legend(symbols.collect()), LEGEND_MM).titled(title)
}

/// The colours of elements, side by side.
fn legend(symbols: Vec<&'static str>) -> Panel {
    Panel::new(move |canvas| {
        let mut left = 0;
        for (place, symbol) in symbols.iter().enumerate() {
            let colour = rgb(element_colour(place));
            let (top, side) = (canvas.height() / 2 - mm(1.0), mm(2.0));
            canvas.fill([(left, top), (left + side, top + side)], colour)?;
            let set = Type::size(TICK_PT).level();
            canvas.text(symbol, (left + mm(2.8), canvas.height() / 2), set)?;
            left += mm(6.0) + set.width(symbol);
        }
        Ok(())
    })
}

fn all_atoms(analysis: &Analysis, amorphous: impl Fn(AtomId) -> RGBColor) -> Panel {
    let spheres = analysis
        .atoms
        .positions()
        .iter()
        .zip(analysis.crystal.iter())
        .zip(AtomId::first(analysis.atoms.len()))
        .map(|((&centre, crystal), atom)| Sphere {
            centre,
            radius: RADIUS * analysis.first_valley_angstrom,
            colour: if crystal { LIGHT_GREY } else { amorphous(atom) },
        })
        .collect();
    let scene = Scene {
        spheres,
        ..Scene::default()
    };
    let view = View::broadest(&scene).turned(TURNED_DEG.0, TURNED_DEG.1);
    let shot = Shot::new(scene).seen(view).bar(BAR_ANGSTROM);
    shot.panel()
}
