//! The ledger: every number of the paper beside ours, and how they compare.
//!
//! `golden/paper.toml` holds what the paper prints and, from the last `verify --update`, what this
//! code found. The rule that turns two numbers into a verdict is here and nowhere else.

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use toml_edit::{DocumentMut, value};

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Our value rounds to the printed digits, or a statement holds.
    Agrees,
    /// Within two units of the last printed digit.
    Close,
    /// Farther away, or a statement does not hold.
    Differs,
    /// One defensible convention rounds to the printed value, another does not.
    Depends,
    /// The public data cannot decide it.
    CannotCheck,
    /// A later chapter will decide it.
    NotChecked,
}

impl Status {
    /// All verdicts, from the best to none.
    pub const ALL: [Status; 6] = [
        Status::Agrees,
        Status::Close,
        Status::Depends,
        Status::Differs,
        Status::CannotCheck,
        Status::NotChecked,
    ];
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Status::Agrees => "agrees",
            Status::Close => "close",
            Status::Differs => "differs",
            Status::Depends => "depends",
            Status::CannotCheck => "cannot-check",
            Status::NotChecked => "not-checked",
        })
    }
}

/// A part of the paper; the claims stand in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// The three samples and their disorder (Fig. 1).
    Samples,
    /// Polytetrahedral packing, bipyramids and their shape (Figs. 2 to 4).
    Packing,
    /// Networks of pentagonal bipyramids (Fig. 5).
    Networks,
    /// The simulated liquid and glass (Fig. 6).
    Liquid,
    /// The discussion.
    Discussion,
    /// The Methods.
    Methods,
}

impl std::fmt::Display for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Section::Samples => "the samples",
            Section::Packing => "packing",
            Section::Networks => "networks",
            Section::Liquid => "liquid and glass",
            Section::Discussion => "discussion",
            Section::Methods => "Methods",
        })
    }
}

/// The public data without which a claim cannot be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// The published model of the row's sample, or those of all three.
    Models,
    /// The angles of the film's tilt series.
    TiltAngles,
    /// The traced peaks of the film and its model before the refinement.
    TracedPeaks,
}

/// Where the value of a row comes from in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Computed in this run from atoms, images or geometry.
    Recomputed,
    /// Computed in this run from a file of results that the project committed.
    Committed(&'static str),
    /// Not found in this run: as `golden/paper.toml` has it.
    Record,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Source::Recomputed => "recomputed",
            Source::Committed(_) => "committed",
            Source::Record => "record",
        })
    }
}

/// Our value: a number, or for statements in words whether they hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Ours {
    /// A whole number.
    Count(i64),
    /// A number, in the unit of the claim.
    Number(f64),
    /// The verdict on a statement in words.
    Words(String),
}

impl Ours {
    /// The verdict on a statement.
    pub fn holds(holds: bool) -> Ours {
        Ours::Words(if holds { "holds" } else { "does not hold" }.to_owned())
    }

    /// The value to the six significant digits that golden values carry.
    pub fn rounded(self) -> Ours {
        match self {
            Ours::Number(x) => Ours::Number(format!("{x:.5e}").parse().unwrap_or(x)),
            whole => whole,
        }
    }

    /// The value as a number; `None` for words.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Ours::Count(n) => Some(*n as f64),
            Ours::Number(x) => Some(*x),
            Ours::Words(_) => None,
        }
    }
}

impl std::fmt::Display for Ours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Ours::Count(n) => n.fmt(f),
            Ours::Number(x) => x.fmt(f),
            Ours::Words(words) => words.fmt(f),
        }
    }
}

/// One row of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The key of the claim; several rows share it when the paper states several numbers.
    pub id: String,
    /// The part of the paper in which it stands.
    pub section: Section,
    /// The sample that the row is about; absent for geometry, "pooled" for the three together.
    pub sample: Option<String>,
    /// The claim in our words.
    pub what: String,
    /// The value as printed, a bound ("> 2"), or the kind of a statement.
    pub published: String,
    /// The unit.
    pub unit: Option<String>,
    /// The place in the paper.
    #[serde(rename = "where")]
    pub place: String,
    /// The data that decide it; absent where geometry, or what the project carries, does.
    pub needs: Option<Needs>,
    /// Our value, when there is one.
    pub ours: Option<Ours>,
    /// The verdict.
    pub status: Status,
    /// Why it is so.
    pub why: Option<String>,
}

/// What our code found for one row.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The key of the claim.
    pub id: &'static str,
    /// The sample of the row.
    pub sample: Option<&'static str>,
    /// The unit, where rows of one claim and sample differ by it.
    pub unit: Option<&'static str>,
    /// The value by the stated convention.
    pub ours: Ours,
    /// Other defensible conventions, where the paper leaves the choice open, each with its value.
    pub others: Vec<(String, f64)>,
    /// What it was found from: [`Source::Recomputed`], or a committed file.
    pub source: Source,
}

impl Finding {
    /// A finding by the only convention.
    pub fn new(id: &'static str, sample: Option<&'static str>, ours: Ours) -> Finding {
        Finding {
            id,
            sample,
            unit: None,
            ours,
            others: Vec::new(),
            source: Source::Recomputed,
        }
    }

    /// The same, where another convention is defensible too.
    pub fn or(mut self, convention: &str, value: f64) -> Finding {
        self.others.push((convention.to_owned(), value));
        self
    }

    /// The same, found from a file of results that the project committed, by its path.
    pub fn from_committed(self, file: &'static str) -> Finding {
        Finding {
            source: Source::Committed(file),
            ..self
        }
    }

    /// The same, for the row in this unit.
    pub fn in_unit(self, unit: &'static str) -> Finding {
        Finding {
            unit: Some(unit),
            ..self
        }
    }
}

#[derive(Deserialize)]
struct Document {
    claim: Vec<Claim>,
}

/// The rows of a ledger file.
///
/// # Errors
/// When the text is not a ledger.
pub fn parse(text: &str) -> Result<Vec<Claim>> {
    let document: Document = toml_edit::de::from_str(text).context("golden/paper.toml")?;
    Ok(document.claim)
}

impl Claim {
    /// Whether a finding is about this row.
    pub fn is_about(&self, finding: &Finding) -> bool {
        self.id == finding.id
            && self.sample.as_deref() == finding.sample
            && finding
                .unit
                .is_none_or(|unit| self.unit.as_deref() == Some(unit))
    }

    /// The row as this run has it: with the finding about it in place, else as the record has it.
    pub fn in_run(&self, findings: &[Finding]) -> (Claim, Source) {
        match findings.iter().find(|finding| self.is_about(finding)) {
            Some(finding) => (self.decided(finding), finding.source),
            None => (self.clone(), Source::Record),
        }
    }

    /// Whether value and verdict found in a run are those of the record.
    ///
    /// # Errors
    /// When they are not, or when one of the two has a value and the other none: a row that nothing
    /// decides any more does not pass.
    pub fn check(&self, findings: &[Finding]) -> Result<()> {
        let Some(finding) = findings.iter().find(|finding| self.is_about(finding)) else {
            let (Claim { id, .. }, Some(ours)) = (self, &self.ours) else {
                return Ok(());
            };
            bail!("{id}: the record says {ours}, and nothing was found now");
        };
        let now = self.decided(finding);
        let said = |claim: &Claim| match &claim.ours {
            Some(ours) => format!("{ours}, {}", claim.status),
            None => claim.status.to_string(),
        };
        ensure!(
            now == *self,
            "{}: the record says {}; found now {}",
            self.id,
            said(self),
            said(&now)
        );
        Ok(())
    }

    /// The row with our value in place and the verdict that follows.
    pub fn decided(&self, finding: &Finding) -> Claim {
        // Judged in full, kept to the digits of golden values.
        let verdict = judge(&self.published, &finding.ours);
        let others = finding.others.iter();
        let differently = others
            .map(|(_, other)| judge(&self.published, &Ours::Number(*other)))
            .any(|other| (other == Status::Agrees) != (verdict == Status::Agrees));
        Claim {
            ours: Some(finding.ours.clone().rounded()),
            status: if differently {
                Status::Depends
            } else {
                verdict
            },
            ..self.clone()
        }
    }

    /// Ours minus published, where both are numbers.
    pub fn deviation(&self) -> Option<f64> {
        let printed: f64 = self.published.parse().ok()?;
        let deviation = self.ours.as_ref()?.as_number()? - printed;
        Some(format!("{deviation:.3e}").parse().unwrap_or(deviation))
    }
}

/// The verdict on our value against what is printed.
pub fn judge(published: &str, ours: &Ours) -> Status {
    let Some(ours) = ours.as_number() else {
        return agreement(*ours == Ours::holds(true));
    };
    if let Some((sign, bound)) = published.split_once(' ') {
        let Ok(limit) = bound.parse::<f64>() else {
            return Status::NotChecked;
        };
        return match sign {
            ">" => agreement(ours > limit),
            "<" => agreement(ours < limit),
            _ => Status::NotChecked,
        };
    }
    let Ok(printed) = published.parse::<f64>() else {
        return Status::NotChecked;
    };
    let digits = decimals(published);
    let unit = 0.1_f64.powi(digits as i32);
    if round_to(ours, digits) == printed {
        Status::Agrees
    } else if (ours - printed).abs() <= 2.0 * unit * (1.0 + 1e-9) {
        Status::Close
    } else {
        Status::Differs
    }
}

/// The number of rows of each verdict, the best first; of those that occur.
pub fn totals(claims: &[Claim]) -> String {
    let counts = Status::ALL.map(|status| {
        let rows = claims.iter().filter(|claim| claim.status == status);
        (status, rows.count())
    });
    let counts = counts.iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(s, count)| format!("{count} {s}")).collect();
    format!("{} rows: {}", claims.len(), counts.join(", "))
}

fn agreement(holds: bool) -> Status {
    if holds {
        Status::Agrees
    } else {
        Status::Differs
    }
}

/// The number of digits behind the point of a value as printed.
pub(crate) fn decimals(printed: &str) -> usize {
    printed
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len())
}

fn round_to(x: f64, digits: usize) -> f64 {
    format!("{x:.digits$}").parse().unwrap_or(x)
}

/// The ledger text with our values and verdicts replaced; all else stays as it was written.
///
/// # Errors
/// When the text is not a ledger.
pub fn updated(text: &str, decided: &[Claim]) -> Result<String> {
    let mut document: DocumentMut = text.parse().context("golden/paper.toml")?;
    let Some(rows) = document
        .get_mut("claim")
        .and_then(|item| item.as_array_of_tables_mut())
    else {
        bail!("golden/paper.toml has no [[claim]]");
    };
    for (row, claim) in rows.iter_mut().zip(decided) {
        row["status"] = value(claim.status.to_string());
        match &claim.ours {
            None => {
                row.remove("ours");
            }
            Some(Ours::Count(n)) => row["ours"] = value(*n),
            Some(Ours::Number(x)) => row["ours"] = value(*x),
            Some(Ours::Words(words)) => row["ours"] = value(words.as_str()),
        }
    }
    Ok(document.to_string())
}

/// The ledger in the checkout that the program was built in.
pub const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/paper.toml");

/// Reads the ledger of this checkout ([`FILE`]), or the one the program was built with: its text and
/// its rows.
///
/// # Errors
/// When the file in the checkout is not a ledger.
pub fn read() -> Result<(String, Vec<Claim>)> {
    let text = std::fs::read_to_string(FILE)
        .unwrap_or_else(|_| include_str!("../../golden/paper.toml").to_owned());
    let claims = parse(&text)?;
    Ok((text, claims))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_the_printed_digits() {
        let judge = |published, ours| super::judge(published, &Ours::Number(ours));
        assert_eq!(judge("120.7", 120.749), Status::Agrees);
        assert_eq!(judge("116.57", 116.565_05), Status::Agrees);
        assert_eq!(judge("120.7", 120.76), Status::Close);
        assert_eq!(judge("120.7", 120.9), Status::Close);
        assert_eq!(judge("120.7", 120.91), Status::Differs);
        assert_eq!(judge("-1.3", -1.64), Status::Differs);
        assert_eq!(judge("17", 18.0), Status::Close);
        assert_eq!(judge("26262", 26107.0), Status::Differs);
        assert_eq!(judge("> 2", 0.8), Status::Differs);
        assert_eq!(judge("> 2", 2.4), Status::Agrees);
        assert_eq!(judge("< 1", 0.2), Status::Agrees);
        assert_eq!(super::judge("ordering", &Ours::holds(true)), Status::Agrees);
        assert_eq!(super::judge("exists", &Ours::holds(false)), Status::Differs);
    }

    #[test]
    fn update_changes_our_values_alone() {
        let text = include_str!("../../golden/paper.toml");
        let claims = parse(text).unwrap_or_default();
        assert!(!claims.is_empty());
        assert_eq!(updated(text, &claims).ok().as_deref(), Some(text));
        let finding =
            Finding::new("dihedral.mean", Some("pooled"), Ours::Number(120.7)).or("another", 119.0);
        let row = claims.iter().find(|claim| claim.is_about(&finding));
        let decided = row.map(|claim| claim.decided(&finding));
        assert_eq!(decided.map(|claim| claim.status), Some(Status::Depends));
    }

    #[test]
    fn a_row_passes_by_its_own_finding_alone() {
        let claims = parse(include_str!("../../golden/paper.toml")).unwrap_or_default();
        let about = |finding: &Finding| {
            let row = claims.iter().find(|claim| claim.is_about(finding));
            row.map(|row| row.check(std::slice::from_ref(finding)).is_ok())
        };
        let ideal = |x| Finding::new("bipyramid.ideal", None, Ours::Number(x));
        assert_eq!(about(&ideal(1.051_462)), Some(true));
        assert_eq!(about(&ideal(1.051_48)), Some(false), "the value drifts");
        assert_eq!(
            about(&ideal(1.051_462).or("another", 2.0)),
            Some(false),
            "the verdict drifts"
        );
        for claim in &claims {
            assert_eq!(
                claim.check(&[]).is_err(),
                claim.ours.is_some(),
                "{}",
                claim.id
            );
        }
    }

    #[test]
    fn the_rows_stand_in_the_order_of_the_paper() {
        let claims = parse(include_str!("../../golden/paper.toml")).unwrap_or_default();
        assert!(claims.is_sorted_by_key(|claim| claim.section));
    }
}
