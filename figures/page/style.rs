//! The look of the figures: one palette, one set of type sizes, one unit of length.
//!
//! Pages are drawn in hundredths of a millimetre (plotters' coordinates are whole numbers):
//! a double column of 183 mm is 18,300 units wide.

use std::str::FromStr;

use amorphous_packing::atoms::Element;
use amorphous_packing::data::Sample;
use amorphous_packing::report::bipyramid::IDEAL;
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
/// The least space left of the axes of a chart, in millimetres, so that charts one above the other
/// mostly align.
pub const LEFT_MM: f64 = 10.5;
/// Length of a tick, in millimetres.
pub const TICK_MM: f64 = 0.8;

/// Lines and letters.
pub const BLACK: RGBColor = RGBColor(0, 0, 0);
/// Letters on dark images.
pub const WHITE: RGBColor = RGBColor(255, 255, 255);
/// Footnotes and notes.
pub const GREY: RGBColor = RGBColor(102, 102, 102);
/// Outlines of empty panels.
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

/// The name of a sample in a figure.
pub fn sample_label(sample: Sample) -> &'static str {
    match sample {
        Sample::TaFilm => "Ta film",
        Sample::Pd1 => "Pd₁",
        Sample::Pd2 => "Pd₂",
        Sample::Simulated(frame) => match frame.id {
            "ta_liquid_5200K" => "Ta liquid, 5,200 K",
            "ta_liquid_4500K" => "Ta liquid, 4,500 K",
            "ta_liquid_4000K" => "Ta liquid, 4,000 K",
            "ta_liquid_3500K" => "Ta liquid, 3,500 K",
            "ta_liquid_3000K" => "Ta liquid, 3,000 K",
            "ta_liquid_2500K" => "Ta liquid, 2,500 K",
            "ta_liquid_2000K" => "Ta liquid, 2,000 K",
            "ta_glass_1500K" => "Ta glass, 1,500 K",
            "ta_glass_1000K" => "Ta glass, 1,000 K",
            "ta_glass_500K" => "Ta glass, 500 K",
            "ta_glass_300K_quenched" => "Ta glass, 300 K, just quenched",
            "ta_glass_300K" => "Ta glass, 300 K",
            "ta_zhou_liquid_5200K" => "Ta liquid (Zhou), 5,200 K",
            "ta_zhou_liquid_2500K" => "Ta liquid (Zhou), 2,500 K",
            "ta_zhou_glass_300K" => "Ta glass (Zhou), 300 K",
            "pd_liquid_2900K" => "Pd liquid, 2,900 K",
            "pd_liquid_1400K" => "Pd liquid, 1,400 K",
            "pd_glass_300K" => "Pd glass, 300 K",
            id => id,
        },
    }
}

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
    mix(from, to, part)
}

/// The colour at this part of the way from `a` to `b`, channel by channel as the file has them.
pub fn mix(a: RGBColor, b: RGBColor, part: f64) -> RGBColor {
    let mixed = |a: u8, b: u8| (f64::from(a) + part * (f64::from(b) - f64::from(a))).round() as u8;
    RGBColor(mixed(a.0, b.0), mixed(a.1, b.1), mixed(a.2, b.2))
}

/// The fractions of tetrahedra in motifs as a table of frames names them, their labels and colours.
pub const MOTIF_FRACTIONS: [(&str, &str, RGBColor); 4] = [
    ("triplet_fraction", "Triplet", THREE_FOLD),
    ("quadrilateral_fraction", "Quadrilateral", FOUR_FOLD),
    ("pentagonal_fraction", "Pentagonal", FIVE_FOLD),
    ("hexagonal_fraction", "Hexagonal", SIX_FOLD),
];

/// The shares of the pentagonal bipyramids as a table of frames names them, labels and colours.
pub const NETWORK_NUMBERS: [(&str, &str, RGBColor); 3] = [
    (
        "with_edge_neighbour_fraction",
        "With an edge-sharing neighbour",
        EDGE_SHARING,
    ),
    ("in_networks_fraction", "In networks", FIVE_FOLD),
    ("largest_share", "In the largest cluster", RING),
];

/// The colours of the elements of one's own structure, by their place among them (Okabe and Ito's, which
/// all eyes tell apart).
const ELEMENTS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(213, 94, 0),
    RGBColor(240, 228, 66),
];

/// The colour (red, green and blue, 0 to 1) of the element at this place, by atomic number, among those of
/// a structure.
pub fn element_colour(place: usize) -> [f64; 3] {
    let RGBColor(r, g, b) = ELEMENTS[place % ELEMENTS.len()];
    [r, g, b].map(|part| f64::from(part) / 255.0)
}

/// A colour of parts from 0 to 1.
pub fn rgb(parts: [f64; 3]) -> RGBColor {
    let [r, g, b] = parts.map(|part| (255.0 * part).round() as u8);
    RGBColor(r, g, b)
}

/// A colour (red, green and blue, 0 to 1) for each rank: hues a golden angle apart, so that
/// neighbours in rank look different.
pub fn rank_colour(rank: usize) -> [f64; 3] {
    let hue = (rank as f64 * 0.618_033_988_749_895).fract() * 6.0;
    [0.0, 4.0, 2.0].map(|shift| {
        let distance = ((hue + shift) % 6.0 - 3.0).abs();
        0.2 + 0.7 * (distance - 1.0).clamp(0.0, 1.0)
    })
}

/// The colour of what a table calls `id`: a sample or a motif; of what has no name, the only thing
/// shown, blue; black for anything else.
pub fn colour(id: &str) -> RGBColor {
    if id.is_empty() {
        return RING;
    }
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
        .or((id == IDEAL).then_some("Ideal"))
        .or_else(|| Sample::from_str(id).ok().map(sample_label))
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
