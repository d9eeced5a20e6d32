//! `trace`: from a volume to atoms (Methods, "Determination and refinement of 3D atomic coordinates",
//! steps 1 and 2).

use std::path::PathBuf;
use std::process::ExitCode;

use amorphous_packing::aet::Area;
use amorphous_packing::aet::classify::ClassifyOptions;
use amorphous_packing::aet::trace::{TraceOptions, Upsampling};
use amorphous_packing::atoms::Element;
use amorphous_packing::data::Sample;
use anyhow::{Result, bail, ensure};
use clap::{Parser, ValueEnum};

use crate::Stages;
use crate::commands::tracing::{Support, Tracing};
use crate::harness::cli::{Running, finish};
use crate::harness::out;

const EXAMPLES: &str = "\
Examples:
  trace --sample ta_film --area 12          the published reconstruction of an area of the film
  trace volume.mrc --pixel 0.3216           your own volume (.mrc, .npy)
  trace out/volume.mrc --pixel 0.3216 --area 20
                                            your own volume of an area of the film, in its frame
Then:
  networks --atoms out/atoms.extxyz         the networks of the atoms found
  refine --sample ta_film --area 20 --atoms out/atoms.extxyz --out refined
                                            the atoms refined against the measured images";

/// Traces the atoms of a volume
#[derive(Debug, Parser)]
#[command(name = "trace", version, after_help = EXAMPLES)]
struct Args {
    /// Your own volume: a .mrc or .npy file with the axes x, y, z
    #[arg(value_name = "VOLUME", requires = "pixel")]
    volume: Option<PathBuf>,

    /// Side of a voxel of your own volume in ångström
    #[arg(long, value_name = "ANGSTROM", requires = "volume")]
    pixel: Option<f64>,

    /// A published volume: ta_film, with --area
    #[arg(long, value_name = "SAMPLE", conflicts_with = "volume")]
    sample: Option<Sample>,

    /// The area of the film, 1 to 65, that the volume is
    #[arg(long, value_name = "N", value_parser = area)]
    area: Option<Area>,

    /// The symbol of the element of the atoms
    #[arg(long, value_name = "SYMBOL", default_value = "Ta")]
    element: Element,

    /// How values between voxels are found [default: linear for the film, as its published peaks; spline for
    /// your own volume]
    #[arg(long, value_name = "HOW", value_enum)]
    upsampling: Option<Between>,

    /// A maximum must be brighter than this
    #[arg(
        long,
        value_name = "VALUE",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    threshold: f32,

    /// Two atoms are at least so far apart, in ångström
    #[arg(long, value_name = "ANGSTROM", default_value_t = 2.0)]
    min_distance: f64,

    /// Radius of the ball whose intensities are compared, in thirds of a voxel: 4 as for the film, 7 as
    /// for the particles
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=30))]
    ball: u8,

    /// Where atoms may be [default: published for an area of the film if it is at hand, else computed]
    #[arg(long, value_name = "WHICH", value_enum)]
    support: Option<Support>,

    #[command(flatten)]
    running: Running,
}

/// [`Upsampling`] by its name on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Between {
    /// On straight lines, as the film was traced
    Linear,
    /// By cubic splines, as the particles were traced
    Spline,
}

/// Parses the number of an area.
///
/// # Errors
/// In words, when there is none.
pub(crate) fn area(text: &str) -> Result<Area, String> {
    let number = text.parse();
    let number = number.map_err(|_| format!("give a number from 1 to {}", Area::COUNT))?;
    Area::new(number).map_err(|error| error.to_string())
}

/// Runs the command.
pub fn main() -> ExitCode {
    let args = Args::parse();
    finish(run(&args).map(|()| ExitCode::SUCCESS))
}

fn run(args: &Args) -> Result<()> {
    args.running.begin()?;
    let mut stages = Stages::new(args.running.quiet);
    let mut tracing = match (&args.volume, args.pixel, args.sample, args.area) {
        (Some(volume), Some(pixel), _, area) => Tracing::own(volume, pixel, area)?,
        (None, _, Some(Sample::TaFilm), Some(area)) => {
            Tracing::published(&args.running.source.store()?, area, args.running.quiet)?
        }
        (None, _, Some(Sample::TaFilm), None) => {
            bail!(
                "give the area of the film, such as --area 12; its volumes are published in areas"
            )
        }
        (None, _, Some(sample), _) => bail!(
            "the volume of {sample} is not traced from the public files here; give it as a file, \
             with --pixel"
        ),
        _ => bail!("say what to trace: --sample ta_film --area 12, or VOLUME.mrc --pixel P"),
    };
    ensure!(
        args.threshold.is_finite(),
        "the threshold is {}; it must be a finite number",
        args.threshold
    );
    tracing.element = args.element;
    tracing.trace = TraceOptions {
        pixel_angstrom: tracing.pixel_angstrom,
        upsampling: match (args.upsampling, args.area) {
            (Some(Between::Linear), _) | (None, Some(_)) => Upsampling::Linear,
            (Some(Between::Spline), _) | (None, None) => Upsampling::Spline,
        },
        threshold: args.threshold,
        min_distance_angstrom: args.min_distance,
    };
    tracing.classify = ClassifyOptions {
        thirds: args.ball.into(),
    };
    tracing.find_support(args.support, &args.running.source, &mut stages)?;
    let classified = tracing.run(&mut stages)?;
    let paths = tracing.write(&classified, &args.running.out, &mut stages)?;
    args.running.list(&paths)?;
    out::line(format_args!(
        "{} atoms of {} peaks",
        classified.atoms().len(),
        classified.peaks.len()
    ))
}
