//! Whether a sample has changed: images of one tilt, taken before, during and after a tilt series, against
//! each other (Methods, "ADF-STEM data acquisition"; Fig. S4).
//!
//! One number says how alike two images are, their correlation once one is moved onto the other; where in
//! the spectrum they are alike, the correlation of their Fourier rings (Saxton & Baumeister, J. Microsc.
//! 127, 127 (1982), doi 10.1111/j.1365-2818.1982.tb00405.x). Noise alone lowers both, so that what counts is
//! whether an image after the series is less alike than one during it.

use ndarray::{Array2, ArrayView2, Axis};

use super::image_error::{ImageError, check_image};
use super::registration::{Registered, RegistrationError, Search, fade, register};
use crate::aet::cubic::shift_images;
use crate::numerics::{C64, Fourier2d, signed_frequency};

/// The part of the side over which an image fades, and the part along which it is not compared once it is
/// moved.
const TAPER: f64 = 0.1;
/// Where two images of one signal are alike to this coefficient, their average correlates with the signal to
/// one half (Rosenthal & Henderson, J. Mol. Biol. 333, 721 (2003), doi 10.1016/j.jmb.2003.07.013).
pub const RING_THRESHOLD: f64 = 0.143;

/// How an image differs from a reference of the same tilt.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// How it lies to the reference; its coefficient is the correlation of the two.
    pub registered: Registered,
    /// The image, moved onto the reference.
    pub moved: Array2<f32>,
    /// Correlation of the Fourier rings: spatial frequency in cycles per pixel, coefficient.
    pub rings: Vec<(f64, f64)>,
}

/// Why two images cannot be held against each other.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ChangeError {
    /// One of them cannot be used.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// They cannot be registered.
    #[error(transparent)]
    Registration(#[from] RegistrationError),
}

/// Moves `image`, the `number`th from 1, onto `reference`, and says how alike they are; sought within
/// `largest` pixels.
///
/// # Errors
/// [`ChangeError`].
pub fn change(
    image: ArrayView2<'_, f32>,
    reference: ArrayView2<'_, f32>,
    number: usize,
    largest: f64,
) -> Result<Change, ChangeError> {
    check_image(reference, 1)?;
    check_image(image, number)?;
    let search = Search {
        largest: [largest; 2],
        taper: TAPER,
    };
    let registered = register(image, reference, &search)?;
    let back = registered.shift.map(|shift| -shift);
    let moved = shift_images(image.insert_axis(Axis(0)), &[back]);
    let moved = moved.index_axis_move(Axis(0), 0);
    Ok(Change {
        registered,
        rings: ring_correlation(moved.view(), reference),
        moved,
    })
}

/// The correlation of the Fourier rings of two images of one size: for rings one sample wide, their spatial
/// frequency in cycles per pixel, up to the limit of the longer side, and `Re Σ a b* / √(Σ|a|² Σ|b|²)`. Both
/// images are brought to zero mean and fade towards their border.
pub fn ring_correlation(a: ArrayView2<'_, f32>, b: ArrayView2<'_, f32>) -> Vec<(f64, f64)> {
    let sides: [usize; 2] = a.dim().into();
    let transform = Fourier2d::new(sides);
    let [a, b] = [a, b].map(|image| {
        let mut spectrum = faded(image);
        transform.forward(&mut spectrum);
        spectrum
    });
    let longer = sides[0].max(sides[1]);
    let mut rings = vec![[0.0; 3]; longer / 2 + 1];
    for (index, (a, b)) in a.iter().zip(&b).enumerate() {
        let [kx, ky] = [index / sides[1], index % sides[1]];
        let frequency = (signed_frequency(kx, sides[0]) / sides[0] as f64)
            .hypot(signed_frequency(ky, sides[1]) / sides[1] as f64);
        if let Some(ring) = rings.get_mut((frequency * longer as f64).round() as usize) {
            ring[0] += (a * b.conj()).re;
            ring[1] += a.norm_sqr();
            ring[2] += b.norm_sqr();
        }
    }
    // The ring of frequency zero is the mean, which was taken away.
    let numbered = rings.into_iter().enumerate().skip(1);
    let filled = numbered.filter(|(_, [_, a, b])| *a > 0.0 && *b > 0.0);
    filled
        .map(|(k, [ab, a, b])| (k as f64 / longer as f64, ab / (a * b).sqrt()))
        .collect()
}

/// The spatial frequency, in cycles per pixel, at which the correlation of the rings first falls below
/// [`RING_THRESHOLD`]; the highest there is where it never does.
pub fn alike_up_to(rings: &[(f64, f64)]) -> Option<f64> {
    let below = rings
        .iter()
        .find(|(_, coefficient)| *coefficient < RING_THRESHOLD);
    below.or(rings.last()).map(|(frequency, _)| *frequency)
}

/// The mean correlation of the rings up to that frequency.
pub fn mean_alike(rings: &[(f64, f64)]) -> Option<f64> {
    let reach = alike_up_to(rings)?;
    let counted = rings
        .iter()
        .take_while(|(frequency, _)| *frequency <= reach);
    let (sum, count) = counted.fold((0.0, 0.0), |(sum, count), (_, coefficient)| {
        (sum + coefficient, count + 1.0)
    });
    Some(sum / count)
}

fn faded(image: ArrayView2<'_, f32>) -> Vec<C64> {
    let (dim1, dim2) = image.dim();
    let mean = image.iter().map(|&value| f64::from(value)).sum::<f64>() / image.len() as f64;
    let [across, along] = [dim1, dim2].map(|length| fade(length, TAPER));
    let value = |((x, y), value): ((usize, usize), &f32)| {
        C64::new((f64::from(*value) - mean) * across[x] * along[y], 0.0)
    };
    image.indexed_iter().map(value).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::aet::noise::DetectorNoise;

    /// Atoms at random places, the same for one seed; those numbered below `moved` are elsewhere.
    fn film(moved: usize, shift: [f64; 2]) -> Array2<f32> {
        let mut state = 5_u64;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / (1_u64 << 31) as f64
        };
        let atoms: Vec<[f64; 2]> = (0..260)
            .map(|k| {
                let at = [130.0 * random() - 1.0, 110.0 * random() - 1.0];
                let other = [130.0 * random() - 1.0, 110.0 * random() - 1.0];
                if k < moved { other } else { at }
            })
            .collect();
        Array2::from_shape_fn((128, 108), |(x, y)| {
            let at = |atom: &[f64; 2]| {
                let from = [x as f64 - atom[0] - shift[0], y as f64 - atom[1] - shift[1]];
                (-(from[0] * from[0] + from[1] * from[1]) / 9.0).exp()
            };
            60.0 * atoms.iter().map(at).sum::<f64>() as f32
        })
    }

    fn counted(image: Array2<f32>, seed: u64) -> Array2<f32> {
        let noise = DetectorNoise {
            gain: 1.0,
            read: 0.0,
        };
        let noisy = noise.recorded(image.insert_axis(Axis(0)).view(), seed);
        noisy.index_axis_move(Axis(0), 0)
    }

    #[test]
    fn what_has_not_changed_is_alike_and_what_has_is_less() {
        let before = counted(film(0, [0.0; 2]), 1);
        let same = counted(film(0, [1.3, -2.2]), 2);
        let other = counted(film(90, [1.3, -2.2]), 3);
        let found = change(same.view(), before.view(), 2, 10.0).unwrap();
        assert!((found.registered.shift[0] - 1.3).abs() < 0.1);
        assert!((found.registered.shift[1] + 2.2).abs() < 0.1);
        let changed = change(other.view(), before.view(), 3, 10.0).unwrap();
        let coefficients = [&found, &changed].map(|change| change.registered.coefficient);
        // A third of the atoms is elsewhere: their part of the signal is not shared.
        assert!(
            coefficients[0] > 0.9 && coefficients[1] < 0.8,
            "{coefficients:?}"
        );
        // Atoms have a standard deviation of 2.1 pixels: beyond 0.15 per pixel there is noise alone.
        let reach = alike_up_to(&found.rings).unwrap();
        assert!((0.12..0.25).contains(&reach), "{reach}");
        let means = [&found, &changed].map(|change| mean_alike(&change.rings).unwrap());
        assert!(means[0] > 0.8 && means[1] < 0.75, "{means:?}");
    }

    #[test]
    fn an_image_is_alike_itself_at_every_frequency_and_noise_is_not() {
        let image = film(0, [0.0; 2]);
        let rings = ring_correlation(image.view(), image.view());
        assert!(
            rings
                .iter()
                .all(|(_, coefficient)| (coefficient - 1.0).abs() < 1e-9)
        );
        assert_eq!(alike_up_to(&rings), Some(0.5));
        let flat = Array2::from_elem((128, 108), 50.0);
        let [a, b] = [1, 2].map(|seed| counted(flat.clone(), seed));
        let rings = ring_correlation(a.view(), b.view());
        let outer = &rings[10..];
        let mean = outer.iter().map(|(_, r)| r).sum::<f64>() / outer.len() as f64;
        assert!(mean.abs() < 0.05, "{mean}");
        let mut wrong = film(0, [0.0; 2]);
        wrong[[3, 4]] = f32::INFINITY;
        let error = change(wrong.view(), image.view(), 3, 5.0).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("image 3 has the value inf at pixel (4, 5)")
        );
    }
}
