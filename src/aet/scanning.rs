//! Scanning AET: the film is reconstructed in overlapping areas, whose middles are put together
//! (Methods, end of "3D reconstruction with the RESIRE algorithm"; ref. 40).
//!
//! The areas lie in five rows along x. An area is trusted up to its border only where it is the
//! border of the film: inside, it gives up the rows and columns that the neighbours know better.

use std::collections::BTreeMap;
use std::ops::Range;

use ndarray::{Array3, ArrayView3, Axis, Slice};

use super::geometry::centre;
use crate::numerics::Vec3;

/// Voxels of the full film along x, y and z.
pub const FILM: [usize; 3] = [401, 351, 341];

/// The voxel at the centre of the film, counted from 1; positions are counted from it.
pub fn film_centre() -> Vec3 {
    Vec3::from_array(FILM.map(|length| (centre(length) + 1) as f64))
}

/// The rows of areas: `alignPara.mat` of the public data, without its repetitions.
const ROWS: [AreaRow; 5] = [
    AreaRow {
        y: 31,
        z: 155,
        half: [65, 30, 65],
        x: &[
            66, 84, 102, 120, 138, 156, 174, 192, 210, 228, 246, 264, 282, 300, 318, 336,
        ],
    },
    AreaRow {
        y: 88,
        z: 165,
        half: [75, 38, 75],
        x: &[
            76, 97, 118, 139, 159, 180, 201, 222, 243, 264, 284, 305, 326,
        ],
    },
    AreaRow {
        y: 188,
        z: 180,
        half: [90, 73, 90],
        x: &[91, 115, 140, 164, 189, 213, 238, 262, 287, 311],
    },
    AreaRow {
        y: 278,
        z: 170,
        half: [80, 28, 80],
        x: &[81, 108, 134, 161, 188, 214, 241, 268, 294, 321],
    },
    AreaRow {
        y: 323,
        z: 175,
        half: [65, 28, 65],
        x: &[
            66, 84, 102, 120, 138, 156, 174, 192, 210, 228, 246, 264, 282, 300, 318, 336,
        ],
    },
];

/// Rows that an area gives up at an inner border along y.
const TRIM_Y: usize = 4;
/// Columns that two neighbours along x both keep, on each side of the middle between them.
const SHARED_X: usize = 2;

/// Areas of equal size with their centres on a line along x; voxels counted from 1.
struct AreaRow {
    y: usize,
    z: usize,
    half: [usize; 3],
    x: &'static [usize],
}

/// One of the 65 areas of the film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Its number, from 1.
    pub number: usize,
    /// Its centre in the film along x, y and z, voxels counted from 1.
    pub centre: [usize; 3],
    /// Voxels on each side of the centre.
    pub half: [usize; 3],
    trim: [[usize; 2]; 3],
}

/// A number that is no area.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no area {number}; the areas of the film are 1 to {}",
    Area::COUNT
)]
pub struct UnknownArea {
    /// As given.
    pub number: usize,
}

impl Area {
    /// The number of areas.
    pub const COUNT: usize = 65;

    /// The area of a number.
    ///
    /// # Errors
    /// [`UnknownArea`].
    pub fn new(number: usize) -> Result<Area, UnknownArea> {
        let mut before = 0;
        for (index, row) in ROWS.iter().enumerate() {
            if (before + 1..=before + row.x.len()).contains(&number) {
                let column = number - before - 1;
                return Ok(Area {
                    number,
                    centre: [row.x[column], row.y, row.z],
                    half: row.half,
                    trim: [
                        inner(row.trim_x(), column, row.x.len()),
                        inner(TRIM_Y, index, ROWS.len()),
                        [0, 0],
                    ],
                });
            }
            before += row.x.len();
        }
        Err(UnknownArea { number })
    }

    /// All areas, in the order in which later ones overwrite earlier ones.
    pub fn all() -> impl Iterator<Item = Area> {
        (1..=Area::COUNT).filter_map(|number| Area::new(number).ok())
    }

    /// Voxels of its volume along x, y and z.
    pub fn size(&self) -> [usize; 3] {
        self.half.map(|half| 2 * half + 1)
    }

    /// Its centre as a place in the film, voxels counted from 1.
    pub fn middle(&self) -> Vec3 {
        Vec3::from_array(self.centre.map(|voxel| voxel as f64))
    }

    /// What is added to a place in its own volume (voxels counted from 1) to get the place in the film
    /// (voxels counted from 1).
    pub fn offset(&self) -> Vec3 {
        self.middle() - Vec3::from_array(self.half.map(|half| (half + 1) as f64))
    }

    /// Whether its volume holds a place in the film, voxels counted from 1.
    pub fn holds(&self, place: Vec3) -> bool {
        let half = Vec3::from_array(self.half.map(|half| half as f64));
        (place - self.middle()).abs().cmple(half).all()
    }

    /// Whether it is trusted at a place in the film, voxels counted from 1.
    pub fn is_trusted_at(&self, place: Vec3) -> bool {
        let window = self.window();
        (0..3).all(|axis| {
            let (first, last) = (window[axis].start as f64 + 1.0, window[axis].end as f64);
            (first..=last).contains(&place[axis])
        })
    }

    /// The part of its own volume that it is trusted in, voxels counted from 0.
    pub fn kept(&self) -> [Range<usize>; 3] {
        let (size, trim) = (self.size(), self.trim);
        [0, 1, 2].map(|axis| trim[axis][0]..size[axis] - trim[axis][1])
    }

    /// The same part as it lies in the film, voxels counted from 0.
    pub fn window(&self) -> [Range<usize>; 3] {
        let kept = self.kept();
        [0, 1, 2].map(|axis| {
            let first = self.centre[axis] - 1 - self.half[axis];
            first + kept[axis].start..first + kept[axis].end
        })
    }
}

impl AreaRow {
    // ANCHOR: trim
    /// Columns that an area gives up at an inner border along x: up to the middle between the first
    /// two centres of the row, less those that both keep.
    fn trim_x(&self) -> usize {
        let between = (self.x[1] - self.x[0]) as f64;
        (self.half[0] as f64 - between / 2.0).round() as usize - SHARED_X
    }
    // ANCHOR_END: trim
}

/// The area of several, in their order, in which a place in the film (voxels counted from 1) counts: the
/// last one that is trusted there, as in [`stitch`].
pub fn owner(areas: &[Area], place: Vec3) -> Option<Area> {
    let mut owners = areas.iter().filter(|area| area.is_trusted_at(place));
    owners.next_back().copied()
}

/// What the two borders of the area at `place` of `count` give up.
fn inner(trim: usize, place: usize, count: usize) -> [usize; 2] {
    [
        if place == 0 { 0 } else { trim },
        if place + 1 == count { 0 } else { trim },
    ]
}

/// The film put together from its areas.
#[derive(Debug, Clone, PartialEq)]
pub struct Stitched {
    /// The film, axes x, y, z; zero where no area reaches.
    pub volume: Array3<f32>,
    /// The numbers of the areas that were not there.
    pub missing: Vec<usize>,
}

/// Why areas cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StitchError {
    /// There is no such area.
    #[error(transparent)]
    Unknown(#[from] UnknownArea),
    /// A volume is not of its area's size.
    #[error("the volume of area {number} has {found:?} voxels instead of {expected:?}")]
    Size {
        /// Number of the area.
        number: usize,
        /// Voxels of the volume.
        found: Vec<usize>,
        /// Voxels of the area.
        expected: [usize; 3],
    },
}

/// Puts the areas together, each in its [`Area::window`], later ones over earlier ones.
///
/// # Errors
/// [`StitchError`]. Areas that are not there are no error; they are named in the result.
pub fn stitch(areas: &BTreeMap<usize, Array3<f32>>) -> Result<Stitched, StitchError> {
    let mut volume = Array3::zeros((FILM[0], FILM[1], FILM[2]));
    for (&number, reconstruction) in areas {
        let area = Area::new(number)?;
        if reconstruction.shape() != area.size() {
            return Err(StitchError::Size {
                number,
                found: reconstruction.shape().to_vec(),
                expected: area.size(),
            });
        }
        let window = area.window();
        let mut place = volume.slice_each_axis_mut(|axis| window[axis.axis.index()].clone().into());
        place.assign(&part(reconstruction.view(), area.kept()));
    }
    let missing = (1..=Area::COUNT)
        .filter(|number| !areas.contains_key(number))
        .collect();
    Ok(Stitched { volume, missing })
}

/// A part of a volume, voxels counted from 0.
pub fn part(volume: ArrayView3<'_, f32>, range: [Range<usize>; 3]) -> ArrayView3<'_, f32> {
    let mut part = volume;
    for (axis, range) in range.into_iter().enumerate() {
        part.slice_axis_inplace(Axis(axis), Slice::from(range));
    }
    part
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn window(number: usize) -> [(usize, usize); 3] {
        let window = Area::new(number).unwrap().window();
        window.map(|range| (range.start + 1, range.end))
    }

    #[test]
    fn windows_are_those_of_the_published_film() {
        assert_eq!(window(1), [(1, 77), (1, 57), (90, 220)]);
        assert_eq!(window(2)[0], (73, 95));
        assert_eq!(window(17)[..2], [(1, 88), (54, 122)]);
        assert_eq!(window(39), [(297, 401), (119, 257), (90, 270)]);
        assert_eq!(window(40)[1], (254, 302));
        assert_eq!(window(50)[1], (299, 351));
        assert_eq!(Area::new(0).unwrap_err().number, 0);
        assert!(Area::new(66).is_err());
        assert_eq!(Area::all().count(), 65);
    }

    /// Every voxel of the film in the plane of x and y belongs to an area.
    #[test]
    fn the_windows_cover_the_film() {
        let mut covered = Array3::<f32>::zeros((FILM[0], FILM[1], 1));
        for area in Area::all() {
            let [x, y, z] = area.window();
            assert!(x.end <= FILM[0] && y.end <= FILM[1] && z.end <= FILM[2]);
            for i in x {
                for j in y.clone() {
                    covered[[i, j, 0]] = 1.0;
                }
            }
        }
        assert!(covered.iter().all(|&value| value == 1.0));
    }

    #[test]
    fn areas_are_put_together_in_their_order_and_missing_ones_are_named() {
        // Every area filled with its number, three of them.
        let areas: BTreeMap<usize, Array3<f32>> = [1, 2, 17]
            .into_iter()
            .map(|number| {
                let [a, b, c] = Area::new(number).unwrap().size();
                (number, Array3::from_elem((a, b, c), number as f32))
            })
            .collect();
        let film = stitch(&areas).unwrap();
        assert_eq!(film.missing.len(), 62);
        assert_eq!(film.missing[..3], [3, 4, 5]);
        let at = |x: usize, y: usize, z: usize| film.volume[[x - 1, y - 1, z - 1]];
        assert_eq!(at(1, 1, 155), 1.0);
        assert_eq!(at(72, 1, 155), 1.0);
        // Areas 1 and 2 both know columns 73 to 77; areas 1 and 17 both know rows 54 to 57.
        assert_eq!(at(75, 1, 155), 2.0);
        assert_eq!(at(50, 55, 155), 17.0);
        assert_eq!(at(50, 53, 155), 1.0);
        assert_eq!(at(96, 1, 155), 0.0);
        assert_eq!(at(1, 1, 89), 0.0);
    }

    #[test]
    fn a_volume_of_another_size_is_refused() {
        let areas = BTreeMap::from([(3, Array3::zeros((131, 61, 130)))]);
        let message = stitch(&areas).unwrap_err().to_string();
        assert_eq!(
            message,
            "the volume of area 3 has [131, 61, 130] voxels instead of [131, 61, 131]"
        );
        let areas = BTreeMap::from([(99, Array3::zeros((1, 1, 1)))]);
        assert!(
            stitch(&areas)
                .unwrap_err()
                .to_string()
                .starts_with("there is no area 99")
        );
    }
}
