//! Fig. S2: the tilt series of Pd1, and the mean power spectrum of its images.

use std::process::ExitCode;

use amorphous_packing::data::tomography::TiltSeries;
use anyhow::Result;
use figures::panels::tomography::tilt_series_figure;
use figures::{Figure, Options, Stages};

fn main() -> ExitCode {
    figures::draw("Fig. S2: tilt series of Pd₁", figs2)
}

fn figs2(options: &Options, stages: &mut Stages) -> Result<Figure> {
    tilt_series_figure(
        "figs2",
        "Tilt series of Pd₁",
        &[TiltSeries::Pd1],
        options,
        stages,
    )
}
