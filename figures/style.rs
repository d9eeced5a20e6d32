//! The look of the figures: one palette, one set of type sizes, one unit of length.
//!
//! Pages are drawn in hundredths of a millimetre (plotters' coordinates are whole numbers):
//! a double column of 183 mm is 18,300 units wide.

use std::str::FromStr;

use amorphous_packing::atoms::Element;
use amorphous_packing::sample::Sample;
use plotters::style::RGBColor;

/// Units of a page in a millimetre.
pub const UNITS_PER_MM: f64 = 100.0;
/// Millimetres in a typographic point.
pub const MM_PER_POINT: f64 = 25.4 / 72.0;

/// Width of a double column in millimetres.
pub const DOUBLE_COLUMN_MM: f64 = 183.0;
/// Width of a single column in millimetres.
pub const SINGLE_COLUMN_MM: f64 = 89.0;

/// Type of axis titles, legends and panel titles, in points.
pub const LABEL_PT: f64 = 7.0;
/// Type of the numbers at the ticks, in points.
pub const TICK_PT: f64 = 6.5;
/// Type of footnotes and notes inside a panel, in points.
pub const NOTE_PT: f64 = 6.0;
/// Type of the panel letters (bold), in points.
pub const LETTER_PT: f64 = 8.0;

/// Width of axes and ticks, in points.
pub const AXIS_PT: f64 = 0.5;
/// Width of curves and outlines, in points.
pub const CURVE_PT: f64 = 1.0;
/// Width of dashed marks, in points.
pub const MARK_PT: f64 = 0.75;
/// Length of a tick, in millimetres.
pub const TICK_MM: f64 = 0.8;

/// Lines and letters.
pub const BLACK: RGBColor = RGBColor(0, 0, 0);
/// Letters on dark images.
pub const WHITE: RGBColor = RGBColor(255, 255, 255);
/// Footnotes and notes.
pub const GREY: RGBColor = RGBColor(102, 102, 102);
/// Frames of empty panels.
pub const LIGHT_GREY: RGBColor = RGBColor(204, 204, 204);

/// The amorphous tantalum film.
pub const TA_FILM: RGBColor = RGBColor(46, 157, 91);
/// The first palladium nanoparticle.
pub const PD1: RGBColor = RGBColor(47, 109, 181);
/// The second palladium nanoparticle.
pub const PD2: RGBColor = RGBColor(204, 59, 59);
/// The simulation.
pub const SIMULATION: RGBColor = RGBColor(127, 127, 127);

/// Three-fold skeletons (triplets).
pub const THREE_FOLD: RGBColor = RGBColor(123, 79, 163);
/// Four-fold skeletons (quadrilateral bipyramids).
pub const FOUR_FOLD: RGBColor = RGBColor(47, 109, 181);
/// Five-fold skeletons (pentagonal bipyramids).
pub const FIVE_FOLD: RGBColor = RGBColor(232, 134, 46);
/// Six-fold skeletons (hexagonal bipyramids).
pub const SIX_FOLD: RGBColor = RGBColor(227, 189, 30);

/// Bipyramids that share a vertex.
pub const VERTEX_SHARING: RGBColor = RGBColor(245, 196, 144);
/// Bipyramids that share an edge.
pub const EDGE_SHARING: RGBColor = RGBColor(205, 96, 16);

/// Capping atoms of bipyramids.
pub const CAPPING: RGBColor = RGBColor(150, 92, 44);
/// Ring atoms of bipyramids, and the atoms of networks.
pub const RING: RGBColor = RGBColor(58, 122, 196);
/// Faces of bipyramids.
pub const FACE: RGBColor = RGBColor(120, 155, 200);
/// The centres of partial icosahedra.
pub const PARTIAL_ICOSAHEDRON: RGBColor = RGBColor(46, 168, 84);
/// The ratio alpha over gamma.
pub const ALPHA: RGBColor = RGBColor(139, 94, 60);
/// The ratio beta over gamma.
pub const BETA: RGBColor = RGBColor(47, 109, 181);
/// Where there is polytetrahedral packing.
pub const WITH_PACKING: RGBColor = RGBColor(232, 134, 46);
/// Where there is none.
pub const WITHOUT_PACKING: RGBColor = RGBColor(47, 109, 181);

/// From cold to hot.
const HEAT: [RGBColor; 3] = [
    RGBColor(36, 72, 168),
    RGBColor(146, 62, 142),
    RGBColor(224, 84, 36),
];

/// The four motifs as tables name them, as figures name them, and their colours.
pub const MOTIFS: [(&str, &str, RGBColor); 4] = [
    ("triplet", "Triplet", THREE_FOLD),
    ("quadrilateral", "Quadrilateral", FOUR_FOLD),
    ("pentagonal", "Pentagonal", FIVE_FOLD),
    ("hexagonal", "Hexagonal", SIX_FOLD),
];

/// The colour of a sample: Ta green, Pd₁ blue, Pd₂ red, the simulation grey.
pub fn sample_colour(sample: Sample) -> RGBColor {
    match sample {
        Sample::TaFilm => TA_FILM,
        Sample::Pd1 => PD1,
        Sample::Pd2 => PD2,
        _ if sample.element() == Element::Ta => SIMULATION,
        _ => LIGHT_GREY,
    }
}

/// A colour between the coldest, blue at 0, and the hottest, red at 1.
pub fn heat(share: f64) -> RGBColor {
    let place = 2.0 * share.clamp(0.0, 1.0);
    let (from, to, part) = if place < 1.0 {
        (HEAT[0], HEAT[1], place)
    } else {
        (HEAT[1], HEAT[2], place - 1.0)
    };
    let mixed = |a: u8, b: u8| (f64::from(a) + part * (f64::from(b) - f64::from(a))).round() as u8;
    RGBColor(
        mixed(from.0, to.0),
        mixed(from.1, to.1),
        mixed(from.2, to.2),
    )
}

/// The colour of what a table calls `id`: a sample or a motif; black for anything else.
pub fn colour(id: &str) -> RGBColor {
    motif(id)
        .map(|(_, _, colour)| colour)
        .or_else(|| Sample::from_str(id).ok().map(sample_colour))
        .unwrap_or(BLACK)
}

/// The name in a figure of what a table calls `id`: a sample, a motif or the ideal
/// bipyramid; `id` for anything else.
pub fn label(id: &str) -> String {
    motif(id)
        .map(|(_, label, _)| label)
        .or((id == amorphous_packing::bipyramid::tables::IDEAL).then_some("Ideal"))
        .or_else(|| Sample::from_str(id).ok().map(Sample::label))
        .unwrap_or(id)
        .to_owned()
}

/// Millimetres in units of the page.
pub fn mm(millimetres: f64) -> i32 {
    (millimetres * UNITS_PER_MM).round() as i32
}

/// Points in units of the page.
pub fn pt(points: f64) -> i32 {
    mm(points * MM_PER_POINT)
}

fn motif(id: &str) -> Option<(&'static str, &'static str, RGBColor)> {
    MOTIFS.into_iter().find(|&(name, _, _)| name == id)
}
