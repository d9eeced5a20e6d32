//! Fig. X6: the whole chain on atoms that are known: from raw frames to a volume, atoms and networks.

use std::process::ExitCode;

use amorphous_packing::aet::preprocess::Conditions;
use anyhow::Result;
use figures::panels::chain::{MARGIN, RADIUS_ANGSTROM, deviations, outcome, sentence, slice};
use figures::panels::preprocessing::{image, layers};
use figures::panels::rehearsal::Rehearsed;
use figures::panels::specimen::glass_ball;
use figures::{Figure, Layout, Options, Stages, style};

/// As many tilts as the film, of which the one in the middle is shown.
const TILTS: usize = 46;

fn main() -> ExitCode {
    figures::draw("Fig. X6: from raw frames to networks", figx6)
}

fn figx6(_options: &Options, stages: &mut Stages) -> Result<Figure> {
    let rehearsed = stages.time("frames", || -> Result<Rehearsed> {
        let ball = glass_ball(RADIUS_ANGSTROM)?;
        Ok(Rehearsed::new(ball, TILTS, MARGIN, Conditions::default()))
    })?;
    let frame = layers(&rehearsed.rehearsal.record(TILTS / 2).frames).swap_remove(0);
    let pixel = rehearsed.specimen.pixel_angstrom;
    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(46.0, "aabbcccdddd")]);
    Ok(Figure::new("figx6", "From raw frames to networks", layout)
        .panel('a', image(&frame, Some(pixel)).titled("A frame"))
        .panel('b', slice(&rehearsed.specimen)?.titled("Slice; known atoms"))
        .panel('c', deviations()?.titled("Deviations"))
        .panel('d', outcome()?.titled("Known and found"))
        .footnote(&format!(
            "A ball of {} atoms of simulated tantalum glass, {TILTS} tilts of three frames with drift, noise and \
             background.",
            rehearsed.specimen.positions.len()
        ))
        .footnote(&sentence()?)
        .footnote(
            "The frames are drawn by the images of atoms that the refinement fits, so that the refined deviations \
             are a lower bound; Fig. S6 has images of another kind.",
        )
        .input(rehearsed.specimen.input))
}
