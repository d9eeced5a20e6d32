//! The panels of the order chapter: Fig. 1d and Figs. S8 and S13.

use std::collections::HashMap;

use amorphous_packing::order::{CRYSTAL_THRESHOLD, FCC};
use amorphous_packing::packing::DELTA_MAX;
use anyhow::Result;
use polars::prelude::{DataFrame, DataType, IntoColumn, NamedFrom, Series as Column};

use crate::charts::axes::Axis;
use crate::charts::heatmap::{BAR_ROOM_MM, Colours, picture};
use crate::charts::legend::Sign;
use crate::charts::plots;
use crate::charts::scale::Scale;
use crate::charts::series::Series;
use crate::page::panel::placeholder;
use crate::page::style::{self, label, mm};
use crate::{Chart, Legend, Panel};

/// `q̄4` and `q̄6` of the perfect crystals: Mickel et al., J. Chem. Phys. 138, 044501 (2013),
/// doi:10.1063/1.4774084.
const CRYSTALS: [(&str, f64, f64); 3] = [
    ("fcc", 0.190_941, 0.574_524),
    ("hcp", 0.097_222, 0.484_762),
    ("bcc", 0.036_370, 0.510_688),
];
/// What the map shows of `q̄4` and `q̄6`.
const MAP: [f64; 2] = [0.28, 0.64];

/// The most populated Voronoi indices, bars side by side for the samples (Fig. 1d).
///
/// # Errors
/// When the table lacks a column.
pub fn voronoi_bars(table: &DataFrame) -> Result<Panel> {
    let numbers = ["n3", "n4", "n5", "n6"].map(|name| -> Result<Vec<String>> {
        let text = table.column(name)?.cast(&DataType::String)?;
        let text = text.str()?.iter();
        Ok(text.map(|n| n.unwrap_or_default().to_owned()).collect())
    });
    let [n3, n4, n5, n6] = numbers;
    let (n3, n4, n5, n6) = (n3?, n4?, n5?, n6?);
    let names: Vec<String> = (0..table.height())
        .map(|row| format!("<{},{},{},{}>", n3[row], n4[row], n5[row], n6[row]))
        .collect();
    let mut named = table.clone();
    named.with_column(Column::new("index".into(), names).into_column())?;
    let chart = Chart::new("Voronoi index <*n*₃,*n*₄,*n*₅,*n*₆>", "Fraction of atoms")
        .upright_labels()
        .legend(Legend::Above)
        .when_empty("no closed Voronoi cell");
    let series = Series::by_sample(table, "fraction");
    Ok(plots::grouped_bars(&named, "index", series, chart).with_table(table))
}

/// Faces of the Voronoi cells by their number of edges (Fig. S8d).
pub fn edge_bars(table: &DataFrame) -> Panel {
    let chart =
        Chart::new("Number of edges", "Fraction of faces").when_empty("no closed Voronoi cell");
    let series = Series::by_sample(table, "fraction");
    plots::grouped_bars(table, "edges", series, chart).titled("Faces of the Voronoi cells")
}

/// The distorted icosahedra by their largest distortion (Fig. S13).
pub fn distortion(table: &DataFrame) -> Panel {
    let chart = Chart::new("Distortion *δ*", "Number of distorted icosahedra")
        .mark(DELTA_MAX, &DELTA_MAX.to_string(), style::BLACK)
        .when_empty("no distorted icosahedra");
    let series = Series::by_sample(table, "count");
    plots::histogram(table, ("delta_low", "delta_high"), series, chart)
}

/// Atoms by their averaged bond order, with the perfect crystals and, dashed, the threshold of
/// the crystal nuclei (Fig. S8a–c).
///
/// # Errors
/// When the table lacks a column.
pub fn bond_order_map(table: &DataFrame, sample: &str) -> Result<Panel> {
    let counts = Series::column("count").only("sample", sample);
    let edges = ["q4_low", "q4_high", "q6_low", "q6_high"];
    let rows = counts.rows(table, &edges)?;
    let most = rows.iter().map(|row| row.value).fold(0.0, f64::max);
    let Some(first) = rows.first() else {
        return Ok(placeholder("no atoms").titled(&label(sample)));
    };
    let widths = [0, 2].map(|k| first.place[k + 1] - first.place[k]);
    let bin = move |place: [f64; 2]| [0, 1].map(|k| (place[k] / widths[k]).floor() as i64);
    let bins: HashMap<[i64; 2], f64> = rows
        .iter()
        .map(|row| {
            let middle = [0, 2].map(|k| 0.5 * (row.place[k] + row.place[k + 1]));
            (bin(middle), row.value)
        })
        .collect();
    let colours = Colours::counts("Atoms", most);
    let panel = Panel::new(move |canvas| {
        let room = canvas.width() - mm(BAR_ROOM_MM);
        let map = canvas.part(0, 0, room, canvas.height());
        let [x, y] = [("*q̄*₄", MAP[0]), ("*q̄*₆", MAP[1])]
            .map(|(title, end)| Axis::new(title, 0.0..end, Scale::Linear));
        let axes = Chart::new("", "").axes(&map, x, y, &[], Sign::Square)?;
        let inside = axes.within();
        let size = (inside.width(), inside.height());
        inside.image(picture(size, &colours, |across, down| {
            bins.get(&bin([across * MAP[0], (1.0 - down) * MAP[1]]))
                .copied()
        })?)?;
        axes.curve(&threshold(), style::BLACK, Sign::Dots)?;
        for (name, q4, q6) in CRYSTALS {
            axes.reference(name, (q4, q6), style::PD2)?;
        }
        let top = inside.area().get_base_pixel().1 - canvas.area().get_base_pixel().1;
        let bar = canvas.part(room, top, mm(BAR_ROOM_MM), inside.height());
        colours.bar(&bar)
    });
    Ok(panel.titled(&label(sample)))
}

/// The arc on which the normalised order is the threshold.
fn threshold() -> Vec<(f64, f64)> {
    let radius = CRYSTAL_THRESHOLD * FCC.q4_bar.hypot(FCC.q6_bar);
    (0..=90)
        .map(|degrees| f64::from(degrees).to_radians())
        .map(|angle| (radius * angle.cos(), radius * angle.sin()))
        .collect()
}
