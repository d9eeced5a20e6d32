//! Fig. S4: images of one tilt taken before, during and after a tilt series, and whether the sample has
//! changed meanwhile; of your own images, else of synthetic ones.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use figures::harness::cli;
use figures::panels::stability::{Series, own, stability, synthetic};
use figures::{Figure, Options, Stages, produce};

const EXAMPLES: &str = "\
Examples:
  figs4                                     synthetic images: no such images are public
  figs4 --images before.tif during.tif after.tif --pixel 0.32
                                            your own (.mrc, .tif, .npy), or one file with all of them";

/// Fig. S4: has the sample changed?
#[derive(Debug, Parser)]
#[command(after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    common: Options,

    /// Your own images of one tilt: files, or one file of several images, the first to be compared with
    #[arg(long, value_name = "FILE", num_args = 1..)]
    images: Vec<PathBuf>,

    /// Side of a pixel of your own images in ångström
    #[arg(long, value_name = "ANGSTROM", requires = "images")]
    pixel: Option<f64>,
}

impl AsRef<Options> for Arguments {
    fn as_ref(&self) -> &Options {
        &self.common
    }
}

fn main() -> ExitCode {
    cli::run(
        "Fig. S4: has the sample changed?",
        |arguments: &Arguments| {
            let draw = |_: &Options, stages: &mut Stages| figs4(arguments, stages);
            let paths = produce(&arguments.common, draw)?;
            arguments.common.running.list(&paths)
        },
    )
}

fn figs4(arguments: &Arguments, stages: &mut Stages) -> Result<Figure> {
    let series: Series = match arguments.images.is_empty() {
        true => stages.time("images", synthetic)?,
        false => own(&arguments.images, arguments.pixel)?,
    };
    stability("figs4", series, stages)
}
