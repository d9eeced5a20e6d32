//! A program and the directory in which it runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// What a program finds: nothing, or the public data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Data {
    /// No data directory, an empty cache, no network.
    None,
    /// The data directory or the cache of the user, no network.
    Public,
}

/// A fresh directory in which programs run.
pub(crate) struct Place {
    directory: TempDir,
}

impl Place {
    pub(crate) fn new() -> Place {
        Place {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    /// Where programs are told to write.
    pub(crate) fn out(&self) -> PathBuf {
        self.directory.path().join("out")
    }

    /// A file beside it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Where a user's cache would be made.
    fn home(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    /// Runs a program to its end. One thread: the trials run beside each other.
    pub(crate) fn run(&self, program: &str, data: Data, arguments: &[&str]) -> Output {
        self.command(program, data, arguments).output().unwrap()
    }

    /// A program that is still to be run here.
    pub(crate) fn command(&self, program: &str, data: Data, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.directory.path()).args(arguments);
        if data == Data::None {
            command
                .env_remove("AMORPHOUS_PACKING_DATA")
                .env("HOME", self.home())
                .env("XDG_CACHE_HOME", self.home().join("cache"));
        }
        command.env("RAYON_NUM_THREADS", "1");
        command
    }

    /// As [`Place::run`], of a program that must succeed; what it printed.
    pub(crate) fn succeed(&self, program: &str, data: Data, arguments: &[&str]) -> String {
        let output = self.run(program, data, arguments);
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {complaint}"
        );
        assert!(!self.home().exists(), "a run without network made a cache");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The names of the files in the output directory, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.out()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names
    }

    /// The bytes of a file in the output directory.
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        let path = self.out().join(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The text of a file in the output directory.
    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    /// The lines of a table in the output directory.
    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        self.text(name).lines().map(ToOwned::to_owned).collect()
    }

    /// The provenance of a figure.
    pub(crate) fn provenance(&self, id: &str) -> Value {
        serde_json::from_slice(&self.bytes(&format!("{id}.json"))).unwrap()
    }
}

/// A path in the checkout.
pub(crate) fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
