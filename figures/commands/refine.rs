//! `refine`: atoms moved until their images are the measured ones, and images re-aligned to the atoms
//! (Methods, "Determination and refinement of 3D atomic coordinates", step 5, and the end of "3D
//! reconstruction with the RESIRE algorithm").

use std::path::PathBuf;
use std::process::ExitCode;

use amorphous_packing::aet::Area;
use amorphous_packing::aet::refine::Descent;
use amorphous_packing::atoms::Element;
use amorphous_packing::data::Sample;
use anyhow::{Result, bail, ensure};
use clap::Parser;

use crate::Stages;
use crate::commands::refinement::{Method, Refining};
use crate::commands::trace::area;
use crate::harness::cli::{Running, finish};
use crate::harness::out;

const EXAMPLES: &str = "\
Examples:
  refine --sample ta_film --area 20            the published atoms of an area before their refinement,
                                               against its measured images
  refine --sample ta_film --area 20 --atoms out/atoms.extxyz --out refined
                                               atoms that `trace` found in the area
  refine --sample ta_film --area 20 --method exact --iterations 20
                                               with the exact gradient and L-BFGS
  refine --images series.mrc --angles angles.csv --pixel 0.32 --atoms atoms.extxyz
                                               your own tilt series and atoms
  refine --sample ta_film --area 20 --realign  first the angles and shifts of the images against the
                                               atoms; then
  reconstruct --images out/realigned.npy --angles out/realigned.csv --pixel 0.3216
                                               the final reconstruction";

/// Refines atoms against the images of a tilt series
#[derive(Debug, Parser)]
#[command(name = "refine", version, after_help = EXAMPLES)]
struct Args {
    /// The published tilt series: ta_film, with --area
    #[arg(long, value_name = "SAMPLE", conflicts_with = "images")]
    sample: Option<Sample>,

    /// An area of the film, 1 to 65
    #[arg(long, value_name = "N", value_parser = area, requires = "sample")]
    area: Option<Area>,

    /// Your own images: a stack in a .mrc, .tif or .npy file
    #[arg(long, value_name = "FILE", requires_all = ["angles", "pixel", "atoms"])]
    images: Option<PathBuf>,

    /// Your own angles in degrees: a .csv file of three columns (phi, theta, psi), or theta alone
    #[arg(long, value_name = "FILE", requires = "images")]
    angles: Option<PathBuf>,

    /// Side of a pixel of your own images in ångström
    #[arg(long, value_name = "ANGSTROM", requires = "images")]
    pixel: Option<f64>,

    /// Atoms to refine: an extended XYZ file, in ångström from the centre; of one with a property `flag`
    /// those of flag 0 [default for an area: the published ones before their refinement]
    #[arg(long, value_name = "FILE")]
    atoms: Option<PathBuf>,

    /// The symbol of the element of the atoms
    #[arg(long, value_name = "SYMBOL", default_value = "Ta")]
    element: Element,

    /// How the atoms are moved
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Method::Descent)]
    method: Method,

    /// Number of iterations of a round [default: 1000 by descent, 30 exact]
    #[arg(long, value_name = "N")]
    iterations: Option<usize>,

    /// Length of a step of the descent: 1 as for the film, 0.2 as for the second particle
    #[arg(
        long,
        value_name = "S",
        default_value_t = 1.0,
        allow_negative_numbers = true
    )]
    step: f64,

    /// Number of rounds, each of which fits the B factor anew and lets the atoms go up to 1 Å
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    rounds: u8,

    /// First refine the angles and shifts of the images against the atoms
    #[arg(long)]
    realign: bool,

    #[command(flatten)]
    running: Running,
}

/// Runs the command.
pub fn main() -> ExitCode {
    let args = Args::parse();
    finish(run(&args).map(|()| ExitCode::SUCCESS))
}

fn run(args: &Args) -> Result<()> {
    ensure!(
        args.iterations != Some(0),
        "0 iterations refine nothing; give --iterations 1 or more"
    );
    ensure!(
        args.step.is_finite() && args.step > 0.0,
        "the step is {}; it must be a positive number, such as 1",
        args.step
    );
    args.running.begin()?;
    let own = (&args.images, &args.angles, args.pixel, &args.atoms);
    let mut refining = match (own, args.sample, args.area) {
        ((Some(images), Some(angles), Some(pixel), Some(atoms)), ..) => {
            Refining::own(images, angles, pixel, atoms)?
        }
        (_, Some(Sample::TaFilm), Some(area)) => {
            let store = args.running.source.store()?;
            Refining::published(&store, area, args.atoms.as_deref(), args.running.quiet)?
        }
        (_, Some(Sample::TaFilm), None) => {
            bail!("give the area of the film, such as --area 20")
        }
        (_, Some(sample), _) => {
            bail!("{sample} is refined from files: give --images, --angles, --pixel and --atoms")
        }
        _ => bail!(
            "say what to refine: --sample ta_film --area 20, or --images FILE --angles FILE \
             --pixel P --atoms FILE"
        ),
    };
    refining.element = args.element;
    let descent = Descent {
        iterations: args.iterations.unwrap_or(match args.method {
            Method::Descent => Descent::film().iterations,
            Method::Exact => 30,
        }),
        step: args.step,
        side: refining.side(),
    };
    let mut stages = Stages::new(args.running.quiet);
    let refined = refining.run(
        args.method,
        &descent,
        args.rounds,
        args.realign,
        &mut stages,
    )?;
    let paths = refining.write(&refined, &args.running.out, &mut stages)?;
    args.running.list(&paths)?;
    out::line(refined.sentence())
}
