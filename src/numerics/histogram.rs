//! Bins of equal width, and the counts of values in them.

/// Bins of equal width, numbered from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bins {
    /// The lower end of the first bin.
    pub low: f64,
    /// The width of a bin.
    pub width: f64,
}

impl Bins {
    /// Bins of a width from zero on.
    pub fn of_width(width: f64) -> Bins {
        Bins { low: 0.0, width }
    }

    /// The bin whose lower end a value reaches (`low ≤ x < high`); `None` below the first bin, and
    /// of what is no number.
    #[inline]
    pub fn bin(&self, value: f64) -> Option<usize> {
        let bin = ((value - self.low) / self.width).floor();
        (bin >= 0.0).then_some(bin as usize)
    }

    /// The lower and upper end of a bin.
    pub fn edges(&self, bin: usize) -> (f64, f64) {
        (
            self.low + bin as f64 * self.width,
            self.low + (bin + 1) as f64 * self.width,
        )
    }

    /// The middle of a bin.
    pub fn middle(&self, bin: usize) -> f64 {
        self.low + (bin as f64 + 0.5) * self.width
    }
}

/// Counts of values in bins of equal width.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// The bins.
    pub bins: Bins,
    /// The number of values in each bin.
    pub counts: Vec<u64>,
}

impl Histogram {
    /// Counts `values` in the first `count` bins; values outside are not counted.
    ///
    /// ```
    /// use amorphous_packing::numerics::{Bins, Histogram};
    /// let h = Histogram::of([0.0, 0.5, 1.0, 3.0, -1.0], Bins::of_width(1.0), 3);
    /// assert_eq!(h.counts, [2, 1, 0]);
    /// ```
    pub fn of(values: impl IntoIterator<Item = f64>, bins: Bins, count: usize) -> Histogram {
        let mut counts = vec![0; count];
        for value in values {
            if let Some(counted) = bins.bin(value).and_then(|bin| counts.get_mut(bin)) {
                *counted += 1;
            }
        }
        Histogram { bins, counts }
    }

    /// The bins with their edges and counts: `((low, high), count)`.
    pub fn rows(&self) -> impl Iterator<Item = ((f64, f64), u64)> {
        let counts = self.counts.iter().copied().enumerate();
        counts.map(|(bin, count)| (self.bins.edges(bin), count))
    }
}
