//! A structure as one page, `view.html`, that turns in any browser: opened from disk, without network.
//! It uses no other room: what it shows, colours included, it is given as a [`View`]. Begin with
//! [`page`], then `page.html`.
//!
//! The page is `page.html` with `viewer.css`, the scripts in the order of `SCRIPT` and three.js
//! (`vendor/`, MIT) written into it; the atoms lie in it as columns of whole numbers (`columns.rs`).
//! Its content security policy allows no request and no `eval`. Names, from files as they may be, are
//! written by scripts as text or stand in JSON without `<`, so that none of them can become markup.
//!
//! With `#benchmark` behind its address the page turns the model for some seconds and writes frames
//! per second into its title and into `data-frames-per-second` of its root element.

mod columns;

use std::fmt::Write as _;

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};

use crate::view::columns::{Column, Places};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("viewer.css");
/// The scripts, each of which uses those before it.
const SCRIPT: [&str; 8] = [
    include_str!("data.js"),
    include_str!("solids.js"),
    include_str!("turning.js"),
    include_str!("sorting.js"),
    include_str!("model.js"),
    include_str!("pace.js"),
    include_str!("controls.js"),
    include_str!("viewer.js"),
];
const LIBRARY: &str = include_str!("vendor/three.min.js");
const LIBRARY_LICENCE: &str = include_str!("vendor/LICENSE-three.txt");

/// The most pentagonal bipyramids that meet in an atom as cap, those of an icosahedron.
const MOST_FILLED: u8 = 12;

/// What the page shows. Every list of atoms is as long as `positions`, in the same order.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// The name of the structure, of a file say.
    pub title: String,
    /// A line beside it.
    pub subtitle: String,
    /// Names and values for the box about the structure, as they shall read.
    pub facts: Vec<(String, String)>,
    /// Where the atoms are, in Å.
    pub positions: Vec<[f32; 3]>,
    /// The kind of each atom, a place in `kinds`.
    pub species: Vec<u8>,
    /// The kinds of atoms.
    pub kinds: Vec<Kind>,
    /// The rank of the largest network that holds the atom, from 1; 0 for none.
    pub network: Vec<u32>,
    /// Whether the atom belongs to a crystal nucleus.
    pub crystal: Vec<bool>,
    /// Icosahedral filling: the number of pentagonal bipyramids that the atom caps, 0 to 12.
    pub filling: Vec<u8>,
    /// The networks that can be chosen, in the order in which they are listed; those of `network` that
    /// are not here are shown in one grey.
    pub networks: Vec<NetworkInfo>,
    /// Sticks between two atoms each; may be empty.
    pub bonds: Vec<[u32; 2]>,
    /// The cell whose edges are drawn: its origin and its three vectors, in Å.
    pub lattice: Option<([f64; 3], [[f64; 3]; 3])>,
}

/// A kind of atom.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// As it reads in the legend: Ta.
    pub symbol: String,
    /// The radius of its balls, in Å.
    pub radius_angstrom: f64,
    /// Red, green and blue, 0 to 1, as files have them (sRGB).
    pub colour: [f32; 3],
}

/// A network of pentagonal bipyramids.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkInfo {
    /// Its place by size, from 1.
    pub rank: u32,
    /// How many bipyramids it has.
    pub bipyramids: usize,
    /// How many atoms it has.
    pub atoms: usize,
    /// Its length in Å; none if it goes round a periodic box.
    pub length_angstrom: Option<f64>,
    /// Red, green and blue, 0 to 1, as files have them (sRGB).
    pub colour: [f32; 3],
}

/// The page as HTML text, the same bytes for the same view.
///
/// Positions are kept in steps of 1/65,535 of the longest side of the box about the atoms: 0.0015 Å
/// for 100 Å. The page shows as many decimals as that allows.
///
/// # Errors
/// There are no atoms, lists differ in length, a number is not finite or names an atom or kind that is
/// not there.
pub fn page(view: &View) -> Result<String> {
    check(view)?;
    let places = Places::of(&view.positions);
    let columns = [
        ("positions", Column::of(&places.steps)),
        ("species", Column::of(&wide(&view.species))),
        ("network", Column::of(&view.network)),
        ("crystal", Column::of(&wide(&view.crystal))),
        ("filling", Column::of(&wide(&view.filling))),
        ("bonds", Column::of(view.bonds.as_flattened())),
    ];
    let mut data = format!(
        "<script type=\"application/json\" id=\"view\">{}</script>",
        in_script(&about(view, &places))
    );
    for (name, column) in columns {
        let Column { kind, base64 } = column;
        write!(
            data,
            "\n<script type=\"application/octet-stream\" id=\"column-{name}\" data-kind=\"{kind}\">\
             {base64}</script>"
        )?;
    }
    filled(&[
        ("TITLE", &escaped(&view.title)),
        ("STYLE", STYLE.trim_end()),
        ("DATA", &data),
        ("LIBRARY", &format!("/*\n{LIBRARY_LICENCE}*/\n{LIBRARY}")),
        ("SCRIPT", SCRIPT.concat().trim_end()),
    ])
}

/// The page with each mark replaced, in their order; what is put in is not searched for marks.
fn filled(parts: &[(&str, &str)]) -> Result<String> {
    let mut text = String::new();
    let mut rest = PAGE;
    for (name, part) in parts {
        let Some((before, after)) = rest.split_once(&format!("<!--{name}-->")) else {
            bail!("page.html has no place for {name}.");
        };
        text += before;
        text += part;
        rest = after;
    }
    Ok(text + rest)
}

fn wide<T: Copy + Into<u32>>(values: &[T]) -> Vec<u32> {
    values.iter().map(|&value| value.into()).collect()
}

fn about(view: &View, places: &Places) -> Value {
    let kinds = view.kinds.iter().map(|kind| {
        json!({
            "symbol": kind.symbol,
            "radius": kind.radius_angstrom,
            "colour": bytes(kind.colour),
        })
    });
    let networks = view.networks.iter().map(|network| {
        json!({
            "rank": network.rank,
            "bipyramids": network.bipyramids,
            "atoms": network.atoms,
            "length": network.length_angstrom,
            "colour": bytes(network.colour),
        })
    });
    json!({
        "title": view.title,
        "subtitle": view.subtitle,
        "facts": view.facts,
        "origin": places.origin,
        "step": places.step,
        "kinds": kinds.collect::<Vec<_>>(),
        "networks": networks.collect::<Vec<_>>(),
        "lattice": view.lattice,
    })
}

/// A colour in whole numbers, 0 to 255.
fn bytes(colour: [f32; 3]) -> [u8; 3] {
    colour.map(|part| (part.clamp(0.0, 1.0) * 255.0).round() as u8)
}

/// JSON that stands in a script element: without `<` nothing in it ends the element or opens a comment.
fn in_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// Text between tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn check(view: &View) -> Result<()> {
    let atoms = view.positions.len();
    ensure!(atoms > 0, "There are no atoms to show.");
    let finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
    for (what, length) in [
        ("species", view.species.len()),
        ("network", view.network.len()),
        ("crystal", view.crystal.len()),
        ("filling", view.filling.len()),
    ] {
        ensure!(
            length == atoms,
            "The list `{what}` has {length} entries for {atoms} atoms."
        );
    }
    for (atom, position) in view.positions.iter().enumerate() {
        ensure!(
            position.iter().all(|part| part.is_finite()),
            "Atom {} has no finite position.",
            atom + 1
        );
    }
    if let Some(kind) = view
        .species
        .iter()
        .find(|&&k| usize::from(k) >= view.kinds.len())
    {
        bail!(
            "An atom is of kind {kind}, but there are {} kinds.",
            view.kinds.len()
        );
    }
    for kind in &view.kinds {
        let radius = kind.radius_angstrom;
        ensure!(
            radius.is_finite() && radius > 0.0,
            "The radius of {} is {radius} Å; it must be larger than 0.",
            kind.symbol
        );
    }
    if let Some(filling) = view.filling.iter().find(|&&filling| filling > MOST_FILLED) {
        bail!("An atom caps {filling} bipyramids; {MOST_FILLED} are the most.");
    }
    if let Some(atom) = view
        .bonds
        .as_flattened()
        .iter()
        .find(|&&a| a as usize >= atoms)
    {
        bail!(
            "A stick ends at atom {}, but there are {atoms} atoms.",
            u64::from(*atom) + 1
        );
    }
    for network in &view.networks {
        ensure!(
            network.rank > 0 && network.length_angstrom.is_none_or(f64::is_finite),
            "Network {} has rank 0 or no finite length.",
            network.rank
        );
    }
    if let Some((origin, vectors)) = &view.lattice {
        ensure!(
            finite(origin) && finite(vectors.as_flattened()),
            "The cell has an edge that is not finite."
        );
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn pair() -> View {
        View {
            title: "pair".into(),
            positions: vec![[0.0, 0.0, 0.0], [0.0, 0.0, 3.0]],
            species: vec![0, 0],
            kinds: vec![Kind {
                symbol: "Ta".into(),
                radius_angstrom: 1.4,
                colour: [0.2, 0.4, 1.0],
            }],
            network: vec![0, 1],
            crystal: vec![true, false],
            filling: vec![0, 12],
            ..View::default()
        }
    }

    /// The text between the opening tag that has these words in it and its closing tag.
    fn element<'a>(page: &'a str, words: &str) -> &'a str {
        let inside = page.split_once(words).unwrap().1;
        inside
            .split_once('>')
            .unwrap()
            .1
            .split_once("</")
            .unwrap()
            .0
    }

    #[test]
    fn the_page_holds_the_structure() {
        let page = page(&pair()).unwrap();
        assert_eq!(element(&page, "<title"), "pair");
        // Steps of 3 Å / 65,535: 0 and 65,535 along z.
        assert_eq!(element(&page, "column-positions"), "AAAAAAAAAAAAAP//");
        assert_eq!(element(&page, "column-filling"), "AAw=");
        let about: Value = serde_json::from_str(element(&page, "id=\"view\"")).unwrap();
        assert_eq!(about["kinds"][0]["colour"], json!([51, 102, 255]));
        let step = about["step"].as_f64().unwrap();
        assert!((step * 65_535.0 - 3.0).abs() < 1e-9);
    }

    #[test]
    fn names_stay_text() {
        let evil = "</script></title><script>alert(1)</script><!--DATA--><!--<script>&amp;";
        let mut view = pair();
        view.title = evil.into();
        view.subtitle = evil.into();
        view.facts = vec![(evil.into(), evil.into())];
        view.kinds[0].symbol = evil.into();
        let evil_page = page(&view).unwrap();
        let tags = |page: &str| {
            ["<script", "</script", "<!--", "</title"].map(|tag| page.matches(tag).count())
        };
        assert_eq!(tags(&evil_page), tags(&page(&pair()).unwrap()));
        let about: Value = serde_json::from_str(element(&evil_page, "id=\"view\"")).unwrap();
        assert_eq!(about["title"], evil);
        assert_eq!(about["kinds"][0]["symbol"], evil);
    }

    #[test]
    fn what_is_written_in_ends_no_element_and_asks_for_nothing() {
        for text in SCRIPT.iter().chain([&LIBRARY, &STYLE, &LIBRARY_LICENCE]) {
            for word in [
                "</",
                "<!--",
                "eval(",
                "new Function",
                "import(",
                "fetch(\"",
                "url(",
            ] {
                // A regular expression or a comment may hold `</`; an end tag may not.
                let found = text.match_indices(word).any(|(at, _)| {
                    word != "</" || text[at + 2..].starts_with(|c: char| c.is_ascii_alphabetic())
                });
                assert!(!found, "{word} in {}", &text[..40]);
            }
        }
        let page = page(&pair()).unwrap();
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains(" src=") && page.matches("href=").count() == 1);
    }

    #[test]
    fn the_same_view_is_the_same_page() {
        assert_eq!(page(&pair()).unwrap(), page(&pair()).unwrap());
    }

    #[test]
    fn what_cannot_be_shown_is_refused() {
        let refused = |change: fn(&mut View)| {
            let mut view = pair();
            change(&mut view);
            page(&view).unwrap_err().to_string()
        };
        assert_eq!(
            page(&View::default()).unwrap_err().to_string(),
            "There are no atoms to show."
        );
        assert!(refused(|view| view.network.push(1)).contains("`network` has 3"));
        assert!(refused(|view| view.positions[1][2] = f32::NAN).contains("Atom 2"));
        assert!(refused(|view| view.species[0] = 1).contains("kind 1"));
        assert!(refused(|view| view.kinds[0].radius_angstrom = 0.0).contains("radius of Ta"));
        assert!(refused(|view| view.filling[0] = 13).contains("13 bipyramids"));
        assert!(refused(|view| view.bonds.push([0, 2])).contains("atom 3"));
        assert!(
            refused(|view| view.lattice = Some(([0.0; 3], [[f64::INFINITY; 3]; 3])))
                .contains("cell")
        );
    }
}
