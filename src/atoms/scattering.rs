//! The electron scattering factors of the elements (Kirkland, *Advanced Computing in Electron
//! Microscopy*, 2nd ed., Springer 2010, Appendix C, doi 10.1007/978-1-4419-6533-2): how an atom
//! scatters, and so how it looks in an image that is computed.

use std::sync::LazyLock;

use super::Element;

/// The table of the appendix, hydrogen to lawrencium: symbol, a and b three times, c and d three times.
const TABLE: &str = include_str!("kirkland.csv");

/// The scattering factor of an atom in Kirkland's parametrization, three Lorentzians and three
/// Gaussians:
/// `f(q) = Σ aᵢ / (q² + bᵢ) + Σ cᵢ exp(−dᵢ q²)`, in ångström, of the spatial frequency `q = 1/d` in
/// 1/Å, without 2π.
///
/// ```
/// use amorphous_packing::atoms::{Element, ScatteringFactor};
/// let ta = ScatteringFactor::of(Element::Ta).expect("tantalum is in the table");
/// assert!((ta.at(0.0) - 12.7403).abs() < 1e-4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScatteringFactor {
    /// `aᵢ` in 1/Å and `bᵢ` in 1/Å².
    pub lorentzians: [(f64, f64); 3],
    /// `cᵢ` in Å and `dᵢ` in Å².
    pub gaussians: [(f64, f64); 3],
}

/// An element that the table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no scattering factor of {}; the table ends with lawrencium, number 103",
    element.name()
)]
pub struct NoScatteringFactor {
    /// The element.
    pub element: Element,
}

impl ScatteringFactor {
    /// That of an element.
    ///
    /// # Errors
    /// [`NoScatteringFactor`] beyond lawrencium, where the table ends.
    pub fn of(element: Element) -> Result<ScatteringFactor, NoScatteringFactor> {
        static FACTORS: LazyLock<Vec<Option<ScatteringFactor>>> =
            LazyLock::new(|| TABLE.lines().skip(1).map(ScatteringFactor::parse).collect());
        let known = FACTORS.get(usize::from(element.number()) - 1).copied();
        known.flatten().ok_or(NoScatteringFactor { element })
    }

    /// That of a row of the table.
    fn parse(row: &str) -> Option<ScatteringFactor> {
        let numbers = row.split(',').skip(1).map(|number| number.parse().ok());
        let numbers: Vec<f64> = numbers.collect::<Option<_>>()?;
        let pair = |k: usize| Some((*numbers.get(k)?, *numbers.get(k + 1)?));
        Some(ScatteringFactor {
            lorentzians: [pair(0)?, pair(2)?, pair(4)?],
            gaussians: [pair(6)?, pair(8)?, pair(10)?],
        })
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
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
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
            let factor = ScatteringFactor::of(element).unwrap();
            assert!((factor.at(0.0) - forward).abs() < 1e-6);
            let (q, bohr_radius) = (12.0, 0.529_177_21);
            let rutherford = 2.0 * z / (4.0 * std::f64::consts::PI.powi(2) * bohr_radius * q * q);
            assert!(
                (factor.at(q) / rutherford - 1.0).abs() < 0.06,
                "{element:?}"
            );
        }
    }

    /// Every row is there and in its place, and falls to the law of its charge.
    #[test]
    fn every_element_up_to_lawrencium_has_factors() {
        for (element, row) in Element::all().zip(TABLE.lines().skip(1)) {
            assert!(row.starts_with(&format!("{},", element.symbol())));
            let factor = ScatteringFactor::of(element).unwrap();
            let (q, z, bohr_radius) = (12.0_f64, f64::from(element.number()), 0.529_177_21);
            let rutherford = 2.0 * z / (4.0 * std::f64::consts::PI.powi(2) * bohr_radius * q * q);
            let ratio = factor.at(q) / rutherford;
            assert!((ratio - 1.0).abs() < 0.12, "{element:?} {ratio}");
        }
        assert!(ScatteringFactor::of(Element::Rf).is_err());
    }
}
