//! The peaks of a volume: maxima, their places, and the least distance between them.

use std::num::NonZero;

use kiddo::{ImmutableKdTree, SquaredEuclidean};
use ndarray::ArrayView3;
use rayon::prelude::*;

use super::peak_fit::{self, Found};
use super::polynomial::{Fit, Neighbourhood, REACH};
use super::upsample::{Fine, Upsampling, voxel};
use crate::atoms::Boundary;
use crate::neighbours::CellList;
use crate::numerics::{Vec3, median};
use crate::progress::Progress;

/// Planes of the fine grid that are searched at a time.
const BLOCK: usize = 24;

/// How peaks are sought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TraceOptions {
    /// Side of a voxel in ångström.
    pub pixel_angstrom: f64,
    /// How values between the voxels are found.
    pub upsampling: Upsampling,
    /// A maximum must be brighter than this: 0 for the film, 1 for the particles.
    pub threshold: f32,
    /// Two atoms are at least so far apart, in ångström (2, Methods).
    pub min_distance_angstrom: f64,
}

impl TraceOptions {
    /// Those of the published film for voxels of `pixel_angstrom` ångström: linear, threshold 0, 2 Å.
    pub fn film(pixel_angstrom: f64) -> TraceOptions {
        TraceOptions {
            pixel_angstrom,
            upsampling: Upsampling::Linear,
            threshold: 0.0,
            min_distance_angstrom: 2.0,
        }
    }

    /// Those of the published particles: cubic splines, threshold 1, 2 Å.
    pub fn particle(pixel_angstrom: f64) -> TraceOptions {
        TraceOptions {
            upsampling: Upsampling::Spline,
            threshold: 1.0,
            ..TraceOptions::film(pixel_angstrom)
        }
    }
}

/// Why a peak is kept or not; as a number in tables, [`Flag::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// Kept.
    Kept,
    /// The fitted polynomial has no maximum.
    NoMaximum,
    /// Its maximum lies more than a voxel away.
    Left,
    /// A brighter peak lies nearer than atoms can be.
    TooClose,
    /// The fit did not settle within 14 steps.
    Restless,
    /// It is no atom by its intensity.
    Faint,
    /// It lies outside the support.
    Outside,
}

impl Flag {
    /// What it is called in tables.
    pub fn name(self) -> &'static str {
        match self {
            Flag::Kept => "kept",
            Flag::NoMaximum => "no maximum",
            Flag::Left => "left",
            Flag::TooClose => "too close",
            Flag::Restless => "restless",
            Flag::Faint => "faint",
            Flag::Outside => "outside",
        }
    }

    /// The number that stands for it: 0 kept, −1 to −4 as in the authors' lists, −5 faint, −6 outside.
    pub fn code(self) -> i8 {
        match self {
            Flag::Kept => 0,
            Flag::NoMaximum => -1,
            Flag::Left => -2,
            Flag::TooClose => -3,
            Flag::Restless => -4,
            Flag::Faint => -5,
            Flag::Outside => -6,
        }
    }
}

/// A maximum of a volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Its place in voxels along x, y and z, the first voxel counted as 1.
    pub voxel: Vec3,
    /// The value of the brightest fine sample.
    pub height: f32,
    /// Whether it is kept, and if not, why.
    pub flag: Flag,
}

/// Why a volume cannot be traced.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TraceError {
    /// It is too small for an atom.
    #[error(
        "the volume has {} × {} × {} voxels; an atom needs at least 3 along each axis",
        size[0], size[1], size[2]
    )]
    Small {
        /// Voxels along x, y, z.
        size: [usize; 3],
    },
    /// A voxel is no number.
    #[error(
        "the volume has the value {value} at voxel ({}, {}, {}), counted from 1; every voxel must be a finite number",
        voxel[0], voxel[1], voxel[2]
    )]
    NotFinite {
        /// Which, from 1.
        voxel: [usize; 3],
        /// What is there.
        value: f32,
    },
    /// An option is no positive number.
    #[error("the {what} is {value} Å; it must be a positive number")]
    Length {
        /// Its name.
        what: &'static str,
        /// As given.
        value: f64,
    },
    /// There is no peak.
    #[error(
        "the volume has no maximum above {threshold} (its largest value is {largest}), so there is no atom to trace; lower the threshold, or look at the volume"
    )]
    NoMaxima {
        /// As given.
        threshold: f32,
        /// The brightest voxel.
        largest: f32,
    },
}

/// The peaks of a volume (axes x, y, z), the brightest first.
///
/// The result does not depend on the number of threads.
///
/// # Errors
/// [`TraceError`].
pub fn trace(
    volume: ArrayView3<'_, f32>,
    options: &TraceOptions,
    progress: &dyn Progress,
) -> Result<Vec<Peak>, TraceError> {
    check(volume, options)?;
    let fine = Fine::new(volume, options.upsampling);
    let planes = fine.size()[0];
    progress.start("planes", Some(planes as u64));
    let starts: Vec<usize> = (0..planes).step_by(BLOCK).collect();
    let blocks: Vec<Vec<Candidate>> = starts
        .into_par_iter()
        .map(|first| {
            let end = (first + BLOCK).min(planes);
            let found = in_block(&fine, first, end, options.threshold);
            progress.advance((end - first) as u64);
            found
        })
        .collect();
    progress.finish();
    let mut candidates = blocks.concat();
    if candidates.is_empty() {
        return Err(TraceError::NoMaxima {
            threshold: options.threshold,
            largest: volume.fold(f32::MIN, |largest, &value| largest.max(value)),
        });
    }
    // Equal heights in the order of the volume, x fastest.
    candidates.sort_by(|a, b| {
        let place = |candidate: &Candidate| {
            let [x, y, z] = candidate.sample;
            [z, y, x]
        };
        let brighter = b.height.total_cmp(&a.height);
        brighter.then_with(|| place(a).cmp(&place(b)))
    });
    Ok(keep_apart(&candidates, options))
}

fn check(volume: ArrayView3<'_, f32>, options: &TraceOptions) -> Result<(), TraceError> {
    let lengths = [
        ("pixel", options.pixel_angstrom),
        ("least distance", options.min_distance_angstrom),
    ];
    for (what, value) in lengths {
        if !(value.is_finite() && value > 0.0) {
            return Err(TraceError::Length { what, value });
        }
    }
    let (n1, n2, n3) = volume.dim();
    if [n1, n2, n3].iter().any(|&side| side < 3) {
        return Err(TraceError::Small { size: [n1, n2, n3] });
    }
    match volume.indexed_iter().find(|(_, value)| !value.is_finite()) {
        Some(((x, y, z), &value)) => Err(TraceError::NotFinite {
            voxel: [x + 1, y + 1, z + 1],
            value,
        }),
        None => Ok(()),
    }
}

/// A maximum before distances are looked at.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    /// The fine sample, counted from 0.
    sample: [usize; 3],
    height: f32,
    found: Found,
}

/// The maxima in the planes `first..end`.
fn in_block(fine: &Fine<'_>, first: usize, end: usize, threshold: f32) -> Vec<Candidate> {
    let [f1, f2, f3] = fine.size();
    let from = first.saturating_sub(REACH);
    let planes: Vec<Vec<f32>> = (from..(end + REACH).min(f1))
        .map(|x| fine.plane(x))
        .collect();
    let value = |x: isize, y: isize, z: isize| -> f32 {
        let inside = |at: isize, length: usize| (0..length as isize).contains(&at);
        let plane = x - from as isize;
        match inside(plane, planes.len()) && inside(y, f2) && inside(z, f3) {
            true => planes[plane as usize][y as usize * f3 + z as usize],
            // Around the volume there is nothing.
            false => 0.0,
        }
    };
    let (mut found, mut fit) = (Vec::new(), Fit::new());
    for x in first..end {
        let plane = &planes[x - from];
        for y in 0..f2 {
            let row = &plane[y * f3..(y + 1) * f3];
            for (z, &height) in row.iter().enumerate() {
                // Along the row first: that settles most samples.
                let beside = |at: Option<usize>| at.and_then(|at| row.get(at)).copied();
                let before = beside(z.checked_sub(1)).unwrap_or(0.0);
                let after = beside(Some(z + 1)).unwrap_or(0.0);
                if height <= threshold || height < before || height < after {
                    continue;
                }
                let [a, b, c] = [x, y, z].map(|index| index as isize);
                let around = [(a - 1, b), (a + 1, b), (a, b - 1), (a, b + 1)];
                if around.iter().any(|&(x, y)| value(x, y, c) > height) {
                    continue;
                }
                let start = [a, b, c].map(|at| at - REACH as isize);
                let values: Neighbourhood = std::array::from_fn(|i| {
                    std::array::from_fn(|j| {
                        std::array::from_fn(|k| {
                            let [i, j, k] = [i, j, k].map(|index| index as isize);
                            value(start[0] + i, start[1] + j, start[2] + k)
                        })
                    })
                });
                found.push(Candidate {
                    sample: [x, y, z],
                    height,
                    found: peak_fit::find(&values, &mut fit),
                });
            }
        }
    }
    found
}

/// Accepts peaks from the brightest down, each unless an accepted one lies too near.
fn keep_apart(candidates: &[Candidate], options: &TraceOptions) -> Vec<Peak> {
    let places: Vec<Vec3> = candidates
        .iter()
        .map(|candidate| {
            let (Found::At(from)
            | Found::NoMaximum(from)
            | Found::Left(from)
            | Found::Restless(from)) = candidate.found;
            let place = [0, 1, 2].map(|axis| voxel(candidate.sample[axis] as f64 + from[axis]));
            Vec3::from_array(place)
        })
        .collect();
    let least = options.min_distance_angstrom / options.pixel_angstrom;
    let near = CellList::new(&places, Boundary::Open, least);
    let mut flags: Vec<Flag> = Vec::with_capacity(candidates.len());
    for (index, candidate) in candidates.iter().enumerate() {
        flags.push(match candidate.found {
            Found::NoMaximum(_) => Flag::NoMaximum,
            Found::Left(_) => Flag::Left,
            Found::Restless(_) => Flag::Restless,
            Found::At(_) => {
                // ANCHOR: apart
                let mut is_free = true;
                near.for_each_within(places[index], |other| {
                    let is_before = other.index < index && flags[other.index] == Flag::Kept;
                    is_free &= !(is_before && other.squared < least * least);
                });
                if is_free { Flag::Kept } else { Flag::TooClose }
                // ANCHOR_END: apart
            }
        });
    }
    let peaks = candidates.iter().zip(places).zip(flags);
    peaks
        .map(|((candidate, voxel), flag)| Peak {
            voxel,
            height: candidate.height,
            flag,
        })
        .collect()
}

/// The median distance, in voxels, of an atom from its nearest neighbour; `None` for fewer than two
/// atoms.
pub fn spacing(atoms: &[Vec3]) -> Option<f64> {
    if atoms.len() < 2 {
        return None;
    }
    let places: Vec<[f64; 3]> = atoms.iter().map(|place| place.to_array()).collect();
    let tree: ImmutableKdTree<f64, 3> = ImmutableKdTree::new_from_slice(&places).ok()?;
    // The nearest of all is the atom itself.
    let two = NonZero::<usize>::MIN.saturating_add(1);
    let nearest = |place: &[f64; 3]| {
        let found = tree
            .query(place)
            .nearest_n::<SquaredEuclidean<f64>>(two)
            .execute();
        found.last().map(|found| found.distance.sqrt())
    };
    median(places.par_iter().filter_map(nearest).collect())
}
