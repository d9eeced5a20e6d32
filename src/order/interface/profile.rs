//! The mean bond order by the distance from the surface of the nearest nucleus.

use crate::atoms::AtomId;
use crate::geometry::{AlphaShape, Triangulation};
use crate::numerics::{Bins, Mask};
use crate::order::pair_distribution::ALPHA_ANGSTROM;

use super::fit::{InterfaceFit, Point, fit};
use super::surface::{distances, nuclei_among, surface};

/// The distance from which on the decay is fitted, in ångström; the paper does not state it.
pub const FIT_FROM_ANGSTROM: f64 = -3.0;

/// The bins of the distance in ångström, and their number; no atom lies deeper in a nucleus than
/// the first.
const DISTANCE_BINS: (Bins, usize) = (
    Bins {
        low: -15.0,
        width: 1.0,
    },
    30,
);
/// A bin needs more atoms than this.
const MANY_ATOMS: u64 = 10;

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
    crystal: &Mask<AtomId>,
) -> InterfaceProfile {
    let signed = distances_from_nuclei(triangulation, s, crystal);
    let (bins, count) = DISTANCE_BINS;
    let mut sums = vec![(0.0, 0_u64); count];
    for (&distance, s) in signed.iter().zip(s) {
        if let Some((sum, atoms)) = bins.bin(distance).and_then(|bin| sums.get_mut(bin)) {
            *sum += s;
            *atoms += 1;
        }
    }
    let sums = sums.into_iter().enumerate();
    InterfaceProfile {
        bins: sums
            .filter(|(_, (_, atoms))| *atoms > MANY_ATOMS)
            .map(|(bin, (sum, atoms))| InterfaceBin {
                distance_angstrom: bins.middle(bin),
                mean_normalised_boo: sum / atoms as f64,
                atoms,
            })
            .collect(),
    }
}

/// The atoms of each nucleus, the largest nucleus first: atoms whose normalised bond order `s`
/// reaches one half, connected by edges of the sample's tetrahedra. Groups of fewer than thirteen
/// `crystal` atoms are no nuclei. Tetrahedra with a circumradius above `alpha_angstrom`
/// ([`ALPHA_ANGSTROM`] in the paper's samples) connect nothing.
pub fn nuclei(
    triangulation: &Triangulation,
    s: &[f64],
    crystal: &Mask<AtomId>,
    alpha_angstrom: f64,
) -> Vec<Vec<AtomId>> {
    let shape = AlphaShape::new(triangulation, alpha_angstrom);
    nuclei_among(triangulation, shape.tetrahedra(), s, crystal)
}

/// How far every atom lies from the surface of the nearest nucleus, in ångström, negative inside;
/// empty where there is no such surface.
fn distances_from_nuclei(
    triangulation: &Triangulation,
    s: &[f64],
    crystal: &Mask<AtomId>,
) -> Vec<f64> {
    let shape = AlphaShape::new(triangulation, ALPHA_ANGSTROM);
    let tetrahedra = shape.tetrahedra();
    let mut inside: Mask<AtomId> = Mask::all(s.len(), false);
    for atom in nuclei_among(triangulation, tetrahedra, s, crystal).concat() {
        inside[atom] = true;
    }
    let triangles = surface(triangulation, tetrahedra, s, &inside);
    if triangles.is_empty() {
        return Vec::new();
    }
    let places = triangulation.positions();
    let unsigned = distances(places, &triangles).into_iter();
    unsigned
        .zip(inside.iter())
        .map(|(distance, inside)| if inside { -distance } else { distance })
        .collect()
}

impl InterfaceProfile {
    /// The decay of the bins from `from_angstrom` on, each weighted by its atoms; `None` when they
    /// are too few or do not decay.
    pub fn fit(&self, from_angstrom: f64) -> Option<InterfaceFit> {
        let points: Vec<Point> = self
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
        fit(&points)
    }
}
