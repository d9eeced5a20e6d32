//! Smoothing by a Gaussian.

/// The weights of a Gaussian of standard deviation `sigma` (in samples) at 0, 1, 2 … samples from
/// its middle, up to `cut` standard deviations; the middle has weight one.
pub fn gaussian_taps(sigma: f64, cut: f64) -> Vec<f64> {
    let reach = (cut * sigma).round() as usize;
    let tap = |k: usize| (-0.5 * (k as f64 / sigma).powi(2)).exp();
    std::iter::once(1.0).chain((1..=reach).map(tap)).collect()
}

/// Convolves with a Gaussian of standard deviation `sigma` (in samples), cut at `cut` standard
/// deviations and normalised; the ends are continued with the end values.
///
/// ```
/// use amorphous_packing::numerics::gaussian_smooth;
/// let smooth = gaussian_smooth(&[0.0, 0.0, 1.0, 0.0, 0.0], 1.0, 1.0);
/// assert!(smooth[2] < 0.5 && smooth[1] == smooth[3] && smooth[0] == 0.0);
/// ```
pub fn gaussian_smooth(values: &[f64], sigma: f64, cut: f64) -> Vec<f64> {
    let taps = gaussian_taps(sigma, cut);
    let reach = taps.len() as isize - 1;
    let tap = |k: isize| taps[k.unsigned_abs()];
    let total: f64 = (-reach..=reach).map(tap).sum();
    let last = values.len() as isize - 1;
    (0..values.len() as isize)
        .map(|i| {
            let weighted = (-reach..=reach).map(|k| {
                let j = (i + k).clamp(0, last) as usize;
                tap(k) * values[j]
            });
            weighted.sum::<f64>() / total
        })
        .collect()
}
