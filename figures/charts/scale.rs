//! Axes: which numbers to write beside them, and how.

use std::ops::Range;

/// How values are laid along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences, equal lengths.
    Linear,
    /// Equal ratios, equal lengths; what is not positive has no place.
    Log,
}

/// A tick of an axis; a minor one has no label.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// The value at the tick.
    pub value: f64,
    /// What is written beside it.
    pub label: Option<String>,
}

impl Scale {
    /// Where `value` lies on the axis, in the coordinate that plotters draws.
    pub fn place(self, value: f64) -> f64 {
        match self {
            Scale::Linear => value,
            Scale::Log => value.log10(),
        }
    }

    /// Whether `value` has a place on the axis.
    pub fn holds(self, value: f64) -> bool {
        value.is_finite() && (self == Scale::Linear || value > 0.0)
    }

    /// The ticks within `range` (in values), about `wanted` of them labelled.
    pub fn ticks(self, range: &Range<f64>, wanted: usize) -> Vec<Tick> {
        match self {
            Scale::Linear => linear_ticks(range, wanted),
            Scale::Log => log_ticks(range, wanted),
        }
    }
}

/// The step 1, 2 or 5 × 10ⁿ that cuts `length` into about `wanted` parts, not more.
pub fn nice_step(length: f64, wanted: usize) -> f64 {
    let rough = length / wanted.max(1) as f64;
    let decade = 10_f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * decade);
    steps
        .into_iter()
        .find(|step| *step >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0 * decade)
}

/// The range of an axis that holds `values`, from and to a tick.
///
/// With `from_zero` it starts at zero. A range without values, or of one value, is 0 … 1 around it.
pub fn nice_range(values: impl Iterator<Item = f64>, from_zero: bool, wanted: usize) -> Range<f64> {
    let (low, high) = extremes(values).unwrap_or((0.0, 1.0));
    let low = if from_zero { low.min(0.0) } else { low };
    let (low, high) = if high > low {
        (low, high)
    } else {
        (low, low + 1.0)
    };
    let step = nice_step(high - low, wanted);
    (low / step + 1e-9).floor() * step..(high / step - 1e-9).ceil() * step
}

/// The smallest and the largest of the finite values.
pub fn extremes(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .filter(|value| value.is_finite())
        .fold(None, |found, value| {
            let (low, high) = found.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        })
}

/// A number as figures write it: `2,500`, `0.05`, `−3`, with the decimals that `step` needs.
pub fn number(value: f64, step: f64) -> String {
    let decimals = (0..=6)
        .find(|&decimals| {
            let scaled = step * 10_f64.powi(decimals);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1.0)
        })
        .unwrap_or(6) as usize;
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    if value < 0.0 && plain.chars().any(|digit| ('1'..='9').contains(&digit)) {
        text.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

fn linear_ticks(range: &Range<f64>, wanted: usize) -> Vec<Tick> {
    let step = nice_step(range.end - range.start, wanted);
    let first = (range.start / step - 1e-9).ceil() as i64;
    let last = (range.end / step + 1e-9).floor() as i64;
    (first..=last)
        .map(|index| index as f64 * step)
        .map(|value| Tick {
            value,
            label: Some(number(value, step)),
        })
        .collect()
}

/// Powers of ten, labelled, and between them the multiples 2 … 9 where there is room.
fn log_ticks(range: &Range<f64>, wanted: usize) -> Vec<Tick> {
    let first = (range.start.log10() - 1e-9).floor() as i32;
    let last = (range.end.log10() + 1e-9).floor() as i32;
    let every = nice_step(f64::from(last - first), wanted).max(1.0) as i32;
    // Powers are written out where all of them are short.
    let plain = first >= -3 && last <= 4;
    let inside =
        |value: f64| value >= range.start * (1.0 - 1e-9) && value <= range.end * (1.0 + 1e-9);
    let mut ticks = Vec::new();
    for exponent in first..=last {
        let decade = 10_f64.powi(exponent);
        ticks.push(Tick {
            value: decade,
            label: (exponent % every == 0).then(|| power_of_ten(exponent, plain)),
        });
        if every == 1 {
            let minor = (2..10).map(|multiple| f64::from(multiple) * decade);
            ticks.extend(minor.map(|value| Tick { value, label: None }));
        }
    }
    ticks.retain(|tick| inside(tick.value));
    ticks
}

fn power_of_ten(exponent: i32, plain: bool) -> String {
    let power = 10_f64.powi(exponent);
    if plain {
        number(power, power.min(1.0))
    } else {
        format!("10^{{{}}}", number(f64::from(exponent), 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: Scale, range: Range<f64>, wanted: usize) -> Vec<String> {
        let ticks = scale.ticks(&range, wanted);
        ticks.into_iter().filter_map(|tick| tick.label).collect()
    }

    #[test]
    fn linear_ticks_are_round_numbers_inside_the_range() {
        assert_eq!(
            labels(Scale::Linear, 90.0..180.0, 6),
            ["100", "120", "140", "160", "180"]
        );
        assert_eq!(
            labels(Scale::Linear, 0.0..0.3, 3),
            ["0.0", "0.1", "0.2", "0.3"]
        );
        assert_eq!(labels(Scale::Linear, -5.0..5.0, 2), ["−5", "0", "5"]);
        assert_eq!(
            labels(Scale::Linear, 0.0..26_262.0, 3),
            ["0", "10,000", "20,000"]
        );
    }

    #[test]
    fn log_ticks_are_powers_of_ten_with_minor_ticks_between() {
        assert_eq!(
            labels(Scale::Log, 0.5..20_000.0, 6),
            ["1", "10", "100", "1,000", "10,000"]
        );
        assert_eq!(
            labels(Scale::Log, 1e-5..1e-3, 6),
            ["10^{−5}", "10^{−4}", "10^{−3}"]
        );
        let minor = Scale::Log.ticks(&(1.0..100.0), 6);
        assert_eq!(minor.len(), 19);
    }

    #[test]
    fn the_step_is_one_two_or_five_and_never_too_small() {
        for exponent in -8..8 {
            for tenths in 10..100 {
                let length = f64::from(tenths) * 10_f64.powi(exponent);
                let step = nice_step(length, 5);
                assert!(
                    length / step < 5.0 + 1e-6 && length / step > 1.9,
                    "{length} by {step}"
                );
                let factor = step / 10_f64.powf(step.log10().floor() + 0.0);
                let round = [1.0, 2.0, 5.0, 10.0];
                assert!(
                    round.iter().any(|nice| (factor - nice).abs() < 1e-6),
                    "{factor}"
                );
            }
        }
    }

    #[test]
    fn a_range_holds_its_values_and_is_never_empty() {
        let range = nice_range([0.12, 0.47].into_iter(), true, 5);
        assert_eq!((range.start, range.end), (0.0, 0.5));
        for values in [vec![], vec![f64::NAN], vec![3.0], vec![0.0]] {
            let range = nice_range(values.into_iter(), true, 5);
            assert!(range.end > range.start && range.end.is_finite());
        }
    }
}
