//! Fig. S1: the tilt series of the Ta film, and the mean power spectrum of its images.

use std::process::ExitCode;

use anyhow::Result;
use figures::panels::tomography::{ta_series, tilt_series_figure};
use figures::{Figure, Options, Stages};

fn main() -> ExitCode {
    figures::draw("Fig. S1: tilt series of the Ta film", figs1)
}

fn figs1(options: &Options, stages: &mut Stages) -> Result<Figure> {
    tilt_series_figure(
        "figs1",
        "Tilt series of the Ta film",
        &ta_series(),
        options,
        stages,
    )
}
