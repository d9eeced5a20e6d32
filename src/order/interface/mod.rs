//! The interface of the crystal nuclei with the amorphous rest, and its width.
//!
//! Methods, "Quantifying the crystalline–amorphous interface"; Supplementary Fig. 22. The surface
//! of a nucleus is where the normalised bond order, interpolated linearly in the Delaunay
//! tetrahedra, is one half. The bond order of the atoms is averaged by their distance from the
//! nearest surface, negative inside, and its decay is the width of the interface.

mod fit;
mod surface;
mod tables;

use crate::atoms::AtomId;
use crate::geometry::{AlphaShape, Triangulation};

use surface::{distances, nuclei_among, surface};

pub use fit::InterfaceFit;
pub use tables::{InterfaceEntry, interface_curve_table, interface_fit_table, interface_table};

/// The distance from which on the decay is fitted, in ångström; the paper does not state it.
pub const FIT_FROM_ANGSTROM: f64 = -3.0;

/// The width of a bin of the distance in ångström.
const BIN_ANGSTROM: f64 = 1.0;
/// The ends of the binned distances in ångström; no atom lies deeper in a nucleus than the first.
const BINS_ANGSTROM: (f64, f64) = (-15.0, 15.0);
/// A bin needs more atoms than this.
const MANY_ATOMS: u64 = 10;
/// Tetrahedra larger than this, across the dents of the sample's surface, hold no matter.
const CIRCUMRADIUS_ANGSTROM: f64 = 4.18;

/// The mean bond order against the distance from the nuclei.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InterfaceProfile {
    /// The bins of more than ten atoms, from the inside outwards.
    pub bins: Vec<InterfaceBin>,
}

/// The atoms at one distance from the nuclei.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InterfaceBin {
    /// The middle of the bin in ångström, negative inside the nuclei.
    pub distance_angstrom: f64,
    /// The mean normalised bond order of its atoms.
    pub mean_normalised_boo: f64,
    /// How many they are.
    pub atoms: u64,
}

/// The profile of an open sample, from the normalised bond order `s` of every atom and the mask of
/// the crystal atoms. Empty where there is no nucleus, and where there is nothing but one.
pub fn interface_profile(
    triangulation: &Triangulation,
    s: &[f64],
    crystal: &[bool],
) -> InterfaceProfile {
    let signed = distances_from_nuclei(triangulation, s, crystal);
    let (low, high) = BINS_ANGSTROM;
    let bins = ((high - low) / BIN_ANGSTROM) as usize;
    let mut sums = vec![(0.0, 0_u64); bins];
    for (distance, s) in signed.iter().zip(s) {
        let bin = ((distance - low) / BIN_ANGSTROM).floor();
        if bin >= 0.0 && (bin as usize) < bins {
            sums[bin as usize].0 += s;
            sums[bin as usize].1 += 1;
        }
    }
    let bins = sums.into_iter().enumerate();
    InterfaceProfile {
        bins: bins
            .filter(|(_, (_, atoms))| *atoms > MANY_ATOMS)
            .map(|(bin, (sum, atoms))| InterfaceBin {
                distance_angstrom: low + (bin as f64 + 0.5) * BIN_ANGSTROM,
                mean_normalised_boo: sum / atoms as f64,
                atoms,
            })
            .collect(),
    }
}

/// The atoms of each nucleus, the largest nucleus first: atoms whose normalised bond order `s`
/// reaches one half, connected by edges of the sample's tetrahedra. Groups of fewer than thirteen
/// `crystal` atoms are no nuclei.
pub fn nuclei(triangulation: &Triangulation, s: &[f64], crystal: &[bool]) -> Vec<Vec<AtomId>> {
    let shape = AlphaShape::new(triangulation, CIRCUMRADIUS_ANGSTROM);
    nuclei_among(triangulation, shape.tetrahedra(), s, crystal)
}

/// How far every atom lies from the surface of the nearest nucleus, in ångström, negative inside;
/// empty where there is no such surface.
fn distances_from_nuclei(triangulation: &Triangulation, s: &[f64], crystal: &[bool]) -> Vec<f64> {
    let shape = AlphaShape::new(triangulation, CIRCUMRADIUS_ANGSTROM);
    let tetrahedra = shape.tetrahedra();
    let mut inside = vec![false; s.len()];
    for atom in nuclei_among(triangulation, tetrahedra, s, crystal).concat() {
        inside[atom as usize] = true;
    }
    let triangles = surface(triangulation, tetrahedra, s, &inside);
    if triangles.is_empty() {
        return Vec::new();
    }
    let places = triangulation.positions();
    let unsigned = distances(places, &triangles).into_iter();
    unsigned
        .zip(inside)
        .map(|(distance, inside)| if inside { -distance } else { distance })
        .collect()
}

impl InterfaceProfile {
    /// The decay of the bins from `from_angstrom` on, each weighted by its atoms; `None` when they
    /// are too few or do not decay.
    pub fn fit(&self, from_angstrom: f64) -> Option<InterfaceFit> {
        let points: Vec<fit::Point> = self
            .bins
            .iter()
            .filter(|bin| bin.distance_angstrom >= from_angstrom)
            .map(|bin| {
                (
                    bin.distance_angstrom,
                    bin.mean_normalised_boo,
                    bin.atoms as f64,
                )
            })
            .collect();
        fit::fit(&points)
    }
}
