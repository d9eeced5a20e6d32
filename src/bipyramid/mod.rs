//! The shape of the pentagonal bipyramid: the bonds alpha, beta, gamma and the tilt theta of each,
//! the average of all, and the angles between bonds.
//!
//! Main text, "Polytetrahedral packing in monatomic amorphous materials"; Fig. 4, Supplementary
//! Fig. 11.

mod average;
mod averages;
mod bond_angles;
mod ideal;
mod shape;

pub use average::{AverageBipyramid, CONVERGED_ANGSTROM, average_bipyramid};
pub use averages::{BetaOverGamma, MeanShape, mean_ratio_of_medians};
pub use bond_angles::{
    BOND_ANGLE_BINS, BondAngleError, PENTAGON_DEG, TETRAHEDRON_DEG, bond_angle_peaks, bond_angles,
};
pub use ideal::IdealAngles;
pub use shape::{BipyramidShape, bipyramid_shape, bipyramid_shapes, corners, mean_of, shape_of};
