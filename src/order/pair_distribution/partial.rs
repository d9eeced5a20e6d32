//! The partial pair distributions of an alloy: by the elements of the pairs.
//!
//! `g_ab(r)` is `g(r)` times the share of the pairs of its shell that are of the elements a and b, over
//! the share `c_a c_b (2 − δ_ab)` that they would have if the elements were mixed at random, so that
//! `Σ c_a c_b g_ab(r) = g(r)`.

use crate::atoms::{Atoms, Element, Vec3};
use crate::geometry::AlphaShape;

use super::counts::{pair_counts, pair_counts_between};
use super::curve::{PairDistribution, PairDistributionError, raw_shells};

/// The pair distribution of two elements.
#[derive(Debug, Clone, PartialEq)]
pub struct PartialDistribution {
    /// The elements of the pairs, the smaller atomic number first.
    pub elements: [Element; 2],
    /// Their curve.
    pub curve: PairDistribution,
}

impl PartialDistribution {
    /// The same with all lengths multiplied by `factor`.
    pub fn stretched(self, factor: f64) -> PartialDistribution {
        PartialDistribution {
            curve: self.curve.stretched(factor),
            ..self
        }
    }
}

/// The partial pair distributions of all pairs of elements, by increasing number; `shape` is the space
/// that the atoms fill, unless they are repeated along all directions.
///
/// # Errors
/// [`PairDistributionError`], as of the whole.
pub fn partial_pair_distributions(
    atoms: &Atoms,
    shape: Option<&AlphaShape>,
) -> Result<Vec<PartialDistribution>, PairDistributionError> {
    let whole = raw_shells(atoms, shape)?;
    if let Some(element) = atoms.only_element() {
        return Ok(vec![PartialDistribution {
            elements: [element; 2],
            curve: PairDistribution::of_shells(&whole),
        }]);
    }
    let counts = pair_counts(atoms.positions(), atoms.boundary());
    let composition = atoms.composition();
    let places: Vec<Vec<Vec3>> = composition
        .iter()
        .map(|&(element, _)| {
            let own = atoms.of_element(element);
            own.marked().map(|atom| atoms.position(atom)).collect()
        })
        .collect();
    let mut all = Vec::new();
    for a in 0..composition.len() {
        for b in a..composition.len() {
            let both = match a == b {
                true => pair_counts(&places[a], atoms.boundary()),
                false => pair_counts_between(&places[a], &places[b], atoms.boundary()),
            };
            // ANCHOR: partial
            // Of two elements the pairs are met from one side only.
            let fraction = |k: usize| places[k].len() as f64 / atoms.len() as f64;
            let random = fraction(a) * fraction(b);
            let shells = whole.iter().zip(&counts).zip(&both);
            let raw = shells.map(|((g, &all), &both)| match all {
                0 => 0.0,
                _ => g * both as f64 / (all as f64 * random),
            });
            // ANCHOR_END: partial
            all.push(PartialDistribution {
                elements: [composition[a].0, composition[b].0],
                curve: PairDistribution::of_shells(&raw.collect::<Vec<f64>>()),
            });
        }
    }
    Ok(all)
}
