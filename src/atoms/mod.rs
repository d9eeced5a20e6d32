//! Atoms: positions and elements, in an open sample or in a periodic cell.
//!
//! Everything downstream takes [`Atoms`], so what is checked here (finite coordinates, no two
//! atoms at one place, enough atoms for a tetrahedron and a neighbour) need not be checked again.
//! [`Element`] is the periodic table, [`Cell`] the lattice vectors and which of them repeat,
//! [`ScatteringFactor`] how an atom scatters electrons.

mod cell;
mod element;
mod scattering;
mod species;

use std::num::NonZero;
use std::sync::{Arc, OnceLock};

use kiddo::{ImmutableKdTree, SquaredEuclidean};
use rayon::prelude::*;

use crate::numerics::{Mask, Numbered, arrays, numbered};

pub use crate::numerics::Vec3;
pub use cell::Cell;
pub use element::{Element, UnknownElement};
pub use scattering::{NoScatteringFactor, ScatteringFactor};
pub use species::Species;

numbered! {
    /// The number of an atom in its sample, counted from 0 in the order of the source file.
    pub struct AtomId;
}

/// Fewer atoms than this hold no tetrahedron with a face neighbour.
pub const FEWEST_ATOMS: usize = 5;

/// More atoms than this have more tetrahedra, nearly seven each, than can be numbered.
pub const MOST_ATOMS: usize = 75_000_000;

/// Atoms whose nearest neighbour may be farther away than this, in ångström, are seen without images.
const FARTHEST_IMAGES: f64 = 40.0;

/// Two atoms closer than this, in ångström, are taken for one atom written twice.
pub const COINCIDENT_ANGSTROM: f64 = 1e-6;

/// What surrounds the atoms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Boundary {
    /// A film or a particle in vacuum: the experiment.
    Open,
    /// A cell repeated without end along one, two or three directions: the simulation.
    Periodic(Cell),
}

impl Boundary {
    /// A box with edges along x, y and z of these lengths in ångström, repeated along all three.
    pub fn periodic(edges: Vec3) -> Boundary {
        Boundary::Periodic(Cell::orthogonal(edges))
    }

    /// The edges in ångström of a box with edges along x, y and z that is repeated along all three;
    /// `None` of anything else.
    #[inline]
    pub fn edges(&self) -> Option<Vec3> {
        match self {
            Boundary::Open => None,
            Boundary::Periodic(cell) => cell.edges(),
        }
    }

    /// Along which of its directions the sample is repeated.
    pub fn directions(&self) -> [bool; 3] {
        match self {
            Boundary::Open => [false; 3],
            Boundary::Periodic(cell) => cell.periodic(),
        }
    }
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
    /// The vectors of a cell are not finite, or lie in a plane.
    #[error(
        "the periodic cell has the lattice vectors {:?} Å; they must be finite and span a volume",
        lattice.map(|a| a.to_array())
    )]
    BadCell {
        /// The vectors as given, in ångström.
        lattice: [Vec3; 3],
    },
    /// Far more atoms than a cell of this size can hold.
    #[error(
        "the {atoms} atoms of the periodic cell of {volume:.3} Å³ have {images:.1e} images within 20 Å \
         of it, which is no matter; are the positions fractions of the cell, or in another unit than \
         ångström?"
    )]
    TooDense {
        /// Number of atoms.
        atoms: usize,
        /// The volume of the cell in Å³; along open directions per ångström.
        volume: f64,
        /// About how many images there would be.
        images: f64,
    },
    /// Not one element for each atom.
    #[error("there are {species} elements for {atoms} atoms; each atom needs one")]
    Unmatched {
        /// Number of elements.
        species: usize,
        /// Number of positions.
        atoms: usize,
    },
    /// More atoms than can be numbered.
    #[error("the sample has {found} atoms; at most {MOST_ATOMS} can be analysed, cut it in parts")]
    TooMany {
        /// Number of atoms given.
        found: usize,
    },
}

/// The atoms of one sample.
#[derive(Debug, Clone)]
pub struct Atoms {
    species: Species,
    positions: Arc<Vec<Vec3>>,
    boundary: Boundary,
    /// The distance of every atom from the nearest other one, once it was asked for.
    nearest: OnceLock<Arc<Vec<f64>>>,
}

impl PartialEq for Atoms {
    fn eq(&self, other: &Atoms) -> bool {
        self.species == other.species
            && self.positions == other.positions
            && self.boundary == other.boundary
    }
}

impl Atoms {
    /// Atoms of one element. Checks the positions (ångström; arrays of three numbers or [`Vec3`]) and
    /// folds them into a periodic cell: `0 ≤ x < edge` in a box.
    ///
    /// # Errors
    /// [`AtomsError`] names the first offending atom or pair.
    pub fn new<P: Into<Vec3>>(
        element: Element,
        positions: Vec<P>,
        boundary: Boundary,
    ) -> Result<Atoms, AtomsError> {
        let positions = positions.into_iter().map(Into::into).collect();
        Atoms::checked(Species::One(element), positions, boundary)
    }

    /// The same of an alloy: each atom with its element.
    ///
    /// # Errors
    /// [`AtomsError`], also when there are not as many elements as positions.
    ///
    /// ```
    /// use amorphous_packing::atoms::{Atoms, Boundary, Element};
    /// let kinds = vec![Element::Cu, Element::Zr, Element::Cu, Element::Zr, Element::Zr];
    /// let places = vec![[0., 0., 0.], [2.5, 0., 0.], [0., 2.5, 0.], [0., 0., 2.5], [2., 2., 2.]];
    /// let atoms = Atoms::of_species(kinds, places, Boundary::Open)?;
    /// assert_eq!(atoms.composition(), [(Element::Cu, 2), (Element::Zr, 3)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_species<P: Into<Vec3>>(
        species: Vec<Element>,
        positions: Vec<P>,
        boundary: Boundary,
    ) -> Result<Atoms, AtomsError> {
        if species.len() != positions.len() {
            return Err(AtomsError::Unmatched {
                species: species.len(),
                atoms: positions.len(),
            });
        }
        let positions: Vec<Vec3> = positions.into_iter().map(Into::into).collect();
        let too_few = AtomsError::TooFew { found: 0 };
        Atoms::checked(Species::of(species).ok_or(too_few)?, positions, boundary)
    }

    fn checked(
        species: Species,
        mut positions: Vec<Vec3>,
        boundary: Boundary,
    ) -> Result<Atoms, AtomsError> {
        check_boundary(boundary)?;
        let found = positions.len();
        if found < FEWEST_ATOMS {
            return Err(AtomsError::TooFew { found });
        }
        if found > MOST_ATOMS {
            return Err(AtomsError::TooMany { found });
        }
        if let Some(atom) = positions.iter().position(|p| !p.is_finite()) {
            return Err(AtomsError::NotFinite {
                atom: AtomId::at(atom),
                position: positions[atom],
            });
        }
        if let Boundary::Periodic(cell) = boundary {
            check_images(found, &cell)?;
            for position in &mut positions {
                *position = cell.wrapped(*position);
            }
        }
        let atoms = Atoms {
            species,
            positions: Arc::new(positions),
            boundary,
            nearest: OnceLock::new(),
        };
        let nearest = atoms.nearest();
        match closest(&nearest) {
            (first, second, distance) if distance < COINCIDENT_ANGSTROM => {
                let position = atoms.position(first);
                Err(AtomsError::Coincident {
                    first,
                    second,
                    position,
                })
            }
            _ => {
                atoms.nearest.get_or_init(|| distances(&nearest));
                Ok(atoms)
            }
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
            species: self.species.only(keep),
            positions: Arc::new(positions),
            boundary: self.boundary,
            nearest: OnceLock::new(),
        })
    }

    /// The same atoms in other surroundings.
    ///
    /// # Errors
    /// As of [`Atoms::new`].
    pub fn with_boundary(&self, boundary: Boundary) -> Result<Atoms, AtomsError> {
        Atoms::checked(self.species.clone(), self.positions.to_vec(), boundary)
    }

    /// The same atoms, all lengths multiplied by `factor`, which must be positive and finite.
    pub fn scaled(&self, factor: f64) -> Atoms {
        let positions = self.positions.iter().map(|&place| place * factor);
        Atoms {
            species: self.species.clone(),
            positions: Arc::new(positions.collect()),
            boundary: match self.boundary {
                Boundary::Open => Boundary::Open,
                Boundary::Periodic(cell) => Boundary::Periodic(cell.scaled(factor)),
            },
            nearest: OnceLock::new(),
        }
    }

    /// The element of every atom, or the one of all.
    pub fn species(&self) -> &Species {
        &self.species
    }

    /// The element, where all atoms are of one.
    pub fn only_element(&self) -> Option<Element> {
        match self.species {
            Species::One(element) => Some(element),
            Species::Each(_) => None,
        }
    }

    /// The element of an atom.
    #[inline]
    pub fn element(&self, atom: AtomId) -> Element {
        self.species.of_atom(atom)
    }

    /// The elements that occur, by increasing number, with how many atoms each has.
    pub fn composition(&self) -> Vec<(Element, usize)> {
        self.species.counts(self.len())
    }

    /// The kind of every atom: the place of its element in the composition.
    pub fn kinds(&self) -> Vec<u8> {
        let composition = self.composition();
        let place = |element: Element| composition.iter().position(|(known, _)| *known == element);
        AtomId::first(self.len())
            .map(|atom| place(self.element(atom)).unwrap_or_default() as u8)
            .collect()
    }

    /// Which atoms are of an element.
    pub fn of_element(&self, element: Element) -> Mask<AtomId> {
        AtomId::first(self.len())
            .map(|atom| self.element(atom) == element)
            .collect()
    }

    /// The mass of all atoms in g/mol.
    pub fn mass_g_per_mol(&self) -> f64 {
        let masses = self.composition().into_iter();
        masses
            .map(|(element, atoms)| element.mass_g_per_mol() * atoms as f64)
            .sum()
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

    /// Atoms per cubic ångström of a cell repeated along all directions; `None` where there is vacuum
    /// and the volume a question of convention.
    pub fn number_density(&self) -> Option<f64> {
        match self.boundary() {
            Boundary::Periodic(cell) => Some(self.len() as f64 / cell.volume()?),
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
        closest(&self.nearest())
    }

    /// The distance in ångström of every atom from the other atom that is nearest to it.
    pub fn nearest_distances(&self) -> &[f64] {
        self.nearest.get_or_init(|| distances(&self.nearest()))
    }

    /// The nearest other atom of every atom, and its distance in ångström.
    fn nearest(&self) -> Vec<(u32, f64)> {
        let places = arrays(&self.positions);
        let two = NonZero::new(2).expect("two is not zero");
        let (all, period) = match self.boundary {
            Boundary::Open => (None, None),
            Boundary::Periodic(cell) => match cell.edges() {
                Some(edges) => (None, Some(edges.to_array())),
                None => (
                    Some(cell.with_images(&self.positions, self.reach(&cell))),
                    None,
                ),
            },
        };
        let images: Option<Vec<Vec3>> = all
            .as_ref()
            .map(|all| all.iter().map(|(place, _)| *place).collect());
        let among = images.as_deref().map_or(places, arrays);
        let tree =
            ImmutableKdTree::new_from_slice(among).expect("finite positions make a valid tree");
        let atom = |item: u64| match &all {
            Some(all) => all[item as usize].1,
            None => item as u32,
        };
        (0..self.len() as u32)
            .into_par_iter()
            .map(|i| {
                let query = tree.query(&places[i as usize]);
                let nearest = match &period {
                    None => query.nearest_n::<SquaredEuclidean<f64>>(two).execute(),
                    Some(edges) => query
                        .periodic_boundary_condition(edges)
                        .nearest_n::<SquaredEuclidean<f64>>(two)
                        .execute(),
                };
                let others = nearest
                    .iter()
                    .map(|near| (near.distance, atom(near.item.into())));
                let (squared, j) = others
                    .filter(|(_, j)| *j != i)
                    .fold((f64::INFINITY, u32::MAX), |a, b| if b < a { b } else { a });
                (j, squared.sqrt())
            })
            .collect()
    }

    /// A distance in ångström within which every atom that is not alone has another: more than the
    /// closest pair of as many atoms in as much space can be apart.
    fn reach(&self, cell: &Cell) -> f64 {
        let space = cell.space_about(&self.positions, 1.0);
        // Where atoms are farther apart, their images need not be looked at.
        (2.0 * (space / self.len() as f64).cbrt()).min(FARTHEST_IMAGES)
    }
}

/// That the atoms have no more images than can be looked at: a few for each, or in a small cell many.
fn check_images(atoms: usize, cell: &Cell) -> Result<(), AtomsError> {
    const SEEN_ANGSTROM: f64 = 20.0;
    const MOST: f64 = 2e7;
    let images = cell.images(atoms, SEEN_ANGSTROM);
    if images <= MOST + 30.0 * atoms as f64 {
        return Ok(());
    }
    let [a, b, c] = cell.lattice();
    Err(AtomsError::TooDense {
        atoms,
        volume: a.dot(b.cross(c)).abs(),
        images,
    })
}

/// That a cell can be repeated.
fn check_boundary(boundary: Boundary) -> Result<(), AtomsError> {
    match boundary {
        Boundary::Periodic(cell) if !cell.is_sound() && cell.is_axis_parallel() => {
            let edges = cell.diagonal();
            Err(AtomsError::BadBox { edges })
        }
        Boundary::Periodic(cell) if !cell.is_sound() => {
            let lattice = cell.lattice();
            Err(AtomsError::BadCell { lattice })
        }
        _ => Ok(()),
    }
}

/// The two nearest of the nearest, of equally near ones those with the smallest indices.
fn closest(nearest: &[(u32, f64)]) -> (AtomId, AtomId, f64) {
    let pairs = nearest.par_iter().enumerate().map(|(i, &(j, distance))| {
        let [i, j] = [i, j as usize].map(AtomId::at);
        (distance, i.min(j), i.max(j))
    });
    let (distance, first, second) = pairs.reduce(farthest, earlier);
    (first, second, distance)
}

fn distances(nearest: &[(u32, f64)]) -> Arc<Vec<f64>> {
    Arc::new(nearest.iter().map(|(_, near)| *near).collect())
}

type Pair = (f64, AtomId, AtomId);

/// Farther apart than any pair.
fn farthest() -> Pair {
    (f64::INFINITY, AtomId::new(u32::MAX), AtomId::new(u32::MAX))
}

fn earlier(a: Pair, b: Pair) -> Pair {
    if b < a { b } else { a }
}
