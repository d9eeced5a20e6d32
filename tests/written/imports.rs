//! Which file imports from which: the `use` lines and the paths of a crate, followed through what is
//! handed on (`pub use`) to the file in which the thing is defined.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::Visit;
use syn::{File, Item, ItemMod, ItemUse, UseTree, Visibility};

use crate::Source;

/// A path as it is written, segment by segment.
type Segments = Vec<String>;

/// A file with what it names.
struct Unit {
    /// Where it is in the tree of modules; binaries are at the root.
    module: Segments,
    /// What it imports or names in its code.
    imports: Vec<Segments>,
    /// What it hands on, by the name under which it does.
    handed_on: BTreeMap<String, Segments>,
    /// Its modules, the inline ones too.
    modules: BTreeSet<String>,
}

/// The files of one crate.
pub(crate) struct Crate {
    units: BTreeMap<String, Unit>,
    /// By module: the file that it is.
    files: BTreeMap<Segments, String>,
    /// The name by which its binaries call it.
    name: &'static str,
}

/// One import: who, from which file, by which path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    pub(crate) importer: String,
    pub(crate) from: String,
    pub(crate) path: String,
}

impl Crate {
    /// The crate whose files lie in `folder` (with a `/` at the end), and what its binaries call it.
    pub(crate) fn of(sources: &[Source], folder: &str, name: &'static str) -> Crate {
        let mut found = Crate {
            units: BTreeMap::new(),
            files: BTreeMap::new(),
            name,
        };
        let mut own = Vec::new();
        for source in sources {
            if let Some(inside) = source.path.strip_prefix(folder) {
                own.push((source, module_of(inside)));
            }
        }
        for (source, module) in own {
            let file = syn::parse_file(&source.text);
            let file = file.unwrap_or_else(|error| panic!("{}: {error}", source.path));
            found.files.insert(module.clone(), source.path.clone());
            found
                .units
                .insert(source.path.clone(), Unit::of(module, &file));
        }
        found
    }

    /// All imports from one file into another; with `handed_on`, also what is only handed on.
    pub(crate) fn imports(&self, handed_on: bool) -> BTreeSet<Import> {
        let mut all = BTreeSet::new();
        for (file, unit) in &self.units {
            let passed = unit.handed_on.values().filter(|_| handed_on);
            for path in unit.imports.iter().chain(passed) {
                let Some(from) = self.defined_in(&unit.module, path) else {
                    continue;
                };
                if from != file {
                    all.insert(Import {
                        importer: file.clone(),
                        from: from.to_owned(),
                        path: path.join("::"),
                    });
                }
            }
        }
        all
    }

    /// The file that defines what a path names, seen from a module; `None` of other crates.
    fn defined_in(&self, from: &[String], path: &[String]) -> Option<&str> {
        let (mut module, rest) = self.start(from, path)?;
        for (k, segment) in rest.iter().enumerate() {
            let mut child = module.clone();
            child.push(segment.clone());
            if self.files.contains_key(&child) {
                module = child;
                continue;
            }
            let file = self.files.get(&module)?;
            let unit = &self.units[file];
            return match unit.handed_on.get(segment) {
                Some(target) => {
                    let target = [&target[..], &rest[k + 1..]].concat();
                    self.defined_in(&module, &target)
                }
                None => Some(file),
            };
        }
        self.files.get(&module).map(String::as_str)
    }

    /// The module at which a path begins, and what follows.
    fn start<'p>(&self, from: &[String], path: &'p [String]) -> Option<(Segments, &'p [String])> {
        let first = path.first()?;
        let mut module = from.to_vec();
        let mut rest = path;
        match first.as_str() {
            "crate" => return Some((Vec::new(), &path[1..])),
            name if name == self.name => return Some((Vec::new(), &path[1..])),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    module.pop()?;
                    rest = &rest[1..];
                }
            }
            // A module of the file itself.
            name => {
                let unit = &self.units[self.files.get(from)?];
                if !unit.modules.contains(name) {
                    return None;
                }
            }
        }
        Some((module, rest))
    }
}

/// The module that a file is, by its path in the crate's folder.
fn module_of(inside: &str) -> Segments {
    let mut module: Segments = inside
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    if ["mod", "lib"].contains(&module[module.len() - 1].as_str()) {
        module.pop();
    }
    module
}

impl Unit {
    fn of(module: Segments, file: &File) -> Unit {
        let mut unit = Unit {
            module,
            imports: Vec::new(),
            handed_on: BTreeMap::new(),
            modules: BTreeSet::new(),
        };
        for item in &file.items {
            if let Item::Mod(inline) = item {
                unit.modules.insert(inline.ident.to_string());
            }
        }
        unit.visit_file(file);
        unit
    }
}

impl<'ast> Visit<'ast> for Unit {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let is_test = |attribute: &syn::Attribute| {
            let condition = attribute.parse_args::<syn::Meta>();
            attribute.path().is_ident("cfg") && condition.is_ok_and(|c| mentions_test(&c))
        };
        if !module.attrs.iter().any(is_test) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut paths = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut paths);
        for (name, path) in paths {
            match item.vis {
                Visibility::Inherited => self.imports.push(path),
                _ => {
                    self.handed_on.insert(name, path);
                }
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Segments = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if segments.len() > 1 {
            self.imports.push(segments);
        }
        syn::visit::visit_path(self, path);
    }

    // Links in documentation and derives import nothing.
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

fn mentions_test(condition: &syn::Meta) -> bool {
    match condition {
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::List(list) => {
            let words = list.tokens.to_string();
            words
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word == "test")
        }
        syn::Meta::NameValue(_) => false,
    }
}

/// The paths of a `use` tree, each with the name that it brings.
fn flatten(tree: &UseTree, before: &mut Segments, paths: &mut Vec<(String, Segments)>) {
    let with = |last: &syn::Ident| [&before[..], &[last.to_string()]].concat();
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, paths);
            before.pop();
        }
        UseTree::Name(name) if name.ident == "self" => {
            paths.extend(before.last().map(|last| (last.clone(), before.clone())));
        }
        UseTree::Name(name) => paths.push((name.ident.to_string(), with(&name.ident))),
        UseTree::Rename(rename) => paths.push((rename.rename.to_string(), with(&rename.ident))),
        UseTree::Glob(_) => paths.push(("*".to_owned(), before.clone())),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, before, paths);
            }
        }
    }
}

/// A way from a file over imports back to it, if there is one: the files in turn.
pub(crate) fn cycle(imports: &BTreeSet<Import>) -> Option<Vec<String>> {
    let mut from: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for import in imports {
        from.entry(&import.importer).or_default().push(&import.from);
    }
    let mut done = BTreeSet::new();
    from.keys()
        .find_map(|file| way_back(file, &from, &mut Vec::new(), &mut done))
}

fn way_back<'a>(
    file: &'a str,
    from: &BTreeMap<&'a str, Vec<&'a str>>,
    way: &mut Vec<&'a str>,
    done: &mut BTreeSet<&'a str>,
) -> Option<Vec<String>> {
    if let Some(start) = way.iter().position(|before| *before == file) {
        let round = way[start..].iter().chain([&file]);
        return Some(round.map(|file| (*file).to_owned()).collect());
    }
    if !done.insert(file) {
        return None;
    }
    way.push(file);
    let next = from.get(file).into_iter().flatten();
    let found = next
        .clone()
        .find_map(|next| way_back(next, from, way, done));
    way.pop();
    found
}
