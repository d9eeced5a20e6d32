//! What to do about an error, in terms of the command line.
//!
//! The library knows no options and no commands: it says what is wrong and what to do in its own
//! terms. What that means for the user of the binaries is said here, and nowhere else.

use std::error::Error;

use amorphous_packing::aet::InputError;
use amorphous_packing::aet::preprocess::{AlignError, BackgroundError, DriftError, TiltError};
use amorphous_packing::analysis::AnalysisError;
use amorphous_packing::data::raw_frames::FramesError;
use amorphous_packing::data::store::Absence;
use amorphous_packing::data::{DataError, ReadError};
use amorphous_packing::formats::structure::StructureError;
use amorphous_packing::runs::checkpoint::CheckpointError;
use amorphous_packing::runs::lammps::{LammpsError, LikelyCause};
use amorphous_packing::runs::simulation::SimulationError;
use anyhow::anyhow;

/// The error with the options and commands that help at the end of its sentence; where there are
/// none, the error as it is.
pub fn with_advice(error: anyhow::Error) -> anyhow::Error {
    match error.chain().find_map(advice) {
        Some(advice) => anyhow!("{error:#}{advice}"),
        None => error,
    }
}

/// The error of a file that the command `fetch` did not get: it is not told to run itself.
pub fn with_advice_to_fetch(error: DataError) -> anyhow::Error {
    let switch = match &error {
        DataError::Absent { why, .. } => of_absence(why),
        _ => return with_advice(error.into()),
    };
    anyhow!("{:#}{switch}", anyhow::Error::from(error))
}

/// What follows the sentence in whose chain this error is.
fn advice(error: &(dyn Error + 'static)) -> Option<String> {
    let error = meant(error);
    let fixed = None
        .or_else(|| of_store(error.downcast_ref()?))
        .or_else(|| of_lammps(error.downcast_ref()?))
        .or_else(|| of_simulation(error.downcast_ref()?))
        .or_else(|| of_checkpoint(error.downcast_ref()?))
        .or_else(|| of_structure(error.downcast_ref()?))
        .or_else(|| of_frames(error.downcast_ref()?))
        .or_else(|| of_tilt(error.downcast_ref()?))
        .or_else(|| of_alignment(error.downcast_ref()?))
        .or_else(|| of_input(error.downcast_ref()?));
    let absent = || of_absent(error.downcast_ref()?);
    fixed.map(str::to_owned).or_else(absent)
}

/// The error of a structure whose first valley was to be found, with what is done where there is none.
pub fn without_valley(error: AnalysisError) -> anyhow::Error {
    match error {
        AnalysisError::PairDistribution(_) => {
            anyhow!("{error}; give the shell distance with --cutoff")
        }
        _ => error.into(),
    }
}

fn of_structure(error: &StructureError) -> Option<&'static str> {
    match error {
        StructureError::TypesWithoutElements { .. } | StructureError::NoElement => {
            Some("; give the elements with --types")
        }
        StructureError::TooFewElements { .. } => Some(" (--types)"),
        StructureError::UnknownFormat => Some(" (--format)"),
        StructureError::NoCell { .. } => Some("; leave out --periodic"),
        _ => None,
    }
}

/// An error that only hands another one on (`#[error(transparent)]`) stands for it in the chain.
fn meant<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    if let Some(ReadError::Data(data)) = error.downcast_ref() {
        return data;
    }
    if let Some(SimulationError::Lammps(lammps)) = error.downcast_ref() {
        return lammps;
    }
    match error.downcast_ref() {
        Some(CheckpointError::Input(input)) => input,
        _ => error,
    }
}

fn of_absent(error: &DataError) -> Option<String> {
    let DataError::Absent { group, why, .. } = error else {
        return None;
    };
    let command = format!("cargo run --bin fetch -- {}", group.id());
    Some(format!("{}; get it with `{command}`", of_absence(why)))
}

fn of_absence(why: &Absence) -> &'static str {
    match why {
        Absence::Offline => " (--offline)",
        Absence::Download(_) => "",
    }
}

fn of_store(error: &DataError) -> Option<&'static str> {
    match error {
        DataError::NoDataDir { .. } => Some(" (--data or AMORPHOUS_PACKING_DATA)"),
        DataError::WrongDownload { .. } => Some("; --data names a data directory"),
        _ => None,
    }
}

fn of_lammps(error: &LammpsError) -> Option<&'static str> {
    match error {
        LammpsError::Absent { .. }
        | LammpsError::NotLammps { .. }
        | LammpsError::NoEamAlloy { .. } => Some("; --lmp PATH names the program"),
        LammpsError::NoMpi { .. } => Some("; --launcher PROGRAM names the launcher"),
        LammpsError::Failed {
            likely: Some(LikelyCause::FlewApart),
            ..
        } => Some(" (--potential, --timestep)"),
        LammpsError::Failed { .. } | LammpsError::Directory(_) => None,
    }
}

fn of_simulation(error: &SimulationError) -> Option<&'static str> {
    match error {
        SimulationError::Foreign { .. } => Some(" with --run-dir"),
        _ => None,
    }
}

fn of_checkpoint(error: &CheckpointError) -> Option<&'static str> {
    match error {
        CheckpointError::Damaged | CheckpointError::Another => Some(" without --resume"),
        CheckpointError::Input(_) => None,
    }
}

fn of_frames(error: &FramesError) -> Option<&'static str> {
    match error {
        FramesError::Uneven { .. } | FramesError::NoFrames => Some(" (--frames)"),
        _ => None,
    }
}

fn of_tilt(error: &TiltError) -> Option<&'static str> {
    match error {
        TiltError::Drift(DriftError::Far { .. }) => Some(" (--largest-drift)"),
        TiltError::Background(BackgroundError::Everywhere { .. }) => {
            Some(" (--background T, or none)")
        }
        TiltError::Background(BackgroundError::Nowhere { .. }) => Some(" (--background)"),
        _ => None,
    }
}

fn of_alignment(error: &AlignError) -> Option<&'static str> {
    match error {
        AlignError::Empty { .. } => Some(" (--background, --marker)"),
        AlignError::Region => Some(" (--marker)"),
        _ => None,
    }
}

fn of_input(error: &InputError) -> Option<&'static str> {
    match error {
        InputError::TooSteep => Some(" (--particle)"),
        InputError::AnotherSize { .. } => Some(" without --resume"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use amorphous_packing::data::Group;
    use amorphous_packing::data::download::DownloadError;

    use super::*;

    fn advised(error: impl Error + Send + Sync + 'static) -> String {
        format!("{:#}", with_advice(error.into()))
    }

    fn absent(why: Absence) -> DataError {
        DataError::Absent {
            path: "a/b.mat".to_owned(),
            group: Group::Models,
            data_dir: None,
            cache_dir: "cache".into(),
            why,
        }
    }

    fn nowhere() -> io::Error {
        io::Error::new(io::ErrorKind::NotFound, "no such file")
    }

    #[test]
    fn what_is_not_there_comes_with_the_command_that_gets_it() {
        assert_eq!(
            advised(absent(Absence::Offline)),
            "a/b.mat is not in the cache 'cache', and was not downloaded: downloads are switched \
             off (--offline); get it with `cargo run --bin fetch -- models`"
        );
        let refused = DownloadError::Refused {
            host: "host".to_owned(),
            status: 404,
        };
        assert_eq!(
            advised(ReadError::from(absent(Absence::Download(refused.into())))),
            "a/b.mat is not in the cache 'cache', and was not downloaded: host answered with the \
             status 404; get it with `cargo run --bin fetch -- models`"
        );
    }

    #[test]
    fn the_command_that_gets_files_is_not_told_to_run_itself() {
        let sentence = |error| format!("{:#}", with_advice_to_fetch(error));
        assert_eq!(
            sentence(absent(Absence::Offline)),
            "a/b.mat is not in the cache 'cache', and was not downloaded: downloads are switched \
             off (--offline)"
        );
        let directory = "nowhere".into();
        let nowhere = sentence(DataError::NoDataDir { directory });
        assert!(nowhere.ends_with(" (--data or AMORPHOUS_PACKING_DATA)"));
    }

    #[test]
    fn a_data_directory_is_named_by_an_option() {
        let directory = "nowhere".into();
        assert_eq!(
            advised(DataError::NoDataDir { directory }),
            "the data directory 'nowhere' does not exist; name one that does (--data or \
             AMORPHOUS_PACKING_DATA)"
        );
        let cause = DownloadError::Refused {
            host: "host".to_owned(),
            status: 200,
        };
        let wrong = DataError::WrongDownload {
            path: "a/b.mat".to_owned(),
            cause: cause.into(),
        };
        assert!(advised(wrong).ends_with("; --data names a data directory"));
    }

    #[test]
    fn programs_are_named_by_options() {
        let program = "lmp".into();
        let reason = nowhere();
        let lammps = LammpsError::Absent { program, reason };
        let sentence = advised(SimulationError::from(lammps));
        assert!(sentence.starts_with("LAMMPS cannot be started as 'lmp'; install it ("));
        assert!(sentence.ends_with(": no such file; --lmp PATH names the program"));
        let lammps = LammpsError::NotLammps {
            program: "cat".into(),
            answer: "meow".to_owned(),
        };
        assert!(advised(lammps).ends_with("; --lmp PATH names the program"));
        let lammps = LammpsError::NoEamAlloy {
            program: "lmp".into(),
            version: "1".to_owned(),
        };
        assert!(advised(lammps).ends_with("; --lmp PATH names the program"));
        let lammps = LammpsError::NoMpi {
            launcher: "mpirun".to_owned(),
            reason: nowhere(),
        };
        assert!(advised(lammps).ends_with(": no such file; --launcher PROGRAM names the launcher"));
    }

    #[test]
    fn a_failed_run_is_mended_by_options() {
        let failed = |likely| LammpsError::Failed {
            status: "exit status: 1".to_owned(),
            message: "ERROR: Lost atoms".to_owned(),
            likely,
        };
        let apart = advised(failed(Some(LikelyCause::FlewApart)));
        assert!(
            apart.ends_with("or a shorter time step (--potential, --timestep)"),
            "{apart}"
        );
        let full = advised(failed(Some(LikelyCause::DiskFull)));
        assert!(full.ends_with("is the disk full?"), "{full}");
        let foreign = advised(SimulationError::Foreign {
            directory: "run".into(),
            found: "quench".to_owned(),
        });
        assert_eq!(
            foreign,
            "'run' holds another simulation (quench); finish that one, remove the directory, or \
             name another with --run-dir"
        );
    }

    #[test]
    fn a_reconstruction_is_begun_anew_or_made_a_particle_by_options() {
        let error = anyhow::Error::from(CheckpointError::Another).context("'c' cannot be used");
        let sentence = format!("{:#}", with_advice(error));
        assert!(sentence.starts_with("'c' cannot be used: it belongs to other images, "));
        assert!(
            sentence.ends_with("or begin anew without --resume"),
            "{sentence}"
        );
        let size = InputError::AnotherSize {
            found: vec![1, 2, 3],
            expected: [1, 2, 4],
        };
        let size = advised(CheckpointError::from(size));
        assert!(size.ends_with("; begin anew without --resume"), "{size}");
        let damaged = advised(CheckpointError::Damaged);
        assert!(
            damaged.ends_with("and begin anew without --resume"),
            "{damaged}"
        );
        let steep = advised(InputError::TooSteep);
        assert!(
            steep.ends_with("or reconstruct a particle (--particle)"),
            "{steep}"
        );
    }

    #[test]
    fn frames_are_read_and_used_by_options() {
        assert!(advised(FramesError::NoFrames).ends_with("give 1 or more (--frames)"));
        let nowhere = BackgroundError::Nowhere { threshold: 9.0 };
        let sentence = advised(TiltError::from(nowhere));
        assert!(
            sentence.ends_with("give a lower one (--background)"),
            "{sentence}"
        );
        let far = DriftError::Far {
            frame: 2,
            limit: 16.0,
        };
        let sentence = advised(TiltError::from(far));
        assert!(sentence.ends_with(" (--largest-drift)"), "{sentence}");
        assert!(advised(AlignError::Region).ends_with(" (--marker)"));
    }

    #[test]
    fn other_errors_stay_as_they_are() {
        let error = anyhow!("disk full").context("fig5.svg cannot be written");
        let same = with_advice(error);
        assert_eq!(format!("{same:#}"), "fig5.svg cannot be written: disk full");
        assert_eq!(same.chain().count(), 2);
        assert_eq!(
            advised(InputError::NoImages),
            "the tilt series holds no images; give at least one"
        );
    }
}
