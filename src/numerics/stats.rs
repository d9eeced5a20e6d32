//! Means and places of extrema.

/// The arithmetic mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
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
