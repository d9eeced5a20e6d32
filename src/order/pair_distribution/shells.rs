//! The shells in which pairs are counted, numbered from 1.

/// The thickness of a shell in ångström.
pub const SHELL_ANGSTROM: f64 = 0.1;
/// The largest pair distance in ångström.
pub const RANGE_ANGSTROM: f64 = 20.0;

/// Shells up to the range; the last holds the sliver between 19.999 and 20 Å.
pub(super) const SHELLS: usize = (RANGE_ANGSTROM / SHELL_ANGSTROM) as usize + 1;
/// The shell whose value an open sample's curve is divided by: 19.85 Å.
pub(super) const UNIT_SHELL: usize = SHELLS - 2;

/// The middle of a shell in ångström.
pub(super) fn middle_angstrom(shell: usize) -> f64 {
    (shell as f64 - 0.5) * SHELL_ANGSTROM
}

/// The largest distance that a shell holds, in ångström; of shell 0, zero.
pub(super) fn reach_angstrom(shell: usize) -> f64 {
    let reach = (shell as f64 - 0.01) * SHELL_ANGSTROM;
    reach.clamp(0.0, RANGE_ANGSTROM)
}
