//! `reconstruct`: from the images of a tilt series to a volume, by RESIRE (Methods, "3D
//! reconstruction with the RESIRE algorithm").

use std::path::PathBuf;
use std::process::ExitCode;

use crate::Stages;
use crate::commands::reconstruction::{Done, Job, forward};
use crate::harness::cli::{Running, finish};
use crate::harness::files;
use crate::harness::out;
use amorphous_packing::aet::{Agreement, Area, Options, RFactors, Shape};
use amorphous_packing::data::DataStore;
use amorphous_packing::data::Sample;
use amorphous_packing::data::tomography::TiltSeries;
use amorphous_packing::formats::tables::to_csv;
use anyhow::{Result, bail, ensure};
use clap::Parser;
use polars::df;
use polars::prelude::DataFrame;

const EXAMPLES: &str = "\
Examples:
  reconstruct --example                        the example of the authors' package (seconds)
  reconstruct --sample ta_film --area 1 --rows 23:39 --iterations 50
                                               a slab of an area of the film (seconds)
  reconstruct --sample ta_film --area 1 --compare
                                               the area, and how it agrees with the published volume
  reconstruct --sample ta_film --area all --out areas
                                               every area whose images are at hand
  reconstruct --images series.mrc --angles angles.csv --pixel 0.32 --iterations 200
                                               your own tilt series (.mrc, .tif, .npy)";

/// Reconstructs a volume from the images of a tilt series
#[derive(Debug, Parser)]
#[command(name = "reconstruct", version, after_help = EXAMPLES)]
struct Args {
    /// A published tilt series: ta_film, pd1 or pd2
    #[arg(long, value_name = "SAMPLE", conflicts_with_all = ["example", "images"])]
    sample: Option<Sample>,

    /// An area of the film, 1 to 65, or all that are at hand
    #[arg(long, value_name = "N|all", requires = "sample")]
    area: Option<Areas>,

    /// The example of the authors' RESIRE package
    #[arg(long, conflicts_with = "images")]
    example: bool,

    /// Your own images: a stack in a .mrc, .tif or .npy file
    #[arg(long, value_name = "FILE", requires = "angles")]
    images: Option<PathBuf>,

    /// Your own angles in degrees: a .csv file of three columns (phi, theta, psi), or theta alone
    #[arg(long, value_name = "FILE", requires = "images")]
    angles: Option<PathBuf>,

    /// Side of a pixel of your own images in ångström
    #[arg(long, value_name = "ANGSTROM", requires = "images")]
    pixel: Option<f64>,

    /// Your own images show a particle that ends inside them, not a film
    #[arg(long, requires = "images")]
    particle: bool,

    /// Only these rows along the tilt axis, counted from 1, both included
    #[arg(long, value_name = "FIRST:LAST", value_parser = rows)]
    rows: Option<(usize, usize)>,

    /// Number of iterations [default: 500 for a film, 200 for a particle, 100 for the example]
    #[arg(long, value_name = "N")]
    iterations: Option<usize>,

    /// Length of a step [default: 1 for a film, 2 for a particle]
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    step: Option<f64>,

    /// Grid of the projection over the object: one number, or three along x, y, z [default:
    /// 1.5,3,3 for a film, 4 for a particle, 3.5 for pd2]
    #[arg(long, value_name = "P[,P,P]", value_parser = padding)]
    padding: Option<Padding>,

    /// Project in real space instead of by Fourier slices: faster for large volumes, fits worse
    #[arg(long)]
    real_space: bool,

    /// Say how the volume agrees with the published one of the same area
    #[arg(long)]
    compare: bool,

    /// Go on from where a killed run with the same options and --out was a minute before its end
    #[arg(long)]
    resume: bool,

    #[command(flatten)]
    running: Running,
}

/// What `--area` asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Areas {
    One(Area),
    All,
}

impl std::str::FromStr for Areas {
    type Err = String;

    fn from_str(text: &str) -> Result<Areas, String> {
        if text == "all" {
            return Ok(Areas::All);
        }
        let number = text
            .parse()
            .map_err(|_| format!("give a number from 1 to {}, or all", Area::COUNT))?;
        Area::new(number)
            .map(Areas::One)
            .map_err(|error| error.to_string())
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Padding([f64; 3]);

fn padding(text: &str) -> Result<Padding, String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    match numbers.as_deref() {
        Ok(&[all]) => Ok(Padding([all; 3])),
        Ok(&[x, y, z]) => Ok(Padding([x, y, z])),
        _ => Err("give one number or three, such as 1.5,3,3".to_owned()),
    }
}

fn rows(text: &str) -> Result<(usize, usize), String> {
    let numbers = text.split_once(':').and_then(|(first, last)| {
        let number = |text: &str| text.trim().parse().ok();
        Some((number(first)?, number(last)?))
    });
    numbers.ok_or_else(|| "give the first and the last row, such as 23:39".to_owned())
}

/// Runs the command.
pub fn main() -> ExitCode {
    let args = Args::parse();
    finish(run(&args).map(|()| ExitCode::SUCCESS))
}

fn run(args: &Args) -> Result<()> {
    ensure!(
        args.iterations != Some(0),
        "0 iterations reconstruct nothing; give --iterations 1 or more"
    );
    if let Some(pixel) = args.pixel {
        ensure!(
            pixel.is_finite() && pixel > 0.0,
            "the pixel is {pixel} Å; it must be a positive number"
        );
    }
    args.running.begin()?;
    if let (Some(images), Some(angles)) = (&args.images, &args.angles) {
        ensure!(
            !args.compare,
            "--compare is for the published areas of the film"
        );
        let options = match args.particle {
            true => Options::particle(),
            false => Options::film(),
        };
        let job = Job::own(images, angles, args.pixel, options)?;
        return reconstruct(args, job, None).map(|_| ());
    }
    let store = args.running.source.store()?;
    match series(args)? {
        Some(series) => {
            let compare = match args.compare {
                true => Some(&store),
                false => None,
            };
            ensure!(
                compare.is_none() || matches!(series, TiltSeries::TaArea(_)),
                "--compare is for the published areas of the film"
            );
            let job = Job::published(&store, series, args.running.quiet)?;
            reconstruct(args, job, compare).map(|_| ())
        }
        None => all_areas(args, &store),
    }
}

/// The series asked for; `None` for all areas.
fn series(args: &Args) -> Result<Option<TiltSeries>> {
    let series = match (args.sample, args.area) {
        (None, _) if args.example => TiltSeries::Example,
        (Some(Sample::TaFilm), None) => TiltSeries::TaFilm,
        (Some(Sample::TaFilm), Some(Areas::One(area))) => TiltSeries::TaArea(area),
        (Some(Sample::TaFilm), Some(Areas::All)) => return Ok(None),
        (Some(sample), Some(_)) => bail!("{sample} has no areas; --area is for ta_film"),
        (Some(Sample::Pd1), None) => TiltSeries::Pd1,
        (Some(Sample::Pd2), None) => TiltSeries::Pd2,
        (Some(sample), None) => bail!("{sample} is simulated; there are no images of it"),
        (None, _) => bail!(
            "say what to reconstruct: --example, --sample ta_film --area 1, or --images FILE \
             --angles FILE"
        ),
    };
    Ok(Some(series))
}

/// One reconstruction, from the job to its files.
fn reconstruct(
    args: &Args,
    mut job: Job,
    compare: Option<&DataStore>,
) -> Result<(Done, Option<Agreement>)> {
    let options = &mut job.options;
    options.iterations = args.iterations.unwrap_or(options.iterations);
    options.step = args.step.unwrap_or(options.step);
    options.padding = args.padding.map_or(options.padding, |padding| padding.0);
    options.forward = forward(args.real_space);
    if options.shape == Shape::Particle && args.rows.is_some() {
        bail!("--rows is for films; a particle is reconstructed whole");
    }
    if let Some(rows) = args.rows {
        job = job.only_rows(rows)?;
    }
    let out = match args.area {
        Some(Areas::All) => args.running.out.join(&job.id),
        _ => args.running.out.clone(),
    };
    files::writable(&out)?;
    let mut stages = Stages::new(args.running.quiet);
    let done = job.run(&out, args.resume, &mut stages)?;
    let agreement = match compare {
        Some(store) => job.agreement(&done.volume, store)?,
        None => None,
    };
    let paths = job.write(&done, agreement, &out, &mut stages)?;
    args.running.list(&paths)?;
    if let (false, Some(r)) = (args.running.quiet, done.r_factors.last()) {
        let iterations = done.r_factors.len();
        out::line(format_args!(
            "R1 {:.5}, R2 {:.5} at iteration {iterations}",
            r.r1, r.r2
        ))?;
    }
    if let Some(agreement) = agreement {
        out::line(format_args!(
            "against the published volume: correlation {:.5}, sum ratio {:.4}, relative L2 {:.4}",
            agreement.correlation, agreement.sum_ratio, agreement.relative_l2
        ))?;
    }
    Ok((done, agreement))
}

/// Every area whose images can be had, and the tables of all of them.
fn all_areas(args: &Args, store: &DataStore) -> Result<()> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for area in Area::all() {
        match Job::published(store, TiltSeries::TaArea(area), args.running.quiet) {
            Ok(job) => {
                let (done, agreement) = reconstruct(args, job, Some(store))?;
                found.push((area, done.r_factors, agreement));
                write_tables(args, &found)?;
            }
            Err(error) if is_absent(&error) => missing.push(area.number.to_string()),
            Err(error) => return Err(error),
        }
    }
    if !missing.is_empty() {
        out::note(format_args!(
            "note: not reconstructed, for their images are not at hand: areas {}; get them with \
             `cargo run --bin fetch -- tomography`",
            missing.join(", ")
        ));
    }
    ensure!(!found.is_empty(), "the images of no area are at hand");
    Ok(())
}

fn is_absent(error: &anyhow::Error) -> bool {
    let read = error.downcast_ref::<amorphous_packing::data::ReadError>();
    read.is_some_and(amorphous_packing::data::ReadError::is_absent)
}

type Found = (Area, Vec<RFactors>, Option<Agreement>);

/// `resire_areas.csv`, a row for each area, and `resire_r_factors.csv`, its R-factors.
fn write_tables(args: &Args, found: &[Found]) -> Result<()> {
    for (name, table) in [
        ("resire_areas.csv", areas_table(found)?),
        ("resire_r_factors.csv", curves_table(found)?),
    ] {
        files::write(&args.running.out, name, &to_csv(&table)?)?;
    }
    Ok(())
}

/// How each area ended and agrees with the published volume, in the part in which it counts.
fn areas_table(found: &[Found]) -> Result<DataFrame> {
    let ended = |value: fn(&RFactors) -> f64| -> Vec<Option<f64>> {
        found.iter().map(|(_, r, _)| r.last().map(value)).collect()
    };
    let agreed = |value: fn(&Agreement) -> f64| -> Vec<Option<f64>> {
        found
            .iter()
            .map(|(_, _, a)| a.as_ref().map(value))
            .collect()
    };
    let iterations: Vec<u32> = found.iter().map(|(_, r, _)| r.len() as u32).collect();
    let kept = |area: &Area| {
        area.kept()
            .iter()
            .map(|range| range.len() as u32)
            .product::<u32>()
    };
    Ok(df![
        "area" => found.iter().map(|(area, ..)| area.number as u32).collect::<Vec<_>>(),
        "iterations" => iterations,
        "r1" => ended(|r| r.r1),
        "r2" => ended(|r| r.r2),
        "correlation" => agreed(|a| a.correlation),
        "sum_ratio" => agreed(|a| a.sum_ratio),
        "relative_l2" => agreed(|a| a.relative_l2),
        "voxels" => found.iter().map(|(area, ..)| kept(area)).collect::<Vec<_>>(),
    ]?)
}

/// The R-factors of the first ten iterations and of every tenth.
fn curves_table(found: &[Found]) -> Result<DataFrame> {
    let rows: Vec<(u32, u32, RFactors)> = found
        .iter()
        .flat_map(|(area, r_factors, _)| {
            let numbered = (1_u32..).zip(r_factors);
            let kept = numbered.filter(|(iteration, _)| *iteration < 10 || iteration % 10 == 0);
            kept.map(|(iteration, r)| (area.number as u32, iteration, *r))
        })
        .collect();
    Ok(df![
        "area" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "iteration" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        "r1" => rows.iter().map(|row| row.2.r1).collect::<Vec<_>>(),
        "r2" => rows.iter().map(|row| row.2.r2).collect::<Vec<_>>(),
    ]?)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
mod tests {
    use std::path::Path;

    use amorphous_packing::aet::{TiltAngles, project};
    use amorphous_packing::formats::npy::{from_npy, to_npy};
    use ndarray::Array3;

    use super::*;

    fn args(words: &[&str]) -> Args {
        Args::try_parse_from([&["reconstruct", "--quiet"], words].concat()).unwrap()
    }

    fn refusal(words: &[&str]) -> String {
        crate::harness::cli::sentence(&run(&args(words)).unwrap_err())
    }

    /// Images of a ball, and their angles, as files in `directory`.
    fn series(directory: &Path) -> [String; 2] {
        let ball = Array3::from_shape_fn((15, 11, 15), |(x, y, z)| {
            let from = [x as f32 - 7.0, y as f32 - 5.0, z as f32 - 7.0];
            (-from.iter().map(|d| d * d).sum::<f32>() / 8.0).exp()
        });
        let tilts = [-40.0, -20.0, 0.0, 20.0, 40.0];
        let angles = tilts.map(TiltAngles::tilt);
        let images = project(ball.view(), &angles, (15, 11), [2.0; 3]).unwrap();
        let [a, b] = ["images.npy", "angles.csv"].map(|name| directory.join(name));
        std::fs::write(&a, to_npy(images.view())).unwrap();
        let text = tilts.map(|tilt| format!("0,{tilt},0\n")).concat();
        std::fs::write(&b, format!("phi,theta,psi\n{text}")).unwrap();
        [a, b].map(|path| path.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_series_of_ones_own_becomes_a_volume_and_a_killed_run_goes_on() {
        let directory = tempfile::tempdir().unwrap();
        let [images, angles] = series(directory.path());
        let out = directory.path().join("out");
        let out = out.to_str().unwrap();
        let words = ["--images", &images, "--angles", &angles, "--out", out];
        run(&args(
            &[&words[..], &["--iterations", "8", "--pixel", "0.5"]].concat(),
        ))
        .unwrap();
        let read = |name: &str| std::fs::read(Path::new(out).join(name)).unwrap();
        let volume = from_npy(&read("volume.npy")).unwrap();
        assert_eq!(volume.dim(), (15, 11, 15));
        let mrc = amorphous_packing::formats::mrc::from_mrc(&read("volume.mrc")).unwrap();
        assert_eq!(mrc, volume);
        let table = String::from_utf8(read("r_factor.csv")).unwrap();
        assert_eq!(table.lines().count(), 9);
        assert!(table.starts_with("iteration,r1,r2\n1,1,1\n2,0."));
        assert!(!read("reconstruction.png").is_empty());
        let json: serde_json::Value = serde_json::from_slice(&read("reconstruction.json")).unwrap();
        assert_eq!(json["inputs"][0]["file"], "images.npy");
        // A state after three iterations, as a killed run leaves it.
        let job = Job::own(images.as_ref(), angles.as_ref(), None, Options::film()).unwrap();
        let view = job.images.view();
        let mut begun =
            amorphous_packing::aet::Reconstruction::new(view, &job.angles, &job.options).unwrap();
        for _ in 0..3 {
            begun.step();
        }
        use amorphous_packing::runs::checkpoint::{fingerprint, to_bytes};
        let mark = fingerprint(&job.images, &job.angles, &job.options);
        let state = Path::new(out).join("unfinished.checkpoint");
        std::fs::write(&state, to_bytes(&begun.reached(), mark)).unwrap();
        run(&args(
            &[&words[..], &["--iterations", "8", "--resume"]].concat(),
        ))
        .unwrap();
        assert_eq!(from_npy(&read("volume.npy")).unwrap(), volume);
        assert!(!state.exists());
    }

    #[test]
    fn what_cannot_be_reconstructed_is_refused_by_name() {
        let directory = tempfile::tempdir().unwrap();
        let [images, angles] = series(directory.path());
        let out = directory.path().join("out");
        let out = out.to_str().unwrap();
        let with = |more: &[&str]| {
            let words = ["--images", &images, "--angles", &angles, "--out", out];
            refusal(&[&words[..], more].concat())
        };
        assert!(with(&["--resume"]).starts_with("there is nothing to go on from"));
        assert!(with(&["--rows", "3:12"]).starts_with("there are no rows 3:12; the images have"));
        assert!(with(&["--iterations", "0"]).starts_with("0 iterations"));
        assert!(with(&["--step", "-1"]).contains("the step is -1"));
        assert!(with(&["--padding", "0.5"]).contains("the padding is 0.5"));
        assert!(with(&["--padding", "1e9"]).contains("the padding is 1000000000"));
        assert!(with(&["--pixel", "0"]).starts_with("the pixel is 0"));
        assert!(with(&["--compare"]).starts_with("--compare is for"));
        let fewer = directory.path().join("fewer.csv");
        std::fs::write(&fewer, "-40\n-20\n").unwrap();
        let fewer = fewer.to_str().unwrap();
        let count = refusal(&["--images", &images, "--angles", fewer, "--out", out]);
        assert!(count.contains("there are 5 images and 2 angles"), "{count}");
        let same = directory.path().join("same.csv");
        std::fs::write(&same, "3\n3\n3\n3\n3\n").unwrap();
        let same = same.to_str().unwrap();
        let same = refusal(&["--images", &images, "--angles", same, "--out", out]);
        assert!(same.contains("all 5 images have the same angle"), "{same}");
        let strange = refusal(&["--images", fewer, "--angles", fewer, "--out", out]);
        assert!(
            strange.contains("is not known; images are read from"),
            "{strange}"
        );
        assert!(refusal(&["--out", out]).starts_with("say what to reconstruct"));
        let pd = refusal(&["--sample", "pd1", "--area", "3", "--out", out]);
        assert_eq!(pd, "pd1 has no areas; --area is for ta_film");
        for words in [
            &["--area", "66"][..],
            &["--rows", "x"],
            &["--padding", "1,2"],
        ] {
            let words = [&["reconstruct", "--sample", "ta_film"], words].concat();
            assert!(Args::try_parse_from(words).is_err());
        }
    }

    #[test]
    fn what_needs_more_memory_than_there_is_is_refused_before_it_begins() {
        let directory = tempfile::tempdir().unwrap();
        let [_, angles] = series(directory.path());
        let images = directory.path().join("large.npy");
        // Five images as wide as a film of terabytes; few rows, so that they are small themselves.
        let large = Array3::from_elem((5, 60_000, 2), 1.0);
        std::fs::write(&images, to_npy(large.view())).unwrap();
        let out = directory.path().to_str().unwrap();
        let words = [
            "--images",
            images.to_str().unwrap(),
            "--angles",
            &angles,
            "--out",
            out,
        ];
        if cfg!(target_os = "linux") {
            let message = refusal(&words);
            assert!(message.contains("GB of memory and"), "{message}");
        }
    }
}
