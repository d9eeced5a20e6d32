//! Periodic images: which copy of an atom is meant.

use std::ops::{Add, Sub};

use crate::atoms::{AtomId, Vec3};

/// A periodic image of the box, counted in box edges along each axis; zero in an open sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Image(pub [i8; 3]);

impl Image {
    /// The box itself.
    pub const HOME: Image = Image([0; 3]);

    /// The displacement of the image from the box of these edges.
    #[inline]
    pub fn displacement(self, edges: Vec3) -> Vec3 {
        Vec3::from(self.0.map(f64::from)) * edges
    }
}

impl Add for Image {
    type Output = Image;

    fn add(self, other: Image) -> Image {
        Image([0, 1, 2].map(|k| self.0[k] + other.0[k]))
    }
}

impl Sub for Image {
    type Output = Image;

    fn sub(self, other: Image) -> Image {
        Image([0, 1, 2].map(|k| self.0[k] - other.0[k]))
    }
}

/// An atom, seen in one image of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vertex {
    /// The atom.
    pub atom: AtomId,
    /// The image in which it is seen.
    pub image: Image,
}

impl Vertex {
    /// The atom itself, in the box.
    #[inline]
    pub fn home(atom: AtomId) -> Vertex {
        Vertex {
            atom,
            image: Image::HOME,
        }
    }

    /// The same atom, seen from a box displaced by `shift`.
    pub fn shifted(self, shift: Image) -> Vertex {
        Vertex {
            atom: self.atom,
            image: self.image + shift,
        }
    }
}
