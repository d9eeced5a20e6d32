//! Tracing and one iteration of the refinement, done by this library as trace.py and refine.py beside it
//! do them; `atoms.sh` starts all.
//!
//! `steps trace|refine_iteration REPETITIONS FILE` prints a row for each repetition and writes the result
//! to FILE as raw f64: of `trace` the place of every kept peak (x, y, z in voxels from 1, the brightest
//! first); of `refine_iteration`, where each repetition is the next iteration, R before the first, then the
//! position of every movable atom after it. The number of threads is that of `RAYON_NUM_THREADS`. Without
//! arguments, as `cargo bench -p benches` starts it, it does both once, where the public data are.

use std::error::Error;
use std::fs;

use amorphous_packing::aet::refine::Descent;
use amorphous_packing::aet::trace::{Flag, TraceOptions, trace};
use amorphous_packing::progress::Silent;
use benches::{FILM_PIXEL_ANGSTROM, Took, area_atoms, area_volume, arguments, timed};

/// The area that is traced.
const TRACED: usize = 1;
/// The area whose atoms are refined.
const REFINED: usize = 20;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments = arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["trace", repetitions, file] => write(file, &trace_area(repetitions.parse()?)?),
        ["refine_iteration", repetitions, file] => write(file, &refine_area(repetitions.parse()?)?),
        [] if area_volume(TRACED).is_none() => {
            println!("the public data are not there: nothing is traced or refined");
            Ok(())
        }
        [] => {
            trace_area(1)?;
            refine_area(1)?;
            Ok(())
        }
        _ => Err("usage: steps [trace|refine_iteration REPETITIONS FILE]".into()),
    }
}

fn trace_area(repetitions: usize) -> Outcome<Vec<f64>> {
    let absent = format!("the published volume of area {TRACED} is not there");
    let volume = area_volume(TRACED).ok_or(absent)?;
    let options = TraceOptions::film(FILM_PIXEL_ANGSTROM);
    let mut result = Vec::new();
    for repetition in 1..=repetitions {
        let (peaks, took) = timed(|| trace(volume.view(), &options, &Silent));
        let peaks = peaks?;
        let kept = peaks.iter().filter(|peak| peak.flag == Flag::Kept);
        result = kept.flat_map(|peak| peak.voxel.to_array()).collect();
        row(
            "trace",
            peaks.len(),
            repetition,
            took,
            result.len() as f64 / 3.0,
        );
    }
    Ok(result)
}

fn refine_area(repetitions: usize) -> Outcome<Vec<f64>> {
    let absent = format!("the published images of area {REFINED} are not there");
    let area = area_atoms(REFINED).ok_or(absent)?;
    let one = Descent {
        iterations: 1,
        ..Descent::film()
    };
    let mut refinement = area.refinement()?;
    let mut result = Vec::new();
    for repetition in 1..=repetitions {
        let (iterations, took) = timed(|| refinement.descend(&one, &Silent));
        let r = iterations.first().map_or(f64::NAN, |iteration| iteration.r);
        if repetition == 1 {
            let moved = refinement.positions().iter().zip(&area.may_move);
            let moved = moved.filter(|(_, may_move)| **may_move);
            result = vec![r];
            result.extend(moved.flat_map(|(position, _)| position.to_array()));
        }
        let atoms = result.len() / 3;
        row("refine_iteration", atoms, repetition, took, r);
    }
    Ok(result)
}

/// Prints `ours,version,task,size,threads,repetition,seconds,cpu_seconds,check`.
fn row(task: &str, size: usize, repetition: usize, took: Took, check: f64) {
    println!(
        "ours,{},{task},{size},{},{repetition},{:.5},{:.5},{check:.9}",
        env!("CARGO_PKG_VERSION"),
        rayon::current_num_threads(),
        took.seconds,
        took.cpu_seconds,
    );
}

fn write(file: &str, numbers: &[f64]) -> Outcome<()> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    Ok(fs::write(file, bytes)?)
}
