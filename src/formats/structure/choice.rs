//! What the user says in addition to a file, and the sample that both make.

use std::collections::BTreeMap;

use crate::atoms::{Atoms, AtomsError, Boundary, Cell, Element, Vec3};

use super::error::StructureError;
use super::frame::{Kinds, Structure, StructureCell};

/// Two atoms closer than this, in ångström, are no matter: the shortest bond, of H₂, is 0.74 Å long.
pub const CLOSEST_ANGSTROM: f64 = 0.5;

/// No sample reaches farther than this, in ångström: a tenth of a millimetre.
pub const FARTHEST_ANGSTROM: f64 = 1e6;

/// What the user says in addition to a file. What the file states about its atoms is kept: `types` and
/// `element` fill what it leaves open. Directions are the user's to say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choice {
    /// The elements of the types 1, 2, …
    pub types: Option<Vec<Element>>,
    /// The element of atoms of which the file says nothing.
    pub element: Option<Element>,
    /// For each axis of the cell, whether it is repeated, where it is not to be as the file says.
    pub periodic: [Option<bool>; 3],
}

impl Choice {
    /// The elements of the types 1, 2, …; a single one is also that of all atoms of which the file says
    /// nothing.
    pub fn of_types(types: Vec<Element>) -> Choice {
        Choice {
            element: match types[..] {
                [only] => Some(only),
                _ => None,
            },
            types: Some(types),
            periodic: [None; 3],
        }
    }
}

impl Structure {
    /// The frame as a sample: elements from the file, from `choice`, or from the masses that the file
    /// states for its types; in a repeated cell the positions are counted from its corner and folded
    /// into it.
    ///
    /// # Errors
    /// [`StructureError`] when elements or a cell are missing, when two atoms are closer than
    /// [`CLOSEST_ANGSTROM`], which tells of another unit of length, and for what [`Atoms`] refuses.
    ///
    /// ```
    /// use amorphous_packing::atoms::Element;
    /// use amorphous_packing::formats::structure::{Choice, Format, read_text};
    /// let text = "5\n\nCu 0 0 0\nCu 2 2 0\nZr 2 0 2\nZr 0 2 2\nCu 4 4 4\n";
    /// let frame = read_text(text, Format::Xyz).next().unwrap()?;
    /// let atoms = frame.to_atoms(&Choice::default())?;
    /// assert_eq!(atoms.composition(), [(Element::Cu, 3), (Element::Zr, 2)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_atoms(&self, choice: &Choice) -> Result<Atoms, StructureError> {
        if self.positions.is_empty() {
            return Err(AtomsError::TooFew { found: 0 }.into());
        }
        let (boundary, origin) = boundary(self.cell, choice.periodic)?;
        let positions: Vec<Vec3> = self.positions.iter().map(|&p| p - origin).collect();
        check_reach(&positions, boundary)?;
        let atoms = match &self.kinds {
            Kinds::Elements(elements) => Atoms::of_species(elements.clone(), positions, boundary)?,
            Kinds::Types(types) => {
                let elements = self.elements_of(types, choice)?;
                Atoms::of_species(elements, positions, boundary)?
            }
            Kinds::Unknown => {
                let element = choice.element.ok_or(StructureError::NoElement)?;
                Atoms::new(element, positions, boundary)?
            }
        };
        if atoms
            .nearest_distances()
            .iter()
            .any(|&near| near < CLOSEST_ANGSTROM)
        {
            let (first, second, distance) = atoms.closest_pair();
            return Err(StructureError::TooClose {
                first,
                second,
                elements: [first, second].map(|atom| atoms.element(atom)),
                distance,
            });
        }
        Ok(atoms)
    }

    /// The element of each atom by its type.
    fn elements_of(&self, types: &[u32], choice: &Choice) -> Result<Vec<Element>, StructureError> {
        let mut there: Vec<u32> = types.to_vec();
        there.sort_unstable();
        there.dedup();
        if there.first() == Some(&0) {
            return Err(StructureError::TypeZero);
        }
        let of_type: Vec<(u32, Element)> = match &choice.types {
            Some(elements) => by_choice(&there, elements)?,
            None => {
                let by_mass = by_masses(&there, &self.masses);
                by_mass.ok_or(StructureError::TypesWithoutElements { types: there })?
            }
        };
        let element = |number: &u32| {
            let place = of_type.binary_search_by_key(number, |(known, _)| *known);
            place.ok().map(|place| of_type[place].1)
        };
        let elements: Option<Vec<Element>> = types.iter().map(element).collect();
        elements.ok_or(StructureError::NoElement)
    }
}

fn by_choice(there: &[u32], elements: &[Element]) -> Result<Vec<(u32, Element)>, StructureError> {
    let element = |number: &u32| elements.get(*number as usize - 1).map(|e| (*number, *e));
    let found: Option<Vec<(u32, Element)>> = there.iter().map(element).collect();
    found.ok_or_else(|| StructureError::TooFewElements {
        given: elements.len(),
        needed: there.last().copied().unwrap_or_default(),
    })
}

/// The elements by the masses of all types; masses that are all exactly 1 are reduced units.
fn by_masses(there: &[u32], masses: &[(u32, f64)]) -> Option<Vec<(u32, Element)>> {
    if masses.iter().all(|(_, mass)| *mass == 1.0) {
        return None;
    }
    let masses: BTreeMap<u32, f64> = masses.iter().copied().collect();
    let element = |number: &u32| Some((*number, Element::from_mass(*masses.get(number)?)?));
    there.iter().map(element).collect()
}

/// That nothing lies where no sample does: the search for neighbours would take for ever.
fn check_reach(positions: &[Vec3], boundary: Boundary) -> Result<(), StructureError> {
    let far = |place: &Vec3| place.is_finite() && place.abs().max_element() > FARTHEST_ANGSTROM;
    if let Some(atom) = positions.iter().position(far) {
        return Err(StructureError::FarAway {
            what: format!("atom {atom} (counted from 0)"),
            place: positions[atom],
        });
    }
    let Boundary::Periodic(cell) = boundary else {
        return Ok(());
    };
    let vectors = cell.lattice();
    match vectors.iter().position(far) {
        Some(axis) => Err(StructureError::FarAway {
            what: format!("the vector {} of the cell", ['a', 'b', 'c'][axis]),
            place: vectors[axis],
        }),
        None => Ok(()),
    }
}

/// What surrounds the atoms, and the place that becomes the origin.
fn boundary(
    cell: Option<StructureCell>,
    wanted: [Option<bool>; 3],
) -> Result<(Boundary, Vec3), StructureError> {
    let stated = cell.map_or([false; 3], |cell| cell.periodic);
    let periodic = [0, 1, 2].map(|k| wanted[k].unwrap_or(stated[k]));
    let Some(axis) = (0..3).find(|&k| periodic[k]) else {
        return Ok((Boundary::Open, Vec3::ZERO));
    };
    let cell = cell.ok_or(StructureError::NoCell {
        axis: ['a', 'b', 'c'][axis],
    })?;
    let vectors = forwards(cell.vectors);
    Ok((
        Boundary::Periodic(Cell::new(vectors, periodic)),
        cell.origin,
    ))
}

/// The vectors of an axis-parallel lattice along x, y and z: backwards they span the same lattice.
fn forwards(vectors: [Vec3; 3]) -> [Vec3; 3] {
    let along = |k: usize| (0..3).all(|axis| axis == k || vectors[k][axis] == 0.0);
    match (0..3).all(along) {
        true => vectors.map(Vec3::abs),
        false => vectors,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn five(kinds: Kinds) -> Structure {
        let places = [
            [1., 1., 1.],
            [3., 1., 1.],
            [1., 3., 1.],
            [1., 1., 3.],
            [9.5, 9.5, 9.5],
        ];
        Structure {
            positions: places.map(Vec3::from).to_vec(),
            kinds,
            ..Structure::default()
        }
    }

    fn boxed(origin: f64) -> Option<StructureCell> {
        Some(StructureCell {
            origin: Vec3::splat(origin),
            vectors: [Vec3::X, Vec3::Y, Vec3::Z].map(|axis| 8.0 * axis),
            periodic: [true, true, false],
        })
    }

    fn refusal(structure: &Structure, choice: &Choice) -> String {
        structure.to_atoms(choice).unwrap_err().to_string()
    }

    #[test]
    fn types_become_elements_by_the_choice_or_by_masses() {
        let mut structure = five(Kinds::Types(vec![1, 2, 2, 1, 2]));
        let none = Choice::default();
        assert_eq!(
            refusal(&structure, &none),
            "it has atom types 1, 2 without element symbols; say which elements they are"
        );
        let choice = Choice {
            types: Some(vec![Element::Cu, Element::Zr]),
            ..Choice::default()
        };
        let composition = [(Element::Cu, 2), (Element::Zr, 3)];
        assert_eq!(
            structure.to_atoms(&choice).unwrap().composition(),
            composition
        );
        structure.masses = vec![(2, 91.22), (1, 63.55)];
        assert_eq!(
            structure.to_atoms(&none).unwrap().composition(),
            composition
        );
        structure.masses = vec![(2, 1.0), (1, 1.0)];
        assert!(refusal(&structure, &none).contains("say which elements"));
        structure.masses = vec![(1, 63.55)];
        assert!(refusal(&structure, &none).contains("say which elements"));
        assert_eq!(
            refusal(&structure, &Choice::of_types(vec![Element::Ta])),
            "1 elements were given, but it has an atom of type 2; give one for each of the types 1 to 2"
        );
        let zero = five(Kinds::Types(vec![0, 1, 1, 1, 1]));
        assert!(refusal(&zero, &choice).contains("types count from 1"));
    }

    #[test]
    fn what_says_nothing_takes_the_element_of_the_choice() {
        let structure = five(Kinds::Unknown);
        assert!(refusal(&structure, &Choice::default()).contains("which element"));
        let atoms = structure
            .to_atoms(&Choice::of_types(vec![Element::Ta]))
            .unwrap();
        assert_eq!(atoms.only_element(), Some(Element::Ta));
        assert_eq!(atoms.boundary(), Boundary::Open);
        assert_eq!(atoms.positions(), structure.positions);
    }

    #[test]
    fn the_corner_of_a_repeated_cell_becomes_the_origin() {
        let mut structure = five(Kinds::Unknown);
        structure.cell = boxed(2.0);
        let ta = Choice::of_types(vec![Element::Ta]);
        let atoms = structure.to_atoms(&ta).unwrap();
        assert_eq!(atoms.boundary().directions(), [true, true, false]);
        assert_eq!(atoms.positions()[0], Vec3::new(7.0, 7.0, -1.0));
        let open = Choice {
            periodic: [Some(false), Some(false), None],
            ..ta.clone()
        };
        assert_eq!(
            structure.to_atoms(&open).unwrap().boundary(),
            Boundary::Open
        );
        let closed = Choice {
            periodic: [None, None, Some(true)],
            ..ta.clone()
        };
        let atoms = structure.to_atoms(&closed).unwrap();
        assert_eq!(atoms.boundary(), Boundary::periodic(Vec3::splat(8.0)));
        structure.cell = None;
        assert_eq!(
            refusal(&structure, &closed),
            "it states no cell, so that its atoms cannot be repeated along axis c"
        );
    }

    #[test]
    fn vectors_that_point_backwards_span_the_same_cell() {
        let mut structure = five(Kinds::Unknown);
        structure.cell = Some(StructureCell::repeated([
            -8.0 * Vec3::X,
            8.0 * Vec3::Y,
            -8.0 * Vec3::Z,
        ]));
        let atoms = structure
            .to_atoms(&Choice::of_types(vec![Element::Ta]))
            .unwrap();
        assert_eq!(atoms.boundary(), Boundary::periodic(Vec3::splat(8.0)));
    }

    #[test]
    fn what_lies_beyond_any_sample_is_refused() {
        let mut structure = five(Kinds::Unknown);
        structure.positions[3].z = 4e9;
        assert_eq!(
            refusal(&structure, &Choice::of_types(vec![Element::Ta])),
            "atom 3 (counted from 0) reaches to (1, 1, 4000000000) Å, farther than a tenth of a \
             millimetre; correct or remove it"
        );
        structure.positions[3].z = 3.0;
        structure.cell = Some(StructureCell::repeated([
            8.0 * Vec3::X,
            8.0 * Vec3::Y,
            1e12 * Vec3::Z,
        ]));
        let said = refusal(&structure, &Choice::of_types(vec![Element::Ta]));
        assert!(said.starts_with("the vector c of the cell reaches to (0, 0, 1000000000000) Å"));
    }

    #[test]
    fn lengths_in_nanometres_are_noticed() {
        let mut structure = five(Kinds::Unknown);
        structure.positions.iter_mut().for_each(|p| *p *= 0.1);
        assert_eq!(
            refusal(&structure, &Choice::of_types(vec![Element::Ta])),
            "atoms 0 and 1 (counted from 0), Ta and Ta, are only 0.200 Å apart; are the lengths in nm, or \
             fractions of the cell? they must be in ångström"
        );
    }
}
