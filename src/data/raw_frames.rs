//! The frames that a microscope wrote, several for each tilt: a folder of MRC, TIFF or NumPy files, or
//! one file with all of them.

use std::cmp::Ordering;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ndarray::{Array3, ArrayView3, Axis, Slice, concatenate};

use super::tilt_series::{SeriesError, images_of, read_file};

/// The endings of files with images.
const ENDINGS: [&str; 7] = ["mrc", "mrcs", "st", "ali", "tif", "tiff", "npy"];

/// Why frames cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FramesError {
    /// A file cannot be read.
    #[error(transparent)]
    Series(#[from] SeriesError),
    /// The folder cannot be listed.
    #[error("'{folder}' cannot be listed")]
    Folder {
        /// Path as given.
        folder: String,
        /// What the operating system says.
        #[source]
        cause: io::Error,
    },
    /// There is no image in the folder.
    #[error("'{folder}' holds no images; frames are read from .mrc, .tif and .npy files")]
    Empty {
        /// Path as given.
        folder: String,
    },
    /// Images that do not make whole tilts.
    #[error(
        "'{place}' holds {images} images, which are no whole number of tilts of {per_tilt} frames; give the number of frames of a tilt"
    )]
    Uneven {
        /// Path as given.
        place: String,
        /// Images that are there.
        images: usize,
        /// Frames of a tilt.
        per_tilt: usize,
    },
    /// Frames of different size.
    #[error(
        "the images of '{file}' have {} × {} pixels where those of '{first}' have {} × {}; all frames of a series must have one size",
        size.0, size.1, expected.0, expected.1
    )]
    Sizes {
        /// The file that differs.
        file: String,
        /// The file that was read first.
        first: String,
        /// Its pixels along x and y.
        size: (usize, usize),
        /// Those of the first.
        expected: (usize, usize),
    },
    /// As many frames as nobody takes.
    #[error("a tilt of 0 frames has no image; give 1 or more")]
    NoFrames,
}

/// Where the frames of a series are: the files of each tilt, or its part of the one file.
#[derive(Debug, Clone, PartialEq)]
pub struct RawSeries {
    tilts: Vec<RawTilt>,
}

/// Where the frames of one tilt are.
#[derive(Debug, Clone, PartialEq)]
pub struct RawTilt {
    /// Its files, in the order of the frames.
    pub files: Vec<PathBuf>,
    /// The frames of the one file that are its own, from 0; `None` for all.
    pub frames: Option<(usize, usize)>,
}

/// The frames of a tilt.
#[derive(Debug)]
pub struct Frames {
    /// By frame, x and y.
    pub images: Array3<f32>,
    /// What was read: each file with its bytes, to be hashed.
    pub read: Vec<(PathBuf, Vec<u8>)>,
}

impl RawSeries {
    /// Finds the frames at `place`: a folder, whose files are taken in the order of their names (numbers in
    /// them count as numbers), or one file.
    ///
    /// In a folder a file of several images holds the frames of one tilt, and files of one image are
    /// frames, `per_tilt` of which make a tilt (3, as in the paper, without a wish). The images of one file
    /// are frames in turn, `per_tilt` to a tilt.
    ///
    /// # Errors
    /// [`FramesError`].
    pub fn find(place: &Path, per_tilt: Option<usize>) -> Result<RawSeries, FramesError> {
        if per_tilt == Some(0) {
            return Err(FramesError::NoFrames);
        }
        let group = per_tilt.unwrap_or(FRAMES_PER_TILT);
        let (files, whole) = if place.is_dir() {
            let files = listed(place)?;
            // Where one file holds several images, files are tilts: the largest holds the most.
            let size = |file: &&PathBuf| fs::metadata(file).map_or(0, |about| about.len());
            let Some(largest) = files.iter().max_by_key(size) else {
                return Err(FramesError::Empty {
                    folder: place.display().to_string(),
                });
            };
            let frames = images_of(largest, &read_file(largest)?)?.dim().0;
            (files, per_tilt.is_none() && frames > 1)
        } else {
            (vec![place.to_owned()], false)
        };
        if whole {
            let tilt = |file| RawTilt {
                files: vec![file],
                frames: None,
            };
            let tilts = files.into_iter().map(tilt).collect();
            return Ok(RawSeries { tilts });
        }
        let uneven = |images| FramesError::Uneven {
            place: place.display().to_string(),
            images,
            per_tilt: group,
        };
        let tilts: Vec<RawTilt> = match &files[..] {
            [file] => {
                let images = images_of(file, &read_file(file)?)?.dim().0;
                if images % group != 0 {
                    return Err(uneven(images));
                }
                let firsts = (0..images).step_by(group);
                let part = |first| RawTilt {
                    files: vec![file.clone()],
                    frames: Some((first, first + group)),
                };
                firsts.map(part).collect()
            }
            files => {
                // With a wish, every file holds a part of a tilt that is as large as that of the first.
                let each = images_of(&files[0], &read_file(&files[0])?)?.dim().0;
                if (each * files.len()) % group != 0 || !group.is_multiple_of(each) {
                    return Err(uneven(each * files.len()));
                }
                let tilts = files.chunks(group / each);
                let tilt = |files: &[PathBuf]| RawTilt {
                    files: files.to_vec(),
                    frames: None,
                };
                tilts.map(tilt).collect()
            }
        };
        Ok(RawSeries { tilts })
    }

    /// The tilts, in order.
    pub fn tilts(&self) -> &[RawTilt] {
        &self.tilts
    }
}

/// Sequential images of a tilt (Methods, "ADF-STEM data acquisition").
pub const FRAMES_PER_TILT: usize = 3;

impl RawTilt {
    /// The name of its first file.
    pub fn name(&self) -> String {
        let file = self.files.first().and_then(|file| file.file_name());
        file.map_or(String::new(), |name| name.to_string_lossy().into_owned())
    }

    /// Reads the frames.
    ///
    /// # Errors
    /// [`FramesError`]: a file that cannot be read, or frames of different size.
    pub fn read(&self) -> Result<Frames, FramesError> {
        let mut read: Vec<(PathBuf, Vec<u8>)> = Vec::new();
        let mut parts: Vec<Array3<f32>> = Vec::new();
        for file in &self.files {
            let bytes = read_file(file)?;
            let mut images = images_of(file, &bytes)?;
            if let Some((first, end)) = self.frames {
                images.slice_axis_inplace(Axis(0), Slice::from(first..end.min(images.dim().0)));
            }
            read.push((file.clone(), bytes));
            if let Some(first) = parts.first() {
                same_size(first.view(), &self.files[0], images.view(), file)?;
            }
            parts.push(images);
        }
        let views: Vec<ArrayView3<'_, f32>> = parts.iter().map(|part| part.view()).collect();
        // Of one size, as was just checked.
        let images = concatenate(Axis(0), &views).unwrap_or_else(|_| Array3::zeros((0, 0, 0)));
        Ok(Frames { images, read })
    }
}

/// Refuses images of another size than the first.
///
/// # Errors
/// [`FramesError::Sizes`].
pub fn same_size(
    first: ArrayView3<'_, f32>,
    first_file: &Path,
    images: ArrayView3<'_, f32>,
    file: &Path,
) -> Result<(), FramesError> {
    let size = |images: ArrayView3<'_, f32>| (images.dim().1, images.dim().2);
    if size(first) == size(images) {
        return Ok(());
    }
    Err(FramesError::Sizes {
        file: file.display().to_string(),
        first: first_file.display().to_string(),
        size: size(images),
        expected: size(first),
    })
}

/// The image files of a folder, numbers in their names taken as numbers.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, FramesError> {
    let failed = |cause| FramesError::Folder {
        folder: folder.display().to_string(),
        cause,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        if path.is_file() && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            files.push(path);
        }
    }
    files.sort_by(|a, b| by_number(&name(a), &name(b)));
    Ok(files)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// The order of two names in which `tilt_2` comes before `tilt_10`.
fn by_number(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    while let (Some(l), Some(r)) = (left.first(), right.first()) {
        if l.is_ascii_digit() && r.is_ascii_digit() {
            let ((l, rest_l), (r, rest_r)) = (digits(left), digits(right));
            // Without leading zeros the longer number is the greater.
            let order = l.len().cmp(&r.len()).then_with(|| l.cmp(r));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (rest_l, rest_r);
        } else if l == r {
            (left, right) = (&left[1..], &right[1..]);
        } else {
            return l.cmp(r);
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// The digits that a text begins with, without leading zeros, and what follows.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit());
    let (number, rest) = text.split_at(end.unwrap_or(text.len()));
    let zeros = number.iter().take_while(|&&digit| digit == b'0').count();
    (&number[zeros..], rest)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::formats::npy::to_npy;

    fn write(folder: &Path, name: &str, frames: usize, side: usize, value: f32) {
        let images =
            Array3::from_shape_fn((frames, side, 3), |(k, x, _)| value + (10 * k + x) as f32);
        fs::write(folder.join(name), to_npy(images.view())).unwrap();
    }

    #[test]
    fn numbers_in_names_are_numbers() {
        let mut names = [
            "t10.mrc", "t2.mrc", "t1.mrc", "a.mrc", "t02b.mrc", "t-3.mrc",
        ];
        names.sort_by(|a, b| by_number(a, b));
        let expected = [
            "a.mrc", "t-3.mrc", "t1.mrc", "t2.mrc", "t02b.mrc", "t10.mrc",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn single_images_are_taken_together_and_stacks_by_themselves() {
        let folder = tempfile::tempdir().unwrap();
        for k in [3, 1, 12, 2, 11, 10] {
            write(
                folder.path(),
                &format!("frame_{k}.npy"),
                1,
                4,
                100.0 * k as f32,
            );
        }
        fs::write(folder.path().join("notes.txt"), "nothing").unwrap();
        let series = RawSeries::find(folder.path(), None).unwrap();
        assert_eq!(series.tilts().len(), 2);
        let second = series.tilts()[1].read().unwrap();
        assert_eq!(series.tilts()[1].name(), "frame_10.npy");
        assert_eq!(second.images.dim(), (3, 4, 3));
        assert_eq!(second.images[[2, 1, 0]], 1201.0);
        assert_eq!(second.read.len(), 3);
        let pairs = RawSeries::find(folder.path(), Some(2)).unwrap();
        assert_eq!(pairs.tilts().len(), 3);
        let uneven = RawSeries::find(folder.path(), Some(4)).unwrap_err();
        assert!(
            uneven
                .to_string()
                .contains("6 images, which are no whole number of tilts of 4")
        );

        let stacks = tempfile::tempdir().unwrap();
        write(stacks.path(), "a.npy", 1, 4, 0.0);
        write(stacks.path(), "b.npy", 3, 4, 50.0);
        let series = RawSeries::find(stacks.path(), None).unwrap();
        let frames = |k: usize| series.tilts()[k].read().unwrap().images.dim().0;
        assert_eq!((series.tilts().len(), frames(0), frames(1)), (2, 1, 3));
    }

    #[test]
    fn one_file_is_cut_into_tilts_and_what_is_wrong_is_named() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "all.npy", 6, 4, 0.0);
        let file = folder.path().join("all.npy");
        let series = RawSeries::find(&file, None).unwrap();
        assert_eq!(series.tilts()[1].read().unwrap().images[[0, 0, 0]], 30.0);
        write(folder.path(), "odd.npy", 1, 5, 0.0);
        let series = RawSeries::find(&folder.path().join("odd.npy"), Some(1)).unwrap();
        assert_eq!(series.tilts().len(), 1);
        let mixed = RawTilt {
            files: vec![file, folder.path().join("odd.npy")],
            frames: None,
        };
        let error = mixed.read().unwrap_err().to_string();
        assert!(
            error.contains("have 5 × 3 pixels where those of"),
            "{error}"
        );
        let empty = tempfile::tempdir().unwrap();
        let error = RawSeries::find(empty.path(), None).unwrap_err();
        assert!(error.to_string().contains("holds no images"));
        let error = RawSeries::find(&empty.path().join("none.mrc"), None).unwrap_err();
        assert!(error.to_string().contains("cannot be read"));
        let error = RawSeries::find(empty.path(), Some(0)).unwrap_err();
        assert!(error.to_string().contains("0 frames"));
    }
}
