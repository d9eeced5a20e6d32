//! `preprocess`: from the frames that a microscope wrote to an aligned tilt series for `reconstruct`
//! (Methods, "Image preprocessing").

use std::path::PathBuf;
use std::process::ExitCode;

use amorphous_packing::aet::preprocess::{
    AlignOn, AlignmentOptions, BackgroundOptions, DriftOptions, Region, SlowScan, TiltOptions,
};
use anyhow::{Result, ensure};
use clap::{Parser, ValueEnum};

use crate::Stages;
use crate::commands::preprocessing::Preprocessing;
use crate::commands::preprocessing_settings::{Denoising, Settings};
use crate::harness::cli::{Running, finish};
use crate::harness::out;

const EXAMPLES: &str = "\
Examples:
  preprocess frames --angles angles.csv --pixel 0.32
                                      a folder: one stack of frames for each tilt, or single images, three
                                      to a tilt, in the order of their names (.mrc, .tif, .npy)
  preprocess all.mrc --frames 3 --angles angles.csv --pixel 0.32 --slow-scan x
                                      one file with the frames of all tilts in turn
  preprocess frames --angles angles.csv --pixel 0.32 --refine 3
                                      angles and shifts refined against the reconstruction as well
  preprocess frames --angles angles.csv --denoise none --background none --film
                                      drift and alignment alone, of a film without an edge
  reconstruct --images out/aligned.mrc --angles out/angles.csv --pixel 0.32 --particle
                                      the volume of what came out";

/// Makes an aligned tilt series from the frames of a microscope
#[derive(Debug, Parser)]
#[command(name = "preprocess", version, after_help = EXAMPLES)]
struct Args {
    /// The frames: a folder of .mrc, .tif or .npy files, or one file with all of them
    #[arg(value_name = "FRAMES")]
    frames: PathBuf,

    /// The angles in degrees: a .csv file of three columns (phi, theta, psi), or theta alone, a line for each
    /// tilt
    #[arg(long, value_name = "FILE")]
    angles: PathBuf,

    /// Frames of a tilt [default: all of a file that holds several, else 3]
    #[arg(long = "frames", value_name = "N")]
    per_tilt: Option<usize>,

    /// Side of a pixel in ångström
    #[arg(long, value_name = "ANGSTROM")]
    pixel: Option<f64>,

    /// The slow direction of the scan: y if lines run from left to right
    #[arg(long, value_name = "AXIS", value_enum, default_value_t = Axis::Y)]
    slow_scan: Axis,

    /// The line that was scanned first has the highest index
    #[arg(long)]
    first_line_last: bool,

    /// The largest shift between two frames of a tilt in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 16.0)]
    largest_drift: f64,

    /// How images are denoised: auto chooses the parameters on a simulated image, a number is the strength
    /// (1 as published), none leaves them
    #[arg(long, value_name = "auto|none|S", default_value = "auto", value_parser = denoising)]
    denoise: Denoising,

    /// The background: auto masks the sample by Otsu's threshold, a number is the threshold in the units of
    /// the images, none leaves it
    #[arg(long, value_name = "auto|none|T", default_value = "auto", value_parser = background, allow_hyphen_values = true)]
    background: Background,

    /// The sample goes on beyond the images: tilts are aligned with their neighbours alone, unless --marker
    /// names a part that all of them show
    #[arg(long)]
    film: bool,

    /// Align by this part of the images, an isolated piece of the sample that all of them show, in pixels
    /// counted from 1, both ends included
    #[arg(long, value_name = "X:X,Y:Y", value_parser = marker)]
    marker: Option<Region>,

    /// Refine angles and shifts against the reconstruction in so many rounds: for dense series of little
    /// noise; else `refine --realign` does it once there are atoms
    #[arg(long, value_name = "ROUNDS", default_value_t = 0)]
    refine: usize,

    #[command(flatten)]
    running: Running,
}

/// An axis of the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Axis {
    /// To the right
    X,
    /// Along the tilt axis
    Y,
}

/// How the background is found.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Background(Option<BackgroundOptions>);

fn denoising(text: &str) -> Result<Denoising, String> {
    match text {
        "auto" => Ok(Denoising::Chosen),
        "none" => Ok(Denoising::None),
        _ => match text.parse() {
            Ok(strength) if strength > 0.0 && f64::is_finite(strength) => {
                Ok(Denoising::Strength(strength))
            }
            _ => Err("give auto, none or a positive number".to_owned()),
        },
    }
}

fn background(text: &str) -> Result<Background, String> {
    let options = BackgroundOptions::default();
    match text {
        "auto" => Ok(Background(Some(options))),
        "none" => Ok(Background(None)),
        _ => match text.parse() {
            Ok(threshold) if f64::is_finite(threshold) => Ok(Background(Some(BackgroundOptions {
                threshold: Some(threshold),
                ..options
            }))),
            _ => Err("give auto, none or a number".to_owned()),
        },
    }
}

fn marker(text: &str) -> Result<Region, String> {
    // From the first and the last pixel, counted from 1, to the first and the one after the last from 0.
    let range = |text: &str| -> Option<[usize; 2]> {
        let (first, last) = text.split_once(':')?;
        let [first, last]: [usize; 2] = [first.trim().parse().ok()?, last.trim().parse().ok()?];
        (1 <= first && first < last).then(|| [first - 1, last])
    };
    let ranges = text.split_once(',');
    let region = ranges.and_then(|(x, y)| {
        Some(Region {
            x: range(x)?,
            y: range(y)?,
        })
    });
    region.ok_or_else(|| "give two ranges of pixels, such as 40:90,120:180".to_owned())
}

/// Runs the command.
pub fn main() -> ExitCode {
    let args = Args::parse();
    finish(run(&args).map(|()| ExitCode::SUCCESS))
}

fn run(args: &Args) -> Result<()> {
    if let Some(pixel) = args.pixel {
        ensure!(
            pixel.is_finite() && pixel > 0.0,
            "the pixel is {pixel} Å; it must be a positive number"
        );
    }
    args.running.begin()?;
    let settings = Settings {
        tilt: TiltOptions {
            drift: DriftOptions {
                slow_scan: match args.slow_scan {
                    Axis::X => SlowScan::X,
                    Axis::Y => SlowScan::Y,
                },
                first_line_last: args.first_line_last,
                largest_shift: args.largest_drift,
                ..DriftOptions::default()
            },
            noise: None,
            denoise: None,
            background: args.background.0,
        },
        denoising: args.denoise,
        align: AlignmentOptions {
            on: match (args.marker, args.film) {
                (Some(marker), _) => AlignOn::Marker(marker),
                (None, true) => AlignOn::Film,
                (None, false) => AlignOn::Particle,
            },
            ..AlignmentOptions::default()
        },
        refine_rounds: args.refine,
    };
    let mut stages = Stages::new(args.running.quiet);
    let job = Preprocessing::of_files(
        &args.frames,
        args.per_tilt,
        &args.angles,
        args.pixel,
        settings,
    )?;
    let done = job.run(Some(&args.running.out), &mut stages)?;
    let paths = done.write(&args.running.out, &mut stages)?;
    args.running.list(&paths)?;
    if !args.running.quiet {
        out::line(done.sentence())?;
    }
    Ok(())
}
