//! The frames of the simulation that the library carries (Methods, "MD simulations").
//!
//! Each is the file `data/ID.parquet`, made by this project and with its whole provenance inside;
//! they were made on two processors, and a repetition differs in the positions of atoms, not in
//! what is found.

use crate::atoms::Element;

/// A frame of the simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SimulatedFrame {
    /// The name of the frame in tables.
    pub id: &'static str,
    /// What was simulated.
    pub element: Element,
    /// The run, by the names that its tables begin with.
    pub run: &'static str,
    /// Nominal temperature in kelvin.
    pub temperature_k: u32,
    /// Name of the file in `data/`.
    pub file: &'static str,
}

macro_rules! frames {
    ($($(#[$meta:meta])* $name:ident: $element:ident, $run:literal, [$($id:literal, $kelvin:literal;)*])*) => {
        $(
            $(#[$meta])*
            pub const $name: &[SimulatedFrame] = &[$(SimulatedFrame {
                id: $id,
                element: Element::$element,
                run: $run,
                temperature_k: $kelvin,
                file: concat!($id, ".parquet"),
            }),*];
        )*
    };
}

frames! {
    /// The quench of 31,250 tantalum atoms from 5,200 K to 300 K at 10¹³ K/s with the potential of
    /// Ravelo et al. 2013; the last frame was held at 300 K for 40 ps, the one before had just
    /// arrived.
    TA_QUENCH: Ta, "ta", [
        "ta_liquid_5200K", 5_200;
        "ta_liquid_4500K", 4_500;
        "ta_liquid_4000K", 4_000;
        "ta_liquid_3500K", 3_500;
        "ta_liquid_3000K", 3_000;
        "ta_liquid_2500K", 2_500;
        "ta_liquid_2000K", 2_000;
        "ta_glass_1500K", 1_500;
        "ta_glass_1000K", 1_000;
        "ta_glass_500K", 500;
        "ta_glass_300K_quenched", 300;
        "ta_glass_300K", 300;
    ]
    /// Tantalum with the potential of Zhou, Johnson and Wadley 2004, 5,488 atoms.
    TA_ZHOU_QUENCH: Ta, "ta_zhou", [
        "ta_zhou_liquid_5200K", 5_200;
        "ta_zhou_liquid_2500K", 2_500;
        "ta_zhou_glass_300K", 300;
    ]
    /// Palladium with the potential of Zhou, Johnson and Wadley 2004, 5,324 atoms.
    PD_QUENCH: Pd, "pd", [
        "pd_liquid_2900K", 2_900;
        "pd_liquid_1400K", 1_400;
        "pd_glass_300K", 300;
    ]
}
