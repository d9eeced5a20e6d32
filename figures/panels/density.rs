//! The panels of the mass density: Fig. 3 and Fig. S10.

use std::rc::Rc;

use amorphous_packing::analysis::Analysis;
use amorphous_packing::data::Sample;
use amorphous_packing::numerics::{Bounds, Mask, quantiles};
use amorphous_packing::packing::{DensityMap, GridRegion};
use anyhow::Result;
use polars::prelude::DataFrame;

use crate::charts::heatmap::{BAR_ROOM_MM, Colours, picture};
use crate::charts::plots;
use crate::charts::series::Series;
use crate::page::panel::placeholder;
use crate::page::style::{
    BLACK, CURVE_PT, NOTE_PT, WITH_PACKING, WITHOUT_PACKING, mm, sample_label,
};
use crate::page::text::Type;
use crate::panels::section::section;
use crate::{Chart, Legend, Panel};

/// The two regions as the tables and as the legend name them.
const REGIONS: [(&str, &str, plotters::style::RGBColor); 2] = [
    ("with", "With packing", WITH_PACKING),
    ("without", "Without packing", WITHOUT_PACKING),
];
/// Length of the scale bar.
const SCALE_BAR_ANGSTROM: f64 = 20.0;
/// Width of the lines of the packing.
const PACKING_PT: f64 = 0.3;
/// The parts of the densities of a slice below and above the range of its colours.
const BEYOND: f64 = 0.02;

/// The distributions of the density with and without packing, their means dashed (Fig. 3a, S10a,
/// d).
///
/// # Errors
/// When a table lacks a column.
pub fn distributions(table: &DataFrame, means: &DataFrame, sample: Sample) -> Result<Panel> {
    let of = |column: &str, region: &str| {
        Series::column(column)
            .only("sample", sample.id())
            .only("region", region)
    };
    let mut chart = Chart::new("Mass density (g cm^{−3})", "Probability")
        .legend(Legend::Above)
        .when_empty("no density: the sample is all surface or all crystal");
    let mut series = Vec::new();
    for (region, label, colour) in REGIONS {
        let means = of("mean_g_cm3", region).rows(means, &[])?;
        let mean = means.first().map(|row| row.value);
        let label = mean.map_or(label.to_owned(), |mean| format!("{label}: {mean:.2}"));
        let marked = mean.into_iter();
        chart = marked.fold(chart, |chart, mean| chart.mark(mean, "", colour));
        let rows = of("probability", region);
        series.push(rows.label(&label).colour(colour));
    }
    let bins = ("density_low", "density_high");
    Ok(plots::histogram(table, bins, series, chart).titled(sample_label(sample)))
}

/// The slice across z that holds most of the sample: the density in colour, where it cuts the
/// packing in black, the region of the scene as a square (Fig. 3b, S10b, e).
pub fn slice(
    sample: Sample,
    analysis: &Analysis,
    map: &DensityMap,
    cut: Option<&GridRegion>,
) -> Panel {
    let grid = map.grid.clone();
    let [columns, rows, _] = grid.shape;
    let layer = map.fullest_layer();
    let values: Vec<Option<f64>> = map.layer(layer).collect();
    let Some(colours) = colours(&values) else {
        return placeholder("no density: the sample is all surface").titled(sample_label(sample));
    };
    let height = grid.position([0, 0, layer]).z;
    let packed = analysis.packed_tetrahedra();
    let triangulation = &analysis.triangulation;
    let packed = Mask::of(triangulation.len(), |t| {
        packed[t] && analysis.is_amorphous(t)
    });
    let outlines = Rc::new(section(triangulation, &packed, height));
    let square = cut.map(|region| square(region, map));
    let panel = Panel::new(move |canvas| {
        let room = (canvas.width() - mm(BAR_ROOM_MM), canvas.height() - mm(5.0));
        let extent = [columns, rows].map(|n| n as f64);
        let length = [extent[0] * grid.step[0], extent[1] * grid.step[1]];
        let scale = (f64::from(room.0) / length[0]).min(f64::from(room.1) / length[1]);
        let size = length.map(|x| (scale * x) as i32);
        let left = (room.0 - size[0]) / 2;
        let inside = canvas.part(left, 0, size[0], size[1]);
        inside.image(picture((size[0], size[1]), &colours, |across, down| {
            let column = ((across * extent[0]) as usize).min(columns - 1);
            let row = (((1.0 - down) * extent[1]) as usize).min(rows - 1);
            values[column + columns * row]
        })?)?;
        // A grid point is the middle of its pixel.
        let place = |[x, y]: [f64; 2]| {
            let x = x - grid.origin[0] + 0.5 * grid.step[0];
            let y = y - grid.origin[1] + 0.5 * grid.step[1];
            ((scale * x) as i32, size[1] - (scale * y) as i32)
        };
        for outline in outlines.iter() {
            let mut points: Vec<(i32, i32)> = outline.iter().map(|&p| place(p)).collect();
            points.push(points[0]);
            inside.line(&points, BLACK, PACKING_PT)?;
        }
        if let Some(corners) = square {
            let mut points = corners.map(place).to_vec();
            points.push(points[0]);
            inside.line(&points, BLACK, 1.3 * CURVE_PT)?;
        }
        colours.bar(&canvas.part(room.0, 0, mm(BAR_ROOM_MM), size[1]))?;
        let bar = (scale * SCALE_BAR_ANGSTROM) as i32;
        let under = size[1] + mm(1.5);
        canvas.line(&[(left, under), (left + bar, under)], BLACK, 2.0 * CURVE_PT)?;
        let set = Type::size(NOTE_PT).centred().below();
        canvas.text("2 nm", (left + bar / 2, under + mm(1.0)), set)
    });
    panel.titled(sample_label(sample))
}

/// The corners of a region in the plane of its layer, in ångström.
fn square(region: &GridRegion, map: &DensityMap) -> [[f64; 2]; 4] {
    let Bounds { low, high } = region.bounds(map);
    [
        [low.x, low.y],
        [high.x, low.y],
        [high.x, high.y],
        [low.x, high.y],
    ]
}

/// Colours for all but the lowest and the highest densities; `None` without a density.
fn colours(values: &[Option<f64>]) -> Option<Colours> {
    let known = values.iter().flatten().copied();
    let [low, high] = quantiles(known.collect(), [BEYOND, 1.0 - BEYOND])?;
    let range = low..high;
    (range.end > range.start).then(|| Colours::field("Density (g cm^{−3})", range))
}
