//! The blur of an image by the size of the electron source (the paper blurs its simulated images by a
//! Gaussian; its width is not printed).

use ndarray::{Array2, ArrayView2, Axis};

use super::error::MultisliceError;
use crate::numerics::gaussian_smooth;

/// The Gaussian is cut at so many standard deviations.
const CUT: f64 = 4.0;

/// An image convolved with a Gaussian of standard deviation `sigma_angstrom`, both along x and y; the
/// edges are continued with their values.
///
/// # Errors
/// [`MultisliceError::Setting`] for a width or a pixel that is none.
///
/// ```
/// use amorphous_packing::aet::multislice::blurred;
/// let mut image = ndarray::Array2::zeros((31, 31));
/// image[[15, 15]] = 1.0;
/// let blurred = blurred(image.view(), 0.6, 0.3)?;
/// assert!((blurred[[15, 15]] - 0.0398).abs() < 1e-4); // 1 / (2π 2²)
/// # Ok::<(), amorphous_packing::aet::multislice::MultisliceError>(())
/// ```
pub fn blurred(
    image: ArrayView2<'_, f32>,
    sigma_angstrom: f64,
    pixel_angstrom: f64,
) -> Result<Array2<f32>, MultisliceError> {
    if !(pixel_angstrom.is_finite() && pixel_angstrom > 0.0) {
        return Err(MultisliceError::Setting {
            name: "pixel of the image in Å",
            value: pixel_angstrom,
            range: "a finite number above 0",
        });
    }
    if !(sigma_angstrom.is_finite() && sigma_angstrom >= 0.0) {
        return Err(MultisliceError::Setting {
            name: "width of the blur in Å",
            value: sigma_angstrom,
            range: "a finite number from 0 up",
        });
    }
    let sigma = sigma_angstrom / pixel_angstrom;
    let mut smooth = image.mapv(f64::from);
    for axis in [Axis(0), Axis(1)] {
        for mut line in smooth.lanes_mut(axis) {
            let blurred = gaussian_smooth(&line.to_vec(), sigma, CUT);
            line.iter_mut()
                .zip(blurred)
                .for_each(|(value, blurred)| *value = blurred);
        }
    }
    Ok(smooth.mapv(|value| value as f32))
}
