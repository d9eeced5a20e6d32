//! Means, medians, quantiles and shares; trends; places of extrema.

/// The arithmetic mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The mean with weights, Σ w x / Σ w over pairs (x, w); `None` where the weights add up to nothing.
///
/// ```
/// use amorphous_packing::numerics::weighted_mean;
/// assert_eq!(weighted_mean([(1.0, 3.0), (5.0, 1.0)]), Some(2.0));
/// assert_eq!(weighted_mean([]), None);
/// ```
pub fn weighted_mean(values: impl IntoIterator<Item = (f64, f64)>) -> Option<f64> {
    let sums = values
        .into_iter()
        .fold((0.0, 0.0), |(sum, weights), (x, w)| {
            (sum + x * w, weights + w)
        });
    (sums.1 > 0.0).then(|| sums.0 / sums.1)
}

/// The middle value, or the mean of the middle two; `None` of nothing.
///
/// ```
/// use amorphous_packing::numerics::median;
/// assert_eq!(median(vec![5.0, 1.0, 2.0]), Some(2.0));
/// assert_eq!(median(vec![5.0, 1.0, 2.0, 4.0]), Some(3.0));
/// assert_eq!(median(vec![]), None);
/// ```
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    (n > 0).then(|| 0.5 * (values[(n - 1) / 2] + values[n / 2]))
}

/// The values that so large parts of all lie below, each a number from 0 to 1: of n sorted values
/// the one at the place part · (n − 1), rounded down. `None` of nothing.
///
/// ```
/// use amorphous_packing::numerics::quantiles;
/// let values = vec![4.0, 1.0, 3.0, 2.0, 5.0];
/// assert_eq!(quantiles(values, [0.0, 0.3, 1.0]), Some([1.0, 2.0, 5.0]));
/// ```
pub fn quantiles<const N: usize>(mut values: Vec<f64>, parts: [f64; N]) -> Option<[f64; N]> {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    Some(parts.map(|part| values[((part * last as f64) as usize).min(last)]))
}

/// A part of a whole in percent; zero of nothing.
///
/// ```
/// use amorphous_packing::numerics::percent;
/// assert_eq!((percent(1, 8), percent(0, 0)), (12.5, 0.0));
/// ```
pub fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// Whether every value is larger than the one before.
///
/// ```
/// use amorphous_packing::numerics::rises;
/// assert!(rises([1.0, 1.5, 4.0]));
/// assert!(!rises([1.0, 1.0]) && !rises([1.0, 3.0, 2.0]));
/// ```
pub fn rises(values: impl IntoIterator<Item = f64>) -> bool {
    values.into_iter().is_sorted_by(|a, b| a < b)
}

/// The largest less the smallest value; zero of nothing.
///
/// ```
/// use amorphous_packing::numerics::range;
/// assert_eq!((range([3.0, -1.0, 2.0]), range([])), (4.0, 0.0));
/// ```
pub fn range(values: impl IntoIterator<Item = f64>) -> f64 {
    let ends = values.into_iter().fold(None, |ends, x| match ends {
        None => Some((x, x)),
        Some((low, high)) => Some((f64::min(low, x), f64::max(high, x))),
    });
    ends.map_or(0.0, |(low, high)| high - low)
}

/// Where the parabola through sample `k` and its two neighbours has its extremum; `x` must be
/// equally spaced. At the ends, or where the three lie on a line, the sample itself.
///
/// ```
/// use amorphous_packing::numerics::parabola_extremum;
/// let x = [0.0, 1.0, 2.0];
/// let y = x.map(|x: f64| (x - 1.2).powi(2));
/// assert!((parabola_extremum(&x, &y, 1) - 1.2).abs() < 1e-12);
/// ```
pub fn parabola_extremum(x: &[f64], y: &[f64], k: usize) -> f64 {
    if k == 0 || k + 1 >= y.len() {
        return x[k];
    }
    let curvature = y[k - 1] - 2.0 * y[k] + y[k + 1];
    if curvature == 0.0 {
        return x[k];
    }
    x[k] + 0.5 * (x[k + 1] - x[k]) * (y[k - 1] - y[k + 1]) / curvature
}
