//! The panels of the diffraction: S(Q) with its pattern, and g(r) (Fig. S5).

use ndarray::Array2;
use plotters::style::RGBColor;
use polars::prelude::DataFrame;

use crate::charts::images::{Grey, ScaleBar, spread};
use crate::charts::plots;
use crate::{Chart, Panel, Series, style};

/// How far S(Q) and g(r) are drawn up.
const HIGHEST_S: f64 = 2.8;
/// How far g(r) is drawn, in ångström.
const FARTHEST_ANGSTROM: f64 = 12.0;
/// Where the pattern stands: parts of the width and the height of its panel.
const INSET: [(f64, f64); 2] = [(0.56, 0.0), (0.99, 0.56)];
/// How much of the pattern is shown, in 1/Å of Q from its centre.
const SHOWN: f64 = 9.0;
/// The length of its bar, in 1/Å of Q.
const BAR: f64 = 5.0;

/// S(Q), and the pattern that it was found from as an inset.
pub fn structure_factor(table: &DataFrame, colour: RGBColor, pattern: Panel) -> Panel {
    let series = vec![Series::column("s").colour(colour)];
    let chart = Chart::new("*Q* (Å^{−1})", "*S*(*Q*)")
        .x_holds(Some((0.0, 0.0)))
        .y_range(0.0..HIGHEST_S);
    let panel = plots::curves(table, "q_per_angstrom", series, chart);
    panel.with_inset(pattern, INSET[0], INSET[1])
}

/// The middle of a pattern by the square root of its intensity; what the beam stop hides is drawn as it
/// was recorded.
pub fn pattern(pattern: &Array2<f32>, centre: [f64; 2], q_per_px: f64) -> Panel {
    let (dim1, dim2) = pattern.dim();
    let [x, y] = centre.map(|place| place.round().max(0.0) as usize);
    let room = x
        .min(y)
        .min(dim1.saturating_sub(x + 1))
        .min(dim2.saturating_sub(y + 1));
    let reach = ((SHOWN / q_per_px) as usize).min(room);
    let side = 2 * reach + 1;
    let [left, low] = [x, y].map(|place| place.saturating_sub(reach));
    let part = Array2::from_shape_fn((side.min(dim1), side.min(dim2)), |(i, j)| {
        pattern[[left + i, low + j]].max(0.0).sqrt()
    });
    let bar = ScaleBar {
        pixels: BAR / q_per_px,
        label: format!("{BAR} Å^{{−1}}"),
    };
    let range = spread(&part, 0.003);
    Grey::new(part, 0.0..range.end).panel(Some(bar))
}

/// g(r) by diffraction, and that of the atoms where it is known, dotted.
pub fn pairs(table: &DataFrame, colour: RGBColor) -> Panel {
    let is_known = table.column("g_model").is_ok();
    let found = Series::column("g").colour(colour);
    let series = match is_known {
        false => vec![found],
        true => vec![
            found.label("simulated diffraction"),
            Series::column("g_model")
                .label("atoms, at the same resolution")
                .colour(style::BLACK)
                .dotted(),
        ],
    };
    let chart = Chart::new("*r* (Å)", "*g*(*r*)")
        .x_range(0.0..FARTHEST_ANGSTROM)
        .y_range(0.0..HIGHEST_S);
    plots::curves(table, "r_angstrom", series, chart)
}
