//! The ledger as pages of the book, so that no number of the book is typed.
//!
//! Everything here is a pure function of `golden/paper.toml`. `book/src/generated/` holds what it
//! renders: `claims.md`, all rows; one table for each chapter; and `values.md`, single values that
//! prose quotes, each between anchors.

use std::collections::BTreeMap;
use std::fmt::Write;

use amorphous_packing::sample::Sample;
use polars::prelude::{Column, DataFrame, DataType, PolarsResult};

use crate::ledger::{Claim, Ours, Status, decimals};

/// The first line of every file.
const ORIGIN: &str =
    "<!-- Written by `cargo run --bin book` from golden/paper.toml; do not edit. -->\n\n";

/// The tables of the chapters: file, and the claims in it by their ids or the first parts of them.
const CHAPTERS: [(&str, &[&str]); 4] = [
    (
        "order.md",
        &[
            "trace.min_distance",
            "nuclei",
            "pdf",
            "voronoi",
            "coordination",
            "icosahedra",
            "abundance.icosahedra",
            "interface",
        ],
    ),
    ("packing.md", &["tetrahedra", "motifs", "density"]),
    ("bipyramid.md", &["bipyramid", "bond_angle"]),
    (
        "network.md",
        &["sharing", "dihedral", "pbn", "filling", "abundance"],
    ),
];

/// The reconstructed areas of the film as a table, from `data/resire_areas.csv`.
///
/// # Errors
/// When the table lacks a column.
pub fn resire(areas: &DataFrame) -> PolarsResult<String> {
    let mut text = "<!-- Written by `cargo run --bin book` from data/resire_areas.csv, the table of \
                    `cargo run --bin reconstruct -- --sample ta_film --area all`; do not edit. -->\n\n\
                    | area | iterations | R₁ | R₂ | correlation | sum ratio | relative L2 | voxels |\n\
                    |--:|--:|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    let number = |name: &str| areas.column(name)?.cast(&DataType::Float64);
    let columns = [
        ("area", 0),
        ("iterations", 0),
        ("r1", 4),
        ("r2", 4),
        ("correlation", 5),
        ("sum_ratio", 4),
        ("relative_l2", 4),
        ("voxels", 0),
    ];
    let columns: Vec<(Column, usize)> = columns
        .into_iter()
        .map(|(name, digits)| Ok((number(name)?, digits)))
        .collect::<PolarsResult<_>>()?;
    for row in 0..areas.height() {
        for (column, digits) in &columns {
            let value = column.f64()?.get(row);
            let cell = value.map_or("–".to_owned(), |value| format!("{value:.digits$}"));
            let _ = write!(text, "| {cell} ");
        }
        text.push_str("|\n");
    }
    Ok(text)
}

/// A space that does not break the line.
const TIE: char = '\u{a0}';

/// The files of `book/src/generated/`, by name.
pub fn files(claims: &[Claim]) -> BTreeMap<String, String> {
    let all: Vec<&Claim> = claims.iter().collect();
    let mut files = BTreeMap::from([
        (
            "claims.md".to_owned(),
            format!("{ORIGIN}{}\n{}", summary(claims), table(&all)),
        ),
        ("values.md".to_owned(), values(claims)),
    ]);
    for (file, subjects) in CHAPTERS {
        let chapter: Vec<&Claim> = claims
            .iter()
            .filter(|claim| subjects.iter().any(|subject| is_about(claim, subject)))
            .collect();
        files.insert(file.to_owned(), format!("{ORIGIN}{}", table(&chapter)));
    }
    files
}

/// Whether `subject` is the claim's id or the part of it before a point.
fn is_about(claim: &Claim, subject: &str) -> bool {
    let rest = claim.id.strip_prefix(subject);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The number of rows of each verdict, as a table.
fn summary(claims: &[Claim]) -> String {
    let counts = Status::ALL.map(|status| {
        let rows = claims.iter().filter(|claim| claim.status == status);
        (status.to_string(), rows.count().to_string())
    });
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let head = counts.iter().map(|(status, _)| status.as_str()).collect();
    let row = counts.iter().map(|(_, count)| count.as_str()).collect();
    line(head) + &"|--:".repeat(counts.len()) + "|\n" + &line(row)
}

/// Rows of the ledger as a table. What a claim says about several samples is stated once.
pub fn table(claims: &[&Claim]) -> String {
    let mut text = "| claim | sample | paper | here | deviation | verdict |\n\
                    |:--|:--|--:|--:|--:|:--|\n"
        .to_owned();
    let mut before: Option<&Claim> = None;
    for claim in claims {
        let same = before.filter(|before| before.id == claim.id && before.what == claim.what);
        let statement = same.is_none().then(|| {
            let (what, place) = (plain(&claim.what), plain(&claim.place));
            format!("{what}<br><small>`{}` · {place}</small>", claim.id)
        });
        let why = claim.why.as_deref();
        let why = why.filter(|_| same.is_none_or(|same| same.why != claim.why));
        let why = why.map(|why| format!("<small>*{}*</small>", plain(why)));
        let cell: Vec<String> = statement.into_iter().chain(why).collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            cell.join("<br>"),
            sample_label(claim),
            plain(&published(claim)),
            ours(claim),
            deviation(claim),
            claim.status,
        );
        before = Some(claim);
    }
    text
}

/// Every published value and ours between anchors, so that prose can include them.
///
/// An anchor is the id with `-` for `.`, the sample, where several rows share both the unit, and
/// `published` or `ours`: `dihedral-mean-pooled-ours`.
fn values(claims: &[Claim]) -> String {
    let mut text = ORIGIN.trim_end().to_owned() + "\n";
    for claim in claims {
        let name = anchor(claim, claims);
        for (side, value) in [("published", published(claim)), ("ours", ours(claim))] {
            let _ = write!(
                text,
                "\n<!-- ANCHOR: {name}-{side} -->\n{}\n<!-- ANCHOR_END: {name}-{side} -->\n",
                plain(&value)
            );
        }
    }
    text
}

fn anchor(claim: &Claim, claims: &[Claim]) -> String {
    let alike = |other: &&Claim| other.id == claim.id && other.sample == claim.sample;
    let shared = claims.iter().filter(alike).count() > 1;
    let unit = claim.unit.as_deref().filter(|_| shared);
    let parts = [Some(claim.id.as_str()), claim.sample.as_deref(), unit];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join("-").replace('.', "-")
}

fn sample_label(claim: &Claim) -> String {
    let Some(id) = claim.sample.as_deref() else {
        return "–".to_owned();
    };
    if id == "pooled" {
        return "all three".to_owned();
    }
    let sample: Result<Sample, _> = id.parse();
    sample.map_or_else(|_| plain(id), |sample| sample.label().to_owned())
}

/// The value as printed in the paper, with its unit.
fn published(claim: &Claim) -> String {
    with_unit(signed(&claim.published), claim)
}

/// The digits behind the point of our value: one more than the paper prints, two where the last
/// would be a 5, so that rounding what is shown is rounding what was found.
fn digits_shown(claim: &Claim, value: f64) -> usize {
    let digits = decimals(&claim.published) + 1;
    digits + usize::from(format!("{value:.digits$}").ends_with('5'))
}

/// Our value, to [`digits_shown`].
fn ours(claim: &Claim) -> String {
    match &claim.ours {
        None => "–".to_owned(),
        Some(Ours::Words(words)) => words.clone(),
        Some(Ours::Count(n)) => with_unit(signed(&n.to_string()), claim),
        Some(Ours::Number(x)) => {
            let digits = digits_shown(claim, *x);
            with_unit(signed(&format!("{x:.digits$}")), claim)
        }
    }
}

/// Ours minus published, in the digits of ours.
fn deviation(claim: &Claim) -> String {
    let printed: Option<f64> = claim.published.parse().ok();
    let ours = claim.ours.as_ref().and_then(Ours::as_number);
    let (Some(printed), Some(ours)) = (printed, ours) else {
        return "–".to_owned();
    };
    let digits = match claim.ours {
        Some(Ours::Count(_)) => 0,
        _ => digits_shown(claim, ours),
    };
    let deviation = format!("{:+.digits$}", ours - printed);
    let is_zero = !deviation.contains(|c: char| ('1'..='9').contains(&c));
    if is_zero {
        "0".to_owned()
    } else {
        signed(&deviation)
    }
}

/// With a minus sign for the hyphen.
fn signed(number: &str) -> String {
    match number.strip_prefix('-') {
        Some(rest) => format!("−{rest}"),
        None => number.to_owned(),
    }
}

fn with_unit(number: String, claim: &Claim) -> String {
    match claim.unit.as_deref() {
        None => number,
        Some("°") => number + "°",
        Some(unit) => format!("{number}{TIE}{unit}"),
    }
}

/// Text that Markdown shows as it is, also in a table.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '\\' | '[' | ']' => shown.extend(['\\', c]),
            other => shown.push(other),
        }
    }
    shown
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::ledger;

    const GENERATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../book/src/generated");

    #[test]
    fn the_generated_pages_are_those_of_the_ledger() {
        let claims = ledger::parse(include_str!("../golden/paper.toml")).unwrap();
        let mut present: Vec<String> = std::fs::read_dir(GENERATED)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        present.sort_unstable();
        let mut files = files(&claims);
        let (_, areas) = crate::scanning::area_tables().unwrap();
        files.insert("resire.md".to_owned(), resire(&areas).unwrap());
        assert_eq!(present, files.keys().cloned().collect::<Vec<_>>());
        for (name, text) in files {
            let committed = std::fs::read_to_string(format!("{GENERATED}/{name}")).unwrap();
            assert!(
                committed == text,
                "book/src/generated/{name} is not what its source renders to; \
                 run cargo run --bin book"
            );
        }
    }

    #[test]
    fn every_claim_is_on_the_claims_page_and_every_chapter_has_claims() {
        let claims = ledger::parse(include_str!("../golden/paper.toml")).unwrap();
        let files = files(&claims);
        for claim in &claims {
            assert!(files["claims.md"].contains(&format!("`{}`", claim.id)));
        }
        for (file, subjects) in CHAPTERS {
            for subject in subjects {
                assert!(
                    claims.iter().any(|claim| {
                        is_about(claim, subject) && files[file].contains(&format!("`{}`", claim.id))
                    }),
                    "{subject}"
                );
            }
        }
    }

    #[test]
    fn anchors_are_unique() {
        let claims = ledger::parse(include_str!("../golden/paper.toml")).unwrap();
        let mut anchors: Vec<String> = claims.iter().map(|claim| anchor(claim, &claims)).collect();
        anchors.sort_unstable();
        let count = anchors.len();
        anchors.dedup();
        assert_eq!(anchors.len(), count);
    }

    #[test]
    fn values_are_shown_so_that_they_round_as_they_were_judged() {
        let row = |published: &str, unit: &str, ours: &str| {
            ledger::parse(&format!(
                "[[claim]]\nid = \"bond.length\"\nwhat = \"a | b\"\nwhere = \"p. 1\"\n\
                 status = \"close\"\npublished = \"{published}\"\nunit = \"{unit}\"\nours = {ours}\n"
            ))
            .unwrap()
            .remove(0)
        };
        let shown = |published, unit, value| {
            let claim = row(published, unit, value);
            (
                super::published(&claim),
                super::ours(&claim),
                deviation(&claim),
            )
        };
        let expect = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(
            shown("-1.3", "%", "-1.6402"),
            expect("−1.3\u{a0}%", "−1.64\u{a0}%", "−0.34")
        );
        assert_eq!(
            shown("120.7", "°", "120.701"),
            expect("120.7°", "120.70°", "0")
        );
        assert_eq!(
            shown("20.1", "%", "20.1473"),
            expect("20.1\u{a0}%", "20.147\u{a0}%", "+0.047")
        );
        assert_eq!(
            shown("17", "cells", "18"),
            expect("17\u{a0}cells", "18\u{a0}cells", "+1")
        );
        assert_eq!(
            shown("> 2", "Å", "2.412"),
            expect("> 2\u{a0}Å", "2.4\u{a0}Å", "–")
        );
        let claim = row("17", "cells", "18");
        assert!(table(&[&claim]).contains("| a \\| b<br>"));
    }
}
