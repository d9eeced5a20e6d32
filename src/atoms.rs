//! Atoms: positions of one chemical element, in an open sample or in a periodic box.
//!
//! Everything downstream takes [`Atoms`], so what is checked here (finite coordinates, no two
//! atoms at one place, enough atoms for a tetrahedron and a neighbour) need not be checked again.

use std::num::NonZero;
use std::sync::Arc;

use kiddo::{ImmutableKdTree, SquaredEuclidean};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// A position or a displacement in ångström.
pub type Vec3 = [f64; 3];

/// The index of an atom in its sample, 0-based, in the order of the source file.
pub type AtomId = u32;

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
    Periodic([f64; 3]),
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
    #[error("the periodic box has the edges {edges:?} Å; each must be positive and finite")]
    BadBox {
        /// The edges as given, in ångström.
        edges: [f64; 3],
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
    /// Checks the positions (ångström) and, in a periodic box, wraps them into `0 ≤ x < edge`.
    ///
    /// # Errors
    /// [`AtomsError`] names the first offending atom or pair.
    pub fn new(
        element: Element,
        mut positions: Vec<Vec3>,
        boundary: Boundary,
    ) -> Result<Atoms, AtomsError> {
        if let Boundary::Periodic(edges) = boundary
            && !edges.iter().all(|edge| edge.is_finite() && *edge > 0.0)
        {
            return Err(AtomsError::BadBox { edges });
        }
        if positions.len() < FEWEST_ATOMS {
            return Err(AtomsError::TooFew {
                found: positions.len(),
            });
        }
        if let Some(atom) = positions
            .iter()
            .position(|p| !p.iter().all(|x| x.is_finite()))
        {
            return Err(AtomsError::NotFinite {
                atom: atom as AtomId,
                position: positions[atom],
            });
        }
        if let Boundary::Periodic(edges) = boundary {
            for position in &mut positions {
                for (x, edge) in position.iter_mut().zip(edges) {
                    *x = wrap(*x, edge);
                }
            }
        }
        let atoms = Atoms {
            element,
            positions: Arc::new(positions),
            boundary,
        };
        match atoms.closest_pair() {
            (first, second, distance) if distance < COINCIDENT_ANGSTROM => {
                let position = atoms.positions[first as usize];
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
    pub fn only(&self, keep: &[bool]) -> Result<Atoms, AtomsError> {
        let marked = self.positions.iter().zip(keep);
        let positions: Vec<Vec3> = marked
            .filter(|(_, keep)| **keep)
            .map(|(position, _)| *position)
            .collect();
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

    /// The positions in ångström, indexed by [`AtomId`].
    pub fn positions(&self) -> &[Vec3] {
        &self.positions
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
            Boundary::Periodic(edges) => Some(self.len() as f64 / edges.iter().product::<f64>()),
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
        let tree = ImmutableKdTree::new_from_slice(&self.positions)
            .expect("finite positions make a valid tree");
        let two = NonZero::new(2).expect("two is not zero");
        let (squared, first, second) = (0..self.len())
            .into_par_iter()
            .map(|i| {
                let query = tree.query(&self.positions[i]);
                let nearest = match self.boundary {
                    Boundary::Open => query.nearest_n::<SquaredEuclidean<f64>>(two).execute(),
                    Boundary::Periodic(edges) => query
                        .periodic_boundary_condition(&edges)
                        .nearest_n::<SquaredEuclidean<f64>>(two)
                        .execute(),
                };
                nearest
                    .iter()
                    .filter(|item| item.item as usize != i)
                    .map(|item| {
                        let j = item.item as usize;
                        (item.distance, i.min(j) as AtomId, i.max(j) as AtomId)
                    })
                    .fold(FARTHEST, earlier)
            })
            .reduce(|| FARTHEST, earlier);
        (first, second, squared.sqrt())
    }
}

const FARTHEST: (f64, AtomId, AtomId) = (f64::INFINITY, AtomId::MAX, AtomId::MAX);

fn earlier(a: (f64, AtomId, AtomId), b: (f64, AtomId, AtomId)) -> (f64, AtomId, AtomId) {
    if (b.0, b.1, b.2) < (a.0, a.1, a.2) {
        b
    } else {
        a
    }
}

/// `x` folded into `0 ≤ x < edge`, also where rounding would give `edge` itself.
pub(crate) fn wrap(x: f64, edge: f64) -> f64 {
    let folded = x.rem_euclid(edge);
    if folded < edge { folded } else { 0.0 }
}
