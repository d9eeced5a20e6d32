//! `quench`: the simulated tantalum of Fig. 6, through LAMMPS (Methods, "MD simulations").
//!
//! So far the melt only: the crystal is molten at 5,200 K and its last frame becomes a snapshot.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use amorphous_packing::io::lammps::{self, DEFAULT_PROGRAM, Lammps, Thermo};
use amorphous_packing::io::snapshot::write_snapshot;
use amorphous_packing::liquid::potential::Potential;
use amorphous_packing::liquid::protocol::{Protocol, ScriptFiles, melt_script};
use anyhow::{Context, bail};
use clap::Parser;
use figures::cli::finish;
use figures::files;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const EXAMPLES: &str = "\
Examples:
  quench --melt                      the paper's 31,250 atoms at 5,200 K (about 7 CPU-minutes)
  quench --melt --ranks 4            the same on four cores
  quench --melt --cells 8 --steps 2000 --out liquid
                                     1,024 atoms in seconds
  quench --melt --dry-run            the LAMMPS input only";

/// Simulates liquid tantalum with LAMMPS and writes a snapshot
#[derive(Debug, Parser)]
#[command(name = "quench", version, after_help = EXAMPLES)]
struct Args {
    /// Melt the crystal and write its last frame (the only stage there is so far)
    #[arg(long)]
    melt: bool,

    /// Edge of the box in bcc cells of two atoms
    #[arg(long, value_name = "N", default_value_t = Protocol::default().cells_per_edge)]
    cells: u32,

    /// Temperature of the melt in kelvin
    #[arg(long, value_name = "K", default_value_t = Protocol::default().melt_temperature_k,
          allow_negative_numbers = true)]
    temperature: f64,

    /// Seed of the initial velocities
    #[arg(long, value_name = "N", default_value_t = Protocol::default().seed)]
    seed: u32,

    /// Time steps of the melt
    #[arg(long, value_name = "N", default_value_t = Protocol::default().melt_steps)]
    steps: u64,

    /// Time step in picoseconds
    #[arg(long, value_name = "PS", default_value_t = Protocol::default().timestep_ps,
          allow_negative_numbers = true)]
    timestep: f64,

    /// Processes, run by mpirun if more than one
    #[arg(long, value_name = "N", default_value = "1")]
    ranks: NonZero<u32>,

    /// The LAMMPS program
    #[arg(long, value_name = "PATH", default_value = DEFAULT_PROGRAM)]
    lmp: PathBuf,

    /// An eam/alloy (setfl) file for Ta instead of the potential of Ravelo et al. 2013
    #[arg(long, value_name = "FILE")]
    potential: Option<PathBuf>,

    /// Print the LAMMPS input and stop
    #[arg(long)]
    dry_run: bool,

    /// Directory for the snapshot
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,

    /// Say nothing unless something is wrong
    #[arg(long)]
    quiet: bool,
}

impl Args {
    fn protocol(&self) -> Protocol {
        Protocol {
            cells_per_edge: self.cells,
            melt_temperature_k: self.temperature,
            melt_steps: self.steps,
            timestep_ps: self.timestep,
            seed: self.seed,
            ..Protocol::default()
        }
    }

    /// The command as it is recorded: all that determines the result, and nothing of the machine.
    fn recorded_command(&self) -> String {
        let potential = match self.potential {
            Some(_) => " --potential FILE",
            None => "",
        };
        format!(
            "quench --melt --cells {} --temperature {} --seed {} --steps {} --timestep {} \
             --ranks {}{potential}",
            self.cells, self.temperature, self.seed, self.steps, self.timestep, self.ranks
        )
    }

    /// Where the snapshot goes: `ta_liquid_5200K.parquet`.
    fn snapshot_path(&self) -> PathBuf {
        self.out
            .join(format!("ta_liquid_{}K.parquet", self.temperature))
    }
}

fn main() -> ExitCode {
    finish(run(&Args::parse()).map(|()| ExitCode::SUCCESS))
}

fn run(args: &Args) -> anyhow::Result<()> {
    if !args.melt {
        bail!(
            "only the melt stage exists so far: run it with `quench --melt` \
             (the quench to 300 K will follow)"
        );
    }
    let protocol = args.protocol();
    protocol.check()?;
    if args.dry_run {
        print!("{}", melt_script(&protocol, ScriptFiles::default()));
        return Ok(());
    }
    let potential = potential(args.potential.as_deref(), &protocol)?;
    let lammps = Lammps::find(&args.lmp, args.ranks)?;
    files::writable(&args.out)?;
    if !args.quiet {
        eprintln!(
            "{} atoms, {} steps of {} ps at {} K; potential: {}; LAMMPS {}, {} rank(s)",
            protocol.atoms(),
            protocol.melt_steps,
            protocol.timestep_ps,
            protocol.melt_temperature_k,
            potential.name,
            lammps.version(),
            lammps.ranks(),
        );
    }
    let bar = progress_bar(protocol.melt_steps, args.quiet);
    let melt = lammps::melt(
        &lammps,
        &protocol,
        &potential,
        &args.recorded_command(),
        &mut |thermo| show(&bar, thermo),
    )?;
    bar.finish_and_clear();
    let path = args.snapshot_path();
    write_snapshot(&path, &melt.snapshot)?;
    if !args.quiet {
        eprintln!(
            "{}: {} atoms, {:.4} atoms/Å³, {:.0} K, {:.4} eV/atom",
            path.display(),
            melt.snapshot.atoms().len(),
            melt.snapshot.number_density(),
            melt.snapshot.provenance().frame_temperature_k,
            melt.snapshot.provenance().frame_energy_ev,
        );
    }
    Ok(())
}

fn potential(file: Option<&Path>, protocol: &Protocol) -> anyhow::Result<Potential> {
    let Some(path) = file else {
        return Ok(Potential::ravelo_ta1());
    };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the potential '{}' cannot be read", path.display()))?;
    Potential::from_setfl(text, protocol.element())
        .with_context(|| format!("the potential '{}' cannot be used", path.display()))
}

/// Hidden when asked for silence; indicatif itself hides it when stderr is no terminal.
fn progress_bar(steps: u64, quiet: bool) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len} steps, {eta} left  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(steps), target).with_style(style)
}

fn show(bar: &ProgressBar, thermo: &Thermo) {
    bar.set_position(thermo.step);
    bar.set_message(format!(
        "{:.0} K, {:.3} eV/atom",
        thermo.temperature_k, thermo.energy_ev
    ));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]

    use super::*;

    fn args(words: &str) -> Args {
        Args::try_parse_from(["quench"].into_iter().chain(words.split_whitespace())).unwrap()
    }

    fn refusal(words: &str) -> String {
        format!("{:#}", run(&args(words)).unwrap_err())
    }

    #[test]
    fn without_melt_it_says_what_there_is() {
        assert!(refusal("").contains("only the melt stage exists so far"));
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        assert!(refusal("--melt --cells 0").starts_with("0 bcc cells per edge"));
        assert!(refusal("--melt --steps 0").starts_with("0 steps simulate nothing"));
        assert!(refusal("--melt --seed 0").starts_with("the seed 0 is not usable"));
        assert!(
            refusal("--melt --temperature -5").starts_with("the temperature is -5 K; it must be")
        );
        assert!(refusal("--melt --timestep nan").starts_with("the time step is NaN ps"));
        assert!(Args::try_parse_from(["quench", "--melt", "--ranks", "0"]).is_err());
    }

    #[test]
    fn a_potential_that_is_not_there_is_named() {
        let message = refusal("--melt --potential no/such.eam.alloy");
        assert!(message.starts_with("the potential 'no/such.eam.alloy' cannot be read"));
    }

    #[test]
    fn the_snapshot_is_named_by_its_temperature() {
        assert_eq!(
            args("--melt").snapshot_path(),
            Path::new("out/ta_liquid_5200K.parquet")
        );
    }

    #[test]
    fn the_recorded_command_repeats_the_protocol_and_hides_the_machine() {
        let first = args("--melt --cells 6 --seed 7 --lmp /somewhere/lmp --out /elsewhere --quiet");
        let recorded = first.recorded_command();
        assert!(!recorded.contains("where"));
        let again = args(recorded.strip_prefix("quench ").unwrap());
        assert_eq!(again.protocol(), first.protocol());
    }
}
