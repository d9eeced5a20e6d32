//! `quench`: the simulated liquid and glass of Fig. 6, through LAMMPS (Methods, "MD simulations").
//!
//! The run lives in a directory of its own and can be stopped and resumed at any time; when it is
//! complete, its snapshots and averaged pair distributions are written and the directory goes.

use std::fmt::Write as _;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use crate::harness::cli::finish;
use crate::harness::files;
use crate::harness::out;
use crate::harness::progress::{Bars, Unit};
use amorphous_packing::atoms::Element;
use amorphous_packing::data::snapshot::write_snapshot;
use amorphous_packing::formats::tables::to_csv;
use amorphous_packing::liquid::eam::EamPotential;
use amorphous_packing::liquid::potential::Potential;
use amorphous_packing::liquid::protocol::{Protocol, Quench};
use amorphous_packing::liquid::script::script;
use amorphous_packing::liquid::setfl::EamTable;
use amorphous_packing::liquid::states::{
    StateMeans, mean_number_density, mean_pair_distribution, state_name,
};
use amorphous_packing::liquid::zhou::Zhou;
use amorphous_packing::order::PairDistribution;
use amorphous_packing::report::Rows;
use amorphous_packing::report::liquid::states_table;
use amorphous_packing::report::pair_distribution::pair_distribution_table;
use amorphous_packing::runs::lammps::{DEFAULT_LAUNCHER, DEFAULT_PROGRAM, Lammps, Thermo};
use amorphous_packing::runs::simulation::{Collected, Simulation};
use anyhow::{Context, bail};
use clap::{Parser, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  quench --ranks 4                   the paper's run: 31,250 Ta atoms, 5,200 K to 300 K at 1e13 K/s
                                     (about 150 CPU-minutes)
  quench --element pd                palladium, 5,324 atoms from 2,900 K
  quench --potential zhou --cells 14 tantalum with another potential
  quench --cells 5 --rate 1e15 --hold-steps 1000
                                     a toy in seconds
  quench --melt                      the liquid only
  quench --dry-run                   the LAMMPS input only
  quench --prepare --run-dir run     all that LAMMPS needs, to be run elsewhere:
      cd run && srun lmp -sf opt -in in.0.lammps -log log.0.lammps
  quench --run-dir run               goes on with what is there, or collects it if it is complete

A run that was stopped is resumed by the same command.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Metal {
    /// Tantalum, from bcc
    Ta,
    /// Palladium, from fcc
    Pd,
}

impl Metal {
    fn element(self) -> Element {
        match self {
            Metal::Ta => Element::Ta,
            Metal::Pd => Element::Pd,
        }
    }
}

/// Melts and quenches a metal with LAMMPS and writes snapshots on the way
#[derive(Debug, Parser)]
#[command(name = "quench", version, after_help = EXAMPLES)]
struct Args {
    /// The metal
    #[arg(long, value_enum, default_value = "ta")]
    element: Metal,

    /// ravelo (Ta1, the default for Ta), zhou (the default for Pd), or an eam/alloy (setfl) file
    #[arg(long, value_name = "NAME|FILE")]
    potential: Option<PathBuf>,

    /// Edge of the box in cubic cells of the crystal [default: 25 for Ta, 11 for Pd]
    #[arg(long, value_name = "N")]
    cells: Option<u32>,

    /// Temperature of the liquid in kelvin [default: 5200 for Ta, 2900 for Pd]
    #[arg(long, value_name = "K", allow_negative_numbers = true)]
    temperature: Option<f64>,

    /// Temperature of the glass in kelvin [default: 300]
    #[arg(long, value_name = "K", allow_negative_numbers = true)]
    final_temperature: Option<f64>,

    /// Temperatures in kelvin at which snapshots are taken on the way, separated by commas
    #[arg(long, value_name = "K,K,…", value_delimiter = ',')]
    temperatures: Option<Vec<f64>>,

    /// Cooling rate in kelvin per second [default: 1e13]
    #[arg(long, value_name = "K/S", allow_negative_numbers = true)]
    rate: Option<f64>,

    /// Time steps of the melt [default: 12000]
    #[arg(long, value_name = "N")]
    melt_steps: Option<u64>,

    /// Time steps at the final temperature [default: 16000]
    #[arg(long, value_name = "N")]
    hold_steps: Option<u64>,

    /// Time step in picoseconds [default: 0.0025 for Ta, 0.002 for Pd]
    #[arg(long, value_name = "PS", allow_negative_numbers = true)]
    timestep: Option<f64>,

    /// Seed of the initial velocities [default: 20211018]
    #[arg(long, value_name = "N")]
    seed: Option<u32>,

    /// Stop after the melt
    #[arg(long)]
    melt: bool,

    /// Processes, run by the launcher if more than one
    #[arg(long, value_name = "N", default_value = "1")]
    ranks: NonZero<u32>,

    /// What starts several processes (srun on many clusters)
    #[arg(long, value_name = "PROGRAM", default_value = DEFAULT_LAUNCHER)]
    launcher: String,

    /// The LAMMPS program
    #[arg(long, value_name = "PATH", default_value = DEFAULT_PROGRAM)]
    lmp: PathBuf,

    /// Print the LAMMPS input and stop
    #[arg(long)]
    dry_run: bool,

    /// Write what LAMMPS needs into the run directory and stop
    #[arg(long, conflicts_with = "dry_run")]
    prepare: bool,

    /// Directory of the run [default: OUT/SYSTEM_run]
    #[arg(long, value_name = "DIR")]
    run_dir: Option<PathBuf>,

    /// Keep the run directory when its snapshots are written
    #[arg(long)]
    keep: bool,

    /// Directory for the snapshots and tables
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,

    /// Say nothing unless something is wrong
    #[arg(long)]
    quiet: bool,
}

/// Where the interatomic forces come from.
struct Model {
    /// The element and, unless it is the usual one, the potential: begins the names of the files.
    system: String,
    /// As it is recorded in the command.
    recorded: String,
    potential: Potential,
    lattice_constant_angstrom: f64,
}

impl Args {
    fn model(&self) -> anyhow::Result<Model> {
        let element = self.element.element();
        let symbol = element.symbol().to_lowercase();
        let usual = match self.element {
            Metal::Ta => "ravelo",
            Metal::Pd => "zhou",
        };
        let named = self.potential.as_deref().unwrap_or(Path::new(usual));
        let (name, potential, lattice_constant_angstrom) = match (named.to_str(), self.element) {
            (Some("ravelo"), Metal::Ta) => (
                "ravelo",
                Potential::ravelo_ta1(),
                Protocol::default().lattice_constant_angstrom,
            ),
            (Some("ravelo"), Metal::Pd) => {
                bail!("the potential of Ravelo et al. is for Ta; use --potential zhou for Pd")
            }
            (Some("zhou"), _) => {
                let both = Potential::zhou(element).zip(Zhou::new(element));
                let (table, model) = both.context("that potential has no such metal")?;
                ("zhou", table, model.lattice().1)
            }
            _ => {
                let (potential, lattice_constant) = read_potential(named, element)?;
                ("FILE", potential, lattice_constant)
            }
        };
        let system = match name {
            "FILE" => format!("{symbol}_other"),
            name if name == usual => symbol,
            name => format!("{symbol}_{name}"),
        };
        Ok(Model {
            system,
            recorded: name.to_owned(),
            potential,
            lattice_constant_angstrom,
        })
    }

    fn protocol(&self, lattice_constant_angstrom: f64) -> Protocol {
        let usual = match self.element {
            Metal::Ta => Protocol::tantalum(lattice_constant_angstrom),
            Metal::Pd => Protocol::palladium(lattice_constant_angstrom),
        };
        let melt_temperature_k = self.temperature.unwrap_or(usual.melt_temperature_k);
        let with_ends = Protocol {
            cells_per_edge: self.cells.unwrap_or(usual.cells_per_edge),
            melt_temperature_k,
            melt_steps: self.melt_steps.unwrap_or(usual.melt_steps),
            timestep_ps: self.timestep.unwrap_or(usual.timestep_ps),
            seed: self.seed.unwrap_or(usual.seed),
            ..usual
        };
        let quench = with_ends.quench.clone().filter(|_| !self.melt);
        let quench = quench.map(|usual| {
            let quench = Quench {
                rate_k_per_s: self.rate.unwrap_or(usual.rate_k_per_s),
                final_temperature_k: self.final_temperature.unwrap_or(usual.final_temperature_k),
                hold_steps: self.hold_steps.unwrap_or(usual.hold_steps),
                ..usual
            };
            // Of the usual temperatures those that fit between the ends.
            let apart = with_ends.least_apart_k(&quench);
            let ends = quench.final_temperature_k + apart..=melt_temperature_k - apart;
            let usual = quench.temperatures_k.iter().copied();
            let fitting = usual.filter(|kelvin| ends.contains(kelvin)).collect();
            Quench {
                temperatures_k: self.temperatures.clone().unwrap_or(fitting),
                ..quench
            }
        });
        Protocol {
            quench,
            ..with_ends
        }
    }

    /// The command as it is recorded: all that determines the result, and nothing of the machine.
    fn recorded_command(&self, model: &Model, protocol: &Protocol) -> String {
        let mut command = format!(
            "quench --element {} --potential {} --cells {} --temperature {} --melt-steps {} \
             --timestep {} --seed {}",
            protocol.element.symbol().to_lowercase(),
            model.recorded,
            protocol.cells_per_edge,
            protocol.melt_temperature_k,
            protocol.melt_steps,
            protocol.timestep_ps,
            protocol.seed,
        );
        // Writing to a String cannot fail.
        let _ = match &protocol.quench {
            None => write!(command, " --melt"),
            Some(quench) => write!(
                command,
                " --rate {:e} --temperatures {} --final-temperature {} --hold-steps {}",
                quench.rate_k_per_s,
                quench
                    .temperatures_k
                    .iter()
                    .map(f64::to_string)
                    .collect::<Vec<_>>()
                    .join(","),
                quench.final_temperature_k,
                quench.hold_steps,
            ),
        };
        command
    }

    fn run_directory(&self, system: &str) -> PathBuf {
        self.run_dir
            .clone()
            .unwrap_or_else(|| self.out.join(format!("{system}_run")))
    }
}

/// Runs the command.
pub fn main() -> ExitCode {
    finish(run(&Args::parse()).map(|()| ExitCode::SUCCESS))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let model = args.model()?;
    let protocol = args.protocol(model.lattice_constant_angstrom);
    protocol.check()?;
    if args.dry_run {
        return out::text(&script(&protocol, None));
    }
    let directory = args.run_directory(&model.system);
    let command = args.recorded_command(&model, &protocol);
    let prepare = || Simulation::open(&directory, &protocol, &model.potential, &command);
    if args.prepare {
        prepare()?;
        say(args, || {
            format!("{}: ready for LAMMPS", directory.display())
        });
        return Ok(());
    }
    files::writable(&args.out)?;
    // LAMMPS is asked for before anything is written, unless the run may be complete already.
    let lammps = Lammps::find(&args.lmp, args.ranks, &args.launcher);
    if let (Err(_), false) = (&lammps, directory.is_dir()) {
        lammps?;
        return Ok(());
    }
    let simulation = prepare()?;
    if !simulation.is_complete() {
        simulate(args, &simulation, &lammps?)?;
    }
    collect(args, &simulation, &model.system)?;
    if !args.keep {
        std::fs::remove_dir_all(&directory)
            .with_context(|| format!("'{}' cannot be removed", directory.display()))?;
    }
    Ok(())
}

fn simulate(args: &Args, simulation: &Simulation, lammps: &Lammps) -> anyhow::Result<()> {
    let protocol = &simulation.record().protocol;
    let begun = simulation.reached();
    say(args, || {
        format!(
            "{} atoms, steps {begun} to {} of {} ps; potential: {}; LAMMPS {}, {} rank(s)",
            protocol.atoms(),
            protocol.steps(),
            protocol.timestep_ps,
            simulation.record().potential,
            lammps.version(),
            lammps.ranks(),
        )
    });
    let start = Instant::now();
    simulation.run(lammps, &Bars::new(Unit::Steps, args.quiet))?;
    say(args, || {
        let atom_steps = ((protocol.steps() - begun) * protocol.atoms()) as f64;
        let per_rank = atom_steps / start.elapsed().as_secs_f64() / f64::from(lammps.ranks());
        format!("{per_rank:.3e} atom-steps per second and rank")
    });
    Ok(())
}

/// Writes the snapshots, `SYSTEM_pair_distribution.csv` and `SYSTEM_states.csv`.
fn collect(args: &Args, simulation: &Simulation, system: &str) -> anyhow::Result<()> {
    let protocol = &simulation.record().protocol;
    let all = protocol.waypoints();
    let (mut states, mut curves) = (Vec::new(), Vec::new());
    for collected in simulation.collect()? {
        let collected = collected?;
        let name = state_name(system, &all, &collected.waypoint, protocol.element);
        let path = args.out.join(format!("{name}.parquet"));
        write_snapshot(&path, &collected.snapshot)?;
        let state = means(name, &collected);
        say(args, || {
            format!(
                "{}: {:.0} K, {:.5} atoms/Å³, {:.4} eV/atom",
                path.display(),
                state.kinetic_temperature_k,
                state.number_density,
                state.energy_ev,
            )
        });
        curves.push(mean_pair_distribution(&collected.frames)?);
        states.push(state);
    }
    let named = states.iter().zip(&curves);
    let named = named.map(|(state, curve)| Rows::new(&state.name, curve));
    let named: Vec<Rows<'_, &PairDistribution>> = named.collect();
    for (kind, table) in [
        ("pair_distribution", pair_distribution_table(&named)?),
        ("states", states_table(&states)?),
    ] {
        files::write(&args.out, &format!("{system}_{kind}.csv"), &to_csv(&table)?)?;
    }
    Ok(())
}

fn means(name: String, collected: &Collected) -> StateMeans {
    let thermo = &collected.thermo;
    let of =
        |value: fn(&Thermo) -> f64| thermo.iter().map(value).sum::<f64>() / thermo.len() as f64;
    StateMeans {
        name,
        temperature_k: collected.waypoint.temperature_k,
        frames: collected.frames.len(),
        kinetic_temperature_k: of(|thermo| thermo.temperature_k),
        pressure_bar: of(|thermo| thermo.pressure_bar),
        number_density: mean_number_density(&collected.frames),
        energy_ev: of(|thermo| thermo.energy_ev),
    }
}

/// A user's table with the lattice constant that it states, in ångström.
fn read_potential(path: &Path, element: Element) -> anyhow::Result<(Potential, f64)> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the potential '{}' cannot be read", path.display()))?;
    let unusable = || format!("the potential '{}' cannot be used", path.display());
    let table = EamTable::from_setfl(&text, element).with_context(unusable)?;
    let potential = Potential::from_setfl(text, element).with_context(unusable)?;
    Ok((potential, table.lattice_constant_angstrom))
}

fn say(args: &Args, message: impl FnOnce() -> String) {
    if !args.quiet {
        out::note(message());
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]

    use super::*;

    fn args(words: &str) -> Args {
        Args::try_parse_from(["quench"].into_iter().chain(words.split_whitespace())).unwrap()
    }

    fn protocol(words: &str) -> Protocol {
        let args = args(words);
        args.protocol(args.model().unwrap().lattice_constant_angstrom)
    }

    fn refusal(words: &str) -> String {
        format!("{:#}", run(&args(words)).unwrap_err())
    }

    #[test]
    fn without_options_it_is_the_paper_s_run() {
        assert_eq!(protocol(""), Protocol::default());
        assert_eq!(protocol("--melt").steps(), 12_000);
        assert_eq!(protocol("--element pd").atoms(), 5_324);
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        assert!(refusal("--cells 0").starts_with("0 bcc cells per edge"));
        assert!(refusal("--melt-steps 0").starts_with("the melt cannot last 0 steps"));
        assert!(refusal("--hold-steps 50").starts_with("the hold cannot last 50 steps"));
        assert!(refusal("--seed 0").starts_with("the seed 0 is not usable"));
        assert!(refusal("--temperature -5").starts_with("the temperature is -5 K; it must be"));
        assert!(refusal("--timestep nan").starts_with("the time step is NaN ps"));
        assert!(refusal("--rate 1").contains("at most 1000000000 are made; cool faster"));
        assert!(refusal("--hold-steps 18446744073709551600").contains("at most 1000000000"));
        assert!(refusal("--rate -1").starts_with("the cooling rate is -1 K/s"));
        assert!(refusal("--temperatures 900,1000").starts_with("the quench cannot be sampled at"));
        assert!(refusal("--final-temperature 6000").starts_with("the quench cannot be sampled at"));
        assert!(refusal("--element pd --potential ravelo").contains("--potential zhou"));
        assert!(Args::try_parse_from(["quench", "--ranks", "0"]).is_err());
        assert!(Args::try_parse_from(["quench", "--element", "au"]).is_err());
    }

    #[test]
    fn a_potential_that_is_not_there_is_named() {
        let message = refusal("--potential no/such.eam.alloy");
        assert!(message.starts_with("the potential 'no/such.eam.alloy' cannot be read"));
    }

    #[test]
    fn the_recorded_command_repeats_the_protocol_and_hides_the_machine() {
        for words in [
            "--cells 6 --seed 7 --lmp /somewhere/lmp --out /elsewhere --quiet",
            "--element pd --rate 5e14 --temperatures 2000,1000 --timestep 0.001",
            "--potential zhou --melt --run-dir /nowhere",
        ] {
            let first = args(words);
            let model = first.model().unwrap();
            let expected = first.protocol(model.lattice_constant_angstrom);
            let recorded = first.recorded_command(&model, &expected);
            assert!(!recorded.contains("where"), "{recorded}");
            assert_eq!(
                protocol(recorded.strip_prefix("quench ").unwrap()),
                expected
            );
        }
    }
}
