//! How far computed images are from measured ones.

use rayon::prelude::*;

use super::input::InputError;

/// The two R-factors of an iterate: means over the images of relative differences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RFactors {
    /// `Σ|P − b| / Σ|b|`.
    pub r1: f64,
    /// `√Σ(P − b)² / √Σb²`.
    pub r2: f64,
}

/// The R-factors of `computed` against `measured` images of `dim1` × `dim2` pixels.
///
/// ```
/// use amorphous_packing::aet::r_factors;
/// let r = r_factors((1, 2), &[3.0, 3.0], &[3.0, 4.0])?;
/// assert!((r.r1 - 1.0 / 7.0).abs() < 1e-7 && (r.r2 - 0.2).abs() < 1e-7);
/// # Ok::<(), amorphous_packing::aet::InputError>(())
/// ```
///
/// # Errors
/// [`InputError`] unless there are as many computed as measured pixels, in whole images.
pub fn r_factors(
    (dim1, dim2): (usize, usize),
    computed: &[f32],
    measured: &[f32],
) -> Result<RFactors, InputError> {
    if dim1 == 0 || dim2 == 0 {
        return Err(InputError::NoPixels { dim1, dim2 });
    }
    if measured.is_empty() {
        return Err(InputError::NoImages);
    }
    let pixels = dim1 * dim2;
    if computed.len() != measured.len() || !measured.len().is_multiple_of(pixels) {
        return Err(InputError::Pixels {
            computed: computed.len(),
            measured: measured.len(),
            pixels,
        });
    }
    let images = computed.par_chunks(pixels).zip(measured.par_chunks(pixels));
    Ok(mean(images.map(|(p, b)| of_image(p, b)).collect()))
}

/// Writes computed less measured images into `residual`, which has one zero more at the end of each
/// axis, and gives the R-factors.
pub(super) fn difference(
    (dim1, dim2): (usize, usize),
    computed: &[f32],
    measured: &[f32],
    residual: &mut [f32],
) -> RFactors {
    let pixels = dim1 * dim2;
    let of_images = residual
        .par_chunks_mut((dim1 + 1) * (dim2 + 1))
        .zip(computed.par_chunks(pixels))
        .zip(measured.par_chunks(pixels))
        .map(|((residual, computed), measured)| {
            let lines = residual
                .chunks_mut(dim2 + 1)
                .zip(computed.chunks(dim2).zip(measured.chunks(dim2)));
            for (residual, (computed, measured)) in lines {
                for ((r, p), b) in residual.iter_mut().zip(computed).zip(measured) {
                    *r = p - b;
                }
            }
            of_image(computed, measured)
        })
        .collect();
    mean(of_images)
}

fn of_image(computed: &[f32], measured: &[f32]) -> RFactors {
    let [mut difference, mut total, mut squares, mut all_squares] = [0.0_f64; 4];
    for (&p, &b) in computed.iter().zip(measured) {
        let (b, d) = (f64::from(b), f64::from(p - b));
        difference += d.abs();
        total += b.abs();
        squares += d * d;
        all_squares += b * b;
    }
    RFactors {
        r1: difference / total,
        r2: (squares / all_squares).sqrt(),
    }
}

/// In the order of the images.
fn mean(of_images: Vec<RFactors>) -> RFactors {
    let count = of_images.len() as f64;
    RFactors {
        r1: of_images.iter().map(|r| r.r1).sum::<f64>() / count,
        r2: of_images.iter().map(|r| r.r2).sum::<f64>() / count,
    }
}
