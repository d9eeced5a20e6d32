//! What is written: the invariants of the architecture that the text of the sources shows, and the
//! book.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod book;
mod floors;
mod imports;

use std::fs;
use std::path::Path;

/// No file of the library and of the figures is longer.
const LONGEST_FILE: usize = 700;

/// A text file of the checkout.
struct Source {
    /// Its path from the root, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The lines that are no comment, numbered from 1.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = (1..).zip(self.text.lines());
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// The text files below those of the given folders that are there; what is no text is passed over.
fn sources(folders: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut waiting: Vec<_> = folders.iter().map(|folder| root.join(folder)).collect();
    waiting.retain(|folder| folder.exists());
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(&root).unwrap().to_str().unwrap();
            found.push(Source {
                path: path.replace('\\', "/"),
                text,
            });
        }
    }
    found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty());
    found
}

fn rust(folders: &[&str]) -> Vec<Source> {
    let mut sources = sources(folders);
    sources.retain(|source| source.path.ends_with(".rs"));
    sources
}

fn expect_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The modules that touch files and processes; of `formats` only what is named so.
const TOUCH_FILES: [&str; 5] = [
    "src/data/",
    "src/runs/",
    "src/formats/mat.rs",
    "src/formats/structure/open.rs",
    "src/formats/whole.rs",
];

#[test]
fn files_and_processes_are_touched_at_the_border_and_the_library_prints_nothing() {
    let forbidden = [
        "std::fs",
        "std::process",
        "std::env",
        "std::net",
        "tempfile",
        "print!(",
        "println!(",
        "dbg!(",
    ];
    let mut wrong = Vec::new();
    for source in rust(&["src"]) {
        if TOUCH_FILES.iter().any(|path| source.path.starts_with(path)) {
            continue;
        }
        for (number, line) in source.code() {
            if let Some(word) = forbidden.iter().find(|word| line.contains(**word)) {
                wrong.push(format!("{}:{number}: {word}", source.path));
            }
        }
    }
    expect_none(&wrong);
}

/// A closed pipe makes `println!` panic; `harness::out` does not.
#[test]
fn the_programs_speak_through_one_file() {
    let may = ["figures/harness/out.rs", "figures/harness/build.rs"];
    let mut wrong = Vec::new();
    for source in rust(&["figures"]) {
        for (number, line) in source.code() {
            let forbidden = ["print!(", "println!(", "io::stdout"];
            let word = forbidden.iter().find(|word| line.contains(**word));
            if let Some(word) = word.filter(|_| !may.contains(&source.path.as_str())) {
                wrong.push(format!("{}:{number}: {word}", source.path));
            }
        }
    }
    expect_none(&wrong);
}

/// Errors of the library speak to whoever calls it; the flags of a command are the command's business.
#[test]
fn the_library_names_no_flag_and_no_command() {
    let mut wrong = Vec::new();
    for source in rust(&["src"]) {
        for (number, line) in source.code() {
            let flags = line.match_indices(" --").chain(line.match_indices("(--"));
            let is_flag = |at: usize| line[at + 3..].starts_with(|c: char| c.is_ascii_lowercase());
            if flags.into_iter().any(|(at, _)| is_flag(at)) || line.contains("cargo run") {
                wrong.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    expect_none(&wrong);
}

/// What only the tables may know.
#[test]
fn chapters_know_no_data_frames() {
    let mut wrong = Vec::new();
    for source in rust(&["src"]) {
        let may = [
            "src/report/",
            "src/data/",
            "src/formats/structure/parquet.rs",
            "src/formats/tables.rs",
        ];
        if may.iter().any(|path| source.path.starts_with(path)) {
            continue;
        }
        for (number, line) in source.code() {
            if line.contains("polars") {
                wrong.push(format!("{}:{number}: polars", source.path));
            }
        }
    }
    expect_none(&wrong);
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut wrong = Vec::new();
    for source in rust(&["src", "figures", "tests", "benches"]) {
        if !source.text.starts_with("//! ") {
            wrong.push(format!("{}: does not begin with //!", source.path));
        }
        let lines = source.text.lines().count();
        if !source.path.starts_with("tests/") && lines > LONGEST_FILE {
            wrong.push(format!("{}: {lines} lines", source.path));
        }
    }
    expect_none(&wrong);
}

/// Folders of one machine. Where a test has such a path for a good reason, the file and the words
/// are named in [`INVENTED`].
const MACHINE: [&str; 7] = ["home", "root", "tmp", "Users", "work", "mnt", "opt"];
const INVENTED: [(&str, &str); 2] = [
    ("src/data/store.rs", "/home/a"),
    ("src/data/store.rs", "/Users/a"),
];

#[test]
fn no_file_names_a_path_of_one_machine() {
    let mut wrong = Vec::new();
    for source in sources(&["src", "figures", "book", "tests"]) {
        let allowed: Vec<&str> = INVENTED
            .iter()
            .filter(|(path, _)| *path == source.path)
            .map(|(_, words)| *words)
            .collect();
        for (number, line) in (1..).zip(source.text.lines()) {
            if source.path == "tests/written/main.rs" {
                continue;
            }
            let named = |folder: &&&str| {
                let path = format!("/{folder}/");
                // A web address or a module path may hold the same word after something else.
                line.match_indices(&path).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    !before.is_some_and(|c| c.is_alphanumeric() || "._-/}".contains(c))
                        && !allowed.iter().any(|words| line[at..].starts_with(words))
                })
            };
            if let Some(folder) = MACHINE.iter().find(|folder| named(folder)) {
                wrong.push(format!("{}:{number}: /{folder}/", source.path));
            }
        }
    }
    expect_none(&wrong);
}
