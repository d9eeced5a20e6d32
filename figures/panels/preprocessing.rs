//! The panels of the preprocessing (Methods, "Image preprocessing"): an image at each step, what was found
//! at each tilt, common lines, and images of one tilt held against each other (Fig. S4).

use amorphous_packing::report::preprocessing::frequency_column;
use ndarray::{Array2, Array3, ArrayView3, Axis};
use polars::prelude::DataFrame;

use crate::charts::images::{Grey, contact_sheet, scale_bar, spread};
use crate::charts::plots;
use crate::charts::series::Series;
use crate::page::style::{EDGE_SHARING, GREY, RING};
use crate::{Chart, Legend, Panel};

/// The part of the pixels that are darker or brighter than the range of greys.
const BEYOND: f64 = 0.003;

/// An image with its scale bar.
pub fn image(image: &Array2<f32>, pixel_angstrom: Option<f64>) -> Panel {
    let range = spread(image, BEYOND);
    let bar = scale_bar(image.nrows(), pixel_angstrom);
    Grey::new(image.clone(), range).panel(Some(bar))
}

/// Images in rows of so many, each with a label and a range of greys of its own.
pub fn sheet(images: Vec<(String, Array2<f32>)>, columns: usize) -> Panel {
    let labelled = images.into_iter().map(|(label, image)| {
        let range = spread(&image, BEYOND);
        (label, Grey::new(image, range))
    });
    contact_sheet(labelled.collect(), columns)
}

/// The sums of all images over x: tilts to the right, the tilt axis y up. What is aligned along the axis makes
/// straight bands, for what lies at a height of the axis stays there at every tilt.
pub fn common_lines(images: ArrayView3<'_, f32>) -> Panel {
    let (count, _, along) = images.dim();
    let mut lines = Array2::<f32>::zeros((count, along));
    for (mut line, image) in lines.axis_iter_mut(Axis(0)).zip(images.outer_iter()) {
        line.assign(&image.sum_axis(Axis(0)));
    }
    // A column of pixels for each tilt is too narrow to be seen.
    let wide = (along / count.max(1)).max(1);
    let broad = Array2::from_shape_fn((count * wide, along), |(x, y)| lines[[x / wide, y]]);
    let range = spread(&broad, BEYOND);
    Grey::new(broad, range).panel(None)
}

/// The drift during a frame against the tilt, along x and y.
pub fn drifts(table: &DataFrame) -> Panel {
    tracks(table, "drift", "Drift in a frame (pixels)")
}

/// Where the centre of the object was found, against the tilt.
pub fn shifts(table: &DataFrame) -> Panel {
    tracks(table, "shift", "Shift from the centre (pixels)")
}

fn tracks(table: &DataFrame, what: &str, title: &str) -> Panel {
    let series = [("x", RING), ("y", EDGE_SHARING)].map(|(axis, colour)| {
        Series::column(&format!("{what}_{axis}_px"))
            .label(&format!("along *{axis}*"))
            .colour(colour)
    });
    let chart = Chart::new("Tilt *θ* (°)", title)
        .x_range(-90.0..90.0)
        .legend(Legend::Above);
    plots::joined_points(table, "theta_deg", series.into(), chart).without_table()
}

/// The correlations of the Fourier rings of some images with the first; those whose name is in `dotted` with
/// a dotted curve.
pub fn rings(table: &DataFrame, pixel_angstrom: Option<f64>, names: &[(String, bool)]) -> Panel {
    let colours = [RING, EDGE_SHARING, GREY];
    let series = names.iter().zip(colours.into_iter().cycle());
    let series = series.map(|((name, dotted), colour)| {
        let series = Series::column("correlation").only("image", name);
        let series = series.label(name).colour(colour);
        if *dotted { series.dotted() } else { series }
    });
    let unit = if pixel_angstrom.is_some() {
        "Å^{−1}"
    } else {
        "per pixel"
    };
    let chart = Chart::new(
        &format!("Spatial frequency *q* ({unit})"),
        "Correlation of Fourier rings",
    )
    .y_range(-0.2..1.0);
    plots::curves(
        table,
        frequency_column(pixel_angstrom),
        series.collect(),
        chart,
    )
}

/// The images of a stack in their order.
pub fn layers(images: &Array3<f32>) -> Vec<Array2<f32>> {
    images.outer_iter().map(|image| image.to_owned()).collect()
}
