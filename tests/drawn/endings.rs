//! How programs end where something outside goes wrong: nobody reads them, the disk is full, the
//! directory is not theirs alone, they are killed. What bears the name of a result is whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::always;
use crate::run::{Data, Place};

const FIGURE: &str = env!("CARGO_BIN_EXE_figs1");
const NETWORKS: &str = env!("CARGO_BIN_EXE_networks");
const QUENCH: &str = env!("CARGO_BIN_EXE_quench");

/// Begins the name of a file that is not finished.
const UNFINISHED: &str = ".unfinished-";

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        always("a closed pipe ends no program early", closed_pipe),
        always("a million threads are refused", many_threads),
        always("a killed run leaves whole files or none", killed),
        always("two runs into one directory leave whole files", two_runs),
    ];
    if cfg!(target_os = "linux") {
        trials.extend([
            always("a full standard output is one sentence", full_output),
            always("a full disk leaves whole files or none", full_disk),
            always(
                "a directory that takes no files is refused first",
                read_only,
            ),
        ]);
    }
    trials
}

/// Of a program that failed: its one sentence.
fn complaint(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.starts_with("error: ") && said.lines().count() == 1,
        "{said}"
    );
    said
}

fn closed_pipe() {
    for (program, arguments) in [
        (QUENCH, &["--dry-run"][..]),
        (env!("CARGO_BIN_EXE_fetch"), &["--list"]),
        (
            env!("CARGO_BIN_EXE_verify"),
            &["--json", "--offline", "--quiet"],
        ),
        (NETWORKS, &["--offline", "--quiet"]),
        (FIGURE, &["--offline", "--out", "out"]),
    ] {
        let place = Place::new();
        let mut command = place.command(program, Data::None, arguments);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program}: {said}");
        assert!(!said.contains("panicked"), "{program}: {said}");
    }
}

fn many_threads() {
    let place = Place::new();
    let arguments = ["--offline", "--threads", "1000000"];
    let output = place.run(FIGURE, Data::None, &arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("threads are started here"), "{said}");
}

fn full_output() {
    let place = Place::new();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = place.command(QUENCH, Data::None, &["--dry-run"]);
    let output = command.stdout(full).output().unwrap();
    let said = complaint(&output);
    assert!(
        said.contains("the standard output cannot be written"),
        "{said}"
    );
}

/// The finished files of a directory with their contents; of the provenance, which holds seconds,
/// that it is whole.
fn finished(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = fs::read_dir(out) else {
        return BTreeMap::new();
    };
    let named = entries.map(|entry| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), entry.path())
    });
    named
        .filter(|(name, _)| !name.starts_with(UNFINISHED))
        .map(|(name, path)| {
            let mut bytes = fs::read(path).unwrap();
            if name.ends_with(".json") {
                serde_json::from_slice::<serde_json::Value>(&bytes).unwrap();
                bytes.clear();
            }
            (name, bytes)
        })
        .collect()
}

/// Every finished file is one of the undisturbed run.
fn expect_whole(out: &Path, undisturbed: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in finished(out) {
        assert!(
            undisturbed[&name] == bytes,
            "{name} has {} bytes",
            bytes.len()
        );
    }
}

fn draw(out: &str) -> [&str; 4] {
    ["--offline", "--quiet", "--out", out]
}

fn undisturbed(place: &Place) -> BTreeMap<String, Vec<u8>> {
    place.succeed(FIGURE, Data::None, &draw("undisturbed"));
    let files = finished(&place.path("undisturbed"));
    assert!(files.len() > 2);
    files
}

fn full_disk() {
    let place = Place::new();
    let whole = undisturbed(&place);
    let largest = whole.values().map(Vec::len).max().unwrap();
    // A limit on the length of a file stands for the disk: the write fails in the middle.
    for blocks in [0, 1, 8, largest / 512 / 2] {
        let out = format!("out{blocks}");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let arguments = [&["-c", &script, FIGURE][..], &draw(&out)].concat();
        let output = place.run("sh", Data::None, &arguments);
        let said = complaint(&output);
        assert!(said.contains("cannot be written"), "{said}");
        let out = place.path(&out);
        expect_whole(&out, &whole);
        let left = fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name());
        let left: Vec<_> = left.collect();
        assert!(
            left.iter()
                .all(|name| !name.to_string_lossy().starts_with(UNFINISHED)),
            "{left:?}"
        );
    }
}

fn read_only() {
    let place = Place::new();
    // Even the administrator makes no file there.
    let begun = Instant::now();
    let said = complaint(&place.run(FIGURE, Data::None, &draw("/sys/kernel")));
    assert!(
        said.contains("nothing can be written to '/sys/kernel'"),
        "{said}"
    );
    assert!(begun.elapsed() < Duration::from_secs(60));
}

fn killed() {
    let place = Place::new();
    let begun = Instant::now();
    let whole = undisturbed(&place);
    let taken = begun.elapsed();
    let out = place.path("out");
    // Most files are written at the end: more moments lie there. The last one may be too late.
    for share in [0.1, 0.5, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.98, 1.0] {
        let mut command = place.command(FIGURE, Data::None, &draw("out"));
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(taken.mul_f64(share));
        // SIGKILL; it may have ended by itself.
        let _ = child.kill();
        child.wait().unwrap();
        expect_whole(&out, &whole);
    }
    place.succeed(FIGURE, Data::None, &draw("out"));
    assert!(finished(&out) == whole);
}

fn two_runs() {
    let place = Place::new();
    let whole = undisturbed(&place);
    let start = || -> std::process::Child {
        let mut command: Command = place.command(FIGURE, Data::None, &draw("out"));
        command.stderr(Stdio::null()).spawn().unwrap()
    };
    let both = [start(), start()];
    for mut run in both {
        assert!(run.wait().unwrap().success());
    }
    let out: PathBuf = place.path("out");
    assert!(finished(&out) == whole);
    let left = fs::read_dir(out).unwrap().count();
    assert_eq!(left, whole.len(), "unfinished files are left");
}
