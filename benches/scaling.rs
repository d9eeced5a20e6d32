//! How time and memory of the whole chain, from coordinates to networks, grow with the number of
//! atoms and shrink with the number of threads.
//!
//! Balls of 10⁴, 10⁵ and 10⁶ atoms are cut from the embedded liquid, repeated as often as that
//! takes, and analysed as open samples; so the sizes differ in nothing else. Each measurement is a
//! process of its own, so that its memory is its own. What is measured is said by the environment:
//!
//! | variable | meaning | default |
//! |---|---|---|
//! | `SCALING_ATOMS` | atoms of the balls, separated by commas | `10000,100000,1000000` |
//! | `SCALING_REPLICAS` | periodic boxes of n × n × n liquids (7: 10.7 million atoms) | none |
//! | `SCALING_THREADS` | numbers of threads | `1,2,4` |
//! | `SCALING_REPEAT` | repetitions of what takes less than ten seconds | `3` |
//! | `SCALING_CSV` | file for the rows, beside standard output | none |

use std::error::Error;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::progress::Progress;
use benches::{forget_peak, liquid, peak_mb};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Names the measurement of a child process: `ball:100000` or `box:7`.
const ONE: &str = "SCALING_ONE";
/// The first-neighbour distance of the liquid in ångström; given, so that a box costs what a ball
/// does.
const FIRST_VALLEY_ANGSTROM: f64 = 4.12;
/// A measurement that took longer, in seconds, is not repeated.
const LONG_SECONDS: f64 = 10.0;
const HEAD: &str = "boundary,atoms,threads,repetition,seconds,peak_mb,networks,stages";

fn main() -> Outcome<()> {
    if let Ok(one) = std::env::var(ONE) {
        return measure(&one);
    }
    let balls = list("SCALING_ATOMS", "10000,100000,1000000");
    let boxes = list("SCALING_REPLICAS", "");
    let samples = balls
        .iter()
        .map(|atoms| format!("ball:{atoms}"))
        .chain(boxes.iter().map(|replicas| format!("box:{replicas}")));
    let repeat: usize = setting("SCALING_REPEAT", "3").parse()?;
    let mut rows = vec![HEAD.to_owned()];
    println!("{HEAD}");
    for sample in samples {
        for threads in list("SCALING_THREADS", "1,2,4") {
            for repetition in 1..=repeat {
                let row = in_a_process_of_its_own(&sample, &threads, repetition)?;
                println!("{row}");
                let seconds: f64 = row.split(',').nth(4).unwrap_or_default().parse()?;
                rows.push(row);
                if seconds > LONG_SECONDS {
                    break;
                }
            }
        }
    }
    if let Ok(file) = std::env::var("SCALING_CSV") {
        std::fs::write(file, rows.join("\n") + "\n")?;
    }
    Ok(())
}

fn setting(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

fn list(name: &str, default: &str) -> Vec<String> {
    let given = setting(name, default);
    let parts = given.split(',').map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

fn in_a_process_of_its_own(sample: &str, threads: &str, repetition: usize) -> Outcome<String> {
    let output = Command::new(std::env::current_exe()?)
        .env(ONE, sample)
        .env("RAYON_NUM_THREADS", threads)
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{sample} with {threads} threads: {}: {said}", output.status).into());
    }
    let said = String::from_utf8(output.stdout)?;
    let (sample, rest) = said
        .trim()
        .split_once(';')
        .ok_or("the measurement printed no row")?;
    Ok(format!("{sample},{threads},{repetition},{rest}"))
}

/// Measures the chain on one sample and prints `boundary,atoms;seconds,peak_mb,networks,stages`; a
/// stage has its seconds and the largest memory up to its end.
fn measure(one: &str) -> Outcome<()> {
    let (positions, boundary) = sample(one)?;
    forget_peak();
    let name = match boundary {
        Boundary::Open => "open",
        Boundary::Periodic(_) => "periodic",
    };
    let count = positions.len();
    let begins = Begins::default();
    begins.record("check");
    let atoms = Atoms::new(Element::Ta, positions, boundary)?;
    let analysis = Analysis::new(atoms, Some(FIRST_VALLEY_ANGSTROM), &begins)?;
    begins.record("networks");
    let networks = analysis.networks(5, Region::Amorphous).networks.len();
    begins.record("");
    let stages = begins
        .0
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let spent: Vec<String> = stages
        .windows(2)
        .map(|pair| {
            let (stage, begin, _) = &pair[0];
            let (_, end, peak) = &pair[1];
            let seconds = (*end - *begin).as_secs_f64();
            format!("{stage} {seconds:.3} s {peak:.0} MB")
        })
        .collect();
    println!(
        "{name},{count};{:.4},{:.0},{networks},{}",
        (stages[stages.len() - 1].1 - stages[0].1).as_secs_f64(),
        peak_mb(),
        spent.join(" | ")
    );
    Ok(())
}

/// When each stage began, and the largest memory until then in MB.
#[derive(Default)]
struct Begins(Mutex<Vec<(String, Instant, f64)>>);

impl Begins {
    fn record(&self, stage: &str) {
        let begin = (stage.to_owned(), Instant::now(), peak_mb());
        let stages = self.0.lock();
        stages.unwrap_or_else(PoisonError::into_inner).push(begin);
    }
}

impl Progress for Begins {
    fn start(&self, stage: &str, _total: Option<u64>) {
        self.record(stage);
    }

    fn advance(&self, _amount: u64) {}

    fn finish(&self) {}
}

/// The positions of `ball:ATOMS` or `box:REPLICAS`.
fn sample(one: &str) -> Outcome<(Vec<Vec3>, Boundary)> {
    let (shape, size) = one.split_once(':').ok_or("no sample is named")?;
    let size: usize = size.parse()?;
    match shape {
        "ball" => Ok((ball(size), Boundary::Open)),
        "box" => {
            let (positions, edges) = repeated(size);
            Ok((positions, Boundary::periodic(edges)))
        }
        _ => Err(format!("there is no shape '{shape}'").into()),
    }
}

/// The embedded liquid `n` times along each axis, and the edges of the whole box in ångström.
fn repeated(n: usize) -> (Vec<Vec3>, Vec3) {
    let liquid = liquid();
    let Some(edges) = liquid.boundary().edges() else {
        unreachable!("the liquid is periodic")
    };
    let mut positions = Vec::with_capacity(liquid.len() * n.pow(3));
    for copy in 0..n.pow(3) {
        let shift = [copy / n / n, copy / n % n, copy % n];
        let shift = edges * Vec3::from(shift.map(|steps| steps as f64));
        positions.extend(liquid.positions().iter().map(|p| *p + shift));
    }
    (positions, edges * n as f64)
}

/// The `count` atoms nearest to the centre of as many liquids as hold that ball.
fn ball(count: usize) -> Vec<Vec3> {
    // A ball fills π/6 of the cube about it; a tenth more, because the liquid fluctuates.
    let per_liquid = liquid().len() as f64 * std::f64::consts::FRAC_PI_6 / 1.1;
    let n = (count as f64 / per_liquid).cbrt().ceil() as usize;
    let (mut positions, edges) = repeated(n);
    let squared = |p: &Vec3| p.distance_squared(edges / 2.0);
    positions.select_nth_unstable_by(count - 1, |a, b| squared(a).total_cmp(&squared(b)));
    positions.truncate(count);
    positions.shrink_to_fit();
    // In an order that does not tell the distance from the centre.
    positions.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    positions
}
