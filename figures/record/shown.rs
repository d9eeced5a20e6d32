//! How the numbers of the ledger are written: digits, signs, units.

use amorphous_packing::data::Sample;

use crate::page::style;
use crate::record::ledger::{Claim, Ours, decimals};

/// A space that does not break the line.
const TIE: char = '\u{a0}';

/// The sample that a row is about, by its label; `None` where it is about none.
pub fn sample(claim: &Claim) -> Option<String> {
    let id = claim.sample.as_deref()?;
    Some(match id.parse::<Sample>() {
        _ if id == "pooled" => "all three".to_owned(),
        Ok(sample) => style::sample_label(sample).to_owned(),
        Err(_) => id.to_owned(),
    })
}

/// The place of a claim in short: its panel, else the first place that is named.
pub fn place(claim: &Claim) -> &str {
    let mut places = claim.place.split("; ");
    let panel = places.clone().find(|place| place.contains("Fig"));
    let place = panel.or_else(|| places.next()).unwrap_or_default();
    place.strip_prefix("main text ").unwrap_or(place)
}

/// A row in one line, for a list of all: place, id, sample; what the paper prints, what was found
/// and the verdict. Of a statement in words: what it says, whether it holds, and the verdict.
pub fn line(claim: &Claim) -> String {
    let about: Vec<String> = [Some(claim.id.clone()), sample(claim)]
        .into_iter()
        .flatten()
        .collect();
    let found = match &claim.ours {
        Some(Ours::Words(words)) => format!("{}: {words}", claim.what),
        Some(_) => format!("paper {}, here {}", published(claim), ours(claim)),
        None => format!("paper {}", published(claim)),
    };
    let (place, about) = (place(claim), about.join(", "));
    format!("claim {place} {about}: {found}, {}", claim.status).replace(TIE, " ")
}

/// The value as printed in the paper, with its unit.
pub fn published(claim: &Claim) -> String {
    with_unit(signed(&claim.published), claim)
}

/// The digits behind the point of our value: one more than the paper prints, two where the last
/// would be a 5, so that rounding what is shown is rounding what was found.
fn digits_shown(claim: &Claim, value: f64) -> usize {
    let digits = decimals(&claim.published) + 1;
    digits + usize::from(format!("{value:.digits$}").ends_with('5'))
}

/// Our value, to one digit more than the paper prints, or two, so that rounding what is shown is
/// rounding what was found.
pub fn ours(claim: &Claim) -> String {
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
pub fn deviation(claim: &Claim) -> String {
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
pub fn signed(number: &str) -> String {
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_row_in_a_line_reads_as_a_verification() {
        let claims = crate::record::ledger::parse(include_str!("../../golden/paper.toml"));
        let claims = claims.unwrap_or_default();
        let of = |id: &str| claims.iter().find(|claim| claim.id == id).map(line);
        assert_eq!(
            of("sharing.edge").as_deref(),
            Some("claim Fig. 5c sharing.edge, all three: paper 72.5 %, here 72.53 %, agrees")
        );
        assert_eq!(
            of("nuclei.surface").as_deref(),
            Some("claim p. 1 nuclei.surface: the crystal nuclei lie at the surface: holds, agrees")
        );
    }

    #[test]
    fn values_are_shown_so_that_they_round_as_they_were_judged() {
        let row = |published: &str, unit: &str, ours: &str| {
            crate::record::ledger::parse(&format!(
                "[[claim]]\nid = \"bond.length\"\nsection = \"packing\"\nwhat = \"a | b\"\nwhere = \"p. 1\"\n\
                 status = \"close\"\npublished = \"{published}\"\nunit = \"{unit}\"\nours = {ours}\n"
            ))
            .unwrap()
            .remove(0)
        };
        let shown = |printed, unit, value| {
            let claim = row(printed, unit, value);
            (published(&claim), ours(&claim), deviation(&claim))
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
    }
}
