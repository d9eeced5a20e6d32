//! The panels that only one's own structure has: g(r) with its valley, the parts of the elements, a series
//! of frames.

use amorphous_packing::analysis::{AnalysisError, Pairs};
use polars::prelude::DataFrame;

use crate::charts::plots;
use crate::page::panel::placeholder;
use crate::page::style::{self, element_colour};
use crate::{Chart, Legend, Panel, Series};

/// g(r) against ångström, of an alloy with the curves of its pairs of elements, and the shell distance `w`;
/// or why there is none.
pub fn pair_curves(table: &DataFrame, w: f64, found: &Result<Pairs, AnalysisError>) -> Panel {
    let title = match found {
        Ok(pairs) if pairs.of_all => "Pair distribution, all atoms",
        _ => "Pair distribution",
    };
    if let Err(refused) = found {
        return placeholder(&format!("no g(r): {refused}"))
            .with_table(table)
            .titled(title);
    }
    let names = table
        .columns()
        .iter()
        .map(|column| column.name().to_string());
    let partial = names.filter(|name| name.starts_with("g_")).enumerate();
    let mut series: Vec<Series> = partial
        .map(|(place, name)| {
            let label = name.trim_start_matches("g_").replace('_', "–");
            let colour = style::rgb(element_colour(place));
            Series::column(&name).label(&label).colour(colour)
        })
        .collect();
    let whole = Series::column("g");
    series.push(if series.is_empty() {
        whole
    } else {
        whole.label("all")
    });
    let chart = Chart::new("*r* (Å)", "*g*(*r*)")
        .x_range(0.0..4.0 * w)
        .mark(w, &format!("*w* = {w:.2} Å"), style::BLACK)
        .when_empty("no pair distribution");
    plots::curves(table, "r_angstrom", series, chart).titled(title)
}

/// The part of each element among the atoms, the caps, the ring atoms and the atoms of networks.
pub fn species_shares(table: &DataFrame) -> Panel {
    let columns = [
        ("atoms", "All atoms", style::LIGHT_GREY),
        ("caps", "Caps", style::CAPPING),
        ("rings", "Rings", style::RING),
        ("networks", "Networks", style::FIVE_FOLD),
    ];
    let series =
        columns.map(|(column, label, colour)| Series::column(column).label(label).colour(colour));
    let chart = Chart::new("", "Fraction of atoms")
        .y_range(0.0..1.0)
        .legend(Legend::Above)
        .when_empty("no atoms");
    plots::grouped_bars(table, "element", series.into(), chart).titled("Elements")
}

/// Columns of a table of frames against the number of the frame.
pub fn over_frames(
    table: &DataFrame,
    columns: &[(&str, &str, plotters::style::RGBColor)],
    y_title: &str,
) -> Panel {
    let series = columns
        .iter()
        .map(|(column, label, colour)| Series::column(column).label(label).colour(*colour));
    let chart = Chart::new("Frame", y_title)
        .legend(Legend::Above)
        .when_empty("no frames");
    plots::curves(table, "frame", series.collect(), chart)
        .titled("Over the frames")
        .without_table()
}
