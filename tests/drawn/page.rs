//! What every page and every table must be, whatever they show.

use std::ops::Range;

use amorphous_packing::numerics::sha256;
use figures::style::{DOUBLE_COLUMN_MM, SINGLE_COLUMN_MM};
use resvg::tiny_skia::Pixmap;
use serde_json::Value;

use crate::figures::Drawn;
use crate::run::Place;

const DOTS_PER_MM: f64 = 400.0 / 25.4;
/// The share of a panel that is inked when it shows something. The least is that of a single thin
/// curve; a letter and a title alone take less.
const SHOWN: Range<f64> = 0.015..0.9;
/// The share that a sentence takes, in a frame or in axes; it has no colour.
const SENTENCE: Range<f64> = 0.005..0.06;
/// A reader's editor still opens it.
const LONGEST_SVG: usize = 5_000_000;

/// Checks the page of a figure: its two formats, its provenance, its panels.
pub(crate) fn check(place: &Place, id: &str, promised: Drawn) {
    let json = place.provenance(id);
    assert_eq!(json["figure"], id);
    for output in json["outputs"].as_array().unwrap() {
        let bytes = place.bytes(output["file"].as_str().unwrap());
        assert_eq!(output["sha256"], sha256(&bytes));
    }
    assert_eq!(
        json["outputs"].as_array().unwrap().len() + 1,
        place.files().len(),
        "the provenance lists every file but itself"
    );

    let svg = place.text(&format!("{id}.svg"));
    let width_mm = [SINGLE_COLUMN_MM, DOUBLE_COLUMN_MM]
        .into_iter()
        .find(|width| svg.contains(&format!("width=\"{width}mm\"")))
        .unwrap_or_else(|| panic!("{id}.svg is not as wide as a column or two"));
    assert!(svg.len() < LONGEST_SVG, "{} bytes", svg.len());
    assert!(!svg.contains("<text"), "text would need the reader's fonts");
    assert_eq!(svg.matches("<image ").count(), promised.pictures);
    let drawn = without_pictures(&svg);
    for wrong in ["NaN", "inf"] {
        assert!(!drawn.contains(wrong), "{id}.svg has a coordinate {wrong}");
    }

    let page = Pixmap::decode_png(&place.bytes(&format!("{id}.png"))).unwrap();
    assert_eq!(page.width(), (width_mm * DOTS_PER_MM).round() as u32);
    let panels = json["panels"].as_array().unwrap();
    let letter = |panel: &Value| panel["letter"].as_str().unwrap().to_owned();
    assert_eq!(
        panels.iter().map(letter).collect::<String>(),
        promised.panels
    );
    let mut wrong = Vec::new();
    for panel in panels {
        let letter = letter(panel);
        let ink = Ink::of(&page, &panel["rectangle_mm"]);
        if promised.sentences.contains(&letter) {
            if !ink.is_a_sentence() {
                wrong.push(format!("{id}{letter} is no sentence: {ink:?}"));
            }
        } else if !SHOWN.contains(&ink.inked) {
            wrong.push(format!("{id}{letter} shows nothing: {ink:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text of an SVG without the pictures in it, whose bytes may spell anything.
fn without_pictures(svg: &str) -> String {
    let mut parts = svg.split("base64,");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let end = part.find('"').unwrap_or(part.len());
        text + &part[end..]
    })
}

/// What is on a part of a page: shares of its area.
#[derive(Debug)]
struct Ink {
    /// Not white.
    inked: f64,
    /// Not grey either.
    coloured: f64,
}

impl Ink {
    fn of(page: &Pixmap, rectangle_mm: &Value) -> Ink {
        let [left, top, width, height] = ["left", "top", "width", "height"]
            .map(|side| (rectangle_mm[side].as_f64().unwrap() * DOTS_PER_MM) as u32);
        let (mut inked, mut coloured) = (0_u32, 0_u32);
        for row in top..top + height {
            for column in left..left + width {
                let pixel = page.pixel(column, row).expect("a panel lies on the page");
                let parts = [pixel.red(), pixel.green(), pixel.blue()];
                let [least, most] = [parts.iter().min(), parts.iter().max()].map(Option::unwrap);
                inked += u32::from(*least < 250);
                coloured += u32::from(most - least > 30);
            }
        }
        let area = f64::from(width * height);
        Ink {
            inked: f64::from(inked) / area,
            coloured: f64::from(coloured) / area,
        }
    }

    /// Whether there are axes and words alone.
    fn is_a_sentence(&self) -> bool {
        SENTENCE.contains(&self.inked) && self.coloured == 0.0
    }
}

/// Checks a table: a header, a row at least if it is `filled`, as many fields in each, no value without
/// a place on an axis.
pub(crate) fn check_table(name: &str, text: &str, filled: bool) {
    let mut lines = text.lines();
    let columns = lines.next().unwrap_or_default().split(',').count();
    let mut rows = 0;
    for line in lines {
        rows += 1;
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), columns, "{name}: {line}");
        let wrong = fields.iter().filter_map(|field| field.parse::<f64>().ok());
        assert!(wrong.into_iter().all(f64::is_finite), "{name}: {line}");
    }
    assert_eq!(rows > 0, filled, "{name} has {rows} rows");
}
