//! Our tables, as snapshots in `golden/`: they show every drift, they are never "truth".
//! Rewritten by `cargo insta review`, or `INSTA_UPDATE=always cargo test --test golden`.

use amorphous_packing::analysis::{MotifNetworks, Region};
use amorphous_packing::network::tables::{
    Entry, dihedral_table, filling_table, largest_table, length_table, neighbour_table, size_table,
};
use amorphous_packing::order::Regulation;
use amorphous_packing::order::voronoi_tables::{
    VoronoiEntry, distortion_table, edge_table, index_table,
};
use amorphous_packing::packing::density_tables::{density_mean_table, density_table};
use amorphous_packing::packing::{DensityMap, Smoothing};
use amorphous_packing::sample::{EXPERIMENT, Sample};
use amorphous_packing::tables::to_csv;
use libtest_mimic::Trial;
use polars::prelude::{DataFrame, PolarsResult};

use crate::data::analysis;
use crate::trials::{model, trial};

type Table = fn(&[Entry<'_>]) -> PolarsResult<DataFrame>;

type Made = fn() -> PolarsResult<DataFrame>;

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
    let models = EXPERIMENT.map(model);
    let five = PENTAGONAL.map(|table| (table, &[5][..]));
    let all = ALL.map(|table| (table, &[4, 5, 6][..]));
    let others: [(&str, Made); 5] = [
        ("indices", || of_cells(|entries| index_table(entries, 12))),
        ("edges", || of_cells(edge_table)),
        ("distortion", || of_cells(distortion_table)),
        ("density", || of_maps(density_table)),
        ("density_mean", || of_maps(density_mean_table)),
    ];
    let others = others.map(|(name, table)| {
        trial(&format!("tables::{name}"), &models, move || {
            let bytes = to_csv(&table().unwrap()).unwrap();
            snapshot(name, &String::from_utf8(bytes).unwrap());
        })
    });
    five.into_iter()
        .chain(all)
        .map(|((name, region, table), folds)| {
            trial(&format!("tables::{name}"), &models, move || {
                snapshot(name, &csv(region, folds, table));
            })
        })
        .chain(others)
        .collect()
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
    String::from_utf8(to_csv(&table(&entries).unwrap()).unwrap()).unwrap()
}

fn snapshot(name: &str, csv: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, csv));
}
