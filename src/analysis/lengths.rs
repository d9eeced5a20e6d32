//! The lengths that an analysis takes beside the shell distance `w`.

use crate::order::{ALPHA_ANGSTROM, GATHER_ANGSTROM};
use crate::packing::{CIRCUMRADIUS_MAX_ANGSTROM, Criteria, Smoothing};

/// The shell distance of the tantalum film, for which the paper's lengths were chosen.
const FILM_ANGSTROM: f64 = 4.12;

/// Lengths that the paper fixes for tantalum and palladium, in ångström.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lengths {
    /// The largest circumscribed sphere of a packing tetrahedron.
    pub circumradius_max: f64,
    /// The alpha of the shape that the atoms fill.
    pub alpha: f64,
    /// How far a nucleus gathers its members.
    pub gather: f64,
    /// The range of g(r), its shells, and the grid of the mass density, as a multiple of those of the
    /// paper: 20, 0.1 and 1 Å.
    pub scale: f64,
}

impl Lengths {
    /// Those of the paper, whatever the shell distance.
    pub const PUBLISHED: Lengths = Lengths {
        circumradius_max: CIRCUMRADIUS_MAX_ANGSTROM,
        alpha: ALPHA_ANGSTROM,
        gather: GATHER_ANGSTROM,
        scale: 1.0,
    };

    /// The same in proportion to the shell distance `w` in ångström: the paper's are those of its film.
    // ANCHOR: of-shell
    pub fn of_shell(w: f64) -> Lengths {
        let scale = w / FILM_ANGSTROM;
        Lengths {
            circumradius_max: scale * CIRCUMRADIUS_MAX_ANGSTROM,
            alpha: scale * ALPHA_ANGSTROM,
            gather: scale * GATHER_ANGSTROM,
            scale,
        }
    }
    // ANCHOR_END: of-shell

    /// The criteria of a packing tetrahedron with these lengths.
    pub(super) fn criteria(&self, w: f64, delta_max: f64) -> Criteria {
        Criteria {
            circumradius_max_angstrom: self.circumradius_max,
            ..Criteria::new(w).with_delta_max(delta_max)
        }
    }

    /// How a mass density is made continuous: as [`Smoothing::of_fwhm`], on a grid of these lengths.
    pub fn smoothing(&self, w: f64) -> Smoothing {
        Smoothing {
            voxel_angstrom: self.scale,
            ..Smoothing::of_fwhm(w)
        }
    }
}
