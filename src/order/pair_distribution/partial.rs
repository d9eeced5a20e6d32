//! The partial pair distributions of an alloy: by the elements of the pairs.
//!
//! `g_ab(r)` is `g(r)` times the share of the pairs of its shell that are of the elements a and b, over
//! the share `c_a c_b (2 − δ_ab)` that they would have if the elements were mixed at random, so that
//! `Σ c_a c_b g_ab(r) = g(r)`.

use crate::atoms::{Atoms, Element, Vec3};
use crate::geometry::AlphaShape;

use super::counts::{pair_counts, pair_counts_between};
use super::curve::{PairDistribution, PairDistributionError, Shells, shells};

/// The pair distribution of two elements.
#[derive(Debug, Clone, PartialEq)]
pub struct PartialDistribution {
    /// The elements of the pairs, the smaller atomic number first.
    pub elements: [Element; 2],
    /// Their curve.
    pub curve: PairDistribution,
}

/// The pair distribution of a sample, as a whole and by elements.
#[derive(Debug, Clone, PartialEq)]
pub struct PairCurves {
    /// Of all pairs.
    pub whole: PairDistribution,
    /// By the elements of the pairs, by increasing numbers; of a single element the whole.
    pub partial: Vec<PartialDistribution>,
}

impl PairCurves {
    /// The curves of the same atoms with all lengths multiplied by `factor`.
    pub fn stretched(self, factor: f64) -> PairCurves {
        let partial = self.partial.into_iter().map(|one| PartialDistribution {
            curve: one.curve.stretched(factor),
            ..one
        });
        PairCurves {
            whole: self.whole.stretched(factor),
            partial: partial.collect(),
        }
    }
}

/// The pair distribution of atoms, as a whole and by elements; `shape` is the space that they fill,
/// unless they are repeated along all directions.
///
/// # Errors
/// [`PairDistributionError`], as of the whole alone.
pub fn pair_curves(
    atoms: &Atoms,
    shape: Option<&AlphaShape>,
) -> Result<PairCurves, PairDistributionError> {
    let found = shells(atoms, shape)?;
    let whole = PairDistribution::of_shells(&found.g);
    let partial = match atoms.only_element() {
        Some(element) => vec![PartialDistribution {
            elements: [element; 2],
            curve: whole.clone(),
        }],
        None => by_elements(atoms, &found),
    };
    Ok(PairCurves { whole, partial })
}

fn by_elements(atoms: &Atoms, found: &Shells) -> Vec<PartialDistribution> {
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
            let shells = found.g.iter().zip(&found.counts).zip(&both);
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
    all
}
