//! What each step of the analysis costs, on the embedded liquid (31,250 atoms, periodic) and, when
//! the public data are there, on the three published models.
//!
//! `cargo bench --bench analysis`; one thread with `RAYON_NUM_THREADS=1`.

use std::hint::black_box;
use std::path::PathBuf;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{Atoms, Boundary};
use amorphous_packing::geometry::{AlphaShape, EdgeRings, Triangulation, VoronoiCells};
use amorphous_packing::io::snapshot::{Snapshot, embedded};
use amorphous_packing::io::{DataStore, Silent, StoreOptions, read_published, user_cache_dir};
use amorphous_packing::network::{networks, sharing};
use amorphous_packing::order::{
    ALPHA_ANGSTROM, Regulation, averaged_bond_order, open_pair_distribution, shares_inside,
};
use amorphous_packing::packing::{Smoothing, accepted_tetrahedra, bipyramids, triplets};
use amorphous_packing::sample::{EXPERIMENT, Sample};
use criterion::{Criterion, criterion_group, criterion_main};

fn main_steps(c: &mut Criterion) {
    for (name, atoms, w) in samples() {
        let mut group = c.benchmark_group(name);
        group.sample_size(10);
        let Ok(analysis) = Analysis::new(atoms.clone(), w, |_| ()) else {
            continue;
        };
        let w = analysis.first_valley_angstrom;
        let (triangulation, rings) = (&analysis.triangulation, &analysis.rings);
        let motifs = bipyramids(rings, analysis.criteria, 5);
        let shared = sharing(rings, &motifs);
        group.bench_function("pair distribution of the amorphous part", |b| {
            b.iter(|| black_box(&analysis).amorphous_pair_distribution().is_ok());
        });
        if atoms.boundary() == Boundary::Open {
            let shape = AlphaShape::new(triangulation, ALPHA_ANGSTROM);
            group.bench_function("alpha shape", |b| {
                b.iter(|| {
                    AlphaShape::new(black_box(triangulation), ALPHA_ANGSTROM)
                        .tetrahedra()
                        .len()
                });
            });
            group.bench_function("pair distribution by shape", |b| {
                b.iter(|| open_pair_distribution(black_box(&atoms), &shape).is_ok());
            });
            group.bench_function("shares inside the shape", |b| {
                b.iter(|| shares_inside(black_box(&atoms), &shape).len());
            });
            group.bench_function("interface", |b| {
                b.iter(|| black_box(&analysis).interface_profile().bins.len());
            });
        }
        group.bench_function("bond order", |b| {
            b.iter(|| averaged_bond_order(black_box(&atoms), w).len());
        });
        group.bench_function("triangulation", |b| {
            b.iter(|| Triangulation::new(black_box(&atoms)).map(|t| t.len()));
        });
        group.bench_function("edge rings", |b| {
            b.iter(|| EdgeRings::new(black_box(triangulation)).len());
        });
        group.bench_function("Voronoi cells", |b| {
            b.iter(|| VoronoiCells::new(black_box(triangulation), rings).atoms());
        });
        let cells = analysis.voronoi_cells();
        group.bench_function("regulated Voronoi cells", |b| {
            let rule = Regulation::default();
            b.iter(|| analysis.regulated_cells(black_box(&cells), rule).len());
        });
        group.bench_function("mass density", |b| {
            b.iter(|| {
                analysis
                    .density_map(Smoothing::of_fwhm(black_box(w)))
                    .grid
                    .len()
            });
        });
        group.bench_function("tetrahedra and triplets", |b| {
            b.iter(|| {
                let accepted = accepted_tetrahedra(triangulation, analysis.criteria);
                triplets(triangulation, &accepted).len()
            });
        });
        group.bench_function("sharing", |b| {
            b.iter(|| sharing(rings, black_box(&motifs)).edge.len());
        });
        group.bench_function("networks", |b| {
            b.iter(|| networks(triangulation, rings, black_box(&motifs), &shared).len());
        });
        group.bench_function("atoms to networks", |b| {
            b.iter(|| {
                let analysis = Analysis::new(atoms.clone(), Some(w), |_| ());
                analysis.map(|a| a.networks(5, Region::Amorphous).networks.len())
            });
        });
        group.finish();
    }
}

/// Name, atoms and shell distance of every sample that is there.
fn samples() -> Vec<(&'static str, Atoms, Option<f64>)> {
    let store = DataStore::new(StoreOptions {
        data_dir: std::env::var_os("AMORPHOUS_PACKING_DATA").map(PathBuf::from),
        cache_dir: user_cache_dir(),
        offline: true,
    });
    let liquid = embedded("ta_liquid_5200K.parquet")
        .and_then(|bytes| Snapshot::from_parquet(bytes).ok())
        .map(|snapshot| (Sample::TA_LIQUID.id(), snapshot.atoms().clone(), None));
    let published = store.iter().flat_map(|store| {
        EXPERIMENT.into_iter().filter_map(|sample| {
            let (atoms, _) = read_published(store, sample, &Silent).ok()?;
            Some((sample.id(), atoms, sample.first_valley_angstrom()))
        })
    });
    liquid.into_iter().chain(published).collect()
}

criterion_group!(benches, main_steps);
criterion_main!(benches);
