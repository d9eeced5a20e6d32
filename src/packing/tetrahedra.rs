//! Which Delaunay tetrahedra are packing tetrahedra.

use crate::atoms::AtomId;
use crate::geometry::{TetrahedronId, TetrahedronShape, Triangulation, Vertex};
use crate::numerics::Mask;

// ANCHOR: delta-max
/// The largest distortion of the main analysis: 0.255, from Anikeenko & Medvedev, Phys. Rev.
/// Lett. 98, 235504 (2007), doi:10.1103/PhysRevLett.98.235504 (the paper's ref. 15).
pub const DELTA_MAX: f64 = 0.255;
// ANCHOR_END: delta-max

/// The distortions at which Fig. 2b and Supplementary Fig. 9 state the populations.
pub const DELTAS: [f64; 13] = [
    0.05, 0.075, 0.1, 0.125, 0.15, 0.175, 0.2, 0.225, 0.255, 0.275, 0.3, 0.325, 0.35,
];

/// The largest circumscribed sphere in ångström: larger empty spheres are the outside or a void.
/// At a delta of 0.255 and below it excludes nothing in the three samples.
pub const CIRCUMRADIUS_MAX_ANGSTROM: f64 = 4.0;

/// What a Delaunay tetrahedron must keep to be a packing tetrahedron; all limits inclusive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criteria {
    /// The largest distortion `delta`.
    pub delta_max: f64,
    /// The longest edge in ångström: the first-nearest-neighbour shell distance `w`.
    pub edge_max_angstrom: f64,
    /// The largest circumradius in ångström.
    pub circumradius_max_angstrom: f64,
}

impl Criteria {
    /// The criteria of the main analysis for a sample with the shell distance `w` in ångström.
    pub fn new(edge_max_angstrom: f64) -> Criteria {
        Criteria {
            delta_max: DELTA_MAX,
            edge_max_angstrom,
            circumradius_max_angstrom: CIRCUMRADIUS_MAX_ANGSTROM,
        }
    }

    /// The same criteria with another largest distortion.
    pub fn with_delta_max(self, delta_max: f64) -> Criteria {
        Criteria { delta_max, ..self }
    }

    // ANCHOR: acceptance
    /// Whether a tetrahedron of this shape (or a ring with this extreme) is accepted.
    pub fn accept(&self, shape: TetrahedronShape) -> bool {
        shape.delta <= self.delta_max
            && shape.longest_edge <= self.edge_max_angstrom
            && shape.circumradius <= self.circumradius_max_angstrom
    }
    // ANCHOR_END: acceptance
}

/// Which tetrahedra of the triangulation are accepted.
pub fn accepted_tetrahedra(
    triangulation: &Triangulation,
    criteria: Criteria,
) -> Mask<TetrahedronId> {
    let is_accepted = |t| criteria.accept(triangulation.shape(t));
    Mask::of(triangulation.len(), is_accepted)
}

// ANCHOR: amorphous-tetrahedra
/// Whether a tetrahedron with these corners is amorphous, if it is accepted: at least three of them
/// lie outside the crystal nuclei, whose atoms `crystal` marks.
pub fn is_amorphous(corners: [Vertex; 4], crystal: &Mask<AtomId>) -> bool {
    let amorphous = |corner: &&Vertex| !crystal[corner.atom];
    corners.iter().filter(amorphous).count() >= 3
}
// ANCHOR_END: amorphous-tetrahedra
