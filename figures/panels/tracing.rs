//! The panels of the tracing and of its precision (Supp. Fig. 6): slices with their peaks, intensities,
//! deviations, courses of a refinement.

use amorphous_packing::aet::classify::Classified;
use amorphous_packing::aet::trace::Flag;
use ndarray::{Array3, Axis};
use polars::prelude::DataFrame;

use crate::charts::images::{Grey, Marks, scale_bar, spread};
use crate::charts::plots;
use crate::charts::series::Series;
use crate::page::style::{EDGE_SHARING, GREY, RING, VERTEX_SHARING};
use crate::{Chart, Panel};

/// The part of the voxels that are darker or brighter than the range of greys.
const BEYOND: f64 = 0.005;
/// Peaks up to so many voxels above and below a slice are shown on it.
const NEAR_SLICE: f64 = 1.0;

/// The slice across z with the most atoms near it, the atoms as rings, the peaks rejected for their
/// intensity or place as crosses.
pub fn slice_with_peaks(
    volume: &Array3<f32>,
    classified: &Classified,
    pixel_angstrom: f64,
) -> Panel {
    let near = |z: usize, flag: Flag| {
        let peaks = classified
            .peaks
            .iter()
            .filter(move |peak| peak.flag == flag);
        peaks.filter(move |peak| (peak.voxel.z - 1.0 - z as f64).abs() <= NEAR_SLICE)
    };
    let depth = volume.len_of(Axis(2));
    // Of equals the first.
    let slice = (0..depth)
        .rev()
        .max_by_key(|&z| near(z, Flag::Kept).count())
        .unwrap_or(0);
    let values = volume.index_axis(Axis(2), slice).to_owned();
    let range = spread(&values, BEYOND);
    let bar = scale_bar(values.nrows(), Some(pixel_angstrom));
    let places = |flag| {
        near(slice, flag)
            .map(|peak| (peak.voxel.x - 1.0, peak.voxel.y - 1.0))
            .collect()
    };
    Grey::new(values, range)
        .marked(vec![
            Marks::crosses(places(Flag::Faint), VERTEX_SHARING),
            Marks::crosses(places(Flag::Outside), RING),
            Marks::rings(places(Flag::Kept), EDGE_SHARING),
        ])
        .panel(Some(bar))
        .titled("Slice across *z*: atoms (rings), rejected peaks (crosses)")
}

/// The mean intensities of the peaks, atoms and others, with the cut.
pub fn intensities(table: &DataFrame, cut: f64) -> Panel {
    let series = vec![
        Series::column("atoms").label("atoms").colour(EDGE_SHARING),
        Series::column("faint").label("too faint").colour(GREY),
        Series::column("outside").label("outside").colour(RING),
    ];
    let chart = Chart::new("Mean intensity", "Peaks").mark(cut, "cut", GREY);
    plots::histogram(table, ("intensity_low", "intensity_high"), series, chart)
        .titled("Intensities")
}

/// The deviations of atoms found again from the true ones.
pub fn deviations(table: &DataFrame) -> Panel {
    let series = vec![Series::column("atoms").colour(EDGE_SHARING)];
    let chart = Chart::new("Deviation (pm)", "Atoms");
    plots::histogram(
        table,
        ("deviation_low_pm", "deviation_high_pm"),
        series,
        chart,
    )
}

/// R of a refinement against its iterations.
pub fn refinement_curve(table: &DataFrame) -> Panel {
    let series = vec![Series::column("r").colour(RING)];
    plots::curves(table, "iteration", series, Chart::new("Iteration", "*R*"))
        .titled("R-factor")
        .without_table()
}

/// The displacement of the atoms against the iterations.
pub fn displacement_curve(table: &DataFrame) -> Panel {
    let series = vec![Series::column("moved_angstrom").colour(EDGE_SHARING)];
    let chart = Chart::new("Iteration", "Displacement, r.m.s. (Å)");
    plots::curves(table, "iteration", series, chart)
        .titled("Displacement")
        .without_table()
}
