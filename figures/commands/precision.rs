//! `precision`: how well the atoms of a known model are found again from images of it (Methods, "The 3D
//! precision estimation"; Supp. Fig. 6c).

use std::path::PathBuf;
use std::process::ExitCode;

use amorphous_packing::aet::Area;
use amorphous_packing::data::Sample;
use anyhow::{Result, ensure};
use clap::Parser;

use crate::Stages;
use crate::commands::multislice_run::{self, CutOut};
use crate::commands::precision_run::{PrecisionRun, Trial};
use crate::commands::refinement::Method;
use crate::harness::cli::{Running, finish};
use crate::harness::out;

const EXAMPLES: &str = "\
Examples:
  precision --areas 20                       one area of the film: images, noise, reconstruction,
                                             tracing, refinement, matching (minutes)
  precision --areas 1-65 --out film          the whole film (hours); killed, it goes on where it was
  precision --areas 1-65 --from data --out film
                                             the areas that the committed run lacks, and the refinement
                                             of all
  precision --areas 17-29 --counts 400 --seed 2 --out quiet
                                             a row of areas with half the noise
  precision --areas 17-29 --method descent --iterations 100 --out film
                                             the volumes of an earlier run, refined in another way
  precision --multislice                     a ball of some hundred atoms, imaged by multislice
                                             (PRISM); the images are kept for the next run";

/// The area whose middle is simulated as one image: one whose measured images are in the public data and
/// whose middle is full of atoms.
const VIEW_AREA: usize = 17;

/// Finds the atoms of the published film again from computed, noisy images of it
#[derive(Debug, Parser)]
#[command(name = "precision", version, after_help = EXAMPLES)]
struct Args {
    /// Areas of the film: numbers and ranges, separated by commas
    #[arg(long, value_name = "N,N-N", default_value = "1-65", value_parser = areas)]
    areas: Areas,

    /// Electrons in the brightest pixel of a tilt series: 100 are a noise of 10 % there
    #[arg(long, value_name = "N", default_value_t = 100.0)]
    counts: f64,

    /// Seed of the noise
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// The B factor of the images in Å², which holds the blur: about that of the measured images
    #[arg(long, value_name = "ANGSTROM2", default_value_t = 5.5)]
    b_factor: f64,

    /// Iterations of the reconstruction of an area
    #[arg(long, value_name = "N", default_value_t = 100)]
    resire: usize,

    /// How the atoms are refined
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Method::Exact)]
    method: Method,

    /// Iterations of the refinement of an area
    #[arg(long, value_name = "N", default_value_t = 30)]
    iterations: usize,

    /// Directory with the tables of an earlier run of the same trial (data, for the committed one): its areas
    /// are not traced again
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,

    /// Instead of areas: a ball of atoms whose images are simulated by multislice
    #[arg(long, conflicts_with = "areas")]
    multislice: bool,

    /// Radius of the ball in ångström
    #[arg(long, value_name = "ANGSTROM", default_value_t = 11.4)]
    radius: f64,

    /// Interpolation factor of PRISM: larger is faster and less exact
    #[arg(long, value_name = "F", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=12))]
    prism: u8,

    /// Standard deviation of the blur of the multislice images in ångström (assumed)
    #[arg(long, value_name = "ANGSTROM", default_value_t = 0.5)]
    blur: f64,

    #[command(flatten)]
    running: Running,
}

#[derive(Debug, Clone)]
struct Areas(Vec<Area>);

fn areas(text: &str) -> Result<Areas, String> {
    let number = |text: &str| -> Result<usize, String> {
        let number = text.trim().parse();
        number.map_err(|_| "give numbers and ranges of areas, such as 1,17-29".to_owned())
    };
    let mut areas = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        for number in number(first)?..=number(last)? {
            let area = Area::new(number).map_err(|error| error.to_string())?;
            if !areas.contains(&area) {
                areas.push(area);
            }
        }
    }
    match areas.is_empty() {
        true => Err("give at least one area".to_owned()),
        false => Ok(Areas(areas)),
    }
}

/// Runs the command.
pub fn main() -> ExitCode {
    let args = Args::parse();
    finish(run(&args).map(|()| ExitCode::SUCCESS))
}

fn run(args: &Args) -> Result<()> {
    for (option, value) in [("counts", args.counts), ("b-factor", args.b_factor)] {
        ensure!(
            value.is_finite() && value > 0.0,
            "--{option} is {value}; give a positive number"
        );
    }
    ensure!(
        args.resire > 0 && args.iterations > 0,
        "0 iterations find nothing; give 1 or more"
    );
    args.running.begin()?;
    if args.multislice {
        return multislice(args);
    }
    let trial = Trial {
        counts: args.counts,
        seed: args.seed,
        b_factor: args.b_factor,
        resire: args.resire,
        method: args.method,
        iterations: args.iterations,
    };
    let store = args.running.source.store()?;
    let mut stages = Stages::new(args.running.quiet);
    let run = PrecisionRun::new(
        &store,
        Sample::TaFilm,
        trial,
        args.areas.0.clone(),
        &args.running.out,
    )?;
    run.check_directory()?;
    let traced = run.trace_areas(args.from.as_deref(), &mut stages)?;
    let film = run.film(&traced);
    let refined = run.refine_areas(&film, &mut stages)?;
    let outcome = run.outcome(&film, &refined);
    let paths = run.write(&traced, &refined, &outcome, &mut stages)?;
    args.running.list(&paths)?;
    out::line(outcome.sentence())
}

fn multislice(args: &Args) -> Result<()> {
    let cut_out = CutOut {
        radius_angstrom: args.radius,
        prism: args.prism.into(),
        blur_angstrom: args.blur,
        counts: args.counts,
        seed: args.seed,
        iterations: args.iterations,
        view: Area::new(VIEW_AREA)?,
    };
    let mut stages = Stages::new(args.running.quiet);
    let store = args.running.source.store()?;
    let (found, paths) = multislice_run::run(&store, &cut_out, &args.running.out, &mut stages)?;
    args.running.list(&paths)?;
    out::line(found.sentence())
}
