//! The electron of the microscope: its wavelength, and how strongly a potential turns its phase
//! (Kirkland, *Advanced Computing in Electron Microscopy*, 2nd ed., Springer 2010, equations 2.5 and
//! 5.6, doi 10.1007/978-1-4419-6533-2).

use std::f64::consts::PI;

/// The rest energy of the electron `m₀c²` in keV (CODATA 2018).
const REST_ENERGY_KEV: f64 = 510.998_95;
/// Planck's constant times the velocity of light in keV·Å (CODATA 2018).
const HC_KEV_ANGSTROM: f64 = 12.398_419_84;
/// `h² / (2π m₀ e)` in V·Å²: the projected potential of an atom is this times its scattering factor.
pub(super) const POTENTIAL_VOLT_ANGSTROM2: f64 =
    HC_KEV_ANGSTROM * HC_KEV_ANGSTROM * 1e3 / (2.0 * PI * REST_ENERGY_KEV);

/// The relativistic wavelength in ångström of an electron of so many keV:
/// `λ = hc / √(E (2 m₀c² + E))`.
///
/// ```
/// use amorphous_packing::aet::multislice::wavelength_angstrom;
/// assert!((wavelength_angstrom(300.0) - 0.019_687_5).abs() < 1e-6);
/// ```
pub fn wavelength_angstrom(energy_kev: f64) -> f64 {
    HC_KEV_ANGSTROM / (energy_kev * (2.0 * REST_ENERGY_KEV + energy_kev)).sqrt()
}

/// The interaction constant `σ = 2π γ m₀ e λ / h²` in rad/(V·Å) of an electron of so many keV: a
/// projected potential of `v` V·Å turns the phase by `σ v`.
///
/// ```
/// use amorphous_packing::aet::multislice::interaction_per_volt_angstrom;
/// assert!((interaction_per_volt_angstrom(300.0) - 6.526e-4).abs() < 1e-7);
/// ```
pub fn interaction_per_volt_angstrom(energy_kev: f64) -> f64 {
    let gamma = 1.0 + energy_kev / REST_ENERGY_KEV;
    gamma * wavelength_angstrom(energy_kev) / POTENTIAL_VOLT_ANGSTROM2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kirkland's table 2.2 and the text after equation 5.6.
    #[test]
    fn wavelengths_and_constants_are_those_of_the_books() {
        for (kev, wavelength) in [(100.0, 0.037_014), (200.0, 0.025_079), (300.0, 0.019_687)] {
            assert!((wavelength_angstrom(kev) - wavelength).abs() < 1e-6);
        }
        assert!((interaction_per_volt_angstrom(100.0) - 0.924_4e-3).abs() < 1e-7);
        assert!((POTENTIAL_VOLT_ANGSTROM2 - 47.878).abs() < 1e-3);
    }
}
