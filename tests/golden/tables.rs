//! Our tables, as snapshots in `golden/`: they show every drift, they are never "truth".
//! Rewritten by `cargo insta review`, or `INSTA_UPDATE=always cargo test --test golden`.

use amorphous_packing::analysis::{Analysis, MotifNetworks, Region};
use amorphous_packing::bipyramid::tables::{bond_angle_table, ratio_table, theta_table};
use amorphous_packing::network::tables::{
    Entry, dihedral_table, filling_table, largest_table, length_table, neighbour_table, size_table,
};
use amorphous_packing::order::voronoi_tables::{
    VoronoiEntry, distortion_table, edge_table, index_table,
};
use amorphous_packing::order::{
    InterfaceEntry, InterfaceProfile, PairDistribution, Regulation, extrema_table,
    interface_fit_table, interface_table,
};
use amorphous_packing::packing::density_tables::{density_mean_table, density_table};
use amorphous_packing::packing::tables::population_table;
use amorphous_packing::packing::{DensityMap, Smoothing};
use amorphous_packing::sample::{EXPERIMENT, Sample};
use amorphous_packing::tables::to_csv;
use libtest_mimic::Trial;
use polars::prelude::{DataFrame, PolarsResult};

use crate::data::analysis;
use crate::trials::{model, trial};

/// A table that needs no networks.
type Plain = fn(&[(&str, &Analysis)]) -> PolarsResult<DataFrame>;
/// A table that takes what it needs from the analyses itself.
type Made = fn() -> PolarsResult<DataFrame>;
/// A table of networks.
type Table = fn(&[Entry<'_>]) -> PolarsResult<DataFrame>;

pub(crate) fn trials() -> Vec<Trial> {
    const PENTAGONAL: [(&str, Region, Table); 4] = [
        ("neighbours", Region::Amorphous, neighbour_table),
        ("dihedral", Region::All, dihedral_table),
        ("filling", Region::Amorphous, filling_table),
        ("largest", Region::Amorphous, |entries| {
            largest_table(entries, 5)
        }),
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
        ("indices", || of_cells(|entries| index_table(entries, 12))),
        ("edges", || of_cells(edge_table)),
        ("distortion", || of_cells(distortion_table)),
        ("density", || of_maps(density_table)),
        ("density_mean", || of_maps(density_mean_table)),
    ];
    let models = EXPERIMENT.map(model);
    let plain = PLAIN.map(|(name, table)| {
        trial(&format!("tables::{name}"), &models, move || {
            let entries = EXPERIMENT.map(|sample| (sample.id(), analysis(sample)));
            snapshot(name, &text(&table(&entries).unwrap()));
        })
    });
    let five = PENTAGONAL.map(|table| (table, &[5][..]));
    let all = ALL.map(|table| (table, &[4, 5, 6][..]));
    let made = MADE.map(|(name, table)| {
        trial(&format!("tables::{name}"), &models, move || {
            snapshot(name, &text(&table().unwrap()));
        })
    });
    five.into_iter()
        .chain(all)
        .map(|((name, region, table), folds)| {
            trial(&format!("tables::{name}"), &models, move || {
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
        (sample.id(), curve.unwrap())
    });
    let entries: Vec<(&str, &PairDistribution)> = curves.iter().map(|(id, g)| (*id, g)).collect();
    extrema_table(&entries, 0.0, 4)
}

fn profiles() -> [(&'static str, InterfaceProfile); 3] {
    EXPERIMENT.map(|sample| (sample.id(), analysis(sample).interface_profile()))
}

fn interface() -> PolarsResult<DataFrame> {
    let profiles = profiles();
    let entries: Vec<InterfaceEntry<'_>> = profiles.iter().map(|(id, p)| (*id, p)).collect();
    interface_table(&entries)
}

/// The width by the distance from which on it is fitted (Supplementary Fig. 22).
fn widths() -> PolarsResult<DataFrame> {
    let profiles = profiles();
    let entries: Vec<InterfaceEntry<'_>> = profiles.iter().map(|(id, p)| (*id, p)).collect();
    interface_fit_table(&entries, &[-2.0, -3.0, -4.0, -5.0])
}

/// A table of the regulated Voronoi cells.
fn of_cells(
    table: impl Fn(&[VoronoiEntry<'_>]) -> PolarsResult<DataFrame>,
) -> PolarsResult<DataFrame> {
    let cells = EXPERIMENT.map(|sample| {
        let analysis = analysis(sample);
        analysis.regulated_cells(&analysis.voronoi_cells(), Regulation::default())
    });
    let entries: Vec<VoronoiEntry<'_>> = EXPERIMENT
        .iter()
        .zip(&cells)
        .map(|(sample, cells)| VoronoiEntry {
            sample: sample.id(),
            cells,
        })
        .collect();
    table(&entries)
}

/// A table of the density maps.
fn of_maps(
    table: impl Fn(&[(&str, &DensityMap)]) -> PolarsResult<DataFrame>,
) -> PolarsResult<DataFrame> {
    let maps = EXPERIMENT.map(|sample| {
        let analysis = analysis(sample);
        analysis.density_map(Smoothing::of_fwhm(analysis.first_valley_angstrom))
    });
    let ids = EXPERIMENT.iter().map(|sample| sample.id());
    table(&ids.zip(&maps).collect::<Vec<_>>())
}

fn csv(region: Region, folds: &[usize], table: Table) -> String {
    let found: Vec<(Sample, MotifNetworks)> = EXPERIMENT
        .into_iter()
        .flat_map(|sample| folds.iter().map(move |&fold| (sample, fold)))
        .map(|(sample, fold)| (sample, analysis(sample).networks(fold, region)))
        .collect();
    let entries: Vec<Entry<'_>> = found
        .iter()
        .map(|(sample, networks)| Entry {
            sample: sample.id(),
            analysis: analysis(*sample),
            networks,
        })
        .collect();
    text(&table(&entries).unwrap())
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
