//! The panels of the bipyramid chapter: Figs. 4 and S11.

use amorphous_packing::bipyramid::{
    AverageBipyramid, BipyramidShape, IdealAngles, PENTAGON_DEG, TETRAHEDRON_DEG, shape_of,
};
use amorphous_packing::data::Sample;
use amorphous_packing::geometry::ideal_bipyramid;
use anyhow::Result;
use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series as Column};

use crate::charts::listing::listing;
use crate::charts::plots;
use crate::charts::plots::joined_points;
use crate::charts::points::points;
use crate::page::panel::{above, placeholder, side_by_side};
use crate::page::style::sample_label;
use crate::panels::liquid::kelvin;
use crate::scenes::bipyramid::{average_scene, ideal_scene};
use crate::{Chart, Legend, Panel, Series, style};

/// Height of the table of the ratios.
const RATIOS_MM: f64 = 14.0;
/// Above this angle, in degrees, theta hardly occurs; the table goes on to 90.
const THETA_SHOWN_DEG: f64 = 40.0;

/// The ideal and the average bipyramid with their bonds named, above their ratios (Fig. 4a).
pub fn average(average: Option<&AverageBipyramid>, sample: Sample) -> Panel {
    let Some(average) = average else {
        return placeholder("no pentagonal bipyramids").titled("Average bipyramid");
    };
    let row = |name: &str, shape: BipyramidShape| {
        [
            name.to_owned(),
            format!("{:.4}", shape.alpha_over_gamma()),
            format!("{:.4}", shape.beta_over_gamma()),
            format!("{:.1}°", shape.theta_deg),
        ]
    };
    let gamma = average.shape().gamma;
    let (caps, ring) = ideal_bipyramid();
    let ideal = (
        caps.map(|place| gamma * place),
        ring.map(|place| gamma * place),
    );
    let name = format!("Average, {}", sample_label(sample));
    let scenes = side_by_side(vec![
        ideal_scene(ideal.0, &ideal.1).titled("Ideal"),
        average_scene(average.caps, &average.ring).titled(&name),
    ]);
    let rows = vec![
        row("Ideal", shape_of(caps, &ring)),
        row(&name, average.shape()),
    ];
    let table = listing(["", "*α*/*γ*", "*β*/*γ*", "*θ*"], rows, "");
    above(scenes, table, RATIOS_MM)
}

/// The mean ratios of the bonds, those of the ideal bipyramid marked (Fig. 4b); the ends of the
/// quench are named by their temperatures.
///
/// # Errors
/// When the table has no column `sample`.
pub fn ratios(table: &DataFrame) -> Result<Panel> {
    let (caps, ring) = ideal_bipyramid();
    let ideal = shape_of(caps, &ring).alpha_over_gamma();
    let chart = Chart::new("", "Ratio of bonds")
        .y_range(0.97..1.07)
        .legend(Legend::Above)
        .when_empty("no pentagonal bipyramids");
    let series = vec![
        Series::column("alpha_over_gamma")
            .label("*α*/*γ*")
            .colour(style::ALPHA),
        Series::column("beta_over_gamma")
            .label("*β*/*γ*")
            .colour(style::BETA),
    ];
    let levels = vec![
        (ideal, format!("ideal {ideal:.4}"), style::ALPHA),
        (1.0, "ideal 1".to_owned(), style::BETA),
    ];
    let ends = [Sample::TA_LIQUID, Sample::TA_GLASS];
    let short = |id: &str| match ends.into_iter().find(|end| end.id() == id) {
        Some(end) => kelvin(end),
        None => id.to_owned(),
    };
    let names = table.column("sample")?.str()?.iter();
    let names: Vec<String> = names.map(|id| short(id.unwrap_or_default())).collect();
    let mut named = table.clone();
    named.with_column(Column::new("sample".into(), names).into_column())?;
    Ok(points(&named, "sample", series, levels, chart)
        .with_table(table)
        .titled("Bonds of pentagonal bipyramids"))
}

/// The distribution of theta, a chart for each sample on the same axes, the means dashed
/// (Fig. 4c).
///
/// # Errors
/// When a table lacks a column.
pub fn thetas(table: &DataFrame, means: &DataFrame) -> Result<Panel> {
    let chart = Chart::new("*θ* (°)", "Fraction of bipyramids")
        .shares()
        .x_range(0.0..THETA_SHOWN_DEG)
        .when_empty("no pentagonal bipyramids");
    let bins = ("theta_low_deg", "theta_high_deg");
    let samples = Series::by_sample(table, "count");
    // One axis for all: the largest share of any sample.
    let mut chart = chart;
    for series in &samples {
        let counts: Vec<f64> = series.rows(table, &[])?.iter().map(|r| r.value).collect();
        let total: f64 = counts.iter().sum();
        let most = counts.iter().copied().fold(0.0, f64::max);
        chart = chart.y_holds((total > 0.0).then(|| (0.0, most / total)));
    }
    let charts = samples
        .into_iter()
        .zip(Series::by_sample(means, "theta_mean_deg"));
    let charts: Vec<Panel> = charts
        .map(|(series, mean)| {
            let colour = series.colour;
            let name = series.label.clone();
            let mean = mean.extent(means)?.map(|(mean, _)| mean);
            let chart = mean.into_iter().fold(chart.clone(), |chart, mean| {
                chart.mark(mean, &format!("mean {mean:.1}°"), style::BLACK)
            });
            let series = vec![series.label("").colour(colour)];
            Ok(plots::histogram(table, bins, series, chart).titled(&name))
        })
        .collect::<Result<_>>()?;
    Ok(side_by_side(charts).with_table(table))
}

/// The mean of theta against temperature (Fig. 4d).
pub fn theta_against_temperature(table: &DataFrame) -> Panel {
    let chart = Chart::new("Temperature (K)", "Mean *θ* (°)")
        .x_range(0.0..6_000.0)
        .y_range(0.0..12.0)
        .when_empty("no simulated frame was asked for");
    let series = vec![Series::column("theta_mean_deg").colour(style::SIMULATION)];
    joined_points(table, "temperature_k", series, chart).titled("Simulated Ta")
}

/// The bond angles of a sample, the internal angles of a tetrahedron's face and of a pentagon
/// marked (S11a–c).
///
/// # Errors
/// When the table lacks a column.
pub fn bond_angles(table: &DataFrame, sample: &str) -> Result<Panel> {
    let series = Series::column("probability").only("sample", sample);
    let bins = ("angle_low_deg", "angle_high_deg");
    let chart = Chart::new("Bond angle (°)", "Probability")
        .x_range(0.0..180.0)
        .y_holds(Series::column("probability").extent(table)?)
        .legend(Legend::None)
        .mark(TETRAHEDRON_DEG, "tetrahedron 60°", style::BLACK)
        .mark(PENTAGON_DEG, "pentagon 108°", style::BLACK)
        .when_empty("no bonds");
    let series = vec![series.colour(style::colour(sample))];
    Ok(plots::histogram(table, bins, series, chart).titled(&style::label(sample)))
}

/// The angles between the bonds of ideal motifs (S11d).
pub fn ideal_angles() -> Panel {
    let angles = IdealAngles::measured();
    let rows = [
        ("Tetrahedron", "two edges of a face", TETRAHEDRON_DEG),
        ("Pentagon", "two sides", PENTAGON_DEG),
        ("Pentagonal bipyramid", "*α* and *β*", angles.alpha_beta),
        ("", "*β* and *β*, neighbours", angles.beta_beta_next),
        ("", "*β* and *β*, next neighbours", angles.beta_beta_second),
        ("", "*β* and *β*, at a ring atom", angles.beta_beta_ring),
        ("", "*γ* and *γ*", angles.gamma_gamma),
        (
            "Icosahedron, centre",
            "neighbouring corners",
            angles.icosahedron_centre,
        ),
    ];
    let rows = rows.map(|(motif, between, degrees)| {
        [
            motif.to_owned(),
            between.to_owned(),
            format!("{degrees:.2}°"),
        ]
    });
    let note = "The dihedral angle of the tetrahedron, 70.53°, lies between faces and is no angle \
                between bonds.";
    listing(["", "between", "angle"], rows.into(), note).titled("Ideal values")
}
