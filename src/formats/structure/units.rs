//! The units of length of LAMMPS.

/// How many ångström the unit of length is in LAMMPS' `units` of this name; `None` of the reduced units
/// `lj`, and of names that there are not. Source: LAMMPS documentation, command `units`.
pub(super) fn angstrom_per_length(units: &str) -> Option<f64> {
    match units {
        "real" | "metal" => Some(1.0),
        "si" => Some(1e10),
        "cgs" => Some(1e8),
        // The Bohr radius (CODATA 2018).
        "electron" => Some(0.529_177_210_903),
        "micro" => Some(1e4),
        "nano" => Some(10.0),
        _ => None,
    }
}

/// What is wrong with units that are not known; begins after "line 3".
pub(super) fn unknown_units(units: &str) -> String {
    format!(
        "states the units '{units}', whose length is no number of ångström; write it in 'metal' or \
         'real' units"
    )
}
