//! Our tables, as snapshots in `golden/`: they show every drift, they are never "truth".
//! Rewritten by `cargo insta review`, or `INSTA_UPDATE=always cargo test --test golden`.

use amorphous_packing::analysis::{Analysis, MotifNetworks, Region};
use amorphous_packing::bipyramid::tables::{bond_angle_table, ratio_table, theta_table};
use amorphous_packing::network::tables::{
    Entry, dihedral_table, filling_table, largest_table, length_table, neighbour_table, size_table,
};
use amorphous_packing::order::{
    InterfaceEntry, InterfaceProfile, PairDistribution, extrema_table, interface_fit_table,
    interface_table,
};
use amorphous_packing::packing::tables::population_table;
use amorphous_packing::sample::{EXPERIMENT, Sample};
use amorphous_packing::tables::to_csv;
use libtest_mimic::Trial;
use polars::prelude::{DataFrame, PolarsResult};

use crate::data::analysis;
use crate::trials::{model, trial};

/// A table that needs no networks.
type Plain = fn(&[(&str, &Analysis)]) -> PolarsResult<DataFrame>;
type OrderTable = fn() -> PolarsResult<DataFrame>;
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
    const ORDER: [(&str, OrderTable); 3] = [
        ("peaks_and_valleys", peaks_and_valleys),
        ("interface", interface),
        ("interface_widths", widths),
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
    let of_order = ORDER.map(|(name, table)| {
        trial(&format!("tables::{name}"), &models, move || {
            let table = to_csv(&table().unwrap()).unwrap();
            snapshot(name, &String::from_utf8(table).unwrap());
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
        .chain(of_order)
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

fn text(table: &DataFrame) -> String {
    String::from_utf8(to_csv(table).unwrap()).unwrap()
}

fn snapshot(name: &str, csv: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, csv));
}
