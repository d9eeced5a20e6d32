//! The electron scattering factors of the two metals (Kirkland, *Advanced Computing in Electron
//! Microscopy*, 2nd ed., Springer 2010, Appendix C, doi 10.1007/978-1-4419-6533-2): how an atom
//! scatters, and so how it looks in an image that is computed.

use crate::atoms::Element;

/// The scattering factor of an atom in Kirkland's parametrization, three Lorentzians and three
/// Gaussians:
/// `f(q) = Σ aᵢ / (q² + bᵢ) + Σ cᵢ exp(−dᵢ q²)`, in ångström, of the spatial frequency `q = 1/d` in
/// 1/Å, without 2π.
///
/// ```
/// use amorphous_packing::aet::ScatteringFactor;
/// use amorphous_packing::atoms::Element;
/// let ta = ScatteringFactor::of(Element::Ta);
/// assert!((ta.at(0.0) - 12.7403).abs() < 1e-4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScatteringFactor {
    /// `aᵢ` in 1/Å and `bᵢ` in 1/Å².
    pub lorentzians: [(f64, f64); 3],
    /// `cᵢ` in Å and `dᵢ` in Å².
    pub gaussians: [(f64, f64); 3],
}

impl ScatteringFactor {
    /// That of an element.
    pub fn of(element: Element) -> ScatteringFactor {
        match element {
            Element::Ta => ScatteringFactor {
                lorentzians: [
                    (3.202_368_21, 13.844_636_9),
                    (0.830_098_413, 0.118_381_581),
                    (2.865_522_97, 0.766_369_118),
                ],
                gaussians: [
                    (0.022_481_388_7, 0.035_293_462_2),
                    (1.401_652_63, 14.614_887_7),
                    (0.333_740_596, 0.205_704_486),
                ],
            },
            Element::Pd => ScatteringFactor {
                lorentzians: [
                    (2.104_751_55, 8.686_064_7),
                    (2.038_844_87, 0.378_924_449),
                    (0.182_067_264, 0.142_921_634),
                ],
                gaussians: [
                    (0.095_204_094_8, 0.117_125_9),
                    (0.591_445_248, 1.078_438_08),
                    (0.001_133_286_8, 0.007_802_520_9),
                ],
            },
        }
    }

    /// `f(q)` in ångström at the frequency `q` in 1/Å.
    pub fn at(&self, q: f64) -> f64 {
        let q2 = q * q;
        let lorentzians = self.lorentzians.iter().map(|(a, b)| a / (q2 + b));
        let gaussians = self.gaussians.iter().map(|(c, d)| c * (-d * q2).exp());
        lorentzians.sum::<f64>() + gaussians.sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forward scattering, the sum `Σ a/b + Σ c`, and the fall to Rutherford's law
    /// `f → 2Z / (4π² a₀ q²)`, which the parametrization was fitted to keep.
    #[test]
    fn the_factors_are_those_of_the_table() {
        for (element, forward, z) in [
            (Element::Ta, 12.740_329, 73.0),
            (Element::Pd, 7.584_602, 46.0),
        ] {
            let factor = ScatteringFactor::of(element);
            assert!((factor.at(0.0) - forward).abs() < 1e-6);
            let (q, bohr_radius) = (12.0, 0.529_177_21);
            let rutherford = 2.0 * z / (4.0 * std::f64::consts::PI.powi(2) * bohr_radius * q * q);
            assert!(
                (factor.at(q) / rutherford - 1.0).abs() < 0.06,
                "{element:?}"
            );
        }
    }
}
