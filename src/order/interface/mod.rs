//! The interface of the crystal nuclei with the amorphous rest, and its width.
//!
//! Methods, "Quantifying the crystalline–amorphous interface"; Supplementary Fig. 22. The surface
//! of a nucleus is where the normalised bond order, interpolated linearly in the Delaunay
//! tetrahedra, is one half. The bond order of the atoms is averaged by their distance from the
//! nearest surface, negative inside, and its decay is the width of the interface.

mod fit;
mod profile;
mod surface;

pub use fit::InterfaceFit;
pub use profile::{FIT_FROM_ANGSTROM, InterfaceBin, InterfaceProfile, interface_profile, nuclei};
