//! Our tables, as snapshots in `golden/`: they show every drift, they are never "truth".
//! Rewritten by `cargo insta review`, or `INSTA_UPDATE=always cargo test --test golden`.

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::data::{EXPERIMENT, Sample};
use amorphous_packing::formats::tables::to_csv;
use amorphous_packing::network::MotifNetworks;
use amorphous_packing::order::{InterfaceProfile, RegulatedCell, Regulation};
use amorphous_packing::packing::{DensityMap, Smoothing};
use amorphous_packing::report::bipyramid::{bond_angle_table, ratio_table, theta_table};
use amorphous_packing::report::density::{density_mean_table, density_table};
use amorphous_packing::report::interface::{interface_fit_table, interface_table};
use amorphous_packing::report::network::{
    dihedral_table, filling_table, largest_table, length_table, neighbour_table, size_table,
};
use amorphous_packing::report::packing::population_table;
use amorphous_packing::report::pair_distribution::extrema_table;
use amorphous_packing::report::voronoi::{distortion_table, edge_table, index_table};
use amorphous_packing::report::{NetworkRows, Networks, Rows};
use libtest_mimic::Trial;
use polars::prelude::{DataFrame, PolarsResult};

use crate::data::analysis;
use acceptance::trials::{model, trial};

/// A table that needs no networks.
type Plain = fn(&[Rows<'_, &Analysis>]) -> PolarsResult<DataFrame>;
/// A table that takes what it needs from the analyses itself.
type Made = fn() -> PolarsResult<DataFrame>;
/// A table of networks.
type Table = fn(&[NetworkRows<'_>]) -> PolarsResult<DataFrame>;

/// The name of a table's trial: its panel, what it shows and, in brackets, the claims of the ledger
/// that a number in it decides.
fn named(snapshot: &str) -> &'static str {
    match snapshot {
        "neighbours" => "Fig. 5c, Supplementary Fig. 12: neighbours of a bipyramid, histogram",
        "dihedral" => {
            "Fig. 5f: dihedral angle phi of edge-sharing bipyramids, histogram [dihedral.mean]"
        }
        "filling" => "Fig. 5g: filling of the partial icosahedra, histogram [filling.partial]",
        "largest" => "Fig. 5j, Supplementary Figs. 16–18: the five largest networks [pbn.largest]",
        "sizes" => "Fig. 5i, Supplementary Fig. 14: network sizes, histogram [pbn.dominant]",
        "lengths" => "Supplementary Fig. 15: network lengths, histogram [pbn.dominant]",
        "populations" => {
            "Fig. 2b, Supplementary Fig. 9: motif populations against delta [motifs.order]"
        }
        "ratios" => {
            "Fig. 4b: mean ratios alpha/gamma and beta/gamma [bipyramid.alpha_gamma, bipyramid.beta_gamma]"
        }
        "theta" => "Fig. 4c: angle theta of the pentagonal bipyramids, histogram [bipyramid.theta]",
        "bond_angles" => "Supplementary Fig. 11: bond angles, histogram [bond_angle.peaks]",
        "peaks_and_valleys" => "Fig. 1c: peaks and valleys of g(r) [pdf.no_split]",
        "interface" => "Supplementary Fig. 22: bond order against the distance from the nuclei",
        "interface_widths" => {
            "Supplementary Fig. 22: width of the interface by where the fit begins [interface.width]"
        }
        "indices" => "Fig. 1d: the twelve commonest Voronoi indices",
        "edges" => "Supplementary Fig. 8d: Voronoi faces by their edges [voronoi.five_edged]",
        "distortion" => {
            "Supplementary Fig. 13: distortion of the icosahedra, histogram [icosahedra.distorted]"
        }
        "density" => "Fig. 3a, Supplementary Fig. 10: density with and without packing, histogram",
        "density_mean" => {
            "Fig. 3a, Supplementary Fig. 10: mean density with and without packing [density.gain, density.nanoparticles]"
        }
        other => unreachable!("the table '{other}' has no name"),
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    const PENTAGONAL: [(&str, Region, Table); 4] = [
        ("neighbours", Region::Amorphous, neighbour_table),
        ("dihedral", Region::All, dihedral_table),
        ("filling", Region::Amorphous, filling_table),
        ("largest", Region::Amorphous, |rows| largest_table(rows, 5)),
    ];
    const ALL: [(&str, Region, Table); 2] = [
        ("sizes", Region::Amorphous, size_table),
        ("lengths", Region::Amorphous, length_table),
    ];
    const PLAIN: [(&str, Plain); 4] = [
        ("populations", population_table),
        ("ratios", ratio_table),
        ("theta", theta_table),
        ("bond_angles", bond_angle_table),
    ];
    const MADE: [(&str, Made); 8] = [
        ("peaks_and_valleys", peaks_and_valleys),
        ("interface", interface),
        ("interface_widths", widths),
        ("indices", || of_cells(|rows| index_table(rows, 12))),
        ("edges", || of_cells(edge_table)),
        ("distortion", || of_cells(distortion_table)),
        ("density", || of_maps(density_table)),
        ("density_mean", || of_maps(density_mean_table)),
    ];
    let models = EXPERIMENT.map(model);
    let plain = PLAIN.map(|(name, table)| {
        trial(named(name), &models, move || {
            let rows = EXPERIMENT.map(|sample| Rows::new(sample.id(), analysis(sample)));
            snapshot(name, &text(&table(&rows).unwrap()));
        })
    });
    let five = PENTAGONAL.map(|table| (table, &[5][..]));
    let all = ALL.map(|table| (table, &[4, 5, 6][..]));
    let made = MADE.map(|(name, table)| {
        trial(named(name), &models, move || {
            snapshot(name, &text(&table().unwrap()));
        })
    });
    five.into_iter()
        .chain(all)
        .map(|((name, region, table), folds)| {
            trial(named(name), &models, move || {
                snapshot(name, &csv(region, folds, table));
            })
        })
        .chain(plain)
        .chain(made)
        .collect()
}

/// Peaks and valleys of the amorphous g(r) (Fig. 1c).
fn peaks_and_valleys() -> PolarsResult<DataFrame> {
    let curves = EXPERIMENT.map(|sample| {
        let curve = analysis(sample).amorphous_pair_distribution();
        curve.unwrap()
    });
    extrema_table(&rows(&curves), 0.0, 4)
}

/// The rows of the three samples, made of one thing each.
fn rows<T>(things: &[T; 3]) -> Vec<Rows<'static, &T>> {
    let samples = EXPERIMENT.iter().zip(things);
    let rows = samples.map(|(sample, thing)| Rows::new(sample.id(), thing));
    rows.collect()
}

fn profiles() -> [InterfaceProfile; 3] {
    EXPERIMENT.map(|sample| analysis(sample).interface_profile())
}

fn interface() -> PolarsResult<DataFrame> {
    interface_table(&rows(&profiles()))
}

/// The width by the distance from which on it is fitted (Supplementary Fig. 22).
fn widths() -> PolarsResult<DataFrame> {
    interface_fit_table(&rows(&profiles()), &[-2.0, -3.0, -4.0, -5.0])
}

/// A table of the regulated Voronoi cells.
fn of_cells(
    table: impl for<'a> Fn(&[Rows<'a, &'a [RegulatedCell]>]) -> PolarsResult<DataFrame>,
) -> PolarsResult<DataFrame> {
    let cells = EXPERIMENT.map(|sample| {
        let analysis = analysis(sample);
        analysis.regulated_cells(&analysis.voronoi_cells(), Regulation::default())
    });
    let rows = rows(&cells);
    let rows: Vec<_> = rows.iter().map(|row| row.with(&row.of[..])).collect();
    table(&rows)
}

/// A table of the density maps.
fn of_maps(
    table: impl Fn(&[Rows<'_, &DensityMap>]) -> PolarsResult<DataFrame>,
) -> PolarsResult<DataFrame> {
    let maps = EXPERIMENT.map(|sample| {
        let analysis = analysis(sample);
        analysis
            .density_map(Smoothing::of_fwhm(analysis.first_valley_angstrom))
            .unwrap()
    });
    table(&rows(&maps))
}

fn csv(region: Region, folds: &[usize], table: Table) -> String {
    let found: Vec<(Sample, MotifNetworks)> = EXPERIMENT
        .into_iter()
        .flat_map(|sample| folds.iter().map(move |&fold| (sample, fold)))
        .map(|(sample, fold)| (sample, analysis(sample).networks(fold, region)))
        .collect();
    let rows: Vec<NetworkRows<'_>> = found
        .iter()
        .map(|(sample, found)| {
            let analysis = analysis(*sample);
            Rows::new(sample.id(), Networks { analysis, found })
        })
        .collect();
    text(&table(&rows).unwrap())
}

pub(crate) fn text(table: &DataFrame) -> String {
    String::from_utf8(to_csv(table).unwrap()).unwrap()
}

pub(crate) fn snapshot(name: &str, csv: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, csv));
}
