//! Fig. S5: the structure factor and the pair distribution by electron diffraction, from simulated
//! patterns of the samples or from the user's own.

use std::path::PathBuf;
use std::process::ExitCode;

use amorphous_packing::atoms::Element;
use amorphous_packing::data::Sample;
use amorphous_packing::order::diffraction::{Calibration, StopOptions, StructureFactorOptions};
use amorphous_packing::report::diffraction::{diffraction_pairs_table, structure_factor_table};
use anyhow::{Context, Result, bail};
use clap::Parser;
use figures::commands::diffraction::{
    Diffraction, calibration_of, read_pattern, simulated, simulated_calibration,
};
use figures::harness::load::load;
use figures::page::style::{sample_colour, sample_label};
use figures::panels::diffraction::{pairs, pattern, structure_factor};
use figures::{Figure, Layout, Options, Stages, produce, run, style};

const EXAMPLES: &str = "\
Examples:
  figs5                                     the film and a particle, simulated from the models
  figs5 --pattern glass.tif --gold gold.tif --element Pd
                                            your own pattern and one of gold at the same camera length
  figs5 --pattern glass.mrc --per-pixel 0.0054 --element Ta --q-max 14";

/// Height of a row of panels.
const ROW_MM: f64 = 62.0;

/// Draws Fig. S5
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
struct Args {
    /// Your own diffraction pattern, one image (.mrc, .tif, .npy)
    #[arg(
        long,
        value_name = "FILE",
        requires = "element",
        conflicts_with = "samples"
    )]
    pattern: Option<PathBuf>,

    /// The pattern of polycrystalline gold at the same camera length
    #[arg(
        long,
        value_name = "FILE",
        requires = "pattern",
        conflicts_with = "per_pixel"
    )]
    gold: Option<PathBuf>,

    /// Spatial frequency 1/d of a pixel in 1/Å, where it is known, in place of --gold
    #[arg(long, value_name = "PER_ANGSTROM", requires = "pattern", value_parser = positive)]
    per_pixel: Option<f64>,

    /// The symbol of the element of your sample
    #[arg(long, value_name = "SYMBOL", requires = "pattern")]
    element: Option<Element>,

    /// Q = 2π/d from which your pattern is used, in 1/Å
    #[arg(long, value_name = "PER_ANGSTROM", default_value_t = 1.2, value_parser = positive)]
    q_min: f64,

    /// Q = 2π/d to which your pattern is used, in 1/Å
    #[arg(long, value_name = "PER_ANGSTROM", default_value_t = 16.0, value_parser = positive)]
    q_max: f64,

    /// Degree of the polynomial that is the background
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(0..=8))]
    degree: u8,

    /// Atoms per cubic ångström of your sample, where that is known
    #[arg(long, value_name = "NUMBER", requires = "pattern", value_parser = positive)]
    density: Option<f64>,

    /// Pixels darker than this part of what is usual about them are the beam stop
    #[arg(long, value_name = "PART", default_value_t = 0.3, value_parser = positive)]
    stop: f64,

    #[command(flatten)]
    common: Options,
}

impl AsRef<Options> for Args {
    fn as_ref(&self) -> &Options {
        &self.common
    }
}

/// Parses a positive number.
fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok();
    let fits = number.filter(|number| *number > 0.0 && number.is_finite());
    fits.ok_or_else(|| "give a positive number".to_owned())
}

fn main() -> ExitCode {
    run(
        "Fig. S5: structure factor and pair distribution by diffraction",
        |args: &Args| {
            let paths = produce(&args.common, |options, stages| match &args.pattern {
                Some(path) => own(args, path, stages),
                None => figs5(options, stages),
            })?;
            args.common.running.list(&paths)
        },
    )
}

/// From the models, or without them from the liquid.
fn figs5(options: &Options, stages: &mut Stages) -> Result<Figure> {
    let loaded = load(options, &[Sample::TaFilm, Sample::Pd1], stages)?;
    let calibration = stages.time("gold", simulated_calibration)?;
    let rows: Vec<(f64, &str)> = vec![(ROW_MM, "ab"), (ROW_MM, "cd"), (ROW_MM, "ef")];
    let layout = Layout::grid(
        style::DOUBLE_COLUMN_MM,
        &rows[..loaded.samples.len().min(3)],
    );
    let title = "Structure factor and pair distribution by simulated diffraction";
    let mut figure = Figure::new("figs5", title, layout);
    let mut letters = 'a'..;
    for (sample, analysis) in loaded.samples.iter().take(3) {
        let found = simulated(&analysis.atoms, &calibration, sample.id(), stages)
            .with_context(|| format!("the diffraction of {sample} cannot be simulated"))?;
        let (label, colour) = (sample_label(*sample), sample_colour(*sample));
        let inset = inset(&found.found);
        let s = structure_factor_table(&found.found.normalised)?;
        let g = diffraction_pairs_table(&found.found.pairs, Some(&found.of_atoms))?;
        let panels = [
            structure_factor(&s, colour, inset).titled(&format!("{label}, simulated diffraction")),
            pairs(&g, colour).titled(&format!("{label}, simulated diffraction")),
        ];
        for (panel, letter) in panels.into_iter().zip(letters.by_ref()) {
            figure = figure.panel(letter, panel);
        }
        figure = figure.parameter(
            &format!("{}_diffraction", sample.id()),
            found.found.parameters(),
        );
    }
    let figure = figure.footnote(
        "No diffraction pattern is public: the patterns are simulated from all atoms of the samples by the \
         Debye formula, with a beam stop, a smooth background and the noise of counting, and calibrated by a \
         simulated pattern of gold. *Q* = 4π sin *θ*/*λ*. Insets: square root of the counts.",
    );
    Ok(loaded.documented(figure))
}

/// From the user's own pattern.
fn own(args: &Args, path: &std::path::Path, stages: &mut Stages) -> Result<Figure> {
    let element = args
        .element
        .context("give the element of your sample with --element")?;
    let stop = StopOptions {
        darker_than: args.stop,
        ..StopOptions::default()
    };
    let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(ROW_MM, "ab")]);
    let mut figure = Figure::new("figs5", "Structure factor and pair distribution", layout);
    let calibration = match (&args.gold, args.per_pixel) {
        (Some(gold), _) => {
            let (image, input) = read_pattern(gold, "gold")?;
            figure = figure.input(input);
            stages
                .time("gold", || calibration_of(&image, &stop))
                .with_context(|| format!("'{}' does not calibrate the pattern", gold.display()))?
        }
        (None, Some(s_per_px)) => Calibration {
            s_per_px,
            error_per_px: 0.0,
            rings: Vec::new(),
        },
        (None, None) => bail!(
            "the scale of the pattern is not known; give a pattern of gold with --gold, or 1/Å a pixel with \
             --per-pixel"
        ),
    };
    let (image, input) = read_pattern(path, "pattern")?;
    let options = StructureFactorOptions {
        q_min_per_angstrom: args.q_min,
        q_max_per_angstrom: args.q_max,
        degree: usize::from(args.degree),
        density_per_cubic_angstrom: args.density,
    };
    let found = stages
        .time("diffraction", || {
            Diffraction::of(image, calibration, element, &stop, &options)
        })
        .with_context(|| format!("'{}' gives no pair distribution", path.display()))?;
    let s = structure_factor_table(&found.normalised)?;
    let g = diffraction_pairs_table(&found.pairs, None)?;
    let name = element.name();
    Ok(figure
        .panel(
            'a',
            structure_factor(&s, style::BLACK, inset(&found)).titled(name),
        )
        .panel('b', pairs(&g, style::BLACK).titled(name))
        .parameter("diffraction", found.parameters())
        .input(input)
        .footnote("*Q* = 4π sin *θ*/*λ*. Inset: square root of the intensity."))
}

fn inset(found: &Diffraction) -> figures::Panel {
    pattern(
        &found.pattern,
        found.reduced.centre.centre_px,
        found.q_per_px(),
    )
}
