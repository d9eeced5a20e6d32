//! A simulation in a directory of its own: prepared, run, resumed after an interruption, and
//! collected into snapshots (Methods, "MD simulations").
//!
//! The directory holds all that LAMMPS needs, so that the same run can be made by hand or on a
//! cluster (`lmp -in in.0.lammps -log log.0.lammps`) and collected here:
//!
//! | file | content |
//! |---|---|
//! | `run.json` | the protocol and the potential ([`Record`]) |
//! | `potential.eam.alloy` | the table |
//! | `in.N.lammps`, `log.N.lammps` | the input from step N on, and what LAMMPS printed |
//! | `restart.N` | the state at step N; the last two are kept |
//! | `frames.*.dump` | the frames about each state of interest |

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::lammps::{Lammps, LammpsError, Thermo, ThermoTable};
use crate::atoms::Atoms;
use crate::data::snapshot::{Snapshot, SnapshotError, SnapshotProvenance};
use crate::formats::structure::{Choice, Format, Structure, StructureError, open};
use crate::formats::turn::{NoTurn, Turn};
use crate::formats::whole::write_whole;
use crate::liquid::potential::Potential;
use crate::liquid::protocol::{Leg, Protocol, ProtocolError, SAMPLE_STEPS, Waypoint};
use crate::liquid::script::{POTENTIAL_FILE, RESTART, frames_file, restart_file, script};
use crate::numerics::sha256;

/// The file that is locked while a simulation runs in a directory, and the one that stands for it.
const TURN: [&str; 2] = ["lock", "running"];
use crate::progress::Progress;

/// The file that says what is simulated in a directory.
pub const RECORD_FILE: &str = "run.json";

/// What is simulated in a directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The command of this project that prepared it.
    pub command: String,
    /// Name and version of this library.
    pub made_by: String,
    /// Who made the interatomic potential.
    pub potential: String,
    /// SHA-256 of the potential's setfl table.
    pub potential_sha256: String,
    /// SHA-256 of the input that LAMMPS was given at the beginning, `in.0.lammps`.
    #[serde(default)]
    pub script_sha256: String,
    /// Size of the system, temperatures, durations, time step, damping times and seed.
    pub protocol: Protocol,
}

/// Why a simulation cannot be prepared, run or collected.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// The protocol makes no sense.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// LAMMPS is missing, or failed.
    #[error(transparent)]
    Lammps(#[from] LammpsError),
    /// The directory cannot be used.
    #[error("the run directory '{}' cannot be used", directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// What the operating system says.
        #[source]
        reason: std::io::Error,
    },
    /// The directory belongs to another simulation.
    #[error(
        "'{}' holds another simulation ({found}); finish that one, remove the directory, \
         or name another",
        directory.display()
    )]
    Foreign {
        /// The directory.
        directory: PathBuf,
        /// The command that prepared what is there.
        found: String,
    },
    /// Another process runs there.
    #[error("another simulation is running in '{}'; wait for it", directory.display())]
    Busy {
        /// The directory.
        directory: PathBuf,
    },
    /// Another process may run there, which a file system without locks cannot tell.
    #[error(
        "'{}' says that a simulation is running there, and its file system has no locks to know \
         whether it still is; if none is, remove that file",
        file.display()
    )]
    PerhapsBusy {
        /// The file that is made for as long as a simulation runs.
        file: PathBuf,
    },
    /// What was begun cannot be gone on with.
    #[error(
        "the run in '{}' was begun with another LAMMPS input, by {made_by}; finish it with that \
         version, remove the directory, or name another",
        directory.display()
    )]
    OtherScript {
        /// The directory.
        directory: PathBuf,
        /// Name and version of the library that began it.
        made_by: String,
    },
    /// LAMMPS ended without an error, but something is not there.
    #[error(
        "the run in '{}' lacks {missing}; if the disk was full, make room, remove the directory \
         and run again",
        directory.display()
    )]
    Incomplete {
        /// The directory.
        directory: PathBuf,
        /// What is missing.
        missing: String,
    },
    /// A dump cannot be read.
    #[error(
        "the frames of the run in '{}' cannot be used; if the disk was full, make room, remove \
         the directory and run again",
        directory.display()
    )]
    Dump {
        /// The directory of the run.
        directory: PathBuf,
        /// What is wrong with them.
        #[source]
        reason: StructureError,
    },
    /// A frame makes no snapshot.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// A simulation in its directory.
#[derive(Debug)]
pub struct Simulation {
    directory: PathBuf,
    record: Record,
    legs: Vec<Leg>,
    _turn: Turn,
}

/// What a simulation gives of one state.
#[derive(Debug, Clone, PartialEq)]
pub struct Collected {
    /// The state.
    pub waypoint: Waypoint,
    /// The frame at its step.
    pub snapshot: Snapshot,
    /// That frame and those about it, [`SAMPLE_STEPS`] apart.
    pub frames: Vec<Atoms>,
    /// The thermodynamic output of each of them.
    pub thermo: Vec<Thermo>,
}

impl Simulation {
    /// Prepares a directory for a simulation, or finds the one that was begun there.
    ///
    /// `command` is recorded as what made the snapshots.
    ///
    /// # Errors
    /// [`SimulationError::Foreign`] if another simulation has got somewhere there,
    /// [`SimulationError::OtherScript`] if it did with an input that this version does not write,
    /// [`SimulationError::Busy`] if it is running, [`SimulationError::Directory`] if nothing can be
    /// written.
    pub fn open(
        directory: &Path,
        protocol: &Protocol,
        potential: &Potential,
        command: &str,
    ) -> Result<Simulation, SimulationError> {
        protocol.check()?;
        let record = Record {
            command: command.to_owned(),
            made_by: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            potential: potential.name.clone(),
            potential_sha256: potential.sha256.clone(),
            script_sha256: sha256(script(protocol, None).as_bytes()),
            protocol: protocol.clone(),
        };
        let unusable = |reason| SimulationError::Directory {
            directory: directory.to_owned(),
            reason,
        };
        fs::create_dir_all(directory).map_err(unusable)?;
        let turn = Turn::take(directory, TURN, File::try_lock).map_err(|error| match error {
            NoTurn::Busy => SimulationError::Busy {
                directory: directory.to_owned(),
            },
            NoTurn::PerhapsBusy(file) => SimulationError::PerhapsBusy { file },
            NoTurn::Io(reason) => unusable(reason),
        })?;
        let begun = has_restart(directory).map_err(unusable)?;
        let of = |record| Simulation {
            directory: directory.to_owned(),
            legs: protocol.legs(),
            record,
            _turn: turn,
        };
        let as_found = |found: &Record| begun || found.script_sha256 == record.script_sha256;
        match read_record(directory).map_err(unusable)? {
            Some(found) if is_same(&found, &record) && as_found(&found) => {
                let simulation = of(found);
                simulation.check_script(&record)?;
                Ok(simulation)
            }
            Some(found) if begun => Err(SimulationError::Foreign {
                directory: directory.to_owned(),
                found: found.command,
            }),
            // Nothing, or another simulation that never got anywhere.
            _ => {
                write_run(directory, &record, &potential.setfl).map_err(unusable)?;
                Ok(of(record))
            }
        }
    }

    /// What remains to be run is written by this version, and must go on with what was begun; of a
    /// complete run nothing remains.
    fn check_script(&self, wanted: &Record) -> Result<(), SimulationError> {
        if self.is_complete() || self.script_sha256()? == wanted.script_sha256 {
            return Ok(());
        }
        Err(SimulationError::OtherScript {
            directory: self.directory.clone(),
            made_by: self.record.made_by.clone(),
        })
    }

    /// The hash of the input of the beginning; a record of an earlier version lacks it, and the
    /// input itself lies beside it.
    fn script_sha256(&self) -> Result<String, SimulationError> {
        if self.record.script_sha256.is_empty() {
            let input = self.usable(fs::read(self.directory.join(input_file(0))))?;
            return Ok(sha256(&input));
        }
        Ok(self.record.script_sha256.clone())
    }

    /// What is simulated.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Where it is simulated.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The step that is safe on disk: 0 before the first restart file.
    pub fn reached(&self) -> u64 {
        let is_there = |leg: &&Leg| self.directory.join(restart_file(leg.end)).is_file();
        self.legs
            .iter()
            .rev()
            .find(is_there)
            .map_or(0, |leg| leg.end)
    }

    /// Whether the last leg is done.
    pub fn is_complete(&self) -> bool {
        self.reached() == self.record.protocol.steps()
    }

    /// Runs what remains; `progress` counts the steps of the whole, those that are done among them,
    /// and notes the temperature of the thermostat and the energy.
    ///
    /// # Errors
    /// [`SimulationError::Lammps`] with LAMMPS's own message, [`SimulationError::Incomplete`] if it
    /// ends early without one.
    pub fn run(&self, lammps: &Lammps, progress: &dyn Progress) -> Result<(), SimulationError> {
        let protocol = &self.record.protocol;
        let from = self.reached();
        let input = input_file(from);
        let text = script(protocol, (from > 0).then_some(from));
        self.usable(write_whole(&self.directory.join(&input), text.as_bytes()))?;
        progress.start("quench", Some(protocol.steps()));
        progress.advance(from);
        let mut reached = from;
        let ended = lammps.listen(&self.directory, &input, &log_file(from), &mut |thermo| {
            let nominal = protocol.nominal_temperature_k(thermo.step);
            reached = thermo.tell(progress, reached, nominal);
        });
        progress.finish();
        ended?;
        if self.is_complete() {
            Ok(())
        } else {
            Err(self.incomplete("the state at its end".to_owned()))
        }
    }

    /// The thermodynamic output of the whole run, by step.
    ///
    /// # Errors
    /// [`SimulationError::Directory`] if a log cannot be read.
    pub fn thermo(&self) -> Result<BTreeMap<u64, Thermo>, SimulationError> {
        let mut by_step = BTreeMap::new();
        for log in self.logs() {
            let mut table = ThermoTable::default();
            for line in self.usable(read_lines(&log))? {
                // What a later part repeats replaces what was lost with the interruption.
                by_step.extend(table.take_line(&line).map(|thermo| (thermo.step, thermo)));
            }
        }
        Ok(by_step)
    }

    /// The snapshots of a complete run with the frames about them, in the order of the run; each is
    /// read when it is asked for.
    ///
    /// # Errors
    /// Each item: [`SimulationError::Incomplete`] if frames or output are missing,
    /// [`SimulationError::Dump`] if a dump is damaged.
    pub fn collect(
        &self,
    ) -> Result<impl Iterator<Item = Result<Collected, SimulationError>>, SimulationError> {
        let thermo = self.thermo()?;
        let first_log = self.usable(read_lines(&self.directory.join(log_file(0))))?;
        let version = first_log.iter().find_map(|line| logged_version(line));
        let version = version.ok_or_else(|| self.incomplete("the version in its log".into()))?;
        let crystal = first_energy(&first_log)
            .ok_or_else(|| self.incomplete("the energy of the crystal in its log".into()))?;
        let provenance = SnapshotProvenance {
            command: self.record.command.clone(),
            made_by: self.record.made_by.clone(),
            lammps_version: version,
            potential: self.record.potential.clone(),
            potential_sha256: self.record.potential_sha256.clone(),
            protocol: self.record.protocol.clone(),
            script_sha256: self.script_sha256()?,
            step: 0,
            crystal_energy_ev: crystal,
            frame_temperature_k: 0.0,
            frame_pressure_bar: 0.0,
            frame_energy_ev: 0.0,
        };
        let sampled = self
            .legs
            .iter()
            .filter_map(|leg| Some((leg, leg.waypoint?)));
        Ok(sampled.map(move |(leg, waypoint)| {
            self.collect_leg(leg, waypoint, &thermo, provenance.clone())
        }))
    }

    fn collect_leg(
        &self,
        leg: &Leg,
        waypoint: Waypoint,
        thermo: &BTreeMap<u64, Thermo>,
        provenance: SnapshotProvenance,
    ) -> Result<Collected, SimulationError> {
        let name = frames_file(&waypoint);
        let file = self.directory.join(&name);
        let in_dump = |reason| SimulationError::Dump {
            directory: self.directory.clone(),
            reason,
        };
        let protocol = &self.record.protocol;
        let frames = open(&file, Some(Format::LammpsDump)).and_then(Iterator::collect);
        let frames: Vec<Structure> = frames.map_err(in_dump)?;
        let expected = (leg.end - leg.start) / SAMPLE_STEPS + 1;
        let whole = |frame: &Structure| frame.positions.len() as u64 == protocol.atoms();
        if frames.len() as u64 != expected || !frames.iter().all(whole) {
            return Err(self.incomplete(format!("some of the {expected} frames in {name}")));
        }
        let outputs: Option<Vec<Thermo>> = frames
            .iter()
            .map(|frame| thermo.get(&frame.step?).copied())
            .collect();
        let middle = frames
            .iter()
            .position(|frame| frame.step == Some(waypoint.step));
        let (Some(outputs), Some(middle)) = (outputs, middle) else {
            return Err(self.incomplete(format!("the output at the steps of {name}")));
        };
        let frames = frames
            .iter()
            .map(|frame| frame.to_atoms(&Choice::of_types(vec![protocol.element])))
            .collect::<Result<Vec<Atoms>, StructureError>>()
            .map_err(|problem| in_dump(problem.in_file(&file)))?;
        let of_frame = outputs[middle];
        let provenance = SnapshotProvenance {
            step: waypoint.step,
            frame_temperature_k: of_frame.temperature_k,
            frame_pressure_bar: of_frame.pressure_bar,
            frame_energy_ev: of_frame.energy_ev,
            ..provenance
        };
        Ok(Collected {
            waypoint,
            snapshot: Snapshot::new(&frames[middle], waypoint.temperature_k, provenance)?,
            frames,
            thermo: outputs,
        })
    }

    /// The logs of the parts of the run, in their order.
    fn logs(&self) -> Vec<PathBuf> {
        let starts = [0].into_iter().chain(self.legs.iter().map(|leg| leg.end));
        starts
            .map(|step| self.directory.join(log_file(step)))
            .filter(|log| log.is_file())
            .collect()
    }

    fn incomplete(&self, missing: String) -> SimulationError {
        SimulationError::Incomplete {
            directory: self.directory.clone(),
            missing,
        }
    }

    fn usable<T>(&self, result: std::io::Result<T>) -> Result<T, SimulationError> {
        result.map_err(|reason| SimulationError::Directory {
            directory: self.directory.clone(),
            reason,
        })
    }
}

fn input_file(step: u64) -> String {
    format!("in.{step}.lammps")
}

fn log_file(step: u64) -> String {
    format!("log.{step}.lammps")
}

/// The command and the version of this library may differ: ranks, for instance, do not matter.
fn is_same(found: &Record, wanted: &Record) -> bool {
    found.protocol == wanted.protocol && found.potential_sha256 == wanted.potential_sha256
}

/// The record is written last: where it is, all is.
fn write_run(directory: &Path, record: &Record, setfl: &str) -> std::io::Result<()> {
    write_whole(&directory.join(POTENTIAL_FILE), setfl.as_bytes())?;
    let input = script(&record.protocol, None);
    write_whole(&directory.join(input_file(0)), input.as_bytes())?;
    let json = serde_json::to_vec_pretty(record)?;
    write_whole(&directory.join(RECORD_FILE), &json)
}

fn has_restart(directory: &Path) -> std::io::Result<bool> {
    for entry in fs::read_dir(directory)? {
        if entry?.file_name().to_string_lossy().starts_with(RESTART) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn read_record(directory: &Path) -> std::io::Result<Option<Record>> {
    match fs::read(directory.join(RECORD_FILE)) {
        Ok(json) => Ok(Some(serde_json::from_slice(&json)?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn read_lines(file: &Path) -> std::io::Result<Vec<String>> {
    BufReader::new(File::open(file)?).lines().collect()
}

/// The version in the first line of a log: `LAMMPS (29 Sep 2021 - Update 2)`.
fn logged_version(line: &str) -> Option<String> {
    let version = line.strip_prefix("LAMMPS (")?;
    Some(version.trim_end().trim_end_matches(')').to_owned())
}

/// The first energy of a log: that of the perfect crystal, in eV per atom.
fn first_energy(log: &[String]) -> Option<f64> {
    let mut table = ThermoTable::default();
    let thermo = log.iter().find_map(|line| table.take_line(line))?;
    Some(thermo.energy_ev)
}
