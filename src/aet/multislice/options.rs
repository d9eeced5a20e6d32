//! The microscope, and how finely it is simulated (Methods, "ADF-STEM data acquisition").
//!
//! The text of the paper prints the energy, 300 keV, and leaves the rest to Supplementary Table 1;
//! whatever else is set here is *assumed*.

use super::electron::wavelength_angstrom;
use super::error::MultisliceError;

/// The scanning microscope: what the electrons do before and after the sample.
///
/// Angles are `α = λ q` for the spatial frequency `q`, without the sine, as is usual in such
/// simulations. The edges of aperture and detector are one frequency step wide, not sharp, so
/// that an image does not jump with the size of the cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Microscope {
    /// Energy of the electrons in keV; printed in the paper.
    pub energy_kev: f64,
    /// Half the angle of the cone in which the beam converges, in mrad; assumed.
    pub convergence_mrad: f64,
    /// Where the annular detector begins, in mrad from the axis; assumed.
    pub inner_mrad: f64,
    /// Where it ends, in mrad; assumed.
    pub outer_mrad: f64,
    /// How far behind the plane z = 0 (the middle of a sample about the origin), along the beam, the
    /// beam is focused, in ångström; assumed zero. There are no other aberrations.
    pub defocus_angstrom: f64,
}

impl Default for Microscope {
    fn default() -> Microscope {
        Microscope {
            energy_kev: 300.0,
            convergence_mrad: 30.0,
            inner_mrad: 40.0,
            outer_mrad: 200.0,
            defocus_angstrom: 0.0,
        }
    }
}

/// How the waves behind all the positions of the beam are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The beam goes through the sample at each position by itself: the reference, and slow.
    Probes,
    /// PRISM (Ophus, Adv. Struct. Chem. Imaging 3, 13 (2017), doi 10.1186/s40679-017-0046-1): plane
    /// waves go through the sample, every `factor`-th of those that make up the beam along x and y,
    /// and the beam at each position is put together from them, in a window of 1/`factor` of the cell
    /// along x and y. With factor 1 the result is that of [`Method::Probes`].
    ///
    /// The time falls with the square of the factor, and what it costs depends on the window. For 300
    /// atoms of the tantalum film (a ball of 11.4 Å, cell of 36 Å, detector 40–100 mrad), against factor
    /// 2: windows of 9, 4.5, 3 and 2.25 Å give images with correlations of 0.99999, 0.9999, 0.999
    /// and 0.987, and root mean square differences of 0.9, 3, 4 and 15 %.
    Prism {
        /// The interpolation factor, at least 1.
        factor: usize,
    },
}

/// How finely the sample and the waves are sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// Distance of two positions of the beam, in ångström: the pixel of the image.
    pub scan_pixel_angstrom: f64,
    /// Pixel of the wave in ångström. It carries spatial frequencies up to `1 / (3 pixel)`, two thirds
    /// of Nyquist's, so that products of two functions do not alias; the detector must end before.
    /// A coarse wave makes the image of an atom too strong as a whole: that of tantalum on a detector
    /// of 40–100 mrad by 7 % with 0.064 Å, by 3 % with 0.032 Å.
    pub wave_pixel_angstrom: f64,
    /// Thickness of a slice in ångström. Slices begin at multiples of it from z = 0, and an atom
    /// acts where its slice begins.
    pub slice_angstrom: f64,
    /// Empty space on each side of the scanned field and of the atoms, in ångström: the cell is
    /// periodic, and nothing may wrap round.
    pub padding_angstrom: f64,
    /// How the waves are found.
    pub method: Method,
    /// Bytes that a simulation may hold ([`memory_bytes`](super::memory_bytes)).
    pub memory_limit_bytes: u64,
}

/// A window of PRISM is not smaller than this, in ångström.
pub(super) const LEAST_WINDOW_ANGSTROM: f64 = 2.5;

impl Sampling {
    /// For images with pixels of `scan_pixel_angstrom`: waves with the largest pixel that carries the
    /// detector and divides the pixel of the image, slices of 2 Å, 5 Å of empty space, PRISM with
    /// factor 8, 4 GiB.
    ///
    /// ```
    /// use amorphous_packing::aet::multislice::{Microscope, Sampling};
    /// let sampling = Sampling::of(&Microscope::default(), 0.3216);
    /// assert!((sampling.wave_pixel_angstrom - 0.03216).abs() < 1e-12);
    /// ```
    pub fn of(microscope: &Microscope, scan_pixel_angstrom: f64) -> Sampling {
        let largest = pixel_that_carries(microscope, microscope.farthest_mrad());
        let parts = (scan_pixel_angstrom / largest).ceil().max(1.0);
        Sampling {
            scan_pixel_angstrom,
            wave_pixel_angstrom: scan_pixel_angstrom / parts,
            slice_angstrom: 2.0,
            padding_angstrom: 5.0,
            method: Method::Prism { factor: 8 },
            memory_limit_bytes: 4 << 30,
        }
    }

    /// The largest angle in mrad that the waves carry.
    pub fn limit_mrad(&self, microscope: &Microscope) -> f64 {
        wavelength_angstrom(microscope.energy_kev) * self.frequency_limit() * 1e3
    }

    /// The largest frequency in 1/Å that the waves carry: two thirds of Nyquist's.
    pub(super) fn frequency_limit(&self) -> f64 {
        1.0 / (3.0 * self.wave_pixel_angstrom)
    }
}

impl Microscope {
    /// The angle that the waves must carry, in mrad.
    fn farthest_mrad(&self) -> f64 {
        self.outer_mrad.max(self.convergence_mrad)
    }
}

fn pixel_that_carries(microscope: &Microscope, angle_mrad: f64) -> f64 {
    wavelength_angstrom(microscope.energy_kev) / (3.0 * angle_mrad * 1e-3)
}

/// Checks the settings alone.
pub(super) fn check(microscope: &Microscope, sampling: &Sampling) -> Result<(), MultisliceError> {
    let positive = [
        ("energy in keV", microscope.energy_kev),
        ("convergence angle in mrad", microscope.convergence_mrad),
        ("pixel of the image in Å", sampling.scan_pixel_angstrom),
        ("pixel of the wave in Å", sampling.wave_pixel_angstrom),
        ("thickness of a slice in Å", sampling.slice_angstrom),
    ];
    let not_negative = [
        ("inner angle of the detector in mrad", microscope.inner_mrad),
        (
            "empty space about the atoms in Å",
            sampling.padding_angstrom,
        ),
    ];
    let bad_positive = positive.iter().find(|(_, v)| !(v.is_finite() && *v > 0.0));
    if let Some(&(name, value)) = bad_positive {
        let range = "a finite number above 0";
        return Err(MultisliceError::Setting { name, value, range });
    }
    let bad = not_negative
        .iter()
        .find(|(_, v)| !(v.is_finite() && *v >= 0.0));
    if let Some(&(name, value)) = bad {
        let range = "a finite number from 0 up";
        return Err(MultisliceError::Setting { name, value, range });
    }
    if !microscope.defocus_angstrom.is_finite() {
        return Err(MultisliceError::Setting {
            name: "defocus in Å",
            value: microscope.defocus_angstrom,
            range: "a finite number",
        });
    }
    let (inner, outer) = (microscope.inner_mrad, microscope.outer_mrad);
    if !(outer.is_finite() && outer > inner) {
        return Err(MultisliceError::Detector { inner, outer });
    }
    if let Method::Prism { factor: 0 } = sampling.method {
        return Err(MultisliceError::Setting {
            name: "PRISM factor",
            value: 0.0,
            range: "at least 1",
        });
    }
    let (angle, limit) = (microscope.farthest_mrad(), sampling.limit_mrad(microscope));
    // A hair for the rounding of the pixel that just carries the angle.
    if angle > limit * (1.0 + 1e-9) {
        return Err(MultisliceError::Coarse {
            pixel: sampling.wave_pixel_angstrom,
            limit,
            angle,
            needed: pixel_that_carries(microscope, angle),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pixel_of_the_wave_divides_that_of_the_image_and_carries_the_detector() {
        for outer_mrad in [60.0, 100.0, 150.0, 200.0] {
            let microscope = Microscope {
                outer_mrad,
                ..Microscope::default()
            };
            let sampling = Sampling::of(&microscope, 0.454);
            assert!(sampling.limit_mrad(&microscope) >= outer_mrad);
            assert_eq!(check(&microscope, &sampling), Ok(()));
            let parts = 0.454 / sampling.wave_pixel_angstrom;
            assert!((parts - parts.round()).abs() < 1e-9);
            let coarser = Sampling {
                wave_pixel_angstrom: 0.454 / (parts.round() - 1.0),
                ..sampling
            };
            let refused = check(&microscope, &coarser);
            assert!(matches!(refused, Err(MultisliceError::Coarse { .. })));
        }
    }

    #[test]
    fn settings_that_mean_nothing_are_refused() {
        let microscope = Microscope::default();
        let sampling = Sampling::of(&microscope, 0.3216);
        let settings: [fn(&mut Microscope, &mut Sampling); 7] = [
            |m, _| m.energy_kev = -1.0,
            |m, _| m.outer_mrad = 40.0,
            |m, _| m.defocus_angstrom = f64::NAN,
            |_, s| s.slice_angstrom = 0.0,
            |_, s| s.padding_angstrom = f64::INFINITY,
            |_, s| s.scan_pixel_angstrom = f64::NAN,
            |_, s| s.method = Method::Prism { factor: 0 },
        ];
        for set in settings {
            let (mut microscope, mut sampling) = (microscope, sampling);
            set(&mut microscope, &mut sampling);
            let refused = check(&microscope, &sampling);
            assert!(refused.is_err(), "{microscope:?} {sampling:?}");
        }
    }
}
