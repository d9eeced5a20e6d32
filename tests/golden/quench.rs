//! Our tables of the quench (Fig. 6, Fig. 4d, Supplementary Figs. 19 and 21), as snapshots in
//! `golden/`, from the frames that the library carries: they need no data.

use std::sync::OnceLock;

use amorphous_packing::analysis::{Analysis, MotifNetworks, Region};
use amorphous_packing::bipyramid::tables::distortion_temperature_table;
use amorphous_packing::io::snapshot::{Snapshot, embedded};
use amorphous_packing::liquid::states::carried_pair_distribution;
use amorphous_packing::liquid::tables::{
    FrameEntry, cluster_size_table, growth_table, population_temperature_table,
};
use amorphous_packing::network::tables::{Entry, filling_table, largest_table};
use amorphous_packing::order::{PairDistribution, extrema_table};
use amorphous_packing::sample::frames::{PD_QUENCH, SimulatedFrame, TA_QUENCH, TA_ZHOU_QUENCH};
use libtest_mimic::Trial;
use polars::prelude::{DataFrame, PolarsResult};

use crate::tables::{snapshot, text};

struct Analysed {
    frame: &'static SimulatedFrame,
    analysis: Analysis,
    networks: MotifNetworks,
}

impl Analysed {
    fn kelvin(&self) -> f64 {
        f64::from(self.frame.temperature_k)
    }

    fn entry(&self) -> Entry<'_> {
        Entry {
            sample: self.frame.id,
            analysis: &self.analysis,
            networks: &self.networks,
        }
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
                let analysis = Analysis::new(atoms, None, |_| ()).unwrap();
                Analysed {
                    frame,
                    networks: analysis.networks(5, Region::Amorphous),
                    analysis,
                }
            })
            .collect()
    })
}

type Table = fn(&[Analysed]) -> PolarsResult<DataFrame>;

pub(crate) fn trials() -> Vec<Trial> {
    const TABLES: [(&str, Table); 7] = [
        ("quench_populations", |frames| {
            let entries: Vec<_> = frames
                .iter()
                .map(|f| (f.frame.id, f.kelvin(), &f.analysis))
                .collect();
            population_temperature_table(&entries)
        }),
        ("quench_distortion", |frames| {
            let entries: Vec<_> = frames.iter().map(|f| (f.kelvin(), &f.analysis)).collect();
            distortion_temperature_table(&entries)
        }),
        ("quench_growth", |frames| growth_table(&of_frames(frames))),
        ("quench_clusters", |frames| {
            cluster_size_table(&of_frames(frames))
        }),
        ("quench_filling", |frames| {
            filling_table(&frames.iter().map(Analysed::entry).collect::<Vec<_>>())
        }),
        ("quench_largest", |frames| {
            largest_table(&frames.iter().map(Analysed::entry).collect::<Vec<_>>(), 5)
        }),
        ("quench_peaks_and_valleys", |frames| {
            let curves: Vec<(&str, PairDistribution)> = frames
                .iter()
                .map(|f| (f.frame.id, carried_pair_distribution(f.frame).unwrap()))
                .collect();
            let entries: Vec<_> = curves.iter().map(|(id, curve)| (*id, curve)).collect();
            extrema_table(&entries, 0.0, 4)
        }),
    ];
    TABLES
        .into_iter()
        .map(|(name, table)| {
            Trial::test(format!("quench::{name}"), move || {
                snapshot(name, &text(&table(frames()).unwrap()));
                Ok(())
            })
        })
        .collect()
}

fn of_frames(frames: &[Analysed]) -> Vec<FrameEntry<'_>> {
    frames
        .iter()
        .map(|frame| (frame.kelvin(), frame.entry()))
        .collect()
}
