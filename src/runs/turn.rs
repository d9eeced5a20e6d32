//! One process at a time in a directory, also where the file system has no locks.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file that is locked; it stays.
const LOCK: &str = "lock";
/// The file that stands for the lock where there are none.
const RUNNING: &str = "running";

/// The right to work in a directory, for as long as the value lives.
#[derive(Debug)]
pub(super) enum Turn {
    /// The system gives it back even of a killed process.
    Locked { _file: File },
    /// The file is there as long as its maker; a killed process leaves it behind.
    Marked(PathBuf),
}

/// Why a process has to keep away from a directory.
#[derive(Debug)]
pub(super) enum NoTurn {
    /// Another one works there.
    Busy,
    /// Another one works there, or was killed there: this file says so.
    PerhapsBusy(PathBuf),
    /// Nothing can be written.
    Io(io::Error),
}

impl Turn {
    /// Takes the turn, or says at once why not; `try_lock` is `File::try_lock`.
    pub(super) fn take(
        directory: &Path,
        try_lock: impl FnOnce(&File) -> Result<(), TryLockError>,
    ) -> Result<Turn, NoTurn> {
        let file = File::create(directory.join(LOCK)).map_err(NoTurn::Io)?;
        match try_lock(&file) {
            Ok(()) => Ok(Turn::Locked { _file: file }),
            Err(TryLockError::WouldBlock) => Err(NoTurn::Busy),
            // Some network file systems have no locks (Unsupported, or ENOLCK, which has no name):
            // to take that for a busy directory would be to wait for ever. That a new file is made
            // by one process alone holds everywhere.
            Err(TryLockError::Error(_)) => mark(directory.join(RUNNING)),
        }
    }
}

fn mark(path: PathBuf) -> Result<Turn, NoTurn> {
    match OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(mut file) => {
            // For the user alone; what matters is that the file is there.
            let _ = writeln!(file, "process {}", std::process::id());
            Ok(Turn::Marked(path))
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(NoTurn::PerhapsBusy(path))
        }
        Err(error) => Err(NoTurn::Io(error)),
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Turn::Marked(path) = self {
            // If it stays, the next run names it.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_had_by_one() {
        let directory = tempfile::tempdir().unwrap();
        let first = Turn::take(directory.path(), File::try_lock).unwrap();
        let second = Turn::take(directory.path(), File::try_lock);
        assert!(matches!(second, Err(NoTurn::Busy)));
        drop(first);
        Turn::take(directory.path(), File::try_lock).unwrap();
    }

    #[test]
    fn without_locks_a_file_stands_for_them() {
        // ENOLCK and EOPNOTSUPP of Linux.
        for code in [37, 95] {
            let none = |_: &File| Err(TryLockError::Error(io::Error::from_raw_os_error(code)));
            let directory = tempfile::tempdir().unwrap();
            let first = Turn::take(directory.path(), none).unwrap();
            let path = directory.path().join("running");
            match Turn::take(directory.path(), none) {
                Err(NoTurn::PerhapsBusy(named)) => assert_eq!(named, path),
                other => panic!("{other:?}"),
            }
            drop(first);
            assert!(!path.exists());
            Turn::take(directory.path(), none).unwrap();
        }
    }
}
