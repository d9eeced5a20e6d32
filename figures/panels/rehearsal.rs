//! A tilt series of known atoms, as raw frames: what stands in where no raw frames are public.

use amorphous_packing::aet::TiltAngles;
use amorphous_packing::aet::preprocess::{Conditions, Rehearsal};

use crate::panels::specimen::Specimen;

/// Known atoms, their tilts and their frames.
pub struct Rehearsed {
    /// The atoms.
    pub specimen: Specimen,
    /// The angle of each tilt.
    pub angles: Vec<TiltAngles>,
    /// The frames.
    pub rehearsal: Rehearsal,
}

/// The tilts of the paper's film reach from −63° to 61.6° in 46 steps; those of the particles farther. Here
/// they reach so far to both sides.
const FARTHEST_DEG: f64 = 70.0;

impl Rehearsed {
    /// A specimen at so many tilts, with a margin of so many pixels about it.
    pub fn new(
        specimen: Specimen,
        tilts: usize,
        margin: usize,
        conditions: Conditions,
    ) -> Rehearsed {
        let angles = TiltAngles::even(tilts, FARTHEST_DEG);
        let side = specimen.side(margin);
        let rehearsal = Rehearsal::new(
            &specimen.in_pixels(),
            &specimen.factor,
            specimen.pixel_angstrom,
            (side, side),
            &angles,
            conditions,
        );
        Rehearsed {
            specimen,
            angles,
            rehearsal,
        }
    }
}
