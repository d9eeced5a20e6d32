//! The ledger as pages of the book, so that no number of the book is typed.
//!
//! Most of it is a pure function of `golden/paper.toml`. `book/src/generated/` holds what it
//! renders: `claims.md`, all rows; one table for each chapter; and `values.md`, single values that
//! prose quotes, each between anchors. Other tables are excerpts of committed tables, and
//! `speed.md` is the last run of the benches.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use amorphous_packing::data::Sample;
use amorphous_packing::formats::tables::texts_of_csv;
use anyhow::{Context, Result, ensure};
use polars::prelude::StringChunked;

use crate::page::style;
use crate::record::ledger::{Claim, Status};
use crate::record::shown::{deviation, ours, published, sample, signed};
use crate::record::speed::{self, Run};

/// The first line of the page of the benches.
const MEASURED: &str =
    "<!-- Written by `cargo run --bin book` from benches/runs; do not edit. -->\n\n";

/// The first line of every other file.
const ORIGIN: &str =
    "<!-- Written by `cargo run --bin book` from golden/paper.toml; do not edit. -->\n\n";

/// The tables of the chapters: file, and the claims in it by their ids or the first parts of them.
const CHAPTERS: [(&str, &[&str]); 5] = [
    (
        "order.md",
        &[
            "trace.min_distance",
            "nuclei",
            "pdf.no_split",
            "pdf.liquid_match",
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
    (
        "liquid.md",
        &[
            "md",
            "pdf.liquid_match",
            "pdf.glass_split",
            "bipyramid.liquid",
            "bipyramid.theta_quench",
        ],
    ),
];

/// A table of the book taken from a committed table: the file that is generated, the table below
/// the root of the repository, and its columns with their titles.
type Excerpt = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// The tables that come from committed tables of this code.
const EXCERPTS: [Excerpt; 8] = [
    (
        "quench_growth.md",
        "golden/quench_growth.snap",
        &[
            ("sample", "frame"),
            ("bipyramids", "bipyramids"),
            ("networks", "networks"),
            ("largest", "largest"),
            ("share_of_largest", "share in the largest"),
            ("mean_size_of_others", "mean size of the others"),
            ("spans", "spans"),
            ("icosahedra", "icosahedra"),
        ],
    ),
    (
        "quench_states.md",
        "data/ta_states.csv",
        &[
            ("sample", "frame"),
            ("frames", "frames averaged"),
            ("kinetic_temperature_k", "temperature (K)"),
            ("pressure_bar", "pressure (bar)"),
            ("atoms_per_a3", "atoms/Å³"),
            ("energy_ev_per_atom", "energy (eV/atom)"),
        ],
    ),
    (
        "precision.md",
        "data/precision_trials.csv",
        &[
            ("areas", "areas"),
            ("counts", "electrons"),
            ("seed", "seed"),
            ("method", "refined by"),
            ("known", "atoms"),
            ("identical_traced", "traced"),
            ("rmsd_traced_pm", "r.m.s. (pm)"),
            ("identical_refined", "refined"),
            ("rmsd_refined_pm", "r.m.s. (pm)"),
            ("spurious", "none"),
        ],
    ),
    (
        "multislice.md",
        "data/multislice_trial.csv",
        &[
            ("known", "atoms"),
            ("counts", "electrons"),
            ("identical_traced", "traced"),
            ("rmsd_traced_pm", "r.m.s. (pm)"),
            ("identical_refined", "refined"),
            ("rmsd_refined_pm", "r.m.s. (pm)"),
            ("spurious", "none"),
            ("r_before", "R before"),
            ("r_after", "R after"),
        ],
    ),
    (
        "preprocessing.md",
        "data/preprocessing.csv",
        &[("step", "step"), ("measure", "measure"), ("value", "value")],
    ),
    (
        "denoising.md",
        "benches/runs/2026-11-28-2vcpu/bm3d_medians.csv",
        &[
            ("sigma", "noise"),
            ("threads", "threads"),
            ("ours_db", "ours (dB)"),
            ("bm3d_db", "bm3d (dB)"),
            ("ours_s", "ours (s)"),
            ("bm3d_s", "bm3d (s)"),
            ("ratio", "ratio"),
            ("processor_ratio", "on processors"),
        ],
    ),
    (
        "chain.md",
        "data/chain.csv",
        &[("what", "what"), ("value", "value")],
    ),
    (
        "resire.md",
        "data/resire_areas.csv",
        &[
            ("area", "area"),
            ("iterations", "iterations"),
            ("r1", "R₁"),
            ("r2", "R₂"),
            ("correlation", "correlation"),
            ("sum_ratio", "sum ratio"),
            ("relative_l2", "relative L2"),
            ("voxels", "voxels"),
        ],
    ),
];

/// The files of `book/src/generated/`, by name; `run` is the last one of the benches.
pub fn files(claims: &[Claim], run: Option<&Run>) -> BTreeMap<String, String> {
    let all: Vec<&Claim> = claims.iter().collect();
    let mut files = BTreeMap::from([
        (
            "claims.md".to_owned(),
            format!("{ORIGIN}{}\n{}", summary(claims), table(&all)),
        ),
        ("values.md".to_owned(), values(claims)),
        (
            "speed.md".to_owned(),
            format!("{MEASURED}{}", speed::page(run)),
        ),
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

/// The files of `book/src/generated/` that are excerpts of committed tables, by name; `root` is that
/// of the repository.
///
/// # Errors
/// When a table cannot be read or lacks a column.
pub fn excerpts(root: &Path) -> Result<BTreeMap<String, String>> {
    let files = EXCERPTS.iter().map(|(file, source, columns)| {
        let text = std::fs::read_to_string(root.join(source))
            .with_context(|| format!("'{source}' cannot be read"))?;
        let table = excerpt(&text, columns).with_context(|| format!("'{source}'"))?;
        let origin = ORIGIN.replace("golden/paper.toml", source);
        Ok(((*file).to_owned(), format!("{origin}{table}")))
    });
    files.collect()
}

/// Columns of a CSV text as a table; the header of a snapshot is passed over.
fn excerpt(text: &str, columns: &[(&str, &str)]) -> Result<String> {
    let csv = match text.strip_prefix("---\n") {
        Some(snapshot) => snapshot.split_once("---\n").map_or("", |(_, csv)| csv),
        None => text,
    };
    let csv = texts_of_csv(csv)?;
    ensure!(csv.width() > 0, "it is empty");
    let cells: Vec<&StringChunked> = columns
        .iter()
        .map(|(column, _)| {
            let texts = csv.column(column).and_then(|texts| texts.str());
            texts.with_context(|| format!("there is no column '{column}'"))
        })
        .collect::<Result<_>>()?;
    let titles: Vec<&str> = columns.iter().map(|(_, title)| *title).collect();
    let mut table = format!(
        "| {} |\n|:--{}|\n",
        titles.join(" | "),
        "|--:".repeat(cells.len() - 1)
    );
    for line in 0..csv.height() {
        let cells = cells
            .iter()
            .map(|texts| cell(texts.get(line).unwrap_or_default()));
        let _ = writeln!(table, "| {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    Ok(table)
}

/// A value of a table: samples by their labels, numbers with a minus sign, nothing as a dash.
fn cell(value: &str) -> String {
    match value.parse::<Sample>() {
        Ok(sample) => style::sample_label(sample).to_owned(),
        Err(_) if value.is_empty() => "–".to_owned(),
        Err(_) => plain(&signed(value)),
    }
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
            plain(&sample(claim).unwrap_or_else(|| "–".to_owned())),
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
    use std::path::Path;

    use super::*;
    use crate::record::ledger;

    const RUNS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/runs");
    const GENERATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../book/src/generated");

    #[test]
    fn the_generated_pages_are_those_of_the_ledger_and_the_benches() {
        let claims = ledger::parse(include_str!("../../golden/paper.toml")).unwrap();
        let mut present: Vec<String> = std::fs::read_dir(GENERATED)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        present.sort_unstable();
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let run = Run::latest(Path::new(RUNS)).unwrap();
        let mut files = files(&claims, run.as_ref());
        files.extend(excerpts(root).unwrap());
        assert_eq!(present, files.keys().cloned().collect::<Vec<_>>());
        for (name, text) in files {
            let committed = std::fs::read_to_string(format!("{GENERATED}/{name}")).unwrap();
            assert!(
                committed == text,
                "book/src/generated/{name} is not what golden/paper.toml and benches/runs render to; \
                 run cargo run --bin book"
            );
        }
    }

    #[test]
    fn every_claim_is_on_the_claims_page_and_every_chapter_has_claims() {
        let claims = ledger::parse(include_str!("../../golden/paper.toml")).unwrap();
        let files = files(&claims, None);
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
        let claims = ledger::parse(include_str!("../../golden/paper.toml")).unwrap();
        let mut anchors: Vec<String> = claims.iter().map(|claim| anchor(claim, &claims)).collect();
        anchors.sort_unstable();
        let count = anchors.len();
        anchors.dedup();
        assert_eq!(anchors.len(), count);
    }

    #[test]
    fn markdown_s_own_signs_are_text_in_a_table() {
        let mut claim = ledger::parse(include_str!("../../golden/paper.toml")).unwrap();
        claim[0].what = "a | b".to_owned();
        assert!(table(&[&claim[0]]).contains("| a \\| b<br>"));
    }
}
