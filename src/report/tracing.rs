//! The tables of tracing, refinement and precision (Supplementary Fig. 6, Supplementary Table 1), and
//! traced atoms as extended XYZ.

use polars::prelude::*;

use crate::aet::classify::Classified;
use crate::aet::refine::{Iteration, Realigned};
use crate::aet::trace::{Flag, Peak};
use crate::aet::{Precision, TiltAngles};
use crate::atoms::{Boundary, Element, Vec3};
use crate::formats::extxyz::{Property, Values, frame_of};
use crate::numerics::{Bins, Histogram};

/// Bins of the histogram of intensities.
const INTENSITY_BINS: usize = 60;
/// Bins of the deviations, in picometre: up to 1 Å.
const DEVIATION_BIN_PM: f64 = 2.5;
const DEVIATION_BINS: usize = 40;
/// Decimals of voxels and intensities.
const DECIMALS: usize = 6;

/// How many peaks have each flag: `flag, code, peaks`.
///
/// # Errors
/// Only those of polars.
pub fn flag_table(peaks: &[Peak]) -> PolarsResult<DataFrame> {
    let all = [
        Flag::Kept,
        Flag::NoMaximum,
        Flag::Left,
        Flag::TooClose,
        Flag::Restless,
        Flag::Faint,
        Flag::Outside,
    ];
    let count = |flag: &Flag| peaks.iter().filter(|peak| peak.flag == *flag).count() as u32;
    df!(
        "flag" => all.iter().map(|flag| flag.name()).collect::<Vec<_>>(),
        "code" => all.iter().map(|flag| i32::from(flag.code())).collect::<Vec<_>>(),
        "peaks" => all.iter().map(count).collect::<Vec<_>>(),
    )
}

/// The mean intensities of the classified peaks: `intensity_low, intensity_high`, then the number of
/// `atoms`, of `faint` peaks and of bright ones `outside` the support in each bin.
///
/// # Errors
/// Only those of polars.
pub fn intensity_table(classified: &Classified) -> PolarsResult<DataFrame> {
    let of = |flag: Flag| {
        let both = classified.peaks.iter().zip(&classified.intensities);
        let own = both.filter(move |(peak, _)| peak.flag == flag);
        own.map(|(_, intensity)| *intensity)
    };
    let groups = [Flag::Kept, Flag::Faint, Flag::Outside];
    let all: Vec<f64> = groups.into_iter().flat_map(of).collect();
    let low = all.iter().copied().fold(0.0, f64::min);
    let high = all.iter().copied().fold(low, f64::max);
    let width = ((high - low) / INTENSITY_BINS as f64).max(f64::MIN_POSITIVE) * (1.0 + 1e-9);
    let bins = Bins { low, width };
    let count = |flag| -> Vec<u32> {
        let counts = Histogram::of(of(flag), bins, INTENSITY_BINS).counts;
        counts.into_iter().map(|count| count as u32).collect()
    };
    let edges = |pick: fn((f64, f64)) -> f64| -> Vec<f64> {
        (0..INTENSITY_BINS)
            .map(|bin| pick(bins.edges(bin)))
            .collect()
    };
    df!(
        "intensity_low" => edges(|edges| edges.0),
        "intensity_high" => edges(|edges| edges.1),
        "atoms" => count(Flag::Kept),
        "faint" => count(Flag::Faint),
        "outside" => count(Flag::Outside),
    )
}

/// The iterations of a refinement, from 1: `iteration, r, moved_angstrom`.
///
/// # Errors
/// Only those of polars.
pub fn refinement_table(iterations: &[Iteration]) -> PolarsResult<DataFrame> {
    let numbers: Vec<u32> = (1..).take(iterations.len()).collect();
    df!(
        "iteration" => numbers,
        "r" => iterations.iter().map(|i| i.r).collect::<Vec<_>>(),
        "moved_angstrom" => iterations.iter().map(|i| i.moved_angstrom).collect::<Vec<_>>(),
    )
}

/// The re-aligned images, from 1: `image`, the angles before (`phi_deg, theta_deg, psi_deg`) and what
/// was added to them (`d_phi_deg …`), the shift (`shift_x_pixels, shift_y_pixels`), and R of the image
/// before and after.
///
/// # Errors
/// Only those of polars.
pub fn realignment_table(realigned: &[Realigned]) -> PolarsResult<DataFrame> {
    let old = |angle: fn(&TiltAngles) -> f64| -> Vec<f64> {
        realigned.iter().map(|image| angle(&image.before)).collect()
    };
    let change = |angle: fn(&TiltAngles) -> f64| -> Vec<f64> {
        let images = realigned.iter();
        images
            .map(|image| angle(&image.angles) - angle(&image.before))
            .collect()
    };
    let new = |of: fn(&Realigned) -> f64| -> Vec<f64> { realigned.iter().map(of).collect() };
    df!(
        "image" => (1..).take(realigned.len()).collect::<Vec<u32>>(),
        "phi_deg" => old(|a| a.phi_deg),
        "theta_deg" => old(|a| a.theta_deg),
        "psi_deg" => old(|a| a.psi_deg),
        "d_phi_deg" => change(|a| a.phi_deg),
        "d_theta_deg" => change(|a| a.theta_deg),
        "d_psi_deg" => change(|a| a.psi_deg),
        "shift_x_pixels" => new(|r| r.shift[0]),
        "shift_y_pixels" => new(|r| r.shift[1]),
        "r_before" => new(|r| r.r_before),
        "r_after" => new(|r| r.r_after),
    )
}

/// Angles in the form that a tilt series is read with: `phi, theta, psi` in degrees.
///
/// # Errors
/// Only those of polars.
pub fn angles_table(angles: &[TiltAngles]) -> PolarsResult<DataFrame> {
    df!(
        "phi" => angles.iter().map(|a| a.phi_deg).collect::<Vec<_>>(),
        "theta" => angles.iter().map(|a| a.theta_deg).collect::<Vec<_>>(),
        "psi" => angles.iter().map(|a| a.psi_deg).collect::<Vec<_>>(),
    )
}

/// The deviations of found atoms from the known ones: `deviation_low_pm, deviation_high_pm, atoms`.
///
/// # Errors
/// Only those of polars.
pub fn deviation_table(precision: &Precision) -> PolarsResult<DataFrame> {
    let bins = Bins::of_width(DEVIATION_BIN_PM);
    let deviations = precision
        .pairs
        .iter()
        .map(|pair| 100.0 * pair.deviation.length());
    let counts = Histogram::of(deviations, bins, DEVIATION_BINS).counts;
    let edges = |pick: fn((f64, f64)) -> f64| -> Vec<f64> {
        (0..DEVIATION_BINS)
            .map(|bin| pick(bins.edges(bin)))
            .collect()
    };
    df!(
        "deviation_low_pm" => edges(|edges| edges.0),
        "deviation_high_pm" => edges(|edges| edges.1),
        "atoms" => counts.into_iter().map(|count| count as u32).collect::<Vec<_>>(),
    )
}

/// Every known atom that was found: its place in the model, the area it was found in, and the deviation
/// of the found from the known position: `known, area, dx_pm, dy_pm, dz_pm`.
///
/// # Errors
/// Only those of polars.
pub fn precision_atoms_table(precision: &Precision, areas: &[u32]) -> PolarsResult<DataFrame> {
    let axis = |axis: usize| -> Vec<f64> {
        let pairs = precision.pairs.iter();
        // A hundredth of a picometre is enough.
        pairs
            .map(|pair| (1e4 * pair.deviation[axis]).round() / 100.0)
            .collect()
    };
    df!(
        "known" => precision.pairs.iter().map(|pair| pair.known as u32).collect::<Vec<_>>(),
        "area" => areas,
        "dx_pm" => axis(0),
        "dy_pm" => axis(1),
        "dz_pm" => axis(2),
    )
}

/// An image by its pixels, counted from 0: `x, y, value`.
///
/// # Errors
/// Only those of polars.
pub fn image_table(image: &ndarray::Array2<f32>) -> PolarsResult<DataFrame> {
    let pixels = || image.indexed_iter();
    df!(
        "x" => pixels().map(|((x, _), _)| x as u32).collect::<Vec<_>>(),
        "y" => pixels().map(|((_, y), _)| y as u32).collect::<Vec<_>>(),
        "value" => pixels().map(|(_, &value)| f64::from(value)).collect::<Vec<_>>(),
    )
}

/// All peaks of a volume as extended XYZ, the atoms first: position in ångström, place in voxels of the
/// volume counted from 1 (`voxel_x voxel_y voxel_z`), `flag` (0 an atom, [`Flag::code`]), and the mean
/// intensity about it (`intensity`, NaN where it was not asked for). `position` makes positions of
/// voxels.
pub fn traced_frame(
    element: Element,
    classified: &Classified,
    position: impl Fn(Vec3) -> Vec3,
) -> String {
    let mut order: Vec<usize> = (0..classified.peaks.len()).collect();
    order.sort_by_key(|&index| classified.peaks[index].flag != Flag::Kept);
    let peaks: Vec<&Peak> = order
        .iter()
        .map(|&index| &classified.peaks[index])
        .collect();
    let mut properties = voxel_properties(peaks.iter().map(|peak| peak.voxel));
    properties.push(Property {
        name: "flag",
        values: Values::Integers(peaks.iter().map(|peak| peak.flag.code().into()).collect()),
    });
    let intensities = order.iter().map(|&index| classified.intensities[index]);
    properties.push(Property {
        name: "intensity",
        values: Values::Reals(intensities.collect(), DECIMALS),
    });
    let species = vec![element.symbol(); peaks.len()];
    let positions: Vec<Vec3> = peaks.iter().map(|peak| position(peak.voxel)).collect();
    frame_of(&species, &positions, Boundary::Open, &properties)
}

/// A refined atom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RefinedAtom {
    /// In ångström.
    pub position: Vec3,
    /// In voxels of the volume counted from 1.
    pub voxel: Vec3,
    /// How far the refinement moved it, in ångström.
    pub displacement: Vec3,
}

/// Refined atoms as extended XYZ: position in ångström, `voxel_x voxel_y voxel_z` counted from 1,
/// `flag` (0 for every one), `displacement` in ångström and the B factor `b_factor` in Å².
pub fn refined_frame(element: Element, atoms: &[RefinedAtom], b_factor: f64) -> String {
    let mut properties = voxel_properties(atoms.iter().map(|atom| atom.voxel));
    properties.extend([
        Property {
            name: "flag",
            values: Values::Integers(vec![0; atoms.len()]),
        },
        Property {
            name: "displacement",
            values: Values::Vectors(
                atoms
                    .iter()
                    .map(|atom| atom.displacement.to_array())
                    .collect(),
                DECIMALS,
            ),
        },
        Property {
            name: "b_factor",
            values: Values::Reals(vec![b_factor; atoms.len()], DECIMALS),
        },
    ]);
    let species = vec![element.symbol(); atoms.len()];
    let positions: Vec<Vec3> = atoms.iter().map(|atom| atom.position).collect();
    frame_of(&species, &positions, Boundary::Open, &properties)
}

fn voxel_properties(voxels: impl Iterator<Item = Vec3> + Clone) -> Vec<Property> {
    let names = ["voxel_x", "voxel_y", "voxel_z"];
    let axes = names.into_iter().enumerate();
    axes.map(|(axis, name)| Property {
        name,
        values: Values::Reals(voxels.clone().map(|voxel| voxel[axis]).collect(), DECIMALS),
    })
    .collect()
}
