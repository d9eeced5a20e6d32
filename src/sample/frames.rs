//! The frames of the simulation that the library carries (Methods, "MD simulations").
//!
//! Each is the file `data/ID.parquet`, made by the command `quench` and with its whole provenance
//! inside; they were made on two processors, and a repetition differs in the positions of atoms,
//! not in what is found.

use crate::atoms::Element;

/// A frame of the simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SimulatedFrame {
    /// The name of the frame in tables and on the command line.
    pub id: &'static str,
    /// The name of the frame in a figure.
    pub label: &'static str,
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
    ($($(#[$meta:meta])* $name:ident: $element:ident, $run:literal, [$($id:literal, $kelvin:literal, $label:literal;)*])*) => {
        $(
            $(#[$meta])*
            pub const $name: &[SimulatedFrame] = &[$(SimulatedFrame {
                id: $id,
                label: $label,
                element: Element::$element,
                run: $run,
                temperature_k: $kelvin,
                file: concat!($id, ".parquet"),
            }),*];
        )*

        /// The snapshot of a frame, if the library carries one of that name.
        pub fn embedded(file_name: &str) -> Option<&'static [u8]> {
            match file_name {
                $($(concat!($id, ".parquet") => {
                    Some(include_bytes!(concat!("../../data/", $id, ".parquet")))
                })*)*
                _ => None,
            }
        }
    };
}

frames! {
    /// The quench of 31,250 tantalum atoms from 5,200 K to 300 K at 10¹³ K/s with the potential of
    /// Ravelo et al. 2013; the last frame was held at 300 K for 40 ps, the one before had just
    /// arrived.
    TA_QUENCH: Ta, "ta", [
        "ta_liquid_5200K", 5_200, "Ta liquid, 5,200 K";
        "ta_liquid_4500K", 4_500, "Ta liquid, 4,500 K";
        "ta_liquid_4000K", 4_000, "Ta liquid, 4,000 K";
        "ta_liquid_3500K", 3_500, "Ta liquid, 3,500 K";
        "ta_liquid_3000K", 3_000, "Ta liquid, 3,000 K";
        "ta_liquid_2500K", 2_500, "Ta liquid, 2,500 K";
        "ta_liquid_2000K", 2_000, "Ta liquid, 2,000 K";
        "ta_glass_1500K", 1_500, "Ta glass, 1,500 K";
        "ta_glass_1000K", 1_000, "Ta glass, 1,000 K";
        "ta_glass_500K", 500, "Ta glass, 500 K";
        "ta_glass_300K_quenched", 300, "Ta glass, 300 K, just quenched";
        "ta_glass_300K", 300, "Ta glass, 300 K";
    ]
    /// Tantalum with the potential of Zhou, Johnson and Wadley 2004, 5,488 atoms.
    TA_ZHOU_QUENCH: Ta, "ta_zhou", [
        "ta_zhou_liquid_5200K", 5_200, "Ta liquid (Zhou), 5,200 K";
        "ta_zhou_liquid_2500K", 2_500, "Ta liquid (Zhou), 2,500 K";
        "ta_zhou_glass_300K", 300, "Ta glass (Zhou), 300 K";
    ]
    /// Palladium with the potential of Zhou, Johnson and Wadley 2004, 5,324 atoms.
    PD_QUENCH: Pd, "pd", [
        "pd_liquid_2900K", 2_900, "Pd liquid, 2,900 K";
        "pd_liquid_1400K", 1_400, "Pd liquid, 1,400 K";
        "pd_glass_300K", 300, "Pd glass, 300 K";
    ]
}

/// The averaged pair distributions of a run as CSV, by the name of the run.
pub fn embedded_pair_distributions(run: &str) -> Option<&'static [u8]> {
    match run {
        "ta" => Some(include_bytes!("../../data/ta_pair_distribution.csv")),
        "ta_zhou" => Some(include_bytes!("../../data/ta_zhou_pair_distribution.csv")),
        "pd" => Some(include_bytes!("../../data/pd_pair_distribution.csv")),
        _ => None,
    }
}

/// The states of a run (density, energy) as CSV, by the name of the run.
pub fn embedded_states(run: &str) -> Option<&'static [u8]> {
    match run {
        "ta" => Some(include_bytes!("../../data/ta_states.csv")),
        "ta_zhou" => Some(include_bytes!("../../data/ta_zhou_states.csv")),
        "pd" => Some(include_bytes!("../../data/pd_states.csv")),
        _ => None,
    }
}
