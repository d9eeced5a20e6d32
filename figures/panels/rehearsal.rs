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

/// `count` tilts in even steps.
pub fn even_tilts(count: usize) -> Vec<TiltAngles> {
    let step = 2.0 * FARTHEST_DEG / (count.max(2) - 1) as f64;
    (0..count)
        .map(|k| TiltAngles::tilt(k as f64 * step - FARTHEST_DEG))
        .collect()
}

impl Rehearsed {
    /// A specimen at so many tilts, with a margin of so many pixels about it.
    pub fn new(
        specimen: Specimen,
        tilts: usize,
        margin: usize,
        conditions: Conditions,
    ) -> Rehearsed {
        let angles = even_tilts(tilts);
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
