//! `golden/panels.toml` and the figures say the same, panel by panel.
//!
//! What a figure promises is what it draws ([`crate::figures`]); here the promise is held against
//! the list.

use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::Trial;
use toml_edit::DocumentMut;

use crate::always;
use crate::figures::{FIGURES, Figure};
use crate::run::{Data, checkout};

const DRAWN: [&str; 3] = ["regenerated", "from simulation", "ours"];
const NOT_DRAWN: [&str; 2] = ["planned", "not possible"];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        always(
            "panels.toml: every panel called drawn is a panel of its figure",
            called_drawn_is_drawn,
        ),
        always(
            "panels.toml: every panel of a figure is listed as drawn",
            drawn_is_listed,
        ),
        always(
            "panels.toml: every panel has a known status, and a reason unless it is drawn",
            rows_are_complete,
        ),
    ]
}

/// A row of the list.
struct Row {
    status: String,
    what: String,
    why: String,
}

/// The list, by figure and letter.
fn rows() -> BTreeMap<(String, String), Row> {
    let text = std::fs::read_to_string(checkout("golden/panels.toml")).unwrap();
    let list: DocumentMut = text.parse().unwrap();
    let mut rows = BTreeMap::new();
    for panel in list["panel"].as_array_of_tables().unwrap() {
        let field = |key: &str| {
            let value = panel.get(key).and_then(|value| value.as_str());
            value.unwrap_or_default().to_owned()
        };
        let known = ["figure", "panel", "status", "what", "why"];
        for (key, _) in panel {
            assert!(known.contains(&key), "unknown key {key}");
        }
        let row = Row {
            status: field("status"),
            what: field("what"),
            why: field("why"),
        };
        let place = (field("figure"), field("panel"));
        let twice = rows.insert(place.clone(), row);
        assert!(twice.is_none(), "{place:?} is listed twice");
    }
    rows
}

/// The letters that a figure draws with the data, but for those that hold a sentence.
fn shown(figure: &Figure) -> impl Iterator<Item = char> {
    let drawn = figure.promised(Data::Public);
    let letters = drawn.panels.chars();
    letters.filter(move |&letter| !drawn.sentences.contains(letter))
}

fn called_drawn_is_drawn() {
    let drawn: BTreeSet<(String, String)> = FIGURES
        .iter()
        .flat_map(|figure| shown(figure).map(|letter| (figure.id.to_owned(), letter.into())))
        .collect();
    for (place, row) in rows() {
        let called = DRAWN.contains(&row.status.as_str());
        assert_eq!(drawn.contains(&place), called, "{place:?}: {}", row.status);
    }
}

fn drawn_is_listed() {
    let rows = rows();
    for figure in FIGURES.iter().filter(|figure| figure.is_of_the_paper()) {
        for letter in figure.promised(Data::Public).panels.chars() {
            let place = (figure.id.to_owned(), letter.to_string());
            assert!(rows.contains_key(&place), "{place:?} is not listed");
        }
    }
}

fn rows_are_complete() {
    for (place, row) in rows() {
        let status = row.status.as_str();
        assert!(
            DRAWN.contains(&status) || NOT_DRAWN.contains(&status),
            "{place:?}: {status}"
        );
        assert!(!row.what.is_empty(), "{place:?} does not say what it shows");
        assert!(
            DRAWN.contains(&status) || !row.why.is_empty(),
            "{place:?} does not say why it is not drawn"
        );
    }
}
