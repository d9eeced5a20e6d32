//! The panels of the mass density: Fig. 3 and Fig. S10.
