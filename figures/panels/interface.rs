//! The panel of the crystalline–amorphous interface: Fig. S22.

use amorphous_packing::data::Sample;
use amorphous_packing::order::InterfaceFit;
use polars::prelude::DataFrame;

use crate::charts::legend::Sign;
use crate::charts::shapes::chart_rows;
use crate::page::style::sample_label;
use crate::{Chart, Panel, Series, style};

/// The distances drawn, in ångström.
const DISTANCES: std::ops::Range<f64> = -8.0..15.0;
/// The bond orders drawn.
const ORDERS: std::ops::Range<f64> = 0.2..0.9;

/// Bond order against the distance from the nuclei: the bins as points, the fitted decay as a
/// curve, its width in the title. `points` and `curve` are the tables of the two.
pub fn profile(
    points: &DataFrame,
    curve: &DataFrame,
    sample: Sample,
    fit: Option<InterfaceFit>,
) -> Panel {
    let of_sample = |column| Series::column(column).only("sample", sample.id());
    let bins = of_sample("mean_normalised_boo").colour(style::sample_colour(sample));
    let decay = of_sample("fitted_normalised_boo");
    let chart = Chart::new("Distance to the nuclei (Å)", "Normalised bond order")
        .x_range(DISTANCES)
        .y_range(ORDERS)
        .when_empty("no crystal nuclei");
    let title = fit.map_or(sample_label(sample).to_owned(), |fit| {
        let (width, error) = (fit.width_angstrom, fit.width_error_angstrom);
        format!("{}, *d* = {width:.1} ± {error:.1} Å", sample_label(sample))
    });
    let (points, curve) = (points.clone(), curve.clone());
    Panel::new(move |canvas| {
        let series = [bins.clone(), decay.clone()];
        let rows = |table, series: &Series| {
            let rows = chart_rows(
                table,
                &["distance_angstrom"],
                std::slice::from_ref(series),
                &chart,
            )?;
            let rows = rows.into_iter().flatten();
            anyhow::Ok(
                rows.map(|row| (row.place[0], row.value))
                    .collect::<Vec<_>>(),
            )
        };
        let (bins, decay) = (rows(&points, &series[0])?, rows(&curve, &series[1])?);
        let (x, y) = (chart.x_axis(DISTANCES), chart.y_axis(&[], false));
        let axes = chart.axes(canvas, x, y, &series, Sign::Line)?;
        if bins.is_empty() {
            return axes.sentence(&chart.empty);
        }
        axes.curve(&decay, style::BLACK, Sign::Line)?;
        for &point in &bins {
            axes.disc(point, series[0].colour)?;
        }
        Ok(())
    })
    .titled(&title)
}
