//! The B factor: two scans, then a descent.

use super::series::{Refinement, Scale};

/// How the B factor was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BFactorFit {
    /// In Å².
    pub b_factor: f64,
    /// `H` at it.
    pub scale: f64,
    /// `R` at it.
    pub r: f64,
}

/// Half widths and steps of the two scans, in Å².
const SCANS: [(f64, f64); 2] = [(4.0, 0.2), (0.2, 0.01)];
/// The descent ends where it moves by less, in Å².
const SETTLED: f64 = 1e-5;
/// Steps of the descent at most.
const STEPS: usize = 20;
/// The difference quotient of the descent, in Å².
const DIFFERENCE: f64 = 1e-3;
/// No B factor is smaller, in Å².
const LEAST: f64 = 0.1;

impl Refinement {
    /// Finds the B factor with the least squared difference: a scan of ±4 Å² about the present one by
    /// 0.2, one of ±0.2 Å² by 0.01, then Newton's steps.
    pub fn fit_b_factor(&mut self) -> BFactorFit {
        for (half, step) in SCANS {
            let count = (2.0 * half / step).round() as usize;
            let first = self.b_factor - half;
            let tried = (0..=count)
                .map(|k| first + step * k as f64)
                .filter(|&b| b >= LEAST);
            let least = tried
                .map(|b| (self.squares_at(b), b))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, b)) = least {
                self.set_b_factor(b);
            }
        }
        self.settle_b_factor()
    }

    /// Goes on from the present B factor by Newton's steps alone, for one that is nearly right.
    pub fn settle_b_factor(&mut self) -> BFactorFit {
        for _ in 0..STEPS {
            let b = self.b_factor;
            let [below, here, above] =
                [b - DIFFERENCE, b, b + DIFFERENCE].map(|b| self.squares_at(b));
            let (slope, bend) = (above - below, above - 2.0 * here + below);
            if bend.is_nan() || bend <= 0.0 {
                self.set_b_factor(b);
                break;
            }
            let step = (-slope / (2.0 * bend) * DIFFERENCE).clamp(-0.1, 0.1);
            self.set_b_factor((b + step).max(LEAST));
            if step.abs() < SETTLED {
                break;
            }
        }
        let compared = self.compare(Scale::Sums);
        BFactorFit {
            b_factor: self.b_factor,
            scale: compared.scale,
            r: compared.r,
        }
    }

    fn squares_at(&mut self, b_factor: f64) -> f64 {
        self.set_b_factor(b_factor);
        self.compare(Scale::Sums).squares
    }
}
