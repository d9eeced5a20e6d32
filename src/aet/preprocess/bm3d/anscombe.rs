//! Values whose noise is the same everywhere, from counts read by a detector, and the way back
//! (Methods, "Image preprocessing", step 2: the images have both kinds of noise).

use crate::aet::noise::DetectorNoise;

/// The generalised Anscombe transform: of a value with the noise of a detector one with a noise of
/// about one.
pub(super) struct Anscombe {
    gain: f64,
    /// Variance of the noise of reading, in squared electrons.
    read: f64,
}

impl Anscombe {
    /// Of a detector whose gain is above zero.
    pub(super) fn new(noise: &DetectorNoise) -> Anscombe {
        Anscombe {
            gain: noise.gain,
            read: (noise.read / noise.gain).powi(2),
        }
    }

    /// `2 √(n + 3/8 + s²)` of `n` electrons, read with the variance `s²`.
    pub(super) fn forward(&self, value: f64) -> f64 {
        2.0 * (value / self.gain + 0.375 + self.read).max(0.0).sqrt()
    }

    /// The value whose transform has this mean over the noise: the closed form of Mäkitalo and Foi (doi
    /// 10.1109/TIP.2012.2202675). The square of half the mean would be too low for few electrons.
    pub(super) fn inverse(&self, mean: f64) -> f64 {
        // Below this the transform of nothing, read without noise, the form has no meaning.
        let d = mean.max(2.0 * 0.375_f64.sqrt());
        let root = 1.5_f64.sqrt();
        let electrons = 0.25 * d * d + (0.25 * root + (-1.375 + 0.625 * root / d) / d) / d - 0.125;
        self.gain * (electrons - self.read).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean and variance of the transform of counts of a mean, read with a normal noise: sums over
    /// both.
    fn transformed(anscombe: &Anscombe, mean: f64, noise: &DetectorNoise) -> [f64; 2] {
        let electrons = mean / noise.gain;
        let mut moments = [0.0; 3];
        let mut chance = (-electrons).exp();
        for count in 0..400 {
            for step in -40..=40 {
                let off = f64::from(step) / 8.0;
                let weight = chance * (-0.5 * off * off).exp();
                let value = anscombe.forward(noise.gain * f64::from(count) + noise.read * off);
                moments[0] += weight;
                moments[1] += weight * value;
                moments[2] += weight * value * value;
            }
            chance *= electrons / f64::from(count + 1);
        }
        let mean = moments[1] / moments[0];
        [mean, moments[2] / moments[0] - mean * mean]
    }

    #[test]
    fn the_noise_is_one_and_the_mean_comes_back() {
        for (gain, read) in [(1.0, 0.0), (3.0, 1.5), (0.5, 1.0)] {
            let noise = DetectorNoise { gain, read };
            let anscombe = Anscombe::new(&noise);
            for electrons in [0.0, 0.1, 0.5, 1.0, 2.0, 5.0, 20.0, 150.0] {
                let [mean, variance] = transformed(&anscombe, gain * electrons, &noise);
                let back = anscombe.inverse(mean) / gain;
                // The form is closer for more electrons.
                let bound = if electrons < 5.0 { 0.07 } else { 0.02 };
                assert!(
                    (back - electrons).abs() < bound,
                    "{read} {electrons} {back}"
                );
                if electrons >= 5.0 {
                    let bound = 0.25 / electrons;
                    assert!(
                        (variance - 1.0).abs() < bound,
                        "{read} {electrons} {variance}"
                    );
                    // The square alone is a quarter of an electron too low.
                    let square = mean * mean / 4.0 - 0.375 - (read / gain).powi(2);
                    assert!(square - electrons < -0.2, "{square}");
                }
            }
        }
    }
}
