//! Which element each atom is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::numerics::{Mask, Numbered};

use super::{AtomId, Element};

/// The elements of the atoms: one of all, or one of each.
#[derive(Debug, Clone, PartialEq)]
pub enum Species {
    /// All atoms are of this element.
    One(Element),
    /// By atom; at least two different elements.
    Each(Arc<Vec<Element>>),
}

impl Species {
    /// From the element of each atom; `None` without any.
    pub fn of(each: Vec<Element>) -> Option<Species> {
        let &first = each.first()?;
        Some(match each.iter().all(|&element| element == first) {
            true => Species::One(first),
            false => Species::Each(Arc::new(each)),
        })
    }

    /// The element of an atom.
    #[inline]
    pub fn of_atom(&self, atom: AtomId) -> Element {
        match self {
            Species::One(element) => *element,
            Species::Each(elements) => elements[atom.index()],
        }
    }

    /// The elements of so many atoms that occur, by increasing number, with the number of their atoms.
    pub(super) fn counts(&self, atoms: usize) -> Vec<(Element, usize)> {
        match self {
            Species::One(element) => vec![(*element, atoms)],
            Species::Each(elements) => {
                let mut counts: BTreeMap<Element, usize> = BTreeMap::new();
                for &element in elements.iter() {
                    *counts.entry(element).or_default() += 1;
                }
                counts.into_iter().collect()
            }
        }
    }

    /// Those of the marked atoms.
    pub(super) fn only(&self, keep: &Mask<AtomId>) -> Species {
        let Species::Each(elements) = self else {
            return self.clone();
        };
        let kept = keep.marked().map(|atom| elements[atom.index()]).collect();
        Species::of(kept).unwrap_or_else(|| self.clone())
    }
}
