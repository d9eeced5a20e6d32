//! Bond angles: between the bonds of an atom to every two of its neighbours.
//!
//! Main text, "Polytetrahedral packing in monatomic amorphous materials"; Supplementary Fig. 11.
//! Two neighbours of an atom that are neighbours of each other close a triangle, a face of a
//! tetrahedron: 60° in a regular one. The next angle of a packing of tetrahedra is the one at
//! the corner of a pentagonal ring, 108°. (70.53°, the dihedral angle of the tetrahedron, lies
//! between its faces, not between bonds.)

use rayon::prelude::*;

use crate::atoms::{AtomId, Atoms, Vec3};
use crate::neighbours::CellList;
use crate::numerics::{Bins, Histogram, Mask, Numbered, gaussian_smooth};

/// The internal angle of a face of the regular tetrahedron, in degrees.
pub const TETRAHEDRON_DEG: f64 = 60.0;
/// The internal angle of the regular pentagon, in degrees.
pub const PENTAGON_DEG: f64 = 108.0;
/// Bins of one degree, from 0° to 180°.
pub const BOND_ANGLE_BINS: usize = 180;

/// The standard deviations, in bins, of the smoothing that decides which maxima are peaks, and of
/// the lighter one that places them.
const SMOOTHING_BINS: (f64, f64) = (5.0, 2.0);
/// Where both smoothings are cut, in standard deviations.
const SMOOTHING_CUT: f64 = 2.0;

/// Why there are no bond angles.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum BondAngleError {
    /// A cutoff that no bond is shorter than.
    #[error("the bond cutoff is {0} Å; it must be positive and finite")]
    BadCutoff(f64),
}

/// The histogram of all angles between two bonds shorter than `cutoff` ångström (the first valley
/// `w`) of the atoms that `crystal` does not mark, in [`BOND_ANGLE_BINS`] bins of one degree; 180°
/// itself falls into the last.
///
/// # Errors
/// [`BondAngleError`] when the cutoff is no positive length.
pub fn bond_angles(
    atoms: &Atoms,
    crystal: &Mask<AtomId>,
    cutoff: f64,
) -> Result<Histogram, BondAngleError> {
    if !(cutoff.is_finite() && cutoff > 0.0) {
        return Err(BondAngleError::BadCutoff(cutoff));
    }
    let cells = CellList::new(atoms.positions(), atoms.boundary(), cutoff);
    let about = |position: Vec3| {
        let mut bonds: Vec<Vec3> = Vec::new();
        cells.for_each_bond(position, cutoff, |bond| {
            bonds.push(bond.displacement / bond.squared.sqrt());
        });
        bonds
    };
    let bins = Bins::of_width(1.0);
    let counts = AtomId::par_first(atoms.len())
        .filter(|&atom| !crystal[atom])
        .fold(
            || vec![0; BOND_ANGLE_BINS],
            |mut counts, atom| {
                // ANCHOR: bond-angles
                let bonds = about(atoms.position(atom));
                for (k, &first) in bonds.iter().enumerate() {
                    for &second in &bonds[k + 1..] {
                        if let Some(bin) = bins.bin(angle_deg(first, second)) {
                            counts[bin.min(BOND_ANGLE_BINS - 1)] += 1_u64;
                        }
                    }
                }
                counts
                // ANCHOR_END: bond-angles
            },
        )
        .reduce(
            || vec![0; BOND_ANGLE_BINS],
            |a, b| a.iter().zip(&b).map(|(x, y)| x + y).collect(),
        );
    Ok(Histogram { bins, counts })
}

fn angle_deg(first: Vec3, second: Vec3) -> f64 {
    let cosine = first.dot(second) / (first.length() * second.length());
    cosine.clamp(-1.0, 1.0).acos().to_degrees()
}

/// The peaks of a histogram of angles, in degrees, by increasing angle: the maxima of the counts
/// smoothed by five bins tell which peaks there are; each stands in the middle of the fullest of
/// the bins within ten of it, the counts smoothed by two bins (both Gaussian). The second peak is
/// so broad that its fullest unsmoothed bin is a matter of chance.
///
/// ```
/// use amorphous_packing::bipyramid::bond_angle_peaks;
/// use amorphous_packing::numerics::{Bins, Histogram};
/// let bump = |centre: f64| move |x: f64| 1000.0 * (-((x - centre) / 10.0).powi(2)).exp();
/// let counts = (0..180).map(f64::from).map(|x| (bump(60.0)(x) + bump(108.0)(x)) as u64);
/// let h = Histogram { bins: Bins::of_width(1.0), counts: counts.collect() };
/// assert_eq!(bond_angle_peaks(&h), [60.5, 108.5]);
/// ```
pub fn bond_angle_peaks(histogram: &Histogram) -> Vec<f64> {
    let counts: Vec<f64> = histogram.counts.iter().map(|&n| n as f64).collect();
    // ANCHOR: peaks
    let smooth = gaussian_smooth(&counts, SMOOTHING_BINS.0, SMOOTHING_CUT);
    let placed = gaussian_smooth(&counts, SMOOTHING_BINS.1, SMOOTHING_CUT);
    let reach = (2.0 * SMOOTHING_BINS.0) as usize;
    (1..smooth.len().saturating_sub(1))
        .filter(|&k| smooth[k] > smooth[k - 1] && smooth[k] >= smooth[k + 1])
        .filter_map(|k| {
            let near = k.saturating_sub(reach)..(k + reach + 1).min(counts.len());
            near.max_by(|&a, &b| placed[a].total_cmp(&placed[b]).then(b.cmp(&a)))
        })
        // ANCHOR_END: peaks
        .map(|bin| histogram.bins.middle(bin))
        .collect()
}
