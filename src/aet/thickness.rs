//! The thickness of a film, from a first reconstruction of a large volume: what scanning AET needs
//! to know before it places its areas (Methods, end of "3D reconstruction with the RESIRE
//! algorithm"). The paper does not say how; this is the plainest way.
//!
//! The mean density along the beam is what the missing wedge hides: a tilt series that ends at 60°
//! says nothing of a laminar film. The atoms it does show. So the film is where the volume varies
//! from voxel to voxel: what is left of it after smoothing along x and y is squared and smoothed, and
//! climbs from the vacuum to the film and falls back. The surfaces are where it crosses half of what
//! it is inside.

use ndarray::{Array2, Array3, ArrayView3, Axis};

use crate::numerics::gaussian_smooth;

/// The Gaussian that smooths is cut at so many standard deviations.
const CUT: f64 = 2.0;

/// Where the two surfaces of a film lie, in voxels along z from 0, for every column of voxels by x
/// and y; not a number where there is no film.
#[derive(Debug, Clone, PartialEq)]
pub struct Film {
    /// The surface at smaller z.
    pub bottom: Array2<f64>,
    /// The surface at larger z.
    pub top: Array2<f64>,
}

/// Finds the surfaces of a film that is perpendicular to z.
///
/// `smoothing` is the standard deviation in voxels of the Gaussian that smooths the atoms away, half
/// of it along z; about half the distance of neighbouring atoms is right. The level inside is the
/// median over the columns of their highest values.
pub fn film_surfaces(volume: ArrayView3<'_, f32>, smoothing: f64) -> Film {
    let volume = volume.mapv(f64::from);
    let details = &volume - &smoothed(volume.clone(), [smoothing, smoothing, 0.0]);
    let smooth = smoothed(
        details.mapv(|value| value * value),
        [smoothing, smoothing, 0.5 * smoothing],
    );
    let (n1, n2, _) = smooth.dim();
    let mut highest: Vec<f64> = smooth
        .lanes(Axis(2))
        .into_iter()
        .map(|column| column.iter().copied().fold(0.0, f64::max))
        .collect();
    highest.sort_unstable_by(f64::total_cmp);
    let level = 0.5 * highest.get(highest.len() / 2).copied().unwrap_or(0.0);
    let mut film = Film {
        bottom: Array2::from_elem((n1, n2), f64::NAN),
        top: Array2::from_elem((n1, n2), f64::NAN),
    };
    for (place, column) in ndarray::indices((n1, n2))
        .into_iter()
        .zip(smooth.lanes(Axis(2)))
    {
        if let Some((bottom, top)) = crossings(&column.to_vec(), level) {
            film.bottom[place] = bottom;
            film.top[place] = top;
        }
    }
    film
}

impl Film {
    /// Distance of the two surfaces in voxels.
    pub fn thickness(&self) -> Array2<f64> {
        &self.top - &self.bottom
    }
}

/// Where a column of voxels first climbs and last falls across `level`, between voxels by a straight
/// line.
fn crossings(column: &[f64], level: f64) -> Option<(f64, f64)> {
    let inside = |value: &f64| *value >= level && level > 0.0;
    let first = column.iter().position(inside)?;
    let last = column.iter().rposition(inside)?;
    let between = |out: f64, at: f64| (at - level) / (at - out);
    let bottom = match first.checked_sub(1) {
        Some(out) => first as f64 - between(column[out], column[first]),
        None => 0.0,
    };
    let top = match column.get(last + 1) {
        Some(&out) => last as f64 + between(out, column[last]),
        None => last as f64,
    };
    Some((bottom, top))
}

/// The volume convolved with a Gaussian, axis by axis.
fn smoothed(mut smooth: Array3<f64>, sigma: [f64; 3]) -> Array3<f64> {
    for (axis, sigma) in sigma.into_iter().enumerate() {
        if sigma > 0.0 {
            for mut lane in smooth.lanes_mut(Axis(axis)) {
                let values = gaussian_smooth(&lane.to_vec(), sigma, CUT);
                lane.iter_mut()
                    .zip(values)
                    .for_each(|(old, new)| *old = new);
            }
        }
    }
    smooth
}
