//! The floors of the library and the rooms of the figures, as ARCHITECTURE.md draws them: a file
//! imports from the floors (rooms) below its own and from its own, and no two files import each
//! other, however long the way round.

use std::collections::BTreeMap;

use crate::imports::{Crate, Import, cycle};
use crate::{Source, expect_none, rust, sources};

/// The library has more imports than this, and the figures; fewer found are a reader that reads nothing.
const FEWEST_IMPORTS: usize = 200;

/// What ARCHITECTURE.md draws: the heading over the drawing, and the folder that it is about.
#[derive(Clone, Copy)]
struct Drawn {
    heading: &'static str,
    folder: &'static str,
}

const LIBRARY: Drawn = Drawn {
    heading: "Floors",
    folder: "src/",
};
const FIGURES: Drawn = Drawn {
    heading: "Rooms",
    folder: "figures/",
};

impl Drawn {
    /// The floor of each module, counted from the ground: the block under the heading, whose lines
    /// begin with the modules of a floor and name the highest first.
    fn floors(self) -> BTreeMap<String, usize> {
        let sources = sources(&["ARCHITECTURE.md"]);
        let text = &sources[0].text;
        let heading = format!("\n## {}\n", self.heading);
        let section = text.split(&heading).nth(1).unwrap();
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

    /// The module below the folder that a file belongs to.
    fn module(self, path: &str) -> &str {
        let inside = path.strip_prefix(self.folder).unwrap_or(path);
        inside.split(['/', '.']).next().unwrap_or(inside)
    }

    /// The imports from a floor above, or from another module of the same. What lies on no floor,
    /// the root and the figures, may import everything.
    fn upwards(self, imports: impl IntoIterator<Item = Import>) -> Vec<String> {
        let floors = self.floors();
        let floor = |path: &str| floors.get(self.module(path)).copied();
        let wrong = imports.into_iter().filter(|import| {
            self.module(&import.importer) != self.module(&import.from)
                && floor(&import.importer).is_some()
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

    /// The modules that there are.
    fn modules(self) -> Vec<String> {
        let mut modules: Vec<String> = rust(&[self.folder.trim_end_matches('/')])
            .iter()
            .map(|source| self.module(&source.path).to_owned())
            .filter(|module| module != "lib")
            .collect();
        modules.sort_unstable();
        modules.dedup();
        modules
    }
}

#[test]
fn every_module_has_its_floor_and_every_floor_its_module() {
    let (modules, floors) = (LIBRARY.modules(), LIBRARY.floors());
    assert!(modules.iter().eq(floors.keys()), "{modules:?} {floors:?}");
}

#[test]
fn figures_have_rooms_and_nothing_lies_between_them() {
    let (modules, rooms) = (FIGURES.modules(), FIGURES.floors());
    let is_figure = |module: &&String| {
        let number = module.strip_prefix("fig").or(module.strip_prefix("table"));
        let number = number.unwrap_or_default();
        let number = number.strip_prefix(['s', 'x']).unwrap_or(number);
        number.parse::<u32>().is_ok()
    };
    let others = modules.iter().filter(|module| !is_figure(module));
    assert!(others.eq(rooms.keys()), "{modules:?} {rooms:?}");
    for room in rooms.keys() {
        let sources = sources(&[&format!("figures/{room}/mod.rs")]);
        let about = sources[0].text.lines().take_while(|l| l.starts_with("//!"));
        assert!(about.count() >= 3, "{room} does not say what is in it");
    }
}

#[test]
fn a_floor_uses_those_below_it() {
    let library = Crate::of(&rust(&["src"]), LIBRARY.folder, "amorphous_packing");
    let imports = library.imports(true);
    assert!(imports.len() > FEWEST_IMPORTS, "{} imports", imports.len());
    expect_none(&LIBRARY.upwards(imports));
}

#[test]
fn a_room_uses_those_before_it() {
    let figures = Crate::of(&rust(&["figures"]), FIGURES.folder, "figures");
    let imports = figures.imports(true);
    assert!(imports.len() > FEWEST_IMPORTS, "{} imports", imports.len());
    expect_none(&FIGURES.upwards(imports));
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
        let wrong = LIBRARY.upwards(small.imports(true));
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
