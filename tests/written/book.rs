//! The book holds together: what a page quotes, shows or links is there, and nothing is typed that
//! is to be included. mdBook itself leaves an empty block, without a word, where an anchor is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The lengths of quoted blocks, in lines: long enough to say something, short enough to read.
const QUOTED_LINES: std::ops::RangeInclusive<usize> = 3..=25;

/// A file of the checkout as a path below its root.
fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The files below `directory`, sorted.
fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort_unstable();
    files
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// The pages, by name below `book/src`; what is generated is no page but part of one.
fn pages() -> BTreeMap<String, String> {
    let source = at("book/src");
    files_below(&source)
        .into_iter()
        .filter(|path| has_extension(path, "md") && !path.starts_with(source.join("generated")))
        .map(|path| {
            let name = path.strip_prefix(&source).unwrap().to_str().unwrap();
            (name.to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// What stands between `open` and the next `close`, every time.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open)
        .skip(1)
        .filter_map(|rest| rest.split_once(close).map(|(inside, _)| inside))
        .collect()
}

/// What a page includes: the file and the anchor in it.
fn includes(page: &str) -> Vec<(PathBuf, Option<String>)> {
    between(page, "{{#include ", "}}")
        .into_iter()
        .map(|target| match target.trim().split_once(':') {
            Some((file, anchor)) => (at("book/src").join(file), Some(anchor.to_owned())),
            None => (at("book/src").join(target.trim()), None),
        })
        .collect()
}

/// The names behind `keyword` in the comments of a file, in order.
fn marks(text: &str, keyword: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.split_once(keyword))
        .map(|(_, name)| name.trim().trim_end_matches("-->").trim().to_owned())
        .collect()
}

/// The lines that an anchor encloses; `None` without such an anchor.
fn block(text: &str, anchor: &str) -> Option<Vec<String>> {
    let is = |line: &str, keyword| marks(line, keyword).iter().any(|name| name == anchor);
    let mut lines = text.lines().skip_while(|line| !is(line, "ANCHOR: "));
    lines.next()?;
    let inside: Vec<&str> = lines.collect();
    let end = inside.iter().position(|line| is(line, "ANCHOR_END: "))?;
    Some(inside[..end].iter().map(|&line| line.to_owned()).collect())
}

#[test]
fn every_include_finds_a_block_that_is_not_empty() {
    let mut wrong = Vec::new();
    for (name, page) in pages() {
        for (file, anchor) in includes(&page) {
            let Ok(text) = fs::read_to_string(&file) else {
                wrong.push(format!("{name}: there is no {}", file.display()));
                continue;
            };
            let lines = match &anchor {
                Some(anchor) => block(&text, anchor).unwrap_or_default(),
                None => text.lines().map(str::to_owned).collect(),
            };
            if lines.iter().all(|line| line.trim().is_empty()) {
                wrong.push(format!("{name}: {} has no {anchor:?}", file.display()));
            }
            if has_extension(&file, "rs") && !QUOTED_LINES.contains(&lines.len()) {
                let count = lines.len();
                wrong.push(format!("{name}: {anchor:?} has {count} lines"));
            }
        }
        if page.matches("{{#").count() != includes(&page).len() {
            wrong.push(format!("{name}: only {{{{#include path:anchor}}}} is used"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_anchor_of_the_sources_is_closed_and_quoted() {
    let quoted: BTreeSet<(PathBuf, String)> = pages()
        .values()
        .flat_map(|page| includes(page))
        .filter_map(|(file, anchor)| Some((file.canonicalize().ok()?, anchor?)))
        .collect();
    let mut wrong = Vec::new();
    for file in files_below(&at("src")) {
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let (opened, closed) = (marks(&text, "ANCHOR: "), marks(&text, "ANCHOR_END: "));
        if opened != closed {
            wrong.push(format!(
                "{}: opens {opened:?}, closes {closed:?}",
                file.display()
            ));
        }
        let unique: BTreeSet<&String> = opened.iter().collect();
        if unique.len() != opened.len() {
            wrong.push(format!("{}: an anchor occurs twice", file.display()));
        }
        for anchor in opened {
            let key = (file.canonicalize().unwrap(), anchor);
            if !quoted.contains(&key) {
                wrong.push(format!("{}: no page quotes '{}'", file.display(), key.1));
            }
        }
    }
    assert!(!quoted.is_empty());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The fragment that mdBook gives a heading.
fn fragment(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept
        .chars()
        .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_link_and_every_picture_is_there() {
    let pages = pages();
    let mut checked = 0;
    let mut wrong = Vec::new();
    for (name, page) in &pages {
        for target in between(page, "](", ")") {
            if target.starts_with("https://") {
                continue;
            }
            checked += 1;
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { name } else { file };
            if !at("book/src").join(file).is_file() {
                wrong.push(format!("{name}: there is no {file}"));
            }
            let mut headings = pages.get(file).into_iter().flat_map(|page| page.lines());
            let is_meant = |line: &str| {
                let text = line.trim_start_matches('#');
                text != line && fragment(text) == heading
            };
            if !heading.is_empty() && !headings.any(is_meant) {
                wrong.push(format!("{name}: {file} has no heading #{heading}"));
            }
        }
    }
    assert!(checked > 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_summary_lists_every_page_once() {
    let mut pages = pages();
    let summary = pages.remove("SUMMARY.md").unwrap();
    let mut listed = between(&summary, "](", ")");
    listed.sort_unstable();
    assert_eq!(listed, pages.keys().collect::<Vec<_>>());
}

/// The generated parts of pages, one after the other.
fn generated() -> String {
    let files = files_below(&at("book/src/generated"));
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    texts.collect()
}

#[test]
fn every_picture_that_is_generated_with_a_table_is_there() {
    for picture in between(&generated(), "](figures/", ")") {
        assert!(
            at("book/src/figures").join(picture).is_file(),
            "there is no {picture}; run cargo run --bin book"
        );
    }
}

#[test]
fn every_committed_picture_is_shown() {
    let pages = pages();
    let generated = generated();
    let readme = fs::read_to_string(at("README.md")).unwrap();
    for picture in files_below(&at("book/src/figures")) {
        let name = picture.file_name().unwrap().to_str().unwrap();
        let target = format!("](figures/{name})");
        let in_book =
            generated.contains(&target) || pages.values().any(|page| page.contains(&target));
        assert!(
            in_book || readme.contains(&format!("src/figures/{name})")),
            "{name}"
        );
    }
}

#[test]
fn the_pages_load_nothing_from_the_network() {
    let head = fs::read_to_string(at("book/theme/head.hbs")).unwrap();
    assert!(!head.contains("//"), "head.hbs names a server");
    let root = "{{ path_to_root }}";
    assert!(head.contains(root));
    for asset in between(&head, root, "\"") {
        assert!(at("book/src").join(asset).is_file(), "there is no {asset}");
    }
    let katex = at("book/src/assets/katex");
    let style = fs::read_to_string(katex.join("katex.min.css")).unwrap();
    let fonts: BTreeSet<PathBuf> = between(&style, "url(", ")")
        .into_iter()
        .map(|font| katex.join(font))
        .collect();
    let present: BTreeSet<PathBuf> = files_below(&katex.join("fonts")).into_iter().collect();
    assert_eq!(fonts, present);
}

/// The numbers of a text, as they are written.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|number| number.trim_matches('.'))
        .filter(|number| !number.is_empty())
}

#[test]
fn no_page_quotes_a_value_that_is_missing() {
    let values = fs::read_to_string(at("book/src/generated/values.md")).unwrap();
    let mut quoted = 0;
    for (name, page) in pages() {
        for (file, anchor) in includes(&page) {
            let Some(anchor) = anchor.filter(|_| file.ends_with("generated/values.md")) else {
                continue;
            };
            let value = block(&values, &anchor).unwrap_or_default();
            assert_ne!(
                value,
                ["–"],
                "{name} quotes {anchor}, which nobody computed"
            );
            quoted += 1;
        }
    }
    assert!(quoted > 0);
}

#[test]
fn no_page_types_a_result() {
    // Numbers of three and more digits: shorter ones have other uses.
    let long = |number: &&str| number.bytes().filter(u8::is_ascii_digit).count() >= 3;
    let values = fs::read_to_string(at("book/src/generated/values.md")).unwrap();
    let values: String = values
        .lines()
        .filter(|line| !line.contains("<!--"))
        .map(|line| format!("{line}\n"))
        .collect();
    let results: BTreeSet<&str> = numbers(&values).filter(long).collect();
    assert!(results.contains("120.7"));
    for (name, page) in pages() {
        for number in numbers(&page) {
            assert!(
                !results.contains(number),
                "{name} types {number}; include it from generated/values.md"
            );
        }
    }
}

/// The public fields of a struct, by its text.
fn fields(source: &str, name: &str) -> Vec<String> {
    let blocks = between(source, &format!("pub struct {name} {{\n"), "\n}");
    let lines = blocks.into_iter().flat_map(str::lines);
    let fields = lines.filter_map(|line| line.trim_start().strip_prefix("pub "));
    fields
        .filter_map(|field| field.split_once(": "))
        .map(|(field, _)| field.to_owned())
        .collect()
}

/// The columns that a file of tables names: `"n3" => …` and `Column::new("n3".into(), …)`.
fn columns(source: &str) -> Vec<String> {
    let quoted: Vec<&str> = source.split('"').collect();
    let names = quoted.windows(2).filter_map(|two| {
        let is_column = two[1].starts_with(" =>") || two[1].starts_with(".into(),");
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        (is_column && two[0].chars().all(is_name)).then(|| two[0].to_owned())
    });
    names.collect()
}

#[test]
fn every_field_and_every_column_of_ones_own_structure_is_told() {
    let read = |path: &str| fs::read_to_string(at(path)).unwrap();
    let page = read("book/src/own.md");
    let mut names = Vec::new();
    for (path, structs) in [
        (
            "src/analysis/summary.rs",
            &["Summary", "SpeciesSummary"][..],
        ),
        ("src/report/series.rs", &["Estimate"]),
        ("figures/commands/structure_told.rs", &["SummaryFile"]),
    ] {
        for name in structs {
            let found = fields(&read(path), name);
            assert!(found.len() > 4, "{path}: {name} has {found:?}");
            names.extend(found);
        }
    }
    for path in ["structure", "export", "frames"] {
        let source = read(&format!("src/report/{path}.rs"));
        let code = source.split("#[cfg(test)]").next().unwrap();
        let found = columns(code);
        assert!(found.len() > 4, "{path} has {found:?}");
        names.extend(found);
    }
    names.retain(|name| !page.contains(&format!("`{name}`")));
    assert!(names.is_empty(), "own.md does not tell of {names:?}");
}
