//! The parameters of BM3D that suit images best, by an image whose truth is known (Methods, "Image
//! preprocessing", step 2).

use ndarray::{ArrayView2, Axis};

use super::denoise::{check, check_noise, denoise_counted};
use super::options::{Bm3d, DenoiseError};
use crate::aet::compare::{Agreement, psnr};
use crate::aet::noise::DetectorNoise;
use crate::progress::Progress;

/// What one set of parameters made of the simulated image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tried {
    /// The parameters.
    pub options: Bm3d,
    /// Pearson's correlation of the denoised image with the noise-free one.
    pub correlation: f64,
    /// Peak signal-to-noise ratio of the denoised image in decibel, of the range of the noise-free one.
    pub psnr_db: f64,
}

/// The parameters that were best, and all that were tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Those of the highest correlation; of equals the first.
    pub options: Bm3d,
    /// Their correlation.
    pub correlation: f64,
    /// Every candidate, in the order given.
    pub tried: Vec<Tried>,
}

impl Bm3d {
    /// Sets of parameters to choose from: the published ones among others that are stronger and
    /// weaker, with higher and lower thresholds, and with larger blocks.
    pub fn candidates() -> Vec<Bm3d> {
        let mut candidates = Vec::new();
        for [first, second] in [[8, 8], [8, 12], [12, 12]] {
            for strength in [0.7, 0.85, 1.0, 1.15] {
                for threshold in [2.7, 3.0, 3.3] {
                    let mut options = Bm3d {
                        strength,
                        threshold,
                        ..Bm3d::default()
                    };
                    options.hard.block = first;
                    options.wiener.block = second;
                    candidates.push(options);
                }
            }
        }
        candidates
    }
}

/// Gives a noise-free simulated image (by x and y) the noise of the measured ones, denoises it with each
/// of the candidates, and chooses what correlates best with the noise-free image. The seed decides the
/// noise.
///
/// # Errors
/// [`DenoiseError`]: of the image, the noise or the first candidate that cannot be used.
pub fn choose(
    clean: ArrayView2<'_, f32>,
    noise: &DetectorNoise,
    seed: u64,
    candidates: &[Bm3d],
    progress: &dyn Progress,
) -> Result<Chosen, DenoiseError> {
    check_noise(noise)?;
    let noisy = noise.recorded(clean.insert_axis(Axis(0)), seed);
    choose_on(
        clean,
        noisy.index_axis(Axis(0), 0),
        noise,
        candidates,
        progress,
    )
}

/// The same on a noisy image that is there: one that went through the steps that the measured images went
/// through, which leave less noise than the average of frames has on paper, for they interpolate.
///
/// # Errors
/// As [`choose`].
pub fn choose_on(
    clean: ArrayView2<'_, f32>,
    noisy: ArrayView2<'_, f32>,
    noise: &DetectorNoise,
    candidates: &[Bm3d],
    progress: &dyn Progress,
) -> Result<Chosen, DenoiseError> {
    check_noise(noise)?;
    candidates
        .iter()
        .try_for_each(|options| check(clean, options))?;
    progress.start(
        "denoising with each set of parameters",
        Some(candidates.len() as u64),
    );
    let tried: Result<Vec<Tried>, DenoiseError> = candidates
        .iter()
        .map(|options| {
            let tried = try_one(clean, noisy, noise, options);
            progress.advance(1);
            tried
        })
        .collect();
    progress.finish();
    let tried = tried?;
    let better = |best: Tried, next: Tried| {
        if next.correlation > best.correlation {
            next
        } else {
            best
        }
    };
    let best = tried.iter().copied().reduce(better);
    let best = best.ok_or(DenoiseError::NoCandidates)?;
    Ok(Chosen {
        options: best.options,
        correlation: best.correlation,
        tried,
    })
}

fn try_one(
    clean: ArrayView2<'_, f32>,
    noisy: ArrayView2<'_, f32>,
    noise: &DetectorNoise,
    options: &Bm3d,
) -> Result<Tried, DenoiseError> {
    let denoised = denoise_counted(noisy, noise, options)?;
    let agreement = Agreement::of(denoised.view(), clean);
    let highest = clean.fold(f32::NEG_INFINITY, |highest, &value| highest.max(value));
    let lowest = clean.fold(f32::INFINITY, |lowest, &value| lowest.min(value));
    Ok(Tried {
        options: *options,
        // What is constant after denoising resembles nothing.
        correlation: agreement.map_or(0.0, |agreement| agreement.correlation),
        psnr_db: psnr(denoised.view(), clean, f64::from(highest - lowest)).unwrap_or(f64::NAN),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::super::synthetic::lattice;
    use super::*;
    use crate::progress::Silent;

    const NOISE: DetectorNoise = DetectorNoise {
        gain: 0.02,
        read: 0.05,
    };

    #[test]
    fn the_strength_of_the_noise_is_chosen_among_wrong_ones() {
        let clean = lattice((60, 60));
        let strengths = [0.3, 1.0, 4.0];
        let candidates = strengths.map(|strength| Bm3d {
            strength,
            ..Bm3d::default()
        });
        let chosen = choose(clean.view(), &NOISE, 1, &candidates, &Silent).unwrap();
        assert_eq!(chosen.options, candidates[1]);
        assert_eq!(chosen.tried.len(), 3);
        assert_eq!(chosen.tried[1].correlation, chosen.correlation);
        assert!(chosen.correlation > 0.98, "{}", chosen.correlation);
        let psnr = |k: usize| chosen.tried[k].psnr_db;
        assert!(psnr(1) > psnr(0) + 1.0 && psnr(1) > psnr(2) + 1.0);
        let again = choose(clean.view(), &NOISE, 1, &candidates, &Silent).unwrap();
        assert_eq!(chosen, again);
    }

    #[test]
    fn the_published_parameters_are_among_the_candidates_and_all_can_be_used() {
        let candidates = Bm3d::candidates();
        assert!(candidates.contains(&Bm3d::default()));
        assert!(candidates.iter().all(|options| options.check().is_ok()));
        for (k, options) in candidates.iter().enumerate() {
            assert!(!candidates[..k].contains(options));
        }
    }

    #[test]
    fn every_candidate_is_told_of_and_nothing_to_choose_from_is_said() {
        struct Count(AtomicU64);
        impl Progress for Count {
            fn start(&self, _what: &str, total: Option<u64>) {
                assert_eq!(total, Some(2));
            }
            fn advance(&self, amount: u64) {
                self.0.fetch_add(amount, Ordering::Relaxed);
            }
            fn finish(&self) {
                assert_eq!(self.0.load(Ordering::Relaxed), 2);
            }
        }
        let clean = lattice((20, 20));
        let two = [Bm3d::default(); 2];
        let count = Count(AtomicU64::new(0));
        assert!(choose(clean.view(), &NOISE, 1, &two, &count).is_ok());
        assert_eq!(
            choose(clean.view(), &NOISE, 1, &[], &Silent),
            Err(DenoiseError::NoCandidates)
        );
        let negative = DetectorNoise {
            gain: 0.1,
            read: -1.0,
        };
        let error = choose(clean.view(), &negative, 1, &two, &Silent).unwrap_err();
        assert!(error.to_string().contains("a reading noise of -1"));
    }
}
