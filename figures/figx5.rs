//! Fig. X5: the preprocessing step by step, on the raw frames of atoms that are known.

use std::process::ExitCode;

use amorphous_packing::aet::preprocess::{
    AlignmentOptions, BackgroundOptions, Conditions, DriftOptions, SlowScan, TiltOptions,
};
use anyhow::Result;
use figures::commands::preprocessing::Preprocessing;
use figures::commands::preprocessing_errors::Truth;
use figures::commands::preprocessing_settings::{Denoising, Settings};
use figures::panels::rehearsal::Rehearsed;
use figures::panels::specimen::glass_ball;
use figures::{Figure, Options, Stages};

/// The sample: radius in ångström, pixels about it, tilts.
const RADIUS_ANGSTROM: f64 = 20.0;
const MARGIN: usize = 30;
const TILTS: usize = 46;

fn main() -> ExitCode {
    figures::draw("Fig. X5: the preprocessing of images, step by step", figx5)
}

fn figx5(_options: &Options, stages: &mut Stages) -> Result<Figure> {
    let rehearsed = stages.time("frames", || -> Result<Rehearsed> {
        let ball = glass_ball(RADIUS_ANGSTROM)?;
        Ok(Rehearsed::new(ball, TILTS, MARGIN, Conditions::default()))
    })?;
    let atoms = rehearsed.specimen.positions.len();
    let settings = Settings {
        tilt: TiltOptions {
            drift: DriftOptions {
                slow_scan: SlowScan::Y,
                ..DriftOptions::default()
            },
            background: Some(BackgroundOptions::default()),
            ..TiltOptions::default()
        },
        denoising: Denoising::Chosen,
        align: AlignmentOptions::default(),
        refine_rounds: 0,
    };
    let truth = Truth::of(&rehearsed);
    let done = Preprocessing::of_rehearsal(rehearsed, settings).run(None, stages)?;
    let errors = truth.errors(&done);
    Ok(done
        .figure("figx5", "The preprocessing of images, step by step")?
        .table("figx5_errors", &errors.table()?)
        .footnote(&format!(
            "Synthetic frames, for no raw ones are public: a ball of {atoms} atoms of simulated tantalum \
             glass, three frames a tilt, 100 electrons in the brightest pixel of a frame."
        ))
        .footnote(&errors.sentence()))
}
