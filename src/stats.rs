//! Small numerics that several chapters share: histograms, smoothing, peaks by parabola.

/// Counts of values in bins of equal width.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// The lower end of the first bin.
    pub low: f64,
    /// The width of a bin.
    pub width: f64,
    /// The number of values in each bin.
    pub counts: Vec<u64>,
}

impl Histogram {
    /// Counts `values` in `bins` bins from `low` on; a value belongs to the bin whose lower end it
    /// reaches (`low ≤ x < high`). Values outside are not counted.
    ///
    /// ```
    /// use amorphous_packing::stats::Histogram;
    /// let h = Histogram::of([0.0, 0.5, 1.0, 3.0, -1.0], 0.0, 1.0, 3);
    /// assert_eq!(h.counts, [2, 1, 0]);
    /// ```
    pub fn of(
        values: impl IntoIterator<Item = f64>,
        low: f64,
        width: f64,
        bins: usize,
    ) -> Histogram {
        let mut counts = vec![0; bins];
        for value in values {
            let bin = ((value - low) / width).floor();
            if bin >= 0.0 && (bin as usize) < bins {
                counts[bin as usize] += 1;
            }
        }
        Histogram { low, width, counts }
    }

    /// The lower and upper end of a bin.
    pub fn edges(&self, bin: usize) -> (f64, f64) {
        (
            self.low + bin as f64 * self.width,
            self.low + (bin + 1) as f64 * self.width,
        )
    }
}

/// The arithmetic mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Convolves with a Gaussian of standard deviation `sigma` (in samples), cut at 2 sigma and
/// normalised; the ends are continued with the end values.
pub fn gaussian_smooth(values: &[f64], sigma: f64) -> Vec<f64> {
    let reach = (2.0 * sigma).round() as isize;
    let taps: Vec<f64> = (-reach..=reach)
        .map(|k| (-0.5 * (k as f64 / sigma).powi(2)).exp())
        .collect();
    let total: f64 = taps.iter().sum();
    let last = values.len() as isize - 1;
    (0..values.len() as isize)
        .map(|i| {
            let weighted = (-reach..=reach).zip(&taps).map(|(k, tap)| {
                let j = (i + k).clamp(0, last) as usize;
                tap * values[j]
            });
            weighted.sum::<f64>() / total
        })
        .collect()
}

/// Where the parabola through sample `k` and its two neighbours has its extremum; `x` must be
/// equally spaced. At the ends, or where the three lie on a line, the sample itself.
///
/// ```
/// use amorphous_packing::stats::parabola_extremum;
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
