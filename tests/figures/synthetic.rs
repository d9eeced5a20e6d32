//! Tables of plausible shape that no analysis made, and pages drawn from them.

use amorphous_packing::data::{EXPERIMENT, Sample};
use figures::charts::plots;
use figures::panels::network;
use figures::{Chart, Figure, Layout, Series, style};
use polars::df;
use polars::prelude::DataFrame;

/// Networks of Ta, Pd1 and Pd2 at size 1; larger samples have more.
const AMOUNT: [f64; 3] = [400.0, 2_600.0, 3_900.0];

/// The tables of Fig. 5, shown as its chart panels show them.
pub(crate) struct Tables {
    pub(crate) sharing: DataFrame,
    pub(crate) dihedral: DataFrame,
    pub(crate) dihedral_mean_deg: Option<f64>,
    pub(crate) filling: DataFrame,
    pub(crate) sizes: DataFrame,
}

pub(crate) fn tables() -> Tables {
    Tables {
        sharing: sharing(),
        dihedral: dihedral(),
        dihedral_mean_deg: Some(120.66),
        filling: filling(),
        sizes: sizes(),
    }
}

pub(crate) fn charts(tables: &Tables) -> Figure {
    let layout = Layout::grid(183.0, &[(44.0, "cf"), (50.0, "gi")]);
    Figure::new("charts", "The charts of a network figure", layout)
        .panel(
            'c',
            network::neighbours(&tables.sharing, Sample::TaFilm.id()),
        )
        .panel(
            'f',
            network::dihedral(&tables.dihedral, tables.dihedral_mean_deg),
        )
        .panel('g', network::filling(&tables.filling))
        .panel(
            'i',
            network::pentagonal_sizes(&tables.sizes, Sample::TaFilm.id()),
        )
        .footnote("Synthetic tables: they show the page, not a result.")
}

pub(crate) fn sizes_by_motif() -> Figure {
    let (table, layout) = (sizes(), Layout::even(183.0, 48.0, 1, 3));
    Figure::new("sizes", "Sizes by motif", layout)
        .panel_for_each(&EXPERIMENT, |sample| {
            network::sizes_by_motif(&table, sample.id())
        })
        .unwrap()
        .table("sizes", &table)
}

pub(crate) fn lengths_by_motif() -> Figure {
    let (table, layout) = (lengths(), Layout::even(183.0, 48.0, 1, 3));
    Figure::new("lengths", "Lengths by motif", layout)
        .panel_for_each(&EXPERIMENT, |sample| {
            network::lengths_by_motif(&table, sample.id())
        })
        .unwrap()
        .table("lengths", &table)
}

/// Curves with a dotted one among them, and bars over names on a logarithmic axis.
pub(crate) fn liquid() -> Figure {
    let curve = |shift: f64| {
        (0..600).map(move |step| {
            let r = 1.5 + 0.02 * f64::from(step);
            let wave = (2.4 * (r - 2.8 - shift)).cos() * (-(r - 2.8) / 3.0).exp();
            if r < 2.2 {
                0.0
            } else {
                (1.0 + 1.6 * wave).max(0.0)
            }
        })
    };
    let g = df!(
        "r_angstrom" => (0..600).map(|step| 1.5 + 0.02 * f64::from(step)).collect::<Vec<_>>(),
        "experiment" => curve(0.0).collect::<Vec<_>>(),
        "liquid" => curve(0.08).collect::<Vec<_>>(),
    )
    .unwrap();
    let motifs = df!(
        "sample" => EXPERIMENT.iter().flat_map(|s| [s.id(); 4]).collect::<Vec<_>>(),
        "motif" => [["triplet", "quadrilateral", "pentagonal", "hexagonal"]; 3].concat(),
        "fraction" => [
            0.24, 0.21, 0.41, 0.04, 0.26, 0.20, 0.40, 0.004, 0.25, 0.2, 0.42, 0.0004,
        ],
    )
    .unwrap();
    let series = vec![
        Series::column("experiment")
            .label("Ta film")
            .colour(style::TA_FILM),
        Series::column("liquid")
            .label("Ta liquid, 5,200 K")
            .dotted(),
    ];
    let chart = || Chart::new("*r* (Å)", "*g*(*r*)");
    let bars = |chart| {
        plots::grouped_bars(
            &motifs,
            "motif",
            Series::by_sample(&motifs, "fraction"),
            chart,
        )
    };
    let layout = Layout::grid(183.0, &[(50.0, "ab"), (50.0, "cd")]);
    Figure::new("figs0", "Curves and bars", layout)
        .panel(
            'a',
            plots::curves(&g, "r_angstrom", series.clone(), chart()),
        )
        .panel(
            'b',
            plots::curves(&g, "r_angstrom", series, chart().x_range(2.0..8.0)),
        )
        .panel(
            'c',
            bars(Chart::new("", "Fraction").legend(figures::Legend::Above)),
        )
        .panel('d', bars(Chart::new("", "Fraction (10⁰ = all)").log_y()))
}

fn sharing() -> DataFrame {
    let poisson =
        |mean: f64, k: u32| (1..=k).fold((-mean).exp(), |term, k| term * mean / f64::from(k));
    let rows = || {
        EXPERIMENT
            .iter()
            .flat_map(|&s| (0_u32..=9).map(move |k| (s, k)))
    };
    let mean = |s: Sample, edge: bool| match (s, edge) {
        (Sample::TaFilm, false) => 0.45,
        (_, false) => 0.5,
        (Sample::TaFilm, true) => 1.5,
        (_, true) => 1.3,
    };
    let fraction = |edge: bool| {
        rows()
            .map(|(s, k)| poisson(mean(s, edge), k))
            .collect::<Vec<f64>>()
    };
    let count = |edge: bool| {
        fraction(edge)
            .iter()
            .map(|f| (f * 1_300.0).round() as u32)
            .collect::<Vec<u32>>()
    };
    df!(
        "sample" => rows().map(|(s, _)| s.id()).collect::<Vec<_>>(),
        "neighbours" => rows().map(|(_, k)| k).collect::<Vec<_>>(),
        "vertex_count" => count(false),
        "edge_count" => count(true),
        "vertex_fraction" => fraction(false),
        "edge_fraction" => fraction(true),
    )
    .unwrap()
}

fn dihedral() -> DataFrame {
    let rows = || {
        let samples = EXPERIMENT.into_iter().zip(AMOUNT).enumerate();
        samples.flat_map(|(i, (s, amount))| (0..45).map(move |bin| (i, s, amount, bin)))
    };
    let low = |bin: i32| 90.0 + 2.0 * f64::from(bin);
    let count = |(i, _, amount, bin): (usize, Sample, f64, i32)| {
        let z = (low(bin) + 1.0 - 120.0 - 0.6 * i as f64) / (7.0 + 0.4 * i as f64);
        (amount * 0.4 * (-0.5 * z * z).exp()).round() as u32
    };
    df!(
        "sample" => rows().map(|row| row.1.id()).collect::<Vec<_>>(),
        "phi_low_deg" => rows().map(|row| low(row.3)).collect::<Vec<_>>(),
        "phi_high_deg" => rows().map(|row| low(row.3) + 2.0).collect::<Vec<_>>(),
        "count" => rows().map(count).collect::<Vec<_>>(),
    )
    .unwrap()
}

fn filling() -> DataFrame {
    let rows = || {
        let samples = EXPERIMENT.into_iter().enumerate();
        samples.flat_map(|(i, s)| (1_u32..=12).map(move |n| (i, s, n)))
    };
    let fraction = |(i, _, n): (usize, Sample, u32)| {
        0.33 * (-(f64::from(n) - 1.0) / (2.4 + 0.2 * i as f64)).exp()
    };
    let count = |row: (usize, Sample, u32)| (fraction(row) * 4_000.0) as u32;
    df!(
        "sample" => rows().map(|row| row.1.id()).collect::<Vec<_>>(),
        "n" => rows().map(|row| row.2).collect::<Vec<_>>(),
        "count" => rows().map(count).collect::<Vec<_>>(),
        "atoms" => rows().map(count).collect::<Vec<_>>(),
        "fraction" => rows().map(fraction).collect::<Vec<_>>(),
    )
    .unwrap()
}

/// Sizes that fall off as a power law, with a few giants.
fn network_sizes() -> Vec<(Sample, &'static str, u32, u32)> {
    let mut rows = Vec::new();
    for (sample, amount) in EXPERIMENT.into_iter().zip(AMOUNT) {
        for (motif, share, power, giant) in [
            ("quadrilateral", 0.6, 2.6, 29),
            ("pentagonal", 1.0, 1.9, 135),
            ("hexagonal", 0.2, 3.4, 0),
        ] {
            for size in 1_u32..60 {
                let networks = amount * share * f64::from(size).powf(-power);
                // Beyond one expected network, every third size has one.
                let networks = if networks >= 1.0 || size % 3 == 0 {
                    networks.ceil()
                } else {
                    0.0
                };
                if networks > 1.0 || (networks == 1.0 && size < giant / 2) {
                    rows.push((sample, motif, size, networks as u32));
                }
            }
            let giants = [giant * 3 / 5, giant].into_iter().filter(|&size| size > 0);
            rows.extend(giants.map(|size| (sample, motif, size, 1)));
        }
    }
    rows
}

fn sizes() -> DataFrame {
    let rows = network_sizes();
    df!(
        "sample" => rows.iter().map(|row| row.0.id()).collect::<Vec<_>>(),
        "motif" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        "size" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "networks" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
    )
    .unwrap()
}

fn lengths() -> DataFrame {
    let mut rows = Vec::new();
    for (sample, amount) in EXPERIMENT.into_iter().zip(AMOUNT) {
        for (motif, decay) in [
            ("quadrilateral", 2.5),
            ("pentagonal", 4.0),
            ("hexagonal", 1.6),
        ] {
            for bin in 2_u32..16 {
                let networks = (amount * (-(f64::from(bin) - 2.0) / decay * 1.7).exp()) as u32;
                rows.push((sample, motif, 2.0 * f64::from(bin), networks));
            }
        }
    }
    df!(
        "sample" => rows.iter().map(|row| row.0.id()).collect::<Vec<_>>(),
        "motif" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        "length_low_angstrom" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "length_high_angstrom" => rows.iter().map(|row| row.2 + 2.0).collect::<Vec<_>>(),
        "networks" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
    )
    .unwrap()
}
