//! What each step of the analysis costs: on the embedded liquid (31,250 atoms, periodic), on the
//! published models when the public data are there, on the liquid as an open cluster in place of
//! Pd₂ when they are not, and on a jittered crystal of a million atoms.
//!
//! `cargo bench -p benches --bench analysis`; one sample with `-- ta_film/`, one step with `-- 'bond order'`,
//! one thread with `RAYON_NUM_THREADS=1`. Samples that the filter leaves out cost nothing.

use std::cell::LazyCell;
use std::hint::black_box;
use std::time::Duration;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{Atoms, Boundary, Element};
use amorphous_packing::data::{EXPERIMENT, Sample};
use amorphous_packing::geometry::{AlphaShape, Triangulation, VoronoiCells};
use amorphous_packing::network::{networks, sharing};
use amorphous_packing::order::{
    ALPHA_ANGSTROM, Regulation, averaged_bond_order, open_pair_distribution, pair_counts,
    shares_inside,
};
use amorphous_packing::packing::{
    DELTAS, Smoothing, accepted_tetrahedra, populations_at, triplets,
};
use amorphous_packing::progress::Silent;
use benches::{jittered_fcc, liquid, open, published};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, criterion_group, criterion_main};
use rayon::iter::ParallelIterator;

/// Cubic cells along each edge of the crystal of a million atoms.
const FCC_CELLS: usize = 63;

fn every_step(c: &mut Criterion) {
    for (name, w, atoms) in samples() {
        let mut group = c.benchmark_group(name);
        group.sample_size(10).sampling_mode(SamplingMode::Flat);
        group.warm_up_time(Duration::from_millis(500));
        let atoms = LazyCell::new(atoms);
        let analysis = LazyCell::new(|| {
            Analysis::new(atoms.clone(), Some(w), &Silent).expect("the sample can be analysed")
        });
        order(&mut group, w, &atoms, &analysis);
        geometry(&mut group, &atoms, &analysis);
        packing(&mut group, w, &analysis);
        if atoms.boundary() == Boundary::Open {
            surface(&mut group, &analysis);
        }
        group.bench_function("atoms to networks", |b| {
            let atoms: &Atoms = &atoms;
            b.iter(|| {
                let analysis = Analysis::new(atoms.clone(), Some(w), &Silent);
                analysis.map(|a| a.networks(5, Region::Amorphous).networks.len())
            });
        });
        group.finish();
    }
}

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn order(
    group: &mut Group<'_>,
    w: f64,
    atoms: &LazyCell<Atoms, impl FnOnce() -> Atoms>,
    analysis: &LazyCell<Analysis, impl FnOnce() -> Analysis>,
) {
    group.bench_function("pair counts", |b| {
        let atoms: &Atoms = atoms;
        b.iter(|| pair_counts(black_box(atoms.positions()), atoms.boundary()).len());
    });
    group.bench_function("pair distribution of the amorphous part", |b| {
        let analysis: &Analysis = analysis;
        b.iter(|| black_box(analysis).amorphous_pair_distribution().is_ok());
    });
    group.bench_function("bond order", |b| {
        let atoms: &Atoms = atoms;
        b.iter(|| averaged_bond_order(black_box(atoms), w).len());
    });
    group.bench_function("regulated Voronoi cells", |b| {
        let analysis: &Analysis = analysis;
        let cells = analysis.voronoi_cells();
        let rule = Regulation::default();
        b.iter(|| analysis.regulated_cells(black_box(&cells), rule).len());
    });
}

fn geometry(
    group: &mut Group<'_>,
    atoms: &LazyCell<Atoms, impl FnOnce() -> Atoms>,
    analysis: &LazyCell<Analysis, impl FnOnce() -> Analysis>,
) {
    group.bench_function("triangulation", |b| {
        let atoms: &Atoms = atoms;
        b.iter(|| Triangulation::new(black_box(atoms)).map(|t| t.len()));
    });
    group.bench_function("edge rings", |b| {
        let analysis: &Analysis = analysis;
        b.iter(|| {
            black_box(&analysis.triangulation)
                .rings_among(|_| true)
                .count()
        });
    });
    group.bench_function("Voronoi cells", |b| {
        let analysis: &Analysis = analysis;
        b.iter(|| VoronoiCells::new(black_box(&analysis.triangulation)).atoms());
    });
}

fn packing(
    group: &mut Group<'_>,
    w: f64,
    analysis: &LazyCell<Analysis, impl FnOnce() -> Analysis>,
) {
    group.bench_function("mass density", |b| {
        let analysis: &Analysis = analysis;
        b.iter(|| {
            let map = analysis
                .density_map(Smoothing::of_fwhm(black_box(w)))
                .expect("no skew cell");
            map.grid.len()
        });
    });
    group.bench_function("tetrahedra and triplets", |b| {
        let analysis: &Analysis = analysis;
        b.iter(|| {
            let accepted = accepted_tetrahedra(&analysis.triangulation, analysis.criteria);
            triplets(&analysis.triangulation, &accepted).len()
        });
    });
    group.bench_function("motifs at 13 deltas", |b| {
        let a: &Analysis = analysis;
        b.iter(|| {
            let triangulation = black_box(&a.triangulation);
            populations_at(triangulation, a.criteria, &DELTAS, &a.crystal).is_ok()
        });
    });
    group.bench_function("sharing", |b| {
        let analysis: &Analysis = analysis;
        let motifs = analysis.bipyramids(5, Region::All);
        b.iter(|| {
            let shared = sharing(&analysis.triangulation, black_box(&motifs));
            shared.map(|shared| shared.edge.len())
        });
    });
    group.bench_function("networks", |b| {
        let analysis: &Analysis = analysis;
        let triangulation = &analysis.triangulation;
        let motifs = analysis.bipyramids(5, Region::All);
        let shared = sharing(triangulation, &motifs).expect("the motifs are in order");
        b.iter(|| networks(triangulation, black_box(&motifs), &shared).len());
    });
}

/// Steps that need a surface.
fn surface(group: &mut Group<'_>, analysis: &LazyCell<Analysis, impl FnOnce() -> Analysis>) {
    let shape = |analysis: &Analysis| AlphaShape::new(&analysis.triangulation, ALPHA_ANGSTROM);
    group.bench_function("alpha shape", |b| {
        let analysis: &Analysis = analysis;
        b.iter(|| shape(black_box(analysis)).tetrahedra().len());
    });
    group.bench_function("pair distribution by shape", |b| {
        let analysis: &Analysis = analysis;
        let shape = shape(analysis);
        b.iter(|| open_pair_distribution(black_box(&analysis.atoms), &shape).is_ok());
    });
    group.bench_function("shares inside the shape", |b| {
        let analysis: &Analysis = analysis;
        let shape = shape(analysis);
        b.iter(|| shares_inside(black_box(&analysis.atoms), &shape).len());
    });
    group.bench_function("interface", |b| {
        let analysis: &Analysis = analysis;
        b.iter(|| black_box(analysis).interface_profile().bins.len());
    });
}

type Make = Box<dyn FnOnce() -> Atoms>;

/// Name, first-neighbour distance in ångström and atoms of every sample.
fn samples() -> Vec<(&'static str, f64, Make)> {
    let liquid_valley = 4.12;
    let mut found: Vec<(&'static str, f64, Make)> =
        vec![(Sample::TA_LIQUID.id(), liquid_valley, Box::new(liquid))];
    for sample in EXPERIMENT {
        if let (Some(atoms), Some(w)) = (published(sample), sample.first_valley_angstrom()) {
            found.push((sample.id(), w, Box::new(|| atoms)));
        }
    }
    if found.len() == 1 {
        let cluster = || {
            let positions = liquid().positions().to_vec();
            open(Element::Ta, positions)
        };
        found.push(("liquid_cluster", liquid_valley, Box::new(cluster)));
    }
    let crystal = || open(Element::Pd, jittered_fcc(FCC_CELLS, 1));
    found.push(("fcc_1e6", 3.91, Box::new(crystal)));
    found
}

criterion_group!(benches, every_step);
criterion_main!(benches);
