//! The support: where in a volume the sample is, found from the volume itself.

use ndarray::{Array3, ArrayView3};

use crate::aet::morphology::{closed, smoothed};
use crate::aet::otsu::{BINS, histogram, otsu};

/// The volume is smoothed over about an atom, standard deviation in ångström.
const SMOOTHING_ANGSTROM: f64 = 1.0;
/// Gaps between atoms up to this radius are closed, in ångström.
const CLOSING_ANGSTROM: f64 = 3.0;

/// The part of a volume that holds the sample: smoothed, divided by Otsu's threshold, and with the gaps
/// between atoms closed. `None` where the volume is the same everywhere.
pub fn support(volume: ArrayView3<'_, f32>, pixel_angstrom: f64) -> Option<Array3<bool>> {
    let smooth = smoothed(volume, SMOOTHING_ANGSTROM / pixel_angstrom);
    let values: Vec<f64> = smooth.iter().map(|&value| f64::from(value)).collect();
    let threshold = otsu(&histogram(&values, BINS)?)? as f32;
    drop(values);
    let bright = smooth.mapv(|value| value > threshold);
    Some(closed(&bright, CLOSING_ANGSTROM / pixel_angstrom))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use ndarray::Axis;

    use super::*;

    #[test]
    fn the_support_of_a_slab_of_atoms_is_the_slab() {
        // Atoms 8 voxels apart (0.35 Å each) in x < 40, nothing beyond.
        let volume = Array3::from_shape_fn((80, 32, 32), |(x, y, z)| {
            let from = |at: usize| (at % 8) as f32 - 4.0;
            let square = from(x).powi(2) + from(y).powi(2) + from(z).powi(2);
            if x < 40 { (-square / 8.0).exp() } else { 0.0 }
        });
        let found = support(volume.view(), 0.35).unwrap();
        assert!(
            found
                .slice_axis(Axis(0), (4..36).into())
                .iter()
                .all(|&is| is)
        );
        assert!(
            found
                .slice_axis(Axis(0), (44..).into())
                .iter()
                .all(|&is| !is)
        );
        assert_eq!(support(Array3::zeros((3, 3, 3)).view(), 0.35), None);
    }
}
