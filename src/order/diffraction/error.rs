//! Why a diffraction pattern gives no pair distribution (Methods, "Electron diffraction experiments").

/// Why a diffraction pattern, or a step on the way from it to g(r), cannot be used. Pixels are counted
/// from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DiffractionError {
    /// Too few pixels.
    #[error("the pattern has {dim1} × {dim2} pixels; at least {least} × {least} are needed")]
    Small {
        /// Pixels along x.
        dim1: usize,
        /// Pixels along y.
        dim2: usize,
        /// Pixels a side that are needed.
        least: usize,
    },
    /// A pixel is no number.
    #[error(
        "the pattern has the value {value} at pixel ({x}, {y}), counted from 1; every pixel must be a finite number"
    )]
    Pixel {
        /// Along x.
        x: usize,
        /// Along y.
        y: usize,
        /// What is there.
        value: f32,
    },
    /// All pixels are equal.
    #[error("the pattern is {value} everywhere and shows nothing; take another one")]
    Constant {
        /// The value.
        value: f32,
    },
    /// The mask and the pattern differ in size.
    #[error(
        "the mask has {mask1} × {mask2} pixels and the pattern {dim1} × {dim2}; they must agree"
    )]
    MaskSize {
        /// Pixels of the mask along x.
        mask1: usize,
        /// Pixels of the mask along y.
        mask2: usize,
        /// Pixels of the pattern along x.
        dim1: usize,
        /// Pixels of the pattern along y.
        dim2: usize,
    },
    /// Nothing is left beside the beam stop.
    #[error(
        "the beam stop covers {percent:.0} % of the pattern and leaves nothing to measure; lower the threshold of the mask, or take a pattern with a smaller stop"
    )]
    StopCoversAll {
        /// Per cent of the pixels that it hides.
        percent: f64,
    },
    /// No ring stands out.
    #[error(
        "no ring rises above the fall of the intensity from the centre, so that the centre cannot be fitted; is this a diffraction pattern, with its first ring outside the beam stop?"
    )]
    NoRing,
    /// Too little of the ring is seen.
    #[error(
        "only {percent:.0} % of the first ring are seen beside the beam stop and inside the pattern, and {least_percent:.0} % are needed to fit its centre; take a pattern that shows more of the ring"
    )]
    RingHidden {
        /// Per cent of the azimuth at which it is seen.
        percent: f64,
        /// Per cent that are needed.
        least_percent: f64,
    },
    /// The fit of the centre does not settle.
    #[error(
        "the fit of the centre to the first ring ran off to pixel ({x:.1}, {y:.1}); the ring is too faint, or no circle"
    )]
    CentreLost {
        /// Where along x.
        x: f64,
        /// Where along y.
        y: f64,
    },
    /// The rings of the reference are not found.
    #[error(
        "the reference shows {found} of the rings of its lattice where at least {least} are needed to calibrate; is it the pattern of a polycrystal of that lattice?"
    )]
    FewRings {
        /// Rings or groups of rings that were fitted.
        found: usize,
        /// How many are needed.
        least: usize,
    },
    /// A number that must be positive is not.
    #[error("{what} is {value}; it must be a positive number")]
    NotPositive {
        /// Which number.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// Too short a range of Q.
    #[error(
        "the intensity is known from Q = {low:.2} to {high:.2} 1/Å; a pair distribution needs at least {least:.0} 1/Å, from below the first peak on"
    )]
    ShortRange {
        /// Where it begins, in 1/Å.
        low: f64,
        /// Where it ends, in 1/Å.
        high: f64,
        /// How much is needed, in 1/Å.
        least: f64,
    },
    /// g(r) has no first peak.
    #[error(
        "the pair distribution has no first peak with a valley before it, so that the scale cannot be found; is the element right, and the calibration?"
    )]
    NoFirstPeak,
    /// The least squares have no solution.
    #[error(
        "scale and background cannot be told apart in this intensity; lower the degree of the background, or give a longer range of Q"
    )]
    Degenerate,
    /// Too few atoms, or atoms too far apart.
    #[error(
        "{atoms} atoms within {extent_angstrom:.0} Å cannot be summed by the Debye formula; at least 2 within {most_angstrom:.0} Å are needed"
    )]
    Atoms {
        /// How many atoms.
        atoms: usize,
        /// The diagonal of the box about them, in ångström.
        extent_angstrom: f64,
        /// The longest diagonal, in ångström.
        most_angstrom: f64,
    },
}
