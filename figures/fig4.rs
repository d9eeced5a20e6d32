//! Fig. 4: the distorted pentagonal bipyramid.

use std::process::ExitCode;

use amorphous_packing::data::{EXPERIMENT, Sample};
use amorphous_packing::report::bipyramid::{
    average_table, distortion_temperature_table, ratio_table, theta_mean_table, theta_table,
};
use anyhow::Result;
use figures::harness::load::load;
use figures::panels::bipyramid::{average, ratios, theta_against_temperature, thetas};
use figures::{Figure, Layout, Options, Stages, style};

fn main() -> ExitCode {
    figures::draw("Fig. 4: the distorted pentagonal bipyramid", fig4)
}

fn fig4(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let [ta, pd1, pd2] = EXPERIMENT;
    let samples = [vec![ta, pd1, pd2], Sample::quench()].concat();
    let loaded = load(options, &samples, stages)?;
    let compared = loaded.compared();
    let (measured, simulated) = (loaded.measured(), loaded.frames());
    let (shown, analysis) = loaded.shown(Sample::TaFilm);
    let average_shape = stages.time("average bipyramid", || analysis.average_bipyramid());
    let means = theta_mean_table(&measured)?;

    let layout = Layout::grid(
        style::DOUBLE_COLUMN_MM,
        &[(58.0, "aaaaaaabbbbb"), (52.0, "cccccccccddd")],
    );
    let mut figure = Figure::new("fig4", "The distorted pentagonal bipyramid", layout)
        .panel('a', average(average_shape.as_ref(), shown))
        .panel('b', ratios(&ratio_table(&compared)?)?)
        .panel('c', thetas(&theta_table(&measured)?, &means)?)
        .panel(
            'd',
            theta_against_temperature(&distortion_temperature_table(&simulated)?),
        )
        .table("fig4c_mean", &means)
        .footnote(
            "a: each bipyramid is laid onto the average in the best of its twenty ways, turned or \
             mirrored. Superposition cancels most of the tilt: the mean of *θ* is in c.",
        )
        .footnote(
            "b: of the simulated tantalum the liquid at 5,200 K and the glass at 300 K; the table \
             of d has the ratios at every temperature. d: at 300 K just quenched and held.",
        );
    if let Some(average) = &average_shape {
        figure = figure.table("fig4a", &average_table(average)?);
    }
    Ok(loaded.documented(figure))
}
