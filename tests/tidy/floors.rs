//! The floors of the library, as ARCHITECTURE.md draws them: a file imports from the floors below its
//! own and from its own, and no two files import each other, however long the way round.

use std::collections::BTreeMap;

use crate::imports::{Crate, Import, cycle};
use crate::{Source, expect_none, rust, sources};

/// The library has more imports than this; fewer found are a reader that reads nothing.
const FEWEST_IMPORTS: usize = 200;

/// The floor of each module, counted from the ground: the block under the heading "Floors", whose
/// lines begin with the modules of a floor and name the highest first.
fn floors() -> BTreeMap<String, usize> {
    let sources = sources(&["ARCHITECTURE.md"]);
    let text = &sources[0].text;
    let section = text.split("\n## Floors\n").nth(1).unwrap();
    let block = section.split("```").nth(1).unwrap();
    let lines: Vec<&str> = block.lines().skip(1).collect();
    let mut floors = BTreeMap::new();
    for (floor, line) in lines.iter().rev().enumerate() {
        let modules = line.split("  ").next().unwrap_or_default();
        for module in modules.split(", ").filter(|module| !module.is_empty()) {
            floors.insert(module.to_owned(), floor);
        }
    }
    floors
}

/// The module below `src` that a file belongs to.
fn module(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split(['/', '.']).next().unwrap_or(inside)
}

/// The imports from a floor above, or from another module of the same.
fn upwards(imports: impl IntoIterator<Item = Import>) -> Vec<String> {
    let floors = floors();
    let floor = |path: &str| floors.get(module(path)).copied();
    let wrong = imports.into_iter().filter(|import| {
        module(&import.importer) != module(&import.from)
            && floor(&import.from) >= floor(&import.importer)
    });
    wrong
        .map(
            |Import {
                 importer,
                 from,
                 path,
             }| format!("{importer}: imports {path} from {from}"),
        )
        .collect()
}

#[test]
fn every_module_has_its_floor_and_every_floor_its_module() {
    let floors = floors();
    let mut modules: Vec<String> = rust(&["src"])
        .iter()
        .map(|source| module(&source.path).to_owned())
        .filter(|module| module != "lib")
        .collect();
    modules.sort_unstable();
    modules.dedup();
    assert!(modules.iter().eq(floors.keys()), "{modules:?} {floors:?}");
}

#[test]
fn a_floor_uses_those_below_it() {
    let library = Crate::of(&rust(&["src"]), "src/", "amorphous_packing");
    let imports = library.imports(true);
    assert!(imports.len() > FEWEST_IMPORTS, "{} imports", imports.len());
    let of_floors = imports.into_iter().filter(|i| i.importer != "src/lib.rs");
    expect_none(&upwards(of_floors));
}

#[test]
fn no_files_import_each_other() {
    let library = Crate::of(&rust(&["src"]), "src/", "amorphous_packing");
    assert_eq!(cycle(&library.imports(false)), None);
    let figures = Crate::of(&rust(&["figures"]), "figures/", "figures");
    assert_eq!(cycle(&figures.imports(false)), None);
}

/// What the rules say of a small library.
fn of(files: &[(&str, &str)]) -> Crate {
    let source = |(path, text): &(&str, &str)| Source {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
    };
    let sources: Vec<Source> = files.iter().map(source).collect();
    Crate::of(&sources, "src/", "small")
}

#[test]
fn wrong_imports_are_seen_however_they_are_written() {
    for line in [
        "use crate::network::{Link, sharing};",
        "use crate::{network::Link};",
        "use super::super::network::sharing::Link;",
        "fn f() -> crate::network::Link { todo() }",
        "pub use crate::network::Link as L;",
    ] {
        let small = of(&[
            ("src/lib.rs", "pub mod geometry; pub mod network;"),
            ("src/geometry/mod.rs", "mod rings;"),
            ("src/geometry/rings.rs", line),
            (
                "src/network/mod.rs",
                "mod sharing; pub use sharing::{Link, sharing};",
            ),
            (
                "src/network/sharing.rs",
                "pub struct Link; pub fn sharing() {}",
            ),
        ]);
        let wrong = upwards(small.imports(true));
        assert!(!wrong.is_empty(), "{line}");
        assert!(
            wrong[0].starts_with("src/geometry/rings.rs: imports "),
            "{wrong:?}"
        );
        assert!(
            wrong[0].ends_with(" from src/network/sharing.rs"),
            "{wrong:?}"
        );
    }
}

#[test]
fn a_way_round_is_seen_through_what_is_handed_on_and_tests_do_not_count() {
    let files = |third: &'static str| {
        of(&[
            ("src/lib.rs", "pub mod a; pub mod b;"),
            ("src/a.rs", "use crate::b::C; pub struct A;"),
            ("src/b/mod.rs", "mod c; pub use c::C;"),
            ("src/b/c.rs", third),
        ])
    };
    let round = cycle(&files("use crate::a::A; pub struct C(A);").imports(false));
    assert_eq!(round.unwrap(), ["src/a.rs", "src/b/c.rs", "src/a.rs"]);
    let tested = "pub struct C; #[cfg(test)] mod tests { use crate::a::A; }";
    assert_eq!(cycle(&files(tested).imports(false)), None);
}
