//! Fig. S3: the tilt series of Pd2, and the mean power spectrum of its images.

use std::process::ExitCode;

use amorphous_packing::data::tomography::TiltSeries;
use anyhow::Result;
use figures::panels::tomography::tilt_series_figure;
use figures::{Figure, Options, Stages};

fn main() -> ExitCode {
    figures::draw("Fig. S3: tilt series of Pd₂", figs3)
}

fn figs3(options: &Options, stages: &mut Stages) -> Result<Figure> {
    tilt_series_figure(
        "figs3",
        "Tilt series of Pd₂",
        &[TiltSeries::Pd2],
        options,
        stages,
    )
}
