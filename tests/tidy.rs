//! The invariants of the architecture that the text of the sources shows.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::path::Path;

/// The chapters in their order: each may use those before it.
const CHAPTERS: [&str; 5] = ["order", "packing", "bipyramid", "network", "liquid"];
/// What stands above the chapters or beside them.
const ABOVE: [&str; 4] = ["aet", "analysis", "io", "liquid"];
/// No file of the library and of the figures is longer.
const LONGEST_FILE: usize = 700;

/// A text file of the checkout.
struct Source {
    /// Its path from the root, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The first folder below `src`, or the module that a file in `src` is.
    fn module(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        Some(inside.split(['/', '.']).next().unwrap_or(inside))
    }

    /// The lines that are no comment, numbered from 1.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = (1..).zip(self.text.lines());
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// The text files below those of the given folders that are there; what is no text is passed over.
fn sources(folders: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<_> = folders.iter().map(|folder| root.join(folder)).collect();
    waiting.retain(|folder| folder.is_dir());
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(root).unwrap().to_str().unwrap();
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

#[test]
fn only_io_touches_files_and_processes_and_the_library_prints_nothing() {
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
        if source.module() == Some("io") {
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

/// The modules of this crate that a line names.
fn modules_named(line: &str) -> Vec<&str> {
    line.split("crate::")
        .skip(1)
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect()
}

#[test]
fn chapters_use_the_shared_ground_and_earlier_chapters() {
    let mut wrong = Vec::new();
    let mut used = 0;
    for source in rust(&["src"]) {
        let Some(module) = source.module() else {
            continue;
        };
        // The chain and the border know the chapters.
        if ["analysis", "io", "lib"].contains(&module) {
            continue;
        }
        // None of them: the shared ground, which knows no chapter, or the tomography.
        let place = CHAPTERS.iter().position(|chapter| *chapter == module);
        let earlier = &CHAPTERS[..place.unwrap_or(0)];
        for (number, line) in source.code() {
            for named in modules_named(line) {
                // Tables are written from the chain, which hands a sample's values to all.
                let is_table = source.path.ends_with("/tables.rs") && named == "analysis";
                let known = CHAPTERS.contains(&named) || ABOVE.contains(&named);
                if known && named != module && !earlier.contains(&named) && !is_table {
                    wrong.push(format!("{}:{number}: uses {named}", source.path));
                }
                // A group would hide what it names from this test.
                if named.is_empty() {
                    wrong.push(format!("{}:{number}: name one module per use", source.path));
                }
                used += 1;
            }
        }
    }
    assert!(used > 0);
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
    ("src/io/store.rs", "/home/a"),
    ("src/io/store.rs", "/Users/a"),
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
            if source.path == "tests/tidy.rs" {
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
