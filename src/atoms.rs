//! Atoms: positions of one chemical element, in an open sample or in a periodic box.
//!
//! Everything downstream takes [`Atoms`], so what is checked here (finite coordinates, no two
//! atoms at one place, enough atoms for a tetrahedron and a neighbour) need not be checked again.

use std::num::NonZero;
use std::sync::Arc;

use kiddo::{ImmutableKdTree, SquaredEuclidean};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::numerics::{Mask, Numbered, arrays, numbered};

pub use crate::numerics::Vec3;

numbered! {
    /// The number of an atom in its sample, counted from 0 in the order of the source file.
    pub struct AtomId;
}

/// Fewer atoms than this hold no tetrahedron with a face neighbour.
pub const FEWEST_ATOMS: usize = 5;

/// Two atoms closer than this, in ångström, are taken for one atom written twice.
pub const COINCIDENT_ANGSTROM: f64 = 1e-6;

/// The monatomic systems of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Element {
    /// Tantalum.
    Ta,
    /// Palladium.
    Pd,
}

impl Element {
    /// The chemical symbol.
    pub fn symbol(self) -> &'static str {
        match self {
            Element::Ta => "Ta",
            Element::Pd => "Pd",
        }
    }

    /// The element of a chemical symbol, if it is one of ours.
    pub fn from_symbol(symbol: &str) -> Option<Element> {
        match symbol {
            "Ta" => Some(Element::Ta),
            "Pd" => Some(Element::Pd),
            _ => None,
        }
    }

    /// The melting point at normal pressure in kelvin (CRC Handbook of Chemistry and Physics).
    pub fn melting_point_k(self) -> f64 {
        match self {
            Element::Ta => 3_290.0,
            Element::Pd => 1_828.0,
        }
    }

    /// The standard atomic mass in g/mol (IUPAC 2021).
    pub fn mass_g_per_mol(self) -> f64 {
        match self {
            Element::Ta => 180.947_88,
            Element::Pd => 106.42,
        }
    }
}

/// What surrounds the atoms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Boundary {
    /// A film or a particle in vacuum: the experiment.
    Open,
    /// An orthogonal box of these edge lengths in ångström, repeated without end: the simulation.
    Periodic(Vec3),
}

/// Why a list of positions is not a sample.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum AtomsError {
    /// Not enough atoms to form two tetrahedra.
    #[error("the sample has {found} atoms; the analysis needs at least {FEWEST_ATOMS}")]
    TooFew {
        /// Number of atoms given.
        found: usize,
    },
    /// A coordinate is NaN or infinite.
    #[error(
        "atom {atom} (counted from 0) has the position ({}, {}, {}), which is not a finite place; \
         remove or correct it",
        position[0], position[1], position[2]
    )]
    NotFinite {
        /// The offending atom.
        atom: AtomId,
        /// Its position as given.
        position: Vec3,
    },
    /// Two atoms lie at one place.
    #[error(
        "atoms {first} and {second} (counted from 0) lie at the same place ({:.6}, {:.6}, {:.6}) Å; \
         remove one of them",
        position[0], position[1], position[2]
    )]
    Coincident {
        /// The smaller index.
        first: AtomId,
        /// The larger index.
        second: AtomId,
        /// Where they lie.
        position: Vec3,
    },
    /// A box edge is not a positive finite length.
    #[error(
        "the periodic box has the edges {:?} Å; each must be positive and finite",
        edges.to_array()
    )]
    BadBox {
        /// The edges as given, in ångström.
        edges: Vec3,
    },
}

/// The atoms of one sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Atoms {
    element: Element,
    positions: Arc<Vec<Vec3>>,
    boundary: Boundary,
}

impl Atoms {
    /// Checks the positions (ångström; arrays of three numbers or [`Vec3`]) and, in a periodic box,
    /// wraps them into `0 ≤ x < edge`.
    ///
    /// # Errors
    /// [`AtomsError`] names the first offending atom or pair.
    pub fn new<P: Into<Vec3>>(
        element: Element,
        positions: Vec<P>,
        boundary: Boundary,
    ) -> Result<Atoms, AtomsError> {
        let mut positions: Vec<Vec3> = positions.into_iter().map(Into::into).collect();
        if let Boundary::Periodic(edges) = boundary
            && !(edges.is_finite() && edges.min_element() > 0.0)
        {
            return Err(AtomsError::BadBox { edges });
        }
        if positions.len() < FEWEST_ATOMS {
            return Err(AtomsError::TooFew {
                found: positions.len(),
            });
        }
        if let Some(atom) = positions.iter().position(|p| !p.is_finite()) {
            return Err(AtomsError::NotFinite {
                atom: AtomId::at(atom),
                position: positions[atom],
            });
        }
        if let Boundary::Periodic(edges) = boundary {
            for position in &mut positions {
                *position = wrapped(*position, edges);
            }
        }
        let atoms = Atoms {
            element,
            positions: Arc::new(positions),
            boundary,
        };
        match atoms.closest_pair() {
            (first, second, distance) if distance < COINCIDENT_ANGSTROM => {
                let position = atoms.position(first);
                Err(AtomsError::Coincident {
                    first,
                    second,
                    position,
                })
            }
            _ => Ok(atoms),
        }
    }

    /// Those atoms that `keep` marks, in their order.
    ///
    /// # Errors
    /// [`AtomsError::TooFew`] when too few are left.
    pub fn only(&self, keep: &Mask<AtomId>) -> Result<Atoms, AtomsError> {
        let positions: Vec<Vec3> = keep.marked().map(|atom| self.position(atom)).collect();
        if positions.len() < FEWEST_ATOMS {
            return Err(AtomsError::TooFew {
                found: positions.len(),
            });
        }
        Ok(Atoms {
            element: self.element,
            positions: Arc::new(positions),
            boundary: self.boundary,
        })
    }

    /// The element.
    pub fn element(&self) -> Element {
        self.element
    }

    /// The positions in ångström, by atom.
    pub fn positions(&self) -> &[Vec3] {
        &self.positions
    }

    /// Where an atom lies, in ångström.
    #[inline]
    pub fn position(&self, atom: AtomId) -> Vec3 {
        self.positions[atom.index()]
    }

    /// The positions for whoever must keep them: not another copy of them.
    pub(crate) fn shared_positions(&self) -> Arc<Vec<Vec3>> {
        Arc::clone(&self.positions)
    }

    /// What surrounds the atoms.
    pub fn boundary(&self) -> Boundary {
        self.boundary
    }

    /// Atoms per cubic ångström of a periodic box; `None` in vacuum, where the volume is a question
    /// of convention.
    pub fn number_density(&self) -> Option<f64> {
        match self.boundary() {
            Boundary::Periodic(edges) => Some(self.len() as f64 / edges.element_product()),
            Boundary::Open => None,
        }
    }

    /// The number of atoms.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Never true: an empty sample is refused by [`Atoms::new`].
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// The two atoms nearest to each other, smaller index first, and their distance in ångström.
    ///
    /// Of several equally close pairs the one with the smallest indices.
    pub fn closest_pair(&self) -> (AtomId, AtomId, f64) {
        let places = arrays(&self.positions);
        let tree =
            ImmutableKdTree::new_from_slice(places).expect("finite positions make a valid tree");
        let two = NonZero::new(2).expect("two is not zero");
        let (squared, first, second) = (0..self.len())
            .into_par_iter()
            .map(|i| {
                let query = tree.query(&places[i]);
                let nearest = match self.boundary {
                    Boundary::Open => query.nearest_n::<SquaredEuclidean<f64>>(two).execute(),
                    Boundary::Periodic(edges) => query
                        .periodic_boundary_condition(&edges.to_array())
                        .nearest_n::<SquaredEuclidean<f64>>(two)
                        .execute(),
                };
                nearest
                    .iter()
                    .filter(|item| item.item as usize != i)
                    .map(|item| {
                        let j = item.item as usize;
                        (item.distance, AtomId::at(i.min(j)), AtomId::at(i.max(j)))
                    })
                    .fold(farthest(), earlier)
            })
            .reduce(farthest, earlier);
        (first, second, squared.sqrt())
    }
}

type Pair = (f64, AtomId, AtomId);

/// Farther apart than any pair.
fn farthest() -> Pair {
    (f64::INFINITY, AtomId::new(u32::MAX), AtomId::new(u32::MAX))
}

fn earlier(a: Pair, b: Pair) -> Pair {
    if b < a { b } else { a }
}

/// A position folded into `0 ≤ x < edge`, also where rounding would give `edge` itself.
fn wrapped(position: Vec3, edges: Vec3) -> Vec3 {
    let folded = position.rem_euclid(edges);
    Vec3::select(folded.cmplt(edges), folded, Vec3::ZERO)
}
