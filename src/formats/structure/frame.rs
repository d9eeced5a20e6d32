//! One frame of a file of atoms, and what reads them one after the other.

use crate::atoms::{Element, Vec3};

use super::error::StructureError;

/// One frame of a file, as the file says it: nothing is checked beyond its syntax.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Structure {
    /// Where the atoms are, in ångström along x, y and z; by their identifiers where the file has some,
    /// else in its order. They may lie outside the cell.
    pub positions: Vec<Vec3>,
    /// What they are, in the same order.
    pub kinds: Kinds,
    /// The masses that the file states for its types, in g/mol.
    pub masses: Vec<(u32, f64)>,
    /// The cell, where the file states one.
    pub cell: Option<StructureCell>,
    /// The time step, where the file states it.
    pub step: Option<u64>,
    /// The time in the unit of the file, where it states it.
    pub time: Option<f64>,
    /// The title or comment.
    pub comment: String,
}

/// What a file says about its atoms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Kinds {
    /// The element of each atom.
    Elements(Vec<Element>),
    /// The type of each atom, a number; which element it is, the file does not say.
    Types(Vec<u32>),
    /// Nothing.
    #[default]
    Unknown,
}

/// The cell that a file states.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StructureCell {
    /// Its corner, in ångström.
    pub origin: Vec3,
    /// Its three vectors, in ångström.
    pub vectors: [Vec3; 3],
    /// Along which of them it is repeated.
    pub periodic: [bool; 3],
}

impl StructureCell {
    /// A cell at the origin that is repeated along all three vectors.
    pub fn repeated(vectors: [Vec3; 3]) -> StructureCell {
        StructureCell {
            origin: Vec3::ZERO,
            vectors,
            periodic: [true; 3],
        }
    }

    /// The place of a position given in multiples of the vectors.
    pub(super) fn place(&self, fractional: Vec3) -> Vec3 {
        let [a, b, c] = self.vectors;
        self.origin + (fractional.x * a + (fractional.y * b + fractional.z * c))
    }
}

/// A file of one format, read frame by frame.
pub trait ReadStructure: Send {
    /// The next frame; `None` at the end of the file.
    ///
    /// # Errors
    /// [`StructureError`]; then the rest of the file cannot be read.
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError>;

    /// Goes past the next frame, `false` at the end of the file. Formats that state how many lines a
    /// frame has do not look at them.
    ///
    /// # Errors
    /// As [`ReadStructure::next_frame`].
    fn skip_frame(&mut self) -> Result<bool, StructureError> {
        Ok(self.next_frame()?.is_some())
    }
}
