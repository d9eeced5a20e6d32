//! How the numbers of the ledger are written: digits, signs, units.

use crate::record::ledger::{Claim, Ours, decimals};

/// A space that does not break the line.
const TIE: char = '\u{a0}';

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

/// Our value, to [`digits_shown`].
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
