//! Periodic images: which copy of an atom is meant.

use std::ops::{Add, Sub};

use crate::atoms::{AtomId, Cell, Vec3};

/// A periodic image of the cell, counted in lattice vectors along each; zero in an open sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Image(pub [i16; 3]);

/// An image as the corners of tetrahedra have it, at most sixty cells away: in half of the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct NearImage(pub(super) [i8; 3]);

impl NearImage {
    /// The cell itself.
    pub(super) const HOME: NearImage = NearImage([0; 3]);
}

impl From<NearImage> for Image {
    #[inline]
    fn from(near: NearImage) -> Image {
        Image(near.0.map(i16::from))
    }
}

impl Image {
    /// The cell itself.
    pub const HOME: Image = Image([0; 3]);

    /// The displacement of the image from the cell itself, in ångström.
    #[inline]
    pub fn displacement(self, cell: &Cell) -> Vec3 {
        cell.displacement(Vec3::from(self.0.map(f64::from)))
    }
}

// Networks are followed from cell to cell: what leaves the range stays at its end.
impl Add for Image {
    type Output = Image;

    fn add(self, other: Image) -> Image {
        Image([0, 1, 2].map(|k| self.0[k].saturating_add(other.0[k])))
    }
}

impl Sub for Image {
    type Output = Image;

    fn sub(self, other: Image) -> Image {
        Image([0, 1, 2].map(|k| self.0[k].saturating_sub(other.0[k])))
    }
}

/// An atom, seen in one image of the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vertex {
    /// The atom.
    pub atom: AtomId,
    /// The image in which it is seen.
    pub image: Image,
}

impl Vertex {
    /// The atom itself, in the cell.
    #[inline]
    pub fn home(atom: AtomId) -> Vertex {
        Vertex {
            atom,
            image: Image::HOME,
        }
    }

    /// The same atom, seen from a cell displaced by `shift`.
    pub fn shifted(self, shift: Image) -> Vertex {
        Vertex {
            atom: self.atom,
            image: self.image + shift,
        }
    }
}
