//! The atoms that scatter: of one element, in a frame in which the beam runs along +z.

use super::error::MultisliceError;
use crate::aet::geometry::Rotation;
use crate::atoms::Element;
use crate::numerics::Vec3;

/// The atoms that scatter.
#[derive(Debug, Clone, PartialEq)]
pub struct Specimen {
    /// What they are.
    pub element: Element,
    /// Where they are, in ångström; the image is centred at x = y = 0, and the beam runs along +z.
    pub positions: Vec<Vec3>,
}

impl Specimen {
    /// The same atoms in the frame of an image: each at `R` times its position.
    ///
    /// ```
    /// use amorphous_packing::aet::{Rotation, TiltAngles};
    /// use amorphous_packing::aet::multislice::Specimen;
    /// use amorphous_packing::atoms::Element;
    /// use amorphous_packing::numerics::Vec3;
    /// let specimen = Specimen { element: Element::Ta, positions: vec![Vec3::new(0.0, 0.0, 2.0)] };
    /// let turned = specimen.turned(&Rotation::of(TiltAngles::tilt(30.0)));
    /// assert!((turned.positions[0].x + 1.0).abs() < 1e-12);
    /// ```
    pub fn turned(&self, rotation: &Rotation) -> Specimen {
        let turn = |position: &Vec3| Vec3::from(rotation.apply(position.to_array()));
        Specimen {
            element: self.element,
            positions: self.positions.iter().map(turn).collect(),
        }
    }

    /// Checks that there are atoms at places.
    pub(super) fn check(&self) -> Result<(), MultisliceError> {
        if self.positions.is_empty() {
            return Err(MultisliceError::NoAtoms);
        }
        match self.positions.iter().position(|place| !place.is_finite()) {
            Some(index) => Err(MultisliceError::Atom { number: index + 1 }),
            None => Ok(()),
        }
    }
}
