//! Our tables of the quench (Fig. 6, Fig. 4d, Supplementary Figs. 19 and 21), as snapshots in
//! `golden/`, from the frames that the library carries: they need no data.

use std::sync::OnceLock;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::data::carried::{carried_pair_distribution, embedded};
use amorphous_packing::data::frames::{PD_QUENCH, SimulatedFrame, TA_QUENCH, TA_ZHOU_QUENCH};
use amorphous_packing::data::snapshot::Snapshot;
use amorphous_packing::network::MotifNetworks;
use amorphous_packing::order::PairDistribution;
use amorphous_packing::progress::Silent;
use amorphous_packing::report::bipyramid::distortion_temperature_table;
use amorphous_packing::report::liquid::{cluster_size_table, growth_table};
use amorphous_packing::report::network::{filling_table, largest_table};
use amorphous_packing::report::packing::population_temperature_table;
use amorphous_packing::report::pair_distribution::extrema_table;
use amorphous_packing::report::{NetworkRows, Networks, Rows};
use libtest_mimic::Trial;
use polars::prelude::{DataFrame, PolarsResult};

use crate::tables::{snapshot, text};

struct Analysed {
    frame: &'static SimulatedFrame,
    analysis: Analysis,
    found: MotifNetworks,
}

impl Analysed {
    fn rows(&self) -> Rows<'_, &Analysis> {
        let kelvin = f64::from(self.frame.temperature_k);
        Rows::new(self.frame.id, &self.analysis).at(kelvin)
    }
}

/// All frames, analysed once.
fn frames() -> &'static [Analysed] {
    static FRAMES: OnceLock<Vec<Analysed>> = OnceLock::new();
    FRAMES.get_or_init(|| {
        let frames = TA_QUENCH.iter().chain(TA_ZHOU_QUENCH).chain(PD_QUENCH);
        frames
            .map(|frame| {
                let bytes = embedded(frame.file).unwrap();
                let atoms = Snapshot::from_parquet(bytes).unwrap().atoms().clone();
                let analysis = Analysis::new(atoms, None, &Silent).unwrap();
                Analysed {
                    frame,
                    found: analysis.networks(5, Region::Amorphous),
                    analysis,
                }
            })
            .collect()
    })
}

type Table = fn(&[Analysed]) -> PolarsResult<DataFrame>;

/// The name of a table's trial, as in `tables`.
fn named(snapshot: &str) -> &'static str {
    match snapshot {
        "quench_populations" => "Fig. 6a: motif populations against temperature",
        "quench_distortion" => "Fig. 4d: mean theta against temperature [bipyramid.theta_quench]",
        "quench_growth" => "Fig. X1b: growth of the networks [md.percolation]",
        "quench_clusters" => "Fig. X1a: cluster sizes against temperature",
        "quench_filling" => {
            "Fig. 6b: filling of the partial icosahedra against temperature [md.icosahedral_filling]"
        }
        "quench_largest" => {
            "Fig. 6c–e, Supplementary Figs. 20, 21: the largest networks along the quench"
        }
        "quench_peaks_and_valleys" => {
            "Supplementary Fig. 19: peaks and valleys of g(r) along the quench [pdf.glass_split]"
        }
        other => unreachable!("the table '{other}' has no name"),
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    const TABLES: [(&str, Table); 7] = [
        ("quench_populations", |frames| {
            population_temperature_table(&analyses(frames))
        }),
        ("quench_distortion", |frames| {
            distortion_temperature_table(&analyses(frames))
        }),
        ("quench_growth", |frames| growth_table(&networks(frames))),
        ("quench_clusters", |frames| {
            cluster_size_table(&networks(frames))
        }),
        ("quench_filling", |frames| filling_table(&networks(frames))),
        ("quench_largest", |frames| {
            largest_table(&networks(frames), 5)
        }),
        ("quench_peaks_and_valleys", |frames| {
            let curves: Vec<PairDistribution> = frames
                .iter()
                .map(|f| carried_pair_distribution(f.frame).unwrap())
                .collect();
            let rows = frames.iter().map(Analysed::rows).zip(&curves);
            let rows: Vec<_> = rows.map(|(rows, curve)| rows.with(curve)).collect();
            extrema_table(&rows, 0.0, 4)
        }),
    ];
    TABLES
        .into_iter()
        .map(|(name, table)| {
            Trial::test(named(name), move || {
                snapshot(name, &text(&table(frames()).unwrap()));
                Ok(())
            })
        })
        .collect()
}

fn analyses(frames: &[Analysed]) -> Vec<Rows<'_, &Analysis>> {
    frames.iter().map(Analysed::rows).collect()
}

fn networks(frames: &[Analysed]) -> Vec<NetworkRows<'_>> {
    let rows = frames.iter().map(|frame| {
        let (analysis, found) = (&frame.analysis, &frame.found);
        frame.rows().with(Networks { analysis, found })
    });
    rows.collect()
}
