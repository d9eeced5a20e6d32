//! A figure beyond the paper: the conventions of the tomography.

use std::process::ExitCode;

use anyhow::Result;
use figures::panels::conventions::{areas, geometry};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Conventions of the tomography", figx3)
}

fn figx3(_options: &Options, _stages: &mut Stages) -> Result<Figure> {
    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(76.0, "aaaaabbbb")]);
    Ok(
        Figure::new("figx3", "Conventions of the tomography", layout)
            .panel('a', geometry().titled("An image and what it sees"))
            .panel('b', areas().titled("Areas of the Ta film")),
    )
}
