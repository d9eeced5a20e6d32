//! `analyze`: the whole analysis of one's own structure or trajectory.

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use amorphous_packing::atoms::Element;
use amorphous_packing::formats::structure::{Choice, Format};
use amorphous_packing::packing::DELTA_MAX;
use anyhow::Result;
use clap::Parser;

use crate::Stages;
use crate::commands::structure_merge::merge;
use crate::commands::structure_run::{FrameRange, Rules, StructureRun};
use crate::harness::cli::{Running, finish};

const EXAMPLES: &str = "\
Examples:
  analyze glass.xyz                              its motifs and networks, into the directory 'out'
  analyze melt.lammpstrj.gz --types Cu,Zr        a trajectory whose atoms have numbers for types
  analyze particle.cif --open abc --cutoff 3.9   a particle in vacuum, the shell distance given
  analyze run.dump --frames 0:500 --out part0    a piece of a long trajectory …
  analyze --merge part0 part1 --out all          … and the pieces joined

Formats: XYZ and extended XYZ, LAMMPS dump and data, POSCAR, XDATCAR, CIF (P1), PDB, GRO, Parquet, the
published .mat; compressed with gzip or zstd or not. Lengths are in ångström.";

/// Analyses your own structure: motifs, networks, g(r), bond order, Voronoi cells
#[derive(Debug, Parser)]
#[command(name = "analyze", version, after_help = EXAMPLES)]
struct Args {
    /// Files of atoms, one after the other; with --merge directories that `analyze` wrote
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// The format of the files [default: found from their names and first lines]
    #[arg(long, value_name = "NAME", value_parser = Format::from_str)]
    format: Option<Format>,

    /// The elements of the types 1, 2, … of a file that has numbers, or of all its atoms where it says
    /// nothing
    #[arg(long, value_name = "SYMBOL,…", value_delimiter = ',')]
    types: Option<Vec<Element>>,

    /// Directions of the cell that are not repeated, whatever the file says, such as c or abc
    #[arg(long, value_name = "AXES", value_parser = Axes::from_str)]
    open: Option<Axes>,

    /// Directions of the cell that are repeated, whatever the file says
    #[arg(long, value_name = "AXES", value_parser = Axes::from_str)]
    periodic: Option<Axes>,

    /// The first-neighbour shell distance in ångström; `auto` takes the first valley of g(r), in each
    /// frame its own
    #[arg(long, value_name = "ANGSTROM", default_value = "auto", value_parser = cutoff)]
    cutoff: Cutoff,

    /// The largest distortion of a packing tetrahedron
    #[arg(long, value_name = "DELTA", default_value_t = DELTA_MAX)]
    delta: f64,

    /// Which frames of each file, counted from 0: from A, to before B, every S-th, as A:B:S; each may be
    /// left out
    #[arg(long, value_name = "A:B:S", default_value = "::", value_parser = FrameRange::from_str)]
    frames: FrameRange,

    /// The paper's fixed lengths and its rule for nuclei, in place of lengths that follow the shell
    /// distance and nuclei that are sought in every structure
    #[arg(long)]
    paper: bool,

    /// Join what `analyze` wrote into these directories
    #[arg(long, conflicts_with_all = ["format", "types", "open", "periodic", "paper"])]
    merge: bool,

    #[command(flatten)]
    running: Running,
}

/// A shell distance in ångström, or none: the first valley.
type Cutoff = Option<f64>;

fn cutoff(text: &str) -> Result<Cutoff, String> {
    match text.parse::<f64>() {
        _ if text == "auto" => Ok(None),
        Ok(w) if w.is_finite() && w > 0.0 => Ok(Some(w)),
        _ => Err("give a length in ångström, such as 3.9, or auto".to_owned()),
    }
}

/// Some of the three directions of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Axes([bool; 3]);

impl FromStr for Axes {
    type Err = String;

    fn from_str(text: &str) -> Result<Axes, String> {
        let mut axes = [false; 3];
        for letter in text.chars() {
            let place = match letter.to_ascii_lowercase() {
                'a' | 'x' => 0,
                'b' | 'y' => 1,
                'c' | 'z' => 2,
                _ => return Err("give some of the letters a, b and c, such as ab".to_owned()),
            };
            axes[place] = true;
        }
        match axes.contains(&true) {
            true => Ok(Axes(axes)),
            false => Err("give some of the letters a, b and c, such as ab".to_owned()),
        }
    }
}

/// Runs the command.
pub fn main() -> ExitCode {
    let args = Args::parse();
    finish(run(&args).map(|()| ExitCode::SUCCESS))
}

fn run(args: &Args) -> Result<()> {
    args.running.begin()?;
    let mut stages = Stages::new(args.running.quiet);
    if args.merge {
        return merge(&args.files, &args.running, &mut stages);
    }
    let run = StructureRun {
        files: args.files.clone(),
        format: args.format,
        choice: args.choice()?,
        rules: Rules {
            cutoff_angstrom: args.cutoff,
            delta_max: args.delta,
            paper: args.paper,
        },
        frames: args.frames,
    };
    run.produce(&args.running, &mut stages)
}

impl Args {
    fn choice(&self) -> Result<Choice> {
        let open = self.open.map_or([false; 3], |axes| axes.0);
        let periodic = self.periodic.map_or([false; 3], |axes| axes.0);
        let mut wanted = [None; 3];
        for k in 0..3 {
            wanted[k] = match (open[k], periodic[k]) {
                (true, true) => anyhow::bail!(
                    "the direction {} is both among --open and among --periodic",
                    ['a', 'b', 'c'][k]
                ),
                (true, false) => Some(false),
                (false, true) => Some(true),
                (false, false) => None,
            };
        }
        let choice = self
            .types
            .clone()
            .map_or_else(Choice::default, Choice::of_types);
        Ok(Choice {
            periodic: wanted,
            ..choice
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_are_letters() {
        assert_eq!("ac".parse(), Ok(Axes([true, false, true])));
        assert_eq!("ZX".parse(), Ok(Axes([true, false, true])));
        assert!("".parse::<Axes>().is_err() && "d".parse::<Axes>().is_err());
        assert_eq!(cutoff("auto"), Ok(None));
        assert_eq!(cutoff("3.9"), Ok(Some(3.9)));
        assert!(cutoff("0").is_err() && cutoff("nan").is_err() && cutoff("wide").is_err());
    }
}
