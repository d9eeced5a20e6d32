//! The same tasks as those of the peers, done by this library; `run.sh` beside it starts both.
//!
//! `ours export SAMPLE FILE` writes the positions of a sample as raw f64 (x, y, z of each atom, in
//! ångström) and prints the number of atoms. `ours TASK SAMPLE FILE REPETITIONS` reads such a file
//! and prints a row for each repetition; the number of threads is that of `RAYON_NUM_THREADS`.
//! Without arguments, as `cargo bench -p benches` starts it, it does every task once on the embedded liquid.

use std::error::Error;
use std::time::Instant;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::data::Sample;
use amorphous_packing::geometry::{AlphaShape, Triangulation, VoronoiCells};
use amorphous_packing::numerics::Mask;
use amorphous_packing::order::{ALPHA_ANGSTROM, averaged_bond_order, pair_counts};
use amorphous_packing::packing::{Criteria, DELTAS, populations_at};
use amorphous_packing::progress::Silent;
use benches::{arguments, forget_peak, jittered_fcc, liquid, open, peak_mb, published};

/// The tasks; see the README beside this file for what each includes.
const TASKS: [&str; 7] = [
    "pair_histogram",
    "bond_order",
    "voronoi",
    "delaunay",
    "alpha_shape",
    "motifs",
    "chain",
];
/// Cubic cells along each edge of the crystal of a million atoms.
const FCC_CELLS: usize = 63;
/// A repetition that took longer, in seconds, is the last.
const LONG_SECONDS: f64 = 10.0;
/// Voronoi cells of at most this volume, in Å³, are compared with those of the peers: cells at the
/// surface end in another way in each program.
const CELL_ANGSTROM3: f64 = 25.0;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments = arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["export", sample, file] => export(sample, file),
        [task, sample, file, repetitions] => {
            let atoms = read(sample, file)?;
            measure(task, sample, &atoms, repetitions.parse()?)
        }
        [] => TASKS.iter().try_for_each(|task| {
            let liquid = open(Element::Ta, liquid().positions().to_vec());
            measure(task, "liquid_cluster", &liquid, 1)
        }),
        _ => Err("usage: ours [export SAMPLE FILE | TASK SAMPLE FILE REPETITIONS]".into()),
    }
}

/// The positions of a sample of the peers' run; `pd2` and `ta_film` need the public data.
fn positions(sample: &str) -> Outcome<Vec<Vec3>> {
    let of = |sample| published(sample).map(|atoms| atoms.positions().to_vec());
    let found = match sample {
        "pd2" => of(Sample::Pd2),
        "ta_film" => of(Sample::TaFilm),
        "liquid_cluster" => Some(liquid().positions().to_vec()),
        "fcc_1e6" => Some(jittered_fcc(FCC_CELLS, 1)),
        _ => return Err(format!("there is no sample '{sample}'").into()),
    };
    found.ok_or_else(|| format!("the public data of '{sample}' are not there").into())
}

fn export(sample: &str, file: &str) -> Outcome<()> {
    let positions = positions(sample)?;
    let bytes: Vec<u8> = positions
        .iter()
        .flat_map(Vec3::to_array)
        .flat_map(f64::to_le_bytes)
        .collect();
    std::fs::write(file, bytes)?;
    println!("{}", positions.len());
    Ok(())
}

fn read(sample: &str, file: &str) -> Outcome<Atoms> {
    let bytes = std::fs::read(file)?;
    let numbers = bytes.chunks_exact(8).map(|bytes| {
        let mut number = [0; 8];
        number.copy_from_slice(bytes);
        f64::from_le_bytes(number)
    });
    let numbers: Vec<f64> = numbers.collect();
    let positions: Vec<Vec3> = numbers.chunks_exact(3).map(Vec3::from_slice).collect();
    let element = match sample {
        "pd2" | "fcc_1e6" => Element::Pd,
        _ => Element::Ta,
    };
    Ok(Atoms::new(element, positions, Boundary::Open)?)
}

/// The first-neighbour distance with which a sample is analysed, in ångström.
fn first_valley(sample: &str) -> f64 {
    match sample {
        "pd2" | "fcc_1e6" => 3.91,
        _ => 4.12,
    }
}

/// Prints `ours,version,task,sample,atoms,threads,repetition,seconds,peak_mb,check,status` for each
/// repetition. The check is a number that the peers find too.
fn measure(task: &str, sample: &str, atoms: &Atoms, repetitions: usize) -> Outcome<()> {
    let prepared = Prepared::new(task, atoms)?;
    forget_peak();
    for repetition in 1..=repetitions {
        let start = Instant::now();
        let check = prepared.run(task, atoms, first_valley(sample))?;
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "ours,{},{task},{sample},{},{},{repetition},{seconds:.4},{:.0},{check},ok",
            env!("CARGO_PKG_VERSION"),
            atoms.len(),
            rayon::current_num_threads(),
            peak_mb(),
        );
        if seconds > LONG_SECONDS {
            break;
        }
    }
    Ok(())
}

/// What a task starts from besides the atoms: the motifs, from a triangulation.
struct Prepared(Option<Triangulation>);

impl Prepared {
    fn new(task: &str, atoms: &Atoms) -> Outcome<Prepared> {
        if task != "motifs" {
            return Ok(Prepared(None));
        }
        Ok(Prepared(Some(Triangulation::new(atoms)?)))
    }

    fn run(&self, task: &str, atoms: &Atoms, w: f64) -> Outcome<f64> {
        Ok(match (task, &self.0) {
            ("pair_histogram", _) => {
                let counts = pair_counts(atoms.positions(), atoms.boundary());
                // The last shell begins 0.001 Å below 20 Å and is not whole.
                counts[..counts.len() - 1].iter().sum::<u64>() as f64
            }
            ("bond_order", _) => {
                let order = averaged_bond_order(atoms, w);
                order.iter().map(|order| order.q6_bar).sum::<f64>() / atoms.len() as f64
            }
            ("voronoi", _) => {
                let cells = VoronoiCells::new(&Triangulation::new(atoms)?);
                let volumes = cells.closed().map(|cell| cell.volume);
                volumes.filter(|volume| *volume < CELL_ANGSTROM3).sum()
            }
            ("delaunay", _) => Triangulation::new(atoms)?.len() as f64,
            ("alpha_shape", _) => {
                let shape = AlphaShape::new(&Triangulation::new(atoms)?, ALPHA_ANGSTROM);
                shape.volume_cubic_angstrom()
            }
            ("motifs", Some(triangulation)) => {
                let crystal = Mask::all(atoms.len(), false);
                let criteria = Criteria::new(w);
                let found = populations_at(triangulation, criteria, &DELTAS, &crystal)?;
                found.iter().map(|at| at.motifs[2]).sum()
            }
            ("chain", _) => {
                let atoms = atoms.with_boundary(atoms.boundary())?;
                let analysis = Analysis::new(atoms, Some(w), &Silent)?;
                analysis.networks(5, Region::Amorphous).networks.len() as f64
            }
            _ => return Err(format!("there is no task '{task}'").into()),
        })
    }
}
