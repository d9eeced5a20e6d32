//! The threshold that divides values best into two groups (Otsu, IEEE Trans. Syst. Man Cybern. 9, 62
//! (1979), doi 10.1109/TSMC.1979.4310076).

use crate::numerics::{Bins, Histogram};

/// The upper end of the bin behind which the variance between the two groups is greatest; `None` where
/// all values lie in one bin.
///
/// ```
/// use amorphous_packing::aet::otsu;
/// use amorphous_packing::numerics::{Bins, Histogram};
/// let values = [0.1, 0.2, 0.3, 7.5, 8.5];
/// let threshold = otsu(&Histogram::of(values, Bins::of_width(1.0), 10));
/// assert_eq!(threshold, Some(1.0));
/// ```
pub fn otsu(histogram: &Histogram) -> Option<f64> {
    let Histogram { bins, counts } = histogram;
    let total: f64 = counts.iter().map(|&count| count as f64).sum();
    let all: f64 = counts
        .iter()
        .enumerate()
        .map(|(k, &c)| c as f64 * bins.middle(k))
        .sum();
    let (mut below, mut sum_below) = (0.0, 0.0);
    let mut best: Option<(f64, usize)> = None;
    for (bin, &count) in counts.iter().enumerate() {
        below += count as f64;
        sum_below += count as f64 * bins.middle(bin);
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let apart = sum_below / below - (all - sum_below) / above;
        let variance = below * above * apart * apart;
        if best.is_none_or(|(most, _)| variance > most) {
            best = Some((variance, bin));
        }
    }
    best.map(|(_, bin)| bins.edges(bin).1)
}

/// So many bins from the least to the greatest value; `None` where all values are one.
pub(super) fn histogram(values: &[f64], count: usize) -> Option<Histogram> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if low.is_nan() || high.is_nan() || high <= low {
        return None;
    }
    // The greatest value belongs to the last bin.
    let width = (high - low) / count as f64 * (1.0 + 1e-9);
    Some(Histogram::of(
        values.iter().copied(),
        Bins { low, width },
        count,
    ))
}

/// Bins of [`histogram`] for a threshold.
pub(super) const BINS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_one_group_has_no_threshold() {
        assert_eq!(histogram(&[2.0, 2.0], BINS), None);
        assert_eq!(histogram(&[], BINS), None);
        let one_bin = Histogram::of([1.5, 1.6], Bins::of_width(1.0), 4);
        assert_eq!(otsu(&one_bin), None);
    }
}
