//! The panels of the liquid chapter: Figs. 6, S19 and X1.

use std::ops::Range;

use amorphous_packing::data::Sample;
use amorphous_packing::data::carried::{
    carried_pair_distribution, carried_states, embedded_pair_distributions,
};
use amorphous_packing::liquid::growth::{FISHER_EXPONENT, Growth};
use amorphous_packing::liquid::states::energy_beyond_vibrations_ev;
use amorphous_packing::order::{ComponentKind, PairDistribution};
use amorphous_packing::report::{NetworkRows, Rows};
use anyhow::Result;
use plotters::style::RGBColor;
use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series as Column};

use crate::charts::legend::Sign;
use crate::charts::plots;
use crate::charts::scale::{nice_range, number};
use crate::charts::series::Row;
use crate::harness::load::{Networks, rows_of};
use crate::harness::provenance::Input;
use crate::page::canvas::Canvas;
use crate::page::panel::{above, placeholder};
use crate::page::style::sample_label;
use crate::{Chart, Figure, Legend, Panel, Series, style};

/// The frames of Fig. 6b–e and Supplementary Fig. 21: the liquid, the undercooled liquid, the glass.
const SHOWN: [&str; 3] = ["ta_liquid_5200K", "ta_liquid_2500K", "ta_glass_300K"];
/// How the name of a frame ends that had just arrived at a temperature at which it was held later.
const QUENCHED: &str = "_quenched";
/// The vertical distance of two curves of g(r).
const OFFSET: f64 = 0.5;
/// Where the second peak lies, in multiples of the position of the first one.
const SECOND_PEAK: Range<f64> = 1.4..2.4;
/// Where the line of that slope begins, beside the data.
const LAW_AT_ONE: f64 = 0.3;
/// What Fig. X1 shows, for a footnote.
pub const PERCOLATION: &str = "a: all clusters, single bipyramids among them, in bins that double; \
    at the percolation threshold the distribution falls as the dotted line does. b: grey, between \
    the last frame without a network that runs through the box and the first with one; the mean \
    size is that of the cluster of a bipyramid outside the largest. c, d: means over frames; \
    they bend at the glass transition.";

/// The temperature of a frame as figures write it; of anything else its label.
pub fn kelvin(sample: Sample) -> String {
    let temperature = sample.temperature_k();
    temperature.map_or(sample_label(sample).to_owned(), |temperature| {
        format!("{} K", number(temperature, 1.0))
    })
}

/// Of the frames those that Fig. 6 shows; where there is none of them, the first three.
pub fn shown(samples: &[Sample]) -> Vec<Sample> {
    let frames = samples.iter().filter(|s| s.temperature_k().is_some());
    let frames: Vec<Sample> = frames.copied().collect();
    let named = frames.iter().filter(|frame| SHOWN.contains(&frame.id()));
    let named: Vec<Sample> = named.copied().collect();
    if named.is_empty() {
        frames.into_iter().take(SHOWN.len()).collect()
    } else {
        named
    }
}

/// The frames of the quench that Fig. 6 shows.
pub fn default_shown() -> Vec<Sample> {
    shown(&Sample::quench())
}

/// Every other frame of those that differ in temperature, the hottest and the coldest among them,
/// and those at the ends of the threshold.
pub fn around(threshold: Option<&Range<f64>>, samples: &[Sample]) -> Vec<Sample> {
    let passed = |sample: &&Sample| sample.id().ends_with(QUENCHED);
    let frames = samples.iter().filter(|sample| !passed(sample));
    let frames = frames.filter_map(|sample| Some((*sample, sample.temperature_k()?)));
    let chosen = frames.enumerate().filter(|(place, (_, kelvin))| {
        let end = threshold.is_some_and(|range| [range.start, range.end].contains(kelvin));
        place.is_multiple_of(2) || end
    });
    chosen.map(|(_, (sample, _))| sample).collect()
}

/// Populations of the motifs against temperature (Fig. 6a).
pub fn populations(table: &DataFrame) -> Panel {
    let series = style::MOTIFS.map(|(motif, label, colour)| {
        let series = Series::column(motif).label(label);
        series.colour(colour)
    });
    let chart = against_temperature(table, "Fraction of tetrahedra")
        .y_holds(Some((0.0, 0.0)))
        .legend(Legend::Above);
    plots::joined_points(table, "temperature_k", series.into(), chart)
        .titled("Motifs at *δ* ≤ 0.255")
}

/// The population of partial icosahedra in some frames (Fig. 6b).
pub fn filling(table: &DataFrame, frames: &[Sample]) -> Panel {
    let chart = Chart::new("Icosahedral filling *n*", "Population")
        .log_y()
        .legend(Legend::TopRight)
        .when_empty("no simulated frame was asked for");
    plots::grouped_bars(table, "n", by_frame("fraction", frames), chart)
        .titled("Partial icosahedra")
}

/// The curves of g(r) one above the other, the hottest at the top, with arrows at the components of
/// a split second peak of the last frame (Fig. S19a). `components` is the table of the second peaks.
pub fn stacked_curves(table: &DataFrame, components: &DataFrame, frames: &[Sample]) -> Panel {
    let (source, components) = (table.clone(), components.clone());
    let (frames, series) = (frames.to_vec(), by_frame("g", frames));
    let chart = Chart::new("*r* (Å)", "*g*(*r*), shifted by 0.5 each")
        .x_range(2.0..16.0)
        .legend(Legend::None)
        .when_empty("no simulated frame was asked for");
    let draw = move |canvas: &Canvas<'_>| {
        let ups = (0..frames.len()).rev().map(|place| OFFSET * place as f64);
        let curves = ups.zip(&series).map(|(up, series)| {
            let rows = series.rows(&source, &["r_angstrom"])?;
            let shifted = rows.iter().map(|row| (row.place[0], row.value + up));
            Ok((up, shifted.collect()))
        });
        let curves: Vec<(f64, Vec<(f64, f64)>)> = curves.collect::<Result<_>>()?;
        let heights = curves.iter().flat_map(|(_, points)| points);
        let heights: Vec<f64> = heights.map(|point| point.1).collect();
        let (x, y) = (chart.x_axis(0.0..1.0), chart.y_axis(&heights, true));
        let axes = chart.axes(canvas, x, y, &[], Sign::Line)?;
        if frames.is_empty() {
            return axes.sentence(&chart.empty);
        }
        for ((sample, series), (up, points)) in frames.iter().zip(&series).zip(&curves) {
            axes.curve(points, series.colour, Sign::Line)?;
            axes.words(&state(*sample), (16.0, 1.0 + up), series.colour)?;
        }
        if let Some(last) = frames.last() {
            for at in split(&components, *last, "r_angstrom")? {
                axes.arrow(at, style::BLACK)?;
            }
        }
        Ok(())
    };
    Panel::new(draw)
        .with_table(table)
        .titled("Pair distribution of simulated Ta")
}

/// The second peak at every temperature against `r/R1`, in the colours of the curves beside it and
/// with the same arrows; the curves of the experiment are dotted (Fig. S19b).
pub fn second_peaks(table: &DataFrame, components: &DataFrame, samples: &[Sample]) -> Panel {
    let (source, components) = (table.clone(), components.clone());
    let frames: Vec<Sample> = samples
        .iter()
        .copied()
        .filter(|sample| sample.temperature_k().is_some())
        .collect();
    let measured = samples.iter().filter(|s| s.temperature_k().is_none());
    let measured = measured.map(|&sample| {
        let series = Series::column("g").only("sample", sample.id()).dotted();
        series
            .label(sample_label(sample))
            .colour(style::sample_colour(sample))
    });
    let unnamed = by_frame("g", &frames)
        .into_iter()
        .map(|series| series.label(""));
    let series: Vec<Series> = unnamed.chain(measured).collect();
    let chart = Chart::new("*r*/*R*_{1}", "*g*(*r*)")
        .x_range(SECOND_PEAK)
        .y_range(0.4..1.8)
        .legend(Legend::TopRight)
        .when_empty("no simulated frame was asked for");
    Panel::new(move |canvas| {
        let (x, y) = (chart.x_axis(SECOND_PEAK), chart.y_axis(&[], false));
        let axes = chart.axes(canvas, x, y, &series, Sign::Line)?;
        for series in &series {
            let rows = series.rows(&source, &["r_over_r1"])?;
            let points: Vec<(f64, f64)> = rows.iter().map(|r| (r.place[0], r.value)).collect();
            let sign = if series.dotted {
                Sign::Dots
            } else {
                Sign::Line
            };
            axes.curve(&points, series.colour, sign)?;
        }
        if let Some(last) = frames.last() {
            for at in split(&components, *last, "r_over_r1")? {
                axes.arrow(at, style::BLACK)?;
            }
        }
        Ok(())
    })
    .titled("Second peak, colours of a")
}

/// What the arrows of Fig. S19 point at, for a footnote: the second peak of the last curve of a
/// frame.
pub fn second_peak_described(frames: &[Rows<'_, PairDistribution>]) -> String {
    let Some(Rows {
        sample, of: curve, ..
    }) = frames.last()
    else {
        return "No simulated frame was asked for.".to_owned();
    };
    let state = style::label(sample);
    let r1 = curve.first_peak_angstrom();
    let components = curve.second_peak_components();
    let words = components.iter().map(|component| {
        let kind = match component.kind {
            ComponentKind::Maximum => "a maximum",
            ComponentKind::Shoulder => "a shoulder",
        };
        let r = component.r_angstrom;
        format!("{kind} at {r:.2} Å ({:.2} *R*_{{1}})", r / r1)
    });
    let words: Vec<String> = words.collect();
    match words.as_slice() {
        [] => format!("{state}: g(r) has no second peak."),
        [one] => format!("{state}: the second peak is not split, it has only {one}; no arrows."),
        several => format!(
            "Arrows: the second peak of the {state}, has {}. A shoulder is where a flank is less \
             steep than on both sides of it, by 0.1 per Å.",
            several.join(" and ")
        ),
    }
}

/// The components of the second peak of a frame, if there are two.
fn split(components: &DataFrame, frame: Sample, x: &str) -> Result<Vec<(f64, f64)>> {
    let series = Series::column("g").only("sample", frame.id());
    let rows = series.rows(components, &[x])?;
    let places: Vec<(f64, f64)> = rows.iter().map(|row| (row.place[0], row.value)).collect();
    Ok(if places.len() > 1 { places } else { Vec::new() })
}

/// Clusters of bipyramids by their size in bins that double, neighbouring bins joined, and dotted
/// the power law of the percolation threshold (Fig. X1a).
pub fn cluster_sizes(table: &DataFrame, frames: &[Sample]) -> Panel {
    let source = table.clone();
    let mut series = by_frame("per_bipyramid_and_size", frames);
    let law = format!("*s*^{{−{FISHER_EXPONENT}}}");
    series.push(Series::column("").label(&law).dotted());
    let chart = Chart::new(
        "Size *s* of the cluster (bipyramids)",
        "Clusters per bipyramid and size",
    )
    .log_x()
    .log_y()
    .when_empty("no pentagonal bipyramids");
    let draw = move |canvas: &Canvas<'_>| {
        let of_frames = series.iter().filter(|series| !series.dotted);
        let bins: Vec<Vec<Row>> = of_frames
            .map(|series| series.rows(&source, &["size_low", "size_high"]))
            .collect::<Result<_>>()?;
        let sizes = bins.iter().flatten().map(|bin| bin.place[1]);
        let largest = sizes.fold(10.0, f64::max);
        let values: Vec<f64> = bins.iter().flatten().map(|bin| bin.value).collect();
        let (x, y) = (
            chart.x_axis(0.7..1.5 * largest),
            chart.y_axis(&values, false),
        );
        let axes = chart.axes(canvas, x, y, &series, Sign::Line)?;
        if values.is_empty() {
            return axes.sentence(&chart.empty);
        }
        let law = |size: f64| (size, LAW_AT_ONE * size.powf(-FISHER_EXPONENT));
        axes.curve(&[law(1.0), law(largest)], style::BLACK, Sign::Dots)?;
        for (series, bins) in series.iter().zip(&bins) {
            for row in bins.chunk_by(|a, b| a.place[1] + 1.0 == b.place[0]) {
                let middle = |bin: &Row| ((bin.place[0] * bin.place[1]).sqrt(), bin.value);
                let points: Vec<(f64, f64)> = row.iter().map(middle).collect();
                axes.curve(&points, series.colour, Sign::Line)?;
                for &point in &points {
                    axes.disc(point, series.colour)?;
                }
            }
        }
        Ok(())
    };
    let title = "Clusters of edge-sharing bipyramids";
    Panel::new(draw).with_table(table).titled(title)
}

/// The share of the bipyramids in the largest network above the mean size of the other clusters,
/// both against temperature, where the networks begin to percolate grey (Fig. X1b).
pub fn percolation(table: &DataFrame, threshold: Option<Range<f64>>) -> Panel {
    let banded = |chart: Chart, label: &str| {
        threshold
            .iter()
            .fold(chart, |chart, range| chart.band(range.clone(), label))
    };
    let colour = style::FIVE_FOLD;
    let share = against_temperature(table, "Share in the largest").y_range(0.0..1.0);
    let size = against_temperature(table, "Mean size (bipyramids)").y_holds(Some((0.0, 0.0)));
    let points = |column: &str, chart: Chart| {
        let series = vec![Series::column(column).colour(colour)];
        plots::joined_points(table, "temperature_k", series, chart)
    };
    let lower = points("mean_size_of_others", banded(size, ""));
    let upper = points("share_of_largest", banded(share, "begins to span the box"));
    above(upper, lower, 38.0)
        .titled("Bipyramids in the largest network; below, size of the other clusters")
}

/// The measures of growth of all simulated frames, by temperature in kelvin.
pub fn growths(networks: &Networks<'_>) -> Vec<(f64, Growth)> {
    let frames = networks.frames().into_iter();
    let growth = |rows: NetworkRows<'_>| {
        let growth = Growth::of(&rows.of.analysis.triangulation, rows.of.found);
        Some((rows.temperature_k?, growth))
    };
    frames.filter_map(growth).collect()
}

/// Density and energy of the run of the first simulated frame against temperature (Fig. X1c, d).
/// Of the potential energy that part is drawn which harmonic vibrations do not account for,
/// 3/2 *k* for each kelvin: a glass keeps it while it cools.
///
/// # Errors
/// When the library carries no table of the run.
pub fn states(samples: &[Sample]) -> Result<[Panel; 2]> {
    let Some(run) = samples.iter().find_map(|sample| run_of(*sample)) else {
        let sentence = "no simulated frame was asked for";
        return Ok([(); 2].map(|()| placeholder(sentence)));
    };
    let mut table = carried_states(run)?;
    let rows = Series::column("energy_ev_per_atom").rows(&table, &["kinetic_temperature_k"])?;
    let rest = |row: &Row| energy_beyond_vibrations_ev(row.value, row.place[0]);
    let rest: Vec<f64> = rows.iter().map(rest).collect();
    table.with_column(Column::new("energy_less_vibration_ev".into(), rest).into_column())?;
    let panel = |column: &str, y_title: &str, title: &str| {
        let series = vec![Series::column(column).colour(style::SIMULATION)];
        let chart = against_temperature(&table, y_title);
        plots::joined_points(&table, "temperature_k", series, chart).titled(title)
    };
    let energy = "*E* − 3/2 *k T* (eV per atom)";
    Ok([
        panel("atoms_per_a3", "Atoms per Å^{3}", "Density"),
        panel(
            "energy_less_vibration_ev",
            energy,
            "Potential energy beyond vibrations",
        )
        .without_table(),
    ])
}

/// The averaged g(r) that the library carries of the simulated frames among `samples`.
///
/// # Errors
/// When the table of a run lacks a frame.
pub fn carried_curves(samples: &[Sample]) -> Result<Vec<Rows<'static, PairDistribution>>> {
    let frames = samples.iter().filter_map(|&sample| match sample {
        Sample::Simulated(frame) => Some((sample, frame)),
        _ => None,
    });
    frames
        .map(|(sample, frame)| Ok(rows_of(sample, carried_pair_distribution(frame)?)))
        .collect()
}

/// Names the carried tables of g(r) from which a figure of these samples is made.
pub fn with_carried_inputs(figure: Figure, samples: &[Sample]) -> Figure {
    let mut runs: Vec<&str> = samples
        .iter()
        .filter_map(|sample| run_of(*sample))
        .collect();
    runs.dedup();
    runs.into_iter().fold(figure, |figure, run| {
        let Some(bytes) = embedded_pair_distributions(run) else {
            return figure;
        };
        let file = format!("data/{run}_pair_distribution.csv");
        figure.input(Input::of(run, file, bytes))
    })
}

/// The run that a simulated frame belongs to.
pub fn run_of(sample: Sample) -> Option<&'static str> {
    match sample {
        Sample::Simulated(frame) => Some(frame.run),
        _ => None,
    }
}

/// A chart with the temperatures of the table from zero on.
fn against_temperature(table: &DataFrame, y_title: &str) -> Chart {
    let extent = Series::column("temperature_k").extent(table).ok().flatten();
    let hottest = extent.map_or(1_000.0, |(_, hottest)| hottest);
    Chart::new("Temperature (K)", y_title)
        .x_range(nice_range([0.0, hottest].into_iter(), true, 6))
        .when_empty("no simulated frame was asked for")
}

/// A series of `column` for every frame, named by its state, coloured by its temperature.
fn by_frame(column: &str, frames: &[Sample]) -> Vec<Series> {
    let colours = heats(frames);
    let frames = frames.iter().zip(colours);
    frames
        .map(|(sample, colour)| {
            let series = Series::column(column).only("sample", sample.id());
            series.label(&state(*sample)).colour(colour)
        })
        .collect()
}

/// The temperature, and what tells two frames of one temperature apart.
fn state(sample: Sample) -> String {
    let quenched = sample.id().ends_with(QUENCHED);
    let note = if quenched { ", just quenched" } else { "" };
    kelvin(sample) + note
}

/// Blue for the coldest of the frames, red for the hottest.
fn heats(frames: &[Sample]) -> Vec<RGBColor> {
    let temperatures: Vec<f64> = frames.iter().filter_map(|s| s.temperature_k()).collect();
    let low = temperatures.iter().copied().fold(f64::INFINITY, f64::min);
    let high = temperatures.iter().copied().fold(0.0, f64::max);
    let share = |kelvin: f64| (kelvin - low) / (high - low).max(1.0);
    let frames = frames.iter();
    frames
        .map(|s| style::heat(share(s.temperature_k().unwrap_or(low))))
        .collect()
}
